"""Putting the rooms of structure together: frame, headings, levels, regimes, owners, tables, passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keshu.engines.plandoc.document import DocumentKind, Metadata, Node, NodeKind, Owner, Tense, Tier
from keshu.engines.plandoc.passage import Passage, Role, Table
from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure.attribution import attribute, offices_first
from keshu.engines.plandoc.structure.dates import find_deadline
from keshu.engines.plandoc.structure.flattables import find_flat_tables
from keshu.engines.plandoc.structure.frame import Frame, find_frame
from keshu.engines.plandoc.structure.headings import Heading, find_headings
from keshu.engines.plandoc.structure.kinds import find_kinds
from keshu.engines.plandoc.structure.labels import Style, scan
from keshu.engines.plandoc.structure.metadata import Horizon, find_horizon, find_kind, is_oral, read_metadata
from keshu.engines.plandoc.structure.nesting import Place, nest
from keshu.engines.plandoc.structure.owners import OwnerNote, PrintedOwner, find_owner_notes
from keshu.engines.plandoc.structure.passages import cut_passages, subject_of
from keshu.engines.plandoc.structure.regimes import Regime, heading_regime, leads_stretch_list, opening_regime
from keshu.engines.plandoc.structure.tables import RawTable, find_tables
from keshu.engines.plandoc.structure.tasklists import TaskRow, read_task_rows
from keshu.engines.plandoc.structure.words import sense_of
from keshu.kernel.span import Span

_OPENING_STYLES = frozenset({Style.CHAPTER, Style.HAN, Style.HAN_PAREN, Style.DIGIT, Style.QUESTION})
_QUANTITY = re.compile(
    r"\d(?!\d{0,3}年)[\d.,]*\s*(?:%|[\u4e00-\u9fff])|[一二三四五六七八九十百千两]+(?:家|个|项|名|人"
    r"|件|场|亿|万)|(?:实现|零的?|”的?)突破|[xX×*]{1,4}(?:家|个|项|名|%|亿)"
)


@dataclass(frozen=True, slots=True)
class Assembled:
    """All that :func:`find_structure` hands on."""

    meta: Metadata
    nodes: tuple[Node, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A node in the making: a heading or a task row, with its place and regime."""

    heading: Heading
    place: Place
    regime: Regime
    kind: NodeKind
    row: TaskRow | None = None


def assemble(clean: CleanText, source: Source) -> Assembled:
    """Read the structure of a cleaned document."""
    text = clean.text
    frame = find_frame(text, source, first_heading=_first_heading(text))
    raw_tables = find_tables(text, frame.start, frame.end)
    flat = find_flat_tables(text, frame.start, frame.end)
    raw_tables = sorted(raw_tables + flat, key=lambda table: table.start)
    headings = _body_headings(text, frame, raw_tables, _clean_outline(clean, source))
    words = [heading.text for heading in headings]
    tenses = {sense.tense for heading in words for sense in [sense_of(heading)] if sense is not None}
    kind = find_kind(text, frame, looks_back=_looks_back(text, frame, tenses), looks_ahead=_looks_ahead(headings))
    horizon = find_horizon(text, frame, headings=words, kind=kind)
    spots = _spots(text, frame, headings, raw_tables, kind, horizon)
    notes = find_owner_notes(text, frame.start, frame.end, item_starts=frozenset(h.start for h in headings))
    given, dues = attribute(text, [spot.heading for spot in spots], [spot.place for spot in spots], notes)
    nodes = _nodes(clean, frame, spots, given, dues)
    sections = [tuple(_path(nodes, index)) for index in range(len(nodes))]
    tables = _tables(raw_tables, spots, sections, opening_regime(kind, horizon, oral=is_oral(frame)))
    passages = _passages(text, frame, spots, sections, notes, raw_tables, kind, horizon)
    meta = read_metadata(clean, source, frame, horizon=horizon, kind=kind)
    return Assembled(meta, nodes, passages, tables)


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
    holes = [(table.caption_start, table.end) for table in tables] + list(frame.dropped)
    found = find_headings(text, frame.start, frame.end, outline=outline)
    if not holes:
        return found
    return [heading for heading in found if not any(a <= heading.start < b for a, b in holes)]


def _looks_back(text: str, frame: Frame, tenses: set[Tense | None]) -> bool:
    opening = text[frame.start : frame.start + 120]
    return Tense.ACTUAL in tenses or bool(re.search(r"过去|今年以来|一年来|上半年|去年", opening))


def _looks_ahead(headings: list[Heading]) -> bool:
    """Whether an outer heading turns to what comes next."""
    return any(
        re.search(r"打算|思路|计划|安排|谋划|设想|下一?步|下一?阶段|来年|明年", heading.text)
        and sense.tense is Tense.TARGET
        for heading in headings
        if heading.style in (Style.YEAR, Style.HAN, Style.CHAPTER, Style.PLAIN, Style.HAN_PAREN)
        for sense in [sense_of(heading.text)]
        if sense is not None
    )


