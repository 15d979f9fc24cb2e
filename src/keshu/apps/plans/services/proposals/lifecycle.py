"""The states of a draft of next year's plan and the ways between them, declared once."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import lifecycle
from keshu.apps.bureau.services.lifecycle import Button, Transition
from keshu.apps.plans.models import PlanProposal, ProposalState
from keshu.apps.plans.permissions.proposals import can_edit_proposal, can_finish_proposal
from keshu.apps.plans.queries.proposals.progress import progress_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

State = ProposalState


class ProposalMove(StrEnum):
    """The names of the transitions."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    FINISH = "finish"
    REOPEN = "reopen"
    TAKE_IN = "take-in"
    DISCARD = "discard"


def _undecided(proposal: PlanProposal) -> tuple[str, ...]:
    left = progress_of(proposal).left
    return (f"还有 {left} 条没有决定，请先逐条决定。",) if left else ()


TRANSITIONS: tuple[Transition[PlanProposal], ...] = (
    Transition(ProposalMove.CHANGE, "修改", (State.DRAFT,), State.DRAFT, can_edit_proposal),
    Transition(ProposalMove.SUBMIT, "送审", (State.DRAFT,), State.SUBMITTED, can_edit_proposal,
        "送审后不能再改，局领导可以定稿或者退回。", hindrances=_undecided),
    Transition(ProposalMove.RETURN, "退回修改", (State.SUBMITTED,), State.DRAFT, can_edit_proposal, needs_reason=True),
    Transition(ProposalMove.FINISH, "定稿", (State.SUBMITTED,), State.FINAL, can_finish_proposal,
        "定稿后文字和数字不再改，可以下载正式文件、转入台账。"),
    Transition(ProposalMove.REOPEN, "撤回定稿", (State.FINAL,), State.DRAFT, can_finish_proposal, needs_reason=True),
    Transition(ProposalMove.TAKE_IN, "转入台账", (State.FINAL,), State.TAKEN_IN, can_edit_proposal,
        "按导入工作要点的办法识别成文的文件，生成来年要点的核对稿。"),
    Transition(ProposalMove.DISCARD, "删除草案", (State.DRAFT,), State.DISCARDED, can_edit_proposal, is_destructive=True),
)  # fmt: skip


def check(move: ProposalMove, proposal: PlanProposal, *, user: User, why: str = "") -> Transition[PlanProposal]:
    """The declared way, when the person may go it now; else Refused or Unacceptable says why not."""
    declared = lifecycle.transition(TRANSITIONS, move)
    lifecycle.check(
        declared, proposal, state=proposal.state, state_label=State(proposal.state).label, user=user, why=why
    )
    return declared


def buttons(proposal: PlanProposal, *, user: User) -> tuple[Button, ...]:
    """What this person may do with the draft in its state."""
    found = lifecycle.buttons(TRANSITIONS, proposal, state=proposal.state, user=user)
    return tuple(each for each in found if each.move != ProposalMove.CHANGE)
