"""Who else has a draft open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from keshu.apps.plans.models import ReviewPresence
from keshu.apps.plans.permissions import can_see_draft

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

SEEN_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Present:
    """Another reader of the same draft."""

    user_id: int
    name: str
    seen_at: datetime


def touch_presence(plan: WorkPlan, *, by: User, at: datetime) -> tuple[Present, ...]:
    """Note that the person has the draft open; returns the others seen within a minute. Those who may see the draft."""
    can_see_draft(by, plan)
    ReviewPresence.objects.update_or_create(plan=plan, user=by, defaults={"seen_at": at})
    others = ReviewPresence.objects.filter(plan=plan, seen_at__gt=at - SEEN_FOR).exclude(user=by).select_related("user")
    return tuple(Present(row.user_id, str(row.user), row.seen_at) for row in others.order_by("user__name"))