def _spots(
    text: str, frame: Frame, headings: list[Heading], tables: list[RawTable], kind: DocumentKind, horizon: Horizon
) -> list[_Spot]:
    """Headings and task rows in reading order, each with its place and regime."""
    places = nest(headings)
    opening = opening_regime(kind, horizon, oral=is_oral(frame))
    regimes: list[Regime] = []
    for index, (heading, place) in enumerate(zip(headings, places, strict=True)):
        above = opening if place.parent is None else regimes[place.parent]
        regime = heading_regime(heading.text, above, horizon=horizon, goal=heading.goal)
        if place.parent is not None and index and leads_stretch_list(_lead_in(text, headings, index)):
            regime = replace(regime, tier=Tier.STRETCH)
        elif (
            index
            and places[index - 1].parent == place.parent is not None
            and regimes[index - 1].tier is not regime.tier
        ):
            regime = replace(regime, tier=regimes[index - 1].tier)
        regimes.append(regime)
    kinds = find_kinds(headings, places, regimes)
    spots = [_Spot(*parts) for parts in zip(headings, places, regimes, kinds, strict=True)]
    return _with_task_rows(text, spots, tables, opening)


def _lead_in(text: str, headings: Sequence[Heading], index: int) -> str:
    """The words right in front of a heading."""
    start = max(headings[index - 1].head_start, headings[index].start - 60)
    return text[start : headings[index].start].rstrip()


def _with_task_rows(text: str, spots: list[_Spot], tables: list[RawTable], opening: Regime) -> list[_Spot]:
    """The rows of task lists as nodes below the heading they stand under."""
    for table in tables:
        rows = read_task_rows(text, table)
        if not rows:
            continue
        at = bisect_right([spot.heading.start for spot in spots], table.start)
        parent = at - 1 if at else None
        regime = spots[parent].regime if parent is not None else opening
        level = spots[parent].place.level + 1 if parent is not None else 1
        role = Role.TASK if regime.tense is Tense.TARGET else Role.RESULT
        added = [
            _Spot(_row_heading(text, row), Place(level, parent), replace(regime, role=role), NodeKind.ACTION, row)
            for row in rows
        ]
        if parent is not None:
            spots[parent] = replace(spots[parent], kind=NodeKind.SECTION)
        spots = spots[:at] + added + [_shifted(spot, at, len(added)) for spot in spots[at:]]
    return spots


def _row_heading(text: str, row: TaskRow) -> Heading:
    return Heading(
        row.start, row.head_start, row.head_end, Style.DIGIT, None, row.label, text[row.head_start : row.head_end], True
    )


def _shifted(spot: _Spot, at: int, by: int) -> _Spot:
    parent = spot.place.parent
    moved = parent + by if parent is not None and parent >= at else parent
    return replace(spot, place=replace(spot.place, parent=moved))


def _nodes(
    clean: CleanText, frame: Frame, spots: list[_Spot], given: list[list[PrintedOwner]], dues: list[str]
) -> tuple[Node, ...]:
    """The finished nodes, their spans in the original."""
    ends = _body_ends(frame, spots)
    nodes: list[Node] = []
    for index, spot in enumerate(spots):
        owners = offices_first(list(spot.row.owners)) if spot.row is not None else given[index]
        due_text = spot.row.due_text if spot.row is not None else dues[index]
        heading = spot.heading
        nodes.append(
            Node(
                index=index,
                parent=spot.place.parent,
                level=spot.place.level,
                label=heading.label,
                heading=heading.text,
                kind=spot.kind,
                span=clean.span(heading.start, heading.head_end),
                body=_union(clean.span(heading.start, heading.head_end), clean.span(heading.start, ends[index])),
                owners=_owners(clean, owners),
                due=find_deadline(due_text, year=spot.regime.year) if due_text else None,
                due_text=due_text,
            )
        )
    return tuple(nodes)


def _union(first: Span, second: Span) -> Span:
    return Span(min(first.start, second.start), max(first.end, second.end))


def _owners(clean: CleanText, owners: list[PrintedOwner]) -> tuple[Owner, ...]:
    """Each name once per role."""
    seen: dict[str, Owner] = {}
    for owner in owners:
        seen.setdefault(
            owner.name.text, Owner(owner.name.text, owner.role, clean.span(owner.name.start, owner.name.end))
        )
    return tuple(seen.values())


