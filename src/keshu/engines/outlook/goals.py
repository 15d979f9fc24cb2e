"""How one goal stands: met or not, how likely, when, and what is still needed a month."""

from __future__ import annotations

from dataclasses import dataclass

from keshu.engines.outlook.answer import Pace, Prospect, Standing
from keshu.engines.outlook.months import Calendar
from keshu.engines.outlook.question import Goal, Question
from keshu.engines.outlook.spread import Spread
from keshu.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Course:
    """What is known and expected of the year: `ahead` are the values expected after each slot to come, by the method used."""

    question: Question
    calendar: Calendar
    spread: Spread | None
    ahead: tuple[float, ...]
    is_closed: bool

    @property
    def only_grows(self) -> bool:
        """What has been reached stays reached."""
        return self.question.kind.adds_up and not self.calendar.has_negative

    def period(self, slot: int) -> Period:
        """The period of a slot of the year, counted from 1."""
        year = self.question.year
        return Period.month(year, slot) if self.calendar.slots == 12 else Period.quarter(year, slot)


def prospect(goal: Goal, course: Course) -> Prospect:
    """How `goal` stands."""
    standing = _standing(goal, course)
    met_in = _met_in(goal, course) if standing in (Standing.MET, Standing.MET_FOR_NOW) else None
    if standing in (Standing.MET, Standing.MISSED):
        probability: float | None = float(standing is Standing.MET)
    else:
        probability = None if course.spread is None else course.spread.probability_of(goal)
    return Prospect(
        goal=goal,
        standing=standing,
        probability=probability,
        met_in=met_in,
        expected_in=_expected_in(goal, course) if standing is Standing.OPEN else met_in,
        pace=_pace(goal, course) if standing in (Standing.OPEN, Standing.MET_FOR_NOW) else None,
    )


def _standing(goal: Goal, course: Course) -> Standing:
    if not course.calendar.marks:
        return Standing.OPEN
    value = course.calendar.certain
    is_met = goal.is_met_by(value)
    if course.is_closed:
        return Standing.MET if is_met else Standing.MISSED
    has_ceiling = goal.highest != float("inf")
    if course.only_grows and not has_ceiling:
        return Standing.MET if is_met else Standing.OPEN
    if course.only_grows:
        return Standing.OPEN if is_met or value < goal.lowest or value == goal.lowest else Standing.MISSED
    return Standing.MET_FOR_NOW if is_met and not (course.question.kind.adds_up and has_ceiling) else Standing.OPEN


def _met_in(goal: Goal, course: Course) -> Period:
    """The period after which it was met, and stayed so as far as reported; a ceiling over a sum only when the year is over."""
    marks = course.calendar.marks
    slot = marks[-1][0]
    if course.question.kind.adds_up and goal.highest != float("inf"):
        return course.period(slot)
    for end, value in reversed(marks):
        if not goal.is_met_by(value):
            break
        slot = end
    return course.period(slot)


def _expected_in(goal: Goal, course: Course) -> Period | None:
    """The first period to come after which the expected value meets it; with a ceiling over a sum, the end of the year."""
    calendar = course.calendar
    if not course.ahead or (course.question.kind.adds_up and goal.highest != float("inf")):
        meets = bool(course.ahead) and goal.is_met_by(course.ahead[-1])
        return course.period(calendar.slots) if meets else None
    first = len(calendar.now) + 1
    return next((course.period(first + at) for at, value in enumerate(course.ahead) if goal.is_met_by(value)), None)


def _pace(goal: Goal, course: Course) -> Pace | None:
    calendar = course.calendar
    months = calendar.left * calendar.months_a_slot
    if not months or not (calendar.marks or course.question.kind.adds_up):
        return None
    target = goal.highest if goal.is_ceiling else goal.lowest
    per_month = (target - calendar.certain) / months
    last_year = _same_months_of_last_year(course)
    before = None if last_year is None else last_year / months
    times = per_month / before if before is not None and before > 0 else None
    return Pace(target - calendar.certain, months, per_month, before, times)


def _same_months_of_last_year(course: Course) -> float | None:
    """What the months that are still to come brought last year."""
    past, done = course.calendar.past, len(course.calendar.now)
    if not len(past):
        return None
    if course.question.kind.adds_up:
        return float(past[-1][done:].sum())
    if done:
        return float(past[-1][-1] - past[-1][done - 1])
    return float(past[-1][-1] - past[-2][-1]) if len(past) > 1 else None
