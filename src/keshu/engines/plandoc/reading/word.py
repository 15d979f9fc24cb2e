"""Word documents (.docx, .docm): body paragraphs and tables in order, automatic numbers written out.

Left out, because the printed page does not show it as text of the document: headers and footers, footnotes and comments,
deleted revisions, hidden runs, field codes, the table of contents, the reading aid above ruby characters. Macros are never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.archive import Archive
from keshu.engines.plandoc.reading.numbering import Numbering
from keshu.engines.plandoc.reading.ooxml import MC, W, flag, integer, value
from keshu.engines.plandoc.reading.refusal import LONGEST_TEXT, refusal, too_long
from keshu.engines.plandoc.reading.rows import Grid
from keshu.engines.plandoc.reading.styles import Inherited, Styles
from keshu.engines.plandoc.source import Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_MACRO_NOTE = "文档带有宏，已忽略宏，只读取文字"
_DROPPED = frozenset(
    W + name for name in ("del", "moveFrom", "instrText", "delText", "rt", "pPr", "rPr", "sdtPr", "commentReference")
)
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_TEXT_BOX = W + "txbxContent"


def read_word(data: bytes) -> Source:
    """The text of a Word document.

    Raises
    ------
    PlanDocumentError
        the document part is missing, or inflates beyond bounds
    """
    archive = Archive(data)
    tree = archive.tree(_main_part(archive))
    body = None if tree is None else next((e for e in tree.iter() if _local(e) == "body"), None)
    if tree is None or body is None:
        raise refusal(
            given="Word 文档缺少正文部分", why="文件已损坏", remedy="请用 Word 或 WPS 打开，另存为新的 .docx 后再上传"
        )
    walk = _Walk(Styles(archive.tree("word/styles.xml")), Numbering(archive.tree("word/numbering.xml")))
    walk.blocks(body)
    macros = any(name.lower().endswith("vbaproject.bin") for name in archive.names)
    return Source(
        text="".join(walk.pieces), format="docx", outline=walk.outline, notes=(_MACRO_NOTE,) if macros else ()
    )


def _main_part(archive: Archive) -> str:
    return next(
        (name for name in ("word/document.xml", "word/document2.xml") if name in archive.names), "word/document.xml"
    )


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Walk:
    """One pass through the body, gathering lines."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._length = 0
        self.pieces: list[str] = []
        self.outline: dict[int, int] = {}

    def _emit(self, text: str) -> None:
        self.pieces.append(text)
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise too_long()

    def blocks(self, parent: _Element) -> None:
        """Every paragraph and table below `parent`, in order."""
        for element in _unwrapped(parent):
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)

    def _paragraph(self, element: _Element) -> None:
        properties = element.find(W + "pPr")
        style = self._styles.inherited(value(properties, "pStyle"))
        if style.contents:
            return
        text = self._line(element, properties, style)
        level = _outline_level(properties, style)
        if level is not None and text.strip():
            self.outline[self._length] = level
        # A deleted paragraph mark joins this paragraph to the next.
        joined = properties is not None and properties.find(f"{W}rPr/{W}del") is not None
        self._emit(text if joined else text + "\n")
        for box in element.iter(_TEXT_BOX):
            if _is_first_of_alternates(box, paragraph=element):
                self.blocks(box)

    def _line(self, element: _Element, properties: _Element | None, style: Inherited) -> str:
        text = "" if style.hidden else "".join(self._runs(element))
        label = self._label(properties, style)
        if not label:
            return text
        gap = " " if label[-1:].isascii() and text[:1].isascii() and text[:1].isalnum() else ""
        return label + gap + text

    def _label(self, properties: _Element | None, style: Inherited) -> str:
        numbers = None if properties is None else properties.find(W + "numPr")
        num = value(numbers, "numId") or style.num
        if num is None or num == "0":
            return ""
        depth = value(numbers, "ilvl")
        if depth is not None:
            return self._numbering.label(num, integer(depth, 0))
        of_style = self._numbering.depth_of_style(num, style.owner)
        return self._numbering.label(num, of_style if of_style is not None else style.depth or 0)

    def _runs(self, parent: _Element) -> Iterator[str]:
        """The visible characters below `parent`, without those of its text boxes."""
        for element in parent:
            tag = element.tag
            if not isinstance(tag, str) or tag in _DROPPED or tag == _TEXT_BOX:
                continue
            if tag == W + "t":
                yield element.text or ""
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag == W + "r":
                if not self._is_hidden(element):
                    yield from self._runs(element)
            elif tag == MC + "AlternateContent":
                branch = element.find(MC + "Choice")
                yield from self._runs(element if branch is None else branch)
            elif tag not in (W + "drawing", W + "pict", W + "object"):
                yield from self._runs(element)

    def _is_hidden(self, run: _Element) -> bool:
        properties = run.find(W + "rPr")
        if properties is None:
            return False
        if properties.find(W + "vanish") is not None:
            return flag(properties, "vanish")
        style = value(properties, "rStyle")
        return style is not None and self._styles.inherited(style).hidden

    def _table(self, element: _Element) -> None:
        rows = [row for row in _unwrapped(element) if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None]
        cells = [[cell for cell in _unwrapped(row) if cell.tag == W + "tc"] for row in rows]
        if _is_layout(cells):
            for row in cells:
                for cell in row:
                    self.blocks(cell)
            return
        grid = Grid()
        for number, row in enumerate(cells):
            column = integer(value(rows[number].find(W + "trPr"), "gridBefore"), 0)
            for cell in row:
                properties = cell.find(W + "tcPr")
                span = max(1, min(integer(value(properties, "gridSpan"), 1), 100))
                merge = None if properties is None else properties.find(W + "vMerge")
                continued = merge is not None and merge.get(W + "val", "continue") != "restart"
                grid.put(number, column, "" if continued else self._cell(cell), width=span, continued=continued)
                column += span
        for line in grid.lines():
            self._emit(line + "\n")

    def _cell(self, cell: _Element) -> str:
        paragraphs = []
        for element in cell.iter(W + "p"):
            properties = element.find(W + "pPr")
            paragraphs.append(
                self._line(element, properties, self._styles.inherited(value(properties, "pStyle"))).strip()
            )
        return "  ".join(filter(None, paragraphs))


