"""What people write on an appraisal: its scheme, marks, objections and their answers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.briefings.forms.appraisals import MORE, CutOffForm, ObjectionForm, posted_scheme, tiers_text
from keshu.apps.briefings.models import Appraisal, AppraisalMark, AppraisalObjection, AppraisalState
from keshu.apps.briefings.permissions import can_appraise, can_object, is_appraiser
from keshu.apps.briefings.queries.appraisals import (
    APPRAISAL_MARKS,
    OBJECTION_MARKS,
    WHOLE,
    cut_marks,
    objection_targets,
    score_of,
)
from keshu.apps.briefings.services import appraisals
from keshu.apps.briefings.services.appraisals import MarkFields, lifecycle
from keshu.apps.briefings.services.appraisals.lifecycle import STILL_OPEN, Move
from keshu.apps.briefings.services.appraisals.offered import ABSENCES, COUNTINGS, KINDS, what_counts, who_is_ranked
from keshu.apps.briefings.services.appraisals.reckoning import organisations_of
from keshu.apps.briefings.views.appraisals import appraisal_of, for_government, sheet_of
from keshu.apps.briefings.views.bulletins import version_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.answers import carried_out


@require_http_methods(["GET", "POST"])
@for_government
def scheme(request: Request, pk: int) -> HttpResponse:
    """考核办法: to read for whoever sees the appraisal, to write for the planning office while it is tried out."""
    row = appraisal_of(request, pk)
    may_change = row.state == AppraisalState.TRIAL and is_appraiser(request.user)
    shown, error = row.scheme, ""
    everybody = [(ref.id, str(ref)) for ref in organisations_of(row, on=timezone.localdate())]
    form = CutOffForm(
        request.POST or None, organisations=everybody, initial={"until": row.until, "left_out": row.left_out}
    )
    if request.method == "POST":
        lifecycle.check(Move.CHANGE, row, user=request.user)
        shown = posted_scheme(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                appraisals.save_scheme(
                    row, scheme=shown, until=data["until"], left_out=data["left_out"], version=version_of(request),
                    by=request.user, at=timezone.now(),
                )  # fmt: skip
            except Unacceptable as refusal:
                error = str(refusal)
            else:
                messages.success(request, "考核办法已保存，得分已重新计算。")
                return redirect("briefings:appraisal-detail", pk=pk)
    context = {
        "title": "考核办法", "row": row, "form": form, "error": error, "may_change": may_change,
        "rules": _rule_lines(shown, more=may_change), "grades": _grade_lines(shown, more=may_change),
        "least_items": shown.get("least_items", "0"), "ranked": who_is_ranked(shown.get("least_items", "0")),
        "kinds": KINDS, "countings": COUNTINGS, "absences": ABSENCES, "mark": APPRAISAL_MARKS[row.state],
        "left_out": [name for key, name in everybody if key in set(row.left_out)],
    }  # fmt: skip
    return render(request, "briefings/appraisals/scheme.html", context, status=422 if error or form.errors else 200)


def _rule_lines(kept: dict[str, Any], *, more: bool) -> list[dict[str, Any]]:
    lines = [{**each, "tiers_text": tiers_text(each), "told": what_counts(each)} for each in kept["rules"]]
    empty = {"kind": "timely", "counting": "share", "absence": "spread", "late": "0", "cap": "100"}
    return [*lines, *([dict(empty) for _ in range(MORE)] if more else [])]


def _grade_lines(kept: dict[str, Any], *, more: bool) -> list[dict[str, Any]]:
    return [*kept["grades"], *([{} for _ in range(MORE)] if more else [])]


@require_http_methods(["GET", "POST"])
@for_government
def marks(request: Request, pk: int) -> HttpResponse:
    """加减分: a line for each organisation to give points with a reason, and all that were given."""
    row = appraisal_of(request, pk)
    rules = [each for each in row.scheme["rules"] if each["kind"] == "marks"]
    asked = request.POST.get("rule") or request.GET.get("rule")
    chosen = next((each for each in rules if each["key"] == asked), rules[0] if rules else None)
    given, error = _posted_marks(request), ""
    if request.method == "POST":
        try:
            made = appraisals.give_marks(
                row, [_mark_fields(request, each, rule=chosen["key"] if chosen else "") for each in given],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Unacceptable as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"已登记 {len(made)} 项加减分，得分已重新计算。")
            return redirect("briefings:appraisal-marks", pk=pk)
    rows = AppraisalMark.objects.visible_to(request.user).filter(appraisal=row)
    names = {each["key"]: each["name"] for each in row.scheme["rules"]}
    cuts = cut_marks(row, request.user)
    may_mark = row.state in STILL_OPEN and is_appraiser(request.user) and bool(rules)
    context = {
        "title": "加减分", "row": row, "rules": rules, "chosen": chosen, "error": error, "may_mark": may_mark,
        "lines": _mark_lines(row, given) if may_mark else [], "mark": APPRAISAL_MARKS[row.state],
        "marks": [
            (each, names.get(each.rule, each.rule), cuts.get(f"mark-{each.pk}", ""))
            for each in rows.select_related("organisation", "given_by", "attachment")
        ],
    }  # fmt: skip
    return render(request, "briefings/appraisals/marks.html", context, status=422 if error else 200)


def _posted_marks(request: Request) -> list[dict[str, Any]]:
    """The lines that somebody wrote something in."""
    found = []
    for name in request.POST:
        word, _, pk = name.partition("-")
        if word == "points" and pk.isdecimal():
            points, reason = request.POST[name].strip(), request.POST.get(f"reason-{pk}", "").strip()
            if points or reason:
                found.append({"id": int(pk), "points": points, "reason": reason})
    return found


def _mark_fields(request: Request, given: dict[str, Any], *, rule: str) -> MarkFields:
    try:
        points = Decimal(given["points"])
        if not points.is_finite() or abs(points) > 1000:
            raise InvalidOperation
    except InvalidOperation:
        raise Unacceptable(f"填写的是“{given['points']}”，请填加减的分数，例如 1 或 -0.5。") from None
    file = request.FILES.get(f"file-{given['id']}")
    return MarkFields(given["id"], rule, points, given["reason"], file, file.name or "" if file else "")


def _mark_lines(row: Appraisal, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every scored organisation with its points as they stand, and what was just written."""
    written = {each["id"]: each for each in given}
    sheets = row.sheets.select_related("organisation").defer("content").order_by("organisation__position", "pk")
    return [{"sheet": sheet, **written.get(sheet.organisation_id, {})} for sheet in sheets]


