"""What every rule is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from keshu.engines.gongwen.checking.finding import Observation
from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.checking.paper import Line, Paper, Piece
from keshu.engines.gongwen.checking.roles import Part, PartRole


@dataclass(frozen=True)
class Reading:
    """A file, as paper and as parts with roles."""

    paper: Paper
    parts: list[Part]
    package: Package = field(repr=False)

    def of(self, *roles: PartRole) -> list[Part]:
        """The parts of some roles, in reading order."""
        return [part for part in self.parts if part.role in roles]


Check = Callable[[Reading], Iterator[Observation]]


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def stretch(line: Line, begin: int, end: int) -> list[tuple[Piece, int]]:
    """The pieces of a stretch of the text, each with how many of its characters lie in it; blanks count for nothing."""
    found, at = [], 0
    for piece in line.pieces:
        inside = piece.text[max(0, begin - at) : max(0, end - at)]
        at += len(piece.text)
        if inside.strip(" 　\t\n"):
            found.append((piece, len(inside.strip())))
    return found
