"""The moves of an issue, each a form of its own that works on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.lifecycle import check, transition
from keshu.apps.bureau.services.reasons import ReasonForm
from keshu.apps.plans.forms.issues import ConfirmForm, DutyFields, ExtendForm, FulfilForm, ReassignForm
from keshu.apps.plans.models import Issue
from keshu.apps.plans.permissions.issues import GOVERNMENT_KINDS, is_planning
from keshu.apps.plans.queries.issues.cards import issue_by_id, issue_card
from keshu.apps.plans.services import issues
from keshu.apps.plans.services.issues import IssueMove
from keshu.apps.plans.views.framing import for_government

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DONE = {
    IssueMove.ASSIGN: "已明确责任单位，并已告知。",
    IssueMove.REASSIGN: "责任已调整，并已告知。",
    IssueMove.EXTEND: "时限已延长，并已告知责任单位。",
    IssueMove.FULFIL: "已报送，等待提出人确认。",
    IssueMove.CONFIRM: "已确认销号。",
    IssueMove.REFUSE: "已退回责任单位继续整改。",
    IssueMove.CANCEL: "已撤销，记录保留。",
}
FORMS: dict[IssueMove, type[forms.Form]] = {
    IssueMove.ASSIGN: DutyFields,
    IssueMove.REASSIGN: ReassignForm,
    IssueMove.EXTEND: ExtendForm,
    IssueMove.FULFIL: FulfilForm,
    IssueMove.CONFIRM: ConfirmForm,
    IssueMove.REFUSE: ReasonForm,
    IssueMove.CANCEL: ReasonForm,
}


@require_http_methods(["GET", "POST"])
@for_government
def issue_move(request: Request, pk: int, name: str) -> HttpResponse:
    """One move: what it asks for, and the move itself."""
    row = get_object_or_404(issue_by_id(request.user), pk=pk)
    if name not in set(IssueMove):
        raise Http404("没有这项办理")
    move, on = IssueMove(name), timezone.localdate()
    declared = transition(issues.issue_transitions(on=on), move)
    check(declared, row, state=row.state, state_label=row.get_state_display(), user=request.user, why="—")
    form = _form(request, row, move)
    if request.method == "POST" and form.is_valid():
        done = carried_out(form, lambda: _act(request, row, move, form))
        if done is not None:
            messages.success(request, DONE[move])
            return redirect("plans:issue-detail", pk=pk)
    context = {
        "title": declared.label, "declared": declared, "form": form, "row": row, "card": issue_card(row, on=on),
        "takes_files": move is IssueMove.FULFIL,
    }  # fmt: skip
    return render(request, "plans/issues/move.html", context, status=422 if form.errors else 200)


def _form(request: Request, row: Issue, move: IssueMove) -> forms.Form:
    data, declared = sent(request), FORMS[move]
    if not issubclass(declared, DutyFields):
        return declared(data, initial={"due_on": row.due_on})
    owners = owners_for(request.user, within="" if is_planning(request.user) else row.raised_for.path)
    return declared(data, owners=owners, initial={"owner": row.owner_id, "measure": row.measure, "due_on": row.due_on})


def _act(request: Request, row: Issue, move: IssueMove, form: forms.Form) -> Issue:
    data: dict[str, Any] = {**form.cleaned_data, "by": request.user, "at": timezone.now()}
    if "owner" in data:
        data["owner"] = issues.organisation_for(data["owner"])
    if move is IssueMove.FULFIL:
        data["files"] = request.FILES.getlist("files")
    acts: dict[IssueMove, Callable[..., Issue]] = {
        IssueMove.ASSIGN: issues.assign_issue, IssueMove.REASSIGN: issues.reassign_issue,
        IssueMove.EXTEND: issues.extend_issue, IssueMove.FULFIL: issues.fulfil_issue,
        IssueMove.CONFIRM: issues.confirm_issue, IssueMove.REFUSE: issues.refuse_issue,
        IssueMove.CANCEL: issues.cancel_issue,
    }  # fmt: skip
    return acts[move](row, **data)


def sent(request: Request) -> Any:
    """What a form was sent with; None where it is only to be shown. A form without fields is sent empty."""
    return request.POST if request.method == "POST" else None


def owners_for(user: User, *, within: str = "") -> list[tuple[int, str]]:
    """Who can answer for an issue: open government organisations, within a part of the tree where one is given."""
    refs = choosable(user, on=timezone.localdate(), kinds=GOVERNMENT_KINDS)
    return [(ref.id, ref.short_name or ref.name) for ref in refs if ref.path.startswith(within)]
