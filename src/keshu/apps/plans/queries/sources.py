"""The words a row was read from, in their context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.functions import Substr

from keshu.apps.plans.models import OwnerMention, PlanNode, SourceDocument, Target, titled
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.sentences import REACH, sentence_bounds

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A row's words in context: ``before`` + ``quote_before`` + ``value`` + ``quote_after`` + ``after`` is the original text.

    ``before`` and ``after`` reach to the ends of the sentence (or paragraph); ``start`` and ``end`` place the quote in the
    document. Without a number of its own, ``value`` is empty and ``quote_before`` the whole quote.
    """

    before: str
    quote_before: str
    value: str
    quote_after: str
    after: str
    path: tuple[str, ...]
    start: int
    end: int
    plan_id: int
    plan_title: str
    file_name: str
    doc_number: str
    revision: int

    @property
    def quote(self) -> str:
        return self.quote_before + self.value + self.quote_after

    @property
    def sentence(self) -> str:
        return self.before + self.quote + self.after


def source_sentence(row: Target | PlanNode | OwnerMention, *, user: User) -> SourceSentence:
    """Where a row comes from. Three queries; only the neighbourhood of the words is fetched, however long the document."""
    plan = row.plan
    can_see_plan(user, plan)
    first = max(0, row.start - REACH)
    source = (
        SourceDocument.objects.filter(pk=plan.source_id)
        .annotate(near=Substr("text", first + 1, row.end - first + REACH))
        .values("near", "file_name")
        .get()
    )
    near, start, end = source["near"], row.start - first, row.end - first
    sentence_start, sentence_end = sentence_bounds(near, start, end)
    value_start, value_end = end, end
    if isinstance(row, Target) and row.value_end > row.value_start:
        value_start, value_end = max(start, row.value_start - first), min(end, row.value_end - first)
    return SourceSentence(
        before=near[sentence_start:start],
        quote_before=near[start:value_start],
        value=near[value_start:value_end],
        quote_after=near[value_end:end],
        after=near[end:sentence_end],
        path=section_path(row),
        start=row.start,
        end=row.end,
        plan_id=plan.pk,
        plan_title=plan.title,
        file_name=source["file_name"],
        doc_number=plan.doc_number,
        revision=plan.revision,
    )


def section_path(row: Target | PlanNode | OwnerMention) -> tuple[str, ...]:
    """The headings down to the row. One query."""
    nodes = PlanNode.objects.filter(plan_id=row.plan_id).values_list("pk", "parent_id", "label", "heading")
    known = {pk: (parent, titled(label, heading)) for pk, parent, label, heading in nodes}
    above = row.parent_id if isinstance(row, PlanNode) else row.node_id
    path: list[str] = []
    while above is not None:
        above, title = known[above]
        path.append(title)
    return tuple(reversed(path))
