"""The states of a supervision notice and the ways between them, declared once; buttons, refusals and services derive from it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import lifecycle
from keshu.apps.bureau.services.lifecycle import Button, Transition
from keshu.apps.plans.models import PENDING, SupervisionNotice, SupervisionState
from keshu.apps.plans.permissions.supervision import can_answer_notice, can_judge_reply, can_keep_notice

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

State = SupervisionState


class Move(StrEnum):
    """The names of the transitions."""

    CHANGE = "change"
    ISSUE = "issue"
    DISCARD = "discard"
    SIGN_FOR = "sign_for"
    REPLY = "reply"
    ACCEPT = "accept"
    RETURN = "return"
    CLOSE = "close"
    EXTEND = "extend"
    CANCEL = "cancel"


def _addressee_gone(notice: SupervisionNotice) -> tuple[str, ...]:
    gone = notice.addressee.closed_on is not None
    return (f"“{notice.addressee}”已撤并，请改为承接它的单位。",) if gone else ()


# An extension leaves the notice in the state it is in.
SAME = ""
TRANSITIONS: tuple[Transition[SupervisionNotice], ...] = (
    Transition(Move.ISSUE, "签发", (State.DRAFT,), State.ISSUED, can_keep_notice,
        "签发后编号，承办单位随即收到；内容不能再改。", hindrances=_addressee_gone),
    Transition(Move.CHANGE, "修改", (State.DRAFT,), State.DRAFT, can_keep_notice),
    Transition(Move.DISCARD, "删除草稿", (State.DRAFT,), State.CANCELLED, can_keep_notice,
        "草稿不再签发，承办单位不会看到，记录保留。", is_destructive=True),
    Transition(Move.SIGN_FOR, "签收", (State.ISSUED,), State.SIGNED_FOR, can_answer_notice),
    Transition(Move.REPLY, "报送办理情况", (State.SIGNED_FOR, State.RETURNED), State.REPLIED, can_answer_notice),
    Transition(Move.ACCEPT, "认可", (State.REPLIED,), State.ACCEPTED, can_judge_reply),
    Transition(Move.RETURN, "退回重办", (State.REPLIED,), State.RETURNED, can_judge_reply, needs_reason=True),
    Transition(Move.CLOSE, "办结", (State.ACCEPTED,), State.CLOSED, can_keep_notice, "办结后不能再改。"),
    Transition(Move.EXTEND, "延长时限", PENDING, SAME, can_keep_notice, needs_reason=True),
    Transition(Move.CANCEL, "撤销", (*PENDING, State.REPLIED, State.ACCEPTED), State.CANCELLED, can_keep_notice,
        "撤销后不再办理，编号保留。", needs_reason=True, is_destructive=True),
)  # fmt: skip


def check(move: Move, notice: SupervisionNotice, *, user: User, why: str = "") -> Transition[SupervisionNotice]:
    """The declared way, when the person may go it now; else Refused or Unacceptable says why not."""
    declared = lifecycle.transition(TRANSITIONS, move)
    label = State(notice.state).label
    lifecycle.check(declared, notice, state=notice.state, state_label=label, user=user, why=why)
    return declared


def buttons(notice: SupervisionNotice, *, user: User) -> tuple[Button, ...]:
    """What this person may do with the notice in its state."""
    return lifecycle.buttons(TRANSITIONS, notice, state=notice.state, user=user)
