"""The ledger of targets, and one target in the drawer and on its page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.queries.ledger import Ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.models import PlanKind, Tense
from keshu.apps.plans.queries.checkin_pages.history import reports_on
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.row_tabs import Tab, target_tabs
from keshu.apps.plans.queries.standings import standing_card
from keshu.apps.plans.queries.target_cards import target_by_id, target_card
from keshu.apps.plans.queries.target_ledgers import (
    achieved_ledger,
    achieved_rows,
    involved_offices,
    target_rows,
    targets_ledger,
)
from keshu.apps.plans.views.framing import (
    chosen_for,
    for_government,
    is_checkins,
    ledger_answer,
    may_have_lights,
    number_in,
    page_context,
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def target_list(request: Request) -> HttpResponse:
    """The targets (or achieved figures) of one plan, or of all published ones; on screen, as Excel, as CSV."""
    chosen = chosen_for(request, may_be_all=True)
    is_achieved = _shows_achieved(request, chosen)
    has_rows = chosen.is_all or chosen.plan is not None
    if not has_rows:
        return render(request, "plans/targets/list.html", page_context(request, chosen, title="目标台账"))
    ledger, rows = _ledger(request, chosen, is_achieved=is_achieved)
    return ledger_answer(
        request,
        ledger,
        rows,
        template="plans/targets/list.html",
        chosen=chosen,
        file_title="完成情况" if is_achieved else "目标台账",
        round_trip="plans.targets",
        supervise="" if is_achieved else "target",
        title="目标台账",
        tabs=_tabs(chosen, is_achieved=is_achieved),
    )


@require_safe
@for_government
def target_drawer(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(target_by_id(request.user), pk=pk)
    card = target_card(row, user=request.user, with_history=False)
    return render(request, "plans/targets/_drawer.html", {"card": card, "row": row})


@require_safe
@for_government
def target_detail(request: Request, pk: int) -> HttpResponse:
    """The target itself, or what was reported on it, as the address's ``tab`` says."""
    row = get_object_or_404(target_by_id(request.user), pk=pk)
    tabs = target_tabs(row, current=Tab.CHECKINS if is_checkins(request) else Tab.DETAIL)
    context = {"title": row.indicator, "row": row, "plan": row.plan, "tabs": tabs, "ref": f"target-{row.pk}"}
    if is_checkins(request):
        context["reports"] = reports_on(row, user=request.user, round_id=number_in(request, "round"))
    else:
        context["card"] = target_card(row, user=request.user)
        context["standing"] = standing_card(row, user=request.user) if row.tense == Tense.TARGET else None
    return render(request, "plans/targets/detail.html", context)


def _shows_achieved(request: Request, chosen: ChosenPlan) -> bool:
    """As asked; a summary shows what was achieved unless its targets are asked for."""
    asked = request.GET.get("tense", "")
    if asked in ("target", "actual"):
        return asked == "actual"
    return chosen.plan is not None and chosen.plan.kind == PlanKind.SUMMARY


def _ledger(request: Request, chosen: ChosenPlan, *, is_achieved: bool) -> tuple[Ledger, QuerySet[Any]]:
    shown: dict[str, Any] = {
        "on": timezone.localdate(),
        "offices": involved_offices(request.user, plan=chosen.plan),
        "plans": chosen.published_choices if chosen.is_all else (),
        "years": chosen.published_years if chosen.is_all else (),
    }
    if is_achieved:
        return achieved_ledger(**shown), achieved_rows(request.user, plan=chosen.plan)
    ledger = targets_ledger(**shown, lights=may_have_lights(chosen))
    return ledger, target_rows(request.user, plan=chosen.plan)


def _tabs(chosen: ChosenPlan, *, is_achieved: bool) -> list[dict[str, object]]:
    address = reverse("plans:target-list")
    plan = f"plan={'all' if chosen.is_all else chosen.plan.pk if chosen.plan else ''}"
    return [
        {"label": "目标", "href": f"{address}?{plan}&tense=target", "current": not is_achieved, "count": None},
        {"label": "完成情况", "href": f"{address}?{plan}&tense=actual", "current": is_achieved, "count": None},
    ]
