"""The states of an issue and the ways between them, declared once; buttons, refusals and the trail derive from it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.bureau.services.lifecycle import Button, Transition, buttons
from keshu.apps.plans.models import OPEN_ISSUES, Issue, IssueState
from keshu.apps.plans.permissions.issues import (
    can_assign_issue,
    can_cancel_issue,
    can_confirm_issue,
    can_extend_issue,
    can_fulfil_issue,
)

if TYPE_CHECKING:
    from datetime import date

    from keshu.apps.bureau.models import User


class IssueMove(StrEnum):
    """The names of the transitions."""

    ASSIGN = "assign"
    REASSIGN = "reassign"
    EXTEND = "extend"
    FULFIL = "fulfil"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    CANCEL = "cancel"


def issue_transitions(*, on: date) -> tuple[Transition[Issue], ...]:
    """The declared ways, as they stand on that day."""
    state, may_confirm = IssueState, _asked_once(partial(can_confirm_issue, on=on))
    return (
        Transition(IssueMove.CONFIRM, "确认销号", (state.FULFILLED,), state.CONFIRMED, may_confirm),
        Transition(IssueMove.REFUSE, "退回整改", (state.FULFILLED,), state.ASSIGNED, may_confirm, needs_reason=True),
        Transition(IssueMove.FULFIL, "报送落实情况", (state.ASSIGNED,), state.FULFILLED, can_fulfil_issue),
        Transition(IssueMove.ASSIGN, "明确责任", (state.RAISED,), state.ASSIGNED, can_assign_issue),
        Transition(
            IssueMove.REASSIGN, "调整责任", (state.ASSIGNED,), state.ASSIGNED, can_assign_issue, needs_reason=True
        ),
        Transition(IssueMove.EXTEND, "延期", (state.ASSIGNED,), state.ASSIGNED, can_extend_issue, needs_reason=True),
        Transition(
            IssueMove.CANCEL, "撤销", OPEN_ISSUES, state.CANCELLED, can_cancel_issue, needs_reason=True,
            is_destructive=True,
        ),
    )  # fmt: skip


def _asked_once(may: Callable[[User, Issue], None]) -> Callable[[User, Issue], None]:
    """The same answer for confirming and refusing, looked up once."""
    answers: dict[tuple[int, int], Refused | None] = {}

    def asked(user: User, issue: Issue) -> None:
        key = (user.pk, issue.pk)
        if key not in answers:
            try:
                may(user, issue)
                answers[key] = None
            except Refused as refusal:
                answers[key] = refusal
        if (told := answers[key]) is not None:
            raise told

    return asked


def issue_buttons(issue: Issue, *, user: User, on: date) -> tuple[Button, ...]:
    """What this person may do with the issue now."""
    return buttons(issue_transitions(on=on), issue, state=issue.state, user=user)
