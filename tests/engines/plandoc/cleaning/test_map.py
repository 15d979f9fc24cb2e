"""The way back: every clean character knows its place, cleaning twice changes nothing, and site furniture changes nothing."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keshu.engines.plandoc.cleaning import clean

_CLAUSES = (
    "新增高新技术企业８家", "研发投入强度達到２．３％", "技术合同成交额突破６０亿元", "區(qū)科技局創(chuàng)新",
    "R D经费占比提高", "選派特派員l00名",
    "完成xx.x亿元", "二○二二年", "资源配置科、规划科", "——推进改革", "占 GDP 比重", "(责任单位:甲局)", "《行动方案》",
    "\uf06c平台", "环境;ぎ优化",
    "| 甲 | 乙 |", "一、主要目标", "(一)培育主体。", "1.实施专项。", "来源:网络整理", "上一篇:甲", "- 3 -",
    "20232025年", "……………12", "&nbsp;", "１ ２家",
)  # fmt: skip
_MARKS = ("，", "。", "；", "\n", "\r\n", "\n\n", " ", "　　", ",,", "、", "\f", "\t", "：", "")
documents = st.lists(st.tuples(st.sampled_from(_CLAUSES), st.sampled_from(_MARKS)), max_size=40).map(
    lambda pairs: "".join(clause + mark for clause, mark in pairs)
)


@given(st.one_of(documents, st.text(max_size=300)))
@settings(max_examples=300, deadline=None)
def test_the_map_rises_and_stays_inside_the_original(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.origin) == len(cleaned.text) + 1
    assert all(first <= second for first, second in pairwise(cleaned.origin))
    assert not cleaned.text or 0 <= cleaned.origin[0] <= cleaned.origin[-1] <= len(text)


@given(st.one_of(documents, st.text(max_size=300)), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_spans_slice_the_original(text: str, first: int, second: int) -> None:
    cleaned = clean(text)
    start, end = sorted((min(first, len(cleaned.text)), min(second, len(cleaned.text))))
    span = cleaned.span(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    assert end == start or len(span.of(text)) >= 1


def test_a_span_covers_the_printed_words_noise_and_all() -> None:
    text = "推進區(qū)域創(chuàng)新，達到１２０家。"
    cleaned = clean(text)
    for words, printed in (("区域创新", "區(qū)域創(chuàng)新"), ("120家", "１２０家")):
        start = cleaned.text.index(words)
        assert cleaned.span(start, start + len(words)).of(text) == printed


def test_a_word_of_other_length_keeps_its_ends() -> None:
    text = "流程最佳化與資訊公開"
    cleaned = clean(text)
    assert cleaned.text == "流程优化与信息公开"
    assert cleaned.span(2, 4).of(text) == "最佳化"


_BODY = (
    "２０２１年科技工作要点\n为做好全年工作，制定本要点。\n一、年度目标\n新增高新技术企业８家，总数达４０家；"
    "研发投入增长１２％以上。\n"
    "二、重点工作\n１．实施培育计划。上半年完成摸排，建立５０家企业的培育库。\n牵头单位：区科技局；"
    "配合单位：区税务局\n完成时限：２０２１年９月\n"
    "三、工作要求\n各单位要按月报送进展，对推进不力的予以通报。"
)
_FRONT = (
    "",
    "网站首页 | 政务公开 | 通知公告 | 互动交流\n",
    "您当前的位置：首页 > 政务公开 > 规划计划\n",
    "设为首页 | 加入收藏 | 无障碍阅读 | 长者模式\n今天是2021年3月9日 星期二 晴\n",
    "分享到：微信 微博\n【字体：大 中 小】 浏览次数：387次\n",
)
_BACK = (
    "",
    "\n【打印本页】 【关闭窗口】",
    "\n上一篇：我市召开业务培训会（参训126人）\n下一篇：关于2项成果拟登记的公示",
    "\n相关链接\n· 我市新增高新技术企业99家\n· 全省去年研发投入增长18.2%",
    "\n扫一扫在手机打开当前页\n版权所有：某区人民政府  网站标识码：6100000099  备案号：某ICP备00000099号\n您是第 "
    "2356871 位访问者",
    "\n来源：网络整理 免责声明：本文仅供学习交流，如涉及版权请联系删除。",
    "\n猜你喜欢\n2020年工作总结范文（新增80家）\n更多范文请关注公众号：某某",
    "\n政策解读|部门解读《2021年科技工作要点》\n政策解读|图文解读一图读懂",
)


@pytest.mark.parametrize("front", _FRONT)
@pytest.mark.parametrize("back", _BACK)
def test_site_furniture_changes_nothing(front: str, back: str) -> None:
    assert clean(front + _BODY + back).text == clean(_BODY).text


@given(documents)
@settings(max_examples=200, deadline=None)
def test_cleaning_its_own_output_keeps_every_figure(text: str) -> None:
    # A torn line of a contents page can become a whole one, and goes with its page number then.
    assume("……" not in text)
    once = clean(text).text
    assert [c for c in clean(once).text if c.isdigit()] == [c for c in once if c.isdigit()]


def test_cleaning_a_clean_document_changes_nothing() -> None:
    once = clean(_BODY).text
    assert clean(once).text == once


def test_a_clean_document_passes_quickly() -> None:
    text = clean(_BODY).text.replace("\n", "") * 400
    clean(text[:2000])
    begun = time.process_time()
    clean(text)
    assert len(text) / (time.process_time() - begun) > 300_000
