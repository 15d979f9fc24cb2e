"""Bulletins: the list, beginning one, its page with every figure leading to its source, its way out, its papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.briefings.forms.bulletins import BeginForm
from keshu.apps.briefings.models import Bulletin, BulletinKind, BulletinState
from keshu.apps.briefings.permissions import is_editor
from keshu.apps.briefings.queries.bulletins import BULLETIN_MARKS, BULLETINS, bulletin_rows, source_address
from keshu.apps.briefings.queries.posters import poster_of
from keshu.apps.briefings.services import bulletins, composing
from keshu.apps.briefings.services.bulletins import lifecycle
from keshu.apps.briefings.services.bulletins.lifecycle import Move
from keshu.apps.briefings.services.bulletins.papers import bulletin_paper
from keshu.apps.briefings.services.bulletins.poster_files import poster_file, standing_of
from keshu.apps.briefings.services.bulletins.words import FROZEN
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request, government_only
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.bureau.services.reasons import confirmed_move
from keshu.apps.plans.queries.plans import plans_of
from keshu.apps.plans.services.fact_rows import facts_from
from keshu.apps.plans.services.ledger_answers import taken_out

for_government = government_only("通报供科技部门及各责任单位使用，您的账号不能查看。")
MOVED = {
    Move.SUBMIT: "已送签。", Move.RETURN: "已退回拟稿人修改。", Move.RELEASE: "已签发，编号发布。", Move.WITHDRAW: "已撤回。",
    Move.DISCARD: "草稿已删除。",
}  # fmt: skip
ICONS = {
    Move.SUBMIT: "send", Move.RETURN: "arrow-back-up", Move.RELEASE: "circle-check", Move.WITHDRAW: "ban",
    Move.DISCARD: "trash",
}  # fmt: skip


@require_safe
@for_government
def bulletin_list(request: Request) -> HttpResponse:
    """All bulletins the person may see; on screen, as Excel, as CSV."""
    rows = bulletin_rows(request.user)
    if answer := taken_out(request, BULLETINS, rows, title="通报台账", at=timezone.now()):
        return answer
    page = read_ledger(BULLETINS, rows, request.GET, user=request.user)
    context = {"title": "通报", "ledger": page, "may_compose": bool(_plans(request))}
    return render(request, "briefings/bulletins/list.html", context)


@require_http_methods(["GET", "POST"])
@for_government
def bulletin_create(request: Request) -> HttpResponse:
    """Begin one: the plan, the kind, the period; everything else is composed."""
    plans = {plan.pk: plan for plan in _plans(request)}
    if not plans:
        raise Refused("通报由规划办公室、局领导或县区、园区经办人依据已发布的工作要点编写。")
    now = timezone.now()
    years = sorted({plan.year or now.year for plan in plans.values()}, reverse=True)
    periods = [
        (f"{year}年{label}", choices)
        for year in years
        for label, kind in (("月份", "monthly"), ("季度", "quarterly"), ("全年", "annual"))
        if (choices := bulletins.offered_periods(kind, year=year, at=now))
    ]
    form = BeginForm(
        request.POST or None,
        plans=[(pk, plan.title) for pk, plan in plans.items()],
        periods=periods,
        initial=_initial(request),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = {"kind": data["kind"], "period": data["period"]}
        made = carried_out(
            form, lambda: bulletins.begin_bulletin(plans[data["plan"]], **fields, by=request.user, at=now)
        )
        if made is not None:
            messages.success(request, "已从台账取数成文，可以调整栏目、改写段落，再送签。")
            return redirect("briefings:bulletin-detail", pk=made.pk)
    context = {"title": "编写通报", "form": form, "submit": "取数成文"}
    return render(request, "briefings/bulletins/form.html", context, status=422 if form.errors else 200)


def _initial(request: Request) -> dict[str, str]:
    return {"kind": request.GET.get("kind", BulletinKind.MONTHLY)}


@require_safe
@for_government
def bulletin_detail(request: Request, pk: int) -> HttpResponse:
    """The words with their sources, the sections beside them, what can be done."""
    row = bulletin_of(request, pk)
    composed = bulletins.words_of(row)
    may_change = row.state == BulletinState.DRAFT and is_editor(request.user, row.organisation)
    context = {
        "title": row.title,
        "row": row,
        "plan": row.plan,
        "mark": BULLETIN_MARKS[row.state],
        "sections": composed.sections,
        "sources": {
            key: (each.told, source_address(each.row, plan_id=row.plan_id)) for key, each in composed.sources.items()
        },
        "buttons": [each for each in lifecycle.buttons(row, user=request.user) if each.move != Move.CHANGE],
        "icons": ICONS,
        "may_change": may_change,
        "may_correct": row.state in FROZEN and is_editor(request.user, row.organisation),
        "chosen": row.sections,
        "addable": _addable(row) if may_change else (),
        "lapsed": bulletins.lapsed_edits(row) if may_change else {},
        "rewritings": () if row.state in FROZEN else bulletins.rewritings(row),
        "history": history_of(row, request.user, taken=False),
    }
    return render(request, "briefings/bulletins/detail.html", context)


def _addable(row: Bulletin) -> list[composing.SectionKind]:
    """Sections that are not in it; what the office writes itself may stand in it several times."""
    there = {each["key"] for each in row.sections}
    return [each for each in composing.SECTIONS if each.key not in there or each.key == "own"]


@require_POST
@for_government
def bulletin_anew(request: Request, pk: int) -> HttpResponse:
    """Fetch the figures again."""
    row = bulletin_of(request, pk)
    bulletins.compose_anew(row, version=version_of(request), by=request.user, at=timezone.now())
    messages.success(request, "已重新取数。")
    return redirect("briefings:bulletin-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@for_government
def bulletin_move(request: Request, pk: int, name: str) -> HttpResponse:
    """Submit, return, release, withdraw, delete; with the reason where one is wanted."""
    row = bulletin_of(request, pk)
    if name not in MOVED:
        raise Http404("没有这项办理")
    move = Move(name)
    declared = lifecycle.check(move, row, user=request.user, why="—")
    asked = confirmed_move(declared, request.POST or None, lambda why: _move(move, row, why=why, request=request))
    if asked.is_done:
        messages.success(request, MOVED[move])
        return redirect(*(["briefings:bulletin-list"] if move == Move.DISCARD else ["briefings:bulletin-detail", pk]))
    return render(request, "briefings/bulletins/form.html", asked.context | {"row": row}, status=asked.status)


def _move(move: Move, row: Bulletin, *, why: str, request: Request) -> None:
    by, at = request.user, timezone.now()
    if move == Move.SUBMIT:
        bulletins.submit_bulletin(row, version=version_of(request), by=by, at=at)
    elif move == Move.RELEASE:
        bulletins.release_bulletin(row, version=version_of(request), by=by, at=at)
    elif move == Move.RETURN:
        bulletins.return_bulletin(row, why=why, by=by, at=at)
    elif move == Move.WITHDRAW:
        bulletins.withdraw_bulletin(row, why=why, by=by, at=at)
    else:
        bulletins.discard_bulletin(row, by=by, at=at)


@require_POST
@for_government
def bulletin_correct(request: Request, pk: int) -> HttpResponse:
    """A new draft that corrects a released one, with the figures of today."""
    row = bulletin_of(request, pk)
    if row.state not in FROZEN:
        raise Unacceptable("只有发布过的通报才需要更正，草稿可以直接修改。")
    made = bulletins.begin_bulletin(
        row.plan, kind=row.kind, period=row.period, corrects=row, by=request.user, at=timezone.now()
    )
    messages.success(request, "已用现在的数据起草更正稿，签发后另行编号。")
    return redirect("briefings:bulletin-detail", pk=made.pk)


@require_safe
@for_government
def bulletin_document(request: Request, pk: int) -> HttpResponse:
    """The bulletin as a Word file."""
    return file_response(bulletin_paper(bulletin_of(request, pk), by=request.user, at=timezone.now()))


@require_safe
@for_government
def bulletin_poster(request: Request, pk: int) -> HttpResponse:
    """一图读懂: the facts of the bulletin on one sheet."""
    row = bulletin_of(request, pk)
    facts = facts_from(row.facts)
    context = {
        "title": "一图读懂",
        "row": row,
        "facts": facts,
        "poster": poster_of(facts),
        "standing": standing_of(row),
    }
    return render(request, "briefings/bulletins/poster.html", context)


@require_safe
@for_government
def bulletin_poster_file(request: Request, pk: int, form: str) -> HttpResponse:
    """The same sheet as a picture or a PDF of one page."""
    if form not in ("png", "pdf"):
        raise Http404("没有这种文件")
    return file_response(poster_file(bulletin_of(request, pk), form=form, by=request.user, at=timezone.now()))


def bulletin_of(request: Request, pk: int) -> Bulletin:
    rows = (
        Bulletin.objects.visible_to(request.user)
        .kept()
        .select_related("organisation", "plan__organisation", "corrects")
    )
    return get_object_or_404(rows, pk=pk)


def version_of(request: Request) -> int:
    """The version that the person has on screen."""
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise Unacceptable("页面已经过期，请刷新后重试。")
    return int(text)


def _plans(request: Request) -> list[Any]:
    """The plans in force of which the person writes bulletins, the year chosen in the top bar first, then the newest."""
    year = request.session.get("year", timezone.localdate().year)
    rows = plans_of(request.user).filter(state="published").exclude(kind="summary")
    found = sorted(rows, key=lambda plan: (plan.year != year, -(plan.year or 0), -plan.pk))
    return [plan for plan in found if is_editor(request.user, plan.organisation)]
