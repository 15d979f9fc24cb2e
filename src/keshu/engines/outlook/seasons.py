"""How a year is shaped: the part of each month, held back towards an even year as far as the years disagree.

The seasonal index is the classical ratio (or difference) to the centred moving average. It is then shrunk: with v the
variance that the years' disagreement gives a mean index, and b the variance of the indexes between months, a factor 1
- v/b (never below 0) is kept of each, after James and Stein (1961). Few or wild years thus count as a nearly even
year. Rows are years and columns slots; axes before these tell series apart.
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
    slots, centre = past.shape[-1], 1.0 if is_ratio else 0.0
    if slots == 1:
        return np.full((*past.shape[:-2], 1), centre)
    run = past.reshape(*past.shape[:-2], -1)
    trend = _moving_average(run, slots, is_ratio=is_ratio)
    apart = (run / trend if is_ratio else run - trend).reshape(past.shape)
    means = apart.mean(axis=-1, keepdims=True)
    return shrunk(apart / means if is_ratio else apart - means, centre=centre)


def year_shares(past: np.ndarray) -> np.ndarray:
    """The share of each slot in its year, held back towards even shares; totals above zero.

    Examples
    --------
    >>> year_shares(np.array([[20.0, 60.0], [10.0, 30.0]])).tolist()
    [0.25, 0.75]
    """
    return shrunk(past / past.sum(axis=-1, keepdims=True), centre=1.0 / past.shape[-1])


def shrunk(rows: np.ndarray, *, centre: float) -> np.ndarray:
    """The mean of the rows, held back towards `centre` as far as the rows disagree."""
    years, slots = rows.shape[-2:]
    if slots == 1:
        return np.full((*rows.shape[:-2], 1), centre)
    mean = rows.mean(axis=-2)
    between = ((mean - centre) ** 2).sum(axis=-1) / (slots - 1)
    apart = ((rows - mean[..., None, :]) ** 2).sum(axis=(-2, -1))
    of_mean = apart / ((years - 1) * (slots - 1) * years)
    kept = np.where(between > 0, np.maximum(0.0, 1 - of_mean / np.where(between > 0, between, 1.0)), 0.0)
    return np.asarray(centre + kept[..., None] * (mean - centre))


def _moving_average(run: np.ndarray, slots: int, *, is_ratio: bool) -> np.ndarray:
    """The centred moving average over a year; the half-years at the ends go on at the mean pace between."""
    weights = np.ones(slots + 1 - slots % 2)
    if not slots % 2:
        weights[[0, -1]] = 0.5
    middle = np.lib.stride_tricks.sliding_window_view(run, weights.size, axis=-1) @ (weights / slots)
    steps = np.arange(1.0, slots // 2 + 1)
    first, last = middle[..., :1], middle[..., -1:]
    if is_ratio:
        pace = (last / first) ** (1 / (middle.shape[-1] - 1))
        return np.concatenate([first / pace ** steps[::-1], middle, last * pace**steps], axis=-1)
    pace = (last - first) / (middle.shape[-1] - 1)
    return np.concatenate([first - pace * steps[::-1], middle, last + pace * steps], axis=-1)
