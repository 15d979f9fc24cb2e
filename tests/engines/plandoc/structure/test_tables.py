"""Tables: heads, captions, merged cells, lost lines, and task lists that become nodes."""

from __future__ import annotations

from collections.abc import Callable

from keshu.engines.plandoc import NodeKind, read_text
from keshu.engines.plandoc.document import Tense
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.structure import Structure

Read = Callable[..., Structure]
HEAD = "云澜市2024年科技工作要点\n一、主要目标\n指标见下表。\n"


def cells(structure: Structure, index: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row] for row in structure.tables[index].rows]


def test_indicator_table_with_caption(structure_of: Read) -> None:
    text = HEAD + (
        "表1 主要指标\n单位:家\n| 序号 | 指标名称 | 2023年实际 | 2024年目标 |\n|---|---|---|---|\n"
        "| 1 | 高企数 | 45 | ≥90 |\n| 2 | 平台数 | 6 | 8 |\n"
    )
    found = structure_of(text)
    table = found.tables[0]
    assert table.caption == "表1 主要指标 单位:家"
    assert [cell.text for cell in table.head] == ["序号", "指标名称", "2023年实际", "2024年目标"]
    assert cells(found) == [["1", "高企数", "45", "≥90"], ["2", "平台数", "6", "8"]]
    assert (table.passage.section, table.passage.role, table.passage.tense) == (
        ("一、主要目标",),
        Role.GOAL,
        Tense.TARGET,
    )
    assert [text[p.start : p.end] for p in found.passages] == ["指标见下表。"]
    assert text[table.rows[0][3].start : table.rows[0][3].end] == "≥90"


def test_merged_first_columns_are_filled_down(structure_of: Read) -> None:
    text = HEAD + (
        "| 一级指标 | 二级指标 | 三级指标 | 指标值 |\n| 产出指标 | 数量指标 | 对接活动 | ≥12场 |\n"
        "| | | 培训班 | ≥4期 |\n| | 质量指标 | 合格率 | ≥90% |\n"
    )
    assert cells(structure_of(text)) == [
        ["产出指标", "数量指标", "对接活动", "≥12场"],
        ["产出指标", "数量指标", "培训班", "≥4期"],
        ["产出指标", "质量指标", "合格率", "≥90%"],
    ]


def test_two_storey_head(structure_of: Read) -> None:
    text = HEAD + (
        "| 指标 | 高企 | | 平台 | |\n| 指标 | 目标 | 完成 | 目标 | 完成 |\n| 东区 | 12 | 10 | 3 "
        "| 2 |\n| 西区 | 8 | 9 | 1 | 1 |\n"
    )
    assert [cell.text for cell in structure_of(text).tables[0].head] == [
        "指标",
        "高企目标",
        "高企完成",
        "平台目标",
        "平台完成",
    ]


def test_county_matrix_stays_a_table(structure_of: Read) -> None:
    text = HEAD + (
        "| 县(市、区) | 高企净增(家) | 综合排名 |\n| 东宁市 | 14 | 1 |\n| 石渡县 | 2 | 5 |\n| 合计 | 16 | — |\n"
    )
    found = structure_of(text)
    assert len(found.nodes) == 1
    assert cells(found) == [["东宁市", "14", "1"], ["石渡县", "2", "5"], ["合计", "16", "—"]]


