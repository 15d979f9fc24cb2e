"""Tables: pipe rows into head and body, captions, merged cells filled down."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.engines.plandoc.passage import Cell

_RULE_ROW = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+\s*$")
_ROWS = re.compile(r"^\|[^\n]*\|[ \t]*(?:\n\|[^\n]*\|[ \t]*)*", re.MULTILINE)
_NUMBER = re.compile(r"^[≥≤><=~约]?\s*[\d[(][\d.,%\])—\-~]*")
_CAPTION = re.compile(r"表|清单|台账|单位:|一览|附件|统计")


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as printed: the stretch it takes, its caption, head and body cells."""

    start: int
    end: int
    caption: str
    caption_start: int
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(text: str, start: int, end: int) -> list[RawTable]:
    """All tables of pipe rows between `start` and `end`."""
    if "|" not in text:
        return []
    return [
        table
        for match in _ROWS.finditer(text, start, end)
        for table in [_table(text, match.start(), match.end())]
        if table is not None
    ]


def _table(text: str, start: int, end: int) -> RawTable | None:
    lines = list(_lines(text, start, end))
    rows = [_cells(text, a, b) for a, b in lines if not _RULE_ROW.match(text[a:b])]
    rows = [row for row in rows if any(cell.text for cell in row)]
    caption, caption_start = caption_above(text, start)
    while rows and len({cell.text for cell in rows[0] if cell.text}) == 1 and len(rows) > 2:
        caption = f"{caption} {next(cell.text for cell in rows[0] if cell.text)}".strip()
        rows = rows[1:]
    if len(rows) < 2:
        return None
    depth = _head_depth(rows)
    head = _merged_head(rows[:depth])
    width = len(head)
    body = [
        (*row, *(Cell(row[-1].end, row[-1].end, "") for _ in range(width - len(row))))[:width]
        for row in rows[depth:]
        if row
    ]
    return RawTable(start, end, caption, caption_start, head, filled_down(body))


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, at = [], start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if stop > at:
            found.append((at, stop))
        at = stop + 1
    return found


def _cells(text: str, start: int, end: int) -> tuple[Cell, ...]:
    """The cells between the pipes of one row, trimmed."""
    cells: list[Cell] = []
    at = text.index("|", start, end) + 1
    while at < end:
        stop = text.find("|", at, end)
        if stop < 0:
            break
        begin, close = at, stop
        while begin < close and text[begin] in " \t\u3000":
            begin += 1
        while close > begin and text[close - 1] in " \t\u3000":
            close -= 1
        cells.append(Cell(begin, close, text[begin:close]))
        at = stop + 1
    return tuple(cells)


def caption_above(text: str, start: int) -> tuple[str, int]:
    """The title lines right above a table, at most two, and where they begin."""
    parts: list[str] = []
    at = start
    for _ in range(3):
        above = text.rfind("\n", 0, max(at - 1, 0)) + 1
        line = text[above : max(at - 1, above)].strip()
        if at <= 0 or len(line) > 60 or line.endswith(("。", ";")) or line.startswith("|"):
            break
        if line and not _CAPTION.search(line):
            break
        if line:
            parts.insert(0, line)
        at = above
    return " ".join(parts), at if parts else start


def _head_depth(rows: list[tuple[Cell, ...]]) -> int:
    """How many rows the head takes: a second row without numbers under repeated or empty head cells belongs to it."""
    first = [cell.text for cell in rows[0]]
    if len(rows) < 3:
        return 1
    gaps = [index for index, words in enumerate(first) if not words or first.count(words) > 1]
    second = rows[1]
    if not gaps or any(_NUMBER.match(cell.text) and not re.match(r"20\d\d", cell.text) for cell in second):
        return 1
    filled = [
        index for index, cell in enumerate(second) if cell.text and (index >= len(first) or cell.text != first[index])
    ]
    return 2 if filled and all(index in gaps or index + 1 in gaps for index in filled) else 1


def _merged_head(rows: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """One head cell per column; a two-storey head joins its words, the upper filled to the right."""
    if len(rows) == 1:
        return rows[0]
    upper, lower = rows
    merged: list[Cell] = []
    carried = ""
    for index, cell in enumerate(lower):
        above = upper[index].text if index < len(upper) else ""
        carried = above or carried
        words = above if not cell.text or cell.text == above else f"{carried}{cell.text}"
        place = cell if cell.text else (upper[index] if index < len(upper) else cell)
        merged.append(Cell(place.start, place.end, words))
    return tuple(merged)


def filled_down(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Empty leading cells take the words of the cell above (a merged first column), never number cells."""
    filled: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = list(row)
        if filled:
            for index, cell in enumerate(cells[: max(1, len(cells) // 2)]):
                above = filled[-1][index] if index < len(filled[-1]) else None
                if cell.text or above is None or _NUMBER.match(above.text):
                    break
                cells[index] = Cell(cell.start, cell.end, above.text)
        filled.append(tuple(cells))
    return tuple(filled)
