"""The hand-over from structure to claims: stretches of clean text, each with all that its place in the document implies."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from keshu.engines.plandoc.document import Owner, Tense, Tier
from keshu.kernel.period import Period


class Role(StrEnum):
    """What a stretch of text is there for; it decides what a number in it may mean."""

    PREAMBLE = "preamble"  # before the first heading, or guiding ideas
    GOAL = "goal"  # the goals section
    RESULT = "result"  # figures achieved, retrospect
    TASK = "task"  # actions and measures
    SAFEGUARD = "safeguard"  # how the work is organised: rhythms, rules, sanctions
    WRAPPER = "wrapper"  # notice, addressees, signature: holds no claims


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of :class:`CleanText` (``start`` to ``end``, exclusive) that belongs to one node and one regime.

    ``tense``, ``period`` and ``tier`` are what a clause means here unless it says otherwise; ``year`` is the plan year the
    place speaks of (None when masked or unknown). ``subject`` is the heading's noun for clauses that name nothing.
    Owner brackets, 责任单位 and 完成时限 lines are already taken out: passages never cover them.

    In a plan over several years ``period`` is the whole span (2021/2025) and ``year`` its last: a level without a year of
    its own takes ``Period.year(year)``, a flow, a growth or a per-year goal the span. The same holds for the base it looks
    back on (2016/2020, 2020). A part of a year (2023-H1, 2023-01/2023-09) is the period of flows and levels alike.

    A passage may hold several paragraphs; it covers the words of a heading only where these state an amount.
    """

    start: int
    end: int
    section: tuple[str, ...]
    node: int | None
    role: Role
    tense: Tense
    period: Period | None
    year: int | None
    tier: Tier = Tier.BASE
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: clean offsets ``start`` to ``end`` of its trimmed content, and the content (filled down when merged)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the clean text: its caption (title line above, ``单位:`` remarks included), head cells and body rows.

    ``passage`` carries the place's section, node, tense, period and role. Rows of task lists become nodes and their text
    cells passages; such rows are not repeated here, so ``nodes`` (per row the index of its node) is None for what remains.
    ``owners`` are, per row, those of its 责任单位 columns; empty when the table has none.
    """

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    passage: Passage
    nodes: tuple[int | None, ...] = field(default=())
    owners: tuple[tuple[Owner, ...], ...] = field(default=())