def test_task_list_rows_become_nodes(structure_of: Read) -> None:
    text = (
        "云澜市2024年科技工作任务清单\n一、平台建设类\n| 序号 | 重点任务 | 年度目标 | 责任领导 "
        "| 牵头科室 | 配合单位 | 完成时限 |\n"
        "| 1 | 优化重点实验室 | 新建市级重点实验室5家。 | 周某某 | 平台科 | 高新科、各县(市、区)科技局 | 11月底 |\n"
        "| 2 | 提升孵化载体。新增孵化面积2万平方米。 | 在孵企业200家。 | 吴某某 | 高新科 | 市科技情报所等 | 长期 |\n"
    )
    found = structure_of(text)
    assert [(node.level, node.label, node.heading) for node in found.nodes] == [
        (1, "一、", "平台建设类"),
        (2, "1", "优化重点实验室"),
        (2, "2", "提升孵化载体"),
    ]
    assert [(o.name, o.role.value) for o in found.nodes[1].owners] == [
        ("平台科", "lead"),
        ("高新科", "support"),
        ("各县(市、区)科技局", "support"),
        ("周某某", "person"),
    ]
    assert [str(node.due) for node in found.nodes[1:]] == ["2024-11", "None"]
    read = [(p.node, text[p.start : p.end].strip("。")) for p in found.passages]
    assert (1, "新建市级重点实验室5家") in read
    assert (2, "新增孵化面积2万平方米") in read
    assert (2, "在孵企业200家") in read
    assert found.tables == ()


def test_cells_glued_by_blanks(structure_of: Read) -> None:
    text = HEAD + (
        "一级指标 二级指标 三级指标 指标值\n产出指标 数量指标 对接活动 ≥12场\n质量指标 合格率 ≥90%\n二、任务\n"
    )
    found = structure_of(text)
    assert cells(found) == [["产出指标", "数量指标", "对接活动", "≥12场"], ["产出指标", "质量指标", "合格率", "≥90%"]]
    assert [node.heading for node in found.nodes] == ["主要目标", "任务"]


def test_cells_on_lines_of_their_own(structure_of: Read) -> None:
    text = HEAD + (
        "序号\n指标名称\n单位\n2023年实际\n2024年目标\n1\n高企数\n家\n45\n≥90\n2\n平台数\n个\n6\n8\n二、任务\n"
    )
    assert cells(structure_of(text)) == [["1", "高企数", "家", "45", "≥90"], ["2", "平台数", "个", "6", "8"]]


def test_task_list_on_lines_of_their_own(structure_of: Read) -> None:
    text = (
        "云澜市2024年科技工作任务清单\n序号\n重点任务\n责任单位\n完成时限\n1\n新建重点实验室5家\n"
        "平台科\n11月底\n2\n新增高企30家\n高新科、各县区\n12月底\n"
    )
    found = structure_of(text)
    assert [
        (node.label, node.heading, [owner.name for owner in node.owners], str(node.due)) for node in found.nodes
    ] == [
        ("1", "新建重点实验室5家", ["平台科"], "2024-11"),
        ("2", "新增高企30家", ["高新科", "各县区"], "2024-12"),
    ]


def test_task_merged_over_rows_is_one_node(structure_of: Read) -> None:
    text = (
        "云澜市2024年任务分解表\n| 序号 | 工作任务 | 具体措施 | 责任单位 |\n| 1 | 建强平台 | 新建实验室5家 | 平台科 |\n"
        "| | | 新建中心3家 | 规划科 |\n| 2 | 壮大企业 | 新增高企30家 | |\n"
    )
    found = structure_of(text)
    assert [(node.label, node.heading, [owner.name for owner in node.owners]) for node in found.nodes] == [
        ("1", "建强平台", ["平台科", "规划科"]),
        ("2", "壮大企业", ["平台科", "规划科"]),
    ]
    assert (0, "新建中心3家") in [(p.node, text[p.start : p.end]) for p in found.passages]
    assert found.tables == ()


APPRAISAL = (
    "项目支出绩效自评表\n(2023年度)\n一级指标\n二级指标\n三级指标\n年度指标值\n实际完成值\n分值\n得分\n偏差原因分析及改进措施\n"
    "产出指标\n数量指标\n新增高企数\n≥20家\n24家\n10\n10\n立项数\n=30项\n28项\n10\n9.3\n两家企业停产\n质量指标\n验收率\n≥90%\n"
    "95%\n10\n10\n总分\n30\n29.3\n一、自评结论\n总体完成较好。\n"
)


def test_scores_close_the_rows_of_a_flattened_appraisal(structure_of: Read) -> None:
    assert cells(structure_of(APPRAISAL)) == [
        ["产出指标", "数量指标", "新增高企数", "≥20家", "24家", "10", "10", ""],
        ["产出指标", "数量指标", "立项数", "=30项", "28项", "10", "9.3", "两家企业停产"],
        ["产出指标", "质量指标", "验收率", "≥90%", "95%", "10", "10", ""],
        ["产出指标", "质量指标", "总分", "", "", "30", "29.3", ""],
    ]


