"""What number to propose for next year, and the rule in words. Declared here once; the guide says the same.

A target whose limit lies beyond the year, a masked one, 零的突破, 全覆盖, an upper limit, a place in a ranking and a growth rate
stay as they are. A target not reached stays. Of one reached: a stock or share grows as this year's target meant it to grow over
last year's figure, from what was reached; what each year begins from nothing stays at the greater of target and what was
reached. Where the sentence itself says by how much it grows (同比增长13%), the number grows by that from what the year came to.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from keshu.apps.plans.models import Measure, Op
from keshu.apps.plans.queries.wording import figure

_KEPT_OPS = {
    Op.AT_MOST: "上限要求沿用",
    Op.RANK_WITHIN: "位次要求沿用",
    Op.BREAKTHROUGH: "沿用原要求",
    Op.ALL: "沿用原要求",
}
_KEPT_MEASURES = {Measure.GROWTH_RATE: "增速要求沿用", Measure.RANK: "位次要求沿用"}
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a target: what this year asks, what last year ended with, what this year came to."""

    op: str
    value: Decimal | None
    unit: str
    measure: str
    last_year: Decimal | None = None
    reached: Decimal | None = None
    is_forecast: bool = False
    accrues: bool = True
    runs_beyond: bool = False
    benchmark: str = ""
    growth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    value: Decimal | None
    rule: str


def propose(known: Known) -> Proposed:
    """The number and its rule.

    >>> propose(Known(">=", Decimal(520), "家", "cumulative", Decimal(450), Decimal(530), accrues=False)).value
    Decimal('610')
    >>> propose(Known(">=", Decimal(70), "家", "increase", None, Decimal(64))).rule
    '本年完成64家，未达到目标，沿用本年目标'
    """
    if (kept := _kept(known)) is not None:
        return Proposed(known.value, kept)
    value, reached = known.value, known.reached
    if value is None or reached is None:
        return Proposed(value, "本年还没有完成数，沿用本年目标")
    word, own = _reached_words(known, reached), "本年完成数" if known.accrues else "本年数"
    if known.growth is not None:
        made = rounded(reached * (1 + known.growth / HUNDRED), like=value)
        return Proposed(made, f"{word}，按同句的增速{figure(known.growth)}%")
    if reached < value:
        return Proposed(value, f"{word}，未达到目标，沿用本年目标")
    if known.accrues:
        made = max(value, rounded(reached, like=value))
        return Proposed(made, f"{word}，按{own}{'' if made == reached else '，取整'}")
    last = known.last_year
    if last is None or last <= 0 or value <= last:
        return Proposed(max(value, rounded(reached, like=value)), f"{word}，按{own}；上年数不全，不推算增长")
    if known.measure == Measure.SHARE or known.unit in ("%", "百分点"):
        grown = min(reached + (value - last), HUNDRED) if known.unit == "%" else reached + (value - last)
        how = f"比上年{figure(last)}{known.unit}提高{figure(value - last)}个百分点"
        return Proposed(max(value, rounded(grown, like=value)), f"{word}，按本年目标的提高幅度（{how}）")
    rate = value / last
    told = figure(((rate - 1) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return Proposed(
        max(value, rounded(reached * rate, like=value)),
        f"{word}，按本年目标的增速（上年{figure(last)}{known.unit}，增长{told}%）",
    )


def _reached_words(known: Known, reached: Decimal) -> str:
    """What a year brought is done in it; what stands at a height stands there."""
    told = f"{figure(reached)}{known.unit}"
    if known.accrues:
        return f"本年{'预计' if known.is_forecast else ''}完成{told}"
    return f"预计本年末为{told}" if known.is_forecast else f"本年为{told}"


def _kept(known: Known) -> str | None:
    if known.runs_beyond:
        return "时限在来年以后，目标不变"
    if known.value is None:
        return "没有数值，沿用原要求"
    if known.benchmark:
        return "与参照水平比较，沿用原要求"
    return _KEPT_OPS.get(Op(known.op)) or _KEPT_MEASURES.get(Measure(known.measure))


def rounded(number: Decimal, *, like: Decimal) -> Decimal:
    """The number as precise as another one is printed: as many places, or as round.

    >>> rounded(Decimal("613.3"), like=Decimal(520)), rounded(Decimal("2.7312"), like=Decimal("2.65"))
    (Decimal('610'), Decimal('2.73'))
    """
    plain = like.normalize()
    exponent = plain.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    # No rounder than a twentieth: 500 is no reason to propose 0 or 1000.
    while places > 0 and Decimal(10) ** places > abs(like) / 20:
        places -= 1
    step = Decimal(10) ** places
    made = (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return made if places < 0 else Decimal(int(made))


def alike(value: Decimal | None, *, before: Decimal | None, after: Decimal | None, unit: str) -> Decimal | None:
    """A stretch or the upper end of a range beside a number that moved: by as many points, or in the same proportion."""
    if value is None or before is None or after is None or before == after:
        return value
    if unit in ("%", "百分点"):
        moved = rounded(value + after - before, like=value)
        return min(moved, HUNDRED) if unit == "%" else moved
    return rounded(value * after / before, like=value) if before else value
