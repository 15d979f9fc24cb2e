"""Tables of the plans app."""

from keshu.apps.plans.models.ledger import (
    TAKEN_BACK,
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
    titled,
)
from keshu.apps.plans.models.plans import PlanKind, PlanState, ReviewPresence, SourceDocument, WorkPlan
from keshu.apps.plans.models.reviews import ReviewStep

__all__ = [
    "TAKEN_BACK", "Certainty", "Measure", "NodeKind", "Op", "OwnerMention", "OwnerRole", "PlanKind", "PlanNode", "PlanState",
    "Responsibility", "Review", "ReviewPresence", "ReviewStep", "SourceDocument", "Target", "Tense", "Tier", "WorkPlan",
    "titled",
]  # fmt: skip
