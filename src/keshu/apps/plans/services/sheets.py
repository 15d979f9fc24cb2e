"""A worksheet an office would keep: title, facts, head, rows, print settings. Plain values to openpyxl; no database.

Text is always written as text, so that a document's words can never become a formula.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

BODY = "宋体"
HEAD = "黑体"
INK, SEAL, GREY = "FF1F2933", "FFB42318", "FF6B7280"
LINE = Side(style="thin", color="FF9AA5B1")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = PatternFill("solid", fgColor="FFE8EEF7")
SECTION_FILL = PatternFill("solid", fgColor="FFF3F5F8")
LONGEST = 32_000  # a cell holds 32,767 characters
LINE_HEIGHT = 14.5
TALLEST = 400.0  # a row holds 409 points

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its head, its width in characters, and how its cells stand. ``is_upright`` turns the head."""

    label: str
    width: float
    align: str = "left"
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of values. ``indent`` moves the cell of the sheet's tree column; ``is_section`` sets the row apart."""

    values: tuple[Value, ...]
    indent: int = 0
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``facts`` is the line under the title, ``mark`` a word in seal red (演示数据), ``key_columns`` stay in view."""

    name: str
    title: str
    facts: str
    columns: Sequence[SheetColumn]
    rows: Sequence[SheetRow]
    mark: str = ""
    legend: str = ""
    key_columns: int = 2
    tree_column: int | None = None
    pages_wide: int = 1
    totals: Sequence[SheetRow] = field(default_factory=tuple)
    empty: str = "没有可列出的内容。"


def write_sheets(sheets: Sequence[Sheet], *, title: str, author: str = "") -> bytes:
    """The workbook's bytes."""
    book = Workbook()
    book.properties.title, book.properties.creator = title[:250], author
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet, title=title)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(page: Worksheet, sheet: Sheet, *, title: str) -> None:
    width = len(sheet.columns)
    _banner(page, 1, sheet.title, width=width, font=Font(name=HEAD, size=16, bold=True, color=INK), height=30)
    facts = "　".join(filter(None, [sheet.mark, sheet.facts, sheet.legend]))
    colour = SEAL if sheet.mark else GREY
    across = sum(column.width for column in sheet.columns) / sheet.pages_wide
    height = _lines(facts, across) * LINE_HEIGHT + 6
    _banner(page, 2, facts, width=width, font=Font(name=BODY, size=10, color=colour), height=height)
    _head(page, 3, sheet)
    for number, row in enumerate(sheet.rows, start=4):
        _row(page, number, row, sheet)
    last = 3 + len(sheet.rows)
    if not sheet.rows:
        last = 4
        _banner(page, 4, sheet.empty, width=width, font=Font(name=BODY, size=10, color=GREY), height=24)
    for number, row in enumerate(sheet.totals, start=last + 1):
        _row(page, number, row, sheet)
    for index, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width
    _settings(page, sheet, last=last, title=title)


def _banner(page: Worksheet, number: int, text: str, *, width: int, font: Font, height: float) -> None:
    cell = page.cell(number, 1)
    _put(cell, text)
    cell.font = font
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    page.row_dimensions[number].height = height
    if width > 1:
        page.merge_cells(start_row=number, start_column=1, end_row=number, end_column=width)


def _head(page: Worksheet, number: int, sheet: Sheet) -> None:
    for index, column in enumerate(sheet.columns, start=1):
        cell = page.cell(number, index)
        _put(cell, column.label)
        cell.font = Font(name=HEAD, size=10, bold=True, color=INK)
        cell.fill, cell.border = HEAD_FILL, GRID
        turned = 255 if column.is_upright else 0
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True, text_rotation=turned)
    upright = max((len(column.label) for column in sheet.columns if column.is_upright), default=0)
    page.row_dimensions[number].height = min(TALLEST, max(34.0, upright * 15.5 + 12))


def _row(page: Worksheet, number: int, row: SheetRow, sheet: Sheet) -> None:
    lines = 1
    for index, (column, value) in enumerate(zip(sheet.columns, row.values, strict=True), start=1):
        indent = min(row.indent, 8) if index - 1 == sheet.tree_column else 0
        cell = page.cell(number, index)
        is_bold = row.is_section and (sheet.tree_column is None or index - 1 <= sheet.tree_column)
        _dress(cell, align=column.align, indent=indent, is_section=row.is_section, is_bold=is_bold)
        _put(cell, value)
        if value is not None and value != "":
            lines = max(lines, _lines(str(cell.value), column.width - 1 - indent * 1.5))
    page.row_dimensions[number].height = min(TALLEST, lines * LINE_HEIGHT + 6)
    if sheet.tree_column is not None:
        page.row_dimensions[number].outlineLevel = min(row.indent, 7)


def _dress(cell: Cell | Any, *, align: str, indent: int, is_section: bool, is_bold: bool) -> None:
    """Give a cell its style: a named one of the book, because setting font, border and fill cell by cell takes seconds."""
    name = f"{'节' if is_section else '行'}{'题' if is_bold else ''}-{align}-{indent}"
    book: Any = cell.parent.parent
    if name not in book.named_styles:
        style = NamedStyle(name)
        style.font = Font(name=HEAD if is_bold else BODY, size=10, bold=is_bold, color=INK)
        style.border = GRID
        if is_section:
            style.fill = SECTION_FILL
        style.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True, indent=indent)
        book.add_named_style(style)
    cell.style = name


def _put(cell: Cell | Any, value: Value) -> None:
    """Set a cell's value; text stays text whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.value = int(value) if value == value.to_integral_value() else float(value)
        cell.number_format = "#,##0.######" if value != value.to_integral_value() else "#,##0"
    else:
        cell.value = value


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a column of that width; a Chinese character is two wide."""
    return sum(max(1, math.ceil(text_width(part) / max(width, 2))) for part in text.split("\n"))


def text_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _settings(page: Worksheet, sheet: Sheet, *, last: int, title: str) -> None:
    """What makes it print well: A4 across, the head on every page, page numbers; and stay readable when scrolled."""
    width = get_column_letter(len(sheet.columns))
    page.freeze_panes = f"{get_column_letter(sheet.key_columns + 1)}4"
    if sheet.rows:
        page.auto_filter.ref = f"A3:{width}{last}"
    page.sheet_view.showGridLines = False
    page.sheet_properties.outlinePr = Outline(summaryBelow=False)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = sheet.pages_wide, 0
    page.print_title_rows = "3:3"
    if sheet.pages_wide > 1:
        page.print_title_cols = f"A:{get_column_letter(sheet.key_columns)}"
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.75
    page.page_margins.footer = 0.35
    footer = HeaderFooterItem()
    texts = (title.replace("&", "&&")[:80], "第 &P 页，共 &N 页", sheet.name)
    for part, text in zip((footer.left, footer.center, footer.right), texts, strict=True):
        part.text, part.size = text, 9
    page.HeaderFooter.oddFooter = footer
