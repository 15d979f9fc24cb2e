"""Headings and their levels, one snippet per row of the catalogue of headings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keshu.engines.plandoc.document import NodeKind
from keshu.engines.plandoc.structure import Structure

Outline = Callable[[str], list[tuple[int, str, str]]]
Read = Callable[..., Structure]
TITLE = "云澜市2024年科技工作要点\n"


def test_official_order(outline_of: Outline) -> None:
    text = TITLE + (
        "一、重点任务\n(一)建好平台\n1.实验室。优化布局。\n(1)评估。开展评估工作。\n①材料。"
        "提交材料清单。\n(二)壮大企业\n二、保障措施\n"
    )
    assert outline_of(text) == [
        (1, "一、", "重点任务"),
        (2, "(一)", "建好平台"),
        (3, "1.", "实验室"),
        (4, "(1)", "评估"),
        (5, "①", "材料"),
        (2, "(二)", "壮大企业"),
        (1, "二、", "保障措施"),
    ]


def test_digits_straight_under_the_first_level(outline_of: Outline) -> None:
    text = TITLE + "一、平台\n1、建实验室。优化布局。\n2、建孵化器。新建三家。\n二、企业\n3、育高企。加强辅导。\n"
    assert [level for level, _, _ in outline_of(text)] == [1, 2, 2, 1, 2]


def test_chapters_and_sections_skip_the_contents(outline_of: Outline) -> None:
    text = (
        "云澜县“十四五”科技规划\n目录\n第一章 发展基础......1\n第一节 主要成效......2\n第二章 发展目标......5\n"
        "第一章 发展基础\n第一节 主要成效\n全县研发投入持续增长。\n第二章 发展目标\n到2025年建成创新型县。\n"
    )
    assert outline_of(text) == [(1, "第一章", "发展基础"), (2, "第一节", "主要成效"), (1, "第二章", "发展目标")]


def test_year_headings_start_over(outline_of: Outline) -> None:
    text = (
        "云澜市科技局2023年工作总结及2024年工作打算\n2023年工作总结\n一、抓平台。建成两家。\n二、抓企业。新增十家。\n"
        "2024年工作打算\n一、抓人才。引进二十名。\n"
    )
    assert outline_of(text) == [
        (1, "", "2023年工作总结"),
        (2, "一、", "抓平台"),
        (2, "二、", "抓企业"),
        (1, "", "2024年工作打算"),
        (2, "一、", "抓人才"),
    ]


def test_year_heading_right_after_a_full_stop(outline_of: Outline) -> None:
    text = (
        "云澜市科技局2023年工作总结和2024年工作思路\n一、抓平台。建成两家,成效明显。"
        "2024年工作思路一、抓人才。引进二十名。"
    )
    assert outline_of(text) == [(1, "一、", "抓平台"), (1, "", "2024年工作思路"), (2, "一、", "抓人才")]


def test_next_steps_heading_without_a_year(outline_of: Outline) -> None:
    text = "云澜市科技局2023年工作总结\n一、主要成效\n高企达到80家。\n下一步工作打算\n(一)抓培育。新增高企10家。\n"
    assert outline_of(text)[1:] == [(1, "", "下一步工作打算"), (2, "(一)", "抓培育")]


def test_run_in_heading_ends_at_the_full_stop(outline_of: Outline) -> None:
    text = TITLE + "一、任务\n(三)推进协同攻关。围绕新材料等领域,组织攻关项目10项。"
    assert outline_of(text)[1] == (2, "(三)", "推进协同攻关")


def test_run_in_heading_ends_at_the_colon(outline_of: Outline) -> None:
    text = TITLE + "一、任务\n(一)指导思想:立足本市实际,坚持企业主体、需求牵引、开放协同,把创新贯穿全过程。"
    assert outline_of(text)[1] == (2, "(一)", "指导思想")


def test_long_run_in_heading_is_cut_at_the_first_comma(outline_of: Outline) -> None:
    text = TITLE + (
        "一、任务\n"
        "3.抓实项目建设,督促推进科技园二期、产教融合园、协同创新中心等一批重点项目早日开工建设并尽"
        "快投产达效。"
    )
    assert outline_of(text)[1] == (2, "3.", "抓实项目建设")


def test_heading_with_two_halves_stays_whole(outline_of: Outline) -> None:
    text = TITLE + "一、任务\n一是突出企业主体,实施“小巨人”培育计划。聚焦主导产业建立名单。"
    assert outline_of(text)[1] == (2, "一是", "突出企业主体,实施“小巨人”培育计划")


def test_run_in_figure_is_not_part_of_the_heading(outline_of: Outline) -> None:
    text = TITLE + "一、任务\n一是强化企业培育,新增高企50家以上。二是强化服务。组织培训。"
    assert outline_of(text)[1] == (2, "一是", "强化企业培育")


def test_steps_inside_a_task_are_measures(structure_of: Read) -> None:
    text = TITLE + "一、任务\n(一)壮大企业。建立梯队。一是抓源头。摸排企业。二是抓辅导。开展培训。"
    nodes = structure_of(text).nodes
    assert [(node.level, node.label, node.kind) for node in nodes] == [
        (1, "一、", NodeKind.SECTION),
        (2, "(一)", NodeKind.ACTION),
        (3, "一是", NodeKind.MEASURE),
        (3, "二是", NodeKind.MEASURE),
    ]


def test_a_list_of_problems_makes_no_headings(outline_of: Outline) -> None:
    text = (
        "云澜市科技局2023年工作总结\n一、成效\n高企达到80家。\n二、存在问题\n"
        "主要存在以下问题:一是投入不足。二是人才短缺。\n"
    )
    assert outline_of(text) == [(1, "一、", "成效"), (1, "二、", "存在问题")]


def test_steps_as_top_level_carry_on_in_another_glyph(outline_of: Outline) -> None:
    text = (
        "过去一年,区科技局狠抓落实,各项工作稳步推进,取得明显进展,现将有关情况总结如下。\n"
        "2024年工作思路\n一是平台工程。抓好建设。\n1.建实验室。优化布局。\n2.建孵化器。新建三家。\n"
        "二、企业工程。抓好培育。\n1.育高企。加强辅导。\n三、人才工程。抓好引育。\n"
    )
    assert [(level, label) for level, label, _ in outline_of(text)] == [
        (1, ""),
        (2, "一是"),
        (3, "1."),
        (3, "2."),
        (2, "二、"),
        (3, "1."),
        (2, "三、"),
    ]


def test_spoken_order_in_a_speech(outline_of: Outline) -> None:
    text = (
        "在全市科技大会上的讲话\n同志们:\n下面我讲三点意见。\n第一,提高认识。一要抓学习。学懂弄通。"
        "二要抓转变。主动作为。\n第二,狠抓落实。压实责任。\n"
    )
    assert outline_of(text) == [
        (1, "第一,", "提高认识"),
        (2, "一要", "抓学习"),
        (2, "二要", "抓转变"),
        (1, "第二,", "狠抓落实"),
    ]


def test_questions_are_sections_and_answers_their_body(structure_of: Read) -> None:
    text = (
        "《云澜市科技新政》政策解读\n【问】哪些单位可以申报?\n【答】全市规上企业均可申报。\n"
        "【问】目标是什么?\n【答】到2026年高企达到900家。\n"
    )
    found = structure_of(text)
    assert [(node.level, node.label, node.heading) for node in found.nodes] == [
        (1, "【问】", "哪些单位可以申报?"),
        (1, "【问】", "目标是什么?"),
    ]
    assert [text[p.start : p.end] for p in found.passages] == ["全市规上企业均可申报。", "到2026年高企达到900家。"]


def test_dashes_lead_goal_items(structure_of: Read) -> None:
    text = TITLE + (
        "一、主要目标\n——创新投入稳步增加。研发经费投入强度达到2.1%。\n——创新主体持续壮大。高企达到300家。\n"
    )
    nodes = structure_of(text).nodes
    assert [(node.label, node.heading, node.kind) for node in nodes[1:]] == [
        ("——", "创新投入稳步增加", NodeKind.GOAL),
        ("——", "创新主体持续壮大", NodeKind.GOAL),
    ]


def test_alternatives_keep_their_group(outline_of: Outline) -> None:
    text = TITLE + "一、任务\n①引进院所。A.新建研究院一家。B.共建中心两家。②培育机构。备案三家机构。"
    assert [(level, label) for level, label, _ in outline_of(text)] == [
        (1, "一、"),
        (2, "①"),
        (3, "A."),
        (3, "B."),
        (2, "②"),
    ]


def test_goal_lines_are_goals_and_their_words_are_read(structure_of: Read) -> None:
    text = TITLE + "一、主要目标\n1.研发强度达到2%;科技进步贡献率达57%。\n二、任务\n1.建好平台。新建平台3家。\n"
    found = structure_of(text)
    assert [(node.label, node.kind) for node in found.nodes] == [
        ("一、", NodeKind.SECTION),
        ("1.", NodeKind.GOAL),
        ("二、", NodeKind.SECTION),
        ("1.", NodeKind.ACTION),
    ]
    assert text[found.passages[0].start : found.passages[0].end] == "研发强度达到2%;科技进步贡献率达57%。"
    assert found.passages[0].section == ("一、主要目标",)


def test_numbering_errors_are_kept(outline_of: Outline) -> None:
    text = TITLE + "一、平台\n二、企业\n四、人才\n四、开放\n(一)合作。签约十项。\n(三)交流。办会两场。\n"
    assert [(level, label) for level, label, _ in outline_of(text)] == [
        (1, "一、"),
        (1, "二、"),
        (1, "四、"),
        (1, "四、"),
        (2, "(一)"),
        (2, "(三)"),
    ]


def test_flattened_text_is_cut_at_its_labels(outline_of: Outline) -> None:
    text = (
        "云澜市科学技术局关于印发《2024年科技工作要点》的通知各县区科技局:《2024年科技工作要点》已"
        "经研究同意,现印发给你们,请抓好落实。"
        "云澜市科学技术局2024年3月1日2024年科技工作要点全市科技工作要提质增效。"
        "一、建好平台(一)重组实验室。整合5家。第2、3季度评估。"
        "(二)培育机构。按照办法第三条(一)备案两家。二、壮大企业(一)培育高企。新增30家。"
    )
    assert outline_of(text) == [
        (1, "一、", "建好平台"),
        (2, "(一)", "重组实验室"),
        (2, "(二)", "培育机构"),
        (1, "二、", "壮大企业"),
        (2, "(一)", "培育高企"),
    ]


def test_flattened_section_name_is_cut_from_its_first_sentence(outline_of: Outline) -> None:
    text = (
        "云澜市2024年科技工作要点。"
        "一、主要目标全社会研发投入占地区生产总值比重达到2.1%以上,高新技术企业达到300家。"
        "二、重点任务(一)建平台。新建三家。"
    )
    assert outline_of(text)[0] == (1, "一、", "主要目标")


def test_declared_headings_of_the_file_are_used(structure_of: Read) -> None:
    text = "云澜市2024年科技工作要点\n平台建设\n新建市级重点实验室5家。\n企业培育\n新增高企30家。\n"
    found = structure_of(text, outline={text.index("平台建设"): 1, text.index("企业培育"): 1})
    assert [(node.level, node.heading) for node in found.nodes] == [(1, "平台建设"), (1, "企业培育")]


@pytest.mark.parametrize("line", ["2.5亿元资金安排到位。", "2023.3.1印发。", "1.1亿元用于奖补。", "3月底前完成摸排。"])
def test_decimals_and_dates_open_no_heading(outline_of: Outline, line: str) -> None:
    assert outline_of(TITLE + "一、任务\n" + line) == [(1, "一、", "任务")]


def test_conditions_inside_a_sentence_are_no_headings(outline_of: Outline) -> None:
    text = TITLE + "一、条件\n申报单位应满足:(1)在本市注册满一年;(2)研发投入占比不低于5%;(3)无失信记录。"
    assert outline_of(text) == [(1, "一、", "条件")]


def test_numbered_notes_below_a_table_are_no_headings(outline_of: Outline) -> None:
    text = TITLE + (
        "一、指标\n| 指标名称 | 单位 | 目标 |\n| 高企数 | 家 | 300 |\n注:1.数据来自年报。2.目标为年末数。\n"
    )
    assert outline_of(text) == [(1, "一、", "指标")]


def test_contents_lines_without_dots(outline_of: Outline) -> None:
    text = (
        "云澜县科技规划\n第一章 发展基础 2\n第二章 发展目标 15\n第一章 发展基础\n研发投入持续增长。\n"
        "第二章 发展目标\n到2025年建成创新型县。\n"
    )
    assert [label for _, label, _ in outline_of(text)] == ["第一章", "第二章"]


def test_goals_sentence_with_a_year_is_a_node_only_before_the_first_heading(outline_of: Outline) -> None:
    flat = (
        "2024年全市科技工作要点\n全市工作要提质增效。2024年全市科技工作的主要目标是:高企达到300家。"
        "一、建平台(一)实验室。新建5家。"
    )
    assert outline_of(flat)[:2] == [(1, "", "2024年全市科技工作的主要目标"), (1, "一、", "建平台")]
    headed = "云澜县2024年科技工作计划\n一、工作安排\n2024年全县科技工作的主要目标是:高企达到30家。\n"
    assert outline_of(headed) == [(1, "一、", "工作安排")]


def test_column_words_in_front_of_a_listed_task_are_no_heading(structure_of: Read) -> None:
    text = (
        "云澜市2024年任务清单\n1.重点任务:推进梯次培育\n具体举措:新增高企10家。\n牵头科室:高新科\n"
        "完成时限:12月底\n2.重点任务:建强创新平台\n具体举措:新建2家。\n牵头科室:平台科\n"
    )
    found = structure_of(text)
    assert [(node.label, node.heading, [o.name for o in node.owners]) for node in found.nodes] == [
        ("1.", "推进梯次培育", ["高新科"]),
        ("2.", "建强创新平台", ["平台科"]),
    ]


def test_attachment_list_makes_no_headings(outline_of: Outline) -> None:
    text = TITLE + (
        "一、任务\n1.建平台。新建3家。\n附件:1.2024年任务分解表\n2.2024年主要指标表\n云澜市科学技术局\n2024年3月1日\n"
    )
    assert outline_of(text) == [(1, "一、", "任务"), (2, "1.", "建平台")]


def test_problems_and_next_steps_under_one_heading(structure_of: Read) -> None:
    text = (
        "云澜县科技局2021年自查报告\n一、完成情况\n高企达到31家。\n二、存在问题及下一步打算\n"
        "主要问题是投入不足。2022年重点抓好:\n1.提升研发水平。研发强度达到1.65%。\n"
    )
    found = structure_of(text)
    assert (found.passages[-1].tense.value, str(found.passages[-1].period)) == ("target", "2022")


def test_title_glued_to_a_flattened_body(structure_of: Read) -> None:
    found = structure_of(
        "云澜镇2024年科技工作安排一、工作措施(一)加强服务。走访企业60家次。(经发办)(二)开展科普。办活动8场。(文化站)"
    )
    assert found.meta.title == "云澜镇2024年科技工作安排"
    assert [(node.level, node.label, node.heading) for node in found.nodes] == [
        (1, "一、", "工作措施"),
        (2, "(一)", "加强服务"),
        (2, "(二)", "开展科普"),
    ]
