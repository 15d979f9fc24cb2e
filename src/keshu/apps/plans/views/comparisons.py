"""Comparisons: two plans side by side by target and by task, and a plan beside what its summary says was achieved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.queries.comparing import compared_targets
from keshu.apps.plans.queries.comparing_tasks import compared_tasks
from keshu.apps.plans.queries.comparison_pages import (
    MARKS,
    OUTCOME_MARKS,
    TASK_MARKS,
    ComparedPage,
    Narrowing,
    TwoPlans,
    compared_page,
    plan_and_summary,
    two_plans,
    words_of_outcome,
    words_of_target,
    words_of_task,
)
from keshu.apps.plans.queries.outcomes import outcomes
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.framing import chosen_for, for_government, number_in, page_context, searched

Columns = Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Kind:
    """One of the three comparisons: its page, how its rows are made, counted, searched, ordered and written to a file."""

    name: str
    title: str
    noun: str
    sides: tuple[str, str]
    choose: Callable[..., TwoPlans]
    compare: Callable[..., Sequence[Any]]
    marks: Mapping[str, Mark]
    words: Callable[[Any], str]
    orders: Mapping[str, tuple[str, Callable[[Any], Any]]]
    columns: Columns
    cells: Callable[[Any, Mapping[str, Mark]], Sequence[Any]]


def _target_cells(row: Any, marks: Mapping[str, Mark]) -> Sequence[Any]:
    alike = f"前一份写作“{row.before.indicator}”" if row.is_alike else ""
    return (
        row.either.indicator, row.before_text, row.after_text, row.change, marks[row.state].word,
        "；".join(filter(None, [row.why, alike])), row.leads, row.former_leads,
    )  # fmt: skip


def _task_cells(row: Any, marks: Mapping[str, Mark]) -> Sequence[Any]:
    old, new = row.before, row.after
    return (
        row.context, str(old or ""), str(new or ""), marks[row.state].word, row.either.lead_names,
        old.lead_names or "空" if row.has_new_lead and new is not None else "",
    )  # fmt: skip


def _outcome_cells(row: Any, marks: Mapping[str, Mark]) -> Sequence[Any]:
    stretch = {None: "", True: "达到", False: "未达到"}[row.met_stretch]
    alike = f"总结写作“{row.figure.indicator}”" if row.is_alike else ""
    return (
        row.target.indicator, row.asked_text, row.figure_text, row.figure_period, marks[row.state].word, row.rate_pct,
        stretch, "；".join(filter(None, [row.reason, alike])), row.leads,
    )  # fmt: skip


# The columns of a file are as wide together as a sheet of A4 laid across.
_BY_NAME = ("按指标名称", lambda row: row.either.indicator)
TARGETS = Kind(
    "targets", "目标对比", "项目标", ("前一份", "后一份"), two_plans, compared_targets, MARKS, words_of_target,
    {"name": _BY_NAME, "state": ("按情况", lambda row: list(MARKS).index(row.state))},
    (("指标", "text", 165), ("前一份", "text", 130), ("后一份", "text", 130), ("变化", "text", 100), ("情况", "state", 68),
     ("说明", "text", 130), ("牵头单位", "text", 145), ("原牵头单位", "text", 110)),
    _target_cells,
)  # fmt: skip
TASKS = Kind(
    "tasks", "任务对比", "项任务", ("前一份", "后一份"), two_plans, compared_tasks, TASK_MARKS, words_of_task,
    {"name": ("按任务名称", lambda row: row.either.heading), "state": ("按情况", lambda row: list(TASK_MARKS).index(row.state))},
    (("所在章节", "text", 190), ("前一份的任务", "text", 235), ("后一份的任务", "text", 235), ("情况", "state", 68),
     ("牵头单位", "text", 140), ("原牵头单位", "text", 110)),
    _task_cells,
)  # fmt: skip
RESULTS = Kind(
    "results", "完成对照", "项目标", ("工作要点", "总结"), plan_and_summary, outcomes, OUTCOME_MARKS, words_of_outcome,
    {"name": ("按指标名称", lambda row: row.target.indicator),
     "state": ("按情况", lambda row: list(OUTCOME_MARKS).index(row.state)),
     "rate": ("按完成率，低的在前", lambda row: (row.rate_pct is None, row.rate_pct or 0))},
    (("指标", "text", 165), ("目标", "text", 130), ("完成", "text", 110), ("数据时期", "text", 90), ("情况", "state", 68),
     ("完成率（%）", "number", 72), ("力争目标", "state", 64), ("说明", "text", 140), ("牵头单位", "text", 140)),
    _outcome_cells,
)  # fmt: skip
KINDS = (TARGETS, TASKS, RESULTS)


@require_safe
@for_government
def targets(request: Request) -> HttpResponse:
    """The targets of two plans, matched by indicator; on screen, as Excel, as CSV."""
    return _answer(request, TARGETS)


@require_safe
@for_government
def tasks(request: Request) -> HttpResponse:
    """The tasks of two plans, matched by heading; on screen, as Excel, as CSV."""
    return _answer(request, TASKS)


@require_safe
@for_government
def results(request: Request) -> HttpResponse:
    """A plan's targets and the figures of a summary; on screen, as Excel, as CSV."""
    return _answer(request, RESULTS)


