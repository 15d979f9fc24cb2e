"""A plan's headings with who answers for each and how many targets it has, for pages: five queries however many targets.

What a page shows of a target or a printed name in full, it asks for by itself, of the rows it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from django.db.models import Count, Q

from keshu.apps.plans.models import NodeKind, OwnerMention, OwnerRole, PlanNode, Target, Tense, WorkPlan, titled
from keshu.apps.plans.queries.holders import Held, OfficeRef, held_parts, in_order
from keshu.apps.plans.queries.ledger import ACCOUNTABLE
from keshu.apps.plans.queries.light_columns import WORST_FIRST
from keshu.apps.plans.queries.plan_lights import LightLine, light_line
from keshu.apps.plans.queries.wording import deadline_text

SOON = timedelta(days=30)


class Tally(NamedTuple):
    """Rows of one heading: targets (a floor with its stretch counts once), those due soon and overdue, achieved figures;
    ``lights`` counts the targets that show each of `WORST_FIRST`.
    """

    targets: int = 0
    soon: int = 0
    overdue: int = 0
    achieved: int = 0
    lights: tuple[int, ...] = ()


class Printed(NamedTuple):
    """A printed name; `is_unresolved` when it means nobody, `is_other` for persons and bodies outside the register."""

    name: str
    is_unresolved: bool
    is_other: bool
    is_support: bool = False


# Hundreds are made for every page: a NamedTuple takes a third of the time of a frozen dataclass.
class Heading(NamedTuple):
    """One heading. `depth` counts from 0; `parts` are who answers for it, perhaps inherited; `light` tells how work stands."""

    id: int
    parent_id: int | None
    depth: int
    label: str
    heading: str
    kind: str
    due_on: date | None
    due_period: str
    due_text: str
    parts: tuple[Held, ...]
    printed: tuple[Printed, ...]
    tally: Tally
    has_children: bool
    light: LightLine

    @property
    def ref(self) -> str:
        return f"node-{self.id}"

    @property
    def title(self) -> str:
        return titled(self.label, self.heading)

    @property
    def kind_label(self) -> str:
        return str(NodeKind(self.kind).label)

    @property
    def deadline(self) -> str:
        return deadline_text(self.due_on, period=self.due_period, printed=self.due_text)

    @property
    def leads(self) -> tuple[OfficeRef, ...]:
        return self.holding(OwnerRole.LEAD)

    @property
    def supports(self) -> tuple[OfficeRef, ...]:
        return self.holding(OwnerRole.SUPPORT)

    @property
    def responsibles(self) -> tuple[OfficeRef, ...]:
        return self.holding(OwnerRole.RESPONSIBLE)

    @property
    def accountable(self) -> tuple[OfficeRef, ...]:
        """Lead offices, and those responsible where the document does not tell lead from support."""
        return self.holding(*ACCOUNTABLE)

    @property
    def offices(self) -> tuple[OfficeRef, ...]:
        return self.holding(*ACCOUNTABLE, OwnerRole.SUPPORT)

    def holding(self, *roles: str) -> tuple[OfficeRef, ...]:
        """Who holds one of the roles, each once, in the register's order."""
        found = [part.offices for part in self.parts if part.role in roles]
        return found[0] if len(found) == 1 else in_order(chain.from_iterable(found))

    def held_by(self, organisation_id: int, *roles: str) -> bool:
        return any(office.id == organisation_id for part in self.parts if part.role in roles for office in part.offices)

    @property
    def others(self) -> str:
        """Persons and bodies outside the register, those in support aside."""
        return "、".join(each.name for each in self.printed if each.is_other and not each.is_support)

    @property
    def other_supports(self) -> str:
        """Bodies outside the register that support."""
        return "、".join(each.name for each in self.printed if each.is_other and each.is_support)

    @property
    def unresolved(self) -> str:
        return "、".join(each.name for each in self.printed if each.is_unresolved)

    @property
    def is_work(self) -> bool:
        """Something to be done by somebody: a task or a measure, or whatever else names an owner."""
        return self.kind in (NodeKind.ACTION, NodeKind.MEASURE) or bool(self.printed)

    @property
    def is_ownerless(self) -> bool:
        """Work nobody is named for: no organisation, no body outside, no person; a mere heading of tasks needs none."""
        if not self.is_work or any(each.is_other for each in self.printed):
            return False
        if any(part.role != OwnerRole.PERSON for part in self.parts):
            return False
        return not self.has_children or bool(self.tally.targets or self.tally.achieved)

    def is_due(self, when: str, *, on: date) -> bool:
        """Whether the deadline lies as one of DUE_CHOICES says; ``soon`` covers today and the 30 days after."""
        if self.due_on is None:
            return when == "none"
        if when == "soon":
            return on <= self.due_on <= on + SOON
        return {"overdue": self.due_on < on, "later": self.due_on > on + SOON}.get(when, False)


