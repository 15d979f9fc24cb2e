"""What mends a deviation: small changes to a file's elements, each set where the schema wants it, the text left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.checking.looks import runs
from keshu.engines.gongwen.checking.paper import Line, Piece
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.ooxml import make, put, qualified

Edit = tuple[int, int, str]  # from, until, the new words


def run_properties(run: _Element) -> _Element:
    """The rPr of a run, made where it is missing."""
    found = run.find(f"{W}rPr")
    if found is None:
        found = make("w:rPr")
        run.insert(0, found)
    return found


def paragraph_properties(paragraph: _Element) -> _Element:
    """The pPr of a paragraph, made where it is missing."""
    found = paragraph.find(f"{W}pPr")
    if found is None:
        found = make("w:pPr")
        paragraph.insert(0, found)
    return found


def child_of(parent: _Element, name: str) -> _Element:
    """A property's element, made where it is missing."""
    found = parent.find(W + name)
    return put(parent, make(f"w:{name}")) if found is None else found


def set_look(pieces: Iterable[Piece], *, font: str = "", size: int = 0, colour: str = "") -> None:
    """Give runs a typeface, a size, a colour."""
    for piece in pieces:
        properties = run_properties(piece.element)
        if font:
            fonts = child_of(properties, "rFonts")
            for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qualified(f"w:{slot}"), None)
            for slot in ("ascii", "hAnsi", "eastAsia"):
                fonts.set(qualified(f"w:{slot}"), font)
        if size:
            put(properties, make("w:sz", val=size))
            put(properties, make("w:szCs", val=size))
        if colour:
            put(properties, make("w:color", val=colour))


def set_align(line: Line, align: str) -> None:
    """Align a paragraph."""
    put(paragraph_properties(line.element), make("w:jc", val=align))


def set_indent(line: Line, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indent a paragraph by characters; all its indents are said anew, and blanks at the front of the words go."""
    width = (line.size or gb.BODY_SIZE) * 10
    values: dict[str, object] = {}
    for name, count in (("left", left), ("right", right), ("firstLine", first)):
        values |= {f"{name}Chars": round(count * 100), name: round(count * width)}
    put(paragraph_properties(line.element), make("w:ind", **values))
    rewrite(line.element, _front_blanks)


def _front_blanks(text: str) -> list[Edit]:
    return [(0, len(text) - len(text.lstrip(" 　\t\xa0")), "")]


def set_line(line: Line) -> None:
    """The exact line of which 22 make a page, nothing before and behind."""
    put(paragraph_properties(line.element), make("w:spacing", before=0, after=0, line=gb.LINE, lineRule="exact"))


def add_before(element: _Element, twips: int) -> None:
    """More room above a paragraph."""
    spacing = child_of(paragraph_properties(element), "spacing")
    for name in ("beforeLines", "beforeAutospacing"):
        spacing.attrib.pop(qualified(f"w:{name}"), None)
    try:
        given = int(spacing.get(qualified("w:before"), "0"))
    except ValueError:
        given = 0
    spacing.set(qualified("w:before"), str(given + twips))


def rewrite(paragraph: _Element, edits: Callable[[str], list[Edit]]) -> None:
    """Change words of a paragraph in place; each stretch takes the look of its first character."""
    texts = [each for run in runs(paragraph) for each in run if each.tag in (f"{W}t", f"{W}tab", f"{W}br", f"{W}cr")]
    whole = "".join(_said(each) for each in texts)
    for begin, end, new in sorted(edits(whole), reverse=True):
        at, is_said = 0, False
        for each in texts:
            length = len(_said(each))
            low, high = max(begin, at), min(end, at + length)
            if low < high or (begin == end == at + length and not is_said and each.tag == f"{W}t"):
                if each.tag == f"{W}t":
                    text = each.text or ""
                    each.text = text[: low - at] + ("" if is_said else new) + text[high - at :]
                    each.set(qualified("xml:space"), "preserve")
                    is_said = True
                elif (parent := each.getparent()) is not None:
                    parent.remove(each)
            at += length
        texts = [each for each in texts if each.getparent() is not None]


def _said(element: _Element) -> str:
    if element.tag == f"{W}t":
        return element.text or ""
    return "\t" if element.tag == f"{W}tab" else "" if element.get(f"{W}type") == "page" else "\n"


def split_run(run: _Element, at: int) -> None:
    """Part a run of plain words behind `at` characters, both halves keeping its look."""
    text = run.find(f"{W}t")
    if text is None or len(run.findall(f"{W}t")) != 1 or not 0 < at < len(text.text or ""):
        return
    other = deepcopy(run)
    words, rest = text.text or "", other.find(f"{W}t")
    text.text = words[:at]
    if rest is not None:
        rest.text = words[at:]
        rest.set(qualified("xml:space"), "preserve")
    run.addnext(other)
