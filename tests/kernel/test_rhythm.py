"""Rounds of a year: by hand from the published calendar of 2026, and what holds of any rhythm and calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.rhythm import Cadence, DueRule, Rhythm, name_of, rounds_of, span_of
from keshu.kernel.workdays import WorkCalendar

PUBLISHED = WorkCalendar()
MONTHLY = Rhythm(Cadence.MONTHLY, DueRule.WORKDAY_AFTER, 3)

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2029, 12, 31))
calendars = st.builds(WorkCalendar, exceptions=st.dictionaries(days, st.booleans(), max_size=20))
workday_rhythms = st.builds(
    Rhythm, st.sampled_from(Cadence), st.just(DueRule.WORKDAY_AFTER), st.integers(1, 10), st.integers(1, 20)
)
day_rhythms = st.builds(
    Rhythm, st.sampled_from([Cadence.MONTHLY, Cadence.QUARTERLY]), st.just(DueRule.DAY_OF_LAST_MONTH),
    st.integers(1, 28), st.integers(1, 20),
)  # fmt: skip
rhythms = workday_rhythms | day_rhythms
# 2026 is published, 2027 and later are not yet.
years = st.integers(2026, 2028)


def test_the_months_of_2026_fall_due_on_the_third_working_day_after() -> None:
    """Counted by hand on the published calendar. After September: the 8th, 9th and the make-up Saturday 10th of October.
    After April: the 6th to 8th of May. After January: the 2nd to 4th of February. After December: 2027 is not published.
    """
    due = [each.due_on for each in rounds_of(MONTHLY, year=2026, calendar=PUBLISHED)]
    assert due == [
        date(2026, 2, 4), date(2026, 3, 4), date(2026, 4, 3), date(2026, 5, 8), date(2026, 6, 3), date(2026, 7, 3),
        date(2026, 8, 5), date(2026, 9, 3), date(2026, 10, 10), date(2026, 11, 4), date(2026, 12, 3), date(2027, 1, 5),
    ]  # fmt: skip


def test_forms_open_five_working_days_before() -> None:
    """September's, due on 10 October: 9 and 8 October, 30, 29 and 28 September."""
    september = list(rounds_of(MONTHLY, year=2026, calendar=PUBLISHED))[8]
    assert (september.key, september.opens_on) == ("2026-09", date(2026, 9, 28))


def test_a_day_of_the_month_moves_forward_to_a_working_day() -> None:
    """The 20th: 20 February is within the Spring Festival (15 to 23), the make-up Saturday the 14th is worked; 20 September
    is a Sunday that is worked; 20 June a Saturday after 端午节 on Friday.
    """
    rhythm = Rhythm(Cadence.MONTHLY, DueRule.DAY_OF_LAST_MONTH, 20)
    due = {each.key: each.due_on for each in rounds_of(rhythm, year=2026, calendar=PUBLISHED)}
    assert due["2026-02"] == date(2026, 2, 14)
    assert due["2026-06"] == date(2026, 6, 18)
    assert due["2026-09"] == date(2026, 9, 20)


def test_quarters_and_weeks() -> None:
    quarters = list(rounds_of(Rhythm(Cadence.QUARTERLY, DueRule.WORKDAY_AFTER, 5), year=2026, calendar=PUBLISHED))
    assert [each.key for each in quarters] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    # 1, 2, 3 April; 4 to 6 are 清明节; 7, 8.
    assert quarters[0].due_on == date(2026, 4, 8)
    weeks = list(rounds_of(Rhythm(Cadence.WEEKLY, DueRule.WORKDAY_AFTER, 1, 2), year=2026, calendar=PUBLISHED))
    assert len(weeks) == 53
    # The week of 28 September to 4 October is followed by three days off.
    assert (weeks[39].key, weeks[39].last_on, weeks[39].due_on) == ("2026-W40", date(2026, 10, 4), date(2026, 10, 8))


@pytest.mark.parametrize(
    ("cadence", "rule", "number", "opens"),
    [
        (Cadence.MONTHLY, DueRule.WORKDAY_AFTER, 0, 5),
        (Cadence.MONTHLY, DueRule.WORKDAY_AFTER, 11, 5),
        (Cadence.MONTHLY, DueRule.DAY_OF_LAST_MONTH, 29, 5),
        (Cadence.MONTHLY, DueRule.WORKDAY_AFTER, 3, 0),
        (Cadence.MONTHLY, DueRule.WORKDAY_AFTER, 3, 21),
        (Cadence.WEEKLY, DueRule.DAY_OF_LAST_MONTH, 5, 5),
    ],
)
def test_terms_that_mean_nothing_are_refused(cadence: Cadence, rule: DueRule, number: int, opens: int) -> None:
    with pytest.raises(ValueError, match=r"due|forms open"):
        Rhythm(cadence, rule, number, opens)


def test_keys_are_read_and_spoken() -> None:
    assert span_of("2026-W01") == (date(2025, 12, 29), date(2026, 1, 4))
    assert span_of("2026-Q2") == (date(2026, 4, 1), date(2026, 6, 30))
    assert [name_of(key) for key in ("2026-02", "2026-Q4", "2026-W53")] == ["2026年2月", "2026年四季度", "2026年第53周"]
    with pytest.raises(ValueError, match="no period"):
        span_of("2026-13")


@given(rhythm=rhythms, year=years, calendar=calendars)
def test_rounds_follow_one_another_without_a_gap_or_an_overlap(
    rhythm: Rhythm, year: int, calendar: WorkCalendar
) -> None:
    rounds = list(rounds_of(rhythm, year=year, calendar=calendar))
    for each, following in pairwise(rounds):
        assert each.last_on + timedelta(days=1) == following.first_on
        assert each.due_on <= following.due_on
        assert each.opens_on <= following.opens_on
    assert len({each.key for each in rounds}) == len(rounds)
    assert all(span_of(each.key) == (each.first_on, each.last_on) for each in rounds)


@given(rhythm=rhythms, year=years, calendar=calendars)
def test_every_round_opens_so_many_working_days_before_a_working_day(
    rhythm: Rhythm, year: int, calendar: WorkCalendar
) -> None:
    for each in rounds_of(rhythm, year=year, calendar=calendar):
        assert calendar.is_workday(each.due_on)
        assert calendar.is_workday(each.opens_on)
        assert each.opens_on < each.due_on
        assert calendar.between(each.opens_on, each.due_on) == rhythm.open_workdays


@given(rhythm=workday_rhythms, year=years, calendar=calendars)
def test_the_due_day_is_the_nth_working_day_after_the_period(rhythm: Rhythm, year: int, calendar: WorkCalendar) -> None:
    for each in rounds_of(rhythm, year=year, calendar=calendar):
        assert calendar.between(each.last_on, each.due_on) == rhythm.number


@given(rhythm=day_rhythms, year=years, calendar=calendars)
def test_a_due_day_of_the_month_is_never_later_than_that_day(rhythm: Rhythm, year: int, calendar: WorkCalendar) -> None:
    for each in rounds_of(rhythm, year=year, calendar=calendar):
        named = each.last_on.replace(day=rhythm.number)
        assert each.due_on <= named
        assert calendar.between(each.due_on, named) == 0