@dataclass(frozen=True)
class Headings:
    """All kept headings of a plan in reading order. `loose` counts the targets that stand under none."""

    rows: tuple[Heading, ...]
    loose: Tally

    @cached_property
    def by_id(self) -> Mapping[int, Heading]:
        return {row.id: row for row in self.rows}

    @cached_property
    def work(self) -> tuple[Heading, ...]:
        """The rows of the decomposition."""
        return tuple(row for row in self.rows if row.is_work)

    @cached_property
    def everybody(self) -> tuple[OfficeRef, ...]:
        """Every organisation with a part in anything, in the register's order."""
        groups = {id(part.offices): part.offices for row in self.rows for part in row.parts}
        return in_order(chain.from_iterable(groups.values()))

    def led_by(self, organisation_id: int) -> list[int]:
        """The headings that an organisation leads or answers for."""
        return [row.id for row in self.rows if row.held_by(organisation_id, *ACCOUNTABLE)]

    def path_of(self, node_id: int | None) -> tuple[str, ...]:
        """The headings down to a row, itself included."""
        return tuple(reversed([row.title for row in self._upwards(node_id)]))

    def above(self, row: Heading) -> list[int]:
        return [each.id for each in self._upwards(row.parent_id)]

    def top_of(self, row: Heading) -> Heading:
        """The chapter a row stands in."""
        return self._upwards(row.id)[-1]

    def _upwards(self, node_id: int | None) -> list[Heading]:
        found = []
        while node_id is not None and (row := self.by_id.get(node_id)) is not None:
            found.append(row)
            node_id = row.parent_id
        return found


def plan_headings(plan: WorkPlan, *, on: date) -> Headings:
    """Every kept heading of the plan, its targets counted as they stand on a day. Five queries."""
    tallies = _tallies(plan, on=on)
    parts: dict[int, list[Held]] = defaultdict(list)
    held = sorted(held_parts(plan), key=lambda part: part.mention_id)
    for part in held:
        parts[part.node_id].append(part)
    printed = _printed(plan, {part.mention_id for part in held if not part.is_inherited})
    nodes = list(
        PlanNode.objects.kept()
        .filter(plan=plan)
        .values_list(
            "pk", "parent_id", "label", "heading", "kind", "due_on", "due_period", "due_text",
            "standing__shown", "standing__reason", "standing__chosen", "standing__chosen_reason",
        )
    )  # fmt: skip
    parents = {pk: parent_id for pk, parent_id, *_ in nodes}
    with_children = set(parents.values())
    rows = tuple(
        Heading(
            pk, parent_id, _depth(pk, parents), label, heading, kind, due_on, due_period, due_text,
            tuple(parts.get(pk, ())), tuple(printed.get(pk, ())), tallies.get(pk, Tally()), pk in with_children,
            light_line(*standing),
        )
        for pk, parent_id, label, heading, kind, due_on, due_period, due_text, *standing in nodes
    )  # fmt: skip
    return Headings(rows, tallies.get(None, Tally()))


def goals() -> Q:
    """Targets, a floor and its stretch as one: the condition of every count and list of targets."""
    return Q(tense=Tense.TARGET, floor__isnull=True)


def _tallies(plan: WorkPlan, *, on: date) -> dict[int | None, Tally]:
    counted = (
        Target.objects.kept()
        .filter(plan=plan)
        .order_by()
        .values_list("node_id")
        .annotate(
            targets=Count("pk", filter=goals()),
            soon=Count("pk", filter=goals() & Q(due_on__gte=on, due_on__lte=on + SOON)),
            overdue=Count("pk", filter=goals() & Q(due_on__lt=on)),
            achieved=Count("pk", filter=Q(tense=Tense.ACTUAL)),
            **{f"n_{light}": Count("pk", filter=goals() & Q(standing__shown=light)) for light in WORST_FIRST},
        )
    )
    return {
        row[0]: Tally(targets=row[1], soon=row[2], overdue=row[3], achieved=row[4], lights=tuple(row[5:]))
        for row in counted
    }


def _printed(plan: WorkPlan, resolved: set[int]) -> dict[int, list[Printed]]:
    """The printed names by heading, in reading order."""
    found: dict[int, list[Printed]] = defaultdict(list)
    rows = OwnerMention.objects.kept().filter(plan=plan)
    for pk, node_id, name, role, is_outside in rows.values_list("pk", "node_id", "name", "role", "is_outside"):
        is_other = is_outside or role == OwnerRole.PERSON
        found[node_id].append(Printed(name, not is_other and pk not in resolved, is_other, role == OwnerRole.SUPPORT))
    return found


def _depth(node_id: int, parents: Mapping[int, int | None]) -> int:
    depth, above = 0, parents.get(node_id)
    while above is not None:
        depth, above = depth + 1, parents.get(above)
    return depth
