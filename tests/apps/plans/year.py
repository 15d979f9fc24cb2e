"""A plan's year for tests: rounds and signed check-ins put straight into the tables, past figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from keshu.apps.bureau.models import Organisation
from keshu.apps.plans.models import CheckIn, CheckInRound, CheckInState, PastFigure, PlanNode, Target, WorkPlan
from keshu.kernel.rhythm import span_of


def moment(day: date) -> datetime:
    """Nine in the morning in the bureau."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def round_of(plan: WorkPlan, key: str) -> CheckInRound:
    """The round of a period, due three days after."""
    first, last = span_of(key)
    return CheckInRound.objects.get_or_create(
        plan=plan, key=key,
        defaults={"first_on": first, "last_on": last, "due_on": last + timedelta(days=3), "opened_at": moment(last)},
    )[0]  # fmt: skip


def report(
    subject: Target | PlanNode, key: str, organisation: Organisation, *, state: str = CheckInState.SIGNED, **traits: Any
) -> CheckIn:
    """What an organisation reported, by default signed."""
    of = round_of(subject.plan, key)
    if traits.get("value") is not None:
        traits["value"] = Decimal(str(traits["value"]))
    about = {"target": subject} if isinstance(subject, Target) else {"node": subject}
    given = {"part": "lead", "due_on": of.due_on, "state": state, **traits}
    return CheckIn.objects.create(round=of, organisation=organisation, **about, **given)


def past(target: Target, **values: Any) -> None:
    """Past figures by period: ``past(target, **{"2025-03": 12})``."""
    for period, value in values.items():
        PastFigure.objects.create(target=target, period=period, value=Decimal(str(value)), source="年报")
