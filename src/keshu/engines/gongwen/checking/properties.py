"""Properties as Word resolves them: defaults, table, paragraph and character style with their ancestors, then what is direct.

A level says only what it sets; the next level overrides attribute by attribute. Theme fonts are looked up where they are named.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.ooxml import NAMESPACES, local, qualified

W = f"{{{NAMESPACES['w']}}}"
_A = f"{{{NAMESPACES['a']}}}"
Properties = dict[str, dict[str, str]]  # element name -> its attributes, both without the namespace


@dataclass(frozen=True)
class StyleEntry:
    """A style as the file has it."""

    id: str
    name: str
    kind: str
    parent: str
    paragraph: Properties
    run: Properties


@dataclass(frozen=True)
class StyleSheet:
    """The styles of a file, its defaults and its theme's fonts."""

    entries: dict[str, StyleEntry] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)  # kind -> style id
    paragraph: Properties = field(default_factory=dict)
    run: Properties = field(default_factory=dict)
    theme: dict[str, str] = field(default_factory=dict)

    def lineage(self, id: str) -> list[StyleEntry]:
        """A style and its ancestors, the eldest first; a circle is cut."""
        found: list[StyleEntry] = []
        while id in self.entries and all(each.id != id for each in found):
            found.append(self.entries[id])
            id = self.entries[id].parent
        return found[::-1]


def read_styles(package: Package) -> StyleSheet:
    """The style sheet of a file; empty where it has none."""
    root = package.sister("styles")
    theme = _theme_fonts(package.sister("theme"))
    if root is None:
        return StyleSheet(theme=theme)
    entries, defaults = {}, {}
    for style in root.findall(f"{W}style"):
        id, kind = style.get(f"{W}styleId", ""), style.get(f"{W}type", "paragraph")
        entries[id] = StyleEntry(
            id, _value(style, "name"), kind, _value(style, "basedOn"),
            properties(style.find(f"{W}pPr"), theme=theme), properties(style.find(f"{W}rPr"), theme=theme),
        )  # fmt: skip
        if style.get(f"{W}default") in ("1", "true", "on"):
            defaults[kind] = id
    base = root.find(f"{W}docDefaults")
    paragraph = None if base is None else base.find(f"{W}pPrDefault/{W}pPr")
    run = None if base is None else base.find(f"{W}rPrDefault/{W}rPr")
    return StyleSheet(entries, defaults, properties(paragraph, theme=theme), properties(run, theme=theme), theme)


def _theme_fonts(root: _Element | None) -> dict[str, str]:
    """What a theme's font names stand for, for a document in simplified Chinese."""
    found = {}
    for name in ("major", "minor"):
        fonts = None if root is None else next(root.iter(f"{_A}{name}Font"), None)
        if fonts is None:
            continue
        latin, east = fonts.find(f"{_A}latin"), fonts.find(f"{_A}ea")
        hans = next((each for each in fonts.findall(f"{_A}font") if each.get("script") == "Hans"), None)
        western = "" if latin is None else latin.get("typeface", "")
        found[f"{name}EastAsia"] = (east.get("typeface", "") if east is not None else "") or (
            hans.get("typeface", "") if hans is not None else ""
        )
        found[f"{name}HAnsi"] = found[f"{name}Ascii"] = western
    return found


def properties(element: _Element | None, *, theme: dict[str, str]) -> Properties:
    """What a pPr or rPr sets."""
    found: Properties = {}
    for child in () if element is None else element:
        name = local(child)
        attributes = {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
        if name == "rFonts":
            attributes = _with_theme(attributes, theme)
        elif name == "numPr":
            attributes = {local(each): each.get(f"{W}val", "") for each in child if isinstance(each.tag, str)}
        elif name == "pBdr":
            attributes = {local(each): _border(each) for each in child}
        found[name] = attributes
    return found


def _border(side: _Element) -> str:
    """Its colour; "" where it says that there is none, which overrules a style's."""
    return "" if side.get(f"{W}val") in ("none", "nil") else side.get(f"{W}color", "auto")


def _with_theme(attributes: dict[str, str], theme: dict[str, str]) -> dict[str, str]:
    """Font names, a theme's name going before one given beside it."""
    found: dict[str, str] = {slot: attributes[slot] for slot in ("ascii", "hAnsi", "eastAsia") if slot in attributes}
    for slot, name in (("ascii", "asciiTheme"), ("hAnsi", "hAnsiTheme"), ("eastAsia", "eastAsiaTheme")):
        if theme.get(attributes.get(name, "")):
            found[slot] = theme[attributes[name]]
    return found


MERGED = ("rFonts", "ind", "spacing")  # elements whose attributes are inherited one by one


def merged(*levels: Properties) -> Properties:
    """Levels put together, the later over the earlier."""
    found: Properties = {}
    for level in levels:
        for name, attributes in level.items():
            found[name] = {**found.get(name, {}), **attributes} if name in MERGED else attributes
    return found


def is_on(found: Properties, name: str) -> bool:
    """An on/off property: present means on, unless it says otherwise."""
    return name in found and found[name].get("val", "1") not in ("0", "false", "off", "none")


def value(found: Properties, name: str, attribute: str = "val") -> str:
    """An attribute of a property; empty where it is not set."""
    return found.get(name, {}).get(attribute, "")


def number(text: str, default: int = 0) -> int:
    """A whole number, a decimal one cut; `default` where the text is none."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return default


def _value(element: _Element, name: str) -> str:
    child = element.find(W + name)
    return "" if child is None else child.get(qualified("w:val"), "")
