"""How far a draft of next year's plan is decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.models import LEFT_OUT, PieceKind, ProposalItem

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanProposal


@dataclass(frozen=True, slots=True)
class ProposalProgress:
    """Of the pieces to be decided: those of a task that is left out need no decision of their own; candidates none at all."""

    decided: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.decided


def progress_of(proposal: PlanProposal) -> ProposalProgress:
    """One query; none where the draft comes with its ``items``."""
    return progress_among(proposal.items.all())


def light_items(proposal_ids: Sequence[int]) -> list[ProposalItem]:
    """The pieces without their words, in order."""
    fields = ("pk", "proposal_id", "parent_id", "kind", "is_decidable", "choice", "suggestion", "is_removed")
    rows = ProposalItem.objects.filter(proposal__in=proposal_ids)
    return list(rows.only(*fields).order_by("proposal", "position", "pk"))


def progress_among(items: Iterable[ProposalItem]) -> ProposalProgress:
    asked = asked_among(items)
    return ProposalProgress(sum(bool(item.choice) for item in asked), len(asked))


def asked_among(items: Iterable[ProposalItem]) -> list[ProposalItem]:
    """The pieces that have to be decided."""
    closed: set[int] = set()
    found = []
    for item in items:
        if item.parent_id in closed:
            closed.add(item.pk)
            continue
        if item.is_removed or (item.choice in LEFT_OUT and item.choice):
            closed.add(item.pk)
        if item.is_decidable and not item.is_removed and item.kind != PieceKind.ISSUE:
            found.append(item)
    return found
