"""Which organisations answer for which node of a plan, read as few rows: 各处室 may give sixty organisations in each task."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Aggregate, CharField, Count, Min, Q

from keshu.apps.plans.models import PlanNode, Responsibility, WorkPlan


@dataclass(frozen=True, slots=True, order=True)
class OfficeRef:
    """An organisation as ledgers name it; ordered as the register orders them."""

    position: int
    id: int
    name: str
    full_name: str

    def __hash__(self) -> int:
        return self.id


class Held(NamedTuple):
    """What one printed name gives a node: the organisations it means, in the register's order, and their role."""

    node_id: int
    mention_id: int
    role: str
    is_inherited: bool
    offices: tuple[OfficeRef, ...]


class Listed(Aggregate):
    """The ids of a group, with commas between."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s)"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def in_order(offices: Iterable[OfficeRef]) -> tuple[OfficeRef, ...]:
    """Each organisation once, as the register orders them."""
    return tuple(sorted({office.id: office for office in offices}.values(), key=attrgetter("position", "id")))


def held_parts(plan: WorkPlan) -> list[Held]:
    """Every part held in the plan's nodes, those of one printed name in one node together. Two queries."""
    # By the nodes' ids, not through a join: SQLite would read the responsibilities of all plans.
    nodes = PlanNode.objects.filter(plan=plan).order_by().values("pk")
    groups = list(
        Responsibility.objects.filter(node__in=nodes)
        .order_by()
        .values_list("node_id", "mention_id")
        .annotate(role=Min("role"), inherited=Count("pk", filter=Q(is_inherited=True)), ids=Listed("organisation_id"))
    )
    texts = {ids: [int(pk) for pk in ids.split(",")] for *_, ids in groups}
    offices = _offices((node_id, texts[ids]) for node_id, *_, ids in groups)
    meant = {ids: in_order(offices[pk] for pk in pks) for ids, pks in texts.items()}
    return [
        Held(node_id, mention_id, role, bool(inherited), meant[ids])
        for node_id, mention_id, role, inherited, ids in groups
    ]


def _offices(held: Iterable[tuple[int, list[int]]]) -> dict[int, OfficeRef]:
    """Everybody who holds a part, named from the few nodes that together have them all: each node names the same sixty."""
    known: set[int] = set()
    nodes = []
    for node_id, pks in held:
        if not known.issuperset(pks):
            known.update(pks)
            nodes.append(node_id)
    named = Responsibility.objects.filter(node__in=nodes).values_list(
        "organisation_id", "organisation__short_name", "organisation__name", "organisation__position"
    )
    return {pk: OfficeRef(position, pk, short or name, name) for pk, short, name, position in named}


def offices_meant(parts: Iterable[Held]) -> dict[int, tuple[OfficeRef, ...]]:
    """The organisations that each mention means, by its id; what a node inherits is no meaning of its own."""
    found: dict[int, tuple[OfficeRef, ...]] = defaultdict(tuple)
    for part in parts:
        if not part.is_inherited:
            found[part.mention_id] = in_order((*found[part.mention_id], *part.offices))
    return found
