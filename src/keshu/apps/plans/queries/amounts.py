"""Amounts of one indicator in two documents: brought to one unit, and which asks for more. Plain values; no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from keshu.apps.plans.queries.wording import amount, figure
from keshu.kernel.counting import COUNTERS, half_up

_SCALES = {
    "万亿": Decimal(10) ** 12,
    "亿": Decimal(10) ** 8,
    "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6,
    "万": Decimal(10) ** 4,
    "千": Decimal(10) ** 3,
}
_SCALED = re.compile(rf"(?P<scale>{'|'.join(_SCALES)})(?P<base>.*)", re.DOTALL)
# Fewer of these is more demanding.
_CEILINGS = frozenset({"<=", "rank<="})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a target asks, as its row has it: ``op``, ``value`` in ``unit`` per ``per``, up to ``value_high``, by ``measure``."""

    op: str
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    measure: str
    per: str = ""

    @property
    def is_ceiling(self) -> bool:
        """Whether less is more demanding: limits and places in a ranking."""
        return self.op in _CEILINGS or self.measure == "rank"


def base_unit(unit: str) -> tuple[Decimal, str]:
    """How many of the plain unit the printed one is, and the plain unit.

    Counting words are all one: for one and the same indicator it does not matter which a document uses.

    >>> base_unit("亿元"), base_unit("万家") == base_unit("万个"), base_unit("百分点")
    ((Decimal('100000000'), '元'), True, (Decimal('1'), '百分点'))
    """
    match = _SCALED.match(unit)
    scale, base = (_SCALES[match["scale"]], match["base"]) if match else (Decimal(1), unit)
    return scale, "个" if base in COUNTERS else base


def difference(before: Asked, after: Asked) -> Decimal | None:
    """`after` less `before` in the unit of `after`; None where a value is missing or the units do not belong together."""
    if before.value is None or after.value is None or before.per != after.per:
        return None
    scale_before, base_before = base_unit(before.unit)
    scale_after, base_after = base_unit(after.unit)
    if base_before != base_after:
        return None
    return after.value - before.value * scale_before / scale_after


def demand(before: Asked, after: Asked) -> int | None:
    """1 where `after` asks for more than `before`, -1 for less, 0 for the same, None where it cannot be said.

    A limit or a place in a ranking asks for more when it is lower; a fall when it is deeper.
    """
    change = difference(before, after)
    if change is None or before.is_ceiling != after.is_ceiling:
        return None
    if change == 0:
        return _ranges(before, after)
    if after.is_ceiling or (_falls(before) and _falls(after)):
        change = -change
    return 1 if change > 0 else -1


def _falls(asked: Asked) -> bool:
    return asked.value is not None and asked.value < 0 and asked.measure in ("growth_rate", "increase")


def _ranges(before: Asked, after: Asked) -> int:
    """Two that begin alike: the one whose range reaches higher asks for more."""
    low, high = before.value_high, after.value_high
    if low == high or low is None or high is None:
        return 0
    return 1 if high > low else -1


def change_text(before: Asked, after: Asked) -> str:
    """The change in words, with its share of the earlier value where that says something.

    >>> tens = [Asked(">=", Decimal(n), None, "家", "level") for n in (100, 120)]
    >>> change_text(*tens), change_text(*reversed(tens))
    ('+20家（+20%）', '−20家（−16.7%）')
    """
    change = difference(before, after)
    if change is None or change == 0:
        return "" if change is None else "—"
    unit = "百分点" if after.unit == "%" else after.unit
    if after.measure == "rank":
        return f"{'前移' if change < 0 else '后移'}{figure(abs(change))}{after.unit or '位'}"
    told = f"{'+' if change > 0 else '−'}{amount(abs(change).normalize() + 0, unit=unit, per=after.per)}"
    if after.unit in ("%", "百分点", "‰") or not before.value or before.value < 0:
        return told
    earlier = before.value * base_unit(before.unit)[0] / base_unit(after.unit)[0]
    share = half_up(change / earlier * 100, 1)
    return f"{told}（{'+' if share > 0 else '−'}{figure(abs(share))}%）"
