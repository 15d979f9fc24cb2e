"""What the head of a column says of the figures under it: whose they are, of when, and how reckoned."""

from __future__ import annotations

from keshu.kernel.span import Span


def head_of(text: str, line: Span, at: int) -> str:
    """The head of the column in which a figure stands; empty outside a table and in the head itself.

    >>> table = "| 县区 | 目标 | 上月末 |\\n| --- | --- | --- |\\n| 甲县 | 12 | 9 |"
    >>> head_of(table, Span(table.rindex("| 甲县"), len(table)), table.index("9"))
    '上月末'
    """
    if not text.startswith("|", line.start):
        return ""
    column = text.count("|", line.start, at)
    first = line.start
    while (above := text.rfind("\n", 0, max(first - 1, 0)) + 1) < first and text.startswith("|", above):
        first = above
    if first == line.start:
        return ""
    cells = text[first : text.find("\n", first)].split("|")
    return cells[column].strip() if column < len(cells) else ""
