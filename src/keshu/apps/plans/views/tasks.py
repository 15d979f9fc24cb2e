"""The task tree, the flat ledger of tasks, and one task in the drawer and on its page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.queries.ledger import Tone
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.forms.standings import LightForm
from keshu.apps.plans.queries.checkin_pages.history import reports_on
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.headings import Headings, plan_headings
from keshu.apps.plans.queries.ledger import task_ledger
from keshu.apps.plans.queries.light_columns import with_standing
from keshu.apps.plans.queries.lines import TaskLine, plan_lines
from keshu.apps.plans.queries.plan_lights import LIGHT_CHOICES, has_lights
from keshu.apps.plans.queries.row_tabs import Tab, task_tabs
from keshu.apps.plans.queries.standings import standing_card
from keshu.apps.plans.queries.target_ledgers import DUE_CHOICES, involved_offices
from keshu.apps.plans.queries.task_pages import (
    TaskTree,
    TreeFilter,
    TreeRow,
    narrowed_tree,
    task_by_id,
    task_card,
    tasks_ledger,
)
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.framing import (
    chosen_for,
    for_government,
    is_checkins,
    ledger_answer,
    may_have_lights,
    number_in,
    page_context,
    searched,
)

TREE_COLUMNS = (
    ("层级", "number", 60), ("任务", "text", 420), ("类别", "text", 80), ("牵头（责任）单位", "text", 180),
    ("配合单位", "text", 220), ("完成时限", "text", 120), ("目标", "text", 360),
)  # fmt: skip
LIGHT_COLUMNS = (("状态", "text", 90), ("状态理由", "text", 260))


@require_safe
@for_government
def task_tree(request: Request) -> HttpResponse:
    """The decomposition of one plan as an indented table; on screen, as Excel, as CSV."""
    chosen = chosen_for(request)
    if chosen.plan is None:
        return render(request, "plans/tasks/tree.html", page_context(request, chosen, title="任务分解"))
    on = timezone.localdate()
    headings = plan_headings(chosen.plan, on=on)
    lit = has_lights(chosen.plan)
    asked = _asked(request, lit)
    tree = narrowed_tree(headings, asked, plan=chosen.plan, on=on)
    if form := request.GET.get("export"):
        return _tree_file(request, chosen, tree, form)
    if branch := number_in(request, "branch"):
        rows = tree.beneath(branch)
        return render(request, "plans/tasks/_rows.html", {"rows": rows, "plan": chosen.plan, "lit": lit})
    return render(
        request,
        "plans/tasks/tree.html",
        page_context(
            request,
            chosen,
            title="任务分解",
            tree=tree,
            lit=lit,
            light_choices=LIGHT_CHOICES,
            asked=asked,
            offices=[(office.id, office.name) for office in headings.everybody],
            due_choices=DUE_CHOICES,
            figures=_figures(request, chosen, tree, asked),
            chips=_chips(request, asked, headings),
            tabs=_tabs(chosen, is_tree=True),
            address=_href(request).removeprefix("?"),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def task_list(request: Request) -> HttpResponse:
    """Tasks and measures as a flat ledger."""
    chosen = chosen_for(request, may_be_all=True)
    if chosen.plan is None and not chosen.is_all:
        return render(request, "plans/tasks/list.html", page_context(request, chosen, title="任务分解"))
    ledger = tasks_ledger(
        on=timezone.localdate(),
        offices=involved_offices(request.user, plan=chosen.plan),
        plans=chosen.published_choices if chosen.is_all else (),
        lights=may_have_lights(chosen),
    )
    return ledger_answer(
        request,
        ledger,
        with_standing(task_ledger(request.user, plan=chosen.plan)),
        template="plans/tasks/list.html",
        chosen=chosen,
        file_title="任务清单",
        round_trip="plans.tasks",
        supervise="task",
        title="任务分解",
        tabs=_tabs(chosen, is_tree=False),
    )


@require_safe
@for_government
def task_drawer(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(task_by_id(request.user), pk=pk)
    return render(
        request,
        "plans/tasks/_drawer.html",
        {"card": task_card(row, user=request.user, with_history=False), "row": row, "plan": row.plan},
    )


@require_safe
@for_government
def task_detail(request: Request, pk: int) -> HttpResponse:
    """The task itself, or what was reported on it, as the address's ``tab`` says."""
    row = get_object_or_404(task_by_id(request.user), pk=pk)
    tabs = task_tabs(row, current=Tab.CHECKINS if is_checkins(request) else Tab.DETAIL)
    context = {"title": str(row), "row": row, "plan": row.plan, "tabs": tabs, "ref": f"node-{row.pk}"}
    if is_checkins(request):
        context["reports"] = reports_on(row, user=request.user, round_id=number_in(request, "round"))
    else:
        standing = standing_card(row, user=request.user)
        light = standing.row.chosen or standing.row.light if standing else ""
        context |= {"card": task_card(row, user=request.user), "standing": standing}
        context["light_form"] = LightForm(initial={"light": light})
    return render(request, "plans/tasks/detail.html", context)


