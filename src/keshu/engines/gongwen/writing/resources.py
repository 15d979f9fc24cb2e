"""What a document gathers while it is written: pictures, footnotes, bookmarks, numbering; each numbered in reading order."""

from __future__ import annotations

from copy import deepcopy

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.ooxml import make, words

PICTURE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


class Resources:
    """Collects what stands outside the text and hands out the ids that the text refers to."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []
        self.notes: list[str] = []
        self.numberings = 1  # numbering 1 is the body's; each attachment counts anew in one of its own
        self._ids = 0

    def id(self) -> int:
        """An id that no other bookmark or drawing has."""
        self._ids += 1
        return self._ids

    def picture(self, png: bytes) -> str:
        """The relationship of a picture; the same picture is kept once."""
        if png not in self.pictures:
            self.pictures.append(png)
        return f"rIdPicture{self.pictures.index(png) + 1}"

    def note(self, text: str) -> int:
        """The id of a new footnote."""
        self.notes.append(text)
        return len(self.notes)

    def numbering(self) -> int:
        """A new instance of the headings' numbering, beginning at 一、."""
        self.numberings += 1
        return self.numberings


def numbering_part(resources: Resources) -> _Element:
    """word/numbering.xml: one multilevel list tied to the heading styles, and its instances."""
    texts = (
        ("chineseCountingThousand", "%1、"),
        ("chineseCountingThousand", "（%2）"),
        ("decimal", "%3."),
        ("decimal", "（%4）"),
    )
    levels = [
        make(
            "w:lvl",
            make("w:start", val=1),
            make("w:numFmt", val=form),
            make("w:pStyle", val=f"Heading9704-{index + 1}"),
            make("w:suff", val="nothing"),
            make("w:lvlText", val=text),
            make("w:lvlJc", val="left"),
            # the style's own indent said again, or a heading with numbering of its own would lose it in LibreOffice
            make("w:pPr", make("w:ind", left=0, firstLineChars=200, firstLine=gb.BODY_SIZE * 20)),
            ilvl=index,
        )
        for index, (form, text) in enumerate(texts)
    ]
    restarts = [make("w:lvlOverride", make("w:startOverride", val=1), ilvl=level) for level in range(4)]
    return make(
        "w:numbering",
        make("w:abstractNum", make("w:multiLevelType", val="multilevel"), *levels, abstractNumId=0),
        make("w:num", make("w:abstractNumId", val=0), numId=1),
        *(
            make("w:num", make("w:abstractNumId", val=0), *(deepcopy(each) for each in restarts), numId=number)
            for number in range(2, resources.numberings + 1)
        ),
    )


def footnotes_part(resources: Resources) -> _Element:
    """word/footnotes.xml: the two lines Word wants, then the notes."""
    lines = [
        make("w:footnote", make("w:p", make("w:r", make(f"w:{kind}"))), type=kind, id=number)
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    return make("w:footnotes", *lines, *(_note(number, text) for number, text in enumerate(resources.notes, 1)))


def _note(number: int, text: str) -> _Element:
    mark = make("w:r", make("w:rPr", make("w:rStyle", val="FootnoteReference")), make("w:footnoteRef"))
    body = make("w:r", words("w:t", f" {text}"))
    return make("w:footnote", make("w:p", make("w:pPr", make("w:pStyle", val="FootnoteText")), mark, body), id=number)
