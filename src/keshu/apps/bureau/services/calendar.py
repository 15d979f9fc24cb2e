"""The working calendar (工作日历): days the bureau holds otherwise than published, and years it has entered in full."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import CalendarDay, CalendarYear
from keshu.apps.bureau.permissions import can_keep_calendar
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST = 60
YEARS = range(2004, 2101)


def enter_day(*, day: date, is_workday: bool, name: str, by: User, at: datetime) -> CalendarDay:
    """Hold a day off or as a working day; what was entered for it before is replaced. Planning office and operator.

    Unacceptable: no name, a name of more than 60 characters, a year outside 2004-2100.
    """
    can_keep_calendar(by)
    name = name.strip()
    if not name:
        raise Unacceptable("请写明说明，例如：春节、调休上班。", field="name")
    if len(name) > LONGEST:
        raise Unacceptable(f"说明共 {len(name)} 个字，最多 {LONGEST} 个字。", field="name")
    _check_year(day.year, field="day")
    with transaction.atomic():
        log = audit.Recorder(by=by, at=at)
        row = CalendarDay.objects.select_for_update().filter(day=day).first()
        if row is not None:
            return log.update(row, organisation=None, is_workday=is_workday, name=name)
        return log.create(CalendarDay(day=day, is_workday=is_workday, name=name), organisation=None)


def remove_day(row: CalendarDay, *, by: User, at: datetime) -> None:
    """Let the published calendar hold again for that day. Planning office and operator."""
    can_keep_calendar(by)
    with transaction.atomic():
        audit.Recorder(by=by, at=at).delete(row, organisation=None)


def mark_year(year: int, *, by: User, at: datetime) -> CalendarYear:
    """Say that the year's whole table is entered, so that it is no longer a guess. Planning office and operator.

    Unacceptable: a year outside 2004-2100, one without a single day entered.
    """
    can_keep_calendar(by)
    _check_year(year, field="year")
    with transaction.atomic():
        if (known := CalendarYear.objects.filter(year=year).first()) is not None:
            return known
        if not CalendarDay.objects.filter(day__year=year).exists():
            raise Unacceptable(f"{year} 年还没有录入任何放假或上班的日子，请先录入。", field="year")
        return audit.Recorder(by=by, at=at).create(CalendarYear(year=year), organisation=None)


def unmark_year(year: int, *, by: User, at: datetime) -> None:
    """Take back that the year is entered in full. Planning office and operator."""
    can_keep_calendar(by)
    with transaction.atomic():
        for row in CalendarYear.objects.select_for_update().filter(year=year):
            audit.Recorder(by=by, at=at).delete(row, organisation=None)


def _check_year(year: int, *, field: str) -> None:
    if year not in YEARS:
        raise Unacceptable(f"年度是 {year}，请填 {YEARS[0]} 至 {YEARS[-1]} 年。", field=field)
