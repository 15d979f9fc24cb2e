"""Escalation over any working calendar: long holidays and make-up workdays around the due day, years whose calendar is not
published, and a calendar that is published or changed while something is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.apps.plans.queries.supervision import escalation as notices
from keshu.apps.plans.services.checkins.escalation import WORKDAYS_LATE, Step, due_before
from keshu.kernel.workdays import PUBLISHED_YEARS, WorkCalendar

pytestmark = pytest.mark.once

WATCHED = 75  # days: after a month in which every day is off, five working days have passed all the same

# Within the last published year, over its end, and in years not published at all.
dues = st.dates(date(PUBLISHED_YEARS.stop - 1, 1, 1), date(PUBLISHED_YEARS.stop + 1, 12, 31))
# What the bureau enters around the due day: single days, and a block as long as the Spring Festival with work on weekends before.
single = st.dictionaries(st.integers(-20, 30), st.booleans(), max_size=12)
blocks = st.builds(
    lambda first, length, made_up: {
        **{first + n: False for n in range(length)}, **{first - 1 - n: True for n in range(made_up)}
    },
    st.integers(-10, 12), st.integers(1, 16), st.integers(0, 2),
)  # fmt: skip
entered = st.lists(single | blocks, max_size=2)


def calendar_of(due: date, given: list[dict[int, bool]]) -> WorkCalendar:
    return WorkCalendar({due + timedelta(days=n): worked for each in given for n, worked in each.items()})


def lived(due: date, calendars: list[WorkCalendar]) -> list[tuple[Step, date]]:
    """The steps as the worker takes them day by day, each by the calendar of that day."""
    taken: list[tuple[Step, date]] = []
    for n in range(-5, WATCHED):
        on, calendar = due + timedelta(days=n), calendars[min(max(n, 0), len(calendars) - 1)]
        told = max((step for step, _ in taken), default=0)
        taken += [(step, on) for step, edge in due_before(on, calendar=calendar).items() if due < edge and step > told]
    return taken


@given(due=dues, given=entered)
def test_each_step_comes_once_after_exactly_its_working_days(due: date, given: list[dict[int, bool]]) -> None:
    calendar = calendar_of(due, given)
    taken = lived(due, [calendar])
    assert [step for step, _ in taken] == list(Step)
    assert dict(taken)[Step.FILLER] == due + timedelta(days=1)
    for step in (Step.HEAD, Step.PLANNER, Step.LEADER):
        assert calendar.is_workday(dict(taken)[step])
        assert calendar.between(due, dict(taken)[step]) == WORKDAYS_LATE[step]


@given(due=dues, before=entered, after=entered, day=st.integers(0, 20))
def test_a_calendar_that_changes_meanwhile_tells_nobody_twice(
    due: date, before: list[dict[int, bool]], after: list[dict[int, bool]], day: int
) -> None:
    """A step taken by the calendar of its day is never taken back or again; every step is still reached, in order."""
    first, then = calendar_of(due, before), calendar_of(due, after)
    taken = lived(due, [first] * day + [then])
    assert [step for step, _ in taken] == list(Step)
    days = [on for _, on in taken]
    assert days == sorted(days)
    for step, on in taken:
        calendar = first if (on - due).days < day else then
        assert calendar.between(due, on) >= WORKDAYS_LATE[step]


@given(due=dues, given=entered)
def test_a_notice_is_reminded_of_and_escalated_on_working_days(due: date, given: list[dict[int, bool]]) -> None:
    """As above for supervision notices: two reminders before, three steps after, each once, none on a day off."""
    calendar, told, taken = calendar_of(due, given), 0, []
    for n in range(-60, WATCHED):
        on = due + timedelta(days=n)
        for step in notices.steps_due(due, told, on=on, calendar=calendar):
            taken.append((step, on))
            told = step
    assert [step for step, _ in taken] == [step for step in notices.Step if step]
    assert all(calendar.is_workday(on) for _, on in taken)
    last = calendar.on_or_before(due)
    assert dict(taken)[notices.Step.TODAY] == last
    assert calendar.between(dict(taken)[notices.Step.SOON], last) == notices.AHEAD
    for step, workdays in notices.LATE_AFTER.items():
        assert calendar.between(due, dict(taken)[step]) == workdays
