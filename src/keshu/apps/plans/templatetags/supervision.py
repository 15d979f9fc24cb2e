"""Supervision on the pages of targets, tasks and issues: the button to begin a notice, and the notices there are."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from keshu.apps.plans.models import OPEN_ISSUES, Issue, PlanNode, PlanState, Target
from keshu.apps.plans.permissions import is_supervisor
from keshu.apps.plans.queries.supervision.cards import notices_about
from keshu.apps.plans.queries.supervision.ledger import MARKS, state_key

register = template.Library()


@register.inclusion_tag("plans/supervision/_begin.html", takes_context=True)
def supervise_button(context: dict[str, Any], row: Target | PlanNode | Issue) -> dict[str, Any]:
    """A link to a new notice about the row, for those who may write one, once its plan is out or while the issue is open."""
    if isinstance(row, Issue):
        kind, is_out = "issue", row.state in OPEN_ISSUES
    else:
        kind = "target" if isinstance(row, Target) else "task"
        is_out = row.plan.state in (PlanState.PUBLISHED, PlanState.SUPERSEDED)
    may = is_out and is_supervisor(context["request"].user)
    return {"address": f"{reverse('plans:supervision-create')}?{kind}={row.pk}" if may else ""}


@register.inclusion_tag("plans/supervision/_about.html", takes_context=True)
def supervision_about(context: dict[str, Any], row: Target | PlanNode) -> dict[str, Any]:
    """The notices about the row that the reader may see. One query."""
    user, on = context["request"].user, timezone.localdate()
    target, node = (row, None) if isinstance(row, Target) else (None, row)
    return {
        "notices": [(each, MARKS[state_key(each, on=on)]) for each in notices_about(user, target=target, node=node)]
    }
