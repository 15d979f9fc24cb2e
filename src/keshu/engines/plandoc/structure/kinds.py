"""What a heading opens: a section, an action, a measure or a goal line (conventions of the labelled documents)."""

from __future__ import annotations

from collections.abc import Sequence

from keshu.engines.plandoc.document import NodeKind
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.labels import Style
from keshu.engines.plandoc.structure.nesting import Place
from keshu.engines.plandoc.structure.regimes import Regime
from keshu.engines.plandoc.structure.words import opens_with_verb, sense_of

_STEPS = frozenset({Style.STEP, Style.MUST, Style.ORDINAL, Style.CIRCLED, Style.LETTER})
_CHAPTERS = frozenset({Style.PART, Style.CHAPTER, Style.YEAR, Style.PLAIN, Style.LEAD, Style.QUESTION})


def find_kinds(headings: Sequence[Heading], *, places: Sequence[Place], regimes: Sequence[Regime]) -> list[NodeKind]:
    """One kind per heading; a heading over numbered headings is a section, whatever its words."""
    holds: set[int] = set()
    for heading, place in zip(headings, places, strict=True):
        steps_inside = heading.style in _STEPS and not heading.own_paragraph
        if place.parent is not None and not steps_inside and not heading.goal:
            holds.add(place.parent)
    kinds: list[NodeKind] = []
    for index, (heading, place, regime) in enumerate(zip(headings, places, regimes, strict=True)):
        above = kinds[place.parent] if place.parent is not None else None
        kinds.append(_kind(heading, place, regime, holds=index in holds, above=above))
    return kinds


def _kind(heading: Heading, place: Place, regime: Regime, *, holds: bool, above: NodeKind | None) -> NodeKind:
    if heading.goal or (heading.style is Style.DASH and regime.role is Role.GOAL):
        return NodeKind.GOAL
    if heading.style in _CHAPTERS or (holds and heading.style is not Style.DASH):
        return NodeKind.SECTION
    if heading.style in _STEPS:
        task = heading.own_paragraph and above is not NodeKind.ACTION and regime.role is not Role.SAFEGUARD
        return NodeKind.ACTION if task else NodeKind.MEASURE
    sense = sense_of(heading.text)
    if sense is not None and sense.role in (Role.GOAL, Role.RESULT, Role.PREAMBLE):
        return NodeKind.SECTION
    if regime.role is Role.RESULT and not opens_with_verb(heading.text):
        return NodeKind.SECTION
    if regime.role is Role.SAFEGUARD:
        return NodeKind.SECTION if place.level == 1 else NodeKind.MEASURE
    return NodeKind.SECTION if regime.role in (Role.GOAL, Role.PREAMBLE) else NodeKind.ACTION
