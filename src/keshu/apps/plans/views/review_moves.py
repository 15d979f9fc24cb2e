"""What concerns the whole draft: what the document says of itself, publishing, withdrawing, deleting and restoring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.forms.review import DetailsForm
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.issuers import foreign_issuer
from keshu.apps.plans.queries.plans import replaced_by
from keshu.apps.plans.queries.review_board import Board, review_board
from keshu.apps.plans.services import details as details_service
from keshu.apps.plans.services import publishing
from keshu.apps.plans.services.lifecycle import (
    TRANSITIONS,
    AvailableTransition,
    Move,
    Transition,
    available_transitions,
)
from keshu.apps.plans.views.answers import plan_for, refuse, review_action, spoken

DETAILS = ("title", "year", "kind", "issuer", "doc_number", "published_on")
ICONS = {Move.PUBLISH: "send", Move.DELETE_DRAFT: "trash", Move.RESTORE_DRAFT: "arrow-back-up", Move.WITHDRAW: "ban"}


def buttons_for(plan: WorkPlan, *, user: Any) -> dict[str, Any]:
    """The moves this person has for this plan by their labels; what stands against one is asked when it is pressed."""
    open_moves = [each for each in TRANSITIONS if plan.state in each.sources and _may(each, user=user, plan=plan)]
    found = [{"move": each.move.value, "label": each.label, "icon": ICONS[each.move]} for each in open_moves]
    return {
        "publish": next((button for button in found if button["move"] == Move.PUBLISH), None),
        "others": [button for button in found if button["move"] != Move.PUBLISH],
        "revise": is_keeper(user, plan.organisation) and plan.state != "discarded",
    }


def details_context(plan: WorkPlan) -> dict[str, Any]:
    """The form of the third tab and what was read from the head of the document."""
    meta = plan.source.meta
    read = (("索引号", meta.get("index_number")), ("成文日期", meta.get("document_date")), ("地区", meta.get("region")))
    return {
        "form": DetailsForm(initial={name: getattr(plan, name) for name in DETAILS}),
        "facts": [
            ("文件", plan.source.file_name),
            *[(label, value) for label, value in read if value],
            ("导入", f"{timezone.localtime(plan.created_at):%Y-%m-%d %H:%M}"),
        ],
    }


@require_POST
@review_action
def save_details(request: Request, plan: WorkPlan) -> HttpResponse:
    form = DetailsForm(request.POST)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in DETAILS}
        try:
            saved = details_service.correct_details(plan, fields=fields, by=request.user, at=timezone.now())
        except Unacceptable as refusal:
            refuse(form, refusal)
        else:
            context = {"plan": saved, "foreign": foreign_issuer(saved)}
            response = render(request, "plans/review/_renamed.html", context)
            response["X-Review"] = "patch"
            return spoken(response, "文件要素已保存。", tone="done")
    return render(
        request, "plans/review/_details_form.html", {"plan": plan, "form": form, "may_review": True}, status=422
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask before a move is made (GET: a dialog, or the drawer where the page has one), and make it (POST)."""
    plan = plan_for(request, pk)
    board = review_board(plan, user=request.user) if name == Move.PUBLISH else None
    offered = available_transitions(plan, user=request.user, board=board)
    available = next((each for each in offered if each.move == name), None)
    if request.method != "POST":
        if available is None:
            raise Http404(f"no move {name!r} now")
        return _dialog(request, plan, available, board=board)
    try:
        _make(request, plan, name)
    except Unacceptable as refusal:
        if available is None:
            return spoken(HttpResponse(status=422), str(refusal), tone="late")
        return _dialog(request, plan, available, board=board, error=str(refusal), status=422)
    return HttpResponse(status=204, headers={"HX-Redirect": _next_page(plan, name)})


def _dialog(
    request: Request,
    plan: WorkPlan,
    available: AvailableTransition,
    *,
    board: Board | None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    in_drawer = request.headers.get("HX-Target") == "drawer"
    context = {
        "plan": plan,
        "transition": available,
        "board": board,
        "replaced": replaced_by(plan).visible_to(request.user).first() if available.move == Move.PUBLISH else None,
        "foreign": foreign_issuer(plan) if available.move == Move.PUBLISH else "",
        "error": error,
        "is_blocked": any(not each.is_liftable for each in available.hindrances),
        "icon_name": ICONS[available.move],
        "move_target": "#drawer" if in_drawer else "#move-body",
    }
    return render(
        request, "plans/review/_move_drawer.html" if in_drawer else "plans/review/_move.html", context, status=status
    )


def _make(request: Request, plan: WorkPlan, name: str) -> None:
    if name not in set(Move):
        raise Http404(f"no move {name!r}")
    given: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    makers: dict[str, Callable[[], WorkPlan]] = {
        Move.PUBLISH: lambda: publishing.publish_plan(plan, accept_rest="accept_rest" in request.POST, **given),
        Move.WITHDRAW: lambda: publishing.withdraw_plan(plan, why=request.POST.get("why", ""), **given),
        Move.DELETE_DRAFT: lambda: publishing.delete_draft(plan, **given),
        Move.RESTORE_DRAFT: lambda: publishing.restore_draft(plan, **given),
    }
    moved = makers[name]()
    said = {
        Move.PUBLISH: f"《{moved.title}》第 {moved.revision} 版已发布，台账已生成。",
        Move.WITHDRAW: f"《{moved.title}》已作废。",
        Move.DELETE_DRAFT: f"草稿《{moved.title}》已删除，可在导入页恢复。",
        Move.RESTORE_DRAFT: f"草稿《{moved.title}》已恢复。",
    }
    messages.success(request, said[Move(name)])


def _next_page(plan: WorkPlan, name: str) -> str:
    """Where one goes on: a published plan's ledger, a restored draft's review, the list of drafts."""
    if name == Move.PUBLISH:
        try:
            return f"{reverse('plans:target-list')}?plan={plan.pk}"
        except NoReverseMatch:
            return reverse("plans:review", args=[plan.pk])
    if name == Move.DELETE_DRAFT:
        return reverse("plans:import")
    return reverse("plans:review", args=[plan.pk])


def _may(each: Transition, *, user: Any, plan: WorkPlan) -> bool:
    try:
        each.may(user, plan)
    except Refused:
        return False
    return True
