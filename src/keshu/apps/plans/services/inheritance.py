"""A task without owners of its own takes those of the nearest heading above it; kept as rows, so that ledgers can join them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from keshu.apps.plans.models import OwnerMention, OwnerRole, PlanNode, Responsibility

Held = tuple[int, int, str]  # mention, organisation, role


def refresh_inheritance(plan_id: int) -> None:
    """Bring the inherited rows of a plan up to date, writing only what differs. For use inside a transaction.

    A node that names owners nobody has resolved yet inherits nothing: they are its owners, whoever they turn out to be.
    """
    parents = dict(PlanNode.objects.kept().filter(plan_id=plan_id).values_list("pk", "parent_id"))
    mentions = OwnerMention.objects.kept().filter(plan_id=plan_id).exclude(role=OwnerRole.PERSON)
    naming = set(mentions.values_list("node_id", flat=True))
    own: dict[int, list[Held]] = defaultdict(list)
    present: dict[tuple[int, Held], int] = {}
    rows = Responsibility.objects.filter(node__plan_id=plan_id)
    for pk, node, mention, organisation, role, is_inherited in rows.values_list(
        "pk", "node_id", "mention_id", "organisation_id", "role", "is_inherited"
    ):
        if is_inherited:
            present[node, (mention, organisation, role)] = pk
        else:
            own[node].append((mention, organisation, role))
    expected = {
        (node, held)
        for node in parents
        if node not in naming and (above := _nearest_naming(node, parents, naming)) is not None
        for held in own[above]
    }
    Responsibility.objects.filter(pk__in=[pk for key, pk in present.items() if key not in expected]).delete()
    Responsibility.objects.bulk_create(
        [
            Responsibility(node_id=node, mention_id=mention, organisation_id=organisation, role=role, is_inherited=True)
            for node, (mention, organisation, role) in sorted(expected - present.keys())
        ],
        batch_size=500,
    )


def _nearest_naming(node: int, parents: Mapping[int, int | None], naming: set[int]) -> int | None:
    """The closest node above that names owners."""
    above = parents.get(node)
    while above is not None and above not in naming:
        above = parents.get(above)
    return above
