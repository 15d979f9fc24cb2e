"""The library of plans: its ledger, and one plan with its tabs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.models import PlanKind, PlanState
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.glance import plan_glance
from keshu.apps.plans.queries.histories import plan_history
from keshu.apps.plans.queries.library import (
    STATE_MARKS,
    library_choices,
    library_ledger,
    may_import,
    plan_by_id,
    revisions_of,
)
from keshu.apps.plans.queries.plans import plans_of
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.lifecycle import available_transitions
from keshu.apps.plans.views.framing import for_government
from keshu.apps.plans.views.imports import ACCEPTED

# Exports are told apart from what was done to the plan; a busy ledger is taken out daily.


@require_safe
@for_government
def plan_list(request: Request) -> HttpResponse:
    """Every plan the person may see; on screen, as Excel, as CSV."""
    organisations, years = library_choices(request.user)
    ledger = library_ledger(request.user, organisations=organisations, years=years)
    rows = plans_of(request.user)
    if answer := taken_out(request, ledger, rows, title="计划库", at=timezone.now()):
        return answer
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    context = {"title": "计划库", "ledger": page, "may_import": may_import(request.user)}
    return render(request, "plans/library/list.html", context)


@require_safe
@for_government
def plan_drawer(request: Request, pk: int) -> HttpResponse:
    plan = get_object_or_404(plan_by_id(request.user), pk=pk)
    buttons = available_transitions(plan, user=request.user)
    return render(request, "plans/library/_drawer.html", {**_plan_context(request, plan), "buttons": buttons})


@require_safe
@for_government
def plan_detail(request: Request, pk: int) -> HttpResponse:
    """Facts of the plan; the overview, or its revisions and its history, as the address's ``tab`` says."""
    plan = get_object_or_404(plan_by_id(request.user), pk=pk)
    context = _plan_context(request, plan)
    if request.GET.get("tab") == "history":
        context |= {
            "tab": "history",
            "revisions": revisions_of(plan, user=request.user),
            "steps": plan_history(plan),
            "history": history_of(plan, request.user, taken=False),
            "exports": history_of(plan, request.user, taken=True),
        }
    else:
        context |= {"tab": "overview", "buttons": available_transitions(plan, user=request.user)}
        # A draft's buttons already cost the counting of its rows; its figures stand in the facts.
        if plan.state != PlanState.REVIEWING:
            context["glance"] = plan_glance(plan, user=request.user, on=timezone.localdate())
    context["tabs"] = _tabs(plan, context["tab"])
    return render(request, "plans/library/detail.html", context)


@require_safe
@for_government
def plan_revise(request: Request, pk: int) -> HttpResponse:
    """The form that brings in a new revision, for the drawer; keepers of the plan only."""
    plan = get_object_or_404(plan_by_id(request.user), pk=pk)
    if not _may_revise(request, plan):
        raise Http404("这份文件不能由您导入新版")
    return render(request, "plans/library/_revise.html", {"plan": plan, "accept": ACCEPTED})


def _may_revise(request: Request, plan: Any) -> bool:
    """Keepers; a revision that was replaced is revised through the one that replaced it."""
    return plan.state not in (PlanState.DISCARDED, PlanState.SUPERSEDED) and is_keeper(request.user, plan.organisation)


def _plan_context(request: Request, plan: Any) -> dict[str, Any]:
    return {
        "title": plan.title,
        "plan": plan,
        "mark": STATE_MARKS[plan.state],
        "facts": _facts(plan),
        "is_keeper": is_keeper(request.user, plan.organisation),
        "may_revise": _may_revise(request, plan),
        "pending": plan.target_pending + plan.node_pending + plan.mention_pending,
    }


def _facts(plan: Any) -> list[tuple[str, object]]:
    rows = f"目标 {plan.target_count} 条"
    if plan.achieved_count:
        rows += f"，完成情况 {plan.achieved_count} 条"
    rows += f"，任务 {plan.node_count} 项"
    pending = plan.target_pending + plan.node_pending + plan.mention_pending
    return [
        ("状态", STATE_MARKS[plan.state].word),
        ("制定单位", plan.organisation),
        ("类型", plan.get_kind_display()),
        ("文号", plan.doc_number),
        ("发文日期", f"{plan.published_on:%Y-%m-%d}" if plan.published_on else ""),
        ("版次", f"第 {plan.revision} 版"),
        ("行数", rows),
        ("核对", f"待核 {pending} 行" if pending else f"全部已核，其中改动或补录 {plan.corrected_count} 条"),
    ]


def _tabs(plan: Any, current: str) -> list[dict[str, Any]]:
    address = reverse("plans:plan-detail", args=[plan.pk])
    is_summary = plan.kind == PlanKind.SUMMARY
    ledger = f"{reverse('plans:target-list')}?plan={plan.pk}"
    entries: list[tuple[str, str, int | None, str]] = [
        ("概览", address, None, "overview"),
        ("完成情况" if is_summary else "目标", ledger, plan.achieved_count if is_summary else plan.target_count, ""),
        ("任务", f"{reverse('plans:task-tree')}?plan={plan.pk}", plan.node_count, ""),
        ("责任矩阵", f"{reverse('plans:matrix')}?plan={plan.pk}", None, ""),
        *(
            [("调度", f"{reverse('plans:round-list')}?plan={plan.pk}", None, "")]
            if plan.state != PlanState.REVIEWING
            else []
        ),
        ("版本与记录", f"{address}?tab=history", None, "history"),
    ]
    return [{"label": label, "href": href, "count": n, "current": key == current} for label, href, n, key in entries]
