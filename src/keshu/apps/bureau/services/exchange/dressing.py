"""What helps a person fill in a sheet: notes on the heads, choices in the cells, grey where nothing is to be entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "科枢"
READ_ONLY_FILL = PatternFill("solid", fgColor="FFEDEFF2")
LISTS = "选项"
INLINE = 250  # characters of choices that a validation itself may hold
NOTE_WIDTH, NOTE_LINE = 240, 20  # px


def note(text: str) -> Comment:
    """A note on a cell, as large as its words need."""
    lines = sum(1 + len(line) // 17 for line in text.split("\n"))
    return Comment(text, AUTHOR, width=NOTE_WIDTH, height=NOTE_LINE * (lines + 1))


class ChoiceLists:
    """The choices of all sheets; those too long for a validation stand on a hidden sheet, each once."""

    def __init__(self) -> None:
        self._long: list[tuple[str, ...]] = []

    def offer(self, page: Worksheet, *, column: int, choices: Sequence[str], first: int, last: int) -> None:
        """Let the cells of a column be chosen from; other entries are warned of, not forbidden, so that pasting works."""
        words = tuple(choices)
        validation = DataValidation(type="list", formula1=self._formula(words), allow_blank=True, errorStyle="warning")
        validation.errorTitle, validation.error = "不在选项中", "这一格请从下拉选项中选，否则导入时会提示有误。"
        letter = get_column_letter(column)
        validation.add(f"{letter}{first}:{letter}{last}")
        page.data_validations.append(validation)

    def _formula(self, words: tuple[str, ...]) -> str:
        text = ",".join(words)
        if len(text) <= INLINE and not any(mark in word for word in words for mark in ',"'):
            return f'"{text}"'
        if words not in self._long:
            self._long.append(words)
        letter = get_column_letter(self._long.index(words) + 1)
        return f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(words)}"

    def write(self, book: Workbook) -> None:
        """The hidden sheet, where one is needed."""
        if not self._long:
            return
        page: Any = book.create_sheet(LISTS)
        page.sheet_state = "veryHidden"
        for number in range(max(map(len, self._long))):
            page.append([words[number] if number < len(words) else None for words in self._long])
