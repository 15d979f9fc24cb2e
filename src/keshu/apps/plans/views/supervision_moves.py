"""What people do with one notice: the moves that only ask back, those that ask in the drawer, and the page to answer on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.reasons import ReasonForm
from keshu.apps.plans.forms.supervision import ExtendForm, ReplyForm, ReturnForm, WordsForm
from keshu.apps.plans.models import SupervisionNotice, SupervisionState
from keshu.apps.plans.permissions.supervision import is_answering
from keshu.apps.plans.queries.supervision.cards import notice_by_id
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision.lifecycle import Move, check
from keshu.apps.plans.views.supervision import ASKING, ICONS, PAGES, card_context, for_supervised

FORMS: dict[Move, type[forms.Form]] = {
    Move.ACCEPT: WordsForm, Move.RETURN: ReturnForm, Move.EXTEND: ExtendForm, Move.CANCEL: ReasonForm,
}  # fmt: skip
# A returned or extended notice is given so many working days where the form opens.
GIVEN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervised
def move(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask in the drawer (GET), and go the declared way (POST)."""
    row = get_object_or_404(notice_by_id(request.user), pk=pk)
    if name not in set(Move) or Move(name) in PAGES:
        raise Http404(f"no move {name!r}")
    which = Move(name)
    if request.method != "POST":
        if which not in ASKING:
            raise Http404(f"{name!r} is not asked for in the drawer")
        declared = check(which, row, user=request.user, why="…")
        return _drawer(
            request, row, which, FORMS[which](initial=_initial(row)), label=declared.label, text=declared.confirm
        )
    form = FORMS[which](request.POST) if which in FORMS else forms.Form(request.POST)
    declared = check(which, row, user=request.user, why="…")
    if form.is_valid():
        try:
            moved = _make(which, row, form.cleaned_data, request=request)
        except Unacceptable as refusal:
            if which not in FORMS:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _said(which, moved))
            return _gone_on(request, row)
    return _drawer(request, row, which, form, label=declared.label, text=declared.confirm, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervised
def reply(request: Request, pk: int) -> HttpResponse:
    """The page to sign for and to answer on, for the telephone too; whoever does not answer is led to the notice."""
    context = card_context(request, pk)
    row: SupervisionNotice = context["row"]
    if request.method != "POST" and not is_answering(request.user, row.addressee):
        return redirect("plans:supervision-detail", pk=row.pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST":
        files = request.FILES.getlist("files")
        check(Move.REPLY, row, user=request.user)
        if form.is_valid():
            try:
                supervision.reply(row, text=form.cleaned_data["text"], files=files, by=request.user, at=timezone.now())
            except Unacceptable as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, f"办理情况已报送，等待“{row.issuer}”审核。")
                return redirect("plans:supervision-detail", pk=row.pk)
    moves = {each["href"]: each for each in context["buttons"]}
    context |= {
        "form": form,
        "sign": moves.get(reverse("plans:supervision-move", args=[row.pk, Move.SIGN_FOR])),
        "may_reply": reverse("plans:supervision-reply", args=[row.pk]) in moves,
        "files_lost": bool(form.errors and request.FILES),
    }
    return render(request, "plans/supervision/reply.html", context, status=422 if form.errors else 200)


def _initial(row: SupervisionNotice) -> dict[str, Any]:
    """A later day is proposed where the present one will not do."""
    today = timezone.localdate()
    base = max(row.due_on, today)
    is_reply = row.state == SupervisionState.REPLIED
    return {"due_on": row.due_on if is_reply and row.due_on >= today else work_calendar().after(base, GIVEN)}


def _make(which: Move, row: SupervisionNotice, data: dict[str, Any], *, request: Request) -> SupervisionNotice:
    at: datetime = timezone.now()
    given: dict[str, Any] = {"by": request.user, "at": at}
    makers: dict[Move, Callable[[], SupervisionNotice]] = {
        Move.ISSUE: lambda: supervision.issue_notice(row, **given),
        Move.DISCARD: lambda: supervision.discard_notice(row, **given),
        Move.SIGN_FOR: lambda: supervision.sign_for(row, **given),
        Move.ACCEPT: lambda: supervision.accept_reply(row, words=data["why"], **given),
        Move.RETURN: lambda: supervision.return_reply(row, why=data["why"], due_on=data["due_on"], **given),
        Move.CLOSE: lambda: supervision.close_notice(row, **given),
        Move.EXTEND: lambda: supervision.extend_notice(row, due_on=data["due_on"], why=data["why"], **given),
        Move.CANCEL: lambda: supervision.cancel_notice(row, why=data["why"], **given),
    }
    return makers[which]()


def _said(which: Move, row: SupervisionNotice) -> str:
    said = {
        Move.ISSUE: f"已签发，编号{row.number_text}，“{row.addressee}”随即收到。",
        Move.DISCARD: "草稿已删除。",
        Move.SIGN_FOR: f"已签收，请于 {row.due_on:%Y-%m-%d} 前报送办理情况。",
        Move.ACCEPT: "已认可，可以办结。",
        Move.RETURN: f"已退回，“{row.addressee}”须于 {row.due_on:%Y-%m-%d} 前重新报送。",
        Move.CLOSE: "已办结。",
        Move.EXTEND: f"办理时限已延长到 {row.due_on:%Y-%m-%d}。",
        Move.CANCEL: "已撤销，承办单位不再办理。",
    }
    return said[which]


def _gone_on(request: Request, row: SupervisionNotice) -> HttpResponse:
    page = "plans:supervision-reply" if request.POST.get("next") == "reply" else "plans:supervision-detail"
    address = reverse(page, args=[row.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _drawer(
    request: Request, row: SupervisionNotice, which: Move, form: forms.Form, *, label: str, text: str, status: int = 200
) -> HttpResponse:
    context = {
        "row": row, "form": form, "label": label, "text": text, "icon_name": ICONS[which],
        "is_destructive": which is Move.CANCEL,
    }  # fmt: skip
    template = "plans/supervision/_move.html" if request.htmx else "plans/supervision/move.html"
    return render(request, template, context, status=status)
