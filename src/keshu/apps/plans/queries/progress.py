"""How far a review has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from keshu.apps.plans.models import Certainty, OwnerMention, OwnerRole, PlanNode, Responsibility, Review, Target

if TYPE_CHECKING:
    from keshu.apps.plans.models import WorkPlan


@dataclass(frozen=True, slots=True)
class KindProgress:
    """Rows of one kind: how many there are, are decided, were struck out, and raise doubt while undecided."""

    total: int
    decided: int
    rejected: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """The bar of what is left (已核 12 / 48)."""

    targets: KindProgress
    nodes: KindProgress
    mentions: KindProgress
    unresolved: int

    @property
    def total(self) -> int:
        return self.targets.total + self.nodes.total + self.mentions.total

    @property
    def decided(self) -> int:
        return self.targets.decided + self.nodes.decided + self.mentions.decided

    @property
    def pending(self) -> int:
        return self.total - self.decided

    @property
    def doubtful(self) -> int:
        return self.targets.doubtful + self.mentions.doubtful

    @property
    def percent(self) -> int:
        return 100 * self.decided // self.total if self.total else 100


def review_progress(plan: WorkPlan) -> ReviewProgress:
    """Counts by kind and the number of printed names that mean nobody yet. Four queries."""
    pending = Q(review=Review.PENDING)
    return ReviewProgress(
        targets=_progress(Target.objects.filter(plan=plan), doubt=pending & ~Q(doubts=[])),
        nodes=_progress(PlanNode.objects.filter(plan=plan), doubt=Q(pk__lt=0)),
        mentions=_progress(
            OwnerMention.objects.filter(plan=plan),
            doubt=pending & Q(certainty__in=[Certainty.GUESS, Certainty.UNKNOWN]) & ~Q(role=OwnerRole.PERSON),
        ),
        unresolved=unresolved_mentions(plan).count(),
    )


def unresolved_mentions(plan: WorkPlan) -> QuerySet[OwnerMention]:
    """Kept mentions of bodies (not persons) that neither mean an organisation nor are confirmed as outside."""
    held = Responsibility.objects.filter(mention=OuterRef("pk"), is_inherited=False)
    kept = OwnerMention.objects.kept().filter(plan=plan, is_outside=False).exclude(role=OwnerRole.PERSON)
    return kept.filter(~Exists(held))


def unresolved_owners(plan: WorkPlan) -> tuple[tuple[str, str], ...]:
    """Printed names that mean nobody yet, each with its role, in reading order."""
    return tuple(dict.fromkeys(unresolved_mentions(plan).values_list("name", "role")))


def _progress(rows: QuerySet[Any], *, doubt: Q) -> KindProgress:
    counts = rows.aggregate(
        total=Count("pk"),
        decided=Count("pk", filter=~Q(review=Review.PENDING)),
        rejected=Count("pk", filter=Q(review=Review.REJECTED)),
        doubtful=Count("pk", filter=doubt),
    )
    return KindProgress(**counts)
