"""Meetings: the list, calling one, its page with the agenda and the decisions, its papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.bureau.services.lifecycle import check, transition
from keshu.apps.bureau.services.reasons import confirmed_move
from keshu.apps.plans.forms.meetings import MeetingForm
from keshu.apps.plans.models import Meeting, MeetingState, WorkPlan
from keshu.apps.plans.permissions.meetings import can_prepare_meeting, may_call_meetings, may_prepare
from keshu.apps.plans.queries.meetings.pages import (
    MEETINGS,
    MeetingPage,
    meeting_by_id,
    meeting_page,
    meeting_rows,
    since_last,
)
from keshu.apps.plans.services import meetings
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove
from keshu.apps.plans.views.framing import for_government
from keshu.apps.plans.views.issue_moves import sent


@require_safe
@for_government
def meeting_list(request: Request) -> HttpResponse:
    """All meetings the person may see; on screen, as Excel, as CSV."""
    rows = meeting_rows(request.user)
    if answer := taken_out(request, MEETINGS, rows, title="办公会", at=timezone.now()):
        return answer
    page = read_ledger(MEETINGS, rows, request.GET, user=request.user)
    context = {"title": "办公会", "ledger": page, "may_call": bool(_plans(request))}
    return render(request, "plans/meetings/list.html", context)


def _plans(request: Request) -> list[WorkPlan]:
    """The plans in force on which the person may call a meeting, newest first."""
    rows = WorkPlan.objects.visible_to(request.user).published().select_related("organisation")
    return [plan for plan in rows.order_by("-year", "-pk") if may_call_meetings(request.user, plan.organisation)]


@require_http_methods(["GET", "POST"])
@for_government
def meeting_create(request: Request) -> HttpResponse:
    """Call a meeting on a plan; its agenda is drawn at once."""
    plans = {plan.pk: plan for plan in _plans(request)}
    if not plans:
        raise Refused("会议由规划办公室、局领导或本单位经办人依据已发布的工作要点准备。")
    on = timezone.localdate()
    first = next(iter(plans.values()))
    initial = {
        "plan": first.pk, "title": f"{on.year}年{on.month}月{first.organisation}办公会", "held_on": on,
        "since": since_last(first, on=on),
    }  # fmt: skip
    form = MeetingForm(sent(request), plans=[(pk, plan.title) for pk, plan in plans.items()], initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        plan = plans[data.pop("plan")]
        made = carried_out(
            form, lambda: meetings.call_meeting(plan, MeetingFields(**data), by=request.user, at=timezone.now())
        )
        if made is not None:
            messages.success(request, "已从台账生成议程，可以删减、调整次序、补充和改写。")
            return redirect("plans:meeting-detail", pk=made.pk)
    context = {"title": "准备办公会", "form": form, "submit": "生成议程"}
    return render(request, "plans/meetings/form.html", context, status=422 if form.errors else 200)


@require_safe
@for_government
def meeting_detail(request: Request, pk: int) -> HttpResponse:
    """The agenda, the decisions, and what can be done with them."""
    row = _meeting(request, pk)
    may = may_prepare(request.user, row)
    context = {
        "title": row.title,
        "row": row,
        "plan": row.plan,
        "page": meeting_page(row, user=request.user),
        "buttons": meetings.meeting_buttons(row, user=request.user) if may else (),
        "may_prepare": may and row.state == MeetingState.PREPARING,
        "may_decide": may and row.state != MeetingState.CANCELLED,
        "history": history_of(row, request.user, taken=False),
    }
    return render(request, "plans/meetings/detail.html", context)


@require_http_methods(["GET", "POST"])
@for_government
def meeting_edit(request: Request, pk: int) -> HttpResponse:
    """Day, place and people."""
    row = _meeting(request, pk)
    can_prepare_meeting(request.user, row)
    names = ("title", "held_on", "since", "place", "host", "attendees")
    form = MeetingForm(sent(request), initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        fields = MeetingFields(**form.cleaned_data)
        if carried_out(form, lambda: meetings.change_meeting(row, fields, by=request.user, at=timezone.now())):
            messages.success(request, "已修改。")
            return redirect("plans:meeting-detail", pk=pk)
    context = {"title": "修改会议信息", "form": form, "row": row, "submit": "保存"}
    return render(request, "plans/meetings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_government
def meeting_move(request: Request, pk: int, name: str) -> HttpResponse:
    """Hold it, take it back, cancel it; with the reason where one is wanted."""
    row = _meeting(request, pk)
    if name not in set(MeetingMove):
        raise Http404("没有这项办理")
    move = MeetingMove(name)
    declared = transition(meetings.MEETING_TRANSITIONS, move)
    check(declared, row, state=row.state, state_label=row.get_state_display(), user=request.user, why="—")
    by, at = request.user, timezone.now()
    asked = confirmed_move(declared, sent(request), lambda why: meetings.move_meeting(row, move, why=why, by=by, at=at))
    if asked.is_done:
        messages.success(request, f"{declared.label}：已办理。")
        return redirect("plans:meeting-detail", pk=pk)
    return render(request, "plans/meetings/form.html", asked.context | {"row": row}, status=asked.status)


@require_POST
@for_government
def meeting_draw(request: Request, pk: int) -> HttpResponse:
    """Add what the ledger has meanwhile."""
    row = _meeting(request, pk)
    count = meetings.draw_agenda(row, by=request.user, at=timezone.now())
    messages.success(request, f"新增 {count} 个议题。" if count else "没有需要新增的议题。")
    return redirect("plans:meeting-detail", pk=pk)


@require_safe
@for_government
def meeting_pack(request: Request, pk: int) -> HttpResponse:
    """会议议程 and 情况材料 as one Word file."""
    page = _page(request, pk)
    return file_response(meetings.meeting_pack(page, by=request.user, at=timezone.now()))


@require_safe
@for_government
def meeting_minutes(request: Request, pk: int) -> HttpResponse:
    """会议纪要 as a Word file."""
    page = _page(request, pk)
    return file_response(meetings.meeting_minutes(page, by=request.user, at=timezone.now()))


def _meeting(request: Request, pk: int) -> Meeting:
    return get_object_or_404(meeting_by_id(request.user), pk=pk)


def _page(request: Request, pk: int) -> MeetingPage:
    return meeting_page(_meeting(request, pk), user=request.user)
