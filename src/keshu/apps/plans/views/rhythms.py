"""调度安排: how often a plan is reported, with all rounds of the year before one saves; paused and resumed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.checkins import RhythmForm
from keshu.apps.plans.models import PlanState, Rhythm, WorkPlan
from keshu.apps.plans.permissions import can_manage_rounds, is_round_keeper
from keshu.apps.plans.queries.checkin_pages.rhythms import DEFAULTS, Preview, first_period, periods_of, preview_of
from keshu.apps.plans.services.checkins import change_rhythm, pause_rhythm, resume_rhythm, start_rhythm
from keshu.apps.plans.services.checkins.rhythm import check_terms
from keshu.apps.plans.views.framing import for_government
from keshu.kernel.workdays import WorkCalendar


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def rhythm(request: Request, pk: int) -> HttpResponse:
    """The rhythm of a plan: to look at for all, to set for whoever keeps the plan. With ``go=preview`` nothing is saved."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    row = Rhythm.objects.visible_to(request.user).filter(plan=plan).first()
    if row is not None:
        row.plan = plan
    calendar = work_calendar()
    form = _form(request, plan, row, calendar=calendar)
    if request.method == "POST":
        can_manage_rounds(request.user, plan)
        if request.POST.get("go") != "preview" and form.is_valid() and _saved(request, plan, row, form):
            return redirect("plans:rhythm", pk=pk)
    context = {
        "title": "调度安排", "plan": plan, "form": form, "rhythm": row, "preview": _preview(plan, form, calendar=calendar),
        "may_set": plan.state == PlanState.PUBLISHED and is_round_keeper(request.user, plan),
    }  # fmt: skip
    is_wrong = bool(form.errors) and request.POST.get("go") != "preview"
    return render(request, "plans/rounds/rhythm.html", context, status=422 if is_wrong else 200)


@require_POST
@for_government
def switch(request: Request, pk: int) -> HttpResponse:
    """Pause the rhythm, or resume it."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(Rhythm.objects.visible_to(request.user).select_related("plan"), plan=plan)
    by, at = request.user, timezone.now()
    if row.is_running:
        pause_rhythm(row, why=request.POST.get("why", ""), by=by, at=at)
        messages.success(request, "调度已暂停，不再开放新的期次；已开放的照常办理。")
    else:
        resume_rhythm(row, by=by, at=at)
        messages.success(request, "调度已恢复。")
    return redirect("plans:rhythm", pk=pk)


def _form(request: Request, plan: WorkPlan, row: Rhythm | None, *, calendar: WorkCalendar) -> RhythmForm:
    """The periods to begin with are those of the cadence chosen."""
    data = request.POST.copy() if request.method == "POST" else None
    cadence = data.get("cadence", "") if data is not None else row.cadence if row is not None else DEFAULTS["cadence"]
    periods = periods_of(plan, cadence=str(cadence), calendar=calendar)
    if data is not None:
        if data.get("from_period") not in {key for key, _ in periods} and periods:
            on = timezone.localdate()
            data["from_period"] = first_period(plan, cadence=str(cadence), on=on, calendar=calendar)
        return RhythmForm(data, periods=periods)
    if row is not None:
        return RhythmForm(initial=RhythmForm.initial_of(row), periods=periods)
    first = first_period(plan, cadence=str(cadence), on=timezone.localdate(), calendar=calendar)
    return RhythmForm(initial={**DEFAULTS, "from_period": first}, periods=periods)


def _preview(plan: WorkPlan, form: RhythmForm, *, calendar: WorkCalendar) -> Preview | None:
    """The year as the form has it; None while its terms mean nothing, with the reason in the form."""
    terms: dict[str, Any] = dict(form.initial)
    if form.is_bound:
        if not form.is_valid():
            return None
        terms = form.cleaned_data
    wanted = Rhythm(plan=plan, **terms)
    try:
        check_terms(wanted)
    except Unacceptable as refusal:
        if form.is_bound and not form.errors:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    return preview_of(wanted, calendar=calendar)


def _saved(request: Request, plan: WorkPlan, row: Rhythm | None, form: RhythmForm) -> bool:
    by, at = request.user, timezone.now()

    try:
        if row is None:
            start_rhythm(plan, **form.cleaned_data, by=by, at=at)
        else:
            change_rhythm(row, **form.cleaned_data, by=by, at=at)
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    messages.success(request, "调度安排已保存。到了开放日的期次由后台自动开放，约一分钟。")
    return True
