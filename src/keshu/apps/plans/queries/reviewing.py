"""The review page: the document cut into segments that know their rows, and the grid of rows beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.plans.models import (
    Certainty,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Review,
    Target,
)
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.holders import held_parts, offices_meant
from keshu.apps.plans.queries.lines import OwnerLine, TargetLine, owner_line, target_line

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters that the same rows cover. ``kinds`` are of claim, value, owner, heading, doubt, rejected."""

    start: int
    text: str
    kinds: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the source text. ``level`` is that of the heading it opens with, 0 for none; ``is_table`` a table row."""

    index: int
    start: int
    end: int
    level: int
    is_table: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A stretch of the document, ``first`` to ``first + len(paragraphs)`` of ``total`` paragraphs."""

    first: int
    total: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def has_more(self) -> bool:
        return self.first + len(self.paragraphs) < self.total


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the review grid. ``version`` goes back with the next action on it; one of the last three is set."""

    ref: str
    kind: str
    start: int
    end: int
    review: str
    review_label: str
    doubts: tuple[str, ...]
    version: int
    remark: str
    reviewed_by: str
    reviewed_at: datetime | None
    section: str
    quote: str
    target: TargetLine | None = None
    node: PlanNode | None = None
    owner: OwnerLine | None = None

    @property
    def is_pending(self) -> bool:
        return self.review == Review.PENDING

    @property
    def is_doubtful(self) -> bool:
        return self.is_pending and bool(self.doubts)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kinds: tuple[str, ...]
    row: str


def review_document(plan: WorkPlan, *, user: User, first: int = 0, count: int | None = None) -> ReviewDocument:
    """The source text as paragraphs of highlighted segments; `first` and `count` fetch a stretch of a long one. Four queries."""
    can_see_plan(user, plan)
    text = plan.source.text
    bounds = _paragraph_bounds(text)
    chosen = list(enumerate(bounds))[first : None if count is None else first + count]
    levels = dict(PlanNode.objects.kept().filter(plan=plan).values_list("start", "level"))
    if not chosen:
        return ReviewDocument(first, len(bounds), ())
    marks = [mark for mark in _marks(plan) if mark.end > chosen[0][1][0] and mark.start < chosen[-1][1][1]]
    return ReviewDocument(first, len(bounds), tuple(_paragraphs(text, chosen, marks, levels)))


def review_rows(
    plan: WorkPlan, *, user: User, refs: Iterable[str] | None = None, kind: str = "", state: str = ""
) -> tuple[GridRow, ...]:
    """The grid, doubtful rows first, then in reading order. Seven queries at most.

    `refs` asks for certain rows only (after an action); `kind` is target, node or mention; `state` a Review value, or
    ``doubtful``.
    """
    can_see_plan(user, plan)
    wanted = None if refs is None else set(refs)

    def asked(of: str) -> bool:
        return kind in ("", of) and (wanted is None or any(ref.startswith(f"{of}-") for ref in wanted))

    text = plan.source.text
    headings = {
        pk: f"{label}{heading}"
        for pk, label, heading in PlanNode.objects.filter(plan=plan).values_list("pk", "label", "heading")
    }
    rows: list[GridRow] = []
    if asked("target"):
        rows += _target_rows(plan, wanted, text, headings)
    if asked("node"):
        rows += _node_rows(plan, wanted, text, headings)
    if asked("mention"):
        rows += _mention_rows(plan, wanted, text, headings)
    if state == "doubtful":
        rows = [row for row in rows if row.is_doubtful]
    elif state:
        rows = [row for row in rows if row.review == state]
    return tuple(sorted(rows, key=lambda row: (not row.is_doubtful, row.start, row.end, row.ref)))


def mention_doubts(mention: OwnerMention, *, is_resolved: bool) -> tuple[str, ...]:
    """Why a printed name needs a person's eye."""
    if mention.role == OwnerRole.PERSON or mention.is_outside:
        return ()
    if not is_resolved:
        return ("没有找到对应的单位",)
    return ("按相近名称推测，请确认",) if mention.certainty == Certainty.GUESS else ()


def _paragraph_bounds(text: str) -> list[tuple[int, int]]:
    """Start and end of each line that holds something; line and form feeds belong to none."""
    bounds, start = [], 0
    for line in text.replace("\f", "\n").split("\n"):
        end = start + len(line)
        if line.strip():
            bounds.append((start, end))
        start = end + 1
    return bounds


