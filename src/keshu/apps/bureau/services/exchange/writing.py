"""Excel out: workbooks an office would keep. Declared columns and rows, a title, a frozen head, a filter, A4 print set-up.

Text is written as text: a cell that begins like a formula is never run. Nothing here asks the database.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
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
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from keshu.apps.bureau.services.exchange.dressing import READ_ONLY_FILL, ChoiceLists, note
from keshu.apps.bureau.services.printed_title import print_title_above

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from keshu.apps.bureau.queries.ledger import ExportColumn, LedgerExport

# A write-only cell of openpyxl, whose stubs call it a function.
StyledCell = Any

BODY, HEAD = "宋体", "黑体"
INK, SEAL, GREY = "FF1F2933", "FFB42318", "FF6B7280"
LINE = Side(style="thin", color="FF9AA5B1")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = PatternFill("solid", fgColor="FFE8EEF7")
SECTION_FILL = PatternFill("solid", fgColor="FFF3F5F8")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER, WHOLE, DAY, MOMENT = "#,##0.######", "#,##0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
LONGEST_CELL = 32_767  # what Excel holds
LONGEST_NAME = 31
PX_PER_CHARACTER = 7
A4_ACROSS = 140.0  # characters that a sheet of A4 holds across at full size
MARK, MARK_WIDTH = "mark", 3.6  # a column of single marks, its head set upright
BODY_SIZE = 11  # points; the width of a column counts characters of this size
LINE_HEIGHT = 15.5  # points
TALLEST = 400.0  # a row holds 409 points
DEEPEST_INDENT, DEEPEST_OUTLINE = 8, 7
FOOTER = "第 &P 页，共 &N 页"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: `key` finds the value in a row that is a mapping; `width` is in characters, `number_format` Excel's own.

    `is_upright` sets the characters of the head one under another, for columns no wider than a mark. `help` is a note on the
    head, `choices` are offered in the cells, `is_read_only` greys them, and `is_hidden` keeps the column out of sight.
    """

    key: str
    label: str
    width: float = 14
    wrap: bool = False
    number_format: str = "General"
    align: Align = Align.LEFT
    is_upright: bool = False
    help: str = ""
    choices: Sequence[str] = ()
    is_read_only: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that stands out: `indent` moves the cell of the sheet's tree column, `is_section` sets the row apart."""

    values: Mapping[str, Any] | Sequence[Any]
    indent: int = 0
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. A row is a mapping by column key, a sequence in column order, or a :class:`SheetRow` of either.

    `note` stands small under the title, after `mark`, a word in seal red (演示数据). `frozen_columns` stay in view and return on
    each page of a sheet several `pages_wide`. `totals` follow the rows and are left out of the filter. `empty` is said where
    there are no rows. `empty_rows` with a frame follow the rows, and choices reach `room` rows below the head. A sheet that
    `is_hidden` holds its rows and nothing else, and is shown to nobody.
    """

    name: str
    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[SheetRow | Mapping[str, Any] | Sequence[Any]]
    note: str = ""
    mark: str = ""
    frozen_columns: int = 1
    tree_column: int | None = None
    pages_wide: int = 1
    totals: Sequence[SheetRow] = ()
    empty: str = "没有可列出的内容。"
    empty_rows: int = 0
    room: int = 0
    is_hidden: bool = False

    @property
    def line(self) -> str:
        """What stands under the title."""
        return "　".join(filter(None, [self.mark, self.note]))


def write_workbook(sheets: Iterable[Sheet], *, title: str = "", author: str = "") -> bytes:
    """The workbook as .xlsx bytes. At least one sheet; names are made lawful and distinct."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title[:250], author
    taken: set[str] = set()
    lists = ChoiceLists()
    for sheet in sheets:
        rows = [_row(sheet, row) for row in (*sheet.rows, *sheet.totals)]
        page = book.create_sheet(_sheet_name(sheet.name, taken))
        if sheet.is_hidden:
            page.sheet_state = "veryHidden"
            for row in rows:
                page.append(list(row.values))
            continue
        _SheetWriter(page, sheet, title=title or sheet.title).write(rows, lists=lists)
    if not taken:
        raise ValueError("a workbook needs at least one sheet")
    lists.write(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ledger_sheet(export: LedgerExport, *, name: str, title: str, note: str = "") -> Sheet:
    """The sheet that shows what a ledger shows."""
    widths = _widths([(column.kind, column.width) for column in export.columns])
    columns = [
        SheetColumn(
            key=str(number),
            label=column.heading,
            width=widths[number],
            wrap=column.kind == "text",
            number_format=_ledger_format(column),
            align={"number": Align.RIGHT}.get(
                column.kind, Align.LEFT if column.kind in ("text", "link") else Align.CENTER
            ),
            is_upright=column.kind == MARK,
        )
        for number, column in enumerate(export.columns)
    ]
    first, rest = widths[0], sum(widths[1:])
    pages = max(1, math.ceil(rest / (A4_ACROSS - first)))
    return Sheet(name=name, title=title, columns=columns, rows=export.rows, note=note, pages_wide=pages)


def _widths(columns: Sequence[tuple[str, int]]) -> list[float]:
    """From px on screen to characters; texts give way, down to two thirds, before a second sheet of paper is needed."""
    plain = [MARK_WIDTH if kind == MARK else max(8.0, px / PX_PER_CHARACTER) for kind, px in columns]
    texts = sum(width for width, (kind, _) in zip(plain, columns, strict=True) if kind == "text")
    surplus = sum(plain) - A4_ACROSS
    share = 1 - min(1 / 3, surplus / texts) if texts and surplus > 0 else 1.0
    if surplus > texts / 3:
        share = 1.0  # it takes two sheets anyway
    return [
        round(max(8.0, width * share) if kind == "text" else width, 1)
        for width, (kind, _) in zip(plain, columns, strict=True)
    ]


def _row(sheet: Sheet, row: SheetRow | Mapping[str, Any] | Sequence[Any]) -> SheetRow:
    """The row with its values in column order. Rows are read before the sheet is begun: what fails leaves none half-open."""
    given = row if isinstance(row, SheetRow) else SheetRow(row)
    held = given.values
    values = [held.get(c.key) for c in sheet.columns] if isinstance(held, Mapping) else held
    if len(values) != len(sheet.columns):
        raise ValueError(f"sheet {sheet.name!r} has {len(sheet.columns)} columns, a row has {len(values)} values")
    return SheetRow(values, given.indent, given.is_section)


class _SheetWriter:
    """One worksheet as it is written, row by row, with the styles its cells share: styles are slow to make."""

    def __init__(self, page: Worksheet, sheet: Sheet, *, title: str) -> None:
        self.page, self.sheet, self.title = page, sheet, title
        self.head = 3 if sheet.line else 2
        self.last = get_column_letter(len(sheet.columns))
        self.last_seen = get_column_letter(sum(not column.is_hidden for column in sheet.columns))
        self._written = 0
        self._styles: dict[tuple[Any, ...], Any] = {}

    def write(self, rows: Sequence[SheetRow], *, lists: ChoiceLists) -> None:
        _set_up_page(self.page, self.sheet, head=self.head, title=self.title)
        if self.sheet.tree_column is not None:
            self.page.sheet_format.outlineLevelRow = min(max((r.indent for r in rows), default=0), DEEPEST_OUTLINE)
        self._banner(self.sheet.title, Font(name=HEAD, size=16, bold=True, color=INK), height=30)
        if self.sheet.line:
            across = sum(column.width for column in self.sheet.columns) / self.sheet.pages_wide
            font = Font(name=BODY, size=10, color=SEAL if self.sheet.mark else GREY)
            self._banner(self.sheet.line, font, height=_lines(self.sheet.line, across) * LINE_HEIGHT + 6)
        self._heads()
        for row in rows:
            self._row(row)
        for _ in range(self.sheet.empty_rows):
            self._row(SheetRow([None] * len(self.sheet.columns)))
        for number, column in enumerate(self.sheet.columns, start=1):
            if column.choices:
                end = max(self._written, self.head + self.sheet.room)
                lists.offer(self.page, column=number, choices=column.choices, first=self.head + 1, last=end)
        if rows:
            self.page.auto_filter.ref = f"A{self.head}:{self.last}{self._written - len(self.sheet.totals)}"
        elif self.sheet.empty:
            self._banner(self.sheet.empty, Font(name=BODY, size=10, color=GREY), height=24)
        if self.sheet.pages_wide > 1:
            shown = f"A{self.head}:{self.last}{self._written}"
            print_title_above(self.page, title=self.sheet.title, note=self.sheet.line, font=HEAD, rows=shown)

    def _append(self, cells: list[StyledCell], *, height: float, outline: int = 0) -> None:
        self._written += 1
        dimension = self.page.row_dimensions[self._written]
        dimension.height = height
        if outline:
            dimension.outlineLevel = outline
        self.page.append(cells)

    def _banner(self, text: str, font: Font, *, height: float) -> None:
        """A line of text across the whole sheet."""
        cell: StyledCell = WriteOnlyCell(self.page)
        _set_text(cell, text)
        cell.font, cell.alignment = font, Alignment(horizontal="left", vertical="center", wrap_text=True)
        self._append([cell], height=height)
        if self.last_seen != "A":
            self.page.merged_cells.add(f"A{self._written}:{self.last_seen}{self._written}")

    def _heads(self) -> None:
        cells, height = [], 34.0
        for column in self.sheet.columns:
            cell: StyledCell = WriteOnlyCell(self.page)
            _set_text(cell, column.label)
            cell.font, cell.fill, cell.border = Font(name=HEAD, size=BODY_SIZE, bold=True, color=INK), HEAD_FILL, GRID
            turned = 255 if column.is_upright else 0
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True, text_rotation=turned)
            if column.help:
                cell.comment = note(column.help)
            cells.append(cell)
            if column.is_hidden:
                continue
            upright = (
                len(column.label) * 15.5 if column.is_upright else _lines(column.label, column.width) * LINE_HEIGHT
            )
            height = max(height, upright + 12 if column.is_upright else upright + 6)
        self._append(cells, height=min(TALLEST, height))

    def _row(self, row: SheetRow) -> None:
        tree, cells, lines = self.sheet.tree_column, [], 1
        for place, (column, value) in enumerate(zip(self.sheet.columns, row.values, strict=True)):
            indent = min(row.indent, DEEPEST_INDENT) if place == tree else 0
            is_bold = row.is_section and (tree is None or place <= tree)
            cell = self._cell(column, value, (indent, row.is_section, is_bold))
            if column.wrap and cell.data_type == "s":
                lines = max(lines, _lines(cell.value, column.width - 1 - indent * 1.5))
            cells.append(cell)
        outline = 0 if tree is None else min(row.indent, DEEPEST_OUTLINE)
        self._append(cells, height=min(TALLEST, lines * LINE_HEIGHT + 6), outline=outline)

    def _cell(self, column: SheetColumn, value: Any, place: tuple[int, bool, bool]) -> StyledCell:
        cell: StyledCell = WriteOnlyCell(self.page)
        if isinstance(value, bool):
            value = "是" if value else "否"
        elif value == "":
            value = None
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value).replace(tzinfo=None)
        if value is None or isinstance(value, int | float | Decimal | date):
            cell.value = value
            cell._style = self._style(column, place, _number_format(value, column.number_format))
        else:
            text = str(value)
            cell._style = self._style(column, place, column.number_format, text.startswith(FORMULA_STARTS))
            _set_text(cell, text)
        return cell

    def _style(
        self, column: SheetColumn, place: tuple[int, bool, bool], number_format: str, quoted: bool = False
    ) -> Any:
        key = (column.align, column.wrap, place, number_format, quoted, column.is_read_only)
        if key not in self._styles:
            indent, is_section, is_bold = place
            cell: StyledCell = WriteOnlyCell(self.page)
            cell.font = Font(name=HEAD if is_bold else BODY, size=BODY_SIZE, bold=is_bold, color=INK)
            cell.border, cell.number_format = GRID, number_format
            if is_section:
                cell.fill = SECTION_FILL
            elif column.is_read_only:
                cell.fill = READ_ONLY_FILL
            cell.alignment = Alignment(
                horizontal=column.align.value, vertical="center", wrap_text=column.wrap, indent=indent
            )
            cell.quotePrefix = quoted
            self._styles[key] = cell._style
        return self._styles[key]


