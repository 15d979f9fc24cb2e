"""Forms of a round that wait to be filed, as plain values for those outside the app who bring reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, Part


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """One form: whose, on what, and what its target asks (``value`` None for tasks and targets without a figure)."""

    id: int
    organisation_id: int
    title: str
    is_target: bool
    is_lead: bool
    measure: str
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that takes reports."""

    id: int
    key: str
    label: str
    last_on: date
    due_on: date


def open_rounds(plan_id: int) -> tuple[OpenRound, ...]:
    """The rounds of a plan that are not closed, in order. One query."""
    rows = CheckInRound.objects.filter(plan=plan_id, closed_at=None).order_by("first_on", "pk")
    return tuple(OpenRound(row.pk, row.key, row.label, row.last_on, row.due_on) for row in rows)


def waiting_forms(round_id: int) -> tuple[WaitingForm, ...]:
    """The forms of a round that nobody has filed. One query."""
    rows = CheckIn.objects.filter(round=round_id, state__in=UNFILED).select_related("target", "node").order_by("pk")
    rows = rows.defer("target__reading", "node__reading")
    return tuple(_waiting(row) for row in rows)


def _waiting(row: CheckIn) -> WaitingForm:
    target = row.target
    asked = ("", None, "") if target is None else (target.measure, target.value, target.unit)
    return WaitingForm(
        row.pk, row.organisation_id, str(target or row.node), target is not None, row.part == Part.LEAD, *asked
    )
