"""What a paragraph and its runs look like once every style and default is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from keshu.engines.gongwen.checking.numbering import Counter
from keshu.engines.gongwen.checking.paper import Line, Piece
from keshu.engines.gongwen.checking.properties import (
    Properties,
    StyleSheet,
    W,
    is_on,
    merged,
    number,
    properties,
    value,
)
from keshu.engines.gongwen.ooxml import NAMESPACES, local

_MC = f"{{{NAMESPACES['mc']}}}"
_INVISIBLE = frozenset({"del", "moveFrom", "pPr", "rPr", "txbxContent", "instrText", "delText"})


@dataclass(frozen=True)
class Where:
    """Where a paragraph stands: its section, and its table if it stands in one."""

    section: int = 0
    table: int | None = None
    table_style: str = ""


@dataclass(frozen=True)
class Resolver:
    """Resolves paragraphs against a file's styles and lists; lists are counted as the paragraphs go by."""

    styles: StyleSheet
    counter: Counter

    def line(self, element: _Element, where: Where) -> Line:
        """A paragraph as it looks."""
        direct = properties(element.find(f"{W}pPr"), theme=self.styles.theme)
        style = value(direct, "pStyle") or self.styles.defaults.get("paragraph", "")
        table = self._table_levels(where)
        found, list_id, level = self._paragraph(direct, style=style, table=table)
        label = self.counter.next(list_id, level) if list_id not in ("", "0") else ""
        pieces = tuple(self._pieces(element, style=style, table=table))
        lineage = self.styles.lineage(style)
        character = (next((p.size for p in pieces if p.text.strip()), 0) or self._mark_size(style)) * 10
        breaks = [each for each in element.iter(f"{W}br") if each.get(f"{W}type") == "page"]
        return Line(
            text="".join(piece.text for piece in pieces),
            element=element,
            label=label,
            pieces=pieces,
            style=lineage[-1].name if lineage else "",
            align=value(found, "jc") or "left",
            first=_characters(found, "firstLine", character) - _characters(found, "hanging", character),
            left=_characters(found, "left", character) or _characters(found, "start", character),
            right=_characters(found, "right", character) or _characters(found, "end", character),
            line=number(value(found, "spacing", "line"), 240),
            line_rule=value(found, "spacing", "lineRule") or "auto",
            before=number(value(found, "spacing", "before")),
            after=number(value(found, "spacing", "after")),
            is_listed=list_id not in ("", "0"),
            is_framed="framePr" in found,
            is_new_page=is_on(found, "pageBreakBefore") or bool(breaks),
            has_picture=any(True for _ in element.iter(f"{W}drawing", f"{W}pict", f"{W}object")),
            ends_section=element.find(f"{W}pPr/{W}sectPr") is not None,
            section=where.section,
            table=where.table,
            rules=tuple(sorted((side, colour) for side, colour in found.get("pBdr", {}).items() if colour)),
        )

    def _table_levels(self, where: Where) -> tuple[Properties, Properties]:
        lineage = self.styles.lineage(where.table_style) if where.table_style else []
        return merged(*(each.paragraph for each in lineage)), merged(*(each.run for each in lineage))

    def _paragraph(
        self, direct: Properties, *, style: str, table: tuple[Properties, Properties]
    ) -> tuple[Properties, str, int]:
        """Resolved properties, and the list and level the paragraph counts in.

        A list named by a style indents before that style does, one named by the paragraph itself after.
        """
        lineage = [each.paragraph for each in self.styles.lineage(style)]
        inherited = merged(*lineage)
        is_direct = "numPr" in direct
        numbering = (direct if is_direct else inherited).get("numPr", {})
        list_id = numbering.get("numId", "") or inherited.get("numPr", {}).get("numId", "")
        level = number(numbering.get("ilvl", "") or inherited.get("numPr", {}).get("ilvl", "0"))
        found_level = self.counter.level(list_id, level)
        listed = found_level.paragraph if found_level else {}
        levels = (inherited, listed) if is_direct else (listed, inherited)
        return merged(self.styles.paragraph, table[0], *levels, direct), list_id, level

    def _mark_size(self, style: str) -> int:
        return (
            number(value(merged(self.styles.run, *(each.run for each in self.styles.lineage(style))), "sz"), 20) or 20
        )

    def _pieces(self, element: _Element, *, style: str, table: tuple[Properties, Properties]) -> Iterator[Piece]:
        paragraph = merged(*(each.run for each in self.styles.lineage(style)))
        base = merged(self.styles.run, table[1], paragraph)
        for run in runs(element):
            direct = properties(run.find(f"{W}rPr"), theme=self.styles.theme)
            character = merged(*(each.run for each in self.styles.lineage(value(direct, "rStyle"))))
            found = merged(base, character, direct)
            text = run_text(run)
            if not text or is_on(found, "vanish"):
                continue
            is_bold = is_on(direct, "b") if "b" in direct else is_on(paragraph, "b") != is_on(character, "b")
            if "b" in character and not is_on(character, "b") and "b" not in direct:
                is_bold = False
            yield Piece(
                text=text,
                font=value(found, "rFonts", "eastAsia") or "宋体",
                size=number(value(found, "sz"), 20),
                is_bold=is_bold,
                colour=value(found, "color").upper().replace("AUTO", "auto") or "auto",
                western=value(found, "rFonts", "ascii") or "Times New Roman",
                spacing=number(value(found, "spacing")),
                element=run,
            )


def _characters(found: Properties, name: str, character: int) -> float:
    """An indent in characters: counted so, or a length divided by a character's width."""
    counted = number(value(found, "ind", f"{name}Chars"))
    return counted / 100 if counted else number(value(found, "ind", name)) / (character or 200)


def runs(element: _Element) -> Iterator[_Element]:
    """The runs of a paragraph that are seen: no deletions, no text boxes; of alternatives the first."""
    for child in element:
        name = local(child)
        if name == "r":
            yield child
        elif name and name not in _INVISIBLE and child.tag != f"{_MC}Fallback":
            yield from runs(child)


def run_text(run: _Element) -> str:
    """The words of a run."""
    found = []
    for child in run:
        name = local(child)
        if name == "t":
            found.append(child.text or "")
        elif name in ("br", "cr"):
            found.append("" if child.get(f"{W}type") == "page" else "\n")
        elif name in ("tab", "ptab"):
            found.append("\t")
        elif name == "noBreakHyphen":
            found.append("-")
    return "".join(found)
