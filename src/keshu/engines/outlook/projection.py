"""What the months to come will bring: three plain methods, their mean, and how far it may be wrong.

Share of year (份额法): this year's months so far are the part of the year that they were in earlier years. Recent
level (近期水平法): without its seasons the series goes on as high as it last stood (simple exponential smoothing; how
fast it forgets is weighed over eleven speeds by the errors each would have made one step ahead in this series' own
past). Damped trend (阻尼趋势法): the same, with the series' straight-line growth, which fades. Their mean with fixed
weights is the forecast; weights and damping were chosen on the M1 and M3 competitions (docs/methods/outlook.md).
Averaging level and full trend is the Theta method's idea (Assimakopoulos and Nikolopoulos, International Journal of
Forecasting 16, 2000).

The scale of the error follows from the same smoothing: with steps e of standard deviation sigma and speed a, the sum of h
steps has variance sigma² times the sum of (1 + i·a)² for i below h, and the h-th step alone sigma² times (1 + (h-1)·a²).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keshu.engines.outlook.seasons import seasonal_indexes, year_shares

SPEEDS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
#: Chosen on M1 and M3: weights of the methods, how growth fades a slot, how sharply better speeds are preferred, the most
#: growth a year (as a factor's logarithm), and of the scale its factor and what short histories add.
SHARE, LEVEL, TREND = 0.2, 0.4, 0.4
DAMPING, PREFERENCE, MOST_GROWTH = 0.9, 16, 0.7
SCALE, SHORTNESS = 0.9, 6.0
#: No forecast is surer than this part of what is to come.
LEAST_SCALE = 0.002
MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Projection:
    """For each slot to come: `value`, what it alone brings; `scale`, the error of the sum up to it, or of it alone.

    `scale` is a factor's logarithm where `is_ratio`. `by_method` is what each method alone sums up to (or ends at).
    """

    value: np.ndarray
    scale: np.ndarray
    is_ratio: bool
    by_method: dict[str, float]


def project(past: np.ndarray, now: np.ndarray, *, sums: bool, unsure: int = 0) -> Projection:
    """Forecast the rest of the year.

    Parameters
    ----------
    past : one row for each earlier year (at least two), one column for each slot
    now : this year's slots so far; fewer than a year
    sums : whether the year is the sum of its slots; else it is its last slot
    unsure : slots of `now` that were filled; they widen the scale as slots to come do
    """
    past = past[-MOST_YEARS:]
    is_ratio = bool((past > 0).all() and (now > 0).all())
    slots, done = past.shape[1], now.size
    seasons = seasonal_indexes(past, is_ratio=is_ratio)
    run = np.concatenate([past.reshape(-1), now])
    season_of_run = np.resize(seasons, run.size)
    plain = np.log(run / season_of_run) if is_ratio else run - season_of_run
    growth = _growth(plain, limit=MOST_GROWTH / slots if is_ratio else math.inf)
    found = {"level": (LEVEL, _smooth(plain, slots, 0.0)), "trend": (TREND, _smooth(plain, slots, growth))}
    ahead = np.arange(slots - done)
    fading = np.cumsum(DAMPING ** (ahead + 1.0))
    values: dict[str, np.ndarray] = {}
    variance = np.zeros(ahead.size)
    for name, (weight, smooth) in found.items():
        paths = smooth.heights[:, None] + (growth if name == "trend" else 0.0) * fading
        paths = np.exp(paths) * seasons[done:] if is_ratio else paths + seasons[done:]
        values[name] = smooth.weights @ paths
        variance += weight * _variance(smooth, paths, is_ratio=is_ratio, sums=sums, unsure=unsure)
    if sums and is_ratio and done:
        shares = year_shares(past)
        values["share"] = now.sum() / shares[:done].sum() * shares[done:]
    weights = {
        name: weight for name, weight in (("share", SHARE), ("level", LEVEL), ("trend", TREND)) if name in values
    }
    whole = sum(weights.values())
    value = sum(weights[name] / whole * values[name] for name in weights)
    scale = SCALE * np.sqrt(variance / (LEVEL + TREND))
    least = LEAST_SCALE * (1.0 if is_ratio else float(np.abs(run).mean()))
    by_method = {name: float(each.sum() if sums else each[-1]) if each.size else 0.0 for name, each in values.items()}
    return Projection(np.asarray(value), np.maximum(scale, least), is_ratio, by_method)


@dataclass(frozen=True, slots=True)
class _Smooth:
    """For each of SPEEDS: the `heights` at the end, the variance of its one-step errors, and its weight."""

    heights: np.ndarray
    variances: np.ndarray
    weights: np.ndarray


def _growth(plain: np.ndarray, *, limit: float) -> float:
    """The slope of the straight line through the series, a slot."""
    at = np.arange(plain.size) - (plain.size - 1) / 2
    return float(np.clip((plain * at).sum() / (at * at).sum(), -limit, limit))


def _smooth(plain: np.ndarray, slots: int, growth: float) -> _Smooth:
    """Exponential smoothing at every speed, from the middle of the first year on."""
    heights = np.full(SPEEDS.size, plain[:slots].mean() + growth * (slots - 1) / 2)
    squares = np.zeros(SPEEDS.size)
    for value in plain[slots:]:
        errors = value - heights - growth
        squares += errors * errors
        heights = heights + growth + SPEEDS * errors
    count = plain.size - slots
    nothing = 1e-12 * count * max(float(plain.var()), 1e-300)
    weights = ((squares + nothing) / (squares.min() + nothing)) ** -PREFERENCE
    return _Smooth(heights, squares / count * (1 + SHORTNESS / count), weights / weights.sum())


def _variance(smooth: _Smooth, paths: np.ndarray, *, is_ratio: bool, sums: bool, unsure: int) -> np.ndarray:
    """For each slot to come the variance up to it: of the smoothing's errors, and between the speeds."""
    h = np.arange(paths.shape[1])
    steps = 1 + h[:, None] * SPEEDS
    if sums:
        factor = (np.cumsum(steps**2, axis=0) + unsure) / ((h[:, None] + 1) ** 2 if is_ratio else 1)
    else:
        factor = 1 + h[:, None] * SPEEDS**2
    reached = np.cumsum(paths, axis=1) if sums else paths
    seen = np.log(np.maximum(reached, 1e-300)) if is_ratio else reached
    between = smooth.weights @ (seen - smooth.weights @ seen) ** 2
    return factor @ (smooth.weights * smooth.variances) + between
