"""Markup to lines: a block element begins a line, a table becomes rows, furniture is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.refusal import LONGEST_TEXT, too_long
from keshu.engines.plandoc.reading.rows import Grid

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "object",
        "embed",
        "applet",
        "template",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "head",
        "nav",
        "footer",
    ]
)
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:share|bdshare|nav|navbar|menu|crumbs?|breadcrumbs?|position|location|sidebar|side|foot|footer"
    r"|copyright|related|relate|recommend|hot"
    r"|prev|next|pager|pages?num|pagination|print|fontsize|font-size|toolbar|hits|qrcode|ewm|advert|ads?|comment"
    r"|login|search)(?:$|[-_ ])",
    re.IGNORECASE,
)
_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 200
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def is_hidden(element: HtmlElement) -> bool:
    """Not shown, or by its name something other than text."""
    if element.tag in _SKIPPED or _NONE.search(element.get("style") or "") or element.get("hidden") is not None:
        return True
    if element.tag in ("p", "span", "td", "body", "html", "article", "strong", "b", "h1"):
        return False
    return bool(_FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}".strip()))


def plain_text(element: HtmlElement) -> str:
    """All characters below, those of scripts and styles left out."""
    pieces: list[str] = []
    for item in element.iter():
        if isinstance(item.tag, str) and item.tag not in ("script", "style", "noscript"):
            pieces.append(item.text or "")
            if item.tag in _BLOCKS or item.tag in ("br", "td", "th"):
                pieces.append("\n") if not item.text else pieces.insert(-1, "\n")
        if item is not element:
            pieces.append(item.tail or "")
    return "".join(pieces)


class Renderer:
    """Gathers lines; :meth:`finished` gives the text and the heading levels by offset."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, int]] = []
        self._open: list[str] = []
        self._level = 0
        self._tabled = 0

    def line(self, text: str, *, level: int = 0) -> None:
        self._lines.append((text, level))

    def element(self, element: HtmlElement) -> None:
        """Render what is below `element`."""
        if element.tag == "table":
            self._table(element, depth=0)
        else:
            self._children(element, depth=0)
        self._break()

    def finished(self) -> tuple[str, dict[int, int]]:
        self._break()
        outline: dict[int, int] = {}
        length, texts = 0, []
        for text, level in self._lines:
            if level:
                outline[length] = level
            texts.append(text + "\n")
            length += len(text) + 1
        return "".join(texts), outline

    def _break(self) -> None:
        text = _SPACE.sub(" ", "".join(self._open)).strip(" ")
        if text.strip("\u3000\u00a0 "):
            self._lines.append((text, self._level))
        self._open.clear()

    def _children(self, element: HtmlElement, *, depth: int) -> None:
        if element.text:
            self._open.append(element.text)
        for child in element:
            if isinstance(child.tag, str) and depth < _DEEPEST:
                self._child(child, depth=depth + 1)
            if child.tail:
                self._open.append(child.tail)

    def _child(self, child: HtmlElement, *, depth: int) -> None:
        tag = str(child.tag)
        if is_hidden(child):
            return
        if tag == "br":
            self._break()
        elif tag == "table":
            self._break()
            self._table(child, depth=depth)
        elif tag == "ruby":
            self._open.extend(_ruby_base(child))
        elif tag in _BLOCKS:
            self._break()
            self._level = _HEADINGS.get(tag, 0)
            self._children(child, depth=depth)
            self._break()
            self._level = 0
        else:
            self._children(child, depth=depth)

    def _table(self, table: HtmlElement, *, depth: int) -> None:
        rows = list(_rows(table))
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        flat = [cell for row in cells for cell in row]
        if len(flat) <= 1 or max(map(len, cells)) == 1 or any(cell.find(".//table") is not None for cell in flat):
            self._children(table, depth=depth)
            self._break()
            return
        grid = Grid()
        for number, row in enumerate(cells):
            column = 0
            for cell in row:
                while grid.has(number, column):
                    column += 1
                width, height = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(cells) - number)
                text = self._cell(cell)
                for below in range(height):
                    grid.put(number + below, column, text, width=width)
                column += width
        for line in grid.lines():
            self._tabled += len(line)
            self._lines.append((line, 0))
        if self._tabled > LONGEST_TEXT:
            raise too_long()

    def _cell(self, cell: HtmlElement) -> str:
        inner = Renderer()
        inner.element(cell)
        return "  ".join(text.strip("\u3000\u00a0 ") for text, _ in inner._lines)


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _span(cell: HtmlElement, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), 60) if text.isdigit() and len(text) < 5 else 1


def _ruby_base(ruby: HtmlElement) -> Iterator[str]:
    """The characters of a ruby element without the reading above them."""
    yield ruby.text or ""
    for child in ruby:
        if child.tag not in ("rt", "rp", "rtc"):
            yield child.text_content()
        yield child.tail or ""
