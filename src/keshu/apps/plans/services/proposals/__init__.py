"""Next year's plan drafted from this year's ledger (来年要点草案): begun, decided piece by piece, written, read back, taken in."""

from keshu.apps.plans.services.proposals.changing import (
    Amount,
    NewTarget,
    accept_suggestions,
    add_target,
    add_task,
    choose,
    edit_item,
    shift_item,
    undo,
)
from keshu.apps.plans.services.proposals.checking import move_proposal, read_back, take_in
from keshu.apps.plans.services.proposals.drafting import begin_proposal
from keshu.apps.plans.services.proposals.lifecycle import ProposalMove

__all__ = [
    "Amount", "NewTarget", "ProposalMove", "accept_suggestions", "add_target", "add_task", "begin_proposal", "choose",
    "edit_item", "move_proposal", "read_back", "shift_item", "take_in", "undo",
]  # fmt: skip
