"""From the parts of a Word file to a `Paper`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml.etree import _Element

from keshu.engines.gongwen.checking.looks import Resolver, Where
from keshu.engines.gongwen.checking.numbering import read_numbering
from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.checking.paper import Grid, Line, PageNumber, Paper, Sheet
from keshu.engines.gongwen.checking.properties import W, merged, number, read_styles, value
from keshu.engines.gongwen.ooxml import NAMESPACES, local

_R = f"{{{NAMESPACES['r']}}}"
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"})


def read_paper(package: Package) -> Paper:
    """The file as the rules see it."""
    root = package.tree(package.main)
    assert root is not None
    body = root.find(f"{W}body")
    styles = read_styles(package)
    resolver = Resolver(styles, read_numbering(package, theme=styles.theme))
    settings = package.sister("settings")
    has_even = settings is not None and settings.find(f"{W}evenAndOddHeaders") is not None
    walk = _Walk(resolver)
    if body is not None:
        walk.through(body)
    sections = [] if body is None else _section_elements(body)
    default = merged(styles.run, *(each.run for each in styles.lineage(styles.defaults.get("paragraph", ""))))
    return Paper(
        lines=tuple(walk.lines),
        sheets=tuple(_sheet(index, element) for index, element in enumerate(sections)),
        tables=tuple(walk.tables),
        page_numbers=tuple(_page_numbers(package, sections, resolver)),
        has_even_pages=has_even,
        body_size=number(value(default, "sz"), 20),
        settings=settings,
    )


class _Walk:
    """Goes through the body in reading order and keeps count of paragraphs, tables and sections."""

    def __init__(self, resolver: Resolver) -> None:
        self.lines: list[Line] = []
        self.tables: list[Grid] = []
        self._resolver, self._said, self._section = resolver, 0, 0

    def through(self, parent: _Element, where: Where | None = None) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._paragraph(child, where)
            elif name == "tbl":
                self._table(child)
            elif name in _WRAPPERS:
                self.through(child, where)

    def _paragraph(self, element: _Element, where: Where | None) -> None:
        line = self._resolver.line(element, where or Where(self._section))
        if not line.is_blank and where is None:
            self._said += 1
            line = replace(line, number=self._said)
        self.lines.append(line)
        if line.ends_section and where is None:
            self._section += 1

    def _table(self, element: _Element) -> None:
        rows = element.findall(f"{W}tr")
        style = element.find(f"{W}tblPr/{W}tblStyle")
        header = None if not rows else rows[0].find(f"{W}trPr/{W}tblHeader")
        self.tables.append(
            Grid(
                number=len(self.tables) + 1,
                rows=len(rows),
                has_header=header is not None and header.get(f"{W}val", "1") not in ("0", "false", "off"),
                is_framed=element.find(f"{W}tblPr/{W}tblpPr") is not None,
                element=element,
            )
        )
        where = Where(self._section, len(self.tables), "" if style is None else style.get(f"{W}val", ""))
        for cell in element.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tbl")) is element:
                self.through(cell, where)


def _section_elements(body: _Element) -> list[_Element]:
    return [
        each
        for each in body.iter(f"{W}sectPr")
        if (above := each.getparent()) is not None and local(above) in ("pPr", "body")
    ]


def _sheet(index: int, element: _Element) -> Sheet:
    size, margins, grid = (element.find(f"{W}{name}") for name in ("pgSz", "pgMar", "docGrid"))
    width, height = (_attribute(size, name) for name in ("w", "h"))
    top, right, bottom, left = (_attribute(margins, name) for name in ("top", "right", "bottom", "left"))
    return Sheet(
        number=index + 1,
        width=width,
        height=height,
        is_landscape=width > height,
        margins=(abs(top), right, abs(bottom), left + _attribute(margins, "gutter")),
        grid="" if grid is None else grid.get(f"{W}type", ""),
        line_pitch=_attribute(grid, "linePitch"),
        character_space=_attribute(grid, "charSpace"),
        element=element,
    )


def _attribute(element: _Element | None, name: str) -> int:
    return 0 if element is None else number(element.get(f"{W}{name}", "0"))


def _page_numbers(package: Package, sections: list[_Element], resolver: Resolver) -> Iterator[PageNumber]:
    """Every page number of every section; a section without a footer of its own keeps the one before."""
    targets = {id: (name, kind) for kind in ("footer", "header") for id, name in package.related(kind)}
    current: dict[tuple[str, str], str] = {}
    for index, section in enumerate(sections):
        for reference in (*section.findall(f"{W}footerReference"), *section.findall(f"{W}headerReference")):
            current[local(reference), reference.get(f"{W}type", "default")] = reference.get(f"{_R}id", "")
        sheet = _sheet(index, section)
        for (_, kind), id in sorted(current.items()):
            name, part = targets.get(id, ("", ""))
            root = package.tree(name) if name else None
            if root is None or (kind == "first" and section.find(f"{W}titlePg") is None):
                continue
            yield from _numbers_in(root, resolver, sheet=sheet, is_even=kind == "even", is_at_foot=part == "footer")


def _numbers_in(
    root: _Element, resolver: Resolver, *, sheet: Sheet, is_even: bool, is_at_foot: bool
) -> Iterator[PageNumber]:
    for paragraph in root.iter(f"{W}p"):
        if any(local(each) == "Fallback" for each in paragraph.iterancestors()):
            continue
        codes = " ".join(
            [each.text or "" for each in paragraph.iter(f"{W}instrText")]
            + [each.get(f"{W}instr", "") for each in paragraph.iter(f"{W}fldSimple")]
        )
        is_inner = any(local(each) == "txbxContent" for each in paragraph.iter())
        if "PAGE" not in codes.upper().split() or is_inner:
            continue
        frame = paragraph.find(f"{W}pPr/{W}framePr")
        outside = frame is not None and frame.get(f"{W}xAlign") == "outside"
        line = resolver.line(paragraph, Where(sheet.number - 1))
        yield PageNumber(line, is_even, outside, sheet.is_landscape, is_at_foot, sheet.number)
