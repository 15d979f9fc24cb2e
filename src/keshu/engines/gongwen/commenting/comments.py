"""Comments in a .docx: their part, and in the body the marks around the words that each speaks of.

Runs are split where a comment begins or ends inside one; both halves keep the run's properties, so nothing looks different.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element

from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.commenting.letters import Letter, Letters, run_of, split_after, split_before
from keshu.engines.gongwen.ooxml import make, qualified, words

_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
# What XML 1.0 cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on some words of a document. ``before`` and ``after`` are what stands around them, to tell like words apart;
    blanks, table rules and automatic numbers in them do not matter. A line end in ``text`` begins a new paragraph."""

    quote: str
    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Commented:
    """The file with its comments, and the remarks whose words were not found in it (text boxes are left alone)."""

    data: bytes
    unplaced: tuple[Remark, ...]


def comment_document(data: bytes, remarks: Sequence[Remark], *, author: str, at: datetime) -> Commented:
    """Write comments into a Word file.

    Parameters
    ----------
    data : bytes of a .docx; comments that it already has stay
    remarks : in the order of the text
    author, at : who comments, and when

    Raises
    ------
    UnreadableDocument : in Chinese, why the file cannot be opened
    """
    package = Package(data)
    document = package.tree(package.main)
    assert document is not None
    comments = package.sister("comments")
    if comments is None:
        comments = make("w:comments")
        package.add("comments.xml", comments, kind=_KIND, content_type=_TYPE)
    number = max((int(each.get(qualified("w:id"), "0")) for each in comments), default=-1) + 1
    letters = Letters(document)
    places = letters.places([(each.before, each.quote, each.after) for each in remarks])
    unplaced, marks = [], []
    for remark, place in zip(remarks, places, strict=True):
        if place is None:
            unplaced.append(remark)
            continue
        comments.append(_comment(remark, number, author=author, at=at))
        marks.append((place, number))
        number += 1
    _mark_all(document, letters, marks)
    return Commented(package.bytes(), tuple(unplaced))


def _comment(remark: Remark, number: int, *, author: str, at: datetime) -> _Element:
    paragraphs = [
        make("w:p", make("w:r", words("w:t", line))) for line in _UNFIT.sub("", remark.text).split("\n") if line.strip()
    ]
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return make("w:comment", *(paragraphs or [make("w:p")]), id=number, author=author, date=moment, initials=author[:2])


def _mark_all(document: _Element, letters: Letters, marks: Sequence[tuple[tuple[int, int], int]]) -> None:
    """Every comment's marks, from the end of the text to its beginning: what is cut leaves the letters before it in place."""
    reached = len(letters.all)
    for (first, last), number in sorted(marks, reverse=True):
        if last >= reached:
            letters = Letters(document)
        _mark(letters.all[first], letters.all[last], number)
        reached = first


def _mark(first: Letter, last: Letter, number: int) -> None:
    """The marks around the letters from the first to the last, and behind them the sign that calls the comment."""
    split_after(last.element, last.offset)
    start = split_before(first.element, first.offset)
    end = start if first.element is last.element else run_of(last.element)
    start.addprevious(make("w:commentRangeStart", id=number))
    end.addnext(make("w:commentRangeEnd", id=number))
    mark = end.getnext()
    assert mark is not None
    mark.addnext(make("w:r", make("w:commentReference", id=number)))