def _answer(request: Request, kind: Kind) -> HttpResponse:
    chosen = chosen_for(request)
    pair = kind.choose(chosen, before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    context = page_context(request, chosen, title="对比", kind=kind, pair=pair, tabs=_tabs(kind, pair))
    template = f"plans/comparisons/{kind.name}.html"
    if pair.before is None or pair.after is None:
        return render(request, template, context)
    form = request.GET.get("export")
    is_whole = bool(form) or request.GET.get("size") == "all"
    asked = Narrowing(
        state=request.GET.get("state", "") if request.GET.get("state", "") in kind.marks else "",
        q=searched(request),
        order=request.GET.get("order", ""),
        number=None if is_whole else number_in(request, "page") or 1,
    )
    rows = kind.compare(pair.before, pair.after, user=request.user)
    orders = {key: order for key, (_, order) in kind.orders.items()}
    page = compared_page(rows, asked, marks=kind.marks, words=kind.words, orders=orders)
    if form:
        return _file(request, kind, pair.before, pair.after, page, form)
    context |= {"page": page, "asked": asked, "marks": kind.marks, **_links(pair.before, pair.after, asked, page)}
    return render(request, template, context)


def _tabs(kind: Kind, pair: TwoPlans) -> list[dict[str, object]]:
    """The pair stays when one goes from targets to tasks; a summary is another pair."""
    tabs = []
    for each in KINDS:
        query = f"?{pair.query}" if pair.query and each.choose is kind.choose else ""
        href = reverse(f"plans:comparison-{each.name}") + query
        tabs.append({"label": each.title, "href": href, "current": each is kind, "count": None})
    return tabs


def _links(before: WorkPlan, after: WorkPlan, asked: Narrowing, page: ComparedPage[Any]) -> dict[str, Any]:
    """Addresses of the page that keep what was asked for, each with one thing changed."""
    kept = {"before": before.pk, "after": after.pk, "state": asked.state, "q": asked.q, "order": asked.order}

    def address(**changed: object) -> str:
        return "?" + urlencode({key: value for key, value in (kept | changed).items() if value})

    figures = [{"label": "全部", "count": page.total, "tone": "", "active": not asked.state, "href": address(state="")}]
    figures += [
        {
            "label": each.mark.word,
            "count": each.count,
            "tone": each.mark.tone.value,
            "active": each.key == asked.state,
            "href": address(state="" if each.key == asked.state else each.key),
        }
        for each in page.states
    ]
    swapped = urlencode({"before": after.pk, "after": before.pk})
    return {
        "figures": figures,
        "address": address(),
        "swap_href": f"?{swapped}",
        "clear_href": address(state="", q=""),
        "links": [{"number": number, "href": address(page=number)} for number in range(1, page.pages + 1)],
    }


def _file(
    request: Request, kind: Kind, before: WorkPlan, after: WorkPlan, page: ComparedPage[Any], form: str
) -> HttpResponse:
    made = sheet_file(
        kind.columns,
        [kind.cells(row, kind.marks) for row in page.rows],
        form=form,
        name=kind.title,
        title=f"{kind.title}：{before.title}与{after.title}",
        plan=after,
        by=request.user,
        at=timezone.now(),
    )
    return file_response(made)
