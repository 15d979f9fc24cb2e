"""The draft's text from its pieces: paragraphs without what is left out, marks and 一是 put right, headings by their level."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keshu.apps.plans.models import PieceKind

if TYPE_CHECKING:
    from keshu.apps.plans.models import ProposalItem

_COUNTED = re.compile(r"([一二三四五六七八九十]+)(是|要)")
_HAN = (*"一二三四五六七八九十", *(f"十{each}" for each in "一二三四五六七八九"), "二十")
_PAUSES = "，；、,;"
TABLES = (PieceKind.TABLE_HEAD, PieceKind.TABLE_ROW)
# The deepest heading that an official document numbers.
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A piece as it stands in the text."""

    item: ProposalItem
    label: str
    text: str
    tail: str

    @property
    def words(self) -> str:
        return f"{self.label}{self.text}{self.tail}"


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph, or a row of a table. ``level`` is that of its heading, 0 for none."""

    level: int
    parts: tuple[Part, ...]

    @property
    def is_row(self) -> bool:
        return self.parts[0].item.kind in TABLES

    @property
    def words(self) -> str:
        return "".join(part.words for part in self.parts)

    @property
    def cells(self) -> list[str]:
        """The cells of a row."""
        return [cell.strip() for cell in self.parts[0].text.strip().strip("|").split("|")]


def left_out(items: Iterable[ProposalItem]) -> set[int]:
    """The ids of pieces that are no part of the text: by their own choice, or under a heading that is none."""
    found: set[int] = set()
    for item in items:
        if item.is_left_out or item.parent_id in found:
            found.add(item.pk)
    return found


def paragraphs_of(items: Sequence[ProposalItem], *, shows_left_out: bool = False) -> list[DraftParagraph]:
    """The paragraphs in order. With `shows_left_out` what is left out stands in them too, for the page that edits."""
    gone = set() if shows_left_out else left_out(items)
    labels = _inner_labels(items, left_out(items))
    found: list[DraftParagraph] = []
    group: list[ProposalItem] = []
    for item in items:
        if item.opens and group:
            found += _paragraph(group, gone, labels)
            group = []
        group.append(item)
    found += _paragraph(group, gone, labels) if group else []
    return found if shows_left_out else _without_empty_tables(found)


def _paragraph(group: Sequence[ProposalItem], gone: set[int], labels: dict[int, str]) -> list[DraftParagraph]:
    opener = group[0]
    parts: list[Part] = []
    begins = 0  # where the sentence begins that is being put together
    for item in group:
        if item.pk not in gone:
            label = "" if item.depth else labels.get(item.pk, item.label)
            parts.append(Part(item, label, item.text, item.tail))
        elif item.tail == "。" and len(parts) > begins and parts[-1].tail in _PAUSES and parts[-1].tail:
            parts[-1] = replace(parts[-1], tail="。")
        if item.tail == "。":
            begins = len(parts)
    _end_sentences(parts)
    if not any(part.text or part.label for part in parts):
        return []
    return [DraftParagraph(opener.depth if opener.pk not in gone else 0, tuple(parts))]


def _end_sentences(parts: list[Part]) -> None:
    """The last words before owners, and of the paragraph, end with a full stop where a comma would hang."""
    for place, part in enumerate(parts):
        is_last = place + 1 == len(parts) or parts[place + 1].item.kind == PieceKind.OWNERS
        if is_last and part.tail and part.tail in _PAUSES:
            parts[place] = replace(part, tail="。")


def _inner_labels(items: Sequence[ProposalItem], gone: set[int]) -> dict[int, str]:
    """一是, 二是 counted anew where one of them is left out."""
    counts: dict[tuple[int | None, str], int] = defaultdict(int)
    labels: dict[int, str] = {}
    for item in items:
        match = _COUNTED.fullmatch(item.label)
        if match is None or item.depth:
            continue
        if item.pk in gone:
            continue
        counts[item.parent_id, match[2]] += 1
        labels[item.pk] = f"{_HAN[min(counts[item.parent_id, match[2]], len(_HAN)) - 1]}{match[2]}"
    return labels


def _without_empty_tables(paragraphs: list[DraftParagraph]) -> list[DraftParagraph]:
    """A head whose rows are all left out goes with its caption."""
    found: list[DraftParagraph] = []
    for place, paragraph in enumerate(paragraphs):
        following = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        is_head = paragraph.is_row and paragraph.parts[0].item.kind == PieceKind.TABLE_HEAD
        if is_head and (following is None or following.parts[0].item.kind != PieceKind.TABLE_ROW):
            if found and is_caption(found[-1]):
                found.pop()
            continue
        found.append(paragraph)
    return found


def is_caption(paragraph: DraftParagraph) -> bool:
    """The line above a table: 表1　2027年主要指标分解."""
    return re.match(r"表\d{0,2}[　 ]?", paragraph.words) is not None and len(paragraph.words) <= 40


_HAN_DIGITS = ("{}、", "（{}）")


def numbers_of(items: Sequence[ProposalItem], gone: Collection[int]) -> dict[int, str]:
    """The printed number of each heading that stands in the text: 一、 （一） 1. （1）, counted as the document counts them."""
    counts = [0] * (DEEPEST + 1)
    found: dict[int, str] = {}
    for item in items:
        if not item.opens or not 1 <= item.depth <= DEEPEST or item.pk in gone:
            continue
        counts[item.depth] += 1
        counts[item.depth + 1 :] = [0] * (DEEPEST - item.depth)
        number = counts[item.depth]
        if item.depth <= len(_HAN_DIGITS):
            found[item.pk] = _HAN_DIGITS[item.depth - 1].format(_HAN[number - 1] if number <= len(_HAN) else number)
        else:
            found[item.pk] = f"{number}." if item.depth == len(_HAN_DIGITS) + 1 else f"（{number}）"
    return found
