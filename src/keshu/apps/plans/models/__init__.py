"""Tables of the plans app."""

from keshu.apps.plans.models.ledger import (
    Certainty,
    Measure,
    NodeKind,
    Op,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Responsibility,
    Review,
    Target,
    Tense,
    Tier,
)
from keshu.apps.plans.models.plans import PlanKind, PlanState, ReviewPresence, SourceDocument, WorkPlan
from keshu.apps.plans.models.reviews import ReviewStep

__all__ = [
    "Certainty", "Measure", "NodeKind", "Op", "OwnerMention", "OwnerRole", "PlanKind", "PlanNode", "PlanState",
    "Responsibility", "Review", "ReviewPresence", "ReviewStep", "SourceDocument", "Target", "Tense", "Tier", "WorkPlan",
]  # fmt: skip
