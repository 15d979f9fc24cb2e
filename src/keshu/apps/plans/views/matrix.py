"""The responsibility matrix: tasks by offices."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.bureau.services.exchange import MARK
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.matrix_pages import MatrixFilter, MatrixLine, MatrixPage, matrix_page
from keshu.apps.plans.queries.plan_lights import LIGHT_CHOICES, has_lights
from keshu.apps.plans.queries.tasks import MARKS
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.framing import chosen_for, for_government, number_in, page_context, searched


@require_safe
@for_government
def matrix(request: Request) -> HttpResponse:
    """On screen, as Excel, as CSV."""
    chosen = chosen_for(request)
    if chosen.plan is None:
        return render(request, "plans/matrix/page.html", page_context(request, chosen, title="责任矩阵"))
    light = request.GET.get("light", "")
    light = light if has_lights(chosen.plan) and light in dict(LIGHT_CHOICES) else ""
    asked = MatrixFilter(number_in(request, "chapter"), request.GET.get("group", ""), searched(request), light)
    form = request.GET.get("export")
    number = None if form or request.GET.get("size") == "all" else number_in(request, "page") or 1
    page = matrix_page(chosen.plan, user=request.user, on=timezone.localdate(), asked=asked, number=number)
    if form:
        return _matrix_file(request, chosen, page, form)
    kept = {
        key: value for key, value in request.GET.items() if key in ("plan", "chapter", "group", "q", "light") and value
    }
    address = urlencode(kept)
    return render(
        request,
        "plans/matrix/page.html",
        page_context(
            request,
            chosen,
            title="责任矩阵",
            matrix=page,
            asked=asked,
            address=address,
            links=_page_links(page, address) if number else [],
            light_choices=LIGHT_CHOICES,
        ),
    )


def _page_links(page: MatrixPage, address: str) -> list[dict[str, object]]:
    return [
        {"number": number, "href": "?" + "&".join(filter(None, [address, f"page={number}"]))}
        for number in range(1, page.pages + 1)
    ]


def _light_of(page: MatrixPage, line: MatrixLine) -> tuple[str, ...]:
    """The cells of the light: none for a plan that is not in force."""
    light = line.task.light
    return (light.mark.word, light.reason) if page.has_lights else ()


def _matrix_file(request: Request, chosen: ChosenPlan, page: MatrixPage, form: str) -> HttpResponse:
    columns: list[tuple[str, str, int]] = [("任务", "text", 280), ("牵头", "number", 60), ("配合", "number", 60)]
    if page.has_lights:
        columns += [("状态", "text", 80), ("状态理由", "text", 240)]
    columns += [(column.office.name, MARK, 64) for column in page.columns]
    rows = [
        (
            line.task.title, line.leads, line.supports, *_light_of(page, line),
            *("" if role is None else MARKS[role] for role in line.cells),
        )
        for line in page.lines
    ]  # fmt: skip
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
