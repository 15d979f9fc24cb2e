"""What the appraisal says of an organisation: the total with its grade and place, each rule's points, and the rows behind them.

Points are in hundredths and add up: rows to their rule, rules to the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RuleState(StrEnum):
    """COUNTED by what there is; FULL for want of anything to count; SPREAD over the other rules."""

    COUNTED = "counted"
    FULL = "full"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a reckoning. ``key`` leads to what it is about, empty for a line of the reckoning itself.

    ``points`` were gained (negative: deducted), ``lost`` missed; ``told`` is what was found, ``why`` how it counts.
    """

    key: str
    what: str
    told: str
    points: Decimal
    lost: Decimal
    why: str

    @property
    def is_lost(self) -> bool:
        return self.lost > 0 or self.points < 0

    @property
    def stands_open(self) -> bool:
        """What costs points, what a person gave, and the lines of the reckoning itself; the others are told by their number."""
        return self.is_lost or not self.key or self.key.startswith("mark-")


@dataclass(frozen=True, slots=True)
class RuleScore:
    """A rule's points of ``full``, which is its ``weight`` unless other rules' points were spread over it."""

    key: str
    name: str
    weight: Decimal
    full: Decimal
    points: Decimal
    state: RuleState
    why: str
    rows: tuple[Row, ...] = ()

    @property
    def lost(self) -> Decimal:
        return self.full - self.points

    @property
    def open_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.stands_open)

    @property
    def folded_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.stands_open)


@dataclass(frozen=True, slots=True)
class Score:
    """One organisation. ``total`` and ``rank`` are None where nothing of it can be counted.

    ``apart`` says why one that has a total stands outside the ranking, without a place or a grade; empty for the others.
    """

    key: str
    name: str
    total: Decimal | None
    rank: int | None
    grade: str
    rules: tuple[RuleScore, ...]
    apart: str = ""
