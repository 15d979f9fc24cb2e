"""The parts of the method against numbers worked out by hand or printed in tables."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keshu.engines import outlook
from keshu.engines.outlook.seasons import seasonal_indexes, shrunk, year_shares
from keshu.engines.outlook.smoothing import SPEEDS, Form, Smoothed, Terms, smooth, variances
from keshu.engines.outlook.spread import Spread, t4_cdf, t4_quantile

MODULES = sorted(each.name for each in pkgutil.walk_packages(outlook.__path__, "keshu.engines.outlook."))
README = Path(outlook.__file__).parent / "README.md"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_readme_foresees_something() -> None:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0], names)
    assert names["answer"].low < names["answer"].forecast < names["answer"].high


# Student's t with 4 degrees of freedom, as in any printed table
TABLE = [(0.75, 0.741), (0.9, 1.533), (0.95, 2.132), (0.975, 2.776), (0.99, 3.747), (0.995, 4.604), (0.999, 7.173)]


@pytest.mark.parametrize(("probability", "t"), TABLE)
def test_t_with_four_degrees(probability: float, t: float) -> None:
    assert t4_quantile(probability) == pytest.approx(t, abs=6e-4)
    assert t4_quantile(1 - probability) == pytest.approx(-t, abs=6e-4)
    assert t4_cdf(t4_quantile(probability)) == pytest.approx(probability)


def test_disagreeing_years_are_held_back() -> None:
    """Shares 0.2, 0.8 and 0.4, 0.6: mean 0.3, 0.7; between months 0.08, of the mean 0.02; three quarters are kept."""
    assert shrunk(np.array([[0.2, 0.8], [0.4, 0.6]]), centre=0.5) == pytest.approx([0.35, 0.65])
    assert year_shares(np.array([[1.0, 3.0], [3.0, 1.0]])) == pytest.approx([0.5, 0.5])


def test_growth_is_no_season() -> None:
    """1% a month for three years, without seasons: every index is 1."""
    run = 1.01 ** np.arange(36.0)
    assert seasonal_indexes(run.reshape(3, 12), is_ratio=True) == pytest.approx(np.ones(12))
    assert seasonal_indexes(np.arange(36.0).reshape(3, 12), is_ratio=False) == pytest.approx(np.zeros(12), abs=1e-12)


def test_seasons_on_growth_are_found() -> None:
    season = np.array([0.6, 1.4, 0.8, 1.2])
    run = np.tile(season, 5) * 1.02 ** np.arange(20.0)
    assert seasonal_indexes(run.reshape(5, 4), is_ratio=True) == pytest.approx(season, rel=0.02)


def test_smoothing_by_hand() -> None:
    """First year 10, 10: height 10. Then 14 with speed 0.5: error 4, height 12; then 12: error 0."""
    terms = Terms(Form.DIFFERENCE, np.array([10.0, 10.0, 14.0, 12.0]), np.zeros(2), np.ones(2))
    (smoothed,) = smooth(terms, 2, 0.0)
    half = list(SPEEDS).index(0.5)
    assert smoothed.heights[half] == pytest.approx(12)
    assert smoothed.errors[half] == pytest.approx((16 + 0) / 2 * (1 + 6 / 2))
    # speed 1: errors 4 and -2; speed 0.05: errors 4 and 1.8
    assert smoothed.errors[-1] == pytest.approx((16 + 4) / 2 * 4)
    assert smoothed.errors[0] == pytest.approx((16 + 1.8**2) / 2 * 4)
    assert smoothed.weights.argmax() == half


def test_the_variance_of_a_sum_is_the_closed_form() -> None:
    """Even slots, one speed a: sigma² times the sum of (1 + i·a)²; of the last slot alone sigma² (1 + (h-1)·a²)."""
    only = np.where(SPEEDS == 0.5, 1.0, 0.0)
    smoothed = Smoothed(np.full(SPEEDS.size, 7.0), np.full(SPEEDS.size, 4.0), only)
    terms = Terms(Form.DIFFERENCE, np.ones(8), np.zeros(4), np.ones(4))
    paths = np.full((SPEEDS.size, 3), 7.0)
    assert variances(smoothed, terms, paths, 1, sums=True) == pytest.approx([4, 4 * (1 + 2.25), 4 * (1 + 2.25 + 4)])
    assert variances(smoothed, terms, paths, 1, sums=False) == pytest.approx([4, 4 * 1.25, 4 * 1.5])
    # as factors the error of a sum of equal slots is the mean of theirs
    factor = Terms(Form.RATIO, np.ones(8), np.zeros(4), np.ones(4))
    assert variances(smoothed, factor, paths, 1, sums=True) == pytest.approx([4, 4 * 3.25 / 4, 4 * 7.25 / 9])


def test_quantiles_and_probabilities_agree() -> None:
    ratio = Spread(40, 60, 0.1, Form.RATIO, lowest=40)
    assert ratio.quantile(0.5) == pytest.approx(100)
    assert ratio.quantile(0.9) == pytest.approx(40 + 60 * math.exp(0.1 * 1.5332), rel=1e-5)
    plain = Spread(0, 95, 4, Form.DIFFERENCE, lowest=0, highest=100)
    assert plain.quantile(0.999) == 100
    assert plain.probability_of(outlook.Goal(outlook.Op.AT_LEAST, 100)) == pytest.approx(1 - t4_cdf(1.25))
    assert plain.probability_of(outlook.Goal(outlook.Op.MORE_THAN, 100)) == 0
    assert plain.probability_of(outlook.Goal(outlook.Op.BETWEEN, 91, 99)) == pytest.approx(2 * t4_cdf(1) - 1)


def test_a_share_spreads_by_its_odds() -> None:
    """80 is 4 to 1; twice the odds are 8 to 1, half 2 to 1."""
    share = Spread(0, 80, math.log(2) / t4_quantile(0.9), Form.ODDS, lowest=0, highest=100)
    assert [share.quantile(each) for each in (0.1, 0.5, 0.9)] == pytest.approx([200 / 3, 80, 800 / 9])
    assert share.probability_of(outlook.Goal(outlook.Op.AT_LEAST, 800 / 9)) == pytest.approx(0.1)
