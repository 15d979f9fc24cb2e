"""When organisations are renamed, merged or split, open issues pass to those that take over; closed ones keep the old names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, OpenWork, Reorganisation
from keshu.apps.plans.models import OPEN_ISSUES, Issue

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Keys of open work are one range for all nouns of this app; tasks have the numbers of their responsibilities.
FIRST_KEY = 30_000_000_000


def open_issues_of(organisation_id: int) -> list[OpenWork]:
    """The open issues that the organisation answers for: what a split has to share out."""
    rows = Issue.objects.filter(owner_id=organisation_id, state__in=OPEN_ISSUES).order_by("year", "number")
    return [OpenWork(FIRST_KEY + row.pk, row.title, "问题清单") for row in rows]


@transaction.atomic
def hand_over_issues(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Open issues that the predecessors raised or answer for go to their successors. Decided where the reorganisation was."""
    log = audit.Recorder(by=by, at=at, why=change.reason)
    names = {pk: ref.short_name or ref.name for pk, ref in refs_of(change.successor_ids).items()}
    gone, first = change.predecessor_ids, change.successor_ids[0]
    lines = []
    rows = Issue.objects.filter(Q(owner_id__in=gone) | Q(raised_for_id__in=gone), state__in=OPEN_ISSUES)
    for row in rows.order_by("year", "number"):
        if row.raised_for_id in gone:
            log.update(row, organisation=first, raised_for_id=first)
            lines.append(HandedOver("提出的问题", row.title, "问题清单", names[first]))
        if row.owner_id in gone:
            heir = change.work.get(FIRST_KEY + row.pk, first)
            log.update(row, organisation=heir, owner_id=heir)
            lines.append(HandedOver("整改的问题", row.title, "问题清单", names[heir]))
    return lines
