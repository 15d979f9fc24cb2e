"""The responsibility matrix: tasks by offices."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.matrix_pages import MatrixPage, matrix_page
from keshu.apps.plans.queries.tasks import MARKS
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.exports import file_response
from keshu.apps.plans.views.framing import chosen_for, for_government, number_in, page_context


@require_safe
@for_government
def matrix(request: Request) -> HttpResponse:
    """On screen, as Excel, as CSV."""
    chosen = chosen_for(request)
    if chosen.plan is None:
        return render(request, "plans/matrix/page.html", page_context(request, chosen, title="责任矩阵"))
    chapter, group = number_in(request, "chapter"), request.GET.get("group", "")
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    page = matrix_page(chosen.plan, user=request.user, chapter=chapter, group=group, q=q)
    if form := request.GET.get("export"):
        return _matrix_file(request, chosen, page, form)
    kept = {key: value for key, value in request.GET.items() if key in ("plan", "chapter", "group", "q") and value}
    return render(
        request,
        "plans/matrix/page.html",
        page_context(
            request,
            chosen,
            title="责任矩阵",
            matrix=page,
            chapter=chapter,
            group=group,
            q=q,
            is_filtered=bool(chapter or q or group),
            address=urlencode(kept),
        ),
    )


def _matrix_file(request: Request, chosen: ChosenPlan, page: MatrixPage, form: str) -> HttpResponse:
    columns = [("任务", "text", 380), ("牵头", "number", 60), ("配合", "number", 60)]
    columns += [(column.office.name, "state", 64) for column in page.columns]
    rows = [
        (line.task.title, line.leads, line.supports, *("" if cell is None else MARKS[cell.role] for cell in line.cells))
        for line in page.lines
    ]
    made = sheet_file(
        columns,
        rows,
        form=form,
        name="责任矩阵",
        title=f"{chosen.plan}责任矩阵（●牵头 ○配合 △责任）",
        plan=chosen.plan,
        by=request.user,
        at=timezone.now(),
    )
    return file_response(made)
