"""What the signer and the planning office do with a form: sign, return, excuse, extend, send back a signed one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import CheckIn
from keshu.apps.plans.services.checkins import checkin_notices
from keshu.apps.plans.services.checkins.filing import announced, mark_signed
from keshu.apps.plans.services.checkins.states import Move, allowed, locked, pass_to
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.signals import check_in_eased, check_in_reopened

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.kernel.workdays import WorkCalendar

REMARK = 400
# So many working days a form that was signed and sent back is given anew.
MENDING_WORKDAYS = 3


def sign_check_in(check_in: CheckIn, *, by: User, at: datetime) -> CheckIn:
    """The office's word: from now on all of government may read it, and it counts.

    The head, a deputy, a leader; in a county somebody other than who filed it (Refused). Unacceptable unless it is filed.
    """
    with transaction.atomic():
        row = locked(check_in)
        allowed(row, Move.SIGN, by=by)
        mark_signed(row, by=by, at=at)
    return row


def return_check_in(check_in: CheckIn, *, why: str, by: User, at: datetime) -> CheckIn:
    """Back to the filer with a note; the day it is due stays. Whoever may sign it (Refused)."""
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.RETURN, by=by, why=why)
        pass_to(row, declared.target, by=by, at=at, why=why.strip(), remark=why.strip()[:REMARK])
        checkin_notices.tell_returned(row, by=by, at=at)
    return row


def excuse_check_in(check_in: CheckIn, *, why: str, by: User, at: datetime) -> CheckIn:
    """This office need not report on this subject this time. Whoever keeps the plan (Refused)."""
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.EXCUSE, by=by, why=why)
        pass_to(row, declared.target, by=by, at=at, why=why.strip(), remark=why.strip()[:REMARK])
        check_in_eased.send(sender=CheckIn, **announced(row), by_id=by.pk, at=at)
        checkin_notices.tell_eased(row, f"本期免报：{why.strip()}", by=by, at=at)
    return row


def extend_check_in(check_in: CheckIn, *, due_on: date, why: str, by: User, at: datetime) -> CheckIn:
    """Give a form more time; being late is counted anew from the new day. Whoever keeps the plan (Refused).

    Unacceptable for a day that is not later than the present one, is past, or is a day off.
    """
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.EXTEND, by=by, why=why)
        check_due(due_on, before=row.due_on, on=local_day(at), calendar=work_calendar())
        pass_to(row, declared.target, by=by, at=at, why=why.strip(), due_on=due_on, told=0)
        check_in_eased.send(sender=CheckIn, **announced(row), by_id=by.pk, at=at)
        checkin_notices.tell_eased(row, f"截止日期延至{due_on:%Y-%m-%d}：{why.strip()}", by=by, at=at)
    return row


def reopen_check_in(check_in: CheckIn, *, why: str, by: User, at: datetime) -> CheckIn:
    """A signed or excused form goes back to its office; what it said stays in the trail. Whoever keeps the plan (Refused).

    It has some working days from now, however long ago it was due.
    """
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.REOPEN, by=by, why=why)
        due_on = max(row.due_on, work_calendar().after(local_day(at), MENDING_WORKDAYS))
        remark = why.strip()[:REMARK]
        cleared = {"signed_by": None, "signed_at": None, "filed_at": None}
        pass_to(row, declared.target, by=by, at=at, why=why.strip(), remark=remark, due_on=due_on, told=0, **cleared)
        check_in_reopened.send(sender=CheckIn, **announced(row), by_id=by.pk, at=at)
        checkin_notices.tell_returned(row, by=by, at=at)
    return row


def check_due(due_on: date, *, before: date, on: date, calendar: WorkCalendar) -> None:
    """Unacceptable unless the day is a working day to come, later than the one before."""
    if due_on <= before or due_on < on:
        raise Unacceptable(f"延期后的截止日期应晚于原定的{before:%Y-%m-%d}，并且不早于今天。", field="due_on")
    if not calendar.is_workday(due_on):
        nearest = calendar.on_or_after(due_on)
        raise Unacceptable(f"{due_on:%Y-%m-%d} 是休息日，请改选工作日，例如 {nearest:%Y-%m-%d}。", field="due_on")
