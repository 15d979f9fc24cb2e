"""Which plans there are: lists for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from keshu.apps.plans.models import PlanKind, PlanState, Review, WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models.plans import WorkPlanQuerySet

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


def replaced_by(draft: WorkPlan) -> WorkPlanQuerySet:
    """The published plan that steps back when the draft is published: of the same organisation, year and kind.

    An action plan stands beside others and replaces only the one that it revises, or else that has its title.
    """
    published = WorkPlan.objects.published().filter(organisation=draft.organisation)
    same = published.filter(year=draft.year, kind=draft.kind)
    if draft.kind != PlanKind.ACTION_PLAN:
        return same
    revised = published.filter(pk=draft.supersedes_id or 0)
    return revised if revised.exists() else same.filter(title=draft.title)


def deleted_drafts(user: User) -> QuerySet[WorkPlan]:
    """Drafts that were put away and may be restored."""
    rows = WorkPlan.objects.visible_to(user).filter(state=PlanState.DISCARDED)
    return rows.select_related("organisation", "source", "created_by").defer("source__text")