@require_POST
@for_government
def mark_withdraw(request: Request, pk: int, mark_pk: int) -> HttpResponse:
    """It counts no more."""
    mark = get_object_or_404(AppraisalMark.objects.visible_to(request.user), pk=mark_pk, appraisal=pk)
    appraisals.withdraw_mark(mark, why=request.POST.get("why", ""), by=request.user, at=timezone.now())
    messages.success(request, "已撤销，得分已重新计算。")
    return redirect("briefings:appraisal-marks", pk=pk)


@require_safe
@for_government
def objections(request: Request, pk: int) -> HttpResponse:
    """All objections for the planning office; an organisation's people see their own."""
    row = appraisal_of(request, pk)
    rows = AppraisalObjection.objects.visible_to(request.user).filter(appraisal=row)
    context = {
        "title": "考核异议", "row": row, "mark": APPRAISAL_MARKS[row.state],
        "lines": [
            (each, OBJECTION_MARKS[each.state])
            for each in rows.select_related("organisation", "written_by", "answered_by").order_by("-pk")
        ],
        "may_answer": row.state in STILL_OPEN and is_appraiser(request.user),
    }  # fmt: skip
    return render(request, "briefings/appraisals/objections.html", context)


@require_http_methods(["GET", "POST"])
@for_government
def objection_create(request: Request, pk: int, organisation_id: int) -> HttpResponse:
    """What the scored say against the sheet, or the rule named in the address, or a row of it chosen in the form."""
    sheet = sheet_of(request, pk, organisation_id)
    can_object(request.user, organisation_id)
    form = ObjectionForm(request.POST or None, targets=objection_targets(score_of(sheet), request.GET.get("rule", "")))
    if request.method == "POST" and form.is_valid():
        rule, _, row_key = form.cleaned_data["target"].partition(" ")
        said = {"rule": "" if rule == WHOLE else rule, "row": row_key, "text": form.cleaned_data["text"]}
        written = carried_out(
            form, lambda: appraisals.write_objection(sheet, **said, by=request.user, at=timezone.now())
        )
        if written is not None:
            messages.success(request, "异议已提交，答复后会发消息。")
            return redirect("briefings:appraisal-sheet", pk=pk, organisation_id=organisation_id)
    context = {
        "title": "提异议", "form": form, "row": sheet.appraisal, "sheet": sheet, "submit": "提交",
    }  # fmt: skip
    return render(request, "briefings/appraisals/form.html", context, status=422 if form.errors else 200)


@require_POST
@for_government
def objection_answer(request: Request, pk: int, objection_pk: int) -> HttpResponse:
    """采纳 or 不采纳."""
    can_appraise(request.user)
    row = get_object_or_404(AppraisalObjection.objects.visible_to(request.user), pk=objection_pk, appraisal=pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in ("upheld", "rejected"):
        raise Unacceptable("请选择采纳或者不采纳。")
    appraisals.answer_objection(
        row, upheld=verdict == "upheld", answer=request.POST.get("answer", ""), by=request.user, at=timezone.now()
    )
    messages.success(request, "已答复，并发消息告知提出单位。")
    if verdict == "upheld":
        messages.warning(request, "采纳本身不改得分：请更正台账里的那一项，或者登记加减分，再重新计算。")
    return redirect("briefings:appraisal-objections", pk=pk)
