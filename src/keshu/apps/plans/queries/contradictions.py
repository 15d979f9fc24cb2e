"""Figures of a draft that disagree, and figures it says twice, as the review page tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.models import Review, Target, Tense
from keshu.apps.plans.queries.lines import requirement_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keshu.apps.plans.models import WorkPlan

# Places of a contradiction that are linked; of more only the number is told.
LINKED = 6
# More values than this under different headings are figures of different things that share a general name.
MOST_VALUES = 4
LONGEST = 60
LONGEST_HEADING = 16


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures of the document that disagree, with the rows that say so: the first ones, and how many there are."""

    indicator: str
    message: str
    places: tuple[tuple[str, str], ...]
    count: int


def conflicts(plan: WorkPlan) -> tuple[Conflict, ...]:
    """Contradictions that still stand: two kept targets or more that differ. One query, none without any."""
    reported = plan.source.contradictions
    if not reported:
        return ()
    wanted = {index for entry in reported for index in entry["claims"]}
    targets = Target.objects.kept().filter(plan=plan, position__in=wanted).exclude(review=Review.ADDED)
    by_position = {target.position: target for target in targets.defer("reading")}
    found = []
    for entry in reported:
        kept = [by_position[index] for index in entry["claims"] if index in by_position]
        if _disagree(kept):
            places = tuple((f"target-{target.pk}", requirement_of(target)) for target in kept[:LINKED])
            found.append(Conflict(entry["indicator"], _worded(entry["message"]), places, len(kept)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A target that the document states more than once with the same figure: where it first stands, and where again."""

    indicator: str
    places: tuple[tuple[str, str], ...]
    count: int


def repeats(plan: WorkPlan) -> tuple[Repeat, ...]:
    """Kept targets that say again what a kept one said before, by the first of them. One query."""
    again = Target.objects.kept().filter(plan=plan, tense=Tense.TARGET, restates__isnull=False)
    rows = again.exclude(restates__review=Review.REJECTED).select_related("restates", "node", "restates__node")
    groups: dict[int, list[Target]] = {}
    for row in rows.defer("reading", "restates__reading", "node__reading", "restates__node__reading").order_by(
        "position"
    ):
        if row.restates is not None:
            groups.setdefault(row.restates.pk, [row.restates]).append(row)
    return tuple(
        Repeat(found[0].indicator, tuple((f"target-{row.pk}", _where(row)) for row in found[:LINKED]), len(found))
        for found in groups.values()
    )


def _where(row: Target) -> str:
    """The figure and the heading it stands under."""
    told, heading = requirement_of(row), "" if row.node is None else str(row.node)
    cut = heading if len(heading) <= LONGEST_HEADING else f"{heading[:LONGEST_HEADING].rstrip('0123456789.')}…"
    return f"{told}（{cut}）" if cut else told


def _disagree(kept: Sequence[Target]) -> bool:
    """Several values of one thing, and not of many things that different headings call by one general name."""
    values = {(target.op, target.value, target.value_high, target.unit) for target in kept}
    headings = {target.node_id for target in kept}
    return len(values) > 1 and not (len(values) > MOST_VALUES and len(headings) > 1)


def _worded(message: str) -> str:
    """The engine's sentence with a full-width colon, and no longer than a line."""
    text = re.sub(r"(?<!\d):", "：", message)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip('、，。')}……"