def _marks(plan: WorkPlan) -> list[_Mark]:
    """Everything to highlight, in reading order."""
    marks: list[_Mark] = []
    targets = Target.objects.filter(plan=plan).values_list(
        "pk", "start", "end", "value_start", "value_end", "review", "doubts"
    )
    for pk, start, end, value_start, value_end, review, doubts in targets:
        row, more = f"target-{pk}", _states(review, doubtful=bool(doubts))
        marks.append(_Mark(start, end, ("claim", *more), row))
        if (value_start, value_end) != (start, end):
            marks.append(_Mark(value_start, value_end, ("value",), row))
    for pk, start, end, review, certainty, role in OwnerMention.objects.filter(plan=plan).values_list(
        "pk", "start", "end", "review", "certainty", "role"
    ):
        unsure = certainty in (Certainty.UNKNOWN, Certainty.GUESS) and role != OwnerRole.PERSON
        marks.append(_Mark(start, end, ("owner", *_states(review, doubtful=unsure)), f"mention-{pk}"))
    for pk, start, end, review in PlanNode.objects.filter(plan=plan).values_list("pk", "start", "end", "review"):
        marks.append(_Mark(start, end, ("heading", *_states(review, doubtful=False)), f"node-{pk}"))
    return sorted((mark for mark in marks if mark.end > mark.start), key=lambda mark: (mark.start, -mark.end))


def _states(review: str, *, doubtful: bool) -> tuple[str, ...]:
    if review == Review.REJECTED:
        return ("rejected",)
    return ("doubt",) if doubtful and review == Review.PENDING else ()


def _paragraphs(
    text: str, bounds: Iterable[tuple[int, tuple[int, int]]], marks: list[_Mark], levels: dict[int, int]
) -> Iterable[Paragraph]:
    """One pass over paragraphs and marks, both in reading order; a mark may run over several paragraphs."""
    upcoming, open_marks = 0, []
    for index, (start, end) in bounds:
        while upcoming < len(marks) and marks[upcoming].start < end:
            open_marks.append(marks[upcoming])
            upcoming += 1
        open_marks = [mark for mark in open_marks if mark.end > start]
        level = next((levels[mark.start] for mark in open_marks if start <= mark.start and mark.start in levels), 0)
        yield Paragraph(
            index, start, end, level, text.startswith("|", start), tuple(_segments(text, start, end, open_marks))
        )


def _segments(text: str, start: int, end: int, marks: list[_Mark]) -> Iterable[Segment]:
    """Cut a paragraph wherever a mark begins or ends."""
    cuts = {start, end}
    for mark in marks:
        cuts.update(place for place in (mark.start, mark.end) if start < place < end)
    places = sorted(cuts)
    for left, right in itertools.pairwise(places):
        covering = [mark for mark in marks if mark.start <= left and mark.end >= right]
        kinds = tuple(dict.fromkeys(kind for mark in covering for kind in mark.kinds))
        rows = tuple(dict.fromkeys(mark.row for mark in reversed(covering)))
        yield Segment(left, text[left:right], kinds, rows)


def _only(queryset: Any, prefix: str, wanted: set[str] | None) -> Any:
    queryset = queryset.select_related("reviewed_by")
    if wanted is None:
        return queryset
    ids = [int(ref.rpartition("-")[2]) for ref in wanted if ref.startswith(f"{prefix}-")]
    return queryset.filter(pk__in=ids)


def _grid_row(row: Any, kind: str, text: str, section: str, doubts: tuple[str, ...], **line: Any) -> GridRow:
    return GridRow(
        ref=f"{kind}-{row.pk}", kind=kind, start=row.start, end=row.end, review=row.review,
        review_label=row.get_review_display(), doubts=doubts, version=row.version, remark=row.remark,
        reviewed_by="" if row.reviewed_by is None else str(row.reviewed_by), reviewed_at=row.reviewed_at,
        section=section, quote=text[row.start : row.end], **line,
    )  # fmt: skip


def _target_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    rows = list(_only(Target.objects.filter(plan=plan), "target", wanted))
    lines = {row.pk: target_line(row) for row in rows}
    stretches = {row.floor_id: lines[row.pk] for row in reversed(rows) if row.review != Review.REJECTED}
    return [
        _grid_row(
            row, "target", text, headings.get(row.node_id, ""), tuple(row.doubts),
            target=target_line(row, stretch=stretches.get(row.pk)),
        )
        for row in rows
    ]  # fmt: skip


def _node_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    rows = _only(PlanNode.objects.filter(plan=plan), "node", wanted)
    return [_grid_row(row, "node", text, headings.get(row.parent_id, ""), (), node=row) for row in rows]


def _mention_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    held = offices_meant(held_parts(plan))
    rows = []
    for row in _only(OwnerMention.objects.filter(plan=plan), "mention", wanted):
        offices = held.get(row.pk, ())
        rows.append(
            _grid_row(
                row, "mention", text, headings.get(row.node_id, ""), mention_doubts(row, is_resolved=bool(offices)),
                owner=owner_line(row, offices=offices),
            )
        )  # fmt: skip
    return rows
