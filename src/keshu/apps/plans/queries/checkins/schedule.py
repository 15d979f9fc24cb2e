"""The rounds of a plan's year: those that are open or past, and those to come with the days on which they open and fall due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keshu.apps.plans.models import CheckInRound, Rhythm
from keshu.kernel.rhythm import Round, name_of, rounds_of, span_of

if TYPE_CHECKING:
    from keshu.kernel.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Schedule:
    """``opened`` are rounds as they stood when opened, ``ahead`` those still to open; ``warnings`` speak to the planner."""

    opened: tuple[CheckInRound, ...]
    ahead: tuple[Round, ...]
    warnings: tuple[str, ...]

    def due_to_open(self, on: date) -> tuple[Round, ...]:
        return tuple(each for each in self.ahead if each.opens_on <= on)


def schedule_of(rhythm: Rhythm, *, calendar: WorkCalendar) -> Schedule:
    """The year of a rhythm, saved or not yet saved. One query."""
    opened = tuple(CheckInRound.objects.filter(plan=rhythm.plan_id).order_by("first_on", "pk"))
    ahead = rounds_ahead(rhythm, calendar=calendar, reported_until=max((r.last_on for r in opened), default=None))
    return Schedule(opened, ahead, _warnings(ahead, calendar))


def rounds_ahead(rhythm: Rhythm, *, calendar: WorkCalendar, reported_until: date | None) -> tuple[Round, ...]:
    """The rounds from ``from_period`` on that end after what has been asked already: a change of cadence asks no day twice."""
    year, first_on = rhythm.plan.year, span_of(rhythm.from_period)[0]
    if year is None:
        return ()
    return tuple(
        each
        for each in rounds_of(rhythm.terms, year=year, calendar=calendar)
        if each.first_on >= first_on and (reported_until is None or each.last_on > reported_until)
    )


def _warnings(ahead: tuple[Round, ...], calendar: WorkCalendar) -> tuple[str, ...]:
    """One sentence for each year whose holidays are not known yet."""
    guessed: dict[int, list[str]] = {}
    for each in ahead:
        if not calendar.is_published(each.due_on.year):
            guessed.setdefault(each.due_on.year, []).append(name_of(each.key))
    return tuple(
        f"{year} 年的放假安排还没有公布，{_span(names)}的截止日期暂按周一至周五上班推算，开放填报时再按届时的日历确定。"
        for year, names in guessed.items()
    )


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}至{names[-1]}"
