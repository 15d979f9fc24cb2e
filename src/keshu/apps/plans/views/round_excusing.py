"""免报 for several forms of a round at once: those ticked are shown, one reason is given, each is decided by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keshu.apps.bureau.queries.ledger import BulkAction, selected_rows
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, CheckInRound
from keshu.apps.plans.permissions import can_manage_rounds
from keshu.apps.plans.queries.checkin_pages.rounds import forms_ledger, round_rows, subject_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order
from keshu.apps.plans.services.checkins import excuse_check_in
from keshu.apps.plans.views.framing import for_government

MOST_EXCUSED = 500


def excusing(row: CheckInRound) -> BulkAction:
    """The action that the ledger of a round offers whoever keeps it."""
    return BulkAction("免报", reverse("plans:round-excuse", args=[row.pk]), icon="minus")


@require_POST
@for_government
def excuse(request: Request, pk: int) -> HttpResponse:
    """Posted from the ledger: the rows ticked and a field for the reason. Posted with the reason: done, refusals row by row."""
    round_ = get_object_or_404(
        CheckInRound.objects.visible_to(request.user).select_related("plan__organisation"), pk=pk
    )
    can_manage_rounds(request.user, round_.plan)
    rows = _chosen(request, round_)
    why, refused, error = request.POST.get("why", ""), dict[int, str](), ""
    if "why" in request.POST:
        if why.strip():
            refused = _excused(request, rows, why)
            done = len(rows) - len(refused)
            if done:
                messages.success(request, f"已免报 {done} 项。")
            if not refused:
                return redirect(f"{reverse('plans:round-detail', args=[pk])}?tab=forms")
        else:
            error = "请写明免报的理由。"
    lines = [(row, subject_of(row), refused.get(row.pk, "")) for row in rows if not refused or row.pk in refused]
    context = {
        "title": "免报", "round": round_, "plan": round_.plan, "lines": lines, "why": why, "error": error,
        "refused": refused,
    }  # fmt: skip
    return render(request, "plans/rounds/excuse.html", context, status=422 if error or refused else 200)


def _chosen(request: Request, round_: CheckInRound) -> list[CheckIn]:
    """The forms ticked, or all that the ledger found."""
    rows = round_rows(round_, user=request.user)
    offices = [(str(pk), "") for pk in rows.order_by().values_list("organisation_id", flat=True).distinct()]
    found = selected_rows(forms_ledger(on=timezone.localdate(), offices=offices), rows, request.POST)
    pks = set(found.order_by().values_list("pk", flat=True)[: MOST_EXCUSED + 1])
    if not 0 < len(pks) <= MOST_EXCUSED:
        raise Unacceptable("没有选中要免报的项目。" if not pks else f"一次最多免报 {MOST_EXCUSED} 项，请先筛选。")
    return list(in_plan_order(CheckIn.objects.visible_to(request.user).filter(pk__in=pks)))


def _excused(request: Request, rows: list[CheckIn], why: str) -> dict[int, str]:
    """Each is excused by itself, as a single one is; what was refused, by the form's id."""
    refused, at = {}, timezone.now()
    for row in rows:
        try:
            excuse_check_in(row, why=why, by=request.user, at=at)
        except (Refused, Unacceptable) as refusal:
            refused[row.pk] = refusal.message
    return refused
