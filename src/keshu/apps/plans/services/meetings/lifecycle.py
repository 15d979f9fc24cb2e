"""The states of a meeting and the ways between them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.lifecycle import Button, Transition, buttons
from keshu.apps.plans.models import Meeting, MeetingState
from keshu.apps.plans.permissions.meetings import can_prepare_meeting

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class MeetingMove(StrEnum):
    """The names of the transitions."""

    HOLD = "hold"
    REOPEN = "reopen"
    CANCEL = "cancel"


def _nothing_to_say(meeting: Meeting) -> tuple[str, ...]:
    return () if meeting.items.filter(is_kept=True).exists() else ("议程上还没有议题，请先生成或添加。",)


def _something_follows(meeting: Meeting) -> tuple[str, ...]:
    """What was decided is already being carried out."""
    done = meeting.decisions.exclude(task=None, notice=None, issue=None)
    return ("议定事项已经转为任务、督办单或问题，不能退回准备。",) if done.exists() else ()


MEETING_TRANSITIONS: tuple[Transition[Meeting], ...] = (
    Transition(
        MeetingMove.HOLD, "会议已召开", (MeetingState.PREPARING,), MeetingState.HELD, can_prepare_meeting,
        "议程将不再变动。局内各处室能看到会议的议程和议定事项，其他单位能看到与自己有关的部分。", hindrances=_nothing_to_say,
    ),
    Transition(
        MeetingMove.REOPEN, "退回准备", (MeetingState.HELD,), MeetingState.PREPARING, can_prepare_meeting,
        needs_reason=True, hindrances=_something_follows,
    ),
    Transition(
        MeetingMove.CANCEL, "取消会议", (MeetingState.PREPARING,), MeetingState.CANCELLED, can_prepare_meeting,
        needs_reason=True, is_destructive=True,
    ),
)  # fmt: skip


def meeting_buttons(meeting: Meeting, *, user: User) -> tuple[Button, ...]:
    """What this person may do with the meeting now; nobody takes back one of which something follows."""
    found = buttons(MEETING_TRANSITIONS, meeting, state=meeting.state, user=user)
    return tuple(each for each in found if each.move != MeetingMove.REOPEN or not each.hindrances)


def check_preparing(meeting: Meeting, *, by: User) -> None:
    """Refused to others than its keepers; Unacceptable when the agenda is fixed."""
    can_prepare_meeting(by, meeting)
    if meeting.state != MeetingState.PREPARING:
        raise Unacceptable(f"会议{meeting.get_state_display()}，议程不能再改。")


def check_not_cancelled(meeting: Meeting, *, by: User) -> None:
    """Decisions are written down before, at and after the meeting."""
    can_prepare_meeting(by, meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise Unacceptable("会议已取消，不能再记议定事项。")
