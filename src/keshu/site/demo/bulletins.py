"""Bulletins of the demo city: the last quarter's and an earlier month's are released, the last month's is being written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.briefings.services import bulletins
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# A month's figures are in and signed by then.
DAYS_AFTER = 12


def load_bulletins(plan: WorkPlan, *, staff: Mapping[str, User], now: datetime) -> None:
    """Through the services, each a little after its period; nothing of a period whose figures cannot be in."""
    year = plan.year or now.year
    months = [each for each in (Period.month(year, month) for month in range(2, 13)) if _moment(each) <= now]
    quarters = [each for each in (Period.quarter(year, quarter) for quarter in range(1, 5)) if _moment(each) <= now]
    for kind, period in [("monthly", each) for each in months[-2:-1]] + [("quarterly", each) for each in quarters[-1:]]:
        _release(plan, kind, period, staff=staff)
    for period in months[-1:]:
        bulletins.begin_bulletin(plan, kind="monthly", period=str(period), by=staff["planner"], at=_moment(period))


def _release(plan: WorkPlan, kind: str, period: Period, *, staff: Mapping[str, User]) -> None:
    at = _moment(period)
    row = bulletins.begin_bulletin(plan, kind=kind, period=str(period), by=staff["planner"], at=at)
    row = bulletins.submit_bulletin(row, version=row.version, by=staff["planner"], at=at + timedelta(hours=1))
    bulletins.release_bulletin(row, version=row.version, by=staff["leader"], at=at + timedelta(hours=6))


def _moment(period: Period) -> datetime:
    """When it is written."""
    return timezone.make_aware(datetime.combine(period.last_day + timedelta(days=DAYS_AFTER), time(9, 30)))
