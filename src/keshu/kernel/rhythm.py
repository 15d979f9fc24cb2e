"""The rhythm in which work is reported: the rounds (调度期次) of a year, when each opens and falls due by working days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from keshu.kernel.period import Period
from keshu.kernel.workdays import WorkCalendar

_WEEK = re.compile(r"(\d{4})-W(\d{2})\Z")
_QUARTERS = "一二三四"


class Cadence(StrEnum):
    """How often work is reported."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class DueRule(StrEnum):
    """What the number of a due day counts."""

    WORKDAY_AFTER = "workday_after"  # the n-th working day after the period's end (次月第 3 个工作日前)
    DAY_OF_LAST_MONTH = "day_of_last_month"  # the n-th of the period's last month (每月 25 日前), earlier if not worked


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every period of the cadence is reported; forms open `open_workdays` working days before the due day.

    Raises
    ------
    ValueError
        when a number lies outside what the rule can mean, or a weekly rhythm counts days of a month.
    """

    cadence: Cadence
    rule: DueRule
    number: int
    open_workdays: int = 5

    def __post_init__(self) -> None:
        limit = 10 if self.rule == DueRule.WORKDAY_AFTER else 28
        if not 1 <= self.number <= limit:
            raise ValueError(f"the due day is 1 to {limit} for {self.rule}, not {self.number}")
        if not 1 <= self.open_workdays <= 20:
            raise ValueError(f"forms open 1 to 20 working days before, not {self.open_workdays}")
        if self.cadence == Cadence.WEEKLY and self.rule != DueRule.WORKDAY_AFTER:
            raise ValueError("a weekly rhythm falls due some working days after the week")


@dataclass(frozen=True, slots=True)
class Round:
    """One period to be reported. `key` is ``2026-03``, ``2026-Q1`` or ``2026-W12`` (ISO week); all days inclusive."""

    key: str
    first_on: date
    last_on: date
    opens_on: date
    due_on: date


def rounds_of(rhythm: Rhythm, *, year: int, calendar: WorkCalendar) -> Iterator[Round]:
    """The rounds of a year in order; a week belongs to the year of its ISO number."""
    for key, first, last in _spans(rhythm.cadence, year):
        due = _due(rhythm, last, calendar)
        yield Round(key, first, last, calendar.after(due, -rhythm.open_workdays), due)


def span_of(key: str) -> tuple[date, date]:
    """First and last day of a round's key.

    Raises
    ------
    ValueError
        when it is neither a period nor an ISO week.
    """
    if match := _WEEK.match(key):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(days=6)
    period = Period.parse(key)
    return period.first_day, period.last_day


def name_of(key: str) -> str:
    """A round's key as spoken.

    >>> name_of("2026-03"), name_of("2026-Q1"), name_of("2026-W09")
    ('2026年3月', '2026年一季度', '2026年第9周')
    """
    year, _, part = key.partition("-")
    if part.startswith("W"):
        return f"{year}年第{int(part[1:])}周"
    if part.startswith("Q"):
        return f"{year}年{_QUARTERS[int(part[1]) - 1]}季度"
    return f"{year}年{int(part)}月"


def _spans(cadence: Cadence, year: int) -> Iterator[tuple[str, date, date]]:
    if cadence == Cadence.WEEKLY:
        weeks = date(year, 12, 28).isocalendar().week
        keys = [f"{year:04d}-W{week:02d}" for week in range(1, weeks + 1)]
    elif cadence == Cadence.MONTHLY:
        keys = [str(Period.month(year, month)) for month in range(1, 13)]
    else:
        keys = [str(Period.quarter(year, quarter)) for quarter in range(1, 5)]
    for key in keys:
        yield key, *span_of(key)


def _due(rhythm: Rhythm, last: date, calendar: WorkCalendar) -> date:
    if rhythm.rule == DueRule.WORKDAY_AFTER:
        return calendar.after(last, rhythm.number)
    return calendar.on_or_before(last.replace(day=rhythm.number))
