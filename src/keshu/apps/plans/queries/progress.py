"""How far a review has come: the same counts that the tabs of the review page show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.queries.review_board import Count, board_of

if TYPE_CHECKING:
    from keshu.apps.plans.models import WorkPlan


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """Rows by kind; ``unresolved`` is the number of printed names that nobody is known by, each counted once."""

    targets: Count
    nodes: Count
    mentions: Count
    unresolved: int

    @property
    def pending(self) -> int:
        return self.targets.pending + self.nodes.pending + self.mentions.pending

    @property
    def doubtful(self) -> int:
        return self.targets.doubtful + self.mentions.doubtful


def review_progress(plan: WorkPlan) -> ReviewProgress:
    """Counts by kind and the number of printed names that mean nobody yet. Two queries."""
    board = board_of(plan)
    return ReviewProgress(board.targets, board.nodes, board.mentions, len(board.questions))
