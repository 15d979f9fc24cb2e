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

    The variance of an error is in proportion to its slot's part.
    """

    form: Form
    run: np.ndarray
    offsets: np.ndarray
    parts: np.ndarray

    @property
    def gains(self) -> np.ndarray:
        """By slot and speed, how far an error moves the height: the speed itself, less where a slot brings more than others."""
        return SPEEDS / (1 - SPEEDS + SPEEDS * np.maximum(self.parts, 1.0)[:, None])


@dataclass(frozen=True, slots=True)
class Smoothed:
    """For each speed: the height at the end, the variance of an even slot's one-step error, and the speed's weight."""

    heights: np.ndarray
    errors: np.ndarray
    weights: np.ndarray


def smooth(terms: Terms, slots: int, *growths: float) -> tuple[Smoothed, ...]:
    """Go through the series once for each growth a slot; the first year only sets the height to begin with."""
    growth = np.array(growths)[:, None]
    first = (terms.run[:slots] - terms.offsets).sum() / terms.parts.sum()
    heights = first + growth * (slots - 1) / 2 + 0 * SPEEDS
    squares, gains = np.zeros_like(heights), tuple(terms.gains)
    offsets, parts = terms.offsets.tolist(), terms.parts.tolist()
    for at, figure in enumerate(terms.run[slots:].tolist()):
        slot = at % slots
        heights += growth
        errors = (figure - offsets[slot]) - parts[slot] * heights
        squares += errors * errors / parts[slot]
        heights += gains[slot] * errors
    count = terms.run.size - slots
    nothing = 1e-12 * count * max(float(terms.run.var()), 1e-300)
    weights = ((squares + nothing) / (squares.min(axis=1, keepdims=True) + nothing)) ** -PREFERENCE
    weights /= weights.sum(axis=1, keepdims=True)
    return tuple(map(Smoothed, heights, squares / count * (1 + SHORTNESS / count), weights))


def variances(smoothed: Smoothed, terms: Terms, paths: np.ndarray, done: int, *, sums: bool) -> np.ndarray:
    """For each slot to come the variance of the sum up to it, or of it alone: of the errors, and between the speeds."""
    middle = smoothed.weights @ paths
    gains, parts = terms.gains[done:], terms.parts[done:]
    own = middle if terms.form is Form.RATIO and sums else np.ones(middle.size)
    follow = own * parts
    if sums:
        moved = np.cumsum(follow)[:, None, None] - np.cumsum(follow)[None, :, None]
        factors = own[None, :, None] + gains[None] * moved
    else:
        factors = (
            np.eye(own.size)[:, :, None] + gains[None] * (1 - np.eye(own.size))[:, :, None] * follow[:, None, None]
        )
    factors = factors * np.tri(own.size)[:, :, None]
    if terms.form is Form.RATIO and sums:
        factors = factors / np.cumsum(middle)[:, None, None]
    of_errors = np.einsum("hia,i,a->h", factors**2, parts, smoothed.weights * smoothed.errors)
    reached = np.cumsum(paths, axis=1) if sums else paths
    seen = terms.form.scaled(reached)
    return of_errors + smoothed.weights @ (seen - smoothed.weights @ seen) ** 2
