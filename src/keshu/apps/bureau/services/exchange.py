"""Excel out: workbooks an office would keep. Declared columns, a title, frozen head, filter, A4 print set-up.

Text is written as text: a cell that begins like a formula is never run.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from keshu.apps.bureau.queries.ledger import LedgerExport

# A write-only cell of openpyxl, whose stubs call it a function.
StyledCell = Any

FONT, TITLE_FONT = "等线", "宋体"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 32_767  # what Excel holds
LONGEST_NAME = 31
PX_PER_CHARACTER = 7
FOOTER = "第 &P 页 共 &N 页"

_THIN = Side(style="thin", color="FFA6A6A6")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFEDF1F7")


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: `key` finds the value in a row that is a mapping; `width` is in characters, `number_format` Excel's own."""

    key: str
    label: str
    width: float = 14
    wrap: bool = False
    number_format: str = "General"
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. Rows are mappings by column key, or sequences in column order. `note` stands small under the title."""

    name: str
    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Mapping[str, Any] | Sequence[Any]]
    note: str = ""
    frozen_columns: int = 1


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The workbook as .xlsx bytes. At least one sheet; names are made lawful and distinct."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book.create_sheet(_sheet_name(sheet.name, taken)), sheet)
    if not taken:
        raise ValueError("a workbook needs at least one sheet")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ledger_sheet(export: LedgerExport, *, name: str, title: str, note: str = "") -> Sheet:
    """The sheet that shows what a ledger shows."""
    columns = [
        SheetColumn(
            key=str(number),
            label=column.heading,
            width=max(8, round(column.width / PX_PER_CHARACTER, 1)),
            wrap=column.kind == "text",
            number_format={"number": "#,##0.######", "date": "yyyy-mm-dd"}.get(column.kind, "General"),
            align={"number": Align.RIGHT, "date": Align.CENTER, "state": Align.CENTER}.get(column.kind, Align.LEFT),
        )
        for number, column in enumerate(export.columns)
    ]
    return Sheet(name=name, title=title, columns=columns, rows=export.rows, note=note)


def _write_sheet(worksheet: Worksheet, sheet: Sheet) -> None:
    head = 3 if sheet.note else 2
    rows = _values(sheet)
    _set_up_page(worksheet, sheet, head=head)
    last = get_column_letter(len(sheet.columns))
    worksheet.append([_title_cell(worksheet, sheet.title, Font(name=TITLE_FONT, size=16, bold=True))])
    worksheet.merged_cells.add(f"A1:{last}1")
    if sheet.note:
        worksheet.append([_title_cell(worksheet, sheet.note, Font(name=FONT, size=9, color="FF595959"))])
        worksheet.merged_cells.add(f"A2:{last}2")
    worksheet.append([_head_cell(worksheet, column.label) for column in sheet.columns])
    patterns = [_pattern(worksheet, column) for column in sheet.columns]
    for values in rows:
        worksheet.append([_cell(worksheet, value, pattern) for value, pattern in zip(values, patterns, strict=True)])
    worksheet.auto_filter.ref = f"A{head}:{last}{head + len(rows)}"


def _values(sheet: Sheet) -> list[Sequence[Any]]:
    """All rows before the first is written: what fails while they are read leaves no half-open sheet behind."""
    rows = [[row.get(c.key) for c in sheet.columns] if isinstance(row, Mapping) else row for row in sheet.rows]
    if odd := next((row for row in rows if len(row) != len(sheet.columns)), None):
        raise ValueError(f"sheet {sheet.name!r} has {len(sheet.columns)} columns, a row has {len(odd)} values")
    return rows


def _set_up_page(worksheet: Worksheet, sheet: Sheet, *, head: int) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    worksheet.row_dimensions[1].height = 30
    worksheet.row_dimensions[head].height = 24
    worksheet.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{head + 1}"
    worksheet.print_title_rows = f"{head}:{head}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_options.horizontalCentered = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.4
    worksheet.page_margins.top, worksheet.page_margins.bottom = 0.6, 0.7
    worksheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text=FOOTER))


def _title_cell(worksheet: Worksheet, text: str, font: Font) -> StyledCell:
    cell: StyledCell = WriteOnlyCell(worksheet)
    _set_text(cell, text)
    cell.font, cell.alignment = font, Alignment(horizontal="center", vertical="center")
    return cell


def _head_cell(worksheet: Worksheet, text: str) -> StyledCell:
    cell: StyledCell = WriteOnlyCell(worksheet)
    _set_text(cell, text)
    cell.font, cell.fill, cell.border = Font(name=FONT, size=11, bold=True), _HEAD_FILL, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _pattern(worksheet: Worksheet, column: SheetColumn) -> StyledCell:
    """The cell whose style all cells of the column share; made once, because styles are slow to make."""
    cell: StyledCell = WriteOnlyCell(worksheet)
    cell.font, cell.border, cell.number_format = Font(name=FONT, size=11), _BORDER, column.number_format
    cell.alignment = Alignment(horizontal=column.align.value, vertical="center", wrap_text=column.wrap)
    return cell


def _cell(worksheet: Worksheet, value: Any, pattern: StyledCell) -> StyledCell:
    cell: StyledCell = WriteOnlyCell(worksheet)
    cell._style = pattern._style
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, datetime):
        cell._style = copy(pattern._style)
        cell.value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif value is None or isinstance(value, int | float | Decimal | date):
        cell.value = value
        if isinstance(value, date) and pattern.number_format == "General":
            cell._style = copy(pattern._style)
            cell.number_format = "yyyy-mm-dd"
    else:
        text = str(value)
        if text.startswith(FORMULA_STARTS):
            cell._style = copy(pattern._style)
            cell.quotePrefix = True
        _set_text(cell, text)
    return cell


def _set_text(cell: StyledCell, text: str) -> None:
    """Text stays text, whatever it begins with; characters that XML cannot hold are left out."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]
    cell.data_type = "s"


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:LONGEST_NAME] or "表"
    for candidate in chain([plain], (f"{plain[: LONGEST_NAME - 4]} ({n})" for n in range(2, 100))):
        if candidate.lower() not in taken:
            taken.add(candidate.lower())
            return candidate
    raise ValueError(f"too many sheets are called {name!r}")
