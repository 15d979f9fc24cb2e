"""What follows from a plan's life for others: its people are told, and drafts that wait are remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from keshu.apps.bureau.queries.people import person_by_id
from keshu.apps.bureau.signals import time_passed
from keshu.apps.plans.services import plan_notices
from keshu.apps.plans.signals import plan_published, plan_withdrawn


@receiver(plan_published)
def tell_published(*, plan_id: int, by_id: int, at: datetime, **_: Any) -> None:
    plan_notices.tell_published(plan_id, by=person_by_id(by_id), at=at)


@receiver(plan_withdrawn)
def tell_withdrawn(*, plan_id: int, by_id: int, at: datetime, why: str, **_: Any) -> None:
    plan_notices.tell_withdrawn(plan_id, by=person_by_id(by_id), at=at, why=why)


@receiver(time_passed)
def remind_of_drafts(*, at: datetime, **_: Any) -> None:
    plan_notices.remind_of_drafts(at=at)
