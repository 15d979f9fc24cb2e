"""The way to raise an issue from the pages of targets, tasks and check-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from keshu.apps.plans.models import CheckIn, Issue, PlanState
from keshu.apps.plans.permissions.issues import may_raise_issues

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

register = template.Library()


@register.filter
def may_raise(user: User) -> bool:
    """Whether to offer 登记问题 to this person."""
    return may_raise_issues(user)


@register.inclusion_tag("plans/issues/_raise.html", takes_context=True)
def raise_button(context: dict[str, Any], row: CheckIn) -> dict[str, Any]:
    """The issues that a check-in's problem became; else the way to raise one, for those who may. One query."""
    user = context["request"].user
    if not row.problems.strip():
        return {"raised": (), "may_raise": False}
    may = row.round.plan.state == PlanState.PUBLISHED and may_raise_issues(user)
    return {"row": row, "raised": Issue.objects.visible_to(user).filter(check_in=row.pk), "may_raise": may}
