"""How the review pages answer an action: the changed rows, the counts, the version, and a sentence about what was done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.permissions import can_review_plan, can_see_draft
from keshu.apps.plans.queries.contradictions import conflicts, repeats
from keshu.apps.plans.queries.review_board import Board, changed_by_others, review_board, rows_named
from keshu.apps.plans.services.steps import ChangedMeanwhile, ReviewResult

if TYPE_CHECKING:
    from django import forms

Action = Callable[..., HttpResponse]

# More changed rows than this are not sent one by one.
MOST_PATCHED = 60
# After these the list of repeated targets and contradictions is told anew.
TELLING_ANEW = ("review-merge", "review-undo")


def plan_for(request: Request, pk: int) -> WorkPlan:
    """A plan whose review page the person may open; 404 otherwise, as for one that is not there."""
    plans = WorkPlan.objects.visible_to(request.user).select_related("organisation", "source").defer("source__text")
    plan = get_object_or_404(plans, pk=pk)
    try:
        can_see_draft(request.user, plan)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    return plan


def may_review(request: Request, plan: WorkPlan) -> bool:
    """Whether to show the tools."""
    try:
        can_review_plan(request.user, plan)
    except Refused:
        return False
    return True


def version_of(request: Request) -> int:
    """The version of the draft that the person has on screen."""
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise Unacceptable("页面已经过期，请刷新后重试。")
    return int(text)


def place_in(request: Request, name: str, *, data: Any = None) -> int:
    """A place in the source text, counted in characters; -1 (nowhere) when it is missing."""
    text = (data if data is not None else request.POST).get(name, "")
    return int(text) if text.isdecimal() else -1


def review_action(view: Action) -> Action:
    """Find the plan, and put what the services refuse into words; nothing is saved then.

    A row that somebody else changed meanwhile comes back as it is now.
    """

    @wraps(view)
    def answer(request: Request, pk: int, **kwargs: Any) -> HttpResponse:
        plan = plan_for(request, pk)
        try:
            return view(request, plan, **kwargs)
        except ChangedMeanwhile as refusal:
            return changed_meanwhile(request, plan, refusal)
        except Unacceptable as refusal:
            return spoken(HttpResponse(status=422), str(refusal), tone="late")

    return answer


def answered(
    request: Request,
    plan: WorkPlan,
    result: ReviewResult,
    *,
    brings_back: bool = False,
    at: str = "",
    events: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The rows a step changed, and those that others changed since the person looked; after many, the panes are read anew.

    The saved line in the head tells of a success, a toast only of what others did meanwhile. A step that `brings_back` rows or
    questions has the grid read anew as well, and the row `at` made the current one.
    """
    refs = (*result.rows, *result.others)
    is_large = len(refs) > MOST_PATCHED
    response = _patch(request, plan, refs=() if is_large else refs, version=result.version, saved=result.summary)
    if is_large or brings_back:
        response["X-Review-Reload"] = "all" if is_large else "grid"
        response["X-Review-At"] = at
    if result.others:
        told = f"他人刚改动的 {len(result.others)} 行已一并更新。"
        return spoken(response, told, tone="done", **(events or {}))
    response["HX-Reswap"] = "none"
    if events:
        response["HX-Trigger"] = json.dumps(dict(events))
    return response


def changed_meanwhile(request: Request, plan: WorkPlan, refusal: ChangedMeanwhile) -> HttpResponse:
    """Who changed what when, with the rows as they are now."""
    response = caught_up(request, plan, rows=refusal.rows, status=422)
    return spoken(response, str(refusal), tone="late")


def caught_up(request: Request, plan: WorkPlan, *, rows: Sequence[str] = (), status: int = 200) -> HttpResponse:
    """`rows` and all that others changed since the version on screen."""
    seen, plan = version_of(request), plan_for(request, plan.pk)
    others = changed_by_others(plan, user=request.user, since=seen)
    return _patch(request, plan, refs=(*rows, *others), version=plan.version, saved="", status=status)


def spoken(response: HttpResponse, message: str, *, tone: str, **events: Any) -> HttpResponse:
    """With a toast; nothing is put into the page where the request came from."""
    response["HX-Trigger"] = json.dumps({"toast": {"message": message, "tone": tone}, **events})
    response["HX-Reswap"] = "none"
    return response


def refuse(form: forms.Form, refusal: Unacceptable) -> None:
    """Put a refusal at its field, or over the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def _with_floors(board: Board, refs: Iterable[str]) -> Iterator[str]:
    """The rows and, after a stretch target, its floor, which shows both."""
    for ref in refs:
        yield ref
        if ref in board.floors:
            yield board.floors[ref]


def _patch(
    request: Request, plan: WorkPlan, *, refs: Iterable[str], version: int, saved: str, status: int = 200
) -> HttpResponse:
    board = review_board(plan, user=request.user)
    rows = rows_named(plan, user=request.user, refs=_with_floors(board, refs))
    context = {
        "plan": plan,
        "board": board,
        "rows": rows,
        "version": version,
        "saved": saved,
        "may_review": True,
        "settled": [row.ref for row in rows if row.owner is not None and not row.owner.is_unresolved],
    }
    if request.resolver_match and request.resolver_match.url_name in TELLING_ANEW:
        context |= {"has_alerts": True, "conflicts": conflicts(plan), "repeats": repeats(plan)}
    response = render(request, "plans/review/_answer.html", context, status=status)
    response["X-Review"] = "patch"
    return response
