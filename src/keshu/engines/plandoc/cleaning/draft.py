"""A text under repair: the characters so far, and for each the place in the original it came from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple

Edit = tuple[int, int, str]
"""Replace characters ``start`` to ``end`` (exclusive) by a string; edits come in order and do not overlap."""


class Line(NamedTuple):
    """A line without its line feed; ``start`` and ``end`` (exclusive) count in the draft's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Draft:
    """Text, its way back (``origin`` has one entry more than the text), and the noise met so far.

    ``source`` is the original. ``letters`` holds the characters that occur beside the everyday ones of a clean simplified
    text (and may hold some that occur no longer): it only serves to skip steps.
    """

    text: str
    source: str
    origin: array[int]
    letters: frozenset[str]
    artefacts: tuple[str, ...] = ()
    script: str = "simplified"

    @classmethod
    def of(cls, text: str) -> Draft:
        return cls(
            text=text,
            source=text,
            origin=_identity(len(text) + 1),
            letters=frozenset("".join(_remarkable().findall(text))),
        )

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the text; a form feed belongs to the line it stands in."""
        pieces = self.text.split("\n")
        ends = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
        return [Line(start, end - 1, piece) for start, end, piece in zip(ends, ends[1:], pieces, strict=False)]

    def printed(self, start: int, end: int) -> str:
        """The original characters behind `start` to `end` (exclusive), noise and all."""
        return self.source[self.origin[start] : self.origin[end - 1] + 1] if end > start else ""

    def marked(self, artefact: str) -> Draft:
        """The draft with one more kind of noise on record."""
        if not artefact or artefact in self.artefacts:
            return self
        return replace(self, artefacts=(*self.artefacts, artefact))

    def edited(self, edits: Iterable[Edit], *, artefact: str = "") -> Draft:
        """The draft with `edits` made; itself where there are none."""
        text, places = self.text, self.origin
        pieces: list[str] = []
        words: set[str] = set()
        origin: array[int] = array("i")
        done = 0
        for start, end, word in edits:
            pieces.append(text[done:start])
            origin.extend(places[done:start])
            if word:
                words.update(word)
                pieces.append(word)
                if len(word) == 1:  # by far the commonest; it stands where the old characters began
                    origin.append(places[start])
                else:
                    origin.extend(_spread(places, start, end, len(word)))
            done = end
        if not pieces:
            return self
        pieces.append(text[done:])
        origin.extend(places[done:])
        after = Draft("".join(pieces), self.source, origin, self.letters | words, self.artefacts, self.script)
        return after.marked(artefact)

    def substituted(
        self, pattern: re.Pattern[str], word: str | Callable[[re.Match[str]], str], *, artefact: str = ""
    ) -> Draft:
        """Every match of `pattern` replaced by `word`; a match that stays as it is counts as no edit."""
        if word == "":  # nothing to compare or to build: ruby alone comes by the thousand
            spans = (match.span() for match in pattern.finditer(self.text))
            return self.edited([(start, end, "") for start, end in spans if end > start], artefact=artefact)
        edits: list[Edit] = []
        for match in pattern.finditer(self.text):
            new = word if isinstance(word, str) else word(match)
            if new != match[0]:
                edits.append((match.start(), match.end(), new))
        return self.edited(edits, artefact=artefact)

    def exchanged(self, table: Mapping[str, str]) -> Draft:
        """Characters exchanged one for one; every place stays where it is."""
        hits = self.letters & table.keys()
        if not hits:
            return self
        text = self.text
        if len(hits) > 64:
            text = text.translate({ord(letter): table[letter] for letter in hits})
        else:  # a search for one letter is a thousand times faster than a table look-up per character
            for letter in sorted(hits):
                text = text.replace(letter, table[letter])
        letters = frozenset(table.get(letter, letter) for letter in self.letters)
        return replace(self, text=text, letters=letters)


_EVERYDAY_SIGNS = "0123456789,;:()%、。“”《》\n "


@cache
def _remarkable() -> re.Pattern[str]:
    """Everything but the Chinese characters of the simplified standard set (GB 2312) and the commonest signs."""
    cells = range(0xA1, 0xFF)
    rows = (bytes(byte for cell in cells for byte in (row, cell)) for row in range(0xB0, 0xF8))
    han = "".join(row.decode("gb2312", "ignore") for row in rows)
    return re.compile(f"[^{_EVERYDAY_SIGNS}{han}]+")


_IDENTITY: array[int] = array("i", range(1 << 14))


def _identity(count: int) -> array[int]:
    """The numbers from 0; short ones are cut from a ready-made array, which is a hundred times faster than counting."""
    return _IDENTITY[:count] if count <= len(_IDENTITY) else array("i", range(count))


def without_line(text: str, line: Line) -> Edit:
    """Take out a line with its line end; a form feed in it survives as the mark of the page."""
    feed = "\f" if "\f" in line.text else ""
    if line.end < len(text):
        return (line.start, line.end + 1, feed)
    return (line.start, line.end, feed)


def _spread(origin: array[int], start: int, end: int, count: int) -> array[int]:
    """Places for `count` new characters: the first at the start of the old ones, the last at their end, rising between."""
    width = end - start
    if width == count:
        return origin[start:end]
    if width == 0:
        return array("i", [origin[start]] * count)
    places = [origin[start + index * width // count] for index in range(count)]
    if count > 1:
        places[-1] = origin[end - 1]
    return array("i", places)
