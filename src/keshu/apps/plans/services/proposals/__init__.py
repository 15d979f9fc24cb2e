"""Next year's plan drafted from this year's ledger (来年要点草案): decided piece by piece, written, read back."""

from keshu.apps.plans.services.proposals.adding import NewTarget, add_target, add_task
from keshu.apps.plans.services.proposals.changing import Amount, accept_suggestions, choose, edit_item
from keshu.apps.plans.services.proposals.checking import move_proposal, read_back, take_in
from keshu.apps.plans.services.proposals.drafting import begin_proposal
from keshu.apps.plans.services.proposals.lifecycle import ProposalMove
from keshu.apps.plans.services.proposals.shifting import shift_item
from keshu.apps.plans.services.proposals.stepping import undo

__all__ = [
    "Amount", "NewTarget", "ProposalMove", "accept_suggestions", "add_target", "add_task", "begin_proposal", "choose",
    "edit_item", "move_proposal", "read_back", "shift_item", "take_in", "undo",
]  # fmt: skip
