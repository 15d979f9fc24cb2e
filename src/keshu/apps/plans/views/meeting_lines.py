"""Lines of an agenda and decisions: added, reworded, moved, dropped; a decision becomes a task, a notice or an issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.plans.forms.meetings import DecisionForm, ItemForm
from keshu.apps.plans.models import AgendaItem, AgendaSection, Decision, Meeting
from keshu.apps.plans.permissions.meetings import can_prepare_meeting
from keshu.apps.plans.queries.meetings.agenda import neighbour_of
from keshu.apps.plans.queries.meetings.pages import meeting_by_id
from keshu.apps.plans.services import issues, meetings
from keshu.apps.plans.views.framing import for_government, number_in
from keshu.apps.plans.views.issue_moves import owners_for, sent

ITEM_ACTS = ("drop", "keep", "up", "down", "report-up", "report-down")
MADE = {
    "task": "已在工作要点中增加任务，下一期调度起填报。",
    "notice": "已起草督办单，请到督办单签发。",
    "issue": "已列入问题清单，并告知责任单位。",
}


@require_http_methods(["GET", "POST"])
@for_government
def item_create(request: Request, pk: int) -> HttpResponse:
    """A line of one's own."""
    row = get_object_or_404(meeting_by_id(request.user), pk=pk)
    can_prepare_meeting(request.user, row)
    form = ItemForm(sent(request), owners=owners_for(request.user), initial={"section": AgendaSection.OTHER})
    if request.method == "POST" and form.is_valid():
        data = _named(form.cleaned_data, "organisation")
        if carried_out(form, lambda: meetings.add_item(row, **data, by=request.user, at=timezone.now())):
            return _back(row, "agenda")
    return _form_page(request, row, form, title="添加议题")


@require_http_methods(["GET", "POST"])
@for_government
def item_edit(request: Request, pk: int) -> HttpResponse:
    """Reword a line."""
    item = _item(request, pk)
    can_prepare_meeting(request.user, item.meeting)
    initial = {"section": item.section, "title": item.title, "text": item.text, "organisation": item.organisation_id}
    form = ItemForm(sent(request), owners=owners_for(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = _named(form.cleaned_data, "organisation")
        if carried_out(form, lambda: meetings.change_item(item, **data, by=request.user, at=timezone.now())):
            return _back(item.meeting, "agenda")
    return _form_page(request, item.meeting, form, title="改写议题")


@require_POST
@for_government
def item_act(request: Request, pk: int, name: str) -> HttpResponse:
    """Drop a line, take it back, move it up or down; or move all of its office."""
    item = _item(request, pk)
    if name not in ITEM_ACTS:
        raise Http404("没有这项办理")
    by, at = request.user, timezone.now()
    place: AgendaItem | None = item
    if name in ("up", "down"):
        meetings.shift_item(item, up=name == "up", by=by, at=at)
    elif name in ("report-up", "report-down"):
        meetings.shift_report(item, up=name == "report-up", by=by, at=at)
    else:
        meetings.keep_item(item, is_kept=name == "keep", by=by, at=at)
        place = item if name == "keep" else neighbour_of(item, _kept(request, item.meeting))
    return _back(item.meeting, f"item-{place.pk}" if place else "agenda")


def _kept(request: Request, meeting: Meeting) -> list[AgendaItem]:
    rows = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting, is_kept=True)
    return list(rows.select_related("issue").order_by("position", "pk"))


@require_http_methods(["GET", "POST"])
@for_government
def decision_create(request: Request, pk: int) -> HttpResponse:
    """Write a decision down; on a line of the agenda where the address names one."""
    row = get_object_or_404(meeting_by_id(request.user), pk=pk)
    can_prepare_meeting(request.user, row)
    number = number_in(request, "item")
    item = None if number is None else get_object_or_404(_items(request).filter(meeting=row), pk=number)
    initial = {} if item is None else {"owner": item.organisation_id}
    form = DecisionForm(sent(request), owners=owners_for(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = _named(form.cleaned_data, "owner")
        if carried_out(
            form, lambda: meetings.record_decision(row, **data, item=item, by=request.user, at=timezone.now())
        ):
            return _back(row, "decisions")
    return _form_page(request, row, form, title="记录议定事项", item=item)


@require_http_methods(["GET", "POST"])
@for_government
def decision_edit(request: Request, pk: int) -> HttpResponse:
    """Put a decision right while nothing has been made of it."""
    decision = _decision(request, pk)
    can_prepare_meeting(request.user, decision.meeting)
    initial = {"text": decision.text, "owner": decision.owner_id, "due_on": decision.due_on}
    form = DecisionForm(sent(request), owners=owners_for(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = _named(form.cleaned_data, "owner")
        if carried_out(form, lambda: meetings.change_decision(decision, **data, by=request.user, at=timezone.now())):
            return _back(decision.meeting, "decisions")
    return _form_page(request, decision.meeting, form, title="修改议定事项", item=decision.item)


@require_POST
@for_government
def decision_act(request: Request, pk: int, name: str) -> HttpResponse:
    """Make a task, a supervision notice or an issue of it; or take it out."""
    decision = _decision(request, pk)
    by, at = request.user, timezone.now()
    if name == "remove":
        meetings.remove_decision(decision, by=by, at=at)
        messages.success(request, "已删除。")
        return _back(decision.meeting, "decisions")
    makers = {"task": meetings.make_task, "notice": meetings.make_notice, "issue": meetings.make_issue}
    if name not in makers:
        raise Http404("没有这项办理")
    makers[name](decision, by=by, at=at)
    messages.success(request, MADE[name])
    return _back(decision.meeting, "decisions")


def _item(request: Request, pk: int) -> AgendaItem:
    return get_object_or_404(_items(request), pk=pk)


def _items(request: Request) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.visible_to(request.user).select_related("meeting__organisation", "organisation")


def _decision(request: Request, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user).select_related("meeting__organisation", "item")
    return get_object_or_404(rows, pk=pk)


def _named(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The form's answers with the organisation itself in place of its number."""
    return {**data, name: issues.organisation_for(data[name], field=name)}


def _back(meeting: Meeting, place: str) -> HttpResponse:
    return redirect(f"{reverse('plans:meeting-detail', args=[meeting.pk])}#{place}")


def _form_page(
    request: Request, row: Meeting, form: Any, *, title: str, item: AgendaItem | None = None
) -> HttpResponse:
    context = {"title": title, "form": form, "row": row, "submit": "保存", "item": item}
    return render(request, "plans/meetings/form.html", context, status=422 if form.errors else 200)
