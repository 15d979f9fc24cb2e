"""How a year is shaped: the part of each month, held back towards an even year as far as the years disagree.

The seasonal index is the classical ratio (or difference) to the centred moving average. It is then shrunk: with v the
variance that the years' disagreement gives a mean index, and b the variance of the indexes between months, a factor 1
- v/b (never below 0) is kept of each, after James and Stein (1961). Few or wild years thus count as a nearly even
year.
"""

from __future__ import annotations

import numpy as np


def seasonal_indexes(past: np.ndarray, *, is_ratio: bool) -> np.ndarray:
    """The index of each slot: a factor around 1 where `is_ratio`, else a difference around 0.

    Parameters
    ----------
    past : one row for each earlier year, at least two; above zero throughout where `is_ratio`

    Examples
    --------
    Each year the second half brings three times the first; there is no doubt, so nothing is held back.

    >>> [round(each, 6) for each in seasonal_indexes(np.array([[10.0, 10.0, 30.0, 30.0]] * 3), is_ratio=True).tolist()]
    [0.5, 0.5, 1.5, 1.5]
    """
    years, slots = past.shape
    if slots == 1:
        return np.array([1.0 if is_ratio else 0.0])
    run = past.reshape(-1)
    trend = _moving_average(run, slots, is_ratio=is_ratio)
    apart = (run / trend if is_ratio else run - trend).reshape(years, slots)
    means = apart.mean(axis=1, keepdims=True)
    return shrunk(apart / means if is_ratio else apart - means, centre=1.0 if is_ratio else 0.0)


def year_shares(past: np.ndarray) -> np.ndarray:
    """The share of each slot in its year, held back towards even shares; totals above zero.

    Examples
    --------
    >>> year_shares(np.array([[20.0, 60.0], [10.0, 30.0]])).tolist()
    [0.25, 0.75]
    """
    return shrunk(past / past.sum(axis=1, keepdims=True), centre=1.0 / past.shape[1])


def shrunk(rows: np.ndarray, *, centre: float) -> np.ndarray:
    """The mean of the rows, held back towards `centre` as far as the rows disagree."""
    years, slots = rows.shape
    if slots == 1:
        return np.array([centre])
    mean = rows.mean(axis=0)
    between = float(((mean - centre) ** 2).sum()) / (slots - 1)
    of_mean = float(((rows - mean) ** 2).sum()) / ((years - 1) * (slots - 1) * years)
    kept = max(0.0, 1 - of_mean / between) if between > 0 else 0.0
    return centre + kept * (mean - centre)


def _moving_average(run: np.ndarray, slots: int, *, is_ratio: bool) -> np.ndarray:
    """The centred moving average over a year; the half-years at the ends go on at the mean pace between."""
    weights = np.ones(slots + 1 - slots % 2)
    if not slots % 2:
        weights[[0, -1]] = 0.5
    middle = np.convolve(run, weights / slots, mode="valid")
    steps = np.arange(1.0, slots // 2 + 1)
    if is_ratio:
        pace = (middle[-1] / middle[0]) ** (1 / (middle.size - 1))
        return np.concatenate([middle[0] / pace ** steps[::-1], middle, middle[-1] * pace**steps])
    pace = (middle[-1] - middle[0]) / (middle.size - 1)
    return np.concatenate([middle[0] - pace * steps[::-1], middle, middle[-1] + pace * steps])
