"""From reported figures to a calendar: one value for each month (or quarter) of each year, gaps filled and counted.

A figure that adds up covers a stretch of months; under year-to-date reading the stretch begins after the figure
before. Within a stretch the sum is parted as the other years part it, evenly where none tells. A gap is filled from
its year's own mean and the other years' shape. A past year counts when its total is known or at most a quarter of it
is filled, and when it has at least three stretches of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from keshu.engines.outlook.question import Question, Reading

#: How much of a past year may be filled, and how many figures tell its shape.
MOST_FILLED, LEAST_FIGURES = 0.25, 3


@dataclass(frozen=True, slots=True)
class Calendar:
    """Figures by year and slot; a slot is a month (`slots` 12) or, where all figures are quarters, a quarter (4).

    `past` holds one row for each of `years`, an unbroken run up to last year; `now` one value for each slot of this
    year so far. `filled` are the slots of `now` that were filled; `certain` is the value as reported (of figures that
    add up: the sum of what was reported). `marks` are the slots after which a figure was reported, counted from 1,
    with the value then. `has_negative`: any figure below zero. `incomplete` are earlier years with figures that do
    not count.
    """

    slots: int
    years: tuple[int, ...]
    past: np.ndarray
    now: np.ndarray
    filled: tuple[int, ...]
    certain: float
    marks: tuple[tuple[int, float], ...]
    has_negative: bool
    incomplete: tuple[int, ...]

    @property
    def months_a_slot(self) -> int:
        return 12 // self.slots

    @property
    def left(self) -> int:
        """Slots of this year that are still to come."""
        return self.slots - len(self.now)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """`value` belongs to the slots from `first` to before `end`."""

    first: int
    end: int
    value: float


def lay_out(question: Question) -> Calendar:
    """The calendar of a question's figures."""
    known = list(question.known())
    slots = 4 if known and all(each.period.months == 3 and each.period.first % 3 == 0 for each in known) else 12
    by_year: dict[int, list[_Stretch]] = {}
    for each in known:
        first = each.period.first % 12 * slots // 12
        end = (each.period.last % 12 + 1) * slots // 12
        by_year.setdefault(each.period.last // 12, []).append(_Stretch(first, end, float(each.value)))
    adds_up = question.kind.adds_up
    if adds_up:
        to_date = question.reading is Reading.YEAR_TO_DATE
        by_year = {year: _apart(_differences(each) if to_date else each) for year, each in by_year.items()}
    fill = _fill_sums if adds_up else _fill_levels
    now = by_year.pop(question.year, [])
    shape = _shape(by_year, slots) if adds_up else None
    rows: dict[int, np.ndarray] = {}
    for year, stretches in by_year.items():
        if _counts(stretches, slots, adds_up=adds_up):
            rows[year] = fill(stretches, slots, shape)[0]
    years = _unbroken(rows, before=question.year)
    length = max((each.end for each in now), default=0)
    values, filled = fill(now, length, None if shape is None else shape[:length])
    heights = accumulate(each.value for each in now) if adds_up else (each.value for each in now)
    marks = tuple(zip((each.end for each in now), heights, strict=True))
    return Calendar(
        slots=slots,
        years=years,
        past=np.array([rows[year] for year in years]).reshape(len(years), slots),
        now=values,
        filled=filled,
        certain=marks[-1][1] if marks else 0.0,
        marks=marks,
        has_negative=any(each.value < 0 for row in (now, *by_year.values()) for each in row),
        incomplete=tuple(sorted(set(by_year) - set(years))),
    )


def _differences(stretches: list[_Stretch]) -> list[_Stretch]:
    """What was added between one year-to-date figure and the next."""
    end, value, found = 0, 0.0, []
    for each in sorted({each.end: each for each in stretches}.values(), key=lambda each: each.end):
        step = 0.0 if math.isclose(each.value, value, rel_tol=1e-12) else each.value - value
        found.append(_Stretch(end, each.end, step))
        end, value = each.end, each.value
    return found


def _apart(stretches: list[_Stretch]) -> list[_Stretch]:
    """Stretches that do not overlap: of a quarter given beside its months, what the months leave."""
    ordered = sorted(stretches, key=lambda each: each.first)
    if all(each.end <= later.first for each, later in pairwise(ordered)):
        return ordered
    found: list[_Stretch] = []
    for each in sorted(stretches, key=lambda each: (each.end - each.first, each.first)):
        inside = [one for one in found if each.first <= one.first and one.end <= each.end]
        covered = {slot for one in inside for slot in range(one.first, one.end)}
        open_slots = [slot for slot in range(each.first, each.end) if slot not in covered]
        rest = each.value - sum(one.value for one in inside)
        for first, end in _runs(open_slots):
            found.append(_Stretch(first, end, rest * (end - first) / len(open_slots)))
    return sorted(found, key=lambda each: each.first)


def _runs(slots: list[int]) -> list[tuple[int, int]]:
    """Neighbouring slots as (first, end)."""
    runs: list[tuple[int, int]] = []
    for slot in slots:
        if runs and runs[-1][1] == slot:
            runs[-1] = (runs[-1][0], slot + 1)
        else:
            runs.append((slot, slot + 1))
    return runs


def _counts(stretches: list[_Stretch], slots: int, *, adds_up: bool) -> bool:
    """Whether a past year is known well enough."""
    if len(stretches) < LEAST_FIGURES:
        return False
    if not adds_up:
        return stretches[-1].end == slots
    return sum(each.end - each.first for each in stretches) >= slots * (1 - MOST_FILLED)


def _unbroken(rows: dict[int, np.ndarray], *, before: int) -> tuple[int, ...]:
    """The years that count, back from last year to the first that does not."""
    years: list[int] = []
    while before - 1 - len(years) in rows:
        years.append(before - 1 - len(years))
    return tuple(reversed(years))


def _shape(by_year: dict[int, list[_Stretch]], slots: int) -> np.ndarray | None:
    """The mean share of each slot in the years that are known slot by slot; None where there is none or it is no share."""
    shares = []
    for stretches in by_year.values():
        total = sum(each.value for each in stretches)
        if len(stretches) == slots and total > 0 and all(each.value >= 0 for each in stretches):
            shares.append([each.value / total for each in stretches])
    return np.mean(shares, axis=0) if shares else None


def _fill_sums(stretches: list[_Stretch], length: int, shape: np.ndarray | None) -> tuple[np.ndarray, tuple[int, ...]]:
    """One value for each slot: stretches parted by `shape`, gaps at the year's own height."""
    weights = [1.0 / max(length, 1)] * length if shape is None else shape.tolist()
    values: list[float | None] = [None] * length
    for each in stretches:
        part = weights[each.first : each.end]
        whole = sum(part)
        for slot, share in zip(range(each.first, each.end), part, strict=True):
            values[slot] = each.value * (share / whole if whole > 0 else 1 / len(part))
    gaps = tuple(slot for slot, value in enumerate(values) if value is None)
    if gaps:
        there = sum(weights) - sum(weights[slot] for slot in gaps)
        height = sum(each.value for each in stretches) / there if there > 0 else 0.0
        for slot in gaps:
            values[slot] = height * weights[slot]
    return np.array(values, dtype=float), gaps


def _fill_levels(
    stretches: list[_Stretch], length: int, shape: np.ndarray | None
) -> tuple[np.ndarray, tuple[int, ...]]:
    """One value for each slot, straight from one reported value to the next."""
    if not stretches:
        return np.zeros(0), ()
    at = [each.end - 1 for each in stretches]
    values = np.interp(np.arange(length), at, [each.value for each in stretches])
    return values, tuple(slot for slot in range(length) if slot not in at)
