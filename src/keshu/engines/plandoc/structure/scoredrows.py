"""Rows of a flattened appraisal table (绩效自评表): its scores (分值, 得分) close each row, so cells are told from there back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keshu.engines.plandoc.passage import Cell

_SCORE = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})?|[—/-])$")
_VALUE_HEAD = re.compile("值$|目标|实际|完成")
_LEVEL = re.compile("指标$|(?:产出|效益|满意度|成本|数量|质量|时效)$")
_SUM = frozenset({"总分", "合计", "总计"})
_LONGEST = 12  # cells of one row with the remark of the row before; more is no table


def scored_rows(
    text: str, *, body: Iterator[tuple[int, int]], names: Sequence[str], at: int
) -> Iterator[tuple[Cell, ...]]:
    """The rows of `body`, lines of one cell each; `names` are the head words, `at` the column of 分值, 得分 behind it.

    A cell between two rows is a level of the indicators (产出指标) or the remark of the row above: empty cells leave no line.
    """
    values = sum(bool(_VALUE_HEAD.search(name)) for name in names[:at])
    row: list[Cell] | None = None
    held: list[Cell] = []
    for start, end in body:
        held.append(Cell(start, end, text[start:end]))
        if len(held) > _LONGEST:
            break
        if not _closes(held, values):
            continue
        named = len(held) - 2 - values if held[0].text not in _SUM else 1
        levels = [cell for cell in held[: named - 1] if _LEVEL.search(cell.text)]
        remarks = [cell for cell in held[: named - 1] if cell not in levels]
        if row is not None:
            yield _with_remark(row, remarks, at + 2)
        row = _placed(held, levels, named, at=at, values=values, width=len(names))
        held = []
    if row is not None:
        yield tuple(row)


def _closes(held: list[Cell], values: int) -> bool:
    """Whether the last two cells are the scores of a row: an indicator and its values stand before them, or a sum."""
    if len(held) < 3 or not all(_SCORE.match(cell.text) for cell in held[-2:]):
        return False
    return len(held) >= values + 3 or held[0].text in _SUM


def _placed(held: list[Cell], levels: list[Cell], named: int, *, at: int, values: int, width: int) -> list[Cell]:
    """The cells of one row at their columns; levels lean to the right, on the name of the indicator."""
    place = held[0].start
    row = [Cell(place, place, "")] * width
    name = at - values - 1
    row[name] = held[named - 1]
    for column, level in zip(range(name - 1, -1, -1), reversed(levels), strict=False):
        row[column] = level
    for column, cell in enumerate(held[named:-2], start=name + 1):
        row[column] = cell
    row[at], row[at + 1] = held[-2:]
    return row


def _with_remark(row: list[Cell], remarks: list[Cell], column: int) -> tuple[Cell, ...]:
    """The row with what stood between it and the next one, where the table has a column for it."""
    if not remarks or column >= len(row):
        return tuple(row)
    whole = replace(remarks[0], end=remarks[-1].end, text=" ".join(cell.text for cell in remarks))
    return (*row[:column], whole, *row[column + 1 :])
