"""The numbers of a draft side by side: last year, this year's target and figure, what is proposed, by how much it grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from keshu.apps.plans.models import ProposalFigure, Tier
from keshu.apps.plans.queries.wording import figure, requirement, unit_word

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanProposal

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """One target of the draft as the annex and the pages show it."""

    row: ProposalFigure

    @property
    def name(self) -> str:
        return f"{self.row.indicator}（力争）" if self.row.tier == Tier.STRETCH else self.row.indicator

    @property
    def requirement(self) -> str:
        row = self.row
        return requirement(
            op=row.op, value=row.value, value_high=row.value_high, unit=row.unit, measure=row.measure, per=row.per,
            benchmark=row.benchmark, masked=row.value is None,
        )  # fmt: skip

    @property
    def unit(self) -> str:
        return unit_word(self.row.unit) + (f"/{self.row.per}" if self.row.per else "")

    @property
    def last_year(self) -> str:
        return figure(self.row.last_year) or NOTHING

    @property
    def this_year(self) -> str:
        return figure(self.row.this_year) or NOTHING

    @property
    def reached(self) -> str:
        told = figure(self.row.reached)
        return f"{told}（预计）" if told and self.row.is_forecast else told or NOTHING

    @property
    def rate(self) -> str:
        """How much of this year's target is reached, in per cent."""
        row = self.row
        if not row.this_year or row.reached is None or row.op in ("<=", "rank<="):
            return NOTHING
        return f"{figure((row.reached / row.this_year * 100).quantize(Decimal('0.1'), ROUND_HALF_UP))}%"

    @property
    def proposed(self) -> str:
        if self.row.value is None:
            return self.requirement
        return figure(self.row.value, self.row.value_high)

    @property
    def growth(self) -> str:
        """Against this year's target: in points for shares, else in per cent."""
        row = self.row
        if row.value is None or not row.this_year or row.op in ("rank<=",):
            return NOTHING
        difference = row.value - row.this_year
        if not difference:
            return "持平"
        sign = "+" if difference > 0 else ""
        if row.unit in ("%", "百分点"):
            return f"{sign}{figure(difference)}个百分点"
        return f"{sign}{figure((difference / abs(row.this_year) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP))}%"

    @property
    def cells(self) -> tuple[str, ...]:
        """As the annex lists them."""
        return (
            self.name, self.unit, self.last_year, self.this_year, self.reached, self.proposed, self.growth,
            self.row.rule or NOTHING,
        )  # fmt: skip


def measured_lines(proposal: PlanProposal, shown: Iterable[int]) -> list[MeasuredLine]:
    """The targets of the pieces that stand in the text, each once: what a table says again is left out. One query."""
    held = set(shown)
    rows = ProposalFigure.objects.filter(proposal=proposal).select_related("target").order_by("position", "pk")
    return [
        MeasuredLine(row)
        for row in rows
        if row.item_id in held and (row.target is None or row.target.restates_id is None)
    ]
