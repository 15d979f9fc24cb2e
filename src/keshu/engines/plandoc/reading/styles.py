"""Word styles: what a paragraph inherits of outline level, numbering and hiddenness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.ooxml import W, flag, integer, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])\Z", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*[1-9]\Z|toc heading\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says itself; None where it leaves the matter to the style it is based on."""

    name: str
    base: str
    outline: int | None
    num: str | None
    depth: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a paragraph or run gets from its style; ``owner`` is the style that names the list."""

    outline: int | None = None
    num: str | None = None
    depth: int | None = None
    owner: str = ""
    hidden: bool = False
    contents: bool = False


class Styles:
    """The style sheet; :meth:`inherited` follows `basedOn`."""

    def __init__(self, tree: _Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default = ""
        self._known: dict[str, Inherited] = {}
        for element in () if tree is None else tree.iterfind(f"{W}style"):
            key = element.get(f"{W}styleId", "")
            self._styles[key] = _style(element)
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true"):
                self._default = key

    def inherited(self, key: str | None) -> Inherited:
        """What style `key` (None: the default paragraph style) gives."""
        key = self._default if key is None else key
        if key not in self._known:
            self._known[key] = self._follow(key)
        return self._known[key]

    def _follow(self, key: str) -> Inherited:
        chain: list[tuple[str, Style]] = []
        while key in self._styles and len(chain) < 20:
            chain.append((key, self._styles[key]))
            key = self._styles[key].base
        outline = next((style.outline for _, style in chain if style.outline is not None), None)
        lists = next(((name, style) for name, style in chain if style.num is not None), None)
        depth = next((style.depth for _, style in chain if style.depth is not None), None)
        return Inherited(
            outline=outline,
            num=lists[1].num if lists else None,
            depth=depth,
            owner=chain[0][0] if chain else "",
            hidden=any(style.hidden for _, style in chain),
            contents=any(bool(_CONTENTS.match(style.name)) for _, style in chain[:1]),
        )


def _style(element: _Element) -> Style:
    name = (value(element, "name") or "").strip()
    properties = element.find(f"{W}pPr")
    numbers = None if properties is None else properties.find(f"{W}numPr")
    outline = value(properties, "outlineLvl")
    heading = _HEADING.match(name)
    level = integer(outline, 9) + 1 if outline is not None else int(heading[1]) if heading else None
    depth = value(numbers, "ilvl")
    return Style(
        name=name,
        base=value(element, "basedOn") or "",
        outline=level,
        num=value(numbers, "numId"),
        depth=None if depth is None else integer(depth, 0),
        hidden=flag(element.find(f"{W}rPr"), "vanish"),
    )
