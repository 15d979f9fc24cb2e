"""A document's text on its way through the engine: as extracted (:class:`Source`), then cleaned (:class:`CleanText`)."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from keshu.kernel.span import Span


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader extracts from a file.

    ``text`` is the original that every published span counts in: paragraphs end in a line feed, PDF pages in a form feed,
    each table row is one line ``| cell | cell |``, automatic Word numbers are written out in front of their paragraph.
    ``outline`` maps the offset of a line to its heading level where the file itself declares one (Word style, h1-h6).
    ``title``, ``issuer`` and ``published`` (ISO) are what the file format declares beside the text (html meta), or None.
    """

    text: str
    format: str
    title: str | None = None
    issuer: str | None = None
    published: str | None = None
    outline: Mapping[int, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanText:
    """Text with the noise undone, and the way back.

    ``origin[i]`` is the offset in the original of clean character ``i``; ``origin[len(text)]`` closes the last one.
    Conventions the later rooms rely on: simplified script; digits, Latin letters, brackets, comma, colon, semicolon and
    percent sign are half-width ASCII (all of the full-width block, ?! and ~ too), while 。、《》〔〕“” stay; no blank inside a
    run of Chinese; one line feed between paragraphs, wrapped lines joined; page furniture, navigation, advertisements and
    pinyin ruby are gone; each table row is one line ``| cell | cell |``. Masked digits stay as printed (``xx.x``). A lost
    character is ``□``.

    Blanks that do stay: one in front of a label of the document head (``发文机关:某局 成文日期:…``); one between the cells of a
    flattened table (two such lines or more in a row); two where two words of Chinese stood apart in a short line without
    sentence marks, or were paragraphs of one table cell (``市科技局  市财政局``); one between Latin words, and in ``1. 2023年``.

    ``artefacts`` names the noise met: ``fullwidth_digits``, ``traditional_script``, ``taiwan_words``, ``pinyin_ruby``,
    ``mojibake``, ``private_use_bullets``, ``spun_synonyms``, ``page_numbers_inline``, ``running_heads``,
    ``table_of_contents``, ``site_furniture``, ``interpretation_tail``, ``chunk_numbers``, ``line_wrapped``,
    ``parted_digits``, ``ocr_twins``, ``lost_symbols``, ``doubled_punctuation``, ``form_residue``.
    """

    text: str
    origin: array[int]
    script: str = "simplified"
    artefacts: tuple[str, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The stretch of the original that clean characters ``start`` to ``end`` (exclusive) came from."""
        if end <= start:
            return Span(self.origin[start], self.origin[start])
        return Span(self.origin[start], self.origin[end - 1] + 1)