def test_rows_of_figures_end_where_words_stand_in_their_place(structure_of: Read) -> None:
    text = (
        "项目支出绩效自评表\n项目资金(万元)\n年初预算数\n全年执行数\n分值\n执行率\n年度资金总额\n900\n882\n10\n98%\n其中:财政拨款\n"
        "900\n882\n—\n—\n年度总体目标\n预期目标\n实际完成情况\n立项30项\n立项28项\n一、自评结论\n"
    )
    found = structure_of(text)
    assert cells(found) == [["年度资金总额", "900", "882", "10", "98%"], ["其中:财政拨款", "900", "882", "—", "—"]]
    assert [node.heading for node in found.nodes] == ["自评结论"]


def test_two_task_lists_stand_under_one_heading(structure_of: Read) -> None:
    rows = "| 序号 | 重点任务 | 责任单位 |\n| 1 | 建强重点平台 | 平台科 |\n"
    found = structure_of(f"云澜市2024年任务清单\n一、任务\n{rows}补充如下\n{rows}二、要求\n(一)抓好落实\n")
    assert [(node.level, node.parent, node.heading) for node in found.nodes] == [
        (1, None, "任务"),
        (2, 0, "建强重点平台"),
        (2, 0, "建强重点平台"),
        (1, None, "要求"),
        (2, 3, "抓好落实"),
    ]


GROUPED = """2026年重点任务分解表
| 序号 | 重点任务 | 年度目标 | 责任单位 | 完成时限 |
|---|---|---|---|---|
| 一 | 创新主体培育 | | | |
| 1 | 实施高企倍增行动 | 净增高新技术企业60家 | 高新处牵头,各县区配合 | 11月底 |
| 2 | 抓好入库服务 | 入库科技型中小企业900家 | 高新处 | 12月底 |
| 二 | 平台载体建设 | | | |
| 3 | 建设中试基地 | 建成中试基地3个 | 平台处、市财政局配合 | 10月底 |
"""


def test_group_rows_of_a_task_list_hold_the_tasks_and_have_no_owners() -> None:
    nodes = {node.heading: node for node in read_text(GROUPED).nodes}
    group, task = nodes["平台载体建设"], nodes["建设中试基地"]
    assert (group.label, group.kind, group.owners) == ("二", NodeKind.SECTION, ())
    assert (task.parent, task.level, task.kind) == (group.index, group.level + 1, NodeKind.ACTION)
    assert nodes["抓好入库服务"].parent == nodes["创新主体培育"].index


def test_lead_and_support_are_told_apart_inside_an_owner_cell() -> None:
    nodes = {node.heading: node for node in read_text(GROUPED).nodes}
    assert [(o.name, o.role.value) for o in nodes["实施高企倍增行动"].owners] == [
        ("高新处", "lead"),
        ("各县区", "support"),
    ]
    assert [(o.name, o.role.value) for o in nodes["建设中试基地"].owners] == [
        ("平台处", "responsible"),
        ("市财政局", "support"),
    ]


def test_a_task_cell_merged_over_rows_is_one_task_with_the_figures_of_all() -> None:
    text = (
        "重点任务分解表\n| 序号 | 重点任务 | 年度目标 | 牵头股室 |\n| 1 | 建设星创天地 | 新建星创天地2家 | 农村股 |\n"
        "|  | 建设星创天地 | 入驻创客50名 | 农村股 |\n| 2 | 推广新品种 | 推广新品种6个 | 农村股 |\n"
    )
    document = read_text(text)
    assert [node.heading for node in document.nodes] == ["建设星创天地", "推广新品种"]
    assert [(claim.value, claim.node) for claim in document.claims] == [(2, 0), (50, 0), (6, 1)]
    assert [owner.name for owner in document.nodes[0].owners] == ["农村股"]
