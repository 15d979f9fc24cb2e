"""Runs and paragraphs: words with a style's name and nothing else."""

from __future__ import annotations

from lxml.etree import _Element

from keshu.engines.gongwen.blocks import Content, Run, runs_of
from keshu.engines.gongwen.ooxml import make, words
from keshu.engines.gongwen.writing.resources import Resources


def paragraph(style: str, *children: _Element, numbering: int | None = None, is_run_in: bool = False) -> _Element:
    """A paragraph of a style.

    `numbering` names the instance in which a heading counts, where it is not the body's. `is_run_in`: the heading's paragraph
    goes on with text, so it need not be kept with the next one.
    """
    count = (
        make("w:numPr", make("w:ilvl", val=int(style[-1]) - 1), make("w:numId", val=numbering)) if numbering else None
    )
    loose = make("w:keepNext", val=0) if is_run_in else None
    return make("w:p", make("w:pPr", make("w:pStyle", val=style), loose, count), *children)


def plain(text: str, *, style: str = "") -> list[_Element]:
    """Words as runs of one character style; a line break parts lines, a tab goes to the next stop."""
    pieces: list[_Element] = []
    for index, line in enumerate(text.split("\n")):
        pieces += [make("w:br")] if index else []
        for place, piece in enumerate(line.split("\t")):
            pieces += [make("w:tab")] if place else []
            pieces += [words("w:t", piece)] if piece else []
    properties = make("w:rPr", make("w:rStyle", val=style)) if style else None
    return [make("w:r", properties, *pieces)] if pieces else []


def spoken(content: Content, resources: Resources, *, is_run_on: bool = False) -> list[_Element]:
    """Content as elements: runs, with bookmarks around those that have a key and footnotes behind those that have a note.

    `is_run_on`: the words go on in the body's font behind a heading.
    """
    found: list[_Element] = []
    for run in runs_of(content):
        found += _run(run, resources, is_run_on=is_run_on)
    return found


def _run(run: Run, resources: Resources, *, is_run_on: bool) -> list[_Element]:
    style = ("RunOnEmphasis" if run.is_bold else "RunOn") if is_run_on else ("Emphasis9704" if run.is_bold else "")
    elements = plain(run.text, style=style)
    if run.key:
        number = resources.id()
        begin, end = make("w:bookmarkStart", id=number, name=run.key), make("w:bookmarkEnd", id=number)
        elements = [begin, *elements, end]
    if run.note:
        mark = make("w:footnoteReference", id=resources.note(run.note))
        elements.append(make("w:r", make("w:rPr", make("w:rStyle", val="FootnoteReference")), mark))
    return elements
