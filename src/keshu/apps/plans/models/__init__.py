"""Tables of the plans app."""

from keshu.apps.plans.models.checkins import (
    UNFILED,
    Cadence,
    CheckIn,
    CheckInRound,
    CheckInState,
    DueRule,
    Evidence,
    Part,
    Rhythm,
)
from keshu.apps.plans.models.issues import OPEN_ISSUES, Issue, IssueOrigin, IssueState, Proof, Verdict
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
from keshu.apps.plans.models.meetings import AgendaItem, AgendaSection, Decision, Meeting, MeetingState
from keshu.apps.plans.models.plans import PlanKind, PlanState, ReviewPresence, SourceDocument, WorkPlan
from keshu.apps.plans.models.reviews import ReviewStep
from keshu.apps.plans.models.standings import Light, PastFigure, Standing
from keshu.apps.plans.models.supervision import (
    ENDED,
    PENDING,
    Reply,
    SupervisionItem,
    SupervisionNotice,
    SupervisionState,
    SupervisionStep,
)

__all__ = [
    "ENDED", "OPEN_ISSUES", "PENDING", "TAKEN_BACK", "UNFILED", "AgendaItem", "AgendaSection", "Cadence", "Certainty",
    "CheckIn", "CheckInRound", "CheckInState", "Decision", "DueRule", "Evidence", "Issue", "IssueOrigin",
    "IssueState", "Light", "Measure", "Meeting", "MeetingState", "NodeKind", "Op", "OwnerMention", "OwnerRole",
    "Part", "PastFigure", "PlanKind", "PlanNode", "PlanState", "Proof", "Reply", "Responsibility", "Review",
    "ReviewPresence", "ReviewStep", "Rhythm", "SourceDocument", "Standing", "SupervisionItem", "SupervisionNotice",
    "SupervisionState", "SupervisionStep",
    "Target", "Tense", "Tier", "Verdict", "WorkPlan", "titled",
]  # fmt: skip
