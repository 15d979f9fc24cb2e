"""Tense, period, role and tier are properties of a place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keshu.engines.plandoc.document import Tense, Tier
from keshu.engines.plandoc.passage import Passage, Role
from keshu.engines.plandoc.structure import Structure
from keshu.engines.plandoc.structure.words import SENSES, HeadingSense, sense_of

Read = Callable[..., Structure]


def place(structure: Structure, text: str, words: str) -> Passage:
    at = text.index(words)
    return next(passage for passage in structure.passages if passage.start <= at < passage.end)


def seen(structure: Structure, text: str, words: str) -> tuple[str, str]:
    passage = place(structure, text, words)
    return passage.tense.value, str(passage.period)


@pytest.mark.parametrize("sense", SENSES, ids=lambda sense: sense.meaning)
def test_each_sense_reads_its_own_example(sense: HeadingSense) -> None:
    assert sense_of(sense.example.split("、")[-1].split(")")[-1]) is sense


@pytest.mark.parametrize(
    "heading",
    ["提升成果转化成效", "夯实创新基础", "谋划空间布局", "实施高企倍增计划", "加强研究院考核", "总结推广经验"],
)
def test_headings_that_act_turn_no_tense(heading: str) -> None:
    sense = sense_of(heading)
    assert sense is None or sense.tense is None


def test_summary_and_plan_turn_at_the_year_heading(structure_of: Read) -> None:
    text = (
        "云澜区科技局2019年工作总结及2020年工作打算\n2019年工作总结\n(一)主要指标完成情况\n"
        "1.高企达到96家。\n2020年工作打算\n(一)工作目标\n1.高企达到120家。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "96家") == ("actual", "2019")
    assert seen(found, text, "120家") == ("target", "2020")
    assert (place(found, text, "96家").role, place(found, text, "120家").role) == (Role.RESULT, Role.GOAL)


def test_next_steps_late_in_a_summary(structure_of: Read) -> None:
    text = (
        "云澜市科技局2023年工作总结\n一、主要成效\n高企达到80家。\n二、存在问题\n研发投入占比仅1.2%。\n"
        "三、下一步工作打算\n(一)抓培育。新增高企10家。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "80家") == ("actual", "2023")
    assert seen(found, text, "1.2%") == ("actual", "2023")
    assert seen(found, text, "10家") == ("target", "2024")


def test_half_year_document(structure_of: Read) -> None:
    text = (
        "云澜区科技局2023年上半年工作总结和下半年工作打算\n上半年工作总结\n一、指标。入库企业40家。\n"
        "下半年工作打算\n(一)抓培育。新增高企10家。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "40家") == ("actual", "2023-H1")
    assert seen(found, text, "10家") == ("target", "2023-H2")


def test_five_year_plan_base_goals_and_outlook(structure_of: Read) -> None:
    text = (
        "云澜县“十四五”科技创新规划\n一、发展基础\n高企增至45家。\n二、总体要求\n(一)发展目标。"
        "高企达到90家。\n(二)远景展望。展望2035年,高企达到300家。\n"
    )
    found = structure_of(text)
    assert (*seen(found, text, "45家"), place(found, text, "45家").year) == ("actual", "2016/2020", 2020)
    assert (*seen(found, text, "90家"), place(found, text, "90家").year) == ("target", "2021/2025", 2025)
    assert seen(found, text, "300家") == ("target", "2035")


def test_stages_and_yearly_goals_of_an_action_plan(structure_of: Read) -> None:
    text = (
        "云澜市科技企业培育三年行动方案(2023—2025年)\n一、行动目标\n到2025年,高企达到900家。\n"
        "——2023年,高企达到620家。\n——2024年,高企达到750家。\n"
        "二、实施步骤\n(一)第一阶段(2023年):夯实基础。建成平台1个。\n"
        "(二)第二阶段(2024年):重点攻坚。在库企业达到1500家。\n"
    )
    found = structure_of(text)
    assert [seen(found, text, words)[1] for words in ("900家", "620家", "750家", "平台1个", "1500家")] == [
        "2023/2025",
        "2023",
        "2024",
        "2023",
        "2024",
    ]
    assert found.nodes[-1].heading == "第二阶段(2024年):重点攻坚"


def test_bulletin_is_actual_up_to_its_month(structure_of: Read) -> None:
    text = (
        "关于2024年1—9月科技指标完成情况的通报\n一、指标完成情况\n(一)技术合同成交额。完成21.6亿元。\n"
        "二、下一步要求\n(一)紧盯缺口。净增高企16家以上。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "21.6亿元") == ("actual", "2024-01/2024-09")
    assert place(found, text, "16家").tense is Tense.TARGET


def test_government_report_looks_back_then_ahead(structure_of: Read) -> None:
    text = (
        "云澜县科技创新工作报告\n各位代表:\n一、2022年工作回顾\n研发投入达到10.4亿元。\n"
        "二、2023年工作安排\n研发投入增长百分之十五。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "10.4亿元") == ("actual", "2022")
    assert seen(found, text, "百分之十五") == ("target", "2023")


def test_speech_turns_by_its_paragraphs(structure_of: Read) -> None:
    text = (
        "在全市科技工作会议上的讲话\n(2024年2月1日)\n同志们:\n过去一年,全市新增高企30家,成绩来之不易。"
        "\n今年,我们要新增高企50家,任务十分艰巨。\n"
    )
    found = structure_of(text)
    assert place(found, text, "30家").tense is Tense.ACTUAL
    assert place(found, text, "50家").tense is Tense.TARGET


def test_answer_that_opens_with_a_past_date(structure_of: Read) -> None:
    text = (
        "《云澜市“双倍增”行动方案(2024—2026年)》政策解读\n【问】为什么出台?\n"
        "【答】截至2023年底,全市高企612家。\n【问】目标是什么?\n【答】到2026年,高企达到1200家。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "612家") == ("actual", "2023")
    assert seen(found, text, "1200家") == ("target", "2024/2026")


def test_plan_preamble_that_first_tells_of_last_year(structure_of: Read) -> None:
    text = (
        "云澜市2023年科技工作要点\n2022年,全市高企达到216家,成效明显。"
        "2023年是开局之年,主要目标:高企达到260家。\n一、任务\n抓落实。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "216家") == ("actual", "2022")
    assert seen(found, text, "260家") == ("target", "2023")


def test_masked_years_are_unknown(structure_of: Read) -> None:
    text = (
        "过去一年,区科技局聚力攻坚,高企达到xx家,各项工作稳步推进并取得了明显成效。\nxxxx年工作思路\n"
        "一是抓企业。新增高企xx家。\n"
    )
    found = structure_of(text)
    assert seen(found, text, "达到xx家") == ("actual", "None")
    assert seen(found, text, "新增高企xx家") == ("target", "None")


def test_goals_striven_for_are_stretch(structure_of: Read) -> None:
    text = (
        "云澜市2024年科技工作要点\n一、主要目标\n力争实现以下目标:\n1.研发强度达到2%。\n"
        "2.高企达到300家。\n二、任务\n1.建平台。新建3家。\n"
    )
    found = structure_of(text)
    assert [place(found, text, words).tier for words in ("2%", "300家", "3家")] == [
        Tier.STRETCH,
        Tier.STRETCH,
        Tier.BASE,
    ]


def test_safeguards_have_their_own_role(structure_of: Read) -> None:
    text = "云澜市2024年科技工作要点\n一、任务\n(一)建平台。新建3家。\n二、保障措施\n(一)强化督查。每季度通报一次。\n"
    found = structure_of(text)
    assert (place(found, text, "3家").role, place(found, text, "一次").role) == (Role.TASK, Role.SAFEGUARD)
