"""Shapes that targets and tasks share: who answers for a row, and how it stands."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.models import Light, PlanNode, Target
from keshu.apps.plans.queries.ledger import lead_text, support_text
from keshu.apps.plans.queries.light_columns import standing_of
from keshu.apps.plans.queries.target_cards import owners_of


class StandingShape(Schema):
    """How a target or task stands."""

    light: Light = Field(description="状态。Light.", examples=["on_track"])
    light_name: str = Field(description="状态的名称。", examples=["正常推进"])
    reason: str = Field(description="理由。Why.", examples=["已完成 310 家，进度与时间相当。"])
    is_chosen: bool = Field(description="是否人工判定。Chosen by a person.", examples=[False])
    value: Decimal | None = Field(description="完成数，来自最近一次审签的填报。Reached so far.", examples=["310"])
    percent: Decimal | None = Field(description="完成率（%）。", examples=["73.8"])
    as_of: date | None = Field(description="数据截至。", examples=["2026-02-28"])
    forecast: Decimal | None = Field(description="预计年末。Expected at the year's end.", examples=["432"])
    probability: Decimal | None = Field(description="完成的可能性，0 到 1。Probability.", examples=["0.82"])
    judged_at: datetime = Field(description="判定时间。", examples=["2026-03-05T01:30:00Z"])


class Organisations(Schema):
    """Who answers for a row."""

    leads: list[rest.Named] = Field(description="牵头（责任）单位。Lead.", examples=[[{"id": 12, "name": "高新处"}]])
    supports: list[rest.Named] = Field(description="配合单位。Support.", examples=[[]])
    is_inherited: bool = Field(description="是否承自上级标题。Inherited from a heading above.", examples=[False])


def standing_shape(row: Target | PlanNode) -> StandingShape | None:
    found = standing_of(row)
    if found is None:
        return None
    return StandingShape(
        light=Light(found.shown),
        light_name=found.get_shown_display(),
        reason=found.chosen_reason if found.chosen else found.reason,
        is_chosen=bool(found.chosen),
        value=rest.plain(found.value),
        percent=rest.plain(found.percent),
        as_of=found.as_of,
        forecast=rest.plain(found.forecast),
        probability=rest.plain(found.probability),
        judged_at=found.judged_at,
    )


def organisations_of(node_id: int | None) -> Organisations:
    found = owners_of(node_id)
    return Organisations(
        leads=[rest.Named(id=office.id, name=office.name) for office in found.leads],
        supports=[rest.Named(id=office.id, name=office.name) for office in found.supports],
        is_inherited=found.is_inherited,
    )


def holders(row: Any) -> dict[str, Any]:
    """Who answers for a row of a ledger, in words as its page prints them."""
    return {"lead_names": lead_text(row), "support_names": support_text(row)}
