"""Putting the rooms of structure together: frame, headings, levels, regimes, owners, tables, passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from keshu.engines.plandoc.document import DocumentKind, Metadata, Node, NodeKind, Owner, Tense
from keshu.engines.plandoc.passage import Cell, Passage, Table
from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure.attribution import attribute, offices_first
from keshu.engines.plandoc.structure.flattables import find_flat_tables
from keshu.engines.plandoc.structure.frame import Frame, find_frame
from keshu.engines.plandoc.structure.headings import Heading, find_headings
from keshu.engines.plandoc.structure.labels import Style, scan
from keshu.engines.plandoc.structure.metadata import find_horizon, find_kind, is_oral, read_metadata
from keshu.engines.plandoc.structure.nodes import build_nodes, heading_paths, once_each
from keshu.engines.plandoc.structure.ownercolumns import owner_columns, row_owners
from keshu.engines.plandoc.structure.owners import OwnerNote, find_owner_notes
from keshu.engines.plandoc.structure.passages import find_passages, regime_passage
from keshu.engines.plandoc.structure.regimes import Regime, opening_regime
from keshu.engines.plandoc.structure.spots import Spot, find_spots
from keshu.engines.plandoc.structure.tables import RawTable, find_tables
from keshu.engines.plandoc.structure.words import sense_of

_OPENING_STYLES = frozenset({Style.PART, Style.CHAPTER, Style.HAN, Style.HAN_PAREN, Style.DIGIT, Style.QUESTION})


@dataclass(frozen=True, slots=True)
class Assembled:
    """All that :func:`find_structure` hands on."""

    meta: Metadata
    nodes: tuple[Node, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]


def assemble(clean: CleanText, source: Source) -> Assembled:
    """Read the structure of a cleaned document."""
    text = clean.text
    frame = find_frame(text, source, first_heading=_first_heading(text))
    tables = find_tables(text, frame.start, frame.end) + find_flat_tables(text, frame.start, frame.end)
    tables.sort(key=lambda table: table.start)
    headings = _body_headings(text, frame, tables, _clean_outline(clean, source))
    words = [heading.text for heading in headings]
    tenses = {sense.tense for heading in words for sense in [sense_of(heading)] if sense is not None}
    kind = find_kind(text, frame=frame, looks_back=_looks_back(text, frame, tenses), looks_ahead=_looks_ahead(headings))
    horizon = find_horizon(text, frame=frame, headings=words, kind=kind)
    opening = opening_regime(kind, horizon, oral=is_oral(frame))
    spots = find_spots(text, headings=headings, tables=tables, opening=opening, horizon=horizon)
    notes = find_owner_notes(text, frame.start, frame.end, item_starts=frozenset(h.start for h in headings))
    owners, dues = attribute([spot.heading for spot in spots], places=[spot.place for spot in spots], notes=notes)
    nodes = build_nodes(clean, end=frame.end, spots=spots, owners=owners, dues=dues)
    paths = heading_paths(nodes)
    turning = kind is DocumentKind.SUMMARY_AND_PLAN
    passages = find_passages(
        text, frame=frame, spots=spots, paths=paths, opening=opening, horizon=horizon, turning=turning,
        holes=_holes(frame, notes, tables),
    )  # fmt: skip
    meta = read_metadata(clean, source=source, frame=frame, horizon=horizon, kind=kind)
    return Assembled(meta, nodes, passages, _tables(clean, tables, spots, paths, opening))


def _holes(frame: Frame, notes: list[OwnerNote], tables: list[RawTable]) -> list[tuple[int, int]]:
    """What no passage covers: owner notes, tables with their captions, lines that say nothing."""
    found = [(note.start, note.end) for note in notes] + [(table.caption_start, table.end) for table in tables]
    return sorted([*found, *frame.dropped])


def _first_heading(text: str) -> int:
    """The offset of the first heading that opens the numbering, or the end of the text."""
    for label in scan(text, 0, len(text)):
        if label.style in _OPENING_STYLES and (label.opens_line or label.number in (None, 1)):
            return label.start
    return len(text)


def _clean_outline(clean: CleanText, source: Source) -> dict[int, int]:
    """The file's own headings, from original to clean offsets."""
    origin = clean.origin
    found: dict[int, int] = {}
    for offset, level in source.outline.items():
        at = bisect_left(origin, offset, 0, len(clean.text))
        while at < len(clean.text) and clean.text[at] in "\n ":
            at += 1
        found[at] = level
    return found


