"""Tasks: numbered ones, groups in task tables, their offices, their deadlines, and how a heading reads as a whole."""

from __future__ import annotations

import pytest

from keshu.engines import plandoc

TABLE = """2024年重点任务分解表
| 序号 | 重点任务 | 年度目标 | 责任科室 | 完成时限 |
|---|---|---|---|---|
| 一 | 主体培育 | | | |
| 1 | 抓好企业入库 | 入库企业80家 | 高新科,区统计局配合 | 11月底 |
| 二 | 平台建设 | | | |
| 2 | 提升孵化载体 | 新增众创空间2家 | 平台科 | 10月底 |
"""

LIST = """2024年度重点工作任务分解表

一、工业运行类
任务1：稳定增长
年度目标：规上工业增加值增长8%以上。
责任领导：李某某　牵头股室：运行股　配合单位：县统计局、各乡镇人民政府
完成时限：2024年12月

任务2：培育企业
年度目标：新增规上企业12家。
责任领导：李某某　牵头股室：企业股　配合单位：县工业园区
完成时限：2024年11月
"""


def test_a_row_that_only_names_a_group_stands_above_the_tasks_below_it() -> None:
    nodes = plandoc.read_text(TABLE).nodes
    assert [(node.level, node.label, node.heading) for node in nodes] == [
        (1, "一", "主体培育"),
        (2, "1", "抓好企业入库"),
        (1, "二", "平台建设"),
        (2, "2", "提升孵化载体"),
    ]
    assert [[owner.name for owner in node.owners] for node in nodes] == [[], ["高新科", "区统计局"], [], ["平台科"]]


def test_numbered_tasks_are_headings_with_the_offices_of_their_line() -> None:
    tasks = [node for node in plandoc.read_text(LIST).nodes if node.label.startswith("任务")]
    assert [(node.level, node.label, node.heading) for node in tasks] == [
        (2, "任务1:", "稳定增长"),
        (2, "任务2:", "培育企业"),
    ]
    assert {owner.name for owner in tasks[0].owners} == {"运行股", "县统计局", "各乡镇人民政府", "李某某"}
    assert str(tasks[1].due) == "2024-11"


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ("6月底前完成摸底调查,建立台账。", "2024-06"),
        ("9月底前建成平台,12月底前投入运行。", "2024-12"),
        ("二季度末前出台实施细则。", "2024-06"),
        ("6月底前完成摸底,全年走访企业60家。", "None"),
        ("建立台账,按月更新。", "None"),
    ],
)
def test_a_task_takes_the_deadline_that_its_words_set(body: str, due: str) -> None:
    document = plandoc.read_text(f"2024年科技工作要点\n一、重点任务\n(一)开展调查。{body}\n(二)搞好服务。优化流程。")
    task = next(node for node in document.nodes if node.heading == "开展调查")
    assert str(task.due) == due


def test_a_chapter_is_parted_from_its_name_by_a_blank() -> None:
    document = plandoc.read_text(
        "某市科技规划(2021—2025年)\n第一章 发展目标\n第一节 总体目标\n高企达到80家。\n一、任务\n做好。"
    )
    assert [node.title for node in document.nodes[:2]] == ["第一章 发展目标", "第一节 总体目标"]
    assert document.nodes[2].title == "一、任务"


@pytest.mark.parametrize(
    ("name", "disagree"),
    [("创新平台", False), ("高新技术企业总数", True)],
)
def test_a_name_that_every_task_uses_is_no_contradiction(name: str, disagree: bool) -> None:
    text = f"2024年科技工作要点\n一、培育主体\n1.扩量。{name}达到80家。\n2.提质。{name}达到70家。\n"
    assert bool(plandoc.read_text(text).contradictions) is disagree


def test_the_rows_of_a_responsibility_letter_are_tasks() -> None:
    text = (
        "某县2023年科技创新目标责任书\n一、目标任务\n| 序号 | 考核项目 | 年度目标 | 分值 | 牵头单位 |\n|---|---|---|---|---|\n"
        "| 1 | 企业培育 | 申报6家、认定3家,有效数达到11家 | 12 | 县科技局 |\n"
        "| 2 | 科学普及 | 培训农民5000人次,科普活动20场 | 8 | 县科协 |\n"
    )
    tasks = [node for node in plandoc.read_text(text).nodes if node.level == 2]
    assert [(node.label, node.heading, [o.name for o in node.owners]) for node in tasks] == [
        ("1", "企业培育", ["县科技局"]),
        ("2", "科学普及", ["县科协"]),
    ]
