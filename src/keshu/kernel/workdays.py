"""Working days of China: public holidays and make-up workdays (调休) as published each year, and what the bureau adds.

The State Council publishes a year's holidays in the autumn before; until a release of `chinesecalendar` holds them, every
Monday to Friday counts as a working day and :meth:`WorkCalendar.is_published` says that this is a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import constants

ONE_DAY = timedelta(days=1)
# The years for which the library holds the published table.
PUBLISHED_YEARS = range(min(constants.holidays).year, max(constants.holidays).year + 1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked.

    ``exceptions`` are days the bureau has entered itself: True a working day, False a day off; they overrule the published
    table. ``entered_years`` are years whose whole table the bureau has entered.

    Examples
    --------
    >>> calendar = WorkCalendar()
    >>> calendar.is_workday(date(2026, 2, 14))  # a Saturday worked for the Spring Festival
    True
    >>> calendar.after(date(2026, 9, 30), 1)  # the National Day holiday lasts until 7 October
    datetime.date(2026, 10, 8)
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    entered_years: frozenset[int] = frozenset()

    def is_published(self, year: int) -> bool:
        """Whether the year's holidays are known, and not guessed from the days of the week."""
        return year in PUBLISHED_YEARS or year in self.entered_years

    def is_workday(self, day: date) -> bool:
        if day in self.exceptions:
            return self.exceptions[day]
        if day.year in PUBLISHED_YEARS:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, else the next day that is."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """`day` itself when it is worked, else the last day before it that is."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; before it for a negative `count`; `day` itself for 0."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` and up to `last`; negative when `last` lies before `first`."""
        if last < first:
            return -self.between(last, first)
        days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
        return sum(map(self.is_workday, days))
