"""What is asked: the figures of one indicator, the year, and what is to be reached in it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from keshu.kernel.period import Period


class UnfitQuestion(ValueError):
    """The question cannot be answered; the message says in Chinese what was given, why it does not do and what does."""


class Kind(StrEnum):
    """What a figure of the indicator says.

    TOTAL adds up over the year (累计量: turnover of contracts in 亿元); COUNT does so in whole things (件数: ventures founded);
    LEVEL holds at the end of a period (存量: enterprises on the list); SHARE is a LEVEL from 0 to 100 (占比, in per cent);
    GROWTH_RATE is a LEVEL in per cent that may be negative (增速).
    """

    TOTAL = "total"
    COUNT = "count"
    LEVEL = "level"
    SHARE = "share"
    GROWTH_RATE = "growth_rate"

    @property
    def adds_up(self) -> bool:
        """The year's value is the sum of its months."""
        return self in (Kind.TOTAL, Kind.COUNT)


class Reading(StrEnum):
    """How figures that add up are reported: of the period alone (当期), or since 1 January (年内累计)."""

    WITHIN_PERIOD = "within_period"
    YEAR_TO_DATE = "year_to_date"


class Op(StrEnum):
    """How the value binds. EQUAL (达到) is reached by that value or more; equal to 0 is reached by 0 or less."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported value. `period` is a month or a quarter, of figures that add up also a half-year or a year.

    Under ``Reading.YEAR_TO_DATE`` and for kinds that do not add up, only the last month of `period` counts.
    """

    period: Period
    value: Decimal | float


@dataclass(frozen=True, slots=True)
class Goal:
    """What the value at the end of the year must be. `high` is the upper end of BETWEEN, both ends included."""

    op: Op
    value: Decimal | float
    high: Decimal | float | None = None

    def __post_init__(self) -> None:
        for value in (self.value, self.high):
            if value is not None and not math.isfinite(value):
                raise UnfitQuestion(f"目标值是{value}，应为数字。")
        if (self.op is Op.BETWEEN) != (self.high is not None):
            raise UnfitQuestion("目标是区间时要有下限和上限，不是区间时不写上限。")
        if self.high is not None and self.high < self.value:
            raise UnfitQuestion(f"目标区间的上限{self.high}小于下限{self.value}，请对调。")

    @property
    def lowest(self) -> float:
        """The least that meets it (with `>` only what lies above), minus infinity where there is none."""
        return -math.inf if self.is_ceiling else float(self.value)

    @property
    def highest(self) -> float:
        """The most that meets it (with `<` only what lies below), infinity where there is none."""
        if self.op is Op.BETWEEN:
            return float(self.high or 0)
        return float(self.value) if self.is_ceiling else math.inf

    @property
    def is_ceiling(self) -> bool:
        """Only too much can miss it."""
        return self.op in (Op.AT_MOST, Op.LESS_THAN) or (self.op is Op.EQUAL and self.value == 0)

    def is_met_by(self, value: float) -> bool:
        """Whether a value meets it; a difference in the tenth digit is one of adding up, not of the figures."""
        low, high = self.lowest, self.highest
        if self.op is Op.MORE_THAN:
            return value > low and not _are_equal(value, low)
        if self.op is Op.LESS_THAN:
            return value < high and not _are_equal(value, high)
        return low <= value <= high or _are_equal(value, low) or _are_equal(value, high)


def _are_equal(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=1e-10)


@dataclass(frozen=True, slots=True)
class Question:
    """Will this indicator reach `floor` (确保) and `stretch` (力争) by the end of `year`?

    Parameters
    ----------
    year : the year of the goals
    kind : what a figure says
    figures : those of earlier years and of `year` so far, in any order, at most one for a period; those of later years and
        those after `reported_until` are not looked at
    reading : how figures that add up are reported; the other kinds do not use it
    floor, stretch : what must be reached and what one strives for; either may be missing
    unit : put behind numbers in the explanation
    reported_until : answer as things stood after this period; by default after the newest figure of `year`

    Raises
    ------
    UnfitQuestion
        a period given twice, a value that is no number, a share outside 0 to 100, a count below 0 or a period that crosses a
        year; the message names the period.
    """

    year: int
    kind: Kind
    figures: tuple[Figure, ...]
    reading: Reading = Reading.WITHIN_PERIOD
    floor: Goal | None = None
    stretch: Goal | None = None
    unit: str = ""
    reported_until: Period | None = None

    def __post_init__(self) -> None:
        for period, times in Counter(each.period for each in self.figures).items():
            if times > 1:
                raise UnfitQuestion(f"{period}有{times}个数，一个时期只能有一个数。")
        for each in self.figures:
            _accept(each, self.kind, self.reading)

    def known(self) -> Iterator[Figure]:
        """The figures to be looked at, by their last month and then by their first."""
        end = Period.year(self.year).last
        last = end if self.reported_until is None else min(self.reported_until.last, end)
        seen = (each for each in self.figures if each.period.last <= last)
        return iter(sorted(seen, key=lambda each: (each.period.last, each.period.first)))


def _accept(figure: Figure, kind: Kind, reading: Reading) -> None:
    period, value = figure.period, figure.value
    if not math.isfinite(value):
        raise UnfitQuestion(f"{period}的数是{value}，应为数字；没有数的时期请不要列入。")
    if period.first // 12 != period.last // 12:
        raise UnfitQuestion(f"时期{period}跨年，应为一年之内的月份或季度。")
    if kind is Kind.SHARE and not 0 <= value <= 100:
        raise UnfitQuestion(f"{period}的占比是{value}，应在0到100之间（按百分数填）。")
    if kind is Kind.COUNT and value < 0:
        raise UnfitQuestion(f"{period}的件数是{value}，不应小于0；可增可减的数请按累计量填。")
