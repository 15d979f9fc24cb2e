"""Who is told what a meeting decided: everybody of the organisation that is to carry it out, once the meeting is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, tell
from keshu.apps.plans.models import Decision, Meeting, MeetingState
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many decisions are told in full; the page has the rest. So many characters of each.
LISTED, LONGEST = 5, 60


def _held(user: User) -> QuerySet[Meeting]:
    return Meeting.objects.deciding_for(user).filter(state=MeetingState.HELD)


DECIDED = register(
    NoticeKind(
        "plans.meeting_decided", "办公会议定事项", "办公会议定由本单位办理的事项，写明内容和完成时限。",
        Ways(mail=True), sight=_held, for_whom=lambda user: user.scope.is_government or user.scope.is_everything,
    )
)  # fmt: skip


def tell_decided(meeting: Meeting, decisions: Iterable[Decision], *, by: User, at: datetime) -> int:
    """The people of each owner of theirs, in one message; nothing before the meeting is held. How many were told."""
    if meeting.state != MeetingState.HELD:
        return 0
    by_owner = defaultdict(list)
    for decision in decisions:
        if decision.owner_id is not None:
            by_owner[decision.owner_id].append(decision)
    link = reverse("plans:meeting-detail", args=[meeting.pk])
    messages = [
        Message(
            DECIDED.key,
            {person.id for person in people_of([owner_id], on=local_day(at))} - {by.pk},
            f"{meeting.title}议定由本单位办理的事项",
            _in_words(own),
            link,
            f"{meeting.pk}-{owner_id}-{at.isoformat()}",
            meeting.organisation_id,
            meeting.pk,
        )
        for owner_id, own in by_owner.items()
    ]
    return tell(messages, at=at)


def _in_words(decisions: list[Decision]) -> str:
    lines = [_line(decision) for decision in decisions[:LISTED]]
    rest = [f"另有 {len(decisions) - LISTED} 项。"] if len(decisions) > LISTED else []
    return "\n".join([*lines, *rest])


def _line(decision: Decision) -> str:
    text = " ".join(decision.text.split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"{text}（{decision.due_on:%Y-%m-%d} 前）" if decision.due_on else text
