"""Periods read, write and compare the way the reporting calendar does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.period import Period

months = st.integers(min_value=1990 * 12, max_value=2100 * 12)
periods = st.builds(lambda first, length: Period(first, first + length), months, st.integers(0, 150))


@pytest.mark.parametrize(
    ("text", "first_day", "last_day"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021/2025", date(2021, 1, 1), date(2025, 12, 31)),
        ("2019-01/2019-11", date(2019, 1, 1), date(2019, 11, 30)),
    ],
)
def test_each_written_form_is_read(text: str, first_day: date, last_day: date) -> None:
    period = Period.parse(text)
    assert (period.first_day, period.last_day) == (first_day, last_day)
    assert str(period) == text


@pytest.mark.parametrize("text", ["", "2023-13", "2023-Q5", "23", "2023-H3", "二〇二三", "2025/2021"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period"):
        Period.parse(text)


def test_containment_follows_the_calendar() -> None:
    year = Period.year(2023)
    assert year.contains(Period.quarter(2023, 4))
    assert not year.contains(Period.month(2024, 1))
    assert Period.half(2023, 1).overlaps(Period.quarter(2023, 2))
    assert not Period.half(2023, 1).overlaps(Period.quarter(2023, 3))
    assert Period.years(2021, 2025).contains(year)


def test_the_same_quarter_a_year_earlier() -> None:
    assert str(Period.parse("2024-Q2").same_period_of(2023)) == "2023-Q2"
    assert str(Period.parse("2024-Q1").previous()) == "2023-Q4"


@given(periods)
def test_writing_then_reading_gives_the_same_period(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods)
def test_neighbours_touch_and_do_not_overlap(period: Period) -> None:
    assert period.next().previous() == period
    assert not period.overlaps(period.next())
    assert (period.next().first_day - period.last_day).days == 1
