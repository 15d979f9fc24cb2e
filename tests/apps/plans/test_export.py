"""The workbook, read back with openpyxl."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.apps.plans.factories import POINTS, Draftsman, make_plan, points, said_twice
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.services import export
from keshu.apps.plans.services.document_workbook import document_workbook
from keshu.engines.plandoc.document import NodeKind, Tense


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def cells(book: Workbook, sheet: str, row: int) -> list[object]:
    return [cell.value for cell in book[sheet][row]]


@pytest.fixture
def published(db: None) -> WorkPlan:
    site = make.site()
    return make_plan.published(organisation=site.bureau, by=site.people["planner"])


def test_the_workbook_holds_targets_tasks_and_matrix(published: WorkPlan) -> None:
    planner = make.person("planner", name="林知远")
    book = opened(export.plan_workbook(published, by=planner, at=AT))
    assert book.sheetnames == ["目标台账", "任务分解表", "责任矩阵"]
    page = book["目标台账"]
    assert page["A1"].value == "云澜市2026年科技创新工作要点　目标台账"
    assert page["A2"].value == "制定单位：云澜市科学技术局　年度：2026　第 1 版　导出：2026-03-05 09:30 林知远"
    assert cells(book, "目标台账", 4) == [
        1, "高新技术企业总数", "不少于320家，力争不少于340家", 320, 340, "家", None, None, "2026年", None, None, "一、主要目标",
        "高新技术企业总数确保达到320家、力争340家。",
    ]  # fmt: skip
    assert cells(book, "目标台账", 7)[9:11] == ["高新处", "规划处、青岭县、云湖区"]
    assert page.max_row == 9


def test_the_tree_is_indented_and_the_matrix_marked(published: WorkPlan) -> None:
    book = opened(export.plan_workbook(published, by=make.person("planner"), at=AT))
    tree = book["任务分解表"]
    assert cells(book, "任务分解表", 6) == [
        "(一)", "培育科技企业", "任务", "高新处", "规划处、青岭县、云湖区", None, "科技型中小企业：新增不少于120家", None,
    ]  # fmt: skip
    assert (tree["B4"].alignment.indent, tree["B6"].alignment.indent) == (0, 1)
    assert cells(book, "任务分解表", 7)[5] == "6月底前"
    assert cells(book, "任务分解表", 7)[7] == "系统外：成果转化处"
    assert cells(book, "责任矩阵", 3) == ["序号", "任务", "高新处", "规划处", "青岭县", "云湖区", "其他单位"]
    assert cells(book, "责任矩阵", 4)[:3] == ["二、", "重点任务", None]
    assert cells(book, "责任矩阵", 5) == ["(一)", "培育科技企业", "●", "○", "○", "○", None]
    assert cells(book, "责任矩阵", 6)[-1] == "成果转化处"
    assert cells(book, "责任矩阵", 7)[1:6] == ["合计：牵头 ●", 1, None, None, None]
    assert "● 牵头　○ 配合　△ 责任" in book["责任矩阵"]["A2"].value


def test_it_prints_on_a4_across_with_its_head_on_every_page(published: WorkPlan) -> None:
    book = opened(export.plan_workbook(published, by=make.person("planner"), at=AT))
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.print_title_rows == "$3:$3"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.freeze_panes == "C4"
        assert page["B4"].alignment.wrap_text
        assert "&P" in page.oddFooter.center.text


def test_an_export_is_recorded_and_refused_to_those_who_may_not_see(published: WorkPlan) -> None:
    site_draft = make_plan.draft(organisation=published.organisation)
    clerk = make.person("clerk")
    export.plan_workbook(published, by=clerk, at=AT)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.by, entry.after["目标"]) == (clerk, 6)
    with pytest.raises(Refused):
        export.plan_workbook(site_draft, by=clerk, at=AT)
    with pytest.raises(Refused, match="政府部门"):
        export.plan_workbook(published, by=make.person("enterprise"), at=AT)
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.django_db
def test_demo_data_and_drafts_are_marked() -> None:
    bureau = make.bureau(is_demo=True)
    plan = make_plan.draft(organisation=bureau)
    book = opened(export.plan_workbook(plan, by=make.person("planner", bureau), at=AT))
    for page in book.worksheets:
        assert page["A2"].value.startswith("【演示数据】")
        assert "（核对中）" in page["A2"].value


@pytest.mark.django_db
def test_baselines_and_achieved_figures_have_their_place() -> None:
    pen = Draftsman("一、回顾\n高企达到290家。\n二、目标\n高企达到320家。\n")
    first = pen.node("一、", "回顾", kind=NodeKind.SECTION)
    second = pen.node("二、", "目标", kind=NodeKind.SECTION)
    pen.year = 2025
    pen.claim("高企达到290家", "290家", "高企", 290, "家", node=first, tense=Tense.ACTUAL)
    pen.year = 2026
    pen.claim("高企达到320家", "320家", "高企", 320, "家", node=second)
    plan = make_plan.draft(pen.document())
    for data in (export.plan_workbook(plan, by=make.person("planner"), at=AT), document_workbook(pen.document())):
        book = opened(data)
        assert book.sheetnames == ["目标台账", "完成情况", "任务分解表", "责任矩阵"]
        assert cells(book, "目标台账", 4)[3:8] == [320, None, "家", 290, "2025年"]
        assert cells(book, "完成情况", 4)[1] == "高企"


@pytest.mark.once
def test_a_document_gives_the_same_sheets_without_a_database() -> None:
    book = opened(document_workbook(points()))
    assert book.sheetnames == ["目标台账", "任务分解表", "责任矩阵"]
    assert cells(book, "目标台账", 4)[1:6] == ["高新技术企业总数", "不少于320家，力争不少于340家", 320, 340, "家"]
    assert cells(book, "责任矩阵", 3) == ["序号", "任务", "高新处", "规划处", "各县区", "成果转化处", "云湖区"]
    assert cells(book, "责任矩阵", 5) == ["(二)", "建设创新平台", None, None, None, "●", "○"]
    assert "未经核对" in book["目标台账"]["A2"].value


def test_an_empty_document_still_gives_a_workbook() -> None:
    pen = Draftsman("没有内容\n", year=None, title=None)
    book = opened(document_workbook(pen.document()))
    assert book["目标台账"]["A4"].value == "这份文件没有目标。"


@pytest.mark.once
def test_the_command_line_writes_the_workbook_where_no_database_answers(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    source, out = desk / "要点.txt", desk / "要点.xlsx"
    source.write_text(POINTS, encoding="utf-8")
    here = {name: value for name, value in os.environ.items() if not name.startswith(("KESHU_", "DJANGO_"))}
    nowhere = here | {
        "KESHU_DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "keshu.cli", "plan", "parse", str(source), "--xlsx", str(out)]
    subprocess.run(command, cwd=desk, env=nowhere, check=True, capture_output=True, timeout=240)
    assert "高新技术企业总数" in [cell.value for cell in load_workbook(out)["目标台账"]["B"]]
    assert sorted(path.name for path in desk.iterdir()) == ["要点.txt", "要点.xlsx"]


@pytest.mark.django_db
def test_the_file_name_is_one_any_system_takes() -> None:
    pen = Draftsman("一、目标\n", title='云澜市/2026:"要点"')
    plan = make_plan.draft(pen.document(), at=AT)
    assert export.workbook_name(plan) == "云澜市2026要点-台账-第1版.xlsx"


@pytest.mark.django_db
def test_a_supporting_body_outside_the_register_stands_under_support() -> None:
    site = make.site()
    plan = make_plan.published(said_twice(), organisation=site.bureau, by=site.people["planner"])
    book = opened(export.plan_workbook(plan, by=site.people["planner"], at=AT))
    goals = {(row[1], row[9], row[10]) for row in book["目标台账"].iter_rows(min_row=4, values_only=True)}
    assert goals == {
        ("技术合同成交额", "规划处（见另一行）", None),
        ("技术合同成交额", "规划处", None),
        ("高新技术企业总数", None, None),
        ("对接会", "高新处", "合作银行"),
        ("大赛", "行业协会", None),
    }
    tasks = {(row[1], row[3], row[4]) for row in book["任务分解表"].iter_rows(min_row=4, values_only=True)}
    assert ("建设技术市场", "高新处", "合作银行") in tasks
    assert ("办好大赛", "行业协会", None) in tasks
