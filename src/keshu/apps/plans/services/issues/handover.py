"""When organisations are renamed, merged or split, open issues pass to those that take over; closed ones keep the old names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, Reorganisation
from keshu.apps.plans.models import OPEN_ISSUES, Issue
from keshu.apps.plans.services.heirs import Heirs, Keys

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

SIDES = (("raised_for_id", "提出的问题", Keys.ISSUES_RAISED), ("owner_id", "整改的问题", Keys.ISSUES_OWNED))


@transaction.atomic
def hand_over_issues(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Open issues that the predecessors raised or answer for go to who took the task they are about, else who was chosen.

    Who may: decided where the reorganisation was. Called after the tasks themselves have passed.
    """
    log = audit.Recorder(by=by, at=at, why=change.reason)
    heirs, gone = Heirs(change), change.predecessor_ids
    lines = []
    rows = Issue.objects.filter(Q(owner_id__in=gone) | Q(raised_for_id__in=gone), state__in=OPEN_ISSUES)
    for row in rows.select_related("target").order_by("year", "number"):
        about = (row.node_id, row.target.node_id if row.target is not None else None)
        for side, noun, first_key in SIDES:
            was = getattr(row, side)
            if was not in gone:
                continue
            heir = heirs.of(first_key + row.pk, about)
            log.update(row, organisation=heir.organisation_id, **{side: heir.organisation_id})
            lines.append(HandedOver(noun, row.title, heir.why, heir.name, heirs.names[was], heir.key))
    return lines