def _asked(request: Request, lit: bool) -> TreeFilter:
    due, light = request.GET.get("due", ""), request.GET.get("light", "")
    return TreeFilter(
        q=searched(request),
        lead=number_in(request, "lead"),
        office=number_in(request, "office"),
        due=due if due in dict(DUE_CHOICES) else "",
        ownerless=request.GET.get("ownerless") == "1",
        light=light if lit and light in dict(LIGHT_CHOICES) else "",
    )


def _href(request: Request, **changes: str) -> str:
    """The address with some parameters set, or removed where the value is empty."""
    kept = {key: value for key, value in request.GET.items() if key not in (*changes, "export", "branch") and value}
    return "?" + urlencode({**kept, **{key: value for key, value in changes.items() if value}})


def _figures(request: Request, chosen: ChosenPlan, tree: TaskTree, asked: TreeFilter) -> list[dict[str, object]]:
    plan = {"plan": request.GET["plan"]} if request.GET.get("plan") else {}

    def figure(label: str, value: int, query: dict[str, str], tone: Tone | None, active: bool) -> dict[str, object]:
        href = f"{reverse('plans:task-tree')}?{urlencode({**plan, **query})}"
        return {"label": label, "value": value, "href": href, "tone": tone, "active": active}

    return [
        figure("全部任务", tree.total, {}, None, not asked.is_set),
        figure("30 天内到期", tree.due_soon, {"due": "soon"}, Tone.AT_RISK, asked == TreeFilter(due="soon")),
        figure("已到期", tree.overdue, {"due": "overdue"}, Tone.LATE, asked == TreeFilter(due="overdue")),
        figure("没有责任单位", tree.ownerless, {"ownerless": "1"}, Tone.AT_RISK, asked == TreeFilter(ownerless=True)),
    ]


def _chips(request: Request, asked: TreeFilter, headings: Headings) -> list[dict[str, str]]:
    names = {office.id: office.name for office in headings.everybody}
    chips = []
    if asked.q:
        chips.append({"label": "含有", "word": asked.q, "href": _href(request, q="")})
    if asked.lead:
        chips.append(
            {"label": "牵头单位", "word": names.get(asked.lead, "不在这份文件中"), "href": _href(request, lead="")}
        )
    if asked.office:
        chips.append(
            {"label": "参与单位", "word": names.get(asked.office, "不在这份文件中"), "href": _href(request, office="")}
        )
    if asked.due:
        chips.append({"label": "期限", "word": dict(DUE_CHOICES)[asked.due], "href": _href(request, due="")})
    if asked.light:
        chips.append({"label": "状态", "word": dict(LIGHT_CHOICES)[asked.light], "href": _href(request, light="")})
    if asked.ownerless:
        chips.append({"label": "责任单位", "word": "没有", "href": _href(request, ownerless="")})
    return chips


def _tabs(chosen: ChosenPlan, *, is_tree: bool) -> list[dict[str, object]]:
    plan = f"?plan={chosen.plan.pk}" if chosen.plan else ""
    return [
        {"label": "分解表", "href": reverse("plans:task-tree") + plan, "current": is_tree, "count": None},
        {"label": "清单", "href": reverse("plans:task-list") + plan, "current": not is_tree, "count": None},
    ]


def _tree_file(request: Request, chosen: ChosenPlan, tree: TaskTree, form: str) -> HttpResponse:
    assert chosen.plan is not None
    by_id = plan_lines(chosen.plan).by_id
    made = sheet_file(
        [*TREE_COLUMNS, *(LIGHT_COLUMNS if has_lights(chosen.plan) else ())],
        [
            (*_tree_values(row, by_id[row.task.id]), *(_light_values(row) if has_lights(chosen.plan) else ()))
            for row in tree.rows
        ],
        form=form,
        name="任务分解",
        title=f"{chosen.plan}任务分解",
        plan=chosen.plan,
        by=request.user,
        at=timezone.now(),
    )
    return file_response(made)


def _light_values(row: TreeRow) -> tuple[object, ...]:
    """The cells of the light; a mere heading has none."""
    light = row.task.light
    return (light.mark.word, light.reason) if row.task.is_work else ("", "")


def _tree_values(row: TreeRow, line: TaskLine) -> tuple[object, ...]:
    goals = [f"{t.indicator}：{t.phrase}" for t in line.targets if t.tense == "target" and t.floor_id is None]
    return (
        row.task.depth + 1,
        "　" * row.depth + row.task.title,
        row.task.kind_label,
        line.lead_words,
        line.support_words,
        row.task.deadline,
        "；".join(goals),
    )
