"""What holds for any text: a structure without exception, spans that slice back, passages apart, bodies nested."""

from __future__ import annotations

import time
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure import Structure, find_structure

# Words the grammar looks for, so that random texts reach the deep paths.
_PIECES = st.sampled_from(
    [
        "一、", "二、", "(一)", "(二)", "1.", "2.", "(1)", "①", "一是", "二是", "第一,", "——", "第一章 ", "第一节 ",
        "【问】", "【答】", "\n", "。", ",", ";", ":", "(", ")", "|", "| 序号 | 重点任务 | 责任单位 |\n",
        "| 1 | 建平台 | 高新科 |\n", "序号\n指标名称\n单位\n", "主要目标", "重点任务", "2024年工作打算", "下一步",
        "存在问题", "力争实现以下目标:", "高企达到30家", "xx家", "责任单位:高新科", "完成时限:11月底",
        "(高新科牵头,各县区配合)", "云澜市科学技术局", "关于印发《2024年要点》的通知", "2024年3月1日", "附件:", "抄送:",
        "索引号:1/2", "文号:云科〔2024〕3号", "现印发给你们", "三年行动方案(2023—2025年)", "上半年", "\u3000", " ", "x",
        "一级指标\n二级指标\n三级指标\n指标值\n实际值\n分值\n得分\n", "数量指标\n高企数\n≥9家\n8家\n5\n4\n", "总分\n5\n4\n",
        "项目资金(万元)\n年初预算数\n执行数\n", "预期目标\n实际完成情况\n",
        "9999年13月", "序号 指标名称 单位 目标值\n", "1 高企数 家 30\n", "讲话", "区长 王某某",
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_PIECES, max_size=60).map("".join), st.text(max_size=200))


def read(text: str) -> Structure:
    clean = CleanText(text=text, origin=array("l", range(len(text) + 1)))
    return find_structure(clean, Source(text=text, format="txt"))


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_sound_structure(text: str) -> None:
    found = read(text)
    for node in found.nodes:
        printed = node.span.of(text)
        assert node.heading in printed
        assert printed.startswith(node.label) or not text[node.span.start :].startswith(node.label)
        assert node.body.contains(node.span)
        if node.parent is not None:
            above = found.nodes[node.parent]
            assert above.index < node.index
            assert above.level < node.level
            assert above.body.contains(node.body)
        for owner in node.owners:
            assert owner.span.of(text) == owner.name
    ends = 0
    for passage in found.passages:
        assert ends <= passage.start < passage.end <= len(text)
        ends = passage.end
    for table in found.tables:
        place = table.passage
        assert all(p.end <= place.start or p.start >= place.end for p in found.passages)
        assert all(len(row) == len(table.head) for row in table.rows)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_same_text_same_structure(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "unit",
    [
        "主要目标\n重点任务\n",
        "1、新建平台\n",
        "一、甲企业\n(一)乙平台\n二、丙企业\n(二)丁平台\n第三,戊基地\n",
        "一、强化主体(一)做强1.新建①甲乙",
        "(省级5家,市级3家)(高新科、规划科)。",
        "\n| 序号 | 任务 | 责任单位 |\n| 1 | 新建平台 | 高新科 |\n。",
        "序号\n任务\n单位\n目标值\n1\n",
        "全市科技工作",
        "责任单位:",
        "(",
    ],
)
def test_the_time_grows_with_the_text(unit: str) -> None:
    """Four times the text may take at most ten times as long: well below the sixteen of a square."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        began = time.process_time()
        read(text)
        return time.process_time() - began

    short, long = (min(seconds(length) for _ in range(3)) for length in (10_000, 40_000))
    assert long <= 10 * short + 0.05
