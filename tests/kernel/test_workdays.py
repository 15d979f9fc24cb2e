"""Working days against the published calendar of 2026, and what holds of any calendar."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.workdays import PUBLISHED_YEARS, WorkCalendar

# 国办发明电〔2025〕7号: 2026 年部分节假日安排。Days off that fall on Monday to Friday, and weekends that are worked.
OFF_2026 = {
    *(date(2026, 1, day) for day in (1, 2)),  # 元旦 1月1日至3日
    *(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)),  # 春节 2月15日至23日
    date(2026, 4, 6),  # 清明节 4月4日至6日
    *(date(2026, 5, day) for day in (1, 4, 5)),  # 劳动节 5月1日至5日
    date(2026, 6, 19),  # 端午节 6月19日至21日
    date(2026, 9, 25),  # 中秋节 9月25日至27日
    *(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),  # 国庆节 10月1日至7日
}
WORKED_2026 = {
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)
}  # fmt: skip

PUBLISHED = WorkCalendar()
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2029, 12, 31))
calendars = st.builds(
    WorkCalendar,
    exceptions=st.dictionaries(days, st.booleans(), max_size=12),
    entered_years=st.frozensets(st.integers(2024, 2029), max_size=2),
)


def test_every_day_of_2026_is_as_published() -> None:
    day = date(2026, 1, 1)
    while day.year == 2026:
        expected = day in WORKED_2026 or (day.weekday() < 5 and day not in OFF_2026)
        assert PUBLISHED.is_workday(day) == expected, day
        day += timedelta(days=1)


def test_a_year_not_yet_published_falls_back_to_monday_to_friday() -> None:
    year = PUBLISHED_YEARS.stop
    assert not PUBLISHED.is_published(year)
    day = date(year, 10, 1)
    for _ in range(14):
        assert PUBLISHED.is_workday(day) == (day.weekday() < 5)
        day += timedelta(days=1)


def test_what_the_bureau_enters_goes_before_what_is_published() -> None:
    own = WorkCalendar({date(2026, 10, 1): True, date(2026, 10, 8): False}, frozenset({2031}))
    assert own.is_workday(date(2026, 10, 1))
    assert own.after(date(2026, 10, 7), 1) == date(2026, 10, 9)
    assert own.is_published(2031)
    assert own.is_published(2026)


def test_counting_over_the_national_day() -> None:
    """From Wednesday 30 September: 8, 9 and the make-up Saturday 10 October are worked, then Monday the 12th."""
    assert [PUBLISHED.after(date(2026, 9, 30), n) for n in (1, 2, 3, 4)] == [
        date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 12)
    ]  # fmt: skip
    assert PUBLISHED.after(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert PUBLISHED.between(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert PUBLISHED.between(date(2026, 10, 12), date(2026, 9, 30)) == -4


@given(calendar=calendars, day=days, count=st.integers(1, 30))
def test_counting_forth_lands_on_a_working_day_so_many_later(calendar: WorkCalendar, day: date, count: int) -> None:
    later = calendar.after(day, count)
    assert calendar.is_workday(later)
    assert calendar.between(day, later) == count
    assert calendar.between(day, later - timedelta(days=1)) == count - 1


@given(calendar=calendars, day=days, count=st.integers(1, 30))
def test_counting_back_undoes_counting_forth(calendar: WorkCalendar, day: date, count: int) -> None:
    workday = calendar.on_or_after(day)
    assert calendar.after(calendar.after(workday, count), -count) == workday
    assert calendar.after(calendar.after(workday, -count), count) == workday


@given(calendar=calendars, day=days)
def test_the_nearest_working_days_are_nearest(calendar: WorkCalendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(map(calendar.is_workday, between))
    assert calendar.is_workday(before)
    assert calendar.is_workday(after)


@given(calendar=calendars, first=days, middle=days, last=days)
def test_working_days_add_up(calendar: WorkCalendar, first: date, middle: date, last: date) -> None:
    first, middle, last = sorted((first, middle, last))
    assert calendar.between(first, last) == calendar.between(first, middle) + calendar.between(middle, last)
