"""Amounts as printed: units brought together, what rounding allows, and figures in Chinese print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

_SCALES = {
    "万亿": Decimal(10) ** 12, "亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7, "百万": Decimal(10) ** 6,
    "万": Decimal(10) ** 4, "千": Decimal(10) ** 3, "": Decimal(1),
}  # fmt: skip
_UNIT = re.compile(rf"(?P<scale>{'|'.join(filter(None, _SCALES))})?个?(?P<base>.*)", re.DOTALL)
# How far 近 and 约 may be off where the last digit of the round number is coarse: 约600家 is not 503家.
_ABOUT = Decimal("0.05")
RATES = frozenset({"%", "‰", "百分点"})
# Steps between the units that writers mix up: 千, 万 and 亿.
_SLIPS = {Decimal(10) ** power for power in (3, 4, 8, -3, -4, -8)}


class Dimension(StrEnum):
    """What amounts can be compared: money, parts of a whole, places of a ranking, working time, things."""

    MONEY = "money"
    RATE = "rate"
    RANK = "rank"
    TIME = "time"
    THINGS = "things"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: how many of the plain one it is, and which."""

    scale: Decimal
    base: str

    @property
    def dimension(self) -> Dimension:
        if not self.base:
            return Dimension.BARE
        if self.base.endswith("元"):
            return Dimension.MONEY
        if self.base in RATES:
            return Dimension.RATE
        if self.base == "位":
            return Dimension.RANK
        return Dimension.TIME if self.base in {"工作日", "天", "日", "小时", "个月"} else Dimension.THINGS


@lru_cache(maxsize=1024)
def unit_of(text: str) -> Unit:
    """The unit taken apart.

    >>> unit_of("亿元").scale, unit_of("万人次").base, unit_of("个百分点").base, unit_of("").dimension.value
    (Decimal('100000000'), '人次', '百分点', 'bare')
    """
    match = _UNIT.fullmatch(text.replace("％", "%").strip())
    assert match is not None
    base = match["base"] or ("个" if text.endswith("个") else "")
    return Unit(_SCALES[match["scale"] or ""], base)


def may_be_one(stated: str, held: str) -> bool:
    """Whether an amount in one unit may be meant for the same thing as one in the other, slips included."""
    here, there = unit_of(stated).dimension, unit_of(held).dimension
    return here == there or Dimension.BARE in (here, there)


class Fit(StrEnum):
    EXACT = "exact"
    ROUNDED = "rounded"
    UNIT = "unit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as a draft prints it. ``op`` is ``~`` for 近, 约, 左右, ``>`` for 超, 突破, 余; ``is_rough`` lets them count."""

    value: Decimal
    unit: str
    op: str = "="
    is_rough: bool = False

    @property
    def step(self) -> Decimal:
        """The worth of its last digit that is not a zero in front of the point: of 700 a hundred, of 60.5 a tenth."""
        exponent = _exponent(self.value)
        if exponent < 0 or self.value == 0:
            return Decimal(1).scaleb(min(exponent, 0))
        digits = str(int(abs(self.value)))
        return Decimal(1).scaleb(len(digits) - len(digits.rstrip("0")))


def fit(stated: Printed, held: Decimal, unit: str) -> Fit:
    """How a printed number fits an amount of the ledger.

    >>> stated = Printed(Decimal("60.5"), "亿元")
    >>> [fit(stated, Decimal(value), unit).value for value, unit in [("605000", "万元"), ("60.48", "亿元"), ("60.5", "万元")]]
    ['exact', 'rounded', 'unit']
    """
    here, there = unit_of(stated.unit), unit_of(unit)
    if here.dimension is Dimension.BARE and there.dimension is not Dimension.BARE:
        here = Unit(here.scale if here.scale != 1 else there.scale, there.base)
    elif there.dimension is Dimension.BARE:
        there = Unit(there.scale if there.scale != 1 else here.scale, here.base)
    if here.dimension != there.dimension or (here.dimension is Dimension.RATE and here.base != there.base):
        return Fit.UNIT if stated.value == held else Fit.NONE
    value = held * there.scale / here.scale
    if value == stated.value:
        return Fit.EXACT
    if _rounds(value, stated):
        return Fit.ROUNDED
    return Fit.UNIT if value and stated.value / value in _SLIPS else Fit.NONE


def _rounds(value: Decimal, stated: Printed) -> bool:
    places = Decimal(1).scaleb(min(_exponent(stated.value), 0))
    if value.quantize(places, ROUND_HALF_UP) == stated.value and stated.value != 0:
        return True
    if not stated.is_rough:
        return False
    if stated.op == "~":
        return abs(value - stated.value) <= min(stated.step, max(stated.step / 2, abs(stated.value) * _ABOUT))
    return stated.op == ">" and Decimal(0) <= value - stated.value < stated.step


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def converted(value: Decimal, unit: str, into: str) -> Decimal | None:
    """An amount in another unit; None where the two do not measure the same."""
    here, there = unit_of(unit), unit_of(into)
    if there.dimension is Dimension.BARE:
        return value * here.scale / there.scale if there.scale != 1 else value
    if here.dimension != there.dimension or (here.dimension is Dimension.RATE and here.base != there.base):
        return None
    return value * here.scale / there.scale


def number(value: Decimal) -> str:
    """Without an exponent and without zeros behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal, unit: str) -> str:
    """A number with its unit: 60.5亿元, 0.3个百分点.

    >>> amount(Decimal("0.30"), "百分点"), amount(Decimal(68), "亿元")
    ('0.3个百分点', '68亿元')
    """
    return f"{number(value)}{'个' if unit == '百分点' else ''}{unit}"
