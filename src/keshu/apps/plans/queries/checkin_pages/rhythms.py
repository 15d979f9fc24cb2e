"""调度安排: every round of a plan's year with the days on which it opens and falls due, and the holidays between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from keshu.apps.plans.models import Cadence, CheckInRound, DueRule, Rhythm, WorkPlan
from keshu.apps.plans.queries.checkins.schedule import schedule_of
from keshu.kernel.rhythm import Cadence as KernelCadence
from keshu.kernel.rhythm import DueRule as KernelRule
from keshu.kernel.rhythm import Rhythm as KernelRhythm
from keshu.kernel.rhythm import Round, name_of, rounds_of

if TYPE_CHECKING:
    from keshu.kernel.workdays import WorkCalendar

WEEKDAYS = "一二三四五六日"
DEFAULTS = {"cadence": "monthly", "rule": "workday_after", "number": 3, "open_workdays": 5, "asks_supports": True}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One round: asked already (``is_open``), or to come. ``notes`` name days off and make-up workdays that move its days."""

    key: str
    label: str
    first_on: date
    last_on: date
    opens_on: date | None
    due_on: date
    is_open: bool
    notes: str

    @property
    def due_weekday(self) -> str:
        return f"周{WEEKDAYS[self.due_on.weekday()]}"


@dataclass(frozen=True, slots=True)
class Preview:
    """The year as it would be, with what the planner should know."""

    lines: tuple[PreviewLine, ...]
    warnings: tuple[str, ...]


def preview_of(rhythm: Rhythm, *, calendar: WorkCalendar) -> Preview:
    """The rounds of a rhythm, saved or only filled in. One query."""
    schedule = schedule_of(rhythm, calendar=calendar)
    opened = [_line(each, rhythm, opens_on=None, calendar=calendar) for each in schedule.opened]
    ahead = [_line(each, rhythm, opens_on=each.opens_on, calendar=calendar) for each in schedule.ahead]
    return Preview((*opened, *ahead), schedule.warnings)


def periods_of(plan: WorkPlan, *, cadence: str, calendar: WorkCalendar) -> list[tuple[str, str]]:
    """The periods of the plan's year for a selector."""
    if plan.year is None or cadence not in Cadence.values:
        return []
    terms = KernelRhythm(KernelCadence(cadence), KernelRule.WORKDAY_AFTER, 1, 1)
    return [(each.key, name_of(each.key)) for each in rounds_of(terms, year=plan.year, calendar=calendar)]


def first_period(plan: WorkPlan, *, cadence: str, on: date, calendar: WorkCalendar) -> str:
    """The period that runs on the day, else the first of the year, else the last."""
    if plan.year is None:
        return ""
    terms = KernelRhythm(KernelCadence(cadence), KernelRule.WORKDAY_AFTER, 1, 1)
    rounds = list(rounds_of(terms, year=plan.year, calendar=calendar))
    return next((each.key for each in rounds if each.last_on >= on), rounds[-1].key)


def _line(each: CheckInRound | Round, rhythm: Rhythm, *, opens_on: date | None, calendar: WorkCalendar) -> PreviewLine:
    """With the days off between opening and the due day, that before which it was moved included."""
    first = opens_on or calendar.after(each.due_on, -rhythm.open_workdays)
    last = each.due_on
    if rhythm.rule == DueRule.DAY_OF_LAST_MONTH:
        last = max(last, each.last_on.replace(day=rhythm.number))
    notes = _notes(first, last, calendar)
    return PreviewLine(
        each.key, name_of(each.key), each.first_on, each.last_on, opens_on, each.due_on, opens_on is None, notes
    )


def _notes(first: date, last: date, calendar: WorkCalendar) -> str:
    """Weekdays that are off and weekend days that are worked, from the first day to the last."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    off = [day for day in days if day.weekday() < 5 and not calendar.is_workday(day)]
    worked = [day for day in days if day.weekday() >= 5 and calendar.is_workday(day)]
    said = [f"{_spans(off)}放假" if off else "", f"{_spans(worked)}上班" if worked else ""]
    return "，".join(filter(None, said))


def _spans(days: Sequence[date]) -> str:
    """Days in words, those in a row together: 10月1日至8日. Weekends between days off belong to them."""
    groups: list[list[date]] = []
    for day in days:
        if groups and (day - groups[-1][-1]).days <= 3 and _are_free(groups[-1][-1], day):
            groups[-1].append(day)
        else:
            groups.append([day])
    return "、".join(_span(group) for group in groups)


def _are_free(before: date, after: date) -> bool:
    between: Iterable[date] = (before + timedelta(days=n) for n in range(1, (after - before).days))
    return all(day.weekday() >= 5 for day in between)


def _span(group: Sequence[date]) -> str:
    first, last = group[0], group[-1]
    if first == last:
        return f"{first.month}月{first.day}日"
    end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{end}"