def _unwrapped(parent: _Element) -> Iterator[_Element]:
    """Children, seen through the wrappers of content controls, insertions and custom XML."""
    for element in parent:
        name = _local(element)
        if name == "sdt":
            gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            content = element.find(W + "sdtContent")
            if content is not None and not (gallery is not None and gallery.get(W + "val") == "Table of Contents"):
                yield from _unwrapped(content)
        elif name in ("ins", "moveTo", "customXml", "smartTag"):
            yield from _unwrapped(element)
        elif name not in ("del", "moveFrom"):
            yield element


def _is_first_of_alternates(box: _Element, *, paragraph: _Element) -> bool:
    """Word writes a text box twice, for new and for old readers; and boxes inside a box come with its own paragraphs."""
    for above in box.iterancestors():
        if above.tag == MC + "Fallback":
            alternates = above.getparent()
            choice = None if alternates is None else alternates.find(MC + "Choice")
            if choice is not None and next(choice.iter(_TEXT_BOX), None) is not None:
                return False
        if above.tag == _TEXT_BOX:
            return False
        if above.tag == W + "p":
            return above is paragraph
    return True


def _outline_level(properties: _Element | None, style: Inherited) -> int | None:
    own = value(properties, "outlineLvl")
    level = style.outline if own is None else integer(own, 9) + 1
    return level if level is not None and 1 <= level <= 9 else None


def _is_layout(cells: list[list[_Element]]) -> bool:
    """A table that only places text: one cell, or cells that hold tables or whole pages of paragraphs."""
    flat = [cell for row in cells for cell in row]
    if len(flat) <= 1:
        return True
    if any(cell.find(f".//{W}tbl") is not None for cell in flat):
        return True
    return max(map(len, cells)) == 1 and any(len(cell.findall(W + "p")) > 5 for cell in flat)
