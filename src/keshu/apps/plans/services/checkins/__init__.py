"""Check-ins (月调度): a plan's rhythm opens rounds; organisations file, heads sign, and who is late is told step by step."""

from keshu.apps.plans.services.checkins.escalation import escalate
from keshu.apps.plans.services.checkins.evidence import attach_evidence, remove_evidence
from keshu.apps.plans.services.checkins.filing import file_check_in, recall_check_in, save_check_in
from keshu.apps.plans.services.checkins.opening import open_due_rounds
from keshu.apps.plans.services.checkins.rhythm import change_rhythm, pause_rhythm, resume_rhythm, start_rhythm
from keshu.apps.plans.services.checkins.rounds import close_round, extend_round, reopen_round
from keshu.apps.plans.services.checkins.signing import (
    excuse_check_in,
    extend_check_in,
    reopen_check_in,
    return_check_in,
    sign_check_in,
)
from keshu.apps.plans.services.checkins.states import Move, checkin_buttons

__all__ = [
    "Move", "attach_evidence", "change_rhythm", "checkin_buttons", "close_round", "escalate", "excuse_check_in",
    "extend_check_in", "extend_round", "file_check_in", "open_due_rounds", "pause_rhythm", "recall_check_in",
    "remove_evidence", "reopen_check_in", "reopen_round", "resume_rhythm", "return_check_in", "save_check_in",
    "sign_check_in", "start_rhythm",
]  # fmt: skip
