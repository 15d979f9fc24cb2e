"""What happens in other rooms and concerns plans: organisations that take over from others take over their work."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from keshu.apps.bureau.signals import (
    HandedOver,
    OpenWork,
    Reorganisation,
    open_work_asked,
    organisations_reorganised,
)
from keshu.apps.plans.services.handover import hand_over, open_work_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@receiver(organisations_reorganised)
def take_over_work(*, change: Reorganisation, by: User, at: datetime, **_: Any) -> list[HandedOver]:
    return hand_over(change, by=by, at=at)


@receiver(open_work_asked)
def tell_open_work(*, organisation_id: int, on: date, **_: Any) -> list[OpenWork]:
    return open_work_of(organisation_id, on=on)
