"""The published document as people read it, stretch by stretch, and where one row's words stand in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from keshu.apps.plans.models import OwnerMention, PlanNode, SourceDocument, Target
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.manuscript import Block, Line, blocks_of, lines_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# A stretch holds at most so many paragraphs, and (tables of figures are dense) so many rows' words; but whole tables.
PARAGRAPHS, MARKS = 300, 700
Row = Target | PlanNode | OwnerMention
MODELS: dict[str, type[Target] | type[PlanNode] | type[OwnerMention]] = {
    "target": Target,
    "node": PlanNode,
    "mention": OwnerMention,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of a document, `number` of `count`."""

    blocks: tuple[Block, ...]
    number: int
    count: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def document_stretch(plan: WorkPlan, *, user: User, number: int = 1, holding: Row | None = None) -> Stretch:
    """Stretch `number` (from 1; too large a number shows the last), or the one in which a row's words begin.

    Five queries. Those who may see the plan (Refused).
    """
    can_see_plan(user, plan)
    text = SourceDocument.objects.values_list("text", flat=True).get(pk=plan.source_id)
    lines = lines_of(text)
    if not lines:
        return Stretch((), 1, 1)
    first, *others = (model.objects.filter(plan=plan).order_by().values_list("start") for model in MODELS.values())
    starts = sorted(start for (start,) in first.union(*others, all=True))
    stretches = [lines[first:last] for first, last in pairwise([0, *_ends(lines, starts)])]
    if holding is not None:
        number = bisect_right([stretch[0].start for stretch in stretches], holding.start)
    number = min(max(number, 1), len(stretches))
    return Stretch(tuple(blocks_of(plan, text, stretches[number - 1])), number, len(stretches))


def row_by_ref(user: User, ref: str) -> Row | None:
    """The row that a reference (``target-12``) names, when the person may see it. One query."""
    kind, _, number = ref.rpartition("-")
    model = MODELS.get(kind)
    if model is None or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    rows = model.objects.visible_to(user).select_related("plan__organisation", "plan__source", "reviewed_by")
    rows = rows.select_related("plan__released_by", "plan__created_by")
    found: Row | None = rows.defer("plan__source__text", "plan__source__meta", "reading").filter(pk=int(number)).first()
    return found


def _ends(lines: Sequence[Line], starts: Sequence[int]) -> list[int]:
    """Where stretches end, as indexes into `lines`, given where the rows' words begin."""
    marks = list(accumulate(bisect_right(starts, line.end) - bisect_right(starts, line.start - 1) for line in lines))
    ends, begun, marked = [], 0, 0
    for index, line in enumerate(lines):
        in_table = line.is_table and index > begun and lines[index - 1].is_table
        is_full = index - begun >= PARAGRAPHS or marks[index] - marked > MARKS
        is_overfull = index - begun >= 2 * PARAGRAPHS or marks[index] - marked > 2 * MARKS
        if index > begun and (is_overfull or (is_full and not in_table)):
            ends.append(index)
            begun, marked = index, marks[index - 1]
    return [*ends, len(lines)]
