"""What waits for a person in this year's check-ins, for the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from keshu.apps.plans.models import UNFILED, CheckInState
from keshu.apps.plans.queries.checkin_pages.own import own_rows, shown
from keshu.apps.plans.queries.checkin_pages.signing import signs, waiting_rows
from keshu.apps.plans.queries.checkins.forms import own_organisation_ids

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """``due_on`` is the nearest day among what is to be filled and not late yet."""

    to_fill: int = 0
    returned: int = 0
    late: int = 0
    due_on: date | None = None
    to_sign: int = 0
    sign_late: int = 0

    @property
    def is_any(self) -> bool:
        return bool(self.to_fill or self.to_sign)


def may_wait(user: User) -> bool:
    """Whether anything can ever wait for the person: those who fill forms or sign them. No query."""
    return bool(own_organisation_ids(user)) or signs(user)


def waiting_for(user: User, *, on: date) -> Waiting:
    """Two queries at most; none for people who neither fill nor sign."""
    found: dict[str, int | date | None] = {}
    if own_organisation_ids(user):
        todo = Q(state__in=UNFILED)
        found |= own_rows(user).aggregate(
            to_fill=Count("pk", filter=todo),
            returned=Count("pk", filter=Q(state=CheckInState.RETURNED)),
            late=Count("pk", filter=shown("late", on=on)),
            due_on=Min("due_on", filter=todo & Q(due_on__gte=on)),
        )
    if signs(user):
        rows = waiting_rows(user).order_by()
        found |= rows.aggregate(
            to_sign=Count("pk", distinct=True), sign_late=Count("pk", filter=Q(due_on__lt=on), distinct=True)
        )
    return Waiting(**found)  # type: ignore[arg-type]
