"""Automatic numbers of a Word document, written out: which label each numbered paragraph prints."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.numerals import written
from keshu.engines.plandoc.reading.ooxml import W, flag, integer, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number is formed."""

    start: int
    number_format: str
    text: str
    legal: bool
    restart: int | None


class Numbering:
    """Counts through the document, paragraph by paragraph, as Word does."""

    def __init__(self, tree: _Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = defaultdict(dict)
        self._own_levels: dict[str, dict[int, Level]] = defaultdict(dict)
        self._style_levels: dict[tuple[str, str], int] = {}
        self._style_links: dict[str, str] = {}
        self._list_styles: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if tree is not None:
            self._load(tree)

    def _load(self, tree: _Element) -> None:
        for abstract in tree.iterfind(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            self._levels[key] = {}
            for element in abstract.iterfind(f"{W}lvl"):
                depth = integer(element.get(f"{W}ilvl"), 0)
                self._levels[key][depth] = _level(element)
                if style := value(element, "pStyle"):
                    self._style_levels[key, style] = depth
            if link := value(abstract, "numStyleLink"):
                self._list_styles[key] = link
            if link := value(abstract, "styleLink"):
                self._style_links[link] = key
        for num in tree.iterfind(f"{W}num"):
            key = num.get(f"{W}numId", "")
            self._abstract_of[key] = value(num, "abstractNumId") or ""
            for override in num.iterfind(f"{W}lvlOverride"):
                depth = integer(override.get(f"{W}ilvl"), 0)
                if (start := value(override, "startOverride")) is not None:
                    self._overrides[key][depth] = integer(start, 1)
                if (own := override.find(f"{W}lvl")) is not None:
                    self._own_levels[key][depth] = _level(own)

    def depth_of_style(self, num: str, style: str) -> int | None:
        """The level that `num` gives to paragraphs of a style; None where it names none."""
        return self._style_levels.get((self._abstract(num), style))

    def _abstract(self, num: str) -> str:
        key = self._abstract_of.get(num, "")
        return self._style_links.get(self._list_styles.get(key, ""), key)

    def label(self, num: str, depth: int) -> str:
        """The label of the next paragraph of list `num` at `depth`; empty for bullets without a sign of their own."""
        abstract = self._abstract(num)
        levels = {**self._levels.get(abstract, {}), **self._own_levels.get(num, {})}
        level = levels.get(depth)
        if level is None or depth > _DEEPEST:
            return ""
        counts = self._counts[abstract]
        self._count(counts, levels, num=num, depth=depth)
        if level.number_format == "bullet":
            return "" if any("\ue000" <= sign <= "\uf8ff" for sign in level.text) else level.text

        def figure(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = levels.get(place, level)
            number_format = "decimal" if level.legal else other.number_format
            return written(counts.get(place, other.start), number_format=number_format)

        return _PLACE.sub(figure, level.text)

    def _count(self, counts: dict[int, int], levels: dict[int, Level], *, num: str, depth: int) -> None:
        start = levels[depth].start
        if depth in self._overrides[num] and (num, depth) not in self._started:
            self._started.add((num, depth))
            start = self._overrides[num][depth]
            counts.pop(depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else start
        for above in range(depth):
            counts.setdefault(above, levels[above].start if above in levels else 1)
        for below in [place for place in counts if place > depth]:
            restart = levels[below].restart if below in levels else None
            if restart is None or (restart > 0 and depth < restart):
                del counts[below]


def _level(element: _Element) -> Level:
    text = value(element, "lvlText") or ""
    restart = value(element, "lvlRestart")
    return Level(
        start=integer(value(element, "start"), 1),
        number_format=value(element, "numFmt") or "decimal",
        text=text,
        legal=flag(element, "isLgl"),
        restart=None if restart is None else integer(restart, 0),
    )
