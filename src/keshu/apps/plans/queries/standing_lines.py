"""Every standing of a plan in few words, so that thousands can be sorted and counted at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Concat

from keshu.apps.plans.models import Standing, WorkPlan
from keshu.apps.plans.queries.light_columns import COUNTED_UPON

OVERRULED = "人工判定："


class StandingLine(NamedTuple):
    """What the cockpit sorts and tells of every standing; the figures of those it lists are read apart."""

    pk: int
    target_id: int | None
    node_id: int | None
    shown: str
    shown_before: str
    probability: Decimal | None
    changed_at: datetime | None
    why: str
    name: str
    label: str
    is_counted_upon: bool


def standings_of(plan: WorkPlan) -> list[StandingLine]:
    """Every standing of the plan. One query."""
    why = Case(When(chosen="", then=F("reason")), default=Concat(Value(OVERRULED), F("chosen_reason")))
    name = Coalesce("target__indicator", "node__heading")
    rows = Standing.objects.filter(plan=plan).order_by("pk").values_list(
        "pk", "target_id", "node_id", "shown", "shown_before", "probability", "changed_at", why, name,
        Coalesce("node__label", Value("")), COUNTED_UPON,
    )  # fmt: skip
    return list(starmap(StandingLine, rows))