def _set_up_page(page: Worksheet, sheet: Sheet, *, head: int, title: str) -> None:
    """What makes it print well: A4 across, the head on every page, page numbers; and stay readable when scrolled."""
    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
        page.column_dimensions[get_column_letter(number)].hidden = column.is_hidden
    page.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{head + 1}"
    page.sheet_view.showGridLines = False
    page.sheet_properties.outlinePr = Outline(summaryBelow=False)
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = sheet.pages_wide, 0
    page.print_title_rows = f"{head}:{head}"
    if sheet.pages_wide > 1:
        page.print_title_cols = f"A:{get_column_letter(sheet.frozen_columns)}"
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.75, 0.35
    footer = HeaderFooterItem()
    for part, text in (
        (footer.left, title.replace("&", "&&")[:80]),
        (footer.center, FOOTER),
        (footer.right, sheet.name.replace("&", "&&")),
    ):
        part.text, part.size = text, 9
    page.HeaderFooter.oddFooter = footer


def _ledger_format(column: ExportColumn) -> str:
    if column.places is not None:
        return f"#,##0.{'0' * column.places}"
    return {"number": NUMBER, "date": DAY}.get(column.kind, "General")


def _number_format(value: Any, declared: str) -> str:
    """The column's format, or what the value itself asks for; a whole number is not written with a bare decimal point."""
    if isinstance(value, date):
        return declared if declared != "General" else MOMENT if isinstance(value, datetime) else DAY
    if isinstance(value, Decimal) and declared == "General":
        declared = NUMBER
    if declared.endswith("#") and "." in declared and value is not None and value % 1 == 0:
        return declared.partition(".")[0]
    return declared


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a column of that width; a Chinese character is two wide, as it is two bytes in GBK."""
    parts = text.split("\n") if "\n" in text else (text,)
    return sum(max(1, math.ceil(len(part.encode("gbk", "replace")) / max(width, 2))) for part in parts)


def _set_text(cell: StyledCell, text: str) -> None:
    """Text stays text, whatever it begins with; characters that XML cannot hold are left out."""
    # Not through `value`, which would examine each text for formulas once more.
    cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL], "s"


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:LONGEST_NAME] or "表"
    for candidate in chain([plain], (f"{plain[: LONGEST_NAME - 4]} ({n})" for n in range(2, 100))):
        if candidate.lower() not in taken:
            taken.add(candidate.lower())
            return candidate
    raise ValueError(f"too many sheets are called {name!r}")
