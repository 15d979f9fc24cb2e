"""Deadlines that come near or pass: the addressee is reminded, then its head, the planning office and the leaders are told.

Each step is taken once for one deadline: what was told is written with the notice in the same transaction as the telling.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.people import people_with_role
from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import PENDING, SupervisionNotice, SupervisionStep
from keshu.apps.plans.permissions.supervision import HEAD_ROLES
from keshu.apps.plans.queries.supervision.escalation import LATE_AFTER, Step, days_late, steps_due
from keshu.apps.plans.services import group_messages
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.steps import held

if TYPE_CHECKING:
    from keshu.kernel.workdays import WorkCalendar

# No three working days are further apart, whatever the holidays.
HORIZON = timedelta(days=30)
TOLD_TO = {
    Step.SOON: "承办单位", Step.TODAY: "承办单位", Step.HEAD: "承办单位负责人", Step.PLANNER: "规划办公室",
    Step.LEADER: "局领导",
}  # fmt: skip


def escalate_notices(*, at: datetime) -> int:
    """Take every step that is due; how many were taken. Safe to call at any time and by several processes at once."""
    on = local_day(at)
    rows = SupervisionNotice.objects.filter(state__in=PENDING, due_on__lte=on + HORIZON, told__lt=Step.LEADER)
    waiting = list(rows.order_by("pk").values_list("pk", "due_on", "told"))
    if not waiting:
        return 0
    calendar = work_calendar()
    return sum(
        _escalate(pk, on=on, at=at, calendar=calendar)
        for pk, due_on, told in waiting
        if steps_due(due_on, told, on=on, calendar=calendar)
    )


@transaction.atomic
def _escalate(pk: int, *, on: date, at: datetime, calendar: WorkCalendar) -> int:
    """The steps of one notice, looked at anew under its lock: meanwhile another process may have taken them."""
    notice = held(pk)
    if notice.state not in PENDING:
        return 0
    due = steps_due(notice.due_on, notice.told, on=on, calendar=calendar)
    if not due:
        return 0
    log = audit.Recorder(by=None, at=at)
    late = days_late(notice.due_on, on=on, calendar=calendar)
    log.update(notice, organisation=notice.issuer_id, told=int(due[-1]))
    for step in due:
        row = SupervisionStep(notice=notice, label=_label(step), text=f"已告知{TOLD_TO[step]}。", by=None, at=at)
        log.create(row, organisation=notice.issuer_id)
        key = f"{notice.pk}-{notice.due_on:%Y%m%d}-{step.value}-{row.pk}"
        telling.tell_late(notice, _people(notice, step, on=on), words=_words(notice, step, late), key=key, step=row)
    if due[-1] in LATE_AFTER:
        key = f"{notice.pk}:{notice.due_on:%Y%m%d}:{due[-1].value}"
        group_messages.announce_notice_late(notice, title=_words(notice, due[-1], late), key=key, at=at)
    return len(due)


def _people(notice: SupervisionNotice, step: Step, *, on: date) -> set[int]:
    if step in (Step.SOON, Step.TODAY):
        return telling.people_in(notice.addressee_id, on=on)
    if step is Step.HEAD:
        return telling.people_in(notice.addressee_id, on=on, roles=HEAD_ROLES)
    return set(people_with_role("planner" if step is Step.PLANNER else "leader", on=on))


def _label(step: Step) -> str:
    if step is Step.SOON:
        return "临期提醒"
    return "到期提醒" if step is Step.TODAY else f"逾期 {LATE_AFTER[step]} 个工作日"


def _words(notice: SupervisionNotice, step: Step, late: int) -> str:
    if step is Step.SOON:
        return f"督办单{notice.number_text}将于 {notice.due_on:%Y-%m-%d} 到期"
    if step is Step.TODAY:
        return f"督办单{notice.number_text}的办理时限已到（{notice.due_on:%Y-%m-%d}）"
    return f"督办单{notice.number_text}逾期 {late} 个工作日：{notice.addressee}"
