"""Where organisations came from and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from keshu.apps.bureau.models import Organisation, Succession, SuccessionKind
from keshu.apps.bureau.queries.owners import OrganisationRef


@dataclass(frozen=True, slots=True)
class LineageStep:
    """One reorganisation: these became those on that day."""

    on: date
    kind: SuccessionKind
    predecessors: tuple[OrganisationRef, ...]
    successors: tuple[OrganisationRef, ...]
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """An organisation's forebears and heirs: those right before and after it, and all the steps of its line by date.

    ``began`` is the latest step that led to it, ``ended`` the one that closed it.
    """

    origins: tuple[OrganisationRef, ...] = ()
    heirs: tuple[OrganisationRef, ...] = ()
    began: LineageStep | None = None
    ended: LineageStep | None = None
    steps: tuple[LineageStep, ...] = ()


def organisation_and_line(organisation_id: int) -> tuple[Organisation, Lineage]:
    """The organisation with its line. One query for one that nobody took over from and that took over from nobody.

    LookupError when there is none (the caller has checked that its user may know of it).
    """
    acts = Succession.objects.filter(Q(predecessor=OuterRef("pk")) | Q(successor=OuterRef("pk")))
    found = Organisation.objects.annotate(has_line=Exists(acts)).filter(pk=organisation_id).first()
    if found is None:
        raise LookupError(f"no organisation {organisation_id}")
    return found, lineage_of(organisation_id) if found.has_line else Lineage()


def lineage_of(organisation_id: int) -> Lineage:
    """The line of an organisation. One query for each generation."""
    rows: dict[int, Succession] = {}
    for near, far in (("successor_id", "predecessor_id"), ("predecessor_id", "successor_id")):
        edge = {organisation_id}
        while edge:
            found = Succession.objects.filter(**{f"{near}__in": edge}).select_related("predecessor", "successor", "by")
            fresh = [row for row in found if row.pk not in rows]
            rows.update({row.pk: row for row in fresh})
            edge = {getattr(row, far) for row in fresh}
    rows |= _beside(rows.values())
    steps = _steps(sorted(rows.values(), key=lambda row: (row.on, row.pk)))
    began = [step for step in steps if any(ref.id == organisation_id for ref in step.successors)]
    ended = next((step for step in steps if any(ref.id == organisation_id for ref in step.predecessors)), None)
    return Lineage(
        origins=tuple(ref for step in began for ref in step.predecessors),
        heirs=ended.successors if ended else (),
        began=began[-1] if began else None,
        ended=ended,
        steps=tuple(steps),
    )


def _beside(rows: Iterable[Succession]) -> dict[int, Succession]:
    """The other rows of the same acts: those merged along, and the other parts of a split. One query."""
    acts = list(rows)
    near = Q(predecessor__in=[row.predecessor_id for row in acts]) | Q(successor__in=[row.successor_id for row in acts])
    found = Succession.objects.filter(near).select_related("predecessor", "successor", "by") if acts else ()
    return {row.pk: row for row in found if any(_is_same_act(row, act) for act in acts)}


def heirs_of(organisation_ids: Iterable[int]) -> tuple[int, ...]:
    """The ids with those that were taken over replaced by who stands for them today (after a split all of them)."""
    edge = tuple(dict.fromkeys(organisation_ids))
    while True:
        heirs: dict[int, list[int]] = defaultdict(list)
        rows = Succession.objects.filter(predecessor__in=edge).values_list("predecessor_id", "successor_id")
        for predecessor, successor in rows:
            heirs[predecessor].append(successor)
        if not heirs:
            return edge
        edge = tuple(dict.fromkeys(heir for each in edge for heir in heirs.get(each, [each])))


def _steps(rows: Iterable[Succession]) -> list[LineageStep]:
    """Rows of one act as one step: those that share a day, a reason and either end."""
    acts: list[list[Succession]] = []
    for row in rows:
        for act in acts:
            if _is_same_act(row, act[0]) or any(_is_same_act(row, other) for other in act):
                act.append(row)
                break
        else:
            acts.append([row])
    return [
        LineageStep(
            on=act[0].on,
            kind=SuccessionKind(act[0].kind),
            predecessors=_refs(row.predecessor for row in act),
            successors=_refs(row.successor for row in act),
            reason=act[0].reason,
            by=str(act[0].by),
        )
        for act in acts
    ]


def _is_same_act(one: Succession, other: Succession) -> bool:
    is_near = one.predecessor_id == other.predecessor_id or one.successor_id == other.successor_id
    return is_near and (one.on, one.kind, one.reason) == (other.on, other.kind, other.reason)


def _refs(rows: Iterable[object]) -> tuple[OrganisationRef, ...]:
    found = {row.pk: OrganisationRef(row.pk, row.name, row.short_name, row.kind, row.path) for row in rows}  # type: ignore[attr-defined]
    return tuple(found.values())


def standing_in(*, on: date) -> dict[int, tuple[int, ...]]:
    """Who stands on a day for each organisation taken over by then: its heirs, and theirs. One query."""
    next_of: dict[int, list[int]] = defaultdict(list)
    rows = Succession.objects.filter(on__lte=on).order_by("on", "pk").values_list("predecessor_id", "successor_id")
    for predecessor, successor in rows:
        next_of[predecessor].append(successor)
    return {each: tuple(_last_heirs(each, next_of, seen=frozenset())) for each in list(next_of)}


def _last_heirs(organisation_id: int, next_of: Mapping[int, Sequence[int]], *, seen: frozenset[int]) -> dict[int, None]:
    """Each once, in order. A body split off from one that goes on keeps the latter among its own heirs, so loops end."""
    found: dict[int, None] = {}
    for heir in next_of.get(organisation_id, ()):
        if heir in seen or heir not in next_of:
            found[heir] = None
        else:
            found |= _last_heirs(heir, next_of, seen=seen | {organisation_id})
    return found
