"""Properties that hold for any text: no exception, spans in place, digits in their span, order and boilerplate irrelevant."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engines.plandoc.claims.reading import read

from keshu.engines.plandoc import read_text
from keshu.engines.plandoc.claims.phrases import words

PIECES = st.sampled_from(
    [
        "\n",
        *words(
            "新增 高新技术企业 35家 以上 , 、 。 ; ( ) 其中 省级 5家 分别 达到 12% 同比增长 研发投入 占GDP比重 "
            "2.3% 力争 确保 突破 80亿元 xx家 x.x% 到2025年 6月底前 上半年 每季度 1场 全覆盖 零的突破 清零 翻一番 "
            "由 12家 增至 30家 全省 第3位 前五 进位2位 高于全省平均 1个百分点 三成 四分之一 1:3 “ ” 《 》 "
            "一千二百万元 2.5个亿 3-5家 第八届 三大 给予 奖励20万元 的 企业 对 建立台账 尚差4件 目标 ( 40亿元 ) "
            "的85% | l00家 2O家 1,286.40万元 00 . - : 任务是 完成情况"
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map("".join))
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARAGRAPHS = (
    "新增国家高新技术企业41家,总数达到260家。",
    "技术合同成交额突破33亿元,同比增长12%。",
    "举办银企对接会9场,服务企业700家次以上。",
    "全社会研发经费投入强度力争达到2.45%。",
    "选派科技特派员88名,实现建制村科技服务全覆盖。",
)


@given(TEXTS)
@QUICK
@example("分别,、,、分别达到1家和2家")
@example("(((5家)))其中((省级2家")
def test_any_text_ends_in_claims_whose_spans_lie_in_it(text: str) -> None:
    document = read_text(text)
    for claim in document.claims:
        assert 0 <= claim.span.start <= claim.value_span.start <= claim.value_span.end <= claim.span.end <= len(text)
        assert claim.indicator


@given(TEXTS)
@QUICK
def test_digits_of_a_plain_number_stand_in_its_span(text: str) -> None:
    for draft in read(text):
        printed = text[draft.value_start : draft.value_end]
        if draft.value is None or not re.fullmatch(r"\d+(?:\.\d+)?(?:家|项|%|个|名|场)", printed) or draft.unit == "位":
            continue
        if printed.endswith(draft.unit or "-"):
            assert abs(draft.value) == float(re.match(r"[\d.]+", printed)[0])  # type: ignore[index]


@given(st.permutations(PARAGRAPHS))
@settings(max_examples=20, deadline=None)
def test_the_order_of_unrelated_paragraphs_keeps_the_values(paragraphs: list[str]) -> None:
    drafts = read("\n".join(paragraphs))
    found = sorted((draft.op.value, draft.value, draft.unit, draft.measure.value, draft.tier.value) for draft in drafts)
    assert found == sorted(
        [
            (">=", 41.0, "家", "increase", "base"),
            (">=", 260.0, "家", "cumulative", "base"),
            (">", 33.0, "亿元", "level", "base"),
            (">=", 12.0, "%", "growth_rate", "base"),
            (">=", 9.0, "场", "count", "base"),
            (">=", 700.0, "家次", "count", "base"),
            (">=", 2.45, "%", "share", "stretch"),
            (">=", 88.0, "名", "count", "base"),
            ("all", 100.0, "%", "share", "base"),
        ]
    )


@pytest.mark.parametrize(
    "tail", ["相关链接:一图读懂", "上一篇:关于开展申报工作的通知", "来源:网络整理 免责声明:本文仅供学习交流"]
)
def test_boilerplate_behind_the_text_adds_no_claim(tail: str) -> None:
    text = "一、工作目标\n" + "\n".join(PARAGRAPHS)
    plain, more = read_text(text), read_text(text + "\n" + tail)
    assert len(plain.claims) == 9
    assert [(c.indicator, c.value, c.span) for c in more.claims] == [
        (c.indicator, c.value, c.span) for c in plain.claims
    ]


@pytest.mark.parametrize(
    "unit", ["1234567890", "一二三四五六七八九十", "xX", "“10", "分别", "每个", "高于", "(", "2023年"]
)
def test_half_a_megabyte_without_a_full_stop_is_read_in_seconds(unit: str) -> None:
    text = (unit * 500_000)[:500_000]
    before = time.process_time()
    read(text)
    assert time.process_time() - before < 8


def test_a_page_of_items_without_a_full_stop_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        before = time.process_time()
        assert len(read("新增省级企业10家、" * count)) == count
        return time.process_time() - before

    seconds(100)
    assert seconds(3200) < 16 * seconds(400) + 0.5
