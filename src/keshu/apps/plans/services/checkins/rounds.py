"""A round as a whole: closed, opened again, given more time."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, PlanState
from keshu.apps.plans.permissions import can_manage_rounds
from keshu.apps.plans.services.checkins.signing import check_due
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.signals import round_moved

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def close_round(round: CheckInRound, *, by: User, at: datetime) -> CheckInRound:
    """No more reports are taken and nobody is reminded; what is filed may still be signed. Whoever keeps the plan (Refused)."""
    with transaction.atomic():
        row = _locked(round, by=by)
        if row.closed_at is not None:
            raise Unacceptable(f"{row.label}的调度已经办结。")
        audit.Recorder(by=by, at=at).update(row, organisation=row.plan.organisation, closed_at=at)
        round_moved.send(sender=CheckInRound, plan_id=row.plan_id, at=at)
    return row


def reopen_round(round: CheckInRound, *, why: str, by: User, at: datetime) -> CheckInRound:
    """Take reports again. Whoever keeps the plan (Refused); Unacceptable without a reason or while it is open."""
    with transaction.atomic():
        row = _locked(round, by=by)
        if row.closed_at is None:
            raise Unacceptable(f"{row.label}的调度还在进行，不需要重新开放。")
        _check_reason(why, "重新开放")
        log = audit.Recorder(by=by, at=at, why=why.strip())
        log.update(row, organisation=row.plan.organisation, closed_at=None)
        round_moved.send(sender=CheckInRound, plan_id=row.plan_id, at=at)
    return row


def extend_round(round: CheckInRound, *, due_on: date, why: str, by: User, at: datetime) -> CheckInRound:
    """Another due day for the round and all its forms that are not filed and would be due before. Whoever keeps the plan
    (Refused); Unacceptable for a day as in `extend_check_in`.
    """
    with transaction.atomic():
        row = _locked(round, by=by)
        _check_reason(why, "延期")
        check_due(due_on, before=row.due_on, on=local_day(at), calendar=work_calendar())
        audit.Recorder(by=by, at=at, why=why.strip()).update(row, organisation=row.plan.organisation, due_on=due_on)
        forms = CheckIn.objects.filter(round=row, state__in=UNFILED, due_on__lt=due_on)
        forms.update(due_on=due_on, told=0, version=F("version") + 1)
        round_moved.send(sender=CheckInRound, plan_id=row.plan_id, at=at)
    return row


def _locked(round: CheckInRound, *, by: User) -> CheckInRound:
    row = CheckInRound.objects.select_for_update(of=("self",)).select_related("plan__organisation").get(pk=round.pk)
    can_manage_rounds(by, row.plan)
    if row.plan.state != PlanState.PUBLISHED:
        raise Unacceptable(f"《{row.plan}》{row.plan.get_state_display()}，不再办理调度填报。")
    return row


def _check_reason(why: str, label: str) -> None:
    if not why.strip():
        raise Unacceptable(f"请写明{label}的理由。", field="why")
