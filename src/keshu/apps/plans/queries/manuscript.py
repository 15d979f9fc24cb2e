"""The left pane of the review page: the source text in chunks of paragraphs and tables, cut where highlights begin and end.

A long document is fetched chunk by chunk as the reader scrolls; the outline of all chunks is known from the start, so that
any place in the text can be reached at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keshu.apps.plans.models import (
    Certainty,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Review,
    SourceDocument,
    Target,
    Tense,
)
from keshu.apps.plans.permissions import can_see_plan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# Paragraphs in a chunk; a table is not torn apart unless it is longer than as many again.
CHUNK = 60
RULE_MARKS = frozenset("|-: \t")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the text, its ends in characters. ``paragraphs`` is how many lines it holds."""

    index: int
    start: int
    end: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that the same rows cover. ``kinds`` are class names; ``rows`` the rows, innermost first."""

    start: int
    text: str
    kinds: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``pieces``) or a table (``table``: rows of cells of pieces). ``level`` of its heading, else 0."""

    level: int
    pieces: tuple[Piece, ...] = ()
    table: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Manuscript:
    """All chunks by their ends, and one of them in full."""

    chunks: tuple[Chunk, ...]
    shown: Chunk | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class TextMark:
    """A place to highlight: its ends in characters, class names after ``mark--``, and the row that it belongs to."""

    start: int
    end: int
    kinds: tuple[str, ...]
    row: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that holds something; ``is_table`` for a row of a table."""

    start: int
    end: int
    is_table: bool


def manuscript(plan: WorkPlan, *, user: User, index: int = 0) -> Manuscript:
    """The outline and the blocks of chunk `index`. Those who may see the plan; four queries."""
    can_see_plan(user, plan)
    text = SourceDocument.objects.values_list("text", flat=True).get(pk=plan.source_id)
    lines = lines_of(text)
    ends = list(_chunk_ends(lines))
    groups = [lines[first:last] for first, last in itertools.pairwise([0, *ends])]
    chunks = tuple(Chunk(number, group[0].start, group[-1].end, len(group)) for number, group in enumerate(groups))
    if not 0 <= index < len(chunks):
        return Manuscript(chunks, None, ())
    shown = chunks[index]
    return Manuscript(chunks, shown, tuple(blocks_of(plan, text, groups[index])))


def blocks_of(plan: WorkPlan, text: str, lines: list[Line]) -> Iterator[Block]:
    """Some lines of the text, marked where rows quote them. Three queries."""
    marks, levels = _marks(plan, start=lines[0].start, end=lines[-1].end)
    return _blocks(text, lines, marks, levels)


def marked_blocks(text: str, marks: list[TextMark]) -> tuple[Block, ...]:
    """A whole text with the marks, in reading order, on it."""
    return tuple(_blocks(text, lines_of(text), marks, {}))


def lines_of(text: str) -> list[Line]:
    """Each line that holds something."""
    lines, start = [], 0
    for line in text.replace("\f", "\n").split("\n"):
        end = start + len(line)
        if line.strip():
            lines.append(Line(start, end, line.startswith("|")))
        start = end + 1
    return lines


def _chunk_ends(lines: list[Line]) -> Iterator[int]:
    """Where chunks end, as indexes into `lines`."""
    end = 0
    while end < len(lines):
        start, end = end, min(end + CHUNK, len(lines))
        while end < len(lines) and lines[end].is_table and lines[end - 1].is_table and end - start < 2 * CHUNK:
            end += 1
        yield end


def _marks(plan: WorkPlan, *, start: int, end: int) -> tuple[list[TextMark], dict[int, int]]:
    """What to highlight between two places, in reading order, and the levels of headings by where they begin."""
    near = {"plan": plan, "start__lt": end, "end__gt": start}
    marks: list[TextMark] = []
    for pk, first, last, value_start, value_end, review, tense, doubts in Target.objects.filter(**near).values_list(
        "pk", "start", "end", "value_start", "value_end", "review", "tense", "doubts"
    ):
        kind = "actual" if tense == Tense.ACTUAL else "target"
        marks.append(TextMark(first, last, (kind, *_state(review, doubtful=bool(doubts))), f"target-{pk}"))
        if (value_start, value_end) != (first, last):
            marks.append(TextMark(value_start, value_end, ("value", f"own-{kind}"), f"target-{pk}"))
    for pk, first, last, review, certainty, role in OwnerMention.objects.filter(**near).values_list(
        "pk", "start", "end", "review", "certainty", "role"
    ):
        unsure = certainty in (Certainty.UNKNOWN, Certainty.GUESS) and role != OwnerRole.PERSON
        marks.append(TextMark(first, last, ("owner", *_state(review, doubtful=unsure)), f"mention-{pk}"))
    levels: dict[int, int] = {}
    for pk, first, last, review, level in PlanNode.objects.filter(**near).values_list(
        "pk", "start", "end", "review", "level"
    ):
        marks.append(TextMark(first, last, ("heading", *_state(review, doubtful=False)), f"node-{pk}"))
        if review != Review.REJECTED:
            levels[first] = level
    return sorted((mark for mark in marks if mark.end > mark.start), key=lambda mark: (mark.start, -mark.end)), levels


def _state(review: str, *, doubtful: bool) -> tuple[str, ...]:
    if review == Review.REJECTED:
        return ("rejected",)
    if review != Review.PENDING:
        return ("decided",)
    return ("doubt",) if doubtful else ()


def _blocks(text: str, lines: list[Line], marks: list[TextMark], levels: dict[int, int]) -> Iterator[Block]:
    """Paragraphs one by one; the lines of a table together."""
    for is_table, group in itertools.groupby(_cut(text, lines, marks), key=lambda pair: pair[0].is_table):
        if not is_table:
            for line, pieces in group:
                yield Block(_level(line, marks, levels), pieces)
            continue
        rows = [_cells(pieces) for line, pieces in group if set(text[line.start : line.end]) - RULE_MARKS]
        yield Block(0, table=tuple(rows))


def _cut(text: str, lines: list[Line], marks: list[TextMark]) -> Iterator[tuple[Line, tuple[Piece, ...]]]:
    """One pass over lines and marks, both in reading order; a mark may run over several lines."""
    upcoming, open_marks = 0, []
    for line in lines:
        while upcoming < len(marks) and marks[upcoming].start < line.end:
            open_marks.append(marks[upcoming])
            upcoming += 1
        open_marks = [mark for mark in open_marks if mark.end > line.start]
        yield line, tuple(_pieces(text, line, open_marks))


def _pieces(text: str, line: Line, marks: list[TextMark]) -> Iterator[Piece]:
    """A line cut wherever a mark begins or ends."""
    cuts = {line.start, line.end}
    for mark in marks:
        cuts.update(place for place in (mark.start, mark.end) if line.start < place < line.end)
    for left, right in itertools.pairwise(sorted(cuts)):
        covering = _shown([mark for mark in marks if mark.start <= left and mark.end >= right])
        kinds = dict.fromkeys(f"mark--{kind}" for mark in covering for kind in mark.kinds)
        rows = dict.fromkeys(mark.row for mark in reversed(covering))
        yield Piece(left, text[left:right], " ".join(kinds), " ".join(rows))


def _shown(covering: list[TextMark]) -> list[TextMark]:
    """Rejected rows leave the look of the words to a row of the same kind that still stands there: split and undone."""
    standing = {mark.kinds[0] for mark in covering if "rejected" not in mark.kinds}
    return [
        replace(mark, kinds=()) if "rejected" in mark.kinds and mark.kinds[0] in standing else mark for mark in covering
    ]


def _level(line: Line, marks: list[TextMark], levels: dict[int, int]) -> int:
    """The level of the first heading that begins in the line."""
    return next((levels[place] for place in sorted(levels) if line.start <= place < line.end), 0)


def _cells(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of ``| cell | cell |`` by cell, without the bars and the spaces around them."""
    cells: list[list[Piece]] = [[]]
    for piece in pieces:
        place = piece.start
        for number, part in enumerate(piece.text.split("|")):
            if number:
                cells.append([])
            if part.strip():
                begin = place + len(part) - len(part.lstrip())
                cells[-1].append(replace(piece, start=begin, text=part.strip()))
            place += len(part) + 1
    return tuple(tuple(cell) for cell in cells[1:-1])
