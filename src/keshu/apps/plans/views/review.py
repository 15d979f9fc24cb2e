"""The review page: its two panes, what others are doing, and the decisions that need no form."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.queries.requests import Request, split_of
from keshu.apps.plans.models import ReviewStep, WorkPlan
from keshu.apps.plans.queries.contradictions import conflicts, repeats
from keshu.apps.plans.queries.finding import find_words
from keshu.apps.plans.queries.issuers import foreign_issuer
from keshu.apps.plans.queries.manuscript import manuscript
from keshu.apps.plans.queries.narrowing import narrowing_to, offices_named, outline
from keshu.apps.plans.queries.review_board import Board, Order, Show, Tab, Wish, review_board, rows_named
from keshu.apps.plans.services import presence as presence_service
from keshu.apps.plans.services import review as decisions
from keshu.apps.plans.services import targets, undo
from keshu.apps.plans.services.owners import look_up_registered
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.services.steps import ReviewResult
from keshu.apps.plans.views.answers import (
    answered,
    caught_up,
    may_review,
    plan_for,
    review_action,
    spoken,
    version_of,
)
from keshu.apps.plans.views.framing import draft_links
from keshu.apps.plans.views.review_moves import buttons_for, details_context

KEYS = (
    ("J 或 ↓", "下一行"),
    ("K 或 ↑", "上一行"),
    ("Enter", "核对通过，到下一待核行"),
    ("E", "修改（责任单位：指定对应单位）"),
    ("X", "剔除；已剔除的行：恢复"),
    ("U", "撤销我的上一步"),
    ("A", "补录：先在左侧选中文字"),
    ("S", "拆分目标"),
    ("空格", "选择本行"),
    ("M", "合并所选目标，保留当前行"),
    ("1 2 3", "指标数据、任务与责任、文件要素"),
    ("F", "在原文中查找"),
    ("Home、End", "第一行、最后一行"),
    ("Esc", "取消"),
    ("?", "本说明"),
)
EXCHANGES = (("指标数据", "plans.targets"), ("任务", "plans.tasks"), ("责任单位", "plans.owners"))
REASONS = ("不是目标或任务", "与其他行重复", "识别有误，无需保留", "属于背景或引用内容")


@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    is_reviewer = may_review(request, plan)
    looked_up = look_up_registered(plan, by=request.user, at=timezone.now()) if is_reviewer else None
    if looked_up is not None:
        plan.version = looked_up.version
    context = {
        "title": plan.title,
        "plan": plan,
        "foreign": foreign_issuer(plan),
        "saved": "" if looked_up is None else looked_up.summary,
        "manuscript": manuscript(plan, user=request.user),
        "conflicts": conflicts(plan),
        "repeats": repeats(plan),
        "may_review": is_reviewer,
        "buttons": buttons_for(plan, user=request.user),
        "split": split_of(request),
        "query": urlencode(_asked(request)),
        "at": request.GET.get("at", ""),
        "keys": KEYS,
        "reasons": REASONS,
        "exchanges": [(word, draft_links(request, plan, key)) for word, key in EXCHANGES] if is_reviewer else [],
    }
    return render(request, "plans/review/page.html", context)


@require_safe
def text(request: Request, pk: int, index: int) -> HttpResponse:
    """One chunk of the left pane."""
    plan = plan_for(request, pk)
    found = manuscript(plan, user=request.user, index=index)
    if found.shown is None:
        raise Http404("no such chunk")
    return render(request, "plans/review/_chunk.html", {"plan": plan, "chunk": found.shown, "blocks": found.blocks})


@require_safe
def contents(request: Request, pk: int) -> HttpResponse:
    """The chapters and the offices: to go to in the left pane, to narrow the right one to."""
    plan = plan_for(request, pk)
    return render(request, "plans/review/_contents.html", {"entries": outline(plan), "offices": offices_named(plan)})


@require_safe
def find(request: Request, pk: int) -> HttpResponse:
    """Where the words stand in the whole text, as pairs of places."""
    plan = plan_for(request, pk)
    found = find_words(plan, request.GET.get("words", ""), user=request.user)
    return JsonResponse({"places": found.places, "total": found.total})


@require_safe
def grid(request: Request, pk: int) -> HttpResponse:
    """The right pane, or (from a place on) the next batch of its rows."""
    plan = plan_for(request, pk)
    wish = _wish(request, plan)
    board = review_board(plan, user=request.user)
    context = {
        "plan": plan,
        "board": board,
        "wish": wish,
        "may_review": may_review(request, plan),
        "query": urlencode(_asked(request)),
        "tabs": _tabs(board, wish),
        "filters": _filters(board, wish),
    }
    if wish.tab == Tab.DETAILS:
        return render(
            request, "plans/review/_details.html", {**context, **details_context(plan), "steps": _steps(request, plan)}
        )
    batch = board.batch(wish)
    is_whole = not (wish.show or wish.narrowing or batch.first)
    asks = board.questions if wish.tab == Tab.TASKS and is_whole else ()
    full = rows_named(plan, user=request.user, refs=(*batch.refs, *(question.ref for question in asks)))
    by_ref = {row.ref: row for row in full}
    context |= {
        "batch": batch,
        "rows": [by_ref[ref] for ref in batch.refs],
        "questions": [(question, by_ref[question.ref]) for question in asks],
    }
    return render(request, "plans/review/_rows.html" if wish.first else "plans/review/_grid.html", context)


@require_POST
@review_action
def presence(request: Request, plan: WorkPlan) -> HttpResponse:
    """Every few seconds: who else is here, and what they have changed since."""
    others = presence_service.touch_presence(plan, by=request.user, at=timezone.now())
    is_behind = plan.version != version_of(request)
    response = caught_up(request, plan) if is_behind else HttpResponse(headers={"X-Review": "patch"})
    here = render(request, "plans/review/_presence.html", {"others": others})
    response.content += here.content
    return response


@require_POST
@review_action
def accept(request: Request, plan: WorkPlan) -> HttpResponse:
    rows = _chosen(request)
    return _decided(request, plan, decisions.accept_rows, rows=rows)


@require_POST
@review_action
def reject(request: Request, plan: WorkPlan) -> HttpResponse:
    reason = request.POST.get("reason_text", "").strip() or request.POST.get("reason", "").strip() or REASONS[0]
    return _decided(request, plan, decisions.reject_rows, rows=_chosen(request), reason=reason)


@require_POST
@review_action
def restore(request: Request, plan: WorkPlan) -> HttpResponse:
    return _decided(request, plan, decisions.restore_rows, rows=_chosen(request))


@require_POST
@review_action
def accept_clear(request: Request, plan: WorkPlan) -> HttpResponse:
    return _decided(request, plan, decisions.accept_all_clear)


@require_POST
@review_action
def undo_last(request: Request, plan: WorkPlan) -> HttpResponse:
    result = undo.undo_last_step(plan, by=request.user, at=timezone.now())
    back = result.rows[0] if result.rows else ""
    return answered(request, plan, result, brings_back=True, at=back)


@require_POST
@review_action
def merge(request: Request, plan: WorkPlan) -> HttpResponse:
    """The first row named is kept."""
    rows = _chosen(request)
    if any(row.kind != "target" for row in rows):
        return spoken(HttpResponse(status=422), "只有指标数据可以合并。", tone="late")
    keep, *others = [row.id for row in rows] or [0]
    return _decided(request, plan, targets.merge_targets, keep_id=keep, other_ids=others)


def _decided(request: Request, plan: WorkPlan, decide: Callable[..., ReviewResult], **given: object) -> HttpResponse:
    result = decide(plan, by=request.user, at=timezone.now(), version=version_of(request), **given)
    return answered(request, plan, result)


def _chosen(request: Request) -> list[RowRef]:
    return [RowRef.parse(text) for text in request.POST.getlist("rows")]


def _wish(request: Request, plan: WorkPlan) -> Wish:
    """What the address asks for; what it does not know it ignores. Two queries where it is narrowed."""
    asked = request.GET
    first = asked.get("first", "")
    return Wish(
        tab=Tab(asked["tab"]) if asked.get("tab") in set(Tab) else Tab.TARGETS,
        show=Show(asked["show"]) if asked.get("show") in set(Show) else Show.ALL,
        tense=asked.get("tense", ""),
        order=Order(asked["order"]) if asked.get("order") in set(Order) else Order.DOUBTS,
        first=_number(first) or 0,
        through=asked.get("through", ""),
        narrowing=narrowing_to(
            plan, chapter_id=_number(asked.get("chapter", "")), office_id=_number(asked.get("office", ""))
        ),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _asked(request: Request) -> dict[str, str]:
    """The part of the address that says what the grid shows."""
    asked = {name: request.GET.get(name, "") for name in ("tab", "show", "tense", "order", "chapter", "office")}
    asked["through"] = request.GET.get("through") or request.GET.get("at", "")
    return {name: value for name, value in asked.items() if value and value != Tab.TARGETS}


def _tabs(board: Board, wish: Wish) -> list[dict[str, object]]:
    counts = {
        Tab.TARGETS: f"{board.targets.total}",
        Tab.TASKS: f"{board.nodes.total} 项 · {board.mentions.total} 处",
    }
    labels = {Tab.TARGETS: "指标数据", Tab.TASKS: "任务与责任", Tab.DETAILS: "文件要素"}
    return [
        {"key": tab.value, "label": label, "current": tab == wish.tab, "count": counts.get(tab)}
        for tab, label in labels.items()
    ]


def _filters(board: Board, wish: Wish) -> list[dict[str, object]]:
    count = board.targets if wish.tab == Tab.TARGETS else board.tasks
    shown = (
        (Show.ALL, "全部", count.total),
        (Show.PENDING, "待核", count.pending),
        (Show.DOUBTFUL, "存疑", count.doubtful),
        (Show.DECIDED, "已核", count.decided),
        (Show.REJECTED, "已剔除", count.rejected),
    )
    return [
        {"key": show.value, "label": label, "count": number, "current": show == wish.show}
        for show, label, number in shown
    ]


def _steps(request: Request, plan: WorkPlan) -> list[ReviewStep]:
    """What people did last, newest first."""
    return list(
        ReviewStep.objects.visible_to(request.user).filter(plan=plan).select_related("by").order_by("-version")[:30]
    )
