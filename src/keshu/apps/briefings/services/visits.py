"""A person's visits to the cockpit. They are no change of anything and leave no entry in the trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from keshu.apps.briefings.models import CockpitVisit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Looks closer together than this belong to one visit.
ONE_VISIT = timedelta(hours=1)
# A look so soon after another is not noted again.
WORTH_NOTING = timedelta(minutes=10)
# What a first visitor is told of.
FIRST = timedelta(days=7)


def begin_visit(user: User, *, at: datetime) -> datetime:
    """Note that the person looks at the cockpit; returns since when changes are to be told."""
    row = CockpitVisit.objects.filter(user=user).first()
    if row is None:
        try:
            with transaction.atomic():
                CockpitVisit.objects.create(user=user, seen_at=at)
        except IntegrityError:
            pass  # two windows opened at once; either one is the first visit
        return at - FIRST
    if at - row.seen_at > ONE_VISIT:
        row.before_at = row.seen_at
    if at - row.seen_at >= WORTH_NOTING:
        row.seen_at = at
        row.save(update_fields=["seen_at", "before_at"])
    return row.before_at or at - FIRST
