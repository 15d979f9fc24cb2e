"""The document behind a ledger: as a whole, and opened at the sentence a row was read from."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.models import OwnerMention, PlanNode, Review, Target
from keshu.apps.plans.queries.library import plan_by_id
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.reading import Row, document_stretch, row_by_ref
from keshu.apps.plans.queries.sources import section_path
from keshu.apps.plans.queries.target_ledgers import REVIEW_MARKS
from keshu.apps.plans.views.framing import for_government, number_in


@require_safe
@for_government
def document(request: Request, pk: int) -> HttpResponse:
    """The text with every row's words marked."""
    plan = get_object_or_404(plan_by_id(request.user), pk=pk)
    stretch = document_stretch(plan, user=request.user, number=number_in(request, "part") or 1)
    return render(
        request, "plans/sources/document.html", {"title": f"{plan.title}原文", "plan": plan, "stretch": stretch}
    )


@require_safe
@for_government
def source(request: Request, ref: str) -> HttpResponse:
    """The text at the sentence of one row, with where it comes from and who confirmed it beside."""
    row = row_by_ref(request.user, ref)
    if row is None:
        raise Http404("没有找到这一行，或者您不能查看")
    stretch = document_stretch(row.plan, user=request.user, holding=row)
    context: dict[str, Any] = {
        "title": f"{row.plan.title}原文",
        "plan": row.plan,
        "stretch": stretch,
        "row": row,
        "ref": ref,
        "path": section_path(row),
        "mark": REVIEW_MARKS[Review(row.review)],
        **_words(row),
    }
    return render(request, "plans/sources/document.html", context)


def _words(row: Row) -> dict[str, str]:
    """What the row is, in words, and its own page."""
    if isinstance(row, Target):
        page = reverse("plans:target-detail", args=[row.pk])
        kind = "目标" if row.tense == "target" else "完成情况"
        return {"row_kind": kind, "row_title": f"{row.indicator}：{requirement_of(row)}", "row_page": page}
    if isinstance(row, PlanNode):
        return {"row_kind": "任务", "row_title": str(row), "row_page": reverse("plans:task-detail", args=[row.pk])}
    assert isinstance(row, OwnerMention)
    page = reverse("plans:task-detail", args=[row.node_id])
    return {"row_kind": "责任单位", "row_title": f"{row.name}（{row.get_role_display()}）", "row_page": page}
