"""调度进度: the rounds of a plan, one round office by office, and what whoever keeps the plan does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.models import CheckInRound, PlanState, WorkPlan
from keshu.apps.plans.permissions import can_manage_rounds, is_round_keeper
from keshu.apps.plans.queries.checkin_pages.rounds import (
    RoundPage,
    current_round,
    form_offices,
    forms_ledger,
    plan_forms_ledger,
    plan_rows,
    round_list,
    round_mark,
    round_page,
    round_rows,
)
from keshu.apps.plans.services.checkin_pages.reminding import remind_of_round
from keshu.apps.plans.services.checkin_pages.round_papers import round_paper
from keshu.apps.plans.services.checkins import close_round, extend_round, reopen_round
from keshu.apps.plans.services.ledger_files import ledger_file, sheet_file
from keshu.apps.plans.views.framing import chosen_for, for_government, ledger_answer, number_in, page_context
from keshu.apps.plans.views.round_excusing import excusing

OFFICE_COLUMNS = (
    ("单位", "text", 180), ("应报", "number", 80), ("已报", "number", 80), ("已审签", "number", 80), ("待审签", "number", 80),
    ("未报", "number", 80), ("逾期", "number", 80), ("逾期后报送", "number", 100), ("免报", "number", 80),
    ("已提醒到", "text", 120),
)  # fmt: skip
# What is asked in the drawer before it is done: label, needs a reason, what was done.
MOVES = {
    "close": ("办结本期", False, "已办结，不再接收填报。"),
    "reopen": ("重新开放", True, "已重新开放。"),
    "extend": ("整期延期", True, "已延期，未报的填报一并顺延。"),
}


@require_safe
@for_government
def listing(request: Request) -> HttpResponse:
    """The rounds of one plan, and those to come."""
    if (pk := number_in(request, "round")) is not None:
        return redirect("plans:round-detail", pk=pk)
    chosen = chosen_for(request)
    context: dict[str, Any] = {"title": "调度进度"}
    if chosen.plan is not None:
        on = timezone.localdate()
        found = round_list(chosen.plan, user=request.user, on=on, calendar=work_calendar())
        may_set = chosen.plan.state == PlanState.PUBLISHED and is_round_keeper(request.user, chosen.plan)
        lines = [(each, round_mark(each.counts, is_closed=each.round.closed_at is not None)) for each in found.rounds]
        context |= {"rounds": found, "lines": lines, "may_set": may_set, "on": on}
    return render(request, "plans/rounds/list.html", page_context(request, chosen, **context))


@require_safe
@for_government
def forms(request: Request) -> HttpResponse:
    """The forms of all rounds of one plan; on screen, as Excel, as CSV, printed."""
    chosen = chosen_for(request)
    if chosen.plan is None:
        return render(request, "plans/rounds/forms.html", page_context(request, chosen, title="填报台账"))
    plan, on = chosen.plan, timezone.localdate()
    rounds = [(str(row.pk), row.label) for row in plan.rounds.order_by("-last_on")]
    ledger = plan_forms_ledger(on=on, offices=form_offices(plan, user=request.user), rounds=rounds)
    return ledger_answer(
        request, ledger, plan_rows(plan, user=request.user), template="plans/rounds/forms.html", chosen=chosen,
        file_title="填报台账", title="填报台账",
    )  # fmt: skip


@require_safe
@for_government
def detail(request: Request, pk: int) -> HttpResponse:
    """One round: office by office, or its forms one by one; each on screen, as Excel, as CSV."""
    row = _round(request, pk)
    on = timezone.localdate()
    form = request.GET.get("export", "")
    is_forms = request.GET.get("tab") == "forms"
    found = round_page(row, user=request.user, on=on, with_steps=not is_forms)
    title = f"{row.plan.title}{row.label}"
    context: dict[str, Any] = {}
    may_manage = is_round_keeper(request.user, row.plan) and row.plan.state == PlanState.PUBLISHED
    if is_forms:
        offices = [(str(line.progress.office.id), str(line.progress.office)) for line in found.offices]
        ledger, rows = forms_ledger(on=on, offices=offices), round_rows(row, user=request.user)
        if form:
            said = f"{title}调度填报"
            by, at = request.user, timezone.now()
            made = ledger_file(ledger, rows, request.GET, form=form, title=said, plan=row.plan, by=by, at=at)
            return file_response(made)
        bulk = [excusing(row)] if may_manage else []
        context["ledger"] = read_ledger(ledger, rows, request.GET, user=request.user, bulk=bulk)
    elif form:
        return _office_file(request, row, found, form=form, title=f"{title}调度进度")
    context |= {
        "title": f"{row.label}调度", "round": row, "plan": row.plan, "page": found, "may_manage": may_manage,
        "mark": round_mark(found.counts, is_closed=row.closed_at is not None), "tabs": _tabs(row, found, is_forms=is_forms),
    }  # fmt: skip
    return render(request, "plans/rounds/detail.html", context)


@require_safe
@for_government
def current(request: Request, pk: int) -> HttpResponse:
    """The round of a plan that runs now, for the plan's page; where there is no rhythm yet, the way to set it."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    found = current_round(plan, user=request.user, on=timezone.localdate())
    may_set = plan.state == PlanState.PUBLISHED and is_round_keeper(request.user, plan)
    return render(request, "plans/rounds/_current.html", {"plan": plan, "current": found, "may_set_rhythm": may_set})


