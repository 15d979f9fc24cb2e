"""Periods of the reporting calendar: years, halves, quarters, months and spans of them, as values of one type."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_PATTERN = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole calendar months from ``first`` to ``last``, both inclusive.

    A month is counted as ``year * 12 + (month - 1)``. Written by :meth:`__str__` as ``2023``, ``2023-H1``, ``2023-Q2``,
    ``2023-06``, ``2021/2025`` or ``2019-01/2019-11``; :meth:`parse` reads the same forms.

    Raises
    ------
    ValueError
        when ``last`` lies before ``first``.

    Examples
    --------
    >>> str(Period.parse("2023-Q2").same_period_of(2024))
    '2024-Q2'
    >>> Period.year(2023).contains(Period.parse("2023-06"))
    True
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends on or after its first month: {self.first} > {self.last}")

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(year * 12, year * 12 + 11)

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        """The first (1) or second (2) half of `year`."""
        return cls(year * 12 + (half - 1) * 6, year * 12 + half * 6 - 1)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Quarter 1 to 4 of `year`."""
        return cls(year * 12 + (quarter - 1) * 3, year * 12 + quarter * 3 - 1)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Month 1 to 12 of `year`."""
        if not 1 <= month <= 12:
            raise ValueError(f"a month is 1 to 12, not {month}")
        return cls(year * 12 + month - 1, year * 12 + month - 1)

    @classmethod
    def years(cls, first: int, last: int) -> Period:
        """All of the years `first` to `last`, both inclusive."""
        return cls(first * 12, last * 12 + 11)

    @classmethod
    def parse(cls, text: str | int) -> Period:
        """Read any form that :meth:`__str__` writes.

        Raises
        ------
        ValueError
            names the text and the forms that are understood.
        """
        first, slash, last = str(text).partition("/")
        if slash:
            return cls(cls.parse(first).first, cls.parse(last).last)
        match = _PATTERN.match(first)
        if match is None:
            raise ValueError(f"{text!r} is no period; write 2023, 2023-H1, 2023-Q2, 2023-06 or 2021/2025")
        year = int(match["year"])
        if match["half"]:
            return cls.half(year, int(match["half"]))
        if match["quarter"]:
            return cls.quarter(year, int(match["quarter"]))
        if match["month"]:
            return cls.month(year, int(match["month"]))
        return cls.year(year)

    @property
    def months(self) -> int:
        """How many months the period covers."""
        return self.last - self.first + 1

    @property
    def first_day(self) -> date:
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        year, month = self.last // 12, self.last % 12 + 1
        return date(year, month, monthrange(year, month)[1])

    def contains(self, other: Period) -> bool:
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last

    def shifted(self, months: int) -> Period:
        """The same length, `months` later (negative: earlier)."""
        return Period(self.first + months, self.last + months)

    def previous(self) -> Period:
        """The period of equal length that ends just before this one."""
        return self.shifted(-self.months)

    def next(self) -> Period:
        """The period of equal length that begins just after this one."""
        return self.shifted(self.months)

    def same_period_of(self, year: int) -> Period:
        """The same months, with the first one in `year`."""
        return self.shifted((year - self.first // 12) * 12)

    def __str__(self) -> str:
        start, months = self.first % 12, self.months
        year = self.first // 12
        if months == 12 and start == 0:
            return f"{year:04d}"
        if months == 6 and start in (0, 6):
            return f"{year:04d}-H{start // 6 + 1}"
        if months == 3 and start % 3 == 0:
            return f"{year:04d}-Q{start // 3 + 1}"
        if months == 1:
            return f"{year:04d}-{start + 1:02d}"
        if start == 0 and self.last % 12 == 11:
            return f"{year:04d}/{self.last // 12:04d}"
        return f"{Period(self.first, self.first)}/{Period(self.last, self.last)}"
