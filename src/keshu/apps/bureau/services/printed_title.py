"""The title of a worksheet that takes several sheets of paper across: printed above every one of them, nowhere cut.

Columns that return on each sheet of paper would bring the beginning of a title that stands in the cells; so what is printed
begins at the head of the table, and the title stands in the header of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openpyxl.utils.escape import unescape
from openpyxl.worksheet.header_footer import HeaderFooterItem

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TITLE_SIZE, NOTE_SIZE = 16, 9  # points
ACROSS = 160  # characters of a note's size in a line, a Chinese one counted twice
LONGEST = 250  # Excel holds 255 in a header, the codes for sizes among them
EDGE = 0.35  # inches above the header


class _Header(HeaderFooterItem):
    """Lines stay lines: openpyxl would write the break as a word (_x000a_), which not every program reads as one."""

    def __str__(self) -> str:
        return str(unescape(super().__str__()))


def print_title_above(page: Worksheet, *, title: str, note: str, font: str, rows: str) -> None:
    """Print only `rows` (``A3:M40``), and the title with its note above them on each sheet of paper."""
    lines = list(_broken(note))
    written = "\n".join([title.replace("&", "&&")[:80], *(f"&{NOTE_SIZE} {line.replace('&', '&&')}" for line in lines)])
    header = _Header()
    header.left.text, header.left.size, header.left.font = written[:LONGEST], TITLE_SIZE, f"{font},Bold"
    page.HeaderFooter.oddHeader = header
    page.page_margins.header = EDGE
    page.page_margins.top = round(EDGE + (TITLE_SIZE * 1.5 + len(lines) * NOTE_SIZE * 1.5) / 72 + 0.1, 2)
    page.print_area = rows


def _broken(note: str) -> Iterator[str]:
    """The parts of a note in lines that fit the width of the paper; a header does not wrap by itself."""
    line = ""
    for part in filter(None, note.split("　")):
        longer = f"{line}　{part}" if line else part
        if line and len(longer.encode("gbk", "replace")) > ACROSS:
            yield line
            longer = part
        line = longer
    if line:
        yield line
