"""Levels by nesting, not by glyph: which heading stands under which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.labels import Style

_ORDER = {style: position for position, style in enumerate(Style)}
# Label families whose glyphs authors mix on one level: 1、 and 1., 一、 and 一是.
_SPOKEN = frozenset({Style.STEP, Style.MUST, Style.ORDINAL, Style.DASH})
_HAN = frozenset({Style.HAN, Style.HAN_PAREN, Style.STEP, Style.ORDINAL})


class Place(NamedTuple):
    """Where a heading stands: level from 1, index of its parent (None at the top)."""

    level: int
    parent: int | None


@dataclass(slots=True)
class _Open:
    """A heading that still holds what follows; `style` and `number` are those of its last sibling."""

    index: int
    style: Style
    number: int | None
    text: str


def nest(headings: list[Heading]) -> list[Place]:
    """Give every heading its level and parent.

    A style seen before closes back to it; a new style opens a level, unless the official order puts it above what is
    open, or its number carries on a neighbour's in another glyph (一是 … 二、). Year headings, questions and plain
    section names start over.
    """
    following = _following(headings)
    places: list[Place] = []
    stack: list[_Open] = []
    for index, heading in enumerate(headings):
        depth = _depth(stack, heading, following[index])
        del stack[depth:]
        places.append(Place(depth + 1, stack[-1].index if stack else None))
        stack.append(_Open(index, heading.style, heading.number, heading.label))
    return places


def _following(headings: list[Heading]) -> list[Heading | None]:
    """For each heading the next one behind it that is no plain section name."""
    found: list[Heading | None] = []
    ahead: Heading | None = None
    for heading in reversed(headings):
        found.append(ahead)
        ahead = ahead if heading.style is Style.PLAIN else heading
    return found[::-1]


def _depth(stack: list[_Open], heading: Heading, following: Heading | None) -> int:
    """How many of the open headings stay open above this one."""
    if heading.style in (Style.YEAR, Style.QUESTION):
        return 0
    if stack and stack[-1].style is Style.LEAD:
        stack.pop()
    if heading.style is Style.PLAIN:
        return _plain_depth(stack, following)
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].style is heading.style and _same_glyph(stack[depth], heading):
            return depth
    carried = _carries_on(stack, heading)
    if carried is not None:
        return carried
    depth = len(stack)
    while depth and _outranks(heading, stack[depth - 1]):
        depth -= 1
    return depth


def _same_glyph(entry: _Open, heading: Heading) -> bool:
    """Sibling of the same style; `1、` and `1.` are siblings when the number goes on, nested when it starts over."""
    if heading.style not in (Style.DIGIT, Style.DIGIT_PAREN):
        return True
    return entry.text[-1:] == heading.label[-1:] or heading.number != 1 or entry.number is None


def _carries_on(stack: list[_Open], heading: Heading) -> int | None:
    """The depth of an open heading in another glyph whose number this one follows (一是 … 二、)."""
    if heading.number in (None, 1) or heading.style not in _HAN:
        return None
    for depth in range(len(stack) - 1, -1, -1):
        entry = stack[depth]
        if entry.style in _HAN and entry.number is not None and entry.number + 1 == heading.number:
            return depth
    return None


def _outranks(heading: Heading, entry: _Open) -> bool:
    """Whether the official order puts `heading` above the open `entry`."""
    if entry.style in (Style.YEAR, Style.QUESTION, Style.PLAIN):
        return False
    if heading.style in _SPOKEN:
        return heading.style is not Style.DASH and entry.style is Style.DASH
    if entry.style in _SPOKEN:
        return heading.style in (Style.CHAPTER, Style.SECTION, Style.HAN, Style.HAN_PAREN)
    return _ORDER[heading.style] < _ORDER[entry.style]


def _plain_depth(stack: list[_Open], following: Heading | None) -> int:
    """An unnumbered section name closes everything, unless the numbering around it goes on behind it."""
    if following is None or following.number in (None, 1):
        return next((depth for depth, entry in enumerate(stack) if entry.style is not Style.YEAR), len(stack))
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].style is following.style:
            return depth + 1
    return len(stack)
