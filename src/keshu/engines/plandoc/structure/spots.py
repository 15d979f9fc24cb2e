"""Nodes in the making: headings and the rows of task lists in reading order, each with its level and regime."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from keshu.engines.plandoc.document import NodeKind, Tense, Tier
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.kinds import find_kinds
from keshu.engines.plandoc.structure.labels import Style
from keshu.engines.plandoc.structure.metadata import Horizon
from keshu.engines.plandoc.structure.nesting import Place, nest
from keshu.engines.plandoc.structure.regimes import Regime, heading_regime, leads_stretch_list, turned_ahead
from keshu.engines.plandoc.structure.tables import RawTable
from keshu.engines.plandoc.structure.tasklists import TaskRow, read_task_rows


class Spot(NamedTuple):
    """A heading or a task row (then `row` is set) with its place, regime and kind."""

    heading: Heading
    place: Place
    regime: Regime
    kind: NodeKind
    row: TaskRow | None = None


_LONGEST_TURN = 600  # characters of a paragraph that leads up to a heading


def find_spots(
    text: str, *, headings: list[Heading], tables: Sequence[RawTable], opening: Regime, horizon: Horizon
) -> list[Spot]:
    """All spots in reading order; `opening` is the regime in front of the first heading."""
    places = nest(headings)
    regimes = _regimes(text, headings, places, opening, horizon)
    kinds = find_kinds(headings, places=places, regimes=regimes)
    spots = [Spot(*parts) for parts in zip(headings, places, regimes, kinds, strict=True)]
    return _with_task_rows(text, spots, tables, opening)


def _regimes(
    text: str, headings: list[Heading], places: list[Place], opening: Regime, horizon: Horizon
) -> list[Regime]:
    """The regime under every heading; what follows `力争实现以下目标:` is a stretch, with its siblings."""
    regimes: list[Regime] = []
    turned: dict[int | None, Regime] = {}
    for index, (heading, place) in enumerate(zip(headings, places, strict=True)):
        above = opening if place.parent is None else regimes[place.parent]
        above = turned.get(place.parent, above)
        if above.tense is Tense.ACTUAL and (ahead := _turned_ahead(text, headings, index, above, horizon)):
            above = turned[place.parent] = ahead
        regime = heading_regime(heading.text, above, horizon=horizon, goal=heading.goal)
        if index and place.parent is not None:
            if leads_stretch_list(_lead_in(text, headings, index)):
                regime = regime._replace(tier=Tier.STRETCH)
            elif places[index - 1].parent == place.parent and regimes[index - 1].tier is not regime.tier:
                regime = regime._replace(tier=regimes[index - 1].tier)
        regimes.append(regime)
    return regimes


def _turned_ahead(text: str, headings: Sequence[Heading], index: int, above: Regime, horizon: Horizon) -> Regime | None:
    """The regime of the paragraph in front of a heading where it turns to what comes next (2025年,工作的总体目标是:…)."""
    start = headings[index - 1].head_end if index else 0
    stop = headings[index].start
    ahead = text[max(start, stop - _LONGEST_TURN) : stop].rstrip()
    place = ahead.rfind("\n") + 1
    return turned_ahead(ahead[place:].lstrip(), above, horizon=horizon) if place else None


def _lead_in(text: str, headings: Sequence[Heading], index: int) -> str:
    """The words right in front of a heading."""
    start = max(headings[index - 1].head_start, headings[index].start - 60)
    return text[start : headings[index].start].rstrip()


def _with_task_rows(text: str, spots: list[Spot], tables: Sequence[RawTable], opening: Regime) -> list[Spot]:
    """The rows of task lists as nodes below the heading they stand under."""
    starts = [spot.heading.start for spot in spots]
    rows: dict[int, list[TaskRow]] = {}  # by the index of the heading they stand in front of
    for table in tables:
        found = read_task_rows(text, table=table)
        if found:
            rows.setdefault(bisect_right(starts, table.start), []).extend(found)
    if not rows:
        return spots
    merged: list[Spot] = []
    moved: list[int] = []
    for index in range(len(spots) + 1):
        if index in rows:
            merged += _row_spots(text, rows[index], merged, moved[-1] if moved else None, opening)
        if index < len(spots):
            spot = spots[index]
            parent = spot.place.parent
            moved.append(len(merged))
            merged.append(spot if parent is None else spot._replace(place=Place(spot.place.level, moved[parent])))
    for index in rows:
        if index:
            merged[moved[index - 1]] = merged[moved[index - 1]]._replace(kind=NodeKind.SECTION)
    return merged


def _row_spots(text: str, rows: list[TaskRow], above: list[Spot], parent: int | None, opening: Regime) -> list[Spot]:
    """The spots of task rows under `parent`, an index into `above`; tasks stand under the group row above them."""
    regime = above[parent].regime if parent is not None else opening
    level = above[parent].place.level + 1 if parent is not None else 1
    regime = regime._replace(role=Role.TASK if regime.tense is Tense.TARGET else Role.RESULT)
    found: list[Spot] = []
    group: int | None = None
    for row in rows:
        if row.is_group:
            group = len(above) + len(found)
            found.append(Spot(_row_heading(text, row), Place(level, parent), regime, NodeKind.SECTION, row))
            continue
        place = Place(level, parent) if group is None else Place(level + 1, group)
        found.append(Spot(_row_heading(text, row), place, regime, NodeKind.ACTION, row))
    return found


def _row_heading(text: str, row: TaskRow) -> Heading:
    words = text[row.head_start : row.head_end]
    return Heading(row.start, row.head_start, row.head_end, Style.DIGIT, None, row.label, words, own_paragraph=True)
