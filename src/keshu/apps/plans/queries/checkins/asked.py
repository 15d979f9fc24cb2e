"""What every organisation has to report on: each target of its headings once, and each task that has no tasks beneath it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from keshu.apps.plans.models import OwnerRole, Part, Target, WorkPlan
from keshu.apps.plans.queries.headings import Heading, Headings, goals, plan_headings


class Asked(NamedTuple):
    """One organisation is asked about one target or one task (the other id is None)."""

    target_id: int | None
    node_id: int | None
    organisation_id: int
    part: Part

    @property
    def subject(self) -> tuple[int | None, int | None]:
        return self.target_id, self.node_id


def asked_of(plan: WorkPlan, *, asks_supports: bool, on: date) -> list[Asked]:
    """Everything that a round of the plan asks, in reading order, leads before supports. Seven queries.

    Targets are those of the ledger (a floor and its stretch as one), restated ones only where they were first said; who is
    asked holds the heading, itself or inherited, or else the line that says the target again with an owner (见另一行). A
    target or task that nobody in the register holds is asked of nobody.
    """
    headings = plan_headings(plan, on=on)
    targets = Target.objects.kept().filter(goals(), plan=plan, restates__isnull=True, node__isnull=False)
    parts = {row.id: list(_parts(row, asks_supports=asks_supports)) for row in headings.rows}
    again = _said_again(plan)
    found = [
        Asked(pk, None, organisation_id, part)
        for pk, node_id in targets.values_list("pk", "node_id")
        for organisation_id, part in parts.get(node_id) or _first_held(again.get(pk, ()), parts)
    ]
    return found + [
        Asked(None, row.id, organisation_id, part)
        for row in tasks_asked(headings)
        for organisation_id, part in parts[row.id]
    ]


def _said_again(plan: WorkPlan) -> dict[int, list[int]]:
    """The headings of the targets that say an earlier one again, by the earlier one."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Target.objects.kept().filter(goals(), plan=plan, restates__isnull=False, node__isnull=False)
    for restated_id, node_id in rows.order_by("position", "pk").values_list("restates_id", "node_id"):
        if restated_id is not None and node_id is not None:
            found[restated_id].append(node_id)
    return found


def _first_held(node_ids: Iterable[int], parts: Mapping[int, list[tuple[int, Part]]]) -> list[tuple[int, Part]]:
    return next((parts[each] for each in node_ids if parts.get(each)), [])


def tasks_asked(headings: Headings) -> list[Heading]:
    """The tasks of the decomposition under which there is no further task."""
    above = {pk for row in headings.work for pk in headings.above(row)}
    return [row for row in headings.work if row.id not in above]


def _parts(row: Heading, *, asks_supports: bool) -> Iterator[tuple[int, Part]]:
    """Who answers for a heading; one that leads is not asked again for its support."""
    leads = {office.id: None for office in row.accountable}
    yield from ((pk, Part.LEAD) for pk in leads)
    if asks_supports:
        yield from ((office.id, Part.SUPPORT) for office in row.holding(OwnerRole.SUPPORT) if office.id not in leads)
