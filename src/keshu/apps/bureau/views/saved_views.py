"""Saving, changing and deleting views of a ledger, in the drawer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.models import Organisation, SavedView
from keshu.apps.bureau.permissions import may_share_with_everyone
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable, saved_views

TEMPLATE = "bureau/saved_views/_form.html"
# The choice of the form that stands beside the ids of organisations.
EVERYONE = "everyone"


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """The drawer for keeping the present view under a name."""
    given = request.POST if request.method == "POST" else request.GET
    ledger, query = given.get("ledger", "")[:60], given.get("query", "")
    context = {"ledger_key": ledger, "query": query, "name": given.get("name", ""), "shared": given.get("shared", "")}
    if request.method == "POST":
        try:
            saved_views.save_view(
                ledger=ledger,
                name=given.get("name", ""),
                query=query,
                sharing=_sharing(given.get("shared", "")),
                by=request.user,
                at=timezone.now(),
            )
        except Unacceptable as refusal:
            return _form(request, context | {"error": refusal.message}, status=422)
        return _done(request, "视图已保存。")
    return _form(request, context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """The drawer for renaming, sharing or deleting one's own view."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if view.owner_id != request.user.pk:
        raise Refused("只有存下这个视图的人可以改名、共享或删除它。")
    context = {
        "view": view,
        "name": view.name,
        "shared": EVERYONE if view.is_for_everyone else str(view.organisation_id or ""),
    }
    if request.method == "POST":
        name, shared = request.POST.get("name", ""), request.POST.get("shared", "")
        try:
            saved_views.change_view(view.pk, name=name, sharing=_sharing(shared), by=request.user, at=timezone.now())
        except Unacceptable as refusal:
            return _form(request, context | {"name": name, "shared": shared, "error": refusal.message}, status=422)
        return _done(request, "视图已修改。")
    return _form(request, context)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    saved_views.delete_view(view.pk, by=request.user, at=timezone.now())
    return _done(request, "视图已删除。")


def _sharing(text: str) -> saved_views.Sharing:
    """What the form's choice stands for; a word it does not offer shares with nobody."""
    if text == EVERYONE:
        return saved_views.Sharing(is_for_everyone=True)
    known = text.isascii() and text.isdigit() and len(text) < 19
    return saved_views.Sharing(int(text)) if known else saved_views.PRIVATE


def _form(request: Request, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    mine = Organisation.objects.filter(pk__in=request.user.scope.organisation_ids)
    choices = [(str(o.pk), f"{o}的全体人员") for o in mine]
    if may_share_with_everyone(request.user):
        choices.append((EVERYONE, "系统全体人员"))
    return render(request, TEMPLATE, context | {"organisations": choices}, status=status)


def _done(request: Request, words: str) -> HttpResponse:
    """Say so and let the page draw its list of views anew."""
    messages.success(request, words)
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer
