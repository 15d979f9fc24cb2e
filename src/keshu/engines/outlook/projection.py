"""What the months to come will bring: three plain methods, their mean, and how far it may be wrong.

Share of year (份额法): this year's months so far are the part of the year that they were in earlier years. Recent level
(近期水平法): without its seasons the series goes on as high as it last stood. Damped trend (阻尼趋势法): the same, with the
series' straight-line growth, which fades. Their mean with fixed weights is the forecast; the constants below were chosen on
the M1 and M3 competitions (docs/methods/outlook.md). Averaging level and trend is the idea of the Theta method (Assimakopoulos
and Nikolopoulos, International Journal of Forecasting 16, 2000). Slots of a sum that never brought anything are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keshu.engines.outlook.seasons import seasonal_indexes, year_shares
from keshu.engines.outlook.smoothing import Form, Smoothed, Terms, smooth, variances

#: Chosen on M1 and M3: the weights of the methods; how growth fades from slot to slot; the most growth a year, as the
#: logarithm of a factor; what the scale is multiplied with.
SHARE, LEVEL, TREND = 0.2, 0.4, 0.4
DAMPING, MOST_GROWTH, SCALE = 0.9, 0.7, 0.83
#: No forecast is surer than this part of what is to come.
LEAST_SCALE = 0.002
#: No slot that ever brought something is expected to bring less than this part of an even one.
LEAST_PART = 0.05
#: Older years are not looked at.
MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Projection:
    """For each slot to come: `value`, what it alone brings; `scale`, the error of the sum up to it, or of it alone.

    `scale` is in the form's measure (a factor's logarithm under ``Form.RATIO``). `by_method` is what each method alone sums up
    to (or ends at).
    """

    value: np.ndarray
    scale: np.ndarray
    form: Form
    by_method: dict[str, float]


def project(past: np.ndarray, now: np.ndarray, *, sums: bool, is_share: bool = False, unsure: int = 0) -> Projection:
    """Forecast the rest of the year.

    Parameters
    ----------
    past : one row for each earlier year (at least two), one column for each slot; not all zero
    now : this year's slots so far; fewer than a year
    sums : whether the year is the sum of its slots; else it is its last slot
    is_share : the values are shares of 0 to 100
    unsure : slots of `now` that were filled; they widen the scale as slots to come do
    """
    past = past[-MOST_YEARS:]
    if sums:
        awake = (past != 0).sum(axis=0) > 0
        awake[: now.size] |= now != 0
        if not awake.all():
            return _without_silence(past, now, awake, unsure=unsure)
    form = Form.ODDS if is_share else _form(past, now, sums=sums)
    done = now.size
    terms = _terms(past, now, form)
    growth = _growth(terms, past.shape[1])
    fading = np.cumsum(DAMPING ** np.arange(1.0, past.shape[1] - done + 1))
    level, trend = smooth(terms, past.shape[1], 0.0, growth)
    paths = {"level": _paths(level, terms, done, 0.0 * fading), "trend": _paths(trend, terms, done, growth * fading)}
    values = {"level": level.weights @ paths["level"], "trend": trend.weights @ paths["trend"]}
    if sums and form is Form.RATIO and done:
        shares = year_shares(past)
        values["share"] = now.sum() / shares[:done].sum() * shares[done:]
    value = _mean(values)
    variance = LEVEL * variances(level, terms, paths["level"], done, sums=sums)
    variance += TREND * variances(trend, terms, paths["trend"], done, sums=sums)
    wider = 1 + unsure / np.arange(1.0, fading.size + 1)
    least = LEAST_SCALE * (1.0 if form in (Form.RATIO, Form.ODDS) else float(np.abs(past).mean()))
    scale = np.maximum(SCALE * np.sqrt(variance / (LEVEL + TREND) * wider), least)
    return Projection(value, scale, form, {name: _end(each, sums=sums) for name, each in values.items()})


def _without_silence(past: np.ndarray, now: np.ndarray, awake: np.ndarray, *, unsure: int) -> Projection:
    """The forecast from the slots that ever brought anything; the others bring nothing."""
    done = now.size
    inner = project(past[:, awake], now[awake[:done]], sums=True, unsure=unsure) if awake[done:].any() else None
    form = Form.DIFFERENCE if inner is None else inner.form
    value, scale = (
        np.zeros(awake.size - done),
        np.full(awake.size - done, LEAST_SCALE * float(np.abs(past).sum(axis=1).mean())),
    )
    if inner is None:
        return Projection(value, scale, form, dict.fromkeys(("level", "trend"), 0.0))
    value[awake[done:]] = inner.value
    count = np.cumsum(awake[done:])
    scale[count > 0] = inner.scale[count[count > 0] - 1]
    return Projection(value, scale, form, inner.by_method)


def _form(past: np.ndarray, now: np.ndarray, *, sums: bool) -> Form:
    least = min(float(past.min()), float(now.min(initial=math.inf)))
    if least > 0:
        return Form.RATIO
    return Form.COUNTED if sums and least == 0 else Form.DIFFERENCE


def _terms(past: np.ndarray, now: np.ndarray, form: Form) -> Terms:
    """The series as its form wants it."""
    run = np.concatenate([past.reshape(-1), now])
    if form is Form.COUNTED:
        return Terms(form, run, np.zeros(past.shape[1]), _parts(past))
    even, is_ratio = np.ones(past.shape[1]), form is Form.RATIO
    seasons = seasonal_indexes(past if is_ratio else form.scaled(past), is_ratio=is_ratio)
    return Terms(form, form.scaled(run), np.log(seasons) if is_ratio else seasons, even)


def _parts(past: np.ndarray) -> np.ndarray:
    """Each slot's part of an even year's slot, 1 on average; years of nothing but zeros do not tell."""
    telling = past[past.sum(axis=1) > 0]
    if len(telling) < 2:
        return np.ones(past.shape[1])
    parts = np.maximum(year_shares(telling) * past.shape[1], LEAST_PART)
    return np.asarray(parts / parts.mean())


def _growth(terms: Terms, slots: int) -> float:
    """The slope of the straight line through the series without its seasons, a slot."""
    parts = np.resize(terms.parts, terms.run.size)
    plain = (terms.run - np.resize(terms.offsets, terms.run.size)) / parts
    at = np.arange(terms.run.size) - np.average(np.arange(terms.run.size), weights=parts)
    slope = float((parts * at * plain).sum() / (parts * at * at).sum())
    limit = MOST_GROWTH / slots if terms.form is Form.RATIO else math.inf
    return max(-limit, min(limit, slope))


def _paths(smoothed: Smoothed, terms: Terms, done: int, grown: np.ndarray) -> np.ndarray:
    """What each slot to come brings at each speed."""
    paths = terms.offsets[done:] + terms.parts[done:] * (smoothed.heights[:, None] + grown)
    return np.maximum(paths, 0.0) if terms.form is Form.COUNTED else terms.form.unscaled(paths)


def _mean(values: dict[str, np.ndarray]) -> np.ndarray:
    weights = {
        name: weight for name, weight in (("share", SHARE), ("level", LEVEL), ("trend", TREND)) if name in values
    }
    return np.asarray(sum(weight * values[name] for name, weight in weights.items()) / sum(weights.values()))


def _end(values: np.ndarray, *, sums: bool) -> float:
    return float(values.sum() if sums else values[-1])
