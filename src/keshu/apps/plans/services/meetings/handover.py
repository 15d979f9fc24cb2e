"""When organisations are renamed, merged or split, meetings not yet held pass to who took their plan, and decisions of which
nothing has been made yet to those that take over.

A decision that became a task, a notice or an issue keeps its words: what was made of it passes by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, Reorganisation
from keshu.apps.plans.models import Decision, Meeting, MeetingState
from keshu.apps.plans.services.heirs import Heirs, Keys
from keshu.apps.plans.services.meetings.adding import one_line
from keshu.apps.plans.services.meetings.telling import tell_decided

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_NAME = 80


@transaction.atomic
def pass_meetings(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Meetings in preparation are called by who took their plan, else by the first successor; held ones keep who called them.

    Who may: decided where the reorganisation was. Called after the plans have passed.
    """
    log, heirs = audit.Recorder(by=by, at=at, why=change.reason), Heirs(change)
    rows = Meeting.objects.filter(organisation__in=change.predecessor_ids, state=MeetingState.PREPARING)
    lines = []
    for row in rows.select_related("plan").order_by("pk"):
        was, takes_plan = row.organisation_id, row.plan.organisation_id in change.successor_ids
        taker = row.plan.organisation_id if takes_plan else change.successor_ids[0]
        why = "随所依据的工作要点" if takes_plan else "由承接单位召集"
        log.update(row, organisation=taker, organisation_id=taker)
        lines.append(HandedOver("会议", row.title, why, heirs.names[taker], heirs.names[was]))
    return lines


@transaction.atomic
def pass_decisions(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Open decisions of meetings on plans of that year or later go to who took what they are about, else who was chosen.

    Who may: decided where the reorganisation was. Called after tasks, issues and notices have passed.
    """
    log, heirs = audit.Recorder(by=by, at=at, why=change.reason), Heirs(change)
    rows = Decision.objects.filter(owner__in=change.predecessor_ids, task=None, notice=None, issue=None)
    rows = rows.filter(meeting__plan__year__gte=change.on.year).exclude(meeting__state=MeetingState.CANCELLED)
    lines = []
    for row in rows.select_related("meeting", "item__target", "item__issue", "item__notice").order_by("pk"):
        was = row.owner_id
        assert was is not None  # it is one of the predecessors
        item = row.item
        about = () if item is None else (item.node_id, item.target.node_id if item.target is not None else None)
        heir = heirs.of(Keys.DECISIONS + row.pk, about, beside=_beside(row))
        log.update(row, organisation=row.meeting.organisation_id, owner_id=heir.organisation_id)
        tell_decided(row.meeting, [row], by=by, at=at)
        name = f"{row.meeting.title}：{one_line(row.text, LONGEST_NAME)}"
        lines.append(HandedOver("议定事项", name, heir.why, heir.name, heirs.names[was], heir.key))
    return lines


def _beside(row: Decision) -> int | None:
    """Who has the issue or the notice that the decision's item of the agenda was drawn from."""
    if row.item is None:
        return None
    if row.item.issue is not None:
        return row.item.issue.owner_id
    return row.item.notice.addressee_id if row.item.notice is not None else None
