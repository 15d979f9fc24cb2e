"""Drafts of next year's plan: the list, beginning one, the page on which it is decided and edited, its way out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.bureau.services.reasons import confirmed_move
from keshu.apps.plans.forms.proposals import BeginForm
from keshu.apps.plans.models import (
    Choice,
    OwnerRole,
    PieceKind,
    PlanKind,
    PlanProposal,
    ProposalItem,
    ProposalState,
    WorkPlan,
)
from keshu.apps.plans.permissions.proposals import may_propose
from keshu.apps.plans.queries.proposals.facts import facts_of_piece
from keshu.apps.plans.queries.proposals.lists import PROPOSAL_MARKS, PROPOSALS, proposal_rows
from keshu.apps.plans.queries.proposals.pages import (
    CHOICE_MARKS,
    ON_PAGE,
    SHOWS,
    Asked,
    ProposalOutline,
    chosen_pieces,
    outline_of,
)
from keshu.apps.plans.queries.proposals.progress import asked_among
from keshu.apps.plans.services import proposals
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.proposals import ProposalMove, lifecycle
from keshu.apps.plans.services.proposals.composing import DraftParagraph, numbers_of, paragraphs_of
from keshu.apps.plans.services.proposals.papers import day_of, proposal_annex, proposal_document, proposal_workbook
from keshu.apps.plans.views.framing import for_government, number_in
from keshu.apps.plans.views.issue_moves import sent

KEYS = ((Choice.CARRY, "1"), (Choice.CHANGE, "2"), (Choice.DROP, "3"), (Choice.CLOSE, "4"))
DONE = {
    ProposalMove.SUBMIT: "已送审。", ProposalMove.RETURN: "已退回修改。", ProposalMove.FINISH: "已定稿，可以转入台账。",
    ProposalMove.REOPEN: "已撤回定稿，可以继续修改。", ProposalMove.DISCARD: "草案已删除。",
}  # fmt: skip


@require_safe
@for_government
def proposal_list(request: Request) -> HttpResponse:
    """All drafts the person may see; on screen, as Excel, as CSV."""
    rows = proposal_rows(request.user)
    if answer := taken_out(request, PROPOSALS, rows, title="来年要点草案", at=timezone.now()):
        return answer
    page = read_ledger(PROPOSALS, rows, request.GET, user=request.user)
    return render(
        request, "plans/proposals/list.html", {"title": "来年要点", "ledger": page, "may_begin": bool(_plans(request))}
    )


def _plans(request: Request) -> list[WorkPlan]:
    """Plans in force of which the person may draft the next and that have no draft yet, newest first."""
    rows = WorkPlan.objects.visible_to(request.user).published().select_related("organisation")
    rows = rows.filter(kind__in=(PlanKind.PLAN, PlanKind.SUMMARY_AND_PLAN), year__isnull=False)
    taken = set(PlanProposal.objects.visible_to(request.user).kept().values_list("plan_id", flat=True))
    return [
        plan
        for plan in rows.order_by("-year", "-pk")
        if plan.pk not in taken and may_propose(request.user, plan.organisation)
    ]


@require_http_methods(["GET", "POST"])
@for_government
def proposal_create(request: Request) -> HttpResponse:
    """Begin a draft from a plan in force."""
    plans = {plan.pk: plan for plan in _plans(request)}
    if not plans:
        raise Refused(
            "没有可以起草来年要点的文件：要有已发布的年度要点，并且还没有草案。科技局的由规划办公室、局领导起草，县区、园区的由本单位经办人起草。"
        )
    choices = [(pk, f"{plan.title}（起草 {(plan.year or 0) + 1} 年）") for pk, plan in plans.items()]
    form = BeginForm(sent(request), plans=choices, initial={"plan": number_in(request, "plan") or next(iter(plans))})
    if request.method == "POST" and form.is_valid():
        plan = plans[form.cleaned_data["plan"]]
        made = carried_out(form, lambda: proposals.begin_proposal(plan, by=request.user, at=timezone.now()))
        if made is not None:
            messages.success(request, "已按本年要点起草，逐条决定后送审。")
            return redirect("plans:proposal-detail", pk=made.pk)
    context = {"title": "起草来年要点", "form": form, "submit": "起草"}
    return render(request, "plans/proposals/form.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece on the page."""

    item: ProposalItem
    number: str
    label: str
    text: str
    tail: str
    is_gone: bool
    is_undecided: bool

    @property
    def mark(self) -> Any:
        return CHOICE_MARKS[self.item.choice]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of pieces, or the rows of a table by cell."""

    level: int
    parts: tuple[Shown, ...]
    rows: tuple[tuple[Shown, list[str]], ...] = ()


@require_safe
@for_government
def proposal_detail(request: Request, pk: int) -> HttpResponse:
    """The document as it will read, piece by piece, and beside it what is to be known of the chosen one."""
    row = proposal_of(request, pk)
    prefetch_related_objects([row], "items")  # the outline and the buttons both ask for them
    outline = outline_of(row)
    asked = asked_in(request, outline)
    pieces = chosen_pieces(outline, asked)
    blocks = _paragraphs(outline, asked, {item.pk for item in pieces})
    page = Paginator(blocks, ON_PAGE).get_page(asked.page)
    may_edit = row.state == ProposalState.DRAFT and may_propose(request.user, row.organisation)
    item = _chosen(request, outline, pieces)
    context = {
        "title": row.title, "row": row, "mark": PROPOSAL_MARKS[row.state], "outline": outline, "asked": asked,
        "page": page, "blocks": _blocks(page.object_list, outline), "shows": SHOWS, "may_edit": may_edit, "item": item,
        "buttons": lifecycle.buttons(row, user=request.user), "back": back_of(request), "count": len(pieces),
        "undecided_here": sum(each.pk in outline.undecided for each in pieces),
        "history": history_of(row, request.user, taken=False) if item is None else None,
        **(_panel(request, row, item, outline) if item is not None else {}),
    }  # fmt: skip
    return render(request, "plans/proposals/detail.html", context)


def asked_in(request: Request, outline: ProposalOutline) -> Asked:
    """What the address asks to see; without a filter a chapter is always chosen where there is one."""
    source = request.GET if request.method == "GET" else request.POST
    show, words = source.get("show", ""), source.get("q", "").strip()[:60]
    chapter = next((each.id for each in outline.chapters if str(each.id) == source.get("chapter")), None)
    is_whole = source.get("chapter", "") == "" and len(outline.items) <= 400
    if chapter is None and not (show or words or is_whole) and outline.chapters:
        chapter = outline.chapters[0].id
    page = source.get("page", "1")
    return Asked(chapter, show if show in dict(SHOWS) else "", words, int(page) if page.isdecimal() else 1)


def back_of(request: Request) -> str:
    """The address of what is shown, without the chosen piece."""
    source = request.GET if request.method == "GET" else request.POST
    kept = [(name, source[name]) for name in ("chapter", "show", "q", "page") if source.get(name)]
    return urlencode(kept)


def _paragraphs(outline: ProposalOutline, asked: Asked, wanted: set[int]) -> list[DraftParagraph]:
    """The paragraphs that hold a wanted piece, what is left out among them; candidates only where they are asked for."""
    mere = _candidates(outline)
    items = [item for item in outline.items if asked.show == "issues" or item.pk not in mere]
    found = paragraphs_of(items, shows_left_out=True)
    return [each for each in found if any(part.item.pk in wanted for part in each.parts)]


def _candidates(outline: ProposalOutline) -> set[int]:
    """Issues that nobody has taken up, with what stands under them."""
    found: set[int] = set()
    for item in outline.items:
        if (item.kind == PieceKind.ISSUE and not item.choice) or item.parent_id in found:
            found.add(item.pk)
    return found


def _blocks(paragraphs: Any, outline: ProposalOutline) -> list[Block]:
    numbers = numbers_of(outline.items, outline.gone)
    found: list[Block] = []
    for is_table, group in groupby(paragraphs, key=lambda each: each.is_row):
        shown = [
            (each, tuple(_shown(part, numbers, outline) for part in each.parts)) for each in group
        ]  # fmt: skip
        if is_table:
            found.append(Block(0, (), tuple((parts[0], each.cells) for each, parts in shown)))
        else:
            found += [Block(each.level, parts) for each, parts in shown]
    return found


def _shown(part: Any, numbers: dict[int, str], outline: ProposalOutline) -> Shown:
    item = part.item
    return Shown(
        item, numbers.get(item.pk, ""), part.label, part.text, part.tail, item.pk in outline.gone,
        item.pk in outline.undecided,
    )  # fmt: skip


def _chosen(request: Request, outline: ProposalOutline, pieces: list[ProposalItem]) -> ProposalItem | None:
    """The piece the address names; else, while there is something to decide, the first that is undecided here."""
    pk = number_in(request, "item")
    if pk is not None:
        return next((item for item in outline.items if item.pk == pk), None)
    return next((item for item in pieces if item.pk in outline.undecided), None)


def _panel(request: Request, row: PlanProposal, item: ProposalItem, outline: ProposalOutline) -> dict[str, Any]:
    figures = list(item.figures.select_related("target").order_by("position", "pk"))
    for figure in figures:
        if figure.target is not None:
            figure.target.plan = row.plan
    holder = next(
        (each for each in outline.items if each.kind == PieceKind.OWNERS and each.parent_id == item.pk), None
    ) if item.kind != PieceKind.OWNERS else item  # fmt: skip
    decidable = [each.pk for each in outline.items if each.is_decidable]
    place = decidable.index(item.pk) if item.pk in decidable else None
    kin = _kin(item, outline)
    is_duty = item.kind in (PieceKind.TASK, PieceKind.ISSUE, PieceKind.OWNERS)
    return {
        "facts": facts_of_piece(item, figures, proposal=row, on=local_day(timezone.now()), user=request.user),
        "figures": figures,
        "choice_mark": CHOICE_MARKS[item.choice],
        "suggested": CHOICE_MARKS[item.suggestion] if item.suggestion else None,
        "keys": _keys(item),
        "is_duty": is_duty,
        "owners": _owner_words(holder) if is_duty else {},
        "can_shift": (item.opens and item.depth) or item.kind == PieceKind.TABLE_ROW,
        "before": decidable[place - 1] if place else None,
        "after": decidable[place + 1] if place is not None and place + 1 < len(decidable) else None,
        "ways": (("up", "上移", "chevron-up"), ("down", "下移", "chevron-down")),
        "place": kin.index(item.pk) + 1 if item.pk in kin else None,
        "places": len(kin),
        "is_candidate": item.kind == PieceKind.ISSUE,
    }


def _kin(item: ProposalItem, outline: ProposalOutline) -> list[int]:
    """Among which pieces this one is counted: those to be decided, as the head of the page counts them, or the candidates."""
    if item.kind == PieceKind.ISSUE:
        return [each.pk for each in outline.items if each.kind == PieceKind.ISSUE and each.is_decidable]
    return [each.pk for each in asked_among(outline.items)]


def _keys(item: ProposalItem) -> list[tuple[str, str, str]]:
    """The decisions that make sense for a piece, each with its key: a target is not closed, an issue is taken or not."""
    if not item.is_decidable:
        return []
    if item.kind == PieceKind.ISSUE:
        return [(Choice.CARRY, "列入来年任务", "1"), (Choice.DROP, "不列入", "3")]
    return [
        (choice, str(choice.label), key)
        for choice, key in KEYS
        if item.kind == PieceKind.TASK or choice != Choice.CLOSE
    ]  # fmt: skip


def _owner_words(holder: ProposalItem | None) -> dict[str, str]:
    owners = [] if holder is None else holder.owners
    return {role: "、".join(name for name, held in owners if held == role) for role in OwnerRole.values}


@require_http_methods(["GET", "POST"])
@for_government
def proposal_move(request: Request, pk: int, name: str) -> HttpResponse:
    """Submit, return, make final, reopen, delete; taking in has its own page."""
    row = proposal_of(request, pk)
    if name not in {move.value for move in DONE}:
        raise Http404("没有这项办理")
    move = ProposalMove(name)
    declared = lifecycle.check(move, row, user=request.user, why="—")
    by, at = request.user, timezone.now()
    asked = confirmed_move(
        declared, sent(request), lambda why: proposals.move_proposal(row, move, why=why, by=by, at=at)
    )
    if asked.is_done:
        messages.success(request, DONE[move])
        return redirect(*(["plans:proposal-list"] if move == ProposalMove.DISCARD else ["plans:proposal-detail", pk]))
    context = asked.context | {"row": row, "unread": _unread(row, move)}
    return render(request, "plans/proposals/form.html", context, status=asked.status)


def _unread(row: PlanProposal, move: ProposalMove) -> int:
    """How much of the document would not come back as it is meant, told before it goes on."""
    if move not in (ProposalMove.SUBMIT, ProposalMove.FINISH):
        return 0
    return len(proposals.read_back(row, on=day_of(row, at=timezone.now())).differences)


@require_http_methods(["GET", "POST"])
@for_government
def proposal_check(request: Request, pk: int) -> HttpResponse:
    """回读核对: what of the document would not come back as it is meant; from here it is taken in."""
    row = proposal_of(request, pk)
    if request.method == "POST":
        received = proposals.take_in(row, by=request.user, at=timezone.now())
        if received.existing is not None:
            return redirect("plans:review", pk=received.existing.plan_id)
        messages.success(request, "已转入，正在识别；识别完成后进入核对。")
        return redirect("plans:proposal-check", pk=pk)
    drafts = WorkPlan.objects.visible_to(request.user)
    plan = drafts.filter(source__attachment=row.attachment_id).first() if row.attachment_id else None
    context = {
        "title": "回读核对", "row": row, "mark": PROPOSAL_MARKS[row.state], "plan": plan,
        "found": proposals.read_back(row, on=day_of(row, at=timezone.now())),
        "may_take_in": row.state == ProposalState.FINAL and may_propose(request.user, row.organisation),
        "is_taken_in": row.state == ProposalState.TAKEN_IN,
    }  # fmt: skip
    return render(request, "plans/proposals/check.html", context)


@require_safe
@for_government
def proposal_paper(request: Request, pk: int, name: str) -> HttpResponse:
    """The document, 目标测算表 in Word, or the workbook."""
    papers = {"document": proposal_document, "annex": proposal_annex, "workbook": proposal_workbook}
    if name not in papers:
        raise Http404("没有这种文件")
    return file_response(papers[name](proposal_of(request, pk), by=request.user, at=timezone.now()))


def proposal_of(request: Request, pk: int) -> PlanProposal:
    return get_object_or_404(proposal_rows(request.user), pk=pk)


def version_of(request: Request) -> int:
    """The version that the person has on screen."""
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise Unacceptable("页面已经过期，请刷新后重试。")
    return int(text)
