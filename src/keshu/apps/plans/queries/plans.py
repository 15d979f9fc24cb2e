"""Which plans there are: lists for pages and the plan that is in force."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from keshu.apps.plans.models import PlanKind, PlanState, Review, WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

PLANNING_KINDS = (PlanKind.PLAN, PlanKind.SUMMARY_AND_PLAN)


def plans_of(user: User) -> QuerySet[WorkPlan]:
    """Every plan the person may see, deleted drafts aside, newest first, each with ``target_count`` and ``pending_count``."""
    rows = (
        WorkPlan.objects.visible_to(user).kept().select_related("organisation", "source", "created_by", "released_by")
    )
    return rows.defer("source__text").annotate(
        target_count=Count("targets", filter=~Q(targets__review=Review.REJECTED), distinct=True),
        pending_count=Count("targets", filter=Q(targets__review=Review.PENDING), distinct=True),
    )


def deleted_drafts(user: User) -> QuerySet[WorkPlan]:
    """Drafts that were put away and may be restored."""
    rows = WorkPlan.objects.visible_to(user).filter(state=PlanState.DISCARDED)
    return rows.select_related("organisation", "source", "created_by").defer("source__text")


def current_plan(user: User, *, on: date) -> WorkPlan | None:
    """The plan the person works to: published, of the own organisation or the nearest one above, of this year or the latest.

    Two queries at most.
    """
    plans = list(
        WorkPlan.objects.visible_to(user)
        .published()
        .filter(kind__in=PLANNING_KINDS, year__lte=on.year)
        .select_related("organisation", "source")
        .defer("source__text")
    )
    if not plans:
        return None
    return max(
        plans,
        key=lambda plan: (
            _nearness(plan, user), plan.organisation.kind == "bureau", plan.year or 0, plan.kind == PlanKind.PLAN, plan.pk
        ),
    )  # fmt: skip


def _nearness(plan: WorkPlan, user: User) -> int:
    """How long the stretch of the tree is that the plan's organisation shares with the person's, 0 when it is not above."""
    path = plan.organisation.path
    return max((len(path) for own in user.scope.paths if path and own.startswith(path)), default=0)
