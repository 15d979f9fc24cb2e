"""The office meeting: its agenda drawn from the ledger, its papers, its decisions and what becomes of them."""

from keshu.apps.plans.services.meetings.adding import keep_decided_tasks
from keshu.apps.plans.services.meetings.calling import (
    MeetingFields,
    add_item,
    call_meeting,
    change_item,
    change_meeting,
    draw_agenda,
    keep_item,
    move_meeting,
    shift_item,
    shift_report,
)
from keshu.apps.plans.services.meetings.deciding import (
    change_decision,
    make_issue,
    make_notice,
    make_task,
    record_decision,
    remove_decision,
)
from keshu.apps.plans.services.meetings.handover import pass_decisions, pass_meetings
from keshu.apps.plans.services.meetings.lifecycle import MEETING_TRANSITIONS, MeetingMove, meeting_buttons
from keshu.apps.plans.services.meetings.papers import meeting_minutes, meeting_pack

__all__ = [
    "MEETING_TRANSITIONS", "MeetingFields", "MeetingMove", "add_item", "call_meeting", "change_decision", "change_item",
    "change_meeting", "draw_agenda", "keep_decided_tasks", "keep_item", "make_issue", "make_notice", "make_task",
    "meeting_buttons", "meeting_minutes", "meeting_pack", "move_meeting", "pass_decisions", "pass_meetings",
    "record_decision", "remove_decision", "shift_item", "shift_report",
]  # fmt: skip
