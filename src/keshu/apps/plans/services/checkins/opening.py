"""Opening rounds: when their day has come, each once, with a form for every organisation and everything it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import CheckIn, CheckInRound, Rhythm
from keshu.apps.plans.queries.checkins import Asked, asked_of, schedule_of
from keshu.apps.plans.services import group_messages
from keshu.apps.plans.services.checkins import checkin_notices
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.signals import round_opened
from keshu.kernel.rhythm import Round
from keshu.kernel.workdays import WorkCalendar

# So many forms in one statement: with a score of columns each, within what SQLite takes.
AT_ONCE = 500


def open_due_rounds(*, at: datetime) -> int:
    """Open every round whose day has come, in all plans in force; how many. By the clock, for no person.

    Each round is one transaction: its forms, its entry in the trail and its notices, or nothing of it. A round is opened once,
    whoever comes first. Where nothing is due: four queries, and one for each running rhythm.
    """
    on, calendar, opened = local_day(at), work_calendar(), 0
    for rhythm in Rhythm.objects.in_force().select_related("plan").order_by("pk"):
        for each in schedule_of(rhythm, calendar=calendar).due_to_open(on):
            opened += _open(rhythm.pk, each, calendar=calendar, at=at)
    return opened


def _open(rhythm_id: int, each: Round, *, calendar: WorkCalendar, at: datetime) -> bool:
    """Whether this call opened it: another process may have been quicker, or the rhythm have been stopped meanwhile."""
    try:
        with transaction.atomic():
            rows = Rhythm.objects.in_force().select_for_update(of=("self",)).select_related("plan__organisation")
            rhythm = rows.filter(pk=rhythm_id).first()
            if rhythm is None or CheckInRound.objects.filter(plan=rhythm.plan_id, key=each.key).exists():
                return False
            _open_locked(rhythm, each, due_on=due_at_opening(each, rhythm, calendar, local_day(at)), at=at)
    except IntegrityError:
        if CheckInRound.objects.filter(plan__rhythm=rhythm_id, key=each.key).exists():
            return False
        raise
    return True


def due_at_opening(each: Round, rhythm: Rhythm, calendar: WorkCalendar, on: date) -> date:
    """The due day of the rule; a round opened when that is past has as many working days as any other."""
    return each.due_on if each.due_on >= on else calendar.after(on, rhythm.open_workdays)


def _open_locked(rhythm: Rhythm, each: Round, *, due_on: date, at: datetime) -> None:
    plan, log = rhythm.plan, audit.Recorder(by=None, at=at)
    found = CheckInRound(
        plan=plan, key=each.key, first_on=each.first_on, last_on=each.last_on, due_on=due_on, opened_at=at
    )
    log.create(found, organisation=plan.organisation)
    asked = asked_of(plan, asks_supports=rhythm.asks_supports, on=local_day(at))
    make_forms(found, asked, log)
    checkin_notices.tell_opened(found, asked, at=at)
    group_messages.announce_opened(found, asked, at=at)
    round_opened.send(sender=CheckInRound, round_id=found.pk, plan_id=plan.pk, at=at)


def make_forms(opened: CheckInRound, asked: Sequence[Asked], log: audit.Recorder) -> None:
    """One form for each thing asked, with one entry in the trail for all."""
    if not asked:
        return
    _insert(opened, asked)
    offices = len({each.organisation_id for each in asked})
    after = {"调度填报": len(asked), "填报单位": offices}
    log.note(action=audit.AuditAction.CREATE, subject=opened, organisation=opened.plan.organisation_id, after=after)


def _insert(opened: CheckInRound, asked: Sequence[Asked]) -> None:
    """Write the forms many to a statement: a round may have tens of thousands, as model rows too slow to make."""
    blank, quoted = CheckIn(round=opened, due_on=opened.due_on), connection.ops.quote_name
    fields: list[Any] = [field for field in CheckIn._meta.concrete_fields if not field.primary_key]
    common = {field.attname: field.get_db_prep_save(getattr(blank, field.attname), connection) for field in fields}
    columns = ", ".join(quoted(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for first in range(0, len(asked), AT_ONCE):
            batch = asked[first : first + AT_ONCE]
            values = [value for each in batch for value in (common | each._asdict()).values()]
            rows = ", ".join([row] * len(batch))
            cursor.execute(f"INSERT INTO {quoted(CheckIn._meta.db_table)} ({columns}) VALUES {rows}", values)
