"""How far the year's end may lie from the forecast: Student's t with four degrees of freedom, in closed form.

Errors of forecasts have longer tails than the normal curve; on the competition series t with four degrees fits
(docs/methods/outlook.md). Its distribution function and its inverse are closed (W. T. Shaw, "Sampling Student's T
distribution", Journal of Computational Finance 9(4), 2006, section 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from keshu.engines.outlook.question import Goal, Op
from keshu.engines.outlook.smoothing import NEXT_TO_NOTHING, Form


def t4_cdf(x: float) -> float:
    """The probability below `x`.

    Examples
    --------
    >>> round(t4_cdf(1.5332062740589), 6)
    0.9
    """
    root = math.sqrt(4 + x * x)
    sine = x / root
    return min(1.0, max(0.0, 0.5 + 0.75 * (sine - sine**3 / 3)))


def t4_quantile(probability: float) -> float:
    """The inverse of :func:`t4_cdf` for 0 < `probability` < 1.

    Examples
    --------
    >>> round(t4_quantile(0.9), 6), t4_quantile(0.5)
    (1.533206, 0.0)
    """
    if probability == 0.5:
        return 0.0
    alpha = 4 * probability * (1 - probability)
    q = math.cos(math.acos(min(1.0, math.sqrt(alpha))) / 3) / math.sqrt(alpha)
    return math.copysign(2 * math.sqrt(max(q - 1, 0.0)), probability - 0.5)


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the year's end may lie.

    What is `certain` plus what is open: its median `centre` and its `scale`, by `form` the logarithm of a factor (RATIO), of the
    odds' factor (ODDS), else in the indicator's unit. Values stay within `lowest` and `highest`. `is_whole`: only whole numbers
    occur.
    """

    certain: float
    centre: float
    scale: float
    form: Form
    lowest: float = -math.inf
    highest: float = math.inf
    is_whole: bool = False

    def quantile(self, probability: float) -> float:
        """The value below which the year ends with this probability."""
        t = t4_quantile(probability) * self.scale
        if self.form is Form.RATIO:
            open_part = self.centre * math.exp(min(t, 50.0))
        elif self.form is Form.ODDS:
            open_part = 100 / (1 + (100 - self.centre) / self.centre * math.exp(min(-t, 50.0)))
        else:
            open_part = self.centre + t
        return min(max(self.certain + open_part, self.lowest), self.highest)

    def probability_of(self, goal: Goal) -> float:
        """How likely the year's end meets `goal`."""
        if self.scale == 0:
            return float(goal.is_met_by(self.quantile(0.5)))
        low, high = goal.lowest, goal.highest
        if self.is_whole:
            low = math.floor(low) + 0.5 if goal.op is Op.MORE_THAN else _half_below(low)
            high = math.ceil(high) - 0.5 if goal.op is Op.LESS_THAN else -_half_below(-high)
        above = self._below(high, strictly=goal.op is Op.LESS_THAN)
        return max(0.0, above - self._below(low, strictly=goal.op is not Op.MORE_THAN))

    def _below(self, value: float, *, strictly: bool) -> float:
        """The probability of no more than `value`, or of less (`strictly`); the ends hold what would lie beyond them."""
        if math.isinf(value) or value < self.lowest or value > self.highest:
            return float(value > self.lowest)
        if value == self.lowest and strictly:
            return 0.0
        if value == self.highest and not strictly:
            return 1.0
        gap = value - self.certain
        if self.form is Form.RATIO:
            return t4_cdf(math.log(gap / self.centre) / self.scale) if gap > 0 else 0.0
        if self.form is Form.ODDS:
            return t4_cdf((_log_odds(value) - _log_odds(self.centre)) / self.scale)
        return t4_cdf((gap - self.centre) / self.scale)


def _half_below(value: float) -> float:
    """Half a step below the least whole number that is not below `value`."""
    return value if math.isinf(value) else math.ceil(value) - 0.5


def _log_odds(share: float) -> float:
    within = min(max(share, NEXT_TO_NOTHING), 100 - NEXT_TO_NOTHING)
    return math.log(within / (100 - within))