def _body_headings(text: str, frame: Frame, tables: list[RawTable], outline: dict[int, int]) -> list[Heading]:
    """Headings of the body without those inside tables, captions and lines that say nothing."""
    found = find_headings(text, frame.start, frame.end, outline=outline)
    holes = _holes(frame, [], tables)
    if not holes:
        return found
    starts = [start for start, _ in holes]
    reach = list(accumulate((end for _, end in holes), max, initial=0))
    return [heading for heading in found if reach[bisect_right(starts, heading.start)] <= heading.start]


def _looks_back(text: str, frame: Frame, tenses: set[Tense | None]) -> bool:
    opening = text[frame.start : frame.start + 120]
    return Tense.ACTUAL in tenses or bool(re.search(r"过去|今年以来|一年来|上半年|去年", opening))


def _looks_ahead(headings: list[Heading]) -> bool:
    """Whether an outer heading turns to what comes next."""
    return any(
        re.search(r"打算|思路|计划|安排|谋划|设想|下一?步|下一?阶段|来年|明年|今年", heading.text)
        and sense.tense is Tense.TARGET
        for heading in headings
        if heading.style in (Style.YEAR, Style.PART, Style.CHAPTER, Style.HAN, Style.PLAIN, Style.HAN_PAREN)
        for sense in [sense_of(heading.text)]
        if sense is not None
    )


def _row_owners(
    clean: CleanText, head: tuple[Cell, ...], rows: tuple[tuple[Cell, ...], ...]
) -> tuple[tuple[Owner, ...], ...]:
    """Per row who answers for it; a row that names nobody shares the merged cell above."""
    columns = owner_columns(head, bare=False)
    found: list[tuple[Owner, ...]] = []
    for row in rows if columns else ():
        own = once_each(clean, offices_first(list(row_owners(clean.text, row, columns))))
        found.append(own or (found[-1] if found else ()))
    return tuple(found)


def _tables(
    clean: CleanText, raw: list[RawTable], spots: list[Spot], paths: list[tuple[str, ...]], opening: Regime
) -> tuple[Table, ...]:
    """Tables with the regime of their place, without the rows that became nodes: their cells are passages."""
    real = [index for index, spot in enumerate(spots) if spot.row is None]
    starts = [spots[index].heading.start for index in real]
    rows = [(spot.heading.start, spot.row) for spot in spots if spot.row is not None]
    row_starts = [start for start, _ in rows]
    found: list[Table] = []
    for table in raw:
        at = bisect_right(starts, table.start)
        node = real[at - 1] if at else None
        regime = spots[node].regime if node is not None else opening
        # A goal line holds its own figures; a table behind the last of them belongs to the section that lists them.
        while node is not None and spots[node].kind is NodeKind.GOAL:
            node = spots[node].place.parent
        mine = rows[bisect_left(row_starts, table.start) : bisect_left(row_starts, table.end)]
        taken = {number for _, row in mine for number in row.rows}
        kept = tuple(row for number, row in enumerate(table.rows) if number not in taken)
        if kept:
            path = paths[node] if node is not None else ()
            passage = regime_passage(table.start, table.end, regime, section=path, node=node)
            owners = _row_owners(clean, table.head, kept)
            found.append(Table(table.caption, table.head, kept, passage, (None,) * len(kept), owners))
    return tuple(found)
