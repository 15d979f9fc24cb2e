"""Which node an owner note belongs to: the item that holds it, not the step it happens to follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from keshu.engines.plandoc.document import OwnerRole
from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.labels import Style
from keshu.engines.plandoc.structure.nesting import Place
from keshu.engines.plandoc.structure.owners import OwnerNote, PrintedOwner

_STEPS = frozenset({Style.STEP, Style.MUST, Style.ORDINAL, Style.CIRCLED, Style.LETTER, Style.DASH})


def attribute(
    headings: Sequence[Heading], *, places: Sequence[Place], notes: Sequence[OwnerNote]
) -> tuple[list[list[PrintedOwner]], list[str]]:
    """Owners and deadline text per heading.

    A note goes to the heading whose text it stands in. Behind the last of several steps (一是, 二是, 三是) of which no
    other has one, it belongs to the item above them; so does a line of its own behind the last of several items.
    """
    owners: list[list[PrintedOwner]] = [[] for _ in headings]
    dues = [""] * len(headings)
    starts = [heading.start for heading in headings]
    own_line = [False] * len(headings)
    for note in notes:
        at = bisect_right(starts, note.start) - 1
        if at < 0:
            continue
        owners[at] += note.owners
        dues[at] = dues[at] or note.due_text
        own_line[at] = own_line[at] or note.own_line
    children: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        if place.parent is not None:
            children.setdefault(place.parent, []).append(index)
    ends = {siblings[-1] for siblings in children.values()}
    #: Styles whose items have owner lines of their own elsewhere: there such a line speaks of its item alone.
    each = {headings[i].style for i in range(len(headings)) if own_line[i] and owners[i] and i not in ends}
    for parent in sorted(children, reverse=True):
        last = children[parent][-1]
        if _lifts(headings, children[parent], owners, dues, own_line[last] and headings[last].style not in each):
            owners[parent], owners[last] = owners[last] + owners[parent], []
            dues[parent], dues[last] = dues[last] or dues[parent], ""
            own_line[parent] = own_line[parent] or own_line[last]
    return [offices_first(found) for found in owners], dues


def _lifts(
    headings: Sequence[Heading],
    siblings: list[int],
    owners: list[list[PrintedOwner]],
    dues: list[str],
    on_own_line: bool,
) -> bool:
    """Whether what stands behind the last sibling belongs to their parent."""
    last = siblings[-1]
    if not (owners[last] or dues[last]) or any(owners[i] or dues[i] for i in siblings[:-1]):
        return False
    if headings[last].style in _STEPS:
        return len(siblings) > 1 or not headings[last].own_paragraph
    return len(siblings) > 1 and on_own_line


def offices_first(found: list[PrintedOwner]) -> list[PrintedOwner]:
    """Offices in printed order, persons behind them."""
    if not found:
        return found
    return [o for o in found if o.role is not OwnerRole.PERSON] + [o for o in found if o.role is OwnerRole.PERSON]
