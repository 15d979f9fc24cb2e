"""How far a notice's deadline has come, by working days, and which steps of escalation are due."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.calendar import work_calendar

if TYPE_CHECKING:
    from keshu.kernel.workdays import WorkCalendar

# So many working days ahead the addressee is reminded.
AHEAD = 3


class Step(IntEnum):
    """Who is told, in this order, each once for one deadline."""

    NOBODY = 0
    SOON = 1
    TODAY = 2
    HEAD = 3
    PLANNER = 4
    LEADER = 5


# From how many working days after the deadline a step is due.
LATE_AFTER = {Step.HEAD: 1, Step.PLANNER: 3, Step.LEADER: 5}


def step_reached(due_on: date, *, on: date, calendar: WorkCalendar) -> Step:
    """The highest step that is due on that day. A deadline on a day off is reminded of on the last working day before it."""
    if on > due_on:
        late = calendar.between(due_on, on)
        return max((step for step, days in LATE_AFTER.items() if late >= days), default=Step.TODAY)
    last = calendar.on_or_before(due_on)
    if on >= last:
        return Step.TODAY
    return Step.SOON if on >= calendar.after(last, -AHEAD) else Step.NOBODY


def steps_due(due_on: date, told: int, *, on: date, calendar: WorkCalendar) -> tuple[Step, ...]:
    """The steps to take now; nothing on a day off, and no reminder of a day that is past."""
    if not calendar.is_workday(on):
        return ()
    reached = step_reached(due_on, on=on, calendar=calendar)
    first = Step.HEAD if on > due_on else reached
    return tuple(step for step in Step if max(told + 1, first) <= step <= reached)


def first_told(due_on: date, *, on: date) -> Step:
    """What counts as told when the deadline itself has just been told: whoever hears of it today is not reminded today."""
    return min(step_reached(due_on, on=on, calendar=work_calendar()), Step.SOON)


def days_late(due_on: date, *, on: date, calendar: WorkCalendar) -> int:
    """Working days past the deadline; 0 while it is not past."""
    return max(0, calendar.between(due_on, on)) if on > due_on else 0
