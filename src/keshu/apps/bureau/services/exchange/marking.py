"""The workbook handed back: the same sheet with the faulty cells filled and commented, and a last column that says what to do.

What is wrong with a row as a whole reddens the row and is told at its first cell.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from keshu.apps.bureau.services.exchange.comparing import CheckedRow, Fault
from keshu.apps.bureau.services.exchange.dressing import AUTHOR, note
from keshu.apps.bureau.services.exchange.reading import Table
from keshu.apps.bureau.services.exchange.sheets import OPINION
from keshu.apps.bureau.services.exchange.writing import HEAD, HEAD_FILL, SEAL

FAULT_COLOUR = "FFFFC7CE"
FAULT_FILL = PatternFill("solid", fgColor=FAULT_COLOUR)
# The same red to the eye, by which the cells of a faulty row are known as ours when the copy comes back.
ROW_COLOUR = "FFFFC7CF"
ROW_FILL = PatternFill("solid", fgColor=ROW_COLOUR)
OPINION_WIDTH = 60.0


def marked_workbook(data: bytes, *, table: Table, rows: Sequence[CheckedRow]) -> bytes:
    """A copy of the workbook with its faults marked; of an old or a CSV file, a workbook with the same cells."""
    book = _opened(data, table)
    page: Any = book[table.sheet] if table.sheet in book.sheetnames else book.worksheets[0]
    _wipe(page)
    column = table.opinion if table.opinion is not None else _after(table)
    head = page.cell(table.head + 1, column + 1)
    head.value, head.font, head.fill = OPINION, Font(name=HEAD, bold=True), HEAD_FILL
    page.column_dimensions[get_column_letter(column + 1)].width = OPINION_WIDTH
    for number in range(table.head + 2, page.max_row + 1):
        if page.cell(number, column + 1).value is not None:
            page.cell(number, column + 1).value = None
    for row in rows:
        _mark(page, row, table=table, column=column)
    book.active = book.worksheets.index(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(data: bytes, table: Table) -> Workbook:
    try:
        return load_workbook(io.BytesIO(data))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError):
        book = Workbook()
        page: Any = book.active
        page.title = "导入的表"
        for cells in table.cells:
            page.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in cells])
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
        return book


def _after(table: Table) -> int:
    """The first column with nothing in it, beside whatever people wrote."""
    widths = (column for cells in table.cells for column, cell in enumerate(cells) if cell not in (None, ""))
    return max(widths, default=0) + 1


def _wipe(page: Any) -> None:
    """Take the marks of an earlier round off."""
    for row in page.iter_rows():
        for cell in row:
            colour = cell.fill.fgColor.rgb
            is_ours = cell.comment is not None and cell.comment.author == AUTHOR and colour == FAULT_COLOUR
            if is_ours or (colour == ROW_COLOUR and not isinstance(cell, MergedCell)):
                cell.comment, cell.fill = None, PatternFill()


def _mark(page: Any, row: CheckedRow, *, table: Table, column: int) -> None:
    if not row.faults and not row.notes:
        return
    cell = page.cell(row.number, column + 1)
    if not isinstance(cell, MergedCell):
        words = [_told(fault) for fault in row.faults]
        cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", "\n".join([*words, *row.notes])), "s"
        cell.font, cell.alignment = Font(color=SEAL if words else None), Alignment(wrap_text=True, vertical="center")
    places = sorted(table.places.values())
    said: dict[int, list[str]] = defaultdict(list)
    for fault in row.faults:
        place = table.places.get(fault.key or "")
        said[places[0] if place is None else place].append(_told(fault) if place is None else fault.message)
    if any(table.places.get(fault.key or "") is None for fault in row.faults):
        for place in places:
            _redden(page.cell(row.number, place + 1), ROW_FILL)
    for place, messages in said.items():
        faulty = page.cell(row.number, place + 1)
        if not isinstance(faulty, MergedCell):
            _redden(faulty, FAULT_FILL)
            faulty.comment = note("\n".join(messages))


def _told(fault: Fault) -> str:
    return f"“{fault.label}”：{fault.message}" if fault.label else fault.message


def _redden(cell: Any, fill: PatternFill) -> None:
    if not isinstance(cell, MergedCell):
        cell.fill = fill
