"""What the months to come will bring: three plain methods, their mean, and how far it may be wrong.

Share of year (份额法): this year's months so far are the part of the year that they were in earlier years. Recent level
(近期水平法): without its seasons the series goes on as high as it last stood. Damped trend (阻尼趋势法): the same, with the
series' straight-line growth, which fades. Their mean with fixed weights is the forecast, of a stock that rose or fell all the
last year the trend alone; the constants below were chosen on the M1 and M3 competitions (docs/methods/outlook.md). Averaging
level and trend is the idea of the Theta method (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16,
2000). Slots of a sum that never brought anything are left out. Series that are alike in form, years and slots go through numpy
together; each gets what it would get alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keshu.engines.outlook.seasons import seasonal_indexes, year_shares
from keshu.engines.outlook.smoothing import Form, Smoothed, Terms, smooth, variances

#: Chosen on M1 and M3: the weights of the methods; how growth fades from slot to slot; the most growth a year, as the
#: logarithm of a factor; what the scale is multiplied with.
SHARE, LEVEL, TREND = 0.2, 0.4, 0.4
DAMPING, MOST_GROWTH, SCALE = 0.9, 0.7, 0.83
#: A stock that went one way in so much of the last year's steps, at least so many, has a trend.
STEADY, MONTHS = 5 / 6, 12
#: No forecast is surer than this part of what is to come.
LEAST_SCALE = 0.002
#: No slot that ever brought something is expected to bring less than this part of an even one.
LEAST_PART = 0.05
#: Older years are not looked at.
MOST_YEARS = 10
#: So many series go through numpy at once; more only take memory.
AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Case:
    """One series whose year is to be foretold.

    Parameters
    ----------
    past : one row for each earlier year (at least two), one column for each slot; not all zero
    now : this year's slots so far; fewer than a year
    sums : whether the year is the sum of its slots; else it is its last slot
    is_share : the values are shares of 0 to 100
    unsure : slots of `now` that were filled; they widen the scale as slots to come do
    """

    past: np.ndarray
    now: np.ndarray
    sums: bool
    is_share: bool = False
    unsure: int = 0


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


def project(cases: Sequence[Case]) -> list[Projection]:
    """Forecast the rest of the year for each series."""
    found: dict[int, Projection] = {}
    alike: dict[tuple[Form, bool, tuple[int, ...], int], list[tuple[int, Case]]] = defaultdict(list)
    for place, case in enumerate(cases):
        past = case.past[-MOST_YEARS:]
        if case.sums:
            awake = (past != 0).sum(axis=0) > 0
            awake[: case.now.size] |= case.now != 0
            if not awake.all():
                found[place] = _without_silence(past, case, awake)
                continue
        form = Form.ODDS if case.is_share else _form(past, case.now, sums=case.sums)
        alike[form, case.sums, past.shape, case.now.size].append((place, case))
    for (form, sums, _, _), group in alike.items():
        for start in range(0, len(group), AT_ONCE):
            some = group[start : start + AT_ONCE]
            told = _together([case for _, case in some], form, sums=sums)
            found |= dict(zip((place for place, _ in some), told, strict=True))
    return [found[place] for place in range(len(cases))]


def _together(cases: Sequence[Case], form: Form, *, sums: bool) -> list[Projection]:
    """Series alike in form, years and slots."""
    past, now = np.stack([case.past[-MOST_YEARS:] for case in cases]), np.stack([case.now for case in cases])
    slots, done = past.shape[-1], now.shape[-1]
    terms = _terms(past, now, form)
    growth = _growth(terms, slots)
    fading = np.cumsum(DAMPING ** np.arange(1.0, slots - done + 1))
    level, trend = smooth(terms, slots, np.zeros_like(growth), growth)
    paths = {
        "level": _paths(level, terms, done, 0.0 * fading),
        "trend": _paths(trend, terms, done, growth[:, None, None] * fading),
    }
    values = {"level": level.mean_of(paths["level"]), "trend": trend.mean_of(paths["trend"])}
    if sums and form is Form.RATIO and done:
        shares = year_shares(past)
        height = now.sum(axis=-1) / shares[:, :done].sum(axis=-1)
        values["share"] = height[:, None] * shares[:, done:]
    weights = {"share": np.full((len(cases), 1), SHARE)}
    steady = np.zeros((len(cases), 1), bool) if sums else _is_steady(terms.run, slots)[:, None]
    weights |= {"level": np.where(steady, 0.0, LEVEL), "trend": np.full((len(cases), 1), TREND)}
    value = _mean(values, weights)
    variance = weights["level"] * variances(level, terms, paths["level"], done, sums=sums)
    variance += weights["trend"] * variances(trend, terms, paths["trend"], done, sums=sums)
    variance /= weights["level"] + weights["trend"]
    wider = 1 + np.array([[case.unsure] for case in cases]) / np.arange(1.0, fading.size + 1)
    least = LEAST_SCALE * (np.ones(len(cases)) if form in (Form.RATIO, Form.ODDS) else np.abs(past).mean(axis=(1, 2)))
    scale = np.maximum(SCALE * np.sqrt(variance * wider), least[:, None])
    ends = {name: (each.sum(axis=-1) if sums else each[:, -1]).tolist() for name, each in values.items()}
    return [
        Projection(value[at], scale[at], form, {name: each[at] for name, each in ends.items() if weights[name][at] > 0})
        for at in range(len(cases))
    ]


def _without_silence(past: np.ndarray, case: Case, awake: np.ndarray) -> Projection:
    """The forecast from the slots that ever brought anything; the others bring nothing."""
    done, inner = case.now.size, None
    if awake[done:].any():
        (inner,) = project([Case(past[:, awake], case.now[awake[:done]], sums=True, unsure=case.unsure)])
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
    """The series as their form wants them."""
    run = np.concatenate([past.reshape(len(past), -1), now], axis=-1)
    if form is Form.COUNTED:
        return Terms(form, run, np.zeros((len(past), past.shape[-1])), np.stack([_parts(each) for each in past]))
    is_ratio = form is Form.RATIO
    seasons = seasonal_indexes(past if is_ratio else form.scaled(past), is_ratio=is_ratio)
    return Terms(form, form.scaled(run), np.log(seasons) if is_ratio else seasons, np.ones_like(seasons))


def _parts(past: np.ndarray) -> np.ndarray:
    """Each slot's part of an even year's slot, 1 on average; years of nothing but zeros do not tell."""
    telling = past[past.sum(axis=1) > 0]
    if len(telling) < 2:
        return np.ones(past.shape[1])
    parts = np.maximum(year_shares(telling) * past.shape[1], LEAST_PART)
    return np.asarray(parts / parts.mean())


def _growth(terms: Terms, slots: int) -> np.ndarray:
    """The slope of the straight line through each series without its seasons, a slot."""
    count = terms.run.shape[-1]
    of_slot = np.arange(count) % slots
    parts = terms.parts[:, of_slot]
    plain = (terms.run - terms.offsets[:, of_slot]) / parts
    at = np.arange(count) - (parts * np.arange(count)).sum(axis=-1, keepdims=True) / parts.sum(axis=-1, keepdims=True)
    slope = (parts * at * plain).sum(axis=-1) / (parts * at * at).sum(axis=-1)
    limit = MOST_GROWTH / slots if terms.form is Form.RATIO else math.inf
    return np.clip(slope, -limit, limit)


def _paths(smoothed: Smoothed, terms: Terms, done: int, grown: np.ndarray) -> np.ndarray:
    """What each slot to come brings at each speed."""
    heights = smoothed.heights[..., None] + grown
    paths = terms.offsets[:, None, done:] + terms.parts[:, None, done:] * heights
    return np.maximum(paths, 0.0) if terms.form is Form.COUNTED else terms.form.unscaled(paths)


def _is_steady(run: np.ndarray, slots: int) -> np.ndarray:
    """Whether a stock went the same way in nearly every slot of the last year: that it should stay where it is, as the method
    of the recent level has it, is then no forecast. Of steps that rise or fall by chance fewer than one series in a hundred
    would pass.
    """
    steps = np.diff(run, axis=-1)[:, -slots:]
    same = np.maximum((steps > 0).sum(axis=-1), (steps < 0).sum(axis=-1))
    return np.asarray((steps.shape[-1] >= MONTHS) & (same >= STEADY * steps.shape[-1]))


def _mean(values: dict[str, np.ndarray], weights: dict[str, np.ndarray]) -> np.ndarray:
    total = sum(weights[name] for name in values)
    return np.asarray(sum(weights[name] * values[name] for name in values) / total)
