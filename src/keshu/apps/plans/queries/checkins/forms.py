"""Forms as their offices work on them: mine by office and round, what waits for my signature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, Evidence, PlanState
from keshu.apps.plans.permissions.checkins import COUNTY_SIGNING_ROLES, FILING_ROLES, SIGNING_ROLES
from keshu.apps.plans.permissions.plans import BUREAU_KINDS, COUNTY_KINDS

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


# Handed in, whether or not it is signed yet.
REPORTED = (CheckInState.FILED, CheckInState.SIGNED)


class Counts(NamedTuple):
    """Forms by state; ``late`` are those not filed although their day is past, of ``open`` and ``returned``."""

    open: int = 0
    returned: int = 0
    filed: int = 0
    signed: int = 0
    excused: int = 0
    late: int = 0
    filed_late: int = 0

    @property
    def asked(self) -> int:
        """What is to be reported: all but what was excused."""
        return self.open + self.returned + self.filed + self.signed

    @property
    def reported(self) -> int:
        return self.filed + self.signed

    @property
    def unfiled(self) -> int:
        return self.open + self.returned


def counted(rows: QuerySet[CheckIn], *by: str, on: date) -> dict[tuple[int, ...], Counts]:
    """The forms counted by these columns (of the round and the organisation). One query, out of one index."""
    columns = tuple(dict.fromkeys((*by, "organisation_id")))
    states = {state: place for place, state in enumerate(Counts._fields)}
    late, filed_late = states["late"], states["filed_late"]
    found: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0] * len(Counts._fields))
    grouped = rows.order_by().values_list(*columns, "state", "due_on", "filed_late")
    for row in grouped.annotate(n=Count("*")):
        state, due_on, was_late, count = row[len(columns) :]
        sums = found[row[: len(by)]]
        sums[states[state]] += count
        sums[late] += count if state in UNFILED and due_on < on else 0
        sums[filed_late] += count if was_late and state in REPORTED else 0
    return {key: Counts(*sums) for key, sums in found.items()}


def own_organisation_ids(user: User) -> frozenset[int]:
    """Where the person fills forms, as a deputy too; nowhere for auditors."""
    if "auditor" in user.scope.roles:
        return frozenset()
    return frozenset(pk for pk, role in user.scope.seats if role in FILING_ROLES)


def forms_of(user: User, *, round_id: int, organisation_ids: Collection[int] = ()) -> QuerySet[CheckIn]:
    """The forms of my organisations in a round (of these alone where any is named), as the plan orders their subjects.

    Each comes with its subject, round, plan and organisation, and ``evidence_count``; one query.
    """
    own = own_organisation_ids(user)
    wanted = own.intersection(organisation_ids) if organisation_ids else own
    return in_plan_order(CheckIn.objects.filter(round=round_id, organisation__in=wanted))


def sign_queue(user: User) -> QuerySet[CheckIn]:
    """What waits for this person's signature, the earliest due first. One query.

    A head's own office; a leader's whole bureau; in a county or park what somebody else there has filed.
    """
    scope = user.scope
    if "auditor" in scope.roles:
        return CheckIn.objects.none()
    own = {pk for pk, role in scope.seats if role in SIGNING_ROLES}
    county = {pk for pk, role in scope.seats if role in COUNTY_SIGNING_ROLES}
    kinds = COUNTY_KINDS
    mine = Q(organisation__in=own) & ~Q(organisation__kind__in=kinds)
    mine |= Q(organisation__in=county, organisation__kind__in=kinds) & ~Q(filed_by=user.pk)
    if "leader" in scope.roles:
        mine |= Q(organisation__kind__in=BUREAU_KINDS)
    rows = CheckIn.objects.filter(mine, state=CheckInState.FILED, round__plan__state=PlanState.PUBLISHED)
    return in_plan_order(rows, "due_on", "round__first_on", "organisation__position")


def _evidence_count() -> Coalesce:
    files = Evidence.objects.filter(check_in=OuterRef("pk")).order_by().values("check_in")
    return Coalesce(Subquery(files.annotate(n=Count("pk")).values("n")), 0)


def in_plan_order(rows: QuerySet[CheckIn], *first: str) -> QuerySet[CheckIn]:
    """The rows with all that a page or a permission asks of them, as the plan orders their subjects; `first` comes before."""
    return (
        rows.select_related(
            "round__plan__organisation", "organisation", "target__node", "node", "filed_by", "signed_by"
        )
        .defer("target__reading", "target__doubts", "target__node__reading", "node__reading")
        .annotate(evidence_count=_evidence_count(), place=Coalesce("target__node__position", "node__position"))
        .order_by(*first, "round_id", "place", F("target__position").asc(nulls_first=True), "organisation_id", "pk")
    )
