"""From spots to the published nodes: spans in the original, owners once each, deadlines, heading paths."""

from __future__ import annotations

from collections.abc import Sequence

from keshu.engines.plandoc.document import Node, NodeKind, Owner, Tense
from keshu.engines.plandoc.source import CleanText
from keshu.engines.plandoc.structure.attribution import offices_first
from keshu.engines.plandoc.structure.dates import due_in_words, find_deadline
from keshu.engines.plandoc.structure.owners import PrintedOwner
from keshu.engines.plandoc.structure.spots import Spot
from keshu.kernel.span import Span

_TASKS = frozenset({NodeKind.ACTION, NodeKind.MEASURE})


def build_nodes(
    clean: CleanText, *, end: int, spots: Sequence[Spot], owners: Sequence[list[PrintedOwner]], dues: Sequence[str]
) -> tuple[Node, ...]:
    """The finished nodes; `end` is where the body ends, `owners` and `dues` those of the headings among the spots."""
    nodes: list[Node] = []
    origin = clean.origin
    for index, (spot, body_end) in enumerate(zip(spots, _body_ends(spots, end), strict=True)):
        heading, row = spot.heading, spot.row
        due_text = dues[index] if row is None else row.due_text
        if not due_text and row is None and spot.kind in _TASKS and spot.regime.tense is Tense.TARGET:
            following = spots[index + 1].heading.start if index + 1 < len(spots) else end
            due_text = due_in_words(clean.text, heading.head_start, min(following, body_end))
        own = clean.span(heading.start, heading.head_end)
        last = origin[body_end - 1] + 1 if body_end > heading.start else own.end
        nodes.append(
            Node(
                index=index,
                parent=spot.place.parent,
                level=spot.place.level,
                label=heading.label,
                heading=heading.text,
                kind=spot.kind,
                span=own,
                body=Span(own.start, last) if last > own.end else own,
                owners=once_each(clean, owners[index] if row is None else offices_first(list(row.owners))),
                due=find_deadline(due_text, year=spot.regime.year) if due_text else None,
                due_text=due_text,
            )
        )
    return tuple(nodes)


def once_each(clean: CleanText, owners: Sequence[PrintedOwner]) -> tuple[Owner, ...]:
    """Each name once, in the role it is first printed in."""
    if not owners:
        return ()
    seen: dict[str, Owner] = {}
    for owner in owners:
        name = owner.name
        if name.text not in seen:
            seen[name.text] = Owner(name.text, owner.role, clean.span(name.start, name.end))
    return tuple(seen.values())


def _body_ends(spots: Sequence[Spot], end: int) -> list[int]:
    """For each spot the start of the next one on its level or above, in one pass."""
    ends = [end] * len(spots)
    open_: list[int] = []
    for index, spot in enumerate(spots):
        while open_ and spots[open_[-1]].place.level >= spot.place.level:
            ends[open_.pop()] = spot.heading.start
        open_.append(index)
    return ends


def heading_paths(nodes: Sequence[Node]) -> list[tuple[str, ...]]:
    """For each node its heading path, outermost first; goal lines name no place of their own."""
    paths: list[tuple[str, ...]] = []
    for node in nodes:
        above = paths[node.parent] if node.parent is not None else ()
        paths.append(above if node.kind is NodeKind.GOAL else (*above, node.title))
    return paths
