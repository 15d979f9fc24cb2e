"""Forms of a round that wait to be filed, as plain values for those outside the app who bring reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, Part, Target
from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.ledger import printed_bases


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """One form: whose, on what, and what its target asks (``value`` None for tasks and targets without a figure).

    ``base`` is what the plan says its figure stood at before.
    """

    id: int
    organisation_id: int
    title: str
    is_target: bool
    is_lead: bool
    measure: str
    value: Decimal | None
    unit: str
    course: Course | None = None
    base: Decimal | None = None


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
    """The forms of a round that nobody has filed. Three queries."""
    rows = CheckIn.objects.filter(round=round_id, state__in=UNFILED).select_related("target", "node").order_by("pk")
    waiting = list(rows.defer("target__reading", "node__reading"))
    bases = printed_bases({row.target_id for row in waiting if row.target_id is not None})
    return tuple(_waiting(row, bases) for row in waiting)


def _waiting(row: CheckIn, bases: Mapping[int, Target]) -> WaitingForm:
    target, part = row.target, row.part == Part.LEAD
    if target is None:
        return WaitingForm(row.pk, row.organisation_id, str(row.node), False, part, "", None, "")
    base = bases.get(target.pk)
    return WaitingForm(
        row.pk, row.organisation_id, str(target), True, part, target.measure, target.value, target.unit,
        course_of(target), None if base is None else base.value,
    )  # fmt: skip
