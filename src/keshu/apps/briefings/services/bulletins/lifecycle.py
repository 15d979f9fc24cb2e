"""The states of a bulletin and the ways between them, declared once; buttons, refusals and services derive from it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.permissions import can_release, can_write
from keshu.apps.bureau.services import lifecycle
from keshu.apps.bureau.services.lifecycle import Button, Transition

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

State = BulletinState


class Move(StrEnum):
    """The names of the transitions."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


def _is_empty(bulletin: Bulletin) -> tuple[str, ...]:
    return () if bulletin.sections else ("通报还没有栏目，请先添加。",)


TRANSITIONS: tuple[Transition[Bulletin], ...] = (
    Transition(Move.CHANGE, "修改", (State.DRAFT,), State.DRAFT, can_write),
    Transition(Move.SUBMIT, "送签", (State.DRAFT,), State.SUBMITTED, can_write,
        "送签后不能再改，局领导可以签发或者退回。", hindrances=_is_empty),
    Transition(Move.RETURN, "退回修改", (State.SUBMITTED,), State.DRAFT, can_write, needs_reason=True),
    Transition(Move.RELEASE, "签发", (State.SUBMITTED,), State.RELEASED, can_release,
        "签发后编号发布，内容和所用数据就此固定，不能再改。"),
    Transition(Move.WITHDRAW, "撤回", (State.RELEASED,), State.WITHDRAWN, can_release,
        "撤回后仍可查看，标明已撤回和理由。", needs_reason=True, is_destructive=True),
    Transition(Move.DISCARD, "删除草稿", (State.DRAFT,), State.DISCARDED, can_write, is_destructive=True),
)  # fmt: skip


def check(move: Move, bulletin: Bulletin, *, user: User, why: str = "") -> Transition[Bulletin]:
    """The declared way, when the person may go it now; else Refused or Unacceptable says why not."""
    declared = lifecycle.transition(TRANSITIONS, move)
    label = State(bulletin.state).label
    lifecycle.check(declared, bulletin, state=bulletin.state, state_label=label, user=user, why=why)
    return declared


def buttons(bulletin: Bulletin, *, user: User) -> tuple[Button, ...]:
    """What this person may do with the bulletin in its state."""
    return lifecycle.buttons(TRANSITIONS, bulletin, state=bulletin.state, user=user)
