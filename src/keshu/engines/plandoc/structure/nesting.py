"""Levels by nesting, not by glyph: which heading stands under which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.labels import HAN_DIGITS, Style

_ORDER = {style: position for position, style in enumerate(Style)}
_SPOKEN = frozenset({Style.STEP, Style.MUST, Style.ORDINAL, Style.DASH})
# Label families whose glyphs authors mix on one level: 一、 and 一是, 1、 and 1.
_HAN = frozenset({Style.HAN, Style.HAN_PAREN, Style.STEP, Style.ORDINAL})
_DIGITS = frozenset({Style.DIGIT, Style.DIGIT_PAREN})
_NUMERAL = re.compile(rf"[{HAN_DIGITS}\d ]+")


class Place(NamedTuple):
    """Where a heading stands: level from 1, index of its parent (None at the top)."""

    level: int
    parent: int | None


class _Glyph(NamedTuple):
    """A way of printing labels: its style, and of Arabic numerals the marks around them (1、 1. (1) 1))."""

    style: Style
    marks: str


@dataclass(slots=True)
class _Open:
    """A heading that still holds what follows; `glyph` and `number` are those of its last sibling."""

    index: int
    glyph: _Glyph
    number: int | None

    @property
    def style(self) -> Style:
        return self.glyph.style

    def is_before(self, heading: Heading) -> bool:
        """Whether the number of `heading` follows this one's."""
        return self.number is not None and self.number + 1 == heading.number


@dataclass(slots=True)
class _Run:
    """How far the numbers of a glyph have come, and the glyphs its last heading stood under."""

    number: int | None
    above: frozenset[_Glyph]


@dataclass(slots=True)
class _Nest:
    """The headings open at a place, and the runs of numbers up to it."""

    headings: list[Heading]
    stack: list[_Open] = field(default_factory=list)
    runs: dict[_Glyph, _Run] = field(default_factory=dict)

    def place(self, index: int, following: Heading | None) -> Place:
        """Put the heading at `index` where it belongs."""
        heading = self.headings[index]
        if heading.style in (Style.YEAR, Style.QUESTION):
            self.runs.clear()
        del self.stack[self._depth(index, following) :]
        above = frozenset(entry.glyph for entry in self.stack)
        depth, parent = len(self.stack), self.stack[-1].index if self.stack else None
        self.stack.append(_Open(index, _glyph(heading), heading.number))
        self.runs[_glyph(heading)] = _Run(heading.number, above)
        return Place(depth + 1, parent)

    def _depth(self, index: int, following: Heading | None) -> int:
        """How many of the open headings stay open above this one."""
        heading, stack = self.headings[index], self.stack
        if heading.style in (Style.YEAR, Style.QUESTION):
            return 0
        if stack and stack[-1].style is Style.LEAD:
            stack.pop()
        if heading.style is Style.PLAIN:
            return _plain_depth(stack, following)
        for find in (self._sibling, self._carried):
            depth = find(index)
            if depth is not None:
                return depth
        depth = len(stack)
        while depth and _outranks(heading, stack[depth - 1]):
            depth -= 1
        return depth

    def _sibling(self, index: int) -> int | None:
        """The depth of an open heading of the same style; `1、` and `1.` are siblings when the number goes on."""
        heading = self.headings[index]
        glyph, mixed = _glyph(heading), None
        for depth in range(len(self.stack) - 1, -1, -1):
            entry = self.stack[depth]
            if entry.style is not heading.style:
                continue
            if entry.glyph == glyph:
                return depth if mixed is None or entry.is_before(heading) else mixed
            is_mixed = heading.number != 1 or entry.number is None
            if mixed is None and is_mixed and not self._runs_on(index, entry):
                mixed = depth
        return mixed

    def _carried(self, index: int) -> int | None:
        """The depth of an open heading in another glyph whose number this one follows (一是 … 二、)."""
        heading = self.headings[index]
        if heading.number in (None, 1) or heading.style not in _HAN:
            return None
        for depth in range(len(self.stack) - 1, -1, -1):
            entry = self.stack[depth]
            if entry.style in _HAN and entry.is_before(heading):
                return None if self._runs_on(index, entry) else depth
        return None

    def _runs_on(self, index: int, entry: _Open) -> bool:
        """Whether a heading goes on with numbers of its own below `entry`: 一、(一)(二) … 二、(三).

        Where its number would follow that of `entry` as well, the headings behind it tell: with 三、 among them it is
        the third of its own, with 四、 (and no (四) before it) it is 三、 in a slip of the pen.
        """
        heading = self.headings[index]
        glyph = _glyph(heading)
        run = self.runs.get(glyph)
        if run is None or run.number is None or run.number + 1 != heading.number or entry.glyph not in run.above:
            return False
        if not entry.is_before(heading):
            return True
        behind = (self.headings[place] for place in range(index + 1, len(self.headings)))
        return not _is_taken_up(heading.number + 1, behind, own=glyph, other=entry.glyph)


def nest(headings: list[Heading]) -> list[Place]:
    """Give every heading its level and parent.

    A style seen before closes back to it; a new style opens a level, unless the official order puts it above what is
    open, or its number carries on a neighbour's in another glyph (一是 … 二、) and not its own from the chapter before.
    Year headings, questions and plain section names start over.
    """
    following = _following(headings)
    nest_ = _Nest(headings)
    return [nest_.place(index, following[index]) for index in range(len(headings))]


def _glyph(heading: Heading) -> _Glyph:
    return _Glyph(heading.style, _NUMERAL.sub("", heading.label) if heading.style in _DIGITS else "")


def _is_taken_up(number: int, behind: Iterable[Heading], *, own: _Glyph, other: _Glyph) -> bool:
    """Whether the next heading of the `other` glyph has this number, and none of its `own` takes it before."""
    is_own_done = False
    for heading in behind:
        glyph = _glyph(heading)
        if glyph == other:
            return heading.number == number
        if glyph == own and not is_own_done:
            if heading.number == number:
                return False
            is_own_done = True
    return False


def _following(headings: list[Heading]) -> list[Heading | None]:
    """For each heading the next one behind it that is no plain section name."""
    found: list[Heading | None] = []
    ahead: Heading | None = None
    for heading in reversed(headings):
        found.append(ahead)
        ahead = ahead if heading.style is Style.PLAIN else heading
    return found[::-1]


def _outranks(heading: Heading, entry: _Open) -> bool:
    """Whether the official order puts `heading` above the open `entry`."""
    if entry.style in (Style.YEAR, Style.QUESTION, Style.PLAIN):
        return False
    if heading.style in _SPOKEN:
        return heading.style is not Style.DASH and entry.style is Style.DASH
    if entry.style in _SPOKEN:
        return heading.style in (Style.PART, Style.CHAPTER, Style.SECTION, Style.HAN, Style.HAN_PAREN)
    return _ORDER[heading.style] < _ORDER[entry.style]


def _plain_depth(stack: list[_Open], following: Heading | None) -> int:
    """An unnumbered section name closes everything, unless the numbering around it goes on behind it."""
    if following is None or following.number in (None, 1):
        return next((depth for depth, entry in enumerate(stack) if entry.style is not Style.YEAR), len(stack))
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].style is following.style:
            # 重点任务 (一、二、) … 保障措施 (三、): the numbers run on through the section names above them.
            return depth - 1 if depth and stack[depth - 1].style is Style.PLAIN else depth + 1
    return len(stack)
