"""The history of a plan's row: its lines, and putting back what was before one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.restoring import RestoringForm
from keshu.apps.plans.models import PlanNode, Target
from keshu.apps.plans.permissions import can_review_plan
from keshu.apps.plans.queries.histories import row_history
from keshu.apps.plans.queries.target_cards import target_by_id
from keshu.apps.plans.queries.task_pages import task_by_id
from keshu.apps.plans.services.restoring import earlier_row, restore_row
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.views.framing import for_government, number_in


@require_safe
@for_government
def lines(request: Request, ref: str) -> HttpResponse:
    """The lines before the version the address names; without one, the latest."""
    entries = row_history(_row(request, ref), user=request.user, before=number_in(request, "before"))
    return render(request, "components/_timeline_lines.html", {"entries": entries})


@require_http_methods(["GET", "POST"])
@for_government
def restore(request: Request, ref: str, version: int) -> HttpResponse:
    """What would be put back, and the reason for it. Keepers of a plan under review."""
    row = _row(request, ref)
    can_review_plan(request.user, row.plan)
    form = RestoringForm(request.POST or None)
    page = "plans:target-detail" if isinstance(row, Target) else "plans:task-detail"
    back = reverse(page, args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            why = form.cleaned_data["why"]
            restore_row(row, version=version, why=why, by=request.user, at=timezone.now())
        except Unacceptable as refusal:
            form.add_error("why", refusal.message)
        else:
            messages.success(request, f"“{row}”已恢复到此前状态，作为一次新的修改记录在案。")
            return redirect(back)
    _, changes = earlier_row(row, version=version)
    context = {"title": f"恢复“{row}”到此前状态", "row": row, "form": form, "changes": changes, "back": back}
    return render(request, "plans/sources/restore.html", context, status=422 if form.errors else 200)


def _row(request: Request, ref: str) -> Target | PlanNode:
    try:
        named = RowRef.parse(ref)
    except Unacceptable:
        raise Http404("没有这一行") from None
    if named.kind == "target":
        return get_object_or_404(target_by_id(request.user), pk=named.id)
    if named.kind == "node":
        return get_object_or_404(task_by_id(request.user), pk=named.id)
    raise Http404("没有这一行")
