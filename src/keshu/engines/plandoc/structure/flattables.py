"""Tables that lost their lines: cells on lines of their own, or glued by blanks. The head words find and align them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, takewhile

from keshu.engines.plandoc.passage import Cell
from keshu.engines.plandoc.structure.labels import Style, label_at
from keshu.engines.plandoc.structure.scoredrows import scored_rows
from keshu.engines.plandoc.structure.tables import RawTable, caption_above, filled_down

# A column that only a table has; without one of these a row of short words is no head.
_ANCHOR = re.compile(
    r"序号|编号|(?:[一二三四]级|绩效|考核|评价)?指标(?:名称|内容|项目)?|(?:重点|主要|工作"
    r"|年度)?任务(?:名称|内容)?|项目资金(?:\(万?元\))?|工作(?:内容|事项)|事项|项目名称|县\(市、区\)|县区|地区"
)
_HEAD = re.compile(
    rf"(?:{_ANCHOR.pattern}|(?:计量)?单位|单位名称|指标(?:值|性质|类型|属性|方向)|(?:年度|全年|目标"
    rf"|当年|本期|上年|基期|现状|期末|累计|同比|完成|实际|计划|预期|权重|评分)[\u4e00-\u9fff]{{0,6}}"
    r"|(?:19|20)\d\d年?[\u4e00-\u9fff]{0,8}(?:\(.{1,8}\))?|[\u4e00-\u9fff]{0,8}(?:目标|目标值|实际"
    r"|实际值|完成值|完成率|增速|增长|比重|排名|名次|得分|分值|基期值|进度|情况)(?:\(.{1,8}\))?"
    r"|[\u4e00-\u9fff]{2,12}\([\u4e00-\u9fff%/]{1,6}\)|属性|性质|类别|备注|说明|依据|责任(?:单位"
    r"|部门|科室|处室|股室|领导|人|主体)|牵头(?:单位|部门|科室|处室|领导)|配合(?:单位|部门|科室)"
    r"|协办单位|分管领导|完成(?:时限|时间|期限)|时限|时间节点"
    r"|[\u4e00-\u9fff]{0,4}(?:预算|执行|决算)[数率额]|(?:主要|具体|工作)?(?:措施|举措|目标|要求|标准)"
    r"|[\u4e00-\u9fff]{0,6}原因(?:分析|说明)?(?:[及和与](?:改进|整改)措施)?|(?:改进|整改)措施)$"
)
_MAY_HOLD = re.compile(r"[ \t]*(?:" + _ANCHOR.pattern + r"|类别|责任单位|单位名称)(?=[ \t\n])")
# With the line feed in front the search jumps from line to line instead of asking at every character.
_MAY_HOLD_BELOW = re.compile("\n" + _MAY_HOLD.pattern)
_BLANKS = re.compile(r"[ \t\u3000]+")
_NUMBERS = ("序号", "编号")
_FIGURE = re.compile(r"[\d—-]")
_WIDEST = 16  # columns
_INTEGER = re.compile(r"\d{1,3}$")
_STOPS = re.compile(r"(?:注|说明|备注|附注|来源)\s*:")
_SECTIONS = frozenset({Style.PART, Style.CHAPTER, Style.SECTION, Style.HAN, Style.HAN_PAREN})

Line = tuple[int, int]


def find_flat_tables(text: str, start: int, end: int) -> list[RawTable]:
    """Tables without pipes between `start` and `end`, in order."""
    found: list[RawTable] = []
    at = start
    while True:
        opening = _MAY_HOLD.match(text, 0, end) if at == 0 else None
        begin = 0
        if opening is None:
            opening = _MAY_HOLD_BELOW.search(text, max(0, at - 1), end)
            if opening is None:
                return found
            begin = opening.start() + 1
        at = opening.end()
        table = _glued(text, begin, end)
        if table is None:
            table, at = _stacked(text, begin, end)
        if table is not None:
            found.append(table)
            at = max(table.end, opening.end())


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    """Non-empty lines from `start`, trimmed."""
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        begin, close = at, stop
        while begin < close and text[begin] in " \t\u3000":
            begin += 1
        while close > begin and text[close - 1] in " \t\u3000":
            close -= 1
        if close > begin:
            yield begin, close
        at = stop + 1


def _cells_of(text: str, line: Line) -> list[Cell]:
    """The words of a line that blanks part."""
    cells, at = [], line[0]
    for blank in [*_BLANKS.finditer(text, *line), None]:
        upto = line[1] if blank is None else blank.start()
        if upto > at:
            cells.append(Cell(at, upto, text[at:upto]))
        at = line[1] if blank is None else blank.end()
    return cells


def _ends_table(text: str, line: Line) -> bool:
    """Whether a line belongs to the text behind a table."""
    if _STOPS.match(text, line[0]) or text[line[0]] == "|":
        return True
    label = label_at(text, *line)
    return label is not None and label.style in _SECTIONS


def _glued(text: str, start: int, end: int) -> RawTable | None:
    """One line per row, cells parted by blanks; short rows are aligned to the right (a merged first column is above)."""
    lines = _lines(text, start, end)
    head = _cells_of(text, next(lines))
    if len(head) < 3 or not _is_head([cell.text for cell in head]):
        return None
    rows: list[tuple[Cell, ...]] = []
    last = start
    for line in lines:
        cells = _cells_of(text, line)
        if _ends_table(text, line) or not 2 <= len(cells) <= len(head) + 4 or _is_head([c.text for c in cells]):
            break
        rows.append(_aligned(text, cells, len(head)))
        last = line[1]
    return _table(text, start, last, tuple(head), rows)


def _aligned(text: str, cells: list[Cell], width: int) -> tuple[Cell, ...]:
    """`cells` stretched or joined to `width` columns."""
    if len(cells) > width:
        surplus = len(cells) - width
        texts = [index for index, cell in enumerate(cells) if not cell.text[0].isdigit()]
        at = min(max(texts[:1] or [0], default=0), width - 1)
        joined = Cell(cells[at].start, cells[at + surplus].end, text[cells[at].start : cells[at + surplus].end])
        return (*cells[:at], joined, *cells[at + surplus + 1 :])
    missing = width - len(cells)
    return (*(Cell(cells[0].start, cells[0].start, "") for _ in range(missing)), *cells)


def _stacked(text: str, start: int, end: int) -> tuple[RawTable | None, int]:
    """One line per cell: head words first, then the rows, told by 序号, by the scores that close them, or by counting.

    Without a table, the second is where to look on: behind the first line, or behind words too many for a head.
    """
    lines = _lines(text, start, end)
    head: list[Cell] = []
    first: Line | None = None
    for line in lines:
        words = text[line[0] : line[1]]
        if len(words) > 16 or not _HEAD.match(words):
            first = line
            break
        head.append(Cell(line[0], line[1], words))
        if len(head) > _WIDEST:
            return None, head[-1].start
    opening = [first] if first is not None else []
    if first is not None and len(head) > 3 and head[0].text not in _NUMBERS and _FIGURE.match(text, first[0]):
        # No row opens with a figure: the last of the words (年度资金总额) names the first row.
        opening.insert(0, (head[-1].start, head.pop().end))
    onward = head[0].end if head else end if first is None else first[1]
    names = [cell.text for cell in head]
    if not opening or not _is_head(names):
        return None, onward
    body = takewhile(lambda line: not _ends_table(text, line), chain(opening, lines))
    rows = list(_stacked_rows(text, body, names))
    if sum(bool(cell.text) for row in rows for cell in row) < len(head):
        return None, onward
    last = max((cell.end for cell in rows[-1]), default=start)
    return _table(text, start, last, tuple(head), rows), onward


def _stacked_rows(text: str, body: Iterator[Line], names: list[str]) -> Iterator[tuple[Cell, ...]]:
    width = len(names)
    if names[0] in _NUMBERS:
        return _numbered_rows(text, body, width)
    if "得分" in names and (at := names.index("得分") - 1) >= 2 and names[at] in ("分值", "权重"):
        return scored_rows(text, body=body, names=names, at=at)
    return _counted_rows(text, body, width)


def _numbered_rows(text: str, body: Iterator[Line], width: int) -> Iterator[tuple[Cell, ...]]:
    """Rows that open with 1, 2, 3 …; a cell broken over lines is joined to the one before it."""
    row: list[Cell] = []
    expected = 1
    for start, end in body:
        words = text[start:end]
        if _INTEGER.match(words) and int(words) == expected and (not row or len(row) >= min(width, 3)):
            if row:
                yield _padded(row, width)
            row, expected = [Cell(start, end, words)], expected + 1
        elif not row or (len(row) >= width and len(words) > 60):
            break
        elif len(row) >= width:
            row[-1] = Cell(row[-1].start, end, text[row[-1].start : end])
        else:
            row.append(Cell(start, end, words))
    if row:
        yield _padded(row, width)


def _counted_rows(text: str, body: Iterator[Line], width: int) -> Iterator[tuple[Cell, ...]]:
    """Rows of as many lines as the head has columns; a long line ends the table, and words where figures stood above."""
    figures = False
    while len(lines := list(islice(body, width))) == width:
        cells = tuple(Cell(start, end, text[start:end]) for start, end in lines)
        now = sum(bool(_FIGURE.match(cell.text)) for cell in cells) * 2 >= width
        if any(end - start > 80 for start, end in lines) or (figures and not now):
            return
        figures = figures or now
        yield cells


def _padded(row: list[Cell], width: int) -> tuple[Cell, ...]:
    return (*row, *(Cell(row[-1].end, row[-1].end, "") for _ in range(width - len(row))))


def _is_head(words: list[str]) -> bool:
    """Whether the words of a line, most of them, are head words and one of them an anchor."""
    known = sum(bool(_HEAD.match(word)) for word in words)
    return known >= max(3, len(words) - 1) and any(_ANCHOR.fullmatch(word) for word in words)


def _table(text: str, start: int, end: int, head: tuple[Cell, ...], rows: list[tuple[Cell, ...]]) -> RawTable | None:
    if not rows:
        return None
    caption, caption_start = caption_above(text, start)
    return RawTable(start, end, caption, caption_start, head, filled_down(rows))
