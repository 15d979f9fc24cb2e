"""The year's appraisal: the list, beginning one, the ranking, an organisation's sheet, its way out, its papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.briefings.forms.appraisals import BeginForm
from keshu.apps.briefings.models import Appraisal, AppraisalMark, AppraisalObjection, AppraisalSheet, AppraisalState
from keshu.apps.briefings.permissions import SCORED_ROLES, can_appraise, is_appraiser
from keshu.apps.briefings.queries.appraisals import (
    APPRAISAL_MARKS,
    APPRAISALS,
    OBJECTION_MARKS,
    apart_of,
    appraisal_rows,
    bars_of,
    finding,
    grade_marks,
    is_stale,
    ranking_ledger,
    ranking_rows,
    rule_lines,
    score_of,
)
from keshu.apps.briefings.services import appraisals
from keshu.apps.briefings.services.appraisals import lifecycle
from keshu.apps.briefings.services.appraisals.lifecycle import Move
from keshu.apps.briefings.services.appraisals.papers import ranking_paper, ranking_workbook, sheet_paper
from keshu.apps.briefings.views.bulletins import version_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.organisations import choosable, organisation_by_id
from keshu.apps.bureau.queries.requests import Request, government_only
from keshu.apps.bureau.services import Refused
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.bureau.services.reasons import confirmed_move
from keshu.apps.plans.services.ledger_answers import taken_out

for_government = government_only("年度考核供科技部门及各责任单位使用，您的账号不能查看。")
YEARS_BACK = 5
MOVED = {
    Move.SHOW: "已公示，各单位可以核对本单位的评分表。",
    Move.RETURN: "已退回试算。",
    Move.RELEASE: "已公布，结果就此固定。",
    Move.WITHDRAW: "已撤回公布，回到公示，并发消息告知各单位。",
}


@require_safe
@for_government
def appraisal_list(request: Request) -> HttpResponse:
    """All appraisals the person may see: the years, offices and counties apart."""
    rows = appraisal_rows(request.user)
    if answer := taken_out(request, APPRAISALS, rows, title="年度考核台账", at=timezone.now()):
        return answer
    page = read_ledger(APPRAISALS, rows, request.GET, user=request.user)
    context = {"title": "年度考核", "ledger": page, "may_appraise": is_appraiser(request.user)}
    return render(request, "briefings/appraisals/list.html", context)


@require_http_methods(["GET", "POST"])
@for_government
def appraisal_create(request: Request) -> HttpResponse:
    """Begin one: the year and who is scored; everything else is reckoned."""
    can_appraise(request.user)
    now = timezone.now()
    this_year = timezone.localtime(now).year
    bureaus = choosable(request.user, on=timezone.localdate(), kinds=["bureau"])
    if not bureaus:
        raise Refused("还没有登记科技局，请先在“单位”中登记。")
    chosen = request.session.get("year", this_year)
    form = BeginForm(request.POST or None, years=range(this_year, this_year - YEARS_BACK, -1), initial={"year": chosen})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        bureau = organisation_by_id(bureaus[0].id)
        made = carried_out(form, lambda: appraisals.begin_appraisal(bureau, **data, by=request.user, at=now))
        if made is not None:
            messages.success(request, "已按考核办法从台账算出得分，请先核对考核办法。")
            return redirect("briefings:appraisal-detail", pk=made.pk)
    context = {"title": "建立年度考核", "form": form, "submit": "建立并试算"}
    return render(request, "briefings/appraisals/form.html", context, status=422 if form.errors else 200)


@require_safe
@for_government
def appraisal_detail(request: Request, pk: int) -> HttpResponse:
    """The ranking; before the release the scored are led to their own sheet."""
    row, user = appraisal_of(request, pk), request.user
    if row.state != AppraisalState.RELEASED and not user.scope.is_everything:
        return _own_sheet(request, row)
    ledger, rows = ranking_ledger(row, user), ranking_rows(row, user)
    if answer := taken_out(request, ledger, rows, title=row.title, at=timezone.now()):
        return answer
    bars = bars_of(row, user)
    context = {
        "title": row.title,
        "row": row,
        "mark": APPRAISAL_MARKS[row.state],
        "ledger": read_ledger(ledger, rows, request.GET, user=user),
        "bars": bars,
        "finding": finding(bars),
        "apart": apart_of(bars, least=row.scheme.get("least_items", "0")),
        "spread_count": sum(1 for bar in bars if bar.spread),
        "own_ids": user.scope.organisation_ids,
        "buttons": lifecycle.buttons(row, user=user),
        "is_stale": is_stale(row, at=timezone.now()),
        "may_reckon": "auditor" not in user.scope.roles,
        "is_everything": user.scope.is_everything,
    }
    return render(request, "briefings/appraisals/detail.html", context)


def _own_sheet(request: Request, row: Appraisal) -> HttpResponse:
    own = (
        AppraisalSheet.objects.visible_to(request.user).filter(appraisal=row).values_list("organisation_id", flat=True)
    )
    return redirect("briefings:appraisal-sheet", pk=row.pk, organisation_id=own[0])


@require_POST
@for_government
def appraisal_reckon(request: Request, pk: int) -> HttpResponse:
    """The sheets anew from the ledgers; back to the page that asked."""
    row = appraisal_of(request, pk)
    appraisals.reckon_appraisal(row, by=request.user, at=timezone.now())
    sheet = request.POST.get("sheet", "")
    if sheet.isdecimal():
        return redirect("briefings:appraisal-sheet", pk=pk, organisation_id=int(sheet))
    messages.success(request, "已按现在的台账重新计算。")
    return redirect("briefings:appraisal-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@for_government
def appraisal_move(request: Request, pk: int, name: str) -> HttpResponse:
    """Show, return, release, withdraw the release; with the reason where one is wanted."""
    row = appraisal_of(request, pk)
    if name not in MOVED:
        raise Http404("没有这项办理")
    move = Move(name)
    declared = lifecycle.check(move, row, user=request.user, why="—")
    asked = confirmed_move(declared, request.POST or None, lambda why: _move(move, row, why=why, request=request))
    if asked.is_done:
        messages.success(request, MOVED[move])
        return redirect("briefings:appraisal-detail", pk=pk)
    return render(request, "briefings/appraisals/form.html", asked.context | {"row": row}, status=asked.status)


def _move(move: Move, row: Appraisal, *, why: str, request: Request) -> None:
    by, at = request.user, timezone.now()
    if move == Move.RETURN:
        appraisals.return_appraisal(row, why=why, by=by, at=at)
    elif move == Move.WITHDRAW:
        appraisals.withdraw_release(row, why=why, by=by, at=at)
    elif move == Move.SHOW:
        appraisals.show_appraisal(row, version=version_of(request), by=by, at=at)
    else:
        appraisals.release_appraisal(row, version=version_of(request), by=by, at=at)


@require_safe
@for_government
def appraisal_sheet(request: Request, pk: int, organisation_id: int) -> HttpResponse:
    """One organisation's points with the rows behind, each leading to what it is about."""
    sheet, user = sheet_of(request, pk, organisation_id), request.user
    row, score = sheet.appraisal, score_of(sheet)
    files = _evidence(request, sheet)
    objections = AppraisalObjection.objects.visible_to(user).filter(appraisal=row, organisation=organisation_id)
    may_object = row.state == AppraisalState.SHOWN and user.scope.sits_in(organisation_id, *SCORED_ROLES)
    context = {
        "title": f"{sheet.organisation}评分表",
        "row": row,
        "sheet": sheet,
        "score": score,
        "rules": rule_lines(score, files=files),
        "mark": APPRAISAL_MARKS[row.state],
        "grade": grade_marks([each["name"] for each in row.scheme["grades"]]).get(sheet.grade),
        "shows_rank": user.scope.is_everything or row.state == AppraisalState.RELEASED,
        "objections": [(each, OBJECTION_MARKS[each.state]) for each in objections.order_by("pk")],
        "may_object": may_object and "auditor" not in user.scope.roles,
        "is_stale": is_stale(row, at=timezone.now()),
        "may_reckon": "auditor" not in user.scope.roles,
    }
    return render(request, "briefings/appraisals/sheet.html", context)


