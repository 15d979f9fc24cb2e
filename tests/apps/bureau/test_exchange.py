"""Workbooks that an office would keep: set up for the screen and for A4, and safe to open."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from keshu.apps.bureau.services.exchange import Align, Sheet, SheetColumn, write_workbook

COLUMNS = (
    SheetColumn("indicator", "指标", width=40, wrap=True),
    SheetColumn("value", "目标值", number_format="#,##0.##", align=Align.RIGHT),
    SheetColumn("due", "截止日期"),
)


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_sheet_is_set_up_for_screen_and_paper() -> None:
    rows = [{"indicator": "高新技术企业", "value": Decimal("320"), "due": date(2026, 12, 31)}]
    sheet = read(write_workbook([Sheet("目标", "云澜市目标台账", COLUMNS, rows, note="2026 年度")]))["目标"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("云澜市目标台账", "2026 年度")
    assert [cell.value for cell in sheet[3]] == ["指标", "目标值", "截止日期"]
    assert [cell.value for cell in sheet[4]] == ["高新技术企业", 320, datetime(2026, 12, 31)]
    assert sheet["C4"].number_format == "yyyy-mm-dd"
    assert sheet["A4"].alignment.wrap_text
    assert sheet["B4"].alignment.horizontal == "right"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:C4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.column_dimensions["A"].width == 40
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:C1", "A2:C2"]
    assert sheet["A4"].border.left.style == "thin"
    assert (sheet["A1"].font.name, sheet["A4"].font.name) == ("宋体", "等线")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://example.cn")'])
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    sheet = read(write_workbook([Sheet("表", text, COLUMNS, [(text, 1, None)])]))["表"]
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].quotePrefix) == (text, "s", True)
    assert (sheet["A1"].data_type, sheet["B3"].value, sheet["B3"].data_type) == ("s", 1, "n")


def test_values_are_written_as_excel_knows_them() -> None:
    moment = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    sheet = read(write_workbook([Sheet("表", "题", COLUMNS, [(True, 2.5, moment), ("\x07响铃", None, "")])]))["表"]
    assert [cell.value for cell in sheet[3]] == ["是", 2.5, datetime(2026, 3, 5, 9, 30)]
    assert sheet["A4"].value == "响铃"


def test_sheet_names_are_lawful_and_distinct() -> None:
    book = read(write_workbook([Sheet("目标/任务", "一", COLUMNS, []), Sheet("目标:任务", "二", COLUMNS, [])]))
    assert book.sheetnames == ["目标 任务", "目标 任务 (2)"]


def test_a_workbook_without_sheets_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        write_workbook([])


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="3 columns, a row has 1"):
        write_workbook([Sheet("表", "题", COLUMNS, [("少一列",)])])
