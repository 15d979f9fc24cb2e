"""A Word file as the rules see it: lines with the look they really have, sections, tables, page numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from keshu.engines.gongwen.standard import family_of, width_of


@dataclass(frozen=True)
class Piece:
    """A run with its resolved look: `font` of Chinese characters, `western` of ASCII ones; `size` in half points; `colour` as
    RRGGBB or auto; `spacing` added to each character, in twips."""

    text: str
    font: str
    size: int
    is_bold: bool
    colour: str
    western: str
    spacing: int
    element: _Element = field(repr=False)

    @property
    def family(self) -> str:
        return family_of(self.font)


@dataclass(frozen=True)
class Line:
    """A paragraph with its resolved look.

    `number` counts the paragraphs that say something, from 1, tables apart; 0 for a blank one. `label` is an automatic number.
    Indents are in characters of the paragraph's own size, spacing in twips.
    """

    text: str
    element: _Element = field(repr=False)
    number: int = 0
    label: str = ""
    pieces: tuple[Piece, ...] = ()
    style: str = ""
    align: str = "left"
    first: float = 0
    left: float = 0
    right: float = 0
    line: int = 240
    line_rule: str = "auto"
    before: int = 0
    after: int = 0
    is_listed: bool = False
    is_framed: bool = False
    is_new_page: bool = False
    has_picture: bool = False
    ends_section: bool = False
    section: int = 0
    table: int | None = None
    rules: tuple[tuple[str, str], ...] = ()  # side and colour of the paragraph's borders

    @property
    def words(self) -> str:
        """The words without blanks around them."""
        return self.text.strip(" 　\t\n\xa0")

    @property
    def said(self) -> str:
        """The words behind an automatic number."""
        return self.label + self.words

    @property
    def is_blank(self) -> bool:
        return not self.words and not self.label and not self.has_picture

    @property
    def size(self) -> int:
        """The size of most characters; 0 where there are none."""
        return _most([(piece.size, len(piece.text.strip())) for piece in self.pieces], 0)

    @property
    def from_right(self) -> float:
        """How many characters (字) stand free to the right of the words, in a text area of 28."""
        trailing = width_of(self.text[len(self.text.rstrip(" 　\t")) :])
        if self.align in ("right", "end"):
            return self.right + trailing
        width = width_of(self.said)
        if self.align == "center":
            return (28 - width) / 2
        leading = width_of(self.text[: len(self.text) - len(self.text.lstrip(" 　\t"))])
        return 28 - self.left - self.first - leading - width


def _most(weights: list[tuple[int, int]], default: int) -> int:
    totals: dict[int, int] = {}
    for what, weight in weights:
        totals[what] = totals.get(what, 0) + weight
    return max(totals, key=lambda what: totals[what]) if totals else default


@dataclass(frozen=True)
class Sheet:
    """A section: paper, margins and grid in twips."""

    number: int
    width: int
    height: int
    is_landscape: bool
    margins: tuple[int, int, int, int]  # top, right, bottom, left
    grid: str
    line_pitch: int
    character_space: int
    element: _Element = field(repr=False)


@dataclass(frozen=True)
class PageNumber:
    """A page number in a footer or header: the paragraph that holds it, with the field said as 1."""

    line: Line
    is_even: bool
    is_outside: bool
    is_landscape: bool
    is_at_foot: bool
    sheet: int


@dataclass(frozen=True)
class Grid:
    """A table: how many rows, and whether its first row is repeated."""

    number: int
    rows: int
    has_header: bool
    is_framed: bool
    element: _Element = field(repr=False)


@dataclass(frozen=True)
class Paper:
    """The whole file."""

    lines: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    tables: tuple[Grid, ...]
    page_numbers: tuple[PageNumber, ...]
    has_even_pages: bool
    body_size: int
    settings: _Element | None = field(default=None, repr=False)
