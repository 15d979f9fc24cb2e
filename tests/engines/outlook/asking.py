"""Questions for the tests: figures by month or quarter, in few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from keshu.engines.outlook import Figure, Goal, Kind, Op, Question, Reading
from keshu.kernel.period import Period


def months(year: int, values: Iterable[Decimal | float | None], *, first: int = 1) -> list[Figure]:
    """One figure for each month from `first` on; None is a month without one."""
    return [
        Figure(Period.month(year, month), value) for month, value in enumerate(values, start=first) if value is not None
    ]


def quarters(year: int, values: Iterable[float]) -> list[Figure]:
    return [Figure(Period.quarter(year, quarter), value) for quarter, value in enumerate(values, start=1)]


def to_date(values: Sequence[float]) -> list[float]:
    return [sum(values[: end + 1]) for end in range(len(values))]


def at_least(value: Decimal | float) -> Goal:
    return Goal(Op.AT_LEAST, value)


def asked(
    figures: Iterable[Figure],
    *,
    kind: Kind = Kind.TOTAL,
    floor: Goal | None = None,
    stretch: Goal | None = None,
    reading: Reading = Reading.WITHIN_PERIOD,
    until: Period | None = None,
    unit: str = "",
) -> Question:
    """A question about 2026."""
    return Question(2026, kind, tuple(figures), reading, floor, stretch, unit, until)
