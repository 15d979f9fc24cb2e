"""A claim in the making: clean offsets instead of spans, everything else as in :class:`Claim`."""

from __future__ import annotations

from dataclasses import dataclass, field

from keshu.engines.plandoc.document import Measure, Op, Owner, Tense, Tier
from keshu.engines.plandoc.passage import Passage
from keshu.kernel.period import Period


@dataclass(slots=True)
class Draft:
    """Clean offsets ``start``/``end`` of the quoted clause and ``value_start``/``value_end`` of the number with its unit."""

    passage: Passage
    indicator: str
    op: Op
    value: float | None
    high: float | None
    unit: str | None
    measure: Measure
    tier: Tier
    tense: Tense
    period: Period | None
    masked: bool
    start: int
    end: int
    value_start: int
    value_end: int
    node: int | None = None
    per: str | None = None
    benchmark: str | None = None
    doubts: list[str] = field(default_factory=list)
    owners: tuple[Owner, ...] = ()
