"""One target with all that is known about it: who answers, what it stretches or restates, what contradicts it, its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q

from keshu.apps.bureau.queries.history import HistoryPage
from keshu.apps.plans.models import OwnerRole, Responsibility, Review, Target, Tense
from keshu.apps.plans.queries.courses import course_words
from keshu.apps.plans.queries.histories import row_history
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, SUPPORTING, baseline, leads_elsewhere, outside_names
from keshu.apps.plans.queries.lines import OfficeRef, requirement_of
from keshu.apps.plans.queries.sources import SourceSentence, source_sentence
from keshu.apps.plans.queries.target_ledgers import REVIEW_MARKS
from keshu.apps.plans.queries.wording import period_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.ledger import Mark


@dataclass(frozen=True, slots=True)
class Owners:
    """Who answers for a task, by role."""

    leads: tuple[OfficeRef, ...]
    supports: tuple[OfficeRef, ...]
    is_inherited: bool

    @property
    def names(self) -> str:
        return "、".join(office.name for office in self.leads)


@dataclass(frozen=True, slots=True)
class TargetCard:
    """Everything the detail page of a target shows."""

    row: Target
    requirement: str
    source: SourceSentence
    owners: Owners
    stretch: Target | None
    floor: Target | None
    baseline: Target | None
    restates: Target | None
    restated_by: tuple[Target, ...]
    contradictions: tuple[str, ...]
    history: HistoryPage

    @property
    def course(self) -> str:
        return course_words(self.row) if self.row.tense == Tense.TARGET else ""

    @property
    def mark(self) -> Mark:
        return REVIEW_MARKS[Review(self.row.review)]

    @property
    def ref(self) -> str:
        return f"target-{self.row.pk}"

    @property
    def stretch_text(self) -> str:
        return "" if self.stretch is None else requirement_of(self.stretch)

    @property
    def floor_text(self) -> str:
        return "" if self.floor is None else requirement_of(self.floor)

    @property
    def baseline_text(self) -> str:
        if self.baseline is None:
            return ""
        period = period_text(self.baseline.period)
        return requirement_of(self.baseline) + (f"（{period}）" if period else "")

    @property
    def period(self) -> str:
        return period_text(self.row.period)


def target_by_id(user: User) -> QuerySet[Target]:
    """Targets the person may see, with what a card needs of the plan; without the document's text."""
    rows = Target.objects.visible_to(user).select_related("plan__organisation", "plan__source", "node", "reviewed_by")
    rows = rows.select_related("plan__created_by", "plan__released_by")
    return rows.defer("plan__source__text", "plan__source__meta", "reading", "node__reading").annotate(
        baseline_id=baseline(),
        outside_leads=outside_names(OuterRef("node_id"), roles=ACCOUNTABLE),
        outside_supports=outside_names(OuterRef("node_id"), roles=SUPPORTING),
        leads_elsewhere=leads_elsewhere(),
    )


def target_card(row: Target, *, user: User, with_history: bool = True) -> TargetCard:
    """The card of a row out of `target_by_id`. Five queries, four without the history."""
    source = source_sentence(row, user=user)
    baseline_id = row.baseline_id  # type: ignore[attr-defined]
    near = _related(row, baseline_id)
    return TargetCard(
        row=row,
        requirement=requirement_of(row),
        source=source,
        owners=owners_of(row.node_id),
        stretch=next((each for each in near if each.floor_id == row.pk), None),
        floor=next((each for each in near if each.pk == row.floor_id), None),
        baseline=next((each for each in near if each.pk == baseline_id), None),
        restates=next((each for each in near if each.pk == row.restates_id), None),
        restated_by=tuple(each for each in near if each.restates_id == row.pk),
        contradictions=_contradictions(row),
        history=row_history(row, user=user) if with_history else HistoryPage(()),
    )


def owners_of(node_id: int | None) -> Owners:
    """Who answers for a node. One query, none without a node."""
    if node_id is None:
        return Owners((), (), False)
    rows = Responsibility.objects.filter(node_id=node_id).select_related("organisation")
    leads: set[OfficeRef] = set()
    supports: set[OfficeRef] = set()
    is_inherited = False
    for row in rows:
        office = OfficeRef(row.organisation.position, row.organisation_id, str(row.organisation), row.organisation.name)
        (supports if row.role == OwnerRole.SUPPORT else leads).add(office)
        is_inherited = is_inherited or row.is_inherited
    return Owners(tuple(sorted(leads)), tuple(sorted(supports - leads)), is_inherited)


def _related(row: Target, baseline_id: int | None) -> list[Target]:
    ids = [pk for pk in (row.floor_id, row.restates_id, baseline_id) if pk is not None]
    near = Target.objects.kept().filter(Q(pk__in=ids) | Q(floor=row.pk) | Q(restates=row.pk))
    return list(near.select_related("plan").order_by("position"))


def _contradictions(row: Target) -> tuple[str, ...]:
    found = row.plan.source.contradictions or []
    return tuple(
        str(each.get("message", "")) for each in found if row.position in each.get("claims", ()) and each.get("message")
    )
