"""The past figures of a target and who may enter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.plans.models import PastFigure, Responsibility, Target
from keshu.apps.plans.queries.ledger import ACCOUNTABLE

if TYPE_CHECKING:
    from django.db.models import QuerySet


def past_figures_of(target: Target) -> QuerySet[PastFigure]:
    """What was entered for a target, the latest period first."""
    return PastFigure.objects.filter(target=target).order_by("-period", "pk")


def lead_ids_of(target: Target) -> frozenset[int]:
    """The organisations that lead the target's heading. One query."""
    rows = Responsibility.objects.filter(node=target.node_id, role__in=ACCOUNTABLE)
    return frozenset(rows.values_list("organisation_id", flat=True))
