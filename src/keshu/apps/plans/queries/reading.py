"""The published document as people read it, stretch by stretch, and where one row's words stand in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models.functions import Substr

from keshu.apps.plans.models import OwnerMention, PlanNode, SourceDocument, Target
from keshu.apps.plans.queries.reviewing import Paragraph, ReviewDocument, Segment, review_document

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# Paragraphs on one page: the longest plans have a few hundred, five-year plans with appendices some thousands.
STRETCH = 400
Row = Target | PlanNode | OwnerMention
MODELS: dict[str, type[Target] | type[PlanNode] | type[OwnerMention]] = {
    "target": Target,
    "node": PlanNode,
    "mention": OwnerMention,
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``rows`` empty), or a table: rows of cells, each a run of segments."""

    paragraph: Paragraph | None
    rows: tuple[tuple[tuple[Segment, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of a document, with the numbers of the stretches before and after it (None: there is none)."""

    document: ReviewDocument
    number: int
    count: int

    @property
    def blocks(self) -> list[Block]:
        """Paragraphs, with the rows of a table brought together."""
        blocks: list[Block] = []
        for is_table, group in groupby(self.document.paragraphs, key=lambda paragraph: paragraph.is_table):
            if is_table:
                blocks.append(Block(None, tuple(_cells(paragraph) for paragraph in group)))
            else:
                blocks += [Block(paragraph) for paragraph in group]
        return blocks

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def document_stretch(plan: WorkPlan, *, user: User, number: int) -> Stretch:
    """Stretch `number` (from 1; too large a number shows the last). Five queries. Those who may see the plan (Refused)."""
    number = max(1, number)
    document = review_document(plan, user=user, first=(number - 1) * STRETCH, count=STRETCH)
    count = max(1, -(-document.total // STRETCH))
    if number > count:
        number = count
        document = review_document(plan, user=user, first=(number - 1) * STRETCH, count=STRETCH)
    return Stretch(document, number, count)


def stretch_holding(row: Row) -> int:
    """The number of the stretch in which the row's words begin. One query."""
    before = (
        SourceDocument.objects.filter(pk=row.plan.source_id)
        .annotate(before=Substr("text", 1, row.start + 1))
        .values_list("before", flat=True)
        .get()
    )
    paragraphs = sum(1 for line in before.replace("\f", "\n").split("\n") if line.strip())
    return max(0, paragraphs - 1) // STRETCH + 1


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


def _cells(paragraph: Paragraph) -> tuple[tuple[Segment, ...], ...]:
    """A table row, ``| a | b |`` in the text, cut at its bars; segments keep their places."""
    cells: list[list[Segment]] = [[]]
    for segment in paragraph.segments:
        start = segment.start
        for number, part in enumerate(segment.text.split("|")):
            if number:
                cells.append([])
                start += 1
            if part.strip():
                cells[-1].append(replace(segment, start=start, text=part))
            start += len(part)
    inner = cells[1:] if not cells[0] else cells
    return tuple(tuple(cell) for cell in (inner[:-1] if inner and not inner[-1] else inner))