def _evidence(request: Request, sheet: AppraisalSheet) -> dict[str, str]:
    """Where the evidence of the sheet's marks is, by the row's key."""
    marks = AppraisalMark.objects.visible_to(request.user).filter(
        appraisal=sheet.appraisal_id, organisation=sheet.organisation_id, attachment__isnull=False
    )
    return {
        f"mark-{pk}": reverse("bureau:attachment-download", args=[attachment])
        for pk, attachment in marks.values_list("pk", "attachment_id")
    }


@require_safe
@for_government
def appraisal_paper(request: Request, pk: int) -> HttpResponse:
    """考核结果通报 as a Word file, the sheets as its annexes where asked for."""
    row = ranked_of(request, pk)
    with_sheets = request.GET.get("sheets") == "1" and request.user.scope.is_everything
    return file_response(ranking_paper(row, with_sheets=with_sheets, by=request.user, at=timezone.now()))


@require_safe
@for_government
def appraisal_workbook(request: Request, pk: int) -> HttpResponse:
    """The ranking and every row behind it as a workbook; those who see all sheets."""
    row = ranked_of(request, pk)
    return file_response(ranking_workbook(row, by=request.user, at=timezone.now()))


@require_safe
@for_government
def appraisal_sheet_paper(request: Request, pk: int, organisation_id: int) -> HttpResponse:
    """One organisation's sheet as a Word file."""
    return file_response(sheet_paper(sheet_of(request, pk, organisation_id), by=request.user, at=timezone.now()))


def appraisal_of(request: Request, pk: int) -> Appraisal:
    return get_object_or_404(Appraisal.objects.visible_to(request.user).select_related("organisation"), pk=pk)


def ranked_of(request: Request, pk: int) -> Appraisal:
    """An appraisal of which the person may see the ranking; Refused before that."""
    row = appraisal_of(request, pk)
    if row.state != AppraisalState.RELEASED and not request.user.scope.is_everything:
        raise Refused("排名在公布后才能查看。")
    return row


def sheet_of(request: Request, pk: int, organisation_id: int) -> AppraisalSheet:
    rows = AppraisalSheet.objects.visible_to(request.user).select_related("appraisal__organisation", "organisation")
    return get_object_or_404(rows, appraisal=pk, organisation=organisation_id)
