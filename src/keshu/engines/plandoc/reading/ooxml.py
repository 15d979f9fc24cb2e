"""Small readings of WordprocessingML (ECMA-376 part 1): namespaces, on/off properties, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = "{" + TRANSITIONAL.decode() + "}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def value(element: _Element | None, name: str) -> str | None:
    """``w:val`` of a child; None where the child is absent."""
    child = None if element is None else element.find(W + name)
    return None if child is None else child.get(W + "val", "")


def flag(element: _Element | None, name: str) -> bool:
    """An on/off property: present means on, unless it says otherwise."""
    child = None if element is None else element.find(W + name)
    return child is not None and child.get(W + "val", "1") not in ("0", "false", "off")


def integer(text: str | None, default: int) -> int:
    """A whole number between 0 and a million; `default` where the text is none."""
    try:
        return min(max(int(text or ""), 0), 1_000_000)
    except ValueError:
        return default
