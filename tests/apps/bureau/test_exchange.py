"""Workbooks that an office would keep: set up for the screen and for A4, and safe to open."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest

from keshu.apps.bureau.queries.ledger import ExportColumn, LedgerExport
from keshu.apps.bureau.services.exchange import Align, Sheet, SheetColumn, SheetRow, ledger_sheet, write_workbook

pytestmark = pytest.mark.once

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
    footer = sheet.oddFooter
    assert (footer.left.text, footer.center.text, footer.right.text) == ("云澜市目标台账", "第 &P 页，共 &N 页", "目标")
    assert sheet.column_dimensions["A"].width == 40
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:C1", "A2:C2"]
    assert sheet["A4"].border.left.style == "thin"
    assert [sheet[place].font.name for place in ("A1", "A3", "A4")] == ["黑体", "黑体", "宋体"]
    assert sheet.row_dimensions[4].height == 21.5


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


def test_sections_the_tree_and_totals_stand_out() -> None:
    rows = [
        SheetRow(("一、主要目标", None, None), is_section=True),
        SheetRow(("高新技术企业", Decimal("320"), None), indent=1),
        SheetRow(("研发投入占比", Decimal("2.15"), None), indent=2),
    ]
    totals = [SheetRow(("合计", 2, None), is_section=True)]
    sheet = read(write_workbook([Sheet("表", "题", COLUMNS, rows, tree_column=0, totals=totals, pages_wide=2)]))["表"]
    assert [sheet[f"A{number}"].alignment.indent for number in (3, 4, 5)] == [0, 1, 2]
    assert [sheet.row_dimensions[number].outlineLevel for number in (3, 4, 5)] == [0, 1, 2]
    assert (sheet["A3"].font.bold, sheet["B3"].font.bold, sheet["A4"].font.bold) == (True, False, False)
    assert sheet["A3"].fill.fgColor.rgb == sheet["A6"].fill.fgColor.rgb != sheet["A4"].fill.fgColor.rgb
    assert (sheet["B4"].number_format, sheet["B5"].number_format) == ("#,##0", "#,##0.##")
    assert (sheet["A6"].value, sheet.auto_filter.ref) == ("合计", "A2:C5")
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$A")


def test_the_mark_comes_first_and_is_red() -> None:
    sheet = read(write_workbook([Sheet("表", "题", COLUMNS, [], note="2026 年度", mark="【演示数据】")]))["表"]
    assert (sheet["A2"].value, sheet["A2"].font.color.rgb) == ("【演示数据】　2026 年度", "FFB42318")
    assert sheet["A4"].value == "没有可列出的内容。"


def test_upright_heads_have_the_room_they_need() -> None:
    columns = (SheetColumn("task", "任务", 30), SheetColumn("office", "高新技术产业处", 4, is_upright=True))
    sheet = read(write_workbook([Sheet("表", "题", columns, [("一", "●")])]))["表"]
    assert (sheet["A2"].alignment.textRotation, sheet["B2"].alignment.textRotation) == (0, 255)
    assert sheet.row_dimensions[2].height == 7 * 15.5 + 12


def test_rows_are_as_high_as_their_words_and_cells_hold_what_excel_holds() -> None:
    sheet = read(write_workbook([Sheet("表", "题", COLUMNS, [("长" * 40_000, 1, None), ("句" * 50, 1, None)])]))["表"]
    assert len(sheet["A3"].value) == 32_767
    assert (sheet.row_dimensions[3].height, sheet.row_dimensions[4].height) == (400, 3 * 15.5 + 6)


def test_twenty_thousand_rows_are_written_in_seconds() -> None:
    rows = ({"indicator": f"高新技术企业{n}", "value": Decimal(n), "due": date(2026, 12, 31)} for n in range(20_000))
    begun = time.process_time()
    data = write_workbook([Sheet("目标", "题", COLUMNS, rows)])
    assert time.process_time() - begun < 15  # about 2 s on a quiet machine; catches styles made cell by cell
    assert len(data) > 100_000


def test_what_is_too_wide_for_one_sheet_of_paper_takes_two() -> None:
    """At seven px a character A4 holds 140: 1,120 px of text give way, 2,000 px do not; marks stand upright and narrow."""

    def sheet_of(*columns: tuple[str, int]) -> Sheet:
        held = tuple(ExportColumn(f"第{number}栏", kind, width) for number, (kind, width) in enumerate(columns))
        return ledger_sheet(LedgerExport(held, ()), name="表", title="题")

    narrowed = sheet_of(*[("text", 280)] * 4)
    assert ([column.width for column in narrowed.columns], narrowed.pages_wide) == ([35.0] * 4, 1)
    assert sheet_of(("text", 280), ("text", 1720)).pages_wide == 3
    marks = sheet_of(("text", 280), *[("mark", 64)] * 40)
    assert ({column.width for column in marks.columns[1:]}, marks.pages_wide) == ({3.6}, 2)
    assert all(column.is_upright for column in marks.columns[1:])


def test_the_title_is_printed_whole_on_each_sheet_of_paper_across() -> None:
    """What stands in A1 would begin anew, cut, beside the columns that return; so the title goes into the page's header."""
    wide = Sheet(
        "表",
        "云澜市2026年科技工作要点　目标台账",
        COLUMNS,
        [("高新技术企业", 320, None)],
        note="制定单位：云澜市科学技术局　年度：2026",
        mark="【演示数据】",
        pages_wide=2,
    )
    data = write_workbook([wide])
    sheet = read(data)["表"]
    assert sheet["A1"].value == "云澜市2026年科技工作要点　目标台账"
    assert sheet.print_area == "'表'!$A$3:$C$4"
    assert sheet.print_title_rows == "$3:$3"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        written = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    header = next(element.text for element in written.iter() if element.tag.endswith("oddHeader"))
    assert header == (
        '&L&"黑体,Bold"&16 云澜市2026年科技工作要点　目标台账\n&9 【演示数据】　制定单位：云澜市科学技术局　年度：2026'
    )
    narrow = read(write_workbook([Sheet("表", "题", COLUMNS, [("高新技术企业", 320, None)])]))["表"]
    assert not narrow.print_area
    assert narrow.oddHeader.left.text is None
