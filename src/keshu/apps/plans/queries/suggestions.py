"""What the review page offers a person before they type: organisations for a printed name, a reading for selected words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.queries.owners import OrganisationRef, may_remember, resolve_owner
from keshu.apps.plans.models import OwnerMention, Tense
from keshu.apps.plans.permissions import can_see_plan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# The engine reads a sentence as part of a plan: under a goals heading, in the plan's year.
FRAME = "{year}年工作要点\n一、主要目标\n"


def owner_choices(mention: OwnerMention, *, user: User, on: date) -> tuple[tuple[OrganisationRef, ...], str]:
    """Organisations that a printed name may mean, best first, and what became of the one it was. Five queries."""
    can_see_plan(user, mention.plan)
    found = resolve_owner(mention.name, home=mention.plan.organisation, on=on)
    return tuple(dict.fromkeys((*found.organisations, *found.candidates))), found.note


def may_remember_owner(user: User) -> bool:
    """Whether to offer 以后照此处理."""
    return may_remember(user)


def suggested_target(plan: WorkPlan, *, user: User, start: int, end: int) -> dict[str, Any]:
    """The fields of `add_target` as the engine reads the words from `start` to `end`; empty where it finds no figure."""
    from keshu.engines.plandoc import PlanDocumentError, read_text

    can_see_plan(user, plan)
    frame = FRAME.format(year=plan.year or 2000)
    try:
        document = read_text(frame + plan.source.text[start:end].strip() + "\n")
    except PlanDocumentError:
        return {}
    if not document.claims:
        return {}
    claim = document.claims[0]
    has_period = plan.year is not None and claim.period is not None and claim.tense.value == Tense.TARGET
    return {
        "indicator": claim.indicator,
        "op": claim.op.value,
        "value": claim.value,
        "value_high": claim.value_high,
        "unit": claim.unit or "",
        "measure": claim.measure.value,
        "tier": claim.tier.value,
        "tense": claim.tense.value,
        "period": str(claim.period) if has_period else str(plan.year or ""),
        "per": claim.per or "",
        "benchmark": claim.benchmark or "",
    }
