"""The tree of organisations, shaped for pages and for other apps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from keshu.apps.bureau.models import Organisation, OrganisationKind, OwnerAlias
from keshu.apps.bureau.queries.owners import OrganisationRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from keshu.apps.bureau.models import User

KIND_LABELS: dict[str, str] = {str(value): str(label) for value, label in OrganisationKind.choices}
STEP_IN = "\u3000"  # an ideographic space, which a browser does not take off an option


@dataclass(frozen=True, slots=True)
class TreeNode:
    """An organisation with those beneath it."""

    organisation: Organisation
    children: tuple[TreeNode, ...]


def organisation_by_id(organisation_id: int) -> Organisation:
    """The organisation; LookupError when there is none (the caller has checked that its user may know of it)."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise LookupError(f"no organisation {organisation_id}")
    return found


def organisation_tree(user: User, *, on: date, kinds: Collection[str] = ()) -> tuple[TreeNode, ...]:
    """All active organisations the user may see, or those of these kinds; one whose parent is not shown stands at the top."""
    found = Organisation.objects.visible_to(user).active(on)
    return _tree(list(found.filter(kind__in=kinds) if kinds else found))


def _tree(rows: Sequence[Organisation]) -> tuple[TreeNode, ...]:
    """The rows beneath one another, siblings in the order given."""
    there = {row.pk for row in rows}
    below: dict[int | None, list[Organisation]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in there else None].append(row)

    def grown(parent_id: int | None) -> tuple[TreeNode, ...]:
        return tuple(TreeNode(row, grown(row.pk)) for row in below[parent_id])

    return grown(None)


def of_kinds(kinds: Collection[str], *, home: Organisation, on: date) -> tuple[OrganisationRef, ...]:
    """All active organisations of these kinds in the tree that `home` belongs to."""
    root = f"/{home.path.strip('/').split('/')[0]}/"
    return _refs(Organisation.objects.active(on).filter(kind__in=kinds, path__startswith=root))


def refs_of(organisation_ids: Iterable[int]) -> dict[int, OrganisationRef]:
    """The organisations by id, closed ones too."""
    return {ref.id: ref for ref in _refs(Organisation.objects.filter(pk__in=list(organisation_ids)))}


def aliases_of(organisation_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The further names that people have registered for these organisations. One query."""
    found: dict[int, tuple[str, ...]] = {}
    rows = OwnerAlias.objects.filter(organisation__in=list(organisation_ids)).order_by("text")
    for organisation_id, text in rows.values_list("organisation_id", "text"):
        if organisation_id is not None:
            found[organisation_id] = (*found.get(organisation_id, ()), text)
    return found


def goes_by(name: str, *, field: str) -> Q:
    """The condition that the organisation in a row's `field` has this in its short name, its name, or a name documents use."""
    named = Q(short_name__icontains=name) | Q(name__icontains=name) | Q(aliases__text__icontains=name)
    return Q(**{f"{field}__in": Organisation.objects.filter(named).order_by().values("pk")})


def choosable(user: User, *, on: date, kinds: Collection[str]) -> tuple[OrganisationRef, ...]:
    """Active organisations of these kinds for a selection list, in the order of the tree."""
    return _refs(_walked(organisation_tree(user, on=on, kinds=kinds)))


def _walked(nodes: Iterable[TreeNode]) -> Iterator[Organisation]:
    """Each organisation with all beneath it before the next."""
    for node in nodes:
        yield node.organisation
        yield from _walked(node.children)


def tree_choices(
    user: User, *, on: date, kinds: Collection[str] = (), but: Organisation | None = None
) -> list[tuple[int, str]]:
    """Id and name for a selection list, in the order of the tree and set in as deep as they stand.

    `but`, with all beneath it, is left out.
    """

    def grown(nodes: Iterable[TreeNode], depth: int) -> Iterator[tuple[int, str]]:
        for node in nodes:
            if but is not None and node.organisation.pk == but.pk:
                continue
            yield node.organisation.pk, STEP_IN * depth + node.organisation.name
            yield from grown(node.children, depth + 1)

    return list(grown(organisation_tree(user, on=on, kinds=kinds), 0))


def ancestors_of(organisation: Organisation) -> list[Organisation]:
    """From the root down to the one above."""
    ids = [int(part) for part in organisation.path.strip("/").split("/") if part][:-1]
    found = Organisation.objects.in_bulk(ids)
    return [found[id] for id in ids if id in found]


def choosable_since(
    user: User, *, since: date, on: date, kinds: Collection[str]
) -> tuple[tuple[OrganisationRef, ...], tuple[OrganisationRef, ...]]:
    """Organisations of these kinds that are active, and those closed since the first day. One query."""
    closed = Q(closed_on__gt=since, closed_on__lte=on)
    active = Q(closed_on__isnull=True) | Q(closed_on__gt=on)
    rows = list(_walked(_tree(list(Organisation.objects.visible_to(user).filter(active | closed, kind__in=kinds)))))
    gone = [row for row in rows if row.closed_on is not None and row.closed_on <= on]
    return _refs(row for row in rows if row not in gone), _refs(gone)


def _refs(rows: Iterable[Organisation]) -> tuple[OrganisationRef, ...]:
    return tuple(OrganisationRef(row.pk, row.name, row.short_name, row.kind, row.path) for row in rows)
