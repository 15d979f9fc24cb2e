"""Simple exponential smoothing at eleven speeds at once, and how far what it expects may be wrong.

A height goes from slot to slot, with `growth`; each figure moves it by a part of the error. How fast it forgets is not
chosen but weighed: each speed counts by the errors that it would have made one step ahead in the series' own past, the better
ones very much more. A step's error moves all that follows, so the error of a sum of slots to come is, for each of their
errors, its own part and what it moves; the variance follows in closed form (for even slots: sigma² times the sum of
(1 + i·a)²).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

SPEEDS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
#: Chosen on M1 and M3: how sharply better speeds are preferred; what a short past adds to the variance.
PREFERENCE, SHORTNESS = 16, 6.0
#: A share this near to 0 or 100 is reported as 0 or 100.
NEXT_TO_NOTHING = 0.05


class Form(StrEnum):
    """How seasons and errors enter: as factors (all figures above zero), as parts of a sum whose errors grow with what is
    expected (some are zero), as differences (some are negative), or as factors of the odds (shares of 0 to 100)."""

    RATIO = "ratio"
    COUNTED = "counted"
    DIFFERENCE = "difference"
    ODDS = "odds"

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Values as the series is smoothed: logarithms, logarithms of odds, or as they are."""
        if self is Form.RATIO:
            return np.log(values)
        if self is Form.ODDS:
            within = np.clip(values, NEXT_TO_NOTHING, 100 - NEXT_TO_NOTHING)
            return np.log(within / (100 - within))
        return values

    def unscaled(self, values: np.ndarray) -> np.ndarray:
        """The way back."""
        if self is Form.RATIO:
            return np.exp(values)
        return 100 / (1 + np.exp(-values)) if self is Form.ODDS else values


@dataclass(frozen=True, slots=True)
class Terms:
    """``run`` = ``offsets`` + ``parts`` times the height, by slot of the year; ``run`` is scaled by its form.

    The variance of an error is in proportion to its slot's part. Axes before the last tell series apart, here and below.
    """

    form: Form
    run: np.ndarray
    offsets: np.ndarray
    parts: np.ndarray

    @property
    def gains(self) -> np.ndarray:
        """By slot and speed, how far an error moves the height: the speed itself, less where a slot brings more than others."""
        return SPEEDS / (1 - SPEEDS + SPEEDS * np.maximum(self.parts, 1.0)[..., None])


@dataclass(frozen=True, slots=True)
class Smoothed:
    """For each speed: the height at the end, the variance of an even slot's one-step error, and the speed's weight."""

    heights: np.ndarray
    errors: np.ndarray
    weights: np.ndarray

    def mean_of(self, paths: np.ndarray) -> np.ndarray:
        """The mean over the speeds of what each slot to come brings at each."""
        return np.asarray((self.weights[..., None, :] @ paths)[..., 0, :])


def smooth(terms: Terms, slots: int, *growths: float | np.ndarray) -> tuple[Smoothed, ...]:
    """Go through the series once for each growth a slot; the first year only sets the height to begin with."""
    growth = np.stack(np.broadcast_arrays(*growths), axis=-1)[..., None]
    first = (terms.run[..., :slots] - terms.offsets).sum(axis=-1) / terms.parts.sum(axis=-1)
    heights = first[..., None, None] + growth * (slots - 1) / 2 + 0 * SPEEDS
    squares, gains = np.zeros_like(heights), terms.gains[..., None, :, :]
    offsets, parts = terms.offsets[..., None, None, :], terms.parts[..., None, None, :]
    figures = terms.run[..., None, None, slots:]
    for at in range(figures.shape[-1]):
        slot = at % slots
        heights += growth
        errors = (figures[..., at] - offsets[..., slot]) - parts[..., slot] * heights
        squares += errors * errors / parts[..., slot]
        heights += gains[..., slot, :] * errors
    count = figures.shape[-1]
    nothing = 1e-12 * count * np.maximum(terms.run.var(axis=-1), 1e-300)[..., None, None]
    weights = ((squares + nothing) / (squares.min(axis=-1, keepdims=True) + nothing)) ** -PREFERENCE
    weights /= weights.sum(axis=-1, keepdims=True)
    errors = squares / count * (1 + SHORTNESS / count)
    return tuple(Smoothed(*(each[..., at, :] for each in (heights, errors, weights))) for at in range(len(growths)))


def variances(smoothed: Smoothed, terms: Terms, paths: np.ndarray, done: int, *, sums: bool) -> np.ndarray:
    """For each slot to come the variance of the sum up to it, or of it alone: of the errors, and between the speeds."""
    middle = smoothed.mean_of(paths)
    gains, parts = terms.gains[..., None, done:, :], terms.parts[..., done:]
    own = middle if terms.form is Form.RATIO and sums else np.ones_like(middle)
    follow = own * parts
    ahead = own.shape[-1]
    if sums:
        reached = np.cumsum(follow, axis=-1)
        factors = own[..., None, :, None] + gains * (reached[..., :, None] - reached[..., None, :])[..., None]
    else:
        factors = np.eye(ahead)[:, :, None] + gains * ((1 - np.eye(ahead)) * follow[..., :, None])[..., None]
    factors = factors * np.tri(ahead)[:, :, None]
    if terms.form is Form.RATIO and sums:
        factors = factors / np.cumsum(middle, axis=-1)[..., :, None, None]
    each_error = parts[..., :, None] * (smoothed.weights * smoothed.errors)[..., None, :]
    of_errors = np.einsum("...hia,...ia->...h", factors**2, each_error)
    seen = terms.form.scaled(np.cumsum(paths, axis=-1) if sums else paths)
    return np.asarray(of_errors + smoothed.mean_of((seen - smoothed.mean_of(seen)[..., None, :]) ** 2))
