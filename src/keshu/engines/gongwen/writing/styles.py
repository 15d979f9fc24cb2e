"""Styles: every look the writer uses, as a named style, so that a paragraph carries nothing but its style's name."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.ooxml import make


@dataclass(frozen=True)
class Style:
    """A paragraph style as the catalogue declares it; lengths in twips, sizes in half points, indents in characters.

    `line` is exact; None leaves the line to what stands in it (pictures). None for `font` and `size` takes the parent's.
    """

    id: str
    name: str
    font: str | None = None
    size: int | None = None
    based_on: str | None = "Normal"
    follow: str | None = None
    is_bold: bool = False
    colour: str | None = None
    align: str | None = None
    line: int | None = -1
    before: int = 0
    after: int = 0
    left: float = 0
    right: float = 0
    first: float = 0
    hanging: float = 0
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    outline: int | None = None
    level: int | None = None
    spacing: int | None = None
    tabs: tuple[tuple[str, int], ...] = ()
    rule_below: tuple[str, int, int] | None = None
    is_quick: bool = True


INHERIT = -1


def switch(name: str, is_on: bool) -> _Element | None:
    """An on/off property, or nothing."""
    return make(f"w:{name}") if is_on else None


def fonts(font: str) -> _Element:
    """One typeface for every script, so that no machine mixes another in; `hint` makes “ ” and — full width."""
    return make("w:rFonts", hint="eastAsia", ascii=font, hAnsi=font, eastAsia=font, cs=font)


def paragraph_style(style: Style, *, parent_size: int) -> _Element:
    """The style's element."""
    return make(
        "w:style",
        make("w:name", val=style.name),
        make("w:basedOn", val=style.based_on) if style.based_on else None,
        make("w:next", val=style.follow) if style.follow else None,
        make("w:qFormat") if style.is_quick else None,
        _paragraph_properties(style, character=(style.size or parent_size) * 10),
        _run_properties(style),
        type="paragraph",
        styleId=style.id,
        default="1" if style.id == "Normal" else None,
        customStyle=None if style.id in BUILT_IN else "1",
    )


BUILT_IN = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "FootnoteText", "FootnoteReference"})


def _paragraph_properties(style: Style, *, character: int) -> _Element:
    return make(
        "w:pPr",
        switch("keepNext", style.keep_next),
        switch("keepLines", style.keep_lines),
        switch("pageBreakBefore", style.page_break),
        make("w:numPr", make("w:ilvl", val=style.level), make("w:numId", val=1)) if style.level is not None else None,
        _border(style),
        make("w:tabs", *(make("w:tab", val=kind, pos=at) for kind, at in style.tabs)) if style.tabs else None,
        # no blanks between Chinese and figures: 28 characters are 28 characters
        make("w:autoSpaceDE", val=0) if style.based_on is None else None,
        make("w:autoSpaceDN", val=0) if style.based_on is None else None,
        # Word keeps an exact line of another height off the grid by itself, LibreOffice does not
        make("w:snapToGrid", val=0) if style.line not in (INHERIT, gb.LINE) else None,
        _spacing(style),
        _indent(style, character=character),
        make("w:jc", val=style.align) if style.align else None,
        make("w:outlineLvl", val=style.outline) if style.outline is not None else None,
    )


def _border(style: Style) -> _Element | None:
    if style.rule_below is None:
        return None
    colour, eighths, space = style.rule_below
    return make("w:pBdr", make("w:bottom", val="single", sz=eighths, space=space, color=colour))


def _spacing(style: Style) -> _Element | None:
    line: dict[str, object] = {}
    if style.line is None:
        line = {"line": 240, "lineRule": "auto"}
    elif style.line != INHERIT:
        line = {"line": style.line, "lineRule": "exact"}
    around = {"before": style.before, "after": style.after} if style.before or style.after else {}
    return make("w:spacing", **around, **line) if around or line else None


def _indent(style: Style, *, character: int) -> _Element | None:
    """Indents in characters of the style's own size, and in twips for programs that do not count in characters."""
    values: dict[str, object] = {}
    for name, key, count in (
        ("left", "left", style.left),
        ("right", "right", style.right),
        ("firstLine", "firstLine", style.first),
        ("hanging", "hanging", style.hanging),
    ):
        if count:
            values |= {f"{key}Chars": round(count * 100), name: round(count * character)}
    return make("w:ind", **values) if values else None


def _run_properties(style: Style) -> _Element | None:
    # the body's spacing suits its size only: another size keeps its own width
    spacing = 0 if style.spacing is None and style.size else style.spacing
    properties = [
        fonts(style.font) if style.font else None,
        switch("b", style.is_bold),
        switch("bCs", style.is_bold),
        make("w:color", val=style.colour) if style.colour else None,
        make("w:spacing", val=spacing) if spacing is not None else None,
        make("w:sz", val=style.size) if style.size else None,
        make("w:szCs", val=style.size) if style.size else None,
    ]
    return make("w:rPr", *properties) if any(each is not None for each in properties) else None


def character_style(id: str, *, name: str, properties: tuple[_Element, ...]) -> _Element:
    """A character style's element."""
    return make(
        "w:style",
        make("w:name", val=name),
        make("w:basedOn", val="DefaultParagraphFont"),
        make("w:qFormat"),
        make("w:rPr", *properties),
        type="character",
        styleId=id,
        customStyle=None if id in BUILT_IN else "1",
    )
