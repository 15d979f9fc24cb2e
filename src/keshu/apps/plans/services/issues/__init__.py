"""The three lists: problems, who answers for them, what was done; closed by whoever raised them."""

from keshu.apps.plans.services.issues.handover import hand_over_issues
from keshu.apps.plans.services.issues.lifecycle import IssueMove, issue_buttons, issue_transitions
from keshu.apps.plans.services.issues.raising import correct_issue, raise_issue
from keshu.apps.plans.services.issues.telling import remind_of_issues
from keshu.apps.plans.services.issues.working import (
    assign_issue,
    cancel_issue,
    confirm_issue,
    extend_issue,
    fulfil_issue,
    organisation_for,
    reassign_issue,
    refuse_issue,
)

__all__ = [
    "IssueMove", "assign_issue", "cancel_issue", "confirm_issue", "correct_issue", "extend_issue", "fulfil_issue",
    "hand_over_issues", "issue_buttons", "issue_transitions", "organisation_for", "raise_issue",
    "reassign_issue", "refuse_issue", "remind_of_issues",
]  # fmt: skip
