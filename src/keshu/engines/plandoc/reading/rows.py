"""Tables of any format as lines ``| cell | cell |``, merged cells filled in."""

from __future__ import annotations

import re

from keshu.engines.plandoc.reading.refusal import LONGEST_TEXT, too_long

_FOLD = re.compile(r"[ \t\r\n\f]*[\r\n\f][ \t\r\n\f]*")
_WIDEST = 60


class Grid:
    """Cells by row and column. A cell merged downward repeats in each row; a cell merged across repeats in each column,
    unless it fills the row: a title line inside a table stays one cell."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, str]] = {}
        self._spans: dict[int, list[int]] = {}
        self._length = 0

    def put(self, row: int, column: int, text: str, *, width: int = 1, continued: bool = False) -> None:
        """Set a cell; `continued` takes the text of the cell above.

        Raises
        ------
        PlanDocumentError
            the merged cells repeat more text than a document may hold
        """
        if continued:
            text = self._rows.get(row - 1, {}).get(column, "")
        self._length += (len(text) + 3) * min(width, _WIDEST)
        if self._length > LONGEST_TEXT:
            raise too_long()
        cells = self._rows.setdefault(row, {})
        self._spans.setdefault(row, []).append(width)
        for place in range(column, min(column + width, _WIDEST)):
            cells[place] = text

    def has(self, row: int, column: int) -> bool:
        return column in self._rows.get(row, {})

    def lines(self) -> list[str]:
        lines = []
        for row in sorted(self._rows):
            cells = self._rows[row]
            texts = [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
            if len(self._spans[row]) == 1 and self._spans[row][0] > 1:
                texts = texts[:1]
            if any(text.strip() for text in texts):
                lines.append(pipe_row(texts))
        return lines


def pipe_row(cells: list[str]) -> str:
    """One row as a line; line ends inside a cell are folded, a bar inside a cell gives way to a slash."""
    return "| " + " | ".join(_FOLD.sub(" ", cell.strip()).replace("|", "/") for cell in cells) + " |"