@require_POST
@for_government
def remind(request: Request, pk: int) -> HttpResponse:
    """Remind every organisation that has not filed, or those ticked."""
    row = _round(request, pk)
    ids = {int(text) for text in request.POST.getlist("office") if text.isdecimal() and len(text) < 10}
    told = remind_of_round(row, organisation_ids=ids, by=request.user, at=timezone.now())
    if told:
        messages.success(request, f"已催报，通知 {told} 人。")
    else:
        messages.warning(request, "这些单位一小时内已经催过，没有再发消息。")
    return redirect("plans:round-detail", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def move(request: Request, pk: int, name: str) -> HttpResponse:
    """Close, open again, or give more time."""
    row = _round(request, pk)
    if name not in MOVES:
        raise Http404("没有这种办理")
    can_manage_rounds(request.user, row.plan)
    label, needs_reason, said = MOVES[name]
    error, field = "", None
    if request.method == "POST":
        try:
            _carry_out(request, row, name)
            messages.success(request, f"{row.label}{said}")
            return _led_back(request, pk)
        except Unacceptable as refusal:
            error, field = refusal.message, refusal.field
    counts = round_page(row, user=request.user, on=timezone.localdate()).counts
    context = {
        "round": row, "plan": row.plan, "name": name, "label": label, "needs_reason": needs_reason, "error": error,
        "field": field, "given": request.POST, "counts": counts, "title": label,
    }  # fmt: skip
    template = "plans/rounds/_move.html" if request.htmx else "plans/rounds/move.html"
    return render(request, template, context, status=422 if error else 200)


@require_safe
@for_government
def paper(request: Request, pk: int) -> HttpResponse:
    """月调度情况表 as a Word file."""
    return file_response(round_paper(_round(request, pk), by=request.user, at=timezone.now()))


def _round(request: Request, pk: int) -> CheckInRound:
    rows = CheckInRound.objects.visible_to(request.user).select_related("plan__organisation")
    return get_object_or_404(rows, pk=pk)


def _carry_out(request: Request, row: CheckInRound, name: str) -> None:
    by, at, why = request.user, timezone.now(), request.POST.get("why", "")
    if name == "close":
        close_round(row, by=by, at=at)
    elif name == "reopen":
        reopen_round(row, why=why, by=by, at=at)
    else:
        try:
            due_on = parse_date(request.POST.get("due_on", ""))
        except ValueError:
            due_on = None
        if due_on is None:
            raise Unacceptable("请填延期到哪一天，例如 2026-04-08。", field="due_on")
        extend_round(row, due_on=due_on, why=why, by=by, at=at)


def _led_back(request: Request, pk: int) -> HttpResponse:
    if not request.htmx:
        return redirect("plans:round-detail", pk=pk)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("plans:round-detail", args=[pk])
    return response


def _tabs(row: CheckInRound, found: RoundPage, *, is_forms: bool) -> list[dict[str, Any]]:
    address = reverse("plans:round-detail", args=[row.pk])
    return [
        {"label": "各单位", "href": address, "current": not is_forms, "count": len(found.offices)},
        {"label": "逐项", "href": f"{address}?tab=forms", "current": is_forms, "count": None},
    ]


def _office_file(request: Request, row: CheckInRound, found: RoundPage, *, form: str, title: str) -> HttpResponse:
    rows = [
        (
            line.progress.office.name, c.asked, c.reported, c.signed, c.filed, c.unfiled, c.late, c.filed_late, c.excused,
            line.told,
        )
        for line in found.offices
        for c in (line.progress.counts,)
    ]  # fmt: skip
    by, at = request.user, timezone.now()
    made = sheet_file(OFFICE_COLUMNS, rows, form=form, name="调度进度", title=title, plan=row.plan, by=by, at=at)
    return file_response(made)
