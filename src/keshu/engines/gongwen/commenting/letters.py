"""The letters of a Word file in reading order, each with its place, and runs cut in two between letters."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from keshu.engines.gongwen.ooxml import local, qualified

_DROPPED = frozenset(
    {"del", "moveFrom", "txbxContent", "drawing", "pict", "object", "instrText", "delText", "rt", "pPr", "rPr"}
)
# Blanks and table rules count nothing when words are looked for.
_BLANK = re.compile(r"[\s\u3000|]+")
_NEAR = 24


@dataclass(frozen=True, slots=True)
class Letter:
    """One character: the `w:t` that holds it and its place there; which paragraph it is of."""

    text: str
    element: _Element
    offset: int
    paragraph: int


class Letters:
    """All letters but those of text boxes, deletions and field codes; blanks are left out."""

    def __init__(self, document: _Element) -> None:
        self.all: list[Letter] = []
        self._paragraph = 0
        self._walk(document)
        self.text = "".join(letter.text for letter in self.all)

    def _walk(self, parent: _Element) -> None:
        for element in parent:
            name = local(element)
            if name == "t":
                self._take(element)
            elif name == "AlternateContent":
                self._walk(element[0]) if len(element) else None
            elif name and name not in _DROPPED:
                if name == "p":
                    self._paragraph += 1
                self._walk(element)

    def _take(self, element: _Element) -> None:
        for offset, character in enumerate(element.text or ""):
            if not _BLANK.match(character):
                self.all.append(Letter(character, element, offset, self._paragraph))

    def places(self, wanted: Sequence[tuple[str, str, str]]) -> list[tuple[int, int] | None]:
        """First and last letter of each quote with its surroundings; None where it does not stand in one paragraph.

        Of several places the one whose surroundings agree farthest; of equal ones the first not yet given away.
        """
        used: dict[tuple[str, int], int] = {}
        found: list[tuple[int, int] | None] = []
        for before, quote, after in wanted:
            bare = _BLANK.sub("", quote)
            starts = list(self._starts(bare))
            if not starts:
                found.append(None)
                continue
            ahead, behind = _BLANK.sub("", before)[-_NEAR:], _BLANK.sub("", after)[:_NEAR]
            best = max(
                starts, key=lambda at: (self._agreement(at, bare, ahead, behind), -used.get((bare, at), 0), -at)
            )  # fmt: skip
            used[bare, best] = used.get((bare, best), 0) + 1
            found.append((best, best + len(bare) - 1))
        return found

    def _starts(self, bare: str) -> Iterator[int]:
        at = self.text.find(bare) if bare else -1
        while at >= 0:
            if self.all[at].paragraph == self.all[at + len(bare) - 1].paragraph:
                yield at
            at = self.text.find(bare, at + 1)

    def _agreement(self, at: int, bare: str, ahead: str, behind: str) -> int:
        """How many letters in front and behind are as they should be."""
        count = 0
        for wanted, letter in zip(reversed(ahead), reversed(self.text[max(0, at - _NEAR) : at]), strict=False):
            if wanted != letter:
                break
            count += 1
        for wanted, letter in zip(behind, self.text[at + len(bare) :], strict=False):
            if wanted != letter:
                break
            count += 1
        return count


def split_before(text: _Element, offset: int) -> _Element:
    """The run that begins with this letter of `text`, cut off from what stands before it."""
    run = run_of(text)
    is_first = offset == 0 and all(local(each) == "rPr" for each in text.itersiblings(preceding=True))
    return run if is_first else _split(run, text, offset)


def split_after(text: _Element, offset: int) -> None:
    """Cut off what stands behind this letter of `text` in its run."""
    is_last = offset + 1 >= len(text.text or "") and text.getnext() is None
    if not is_last:
        _split(run_of(text), text, offset + 1)


def run_of(text: _Element) -> _Element:
    """The run that a text element stands in."""
    return next(each for each in text.iterancestors() if local(each) == "r")


def _split(run: _Element, text: _Element, offset: int) -> _Element:
    """The second half of a run, put behind the first: the letters of `text` from `offset` on, and all behind it."""
    second = copy.copy(run)
    for child in list(second):
        second.remove(child)
    properties = run.find(qualified("w:rPr"))
    if properties is not None:
        second.append(copy.deepcopy(properties))
    words = text.text or ""
    behind = list(text.itersiblings())
    rest = copy.copy(text)
    rest.text = words[offset:]
    text.text = words[:offset]
    for half in (text, rest):
        half.set(qualified("xml:space"), "preserve")
    if rest.text:
        second.append(rest)
    for each in behind:
        second.append(each)
    if not text.text:
        run.remove(text)
    run.addnext(second)
    return second
