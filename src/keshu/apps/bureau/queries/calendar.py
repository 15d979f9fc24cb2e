"""The working calendar that holds for the bureau: the published one and the days it has entered itself."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from chinese_calendar import constants

from keshu.apps.bureau.models import CalendarDay, CalendarYear
from keshu.kernel.workdays import PUBLISHED_YEARS, WorkCalendar

# The published table names holidays in English; this is what they are called here.
CHINESE = {each.value: each.chinese for each in constants.Holiday}


def work_calendar() -> WorkCalendar:
    """The published table with the bureau's own days laid over it. Two queries; keep it for the length of a task."""
    return WorkCalendar(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        entered_years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year at a glance. `mark` is 休 or 班 where it is not as the day of the week would have it."""

    day: date
    is_workday: bool
    mark: str
    name: str
    is_own: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """Weeks from Monday; None stands before the first and after the last. `workdays` counts the working days."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: int


@dataclass(frozen=True, slots=True)
class YearSheet:
    year: int
    is_published: bool
    is_entered: bool
    months: tuple[MonthSheet, ...]

    @property
    def is_known(self) -> bool:
        return self.is_published or self.is_entered

    @property
    def workdays(self) -> int:
        return sum(month.workdays for month in self.months)


def year_sheet(year: int, *, on: date) -> YearSheet:
    """The year at a glance. Two queries."""
    own = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    table = WorkCalendar(exceptions={day: row.is_workday for day, row in own.items()})
    is_entered = CalendarYear.objects.filter(year=year).exists()
    months = tuple(_month(year, number, table, own, on) for number in range(1, 13))
    return YearSheet(year, year in PUBLISHED_YEARS, is_entered, months)


def _month(year: int, number: int, table: WorkCalendar, own: dict[date, CalendarDay], on: date) -> MonthSheet:
    weeks = tuple(
        tuple(_cell(date(year, number, day), table, own, on) if day else None for day in week)
        for week in calendar.Calendar().monthdayscalendar(year, number)
    )
    return MonthSheet(number, weeks, sum(cell.is_workday for week in weeks for cell in week if cell is not None))


def _cell(day: date, table: WorkCalendar, own: dict[date, CalendarDay], on: date) -> DayCell:
    is_workday, mine = table.is_workday(day), own.get(day)
    if mine is not None:
        name = mine.name
    elif is_workday:
        name = f"{CHINESE.get(constants.workdays[day], '')}调休上班" if day in constants.workdays else ""
    else:
        name = CHINESE.get(constants.holidays.get(day, ""), "")
    is_marked = mine is not None or bool(name)
    return DayCell(
        day, is_workday, ("班" if is_workday else "休") if is_marked else "", name, mine is not None, day == on
    )
