"""How far a round has come, by organisation; one subject's reports over the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import CheckIn, CheckInRound, Evidence, WorkPlan
from keshu.apps.plans.queries.checkins.forms import Counts, counted

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.owners import OrganisationRef
    from keshu.apps.plans.models.checkins import CheckInQuerySet


@dataclass(frozen=True, slots=True)
class OfficeProgress:
    """One organisation in one round."""

    office: OrganisationRef
    counts: Counts


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round and its sums over the organisations that were counted."""

    round: CheckInRound
    counts: Counts


def round_progress(asked: CheckInRound, *, user: User, on: date) -> tuple[OfficeProgress, ...]:
    """Each organisation's forms in a round, as the register orders them. Whole-site roles see all organisations, others
    their own. Two queries.
    """
    counts = counted(_near(user).filter(round=asked), "organisation_id", on=on)
    offices = refs_of(pk for (pk,) in counts)
    return tuple(OfficeProgress(ref, counts[pk,]) for pk, ref in offices.items())


def rounds_of_plan(plan: WorkPlan, *, user: User, on: date) -> tuple[RoundProgress, ...]:
    """All rounds of a plan, the latest first, counted as `round_progress` counts. Two queries."""
    counts = counted(_near(user).filter(round__in=CheckInRound.objects.filter(plan=plan)), "round_id", on=on)
    rounds = CheckInRound.objects.filter(plan=plan).select_related("plan").order_by("-last_on", "-pk")
    return tuple(RoundProgress(each, counts.get((each.pk,), Counts())) for each in rounds)


def history_of(
    user: User, *, target_id: int | None = None, node_id: int | None = None, only: Q | None = None
) -> tuple[CheckIn, ...]:
    """What was reported on one target or one task, the latest round first, leads before supports; of other organisations
    what is signed. Each with its ``evidence``; `only` narrows them. Two queries.
    """
    if (target_id is None) == (node_id is None):
        raise ValueError("the history of one target or of one task")
    rows = CheckIn.objects.visible_to(user).filter(target=target_id, node=node_id)
    files = Evidence.objects.select_related("attachment__file")
    return tuple(
        rows.filter(only or Q())
        .select_related("round__plan__organisation", "organisation", "filed_by", "signed_by")
        .prefetch_related(Prefetch("evidence", files))
        .order_by("-round__first_on", "part", "organisation__position", "organisation_id", "pk")
    )


def _near(user: User) -> CheckInQuerySet:
    """Forms of which the person may know the state: whole-site roles of all, others of their own organisations."""
    if user.scope.is_everything:
        return CheckIn.objects.all()
    if not user.scope.is_government:
        return CheckIn.objects.none()
    near = user.scope.organisation_ids | user.former_organisation_ids
    return CheckIn.objects.filter(organisation__in=near)
