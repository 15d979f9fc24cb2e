"""Supervision on the pages of targets and tasks: the button to begin a notice, and the notices there are."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from keshu.apps.bureau.templatetags.ui import icon
from keshu.apps.plans.models import PlanNode, PlanState, Target
from keshu.apps.plans.permissions_supervision import is_supervisor
from keshu.apps.plans.queries.supervision.cards import notices_about
from keshu.apps.plans.queries.supervision.ledger import MARKS, state_key

register = template.Library()


@register.simple_tag(takes_context=True)
def supervise_button(context: dict[str, Any], row: Target | PlanNode) -> SafeString:
    """A link to a new notice about the row, for those who may write one, once its plan is out."""
    if row.plan.state not in (PlanState.PUBLISHED, PlanState.SUPERSEDED) or not is_supervisor(context["request"].user):
        return mark_safe("")
    kind = "target" if isinstance(row, Target) else "task"
    address = f"{reverse('plans:supervision-create')}?{kind}={row.pk}"
    return format_html('<a class="button" href="{}">{}起草督办单</a>', address, icon("report"))


@register.inclusion_tag("plans/supervision/_about.html", takes_context=True)
def supervision_about(context: dict[str, Any], row: Target | PlanNode) -> dict[str, Any]:
    """The notices about the row that the reader may see. One query."""
    user, on = context["request"].user, timezone.localdate()
    about = {"target": row} if isinstance(row, Target) else {"node": row}
    return {"notices": [(each, MARKS[state_key(each, on=on)]) for each in notices_about(user, **about)]}  # type: ignore[arg-type]
