"""What is answered: the forecast with its interval, each goal's prospect, and how the answer was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from keshu.engines.outlook.question import Goal, Kind
from keshu.engines.outlook.spread import Spread
from keshu.kernel.period import Period


class Method(StrEnum):
    """How the year's end was found.

    COMBINED is the weighted mean of share of year, recent level and damped trend; STRAIGHT_LINE goes on as so far; CLOSED: the
    year is over; NONE: nothing to go by.
    """

    COMBINED = "combined"
    STRAIGHT_LINE = "straight_line"
    CLOSED = "closed"
    NONE = "none"


class Standing(StrEnum):
    """MET and MISSED are final. MET_FOR_NOW holds today, but what counts is the end of the year."""

    MET = "met"
    MET_FOR_NOW = "met_for_now"
    OPEN = "open"
    MISSED = "missed"


class ReasonCode(StrEnum):
    """What a reason is about; `Reason.values` holds the numbers that belong to it."""

    YEARS_USED = "years_used"
    YEAR_INCOMPLETE = "year_incomplete"
    TOO_FEW_YEARS = "too_few_years"
    ALL_ZERO = "all_zero"
    NO_FIGURES = "no_figures"
    GAPS_FILLED = "gaps_filled"
    REPORTED = "reported"
    YEAR_OVER = "year_over"
    SHARE_OF_YEAR = "share_of_year"
    RECENT_LEVEL = "recent_level"
    DAMPED_TREND = "damped_trend"
    ADDITIVE = "additive"
    STRAIGHT_LINE = "straight_line"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the answer is as it is: a code, the values that belong to it, and the sentence to show."""

    code: ReasonCode
    values: dict[str, float | int | str]
    text: str


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The value expected at the end of `period` (since 1 January where figures add up), with the ends of the 80% interval."""

    period: Period
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What is still needed, a month (of a ceiling: what may still come, a month).

    `last_year_per_month` is what the same months of last year brought, None when they are not known; `times_last_year` is
    None where that was not above 0.
    """

    remaining: float
    months_left: int
    per_month: float
    last_year_per_month: float | None
    times_last_year: float | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """How one goal stands. `probability` is None where history is too short; `met_in` is the period after which it was met,
    `expected_in` the one after which it is expected to be (None: not this year)."""

    goal: Goal
    standing: Standing
    probability: float | None
    met_in: Period | None
    expected_in: Period | None
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The answer.

    `reached` is the value as last reported (since 1 January where figures add up); `forecast` the median at the
    year's end, by straight line where history is too short; `low` and `high` the ends of the 80% interval, then None;
    `straight_line` what the pace so far comes to; `path` one point for each period that is still to come.
    `years_used` are the earlier years that count, `months_used` how many of their and this year's months were looked
    at.
    """

    year: int
    kind: Kind
    unit: str
    method: Method
    reported_until: Period | None
    reached: float | None
    forecast: float | None
    low: float | None
    high: float | None
    straight_line: float | None
    last_year: float | None
    floor: Prospect | None
    stretch: Prospect | None
    path: tuple[PathPoint, ...]
    years_used: tuple[int, ...]
    months_used: int
    reasons: tuple[Reason, ...]
    explanation: str
    spread: Spread | None

    def quantile(self, probability: float) -> float | None:
        """The value below which the year ends with this probability; None where history is too short.

        Raises
        ------
        ValueError
            unless 0 < `probability` < 1.
        """
        if not 0 < probability < 1:
            raise ValueError(f"a quantile is asked for between 0 and 1, not at {probability}")
        return None if self.spread is None else self.spread.quantile(probability)

    def probability_of(self, goal: Goal) -> float | None:
        """How likely the year's end meets another goal; None where history is too short."""
        return None if self.spread is None else self.spread.probability_of(goal)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: periods as text, goals as their parts, without the spread."""
        from keshu.engines.outlook.plain import as_plain

        return as_plain(self)