def _body_ends(frame: Frame, spots: list[_Spot]) -> list[int]:
    """For each spot the start of the next one on its level or above, in one pass from the back."""
    ends = [frame.end] * len(spots)
    open_: list[int] = []
    for index, spot in enumerate(spots):
        while open_ and spots[open_[-1]].place.level >= spot.place.level:
            ends[open_.pop()] = spot.heading.start
        open_.append(index)
    return ends


def _path(nodes: tuple[Node, ...], index: int) -> list[str]:
    """Heading path, outermost first; goal lines name no place of their own."""
    path: list[str] = []
    at: int | None = index
    while at is not None:
        if nodes[at].kind is not NodeKind.GOAL:
            path.insert(0, nodes[at].label + nodes[at].heading)
        at = nodes[at].parent
    return path


def _tables(
    raw: list[RawTable], spots: list[_Spot], sections: list[tuple[str, ...]], opening: Regime
) -> tuple[Table, ...]:
    """Tables with the regime of their place, without the rows that became nodes: their cells are passages."""
    starts = [spot.heading.start for spot in spots if spot.row is None]
    real = [index for index, spot in enumerate(spots) if spot.row is None]
    found: list[Table] = []
    for table in raw:
        at = bisect_right(starts, table.start)
        node = real[at - 1] if at else None
        regime = spots[node].regime if node is not None else opening
        rows = {
            number
            for spot in spots
            if spot.row is not None and table.start <= spot.heading.start < table.end
            for number in spot.row.rows
        }
        passage = Passage(
            table.start,
            table.end,
            sections[node] if node is not None else (),
            node,
            regime.role,
            regime.tense,
            regime.period,
            regime.year,
            regime.tier,
        )
        kept = tuple(row for number, row in enumerate(table.rows) if number not in rows)
        if kept:
            found.append(Table(table.caption, table.head, kept, passage, (None,) * len(kept)))
    return tuple(found)


def _passages(
    text: str,
    frame: Frame,
    spots: list[_Spot],
    sections: list[tuple[str, ...]],
    notes: list[OwnerNote],
    tables: list[RawTable],
    kind: DocumentKind,
    horizon: Horizon,
) -> tuple[Passage, ...]:
    """All passages in reading order."""
    holes = sorted(
        [(note.start, note.end) for note in notes]
        + [(table.caption_start, table.end) for table in tables]
        + list(frame.dropped)
    )
    oral = is_oral(frame)
    turning = oral or kind is DocumentKind.SUMMARY_AND_PLAN
    opening = opening_regime(kind, horizon, oral=oral)
    headings = [spot for spot in spots if spot.row is None]
    first = headings[0].heading.start if headings else frame.end
    found = cut_passages(
        text, frame.start, first, holes=_between(holes, frame.start, first), regime=opening, horizon=horizon, free=True,
        oral=oral, section=(), node=None, subject="",
    )  # fmt: skip
    settled: list[bool] = []
    real = [index for index, spot in enumerate(spots) if spot.row is None]
    for spot in spots:
        parent = spot.place.parent
        sense = sense_of(spot.heading.text)
        settled.append((sense is not None and sense.tense is not None) or (parent is not None and settled[parent]))
    for position, index in enumerate(real):
        spot = spots[index]
        start = spot.heading.head_start if _reads_heading(spot) else spot.heading.head_end
        end = spots[real[position + 1]].heading.start if position + 1 < len(real) else frame.end
        found += cut_passages(
            text, start, end, holes=_between(holes, start, end), regime=spot.regime, horizon=horizon,
            free=(turning or spot.heading.style is Style.QUESTION) and not settled[index], oral=oral,
            section=sections[index], node=index, subject=subject_of(spot.heading.text),
        )  # fmt: skip
    for index, spot in enumerate(spots):
        if spot.row is not None:
            found += [
                _cell_passage(spot, a, b, sections[index], index)
                for a, b in spot.row.bodies
                if text[a:b].strip(" 。;:,")
            ]
    return tuple(sorted(found, key=lambda passage: passage.start))


def _cell_passage(spot: _Spot, start: int, end: int, section: tuple[str, ...], index: int) -> Passage:
    regime = spot.regime
    return Passage(
        start, end, section, index, regime.role, regime.tense, regime.period, regime.year, regime.tier,
        subject_of(spot.heading.text),
    )  # fmt: skip


def _reads_heading(spot: _Spot) -> bool:
    """Whether the heading itself may hold a figure: goal lines, and run-in headings that state an amount."""
    return spot.heading.goal or (
        spot.heading.style not in (Style.YEAR, Style.CHAPTER, Style.QUESTION)
        and bool(_QUANTITY.search(spot.heading.text))
    )


def _between(holes: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The holes that touch `start` to `end`."""
    return holes[max(0, bisect_left(holes, (start, 0)) - 1) : bisect_left(holes, (end, 0))]
