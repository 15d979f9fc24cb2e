"""The responsibility matrix as pages show it: narrowed to a chapter and a kind of office, with counts by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.headings import Heading, Headings, plan_headings
from keshu.apps.plans.queries.holders import OfficeRef
from keshu.apps.plans.queries.plan_lights import has_lights
from keshu.apps.plans.queries.search_terms import holds_all, terms_of
from keshu.apps.plans.queries.tasks import MARKS, MatrixRow, matrix_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# The groups that the columns fall into, in the order of the register, with the kinds of organisations in each.
GROUPS = {
    "office": ("处室、直属单位", ("office", "unit", "bureau")),
    "area": ("县区、园区", ("county", "park", "city")),
    "department": ("市直部门", ("department",)),
}


# So many tasks on a page: with sixty offices some two thousand cells.
SIZE = 40


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A task of the matrix. ``cells`` has one entry a column, None where the office has no part; ``chapter`` opens a new one."""

    task: Heading
    cells: tuple[OwnerRole | None, ...]
    leads: int
    supports: int
    chapter: str


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """An office with how many of the tasks found it leads (or answers for) and supports."""

    office: OfficeRef
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """One page of the matrix. ``found`` tasks of ``total`` meet the conditions; ``ownerless`` counts those nobody is named for.

    ``chapters`` and ``groups`` are the filters' choices; without ``has_lights`` the plan is not in force.
    """

    columns: tuple[MatrixColumn, ...]
    lines: tuple[MatrixLine, ...]
    chapters: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, str], ...]
    found: int
    total: int
    ownerless: int
    number: int
    pages: int
    has_lights: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE + 1 if self.found else 0

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1 if self.found else 0


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """What the matrix is asked to show; empty values ask for everything. ``chapter`` is the id of a top heading."""

    chapter: int | None = None
    group: str = ""
    q: str = ""
    light: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.chapter or self.group or self.q or self.light)


# Kinds in the order a bureau's papers list them: its own offices first.
KIND_ORDER = ("bureau", "office", "unit", "county", "park", "department", "city")


def in_paper_order(offices: Iterable[OfficeRef], *, kinds: Mapping[int, str]) -> list[OfficeRef]:
    """Offices by kind, and within a kind as the register has them."""
    ranks = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
    return sorted(offices, key=lambda office: (ranks.get(kinds.get(office.id, ""), len(ranks)), office))


def kinds_of(offices: Iterable[OfficeRef]) -> dict[int, str]:
    """The kind of each organisation. One query."""
    return {pk: ref.kind for pk, ref in refs_of(office.id for office in offices).items()}


def matrix_page(
    plan: WorkPlan, *, user: User, on: date, asked: MatrixFilter = MatrixFilter(), number: int | None = 1
) -> MatrixPage:
    """Page `number` of a plan's matrix (None: the whole of it). Six queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    headings = plan_headings(plan, on=on)
    kinds = kinds_of(headings.everybody)
    tops = {task.id: headings.top_of(task) for task in headings.work}
    found = _found(headings, asked, tops, kinds)
    matrix = matrix_of(found)
    wanted = GROUPS[asked.group][1] if asked.group in GROUPS else ()
    offices = [
        office for office in in_paper_order(matrix.offices, kinds=kinds) if not wanted or kinds.get(office.id) in wanted
    ]
    totals = dict(zip((office.id for office in matrix.offices), matrix.totals, strict=True))
    pages = max(1, -(-len(matrix.rows) // SIZE))
    number = None if number is None else min(max(number, 1), pages)
    rows = matrix.rows if number is None else matrix.rows[(number - 1) * SIZE : number * SIZE]
    held = [task for task in headings.work if any(part.role in MARKS for part in task.parts)]
    return MatrixPage(
        columns=tuple(
            MatrixColumn(office, total.leads + total.responsibles, total.supports)
            for office in offices
            for total in [totals[office.id]]
        ),
        lines=tuple(_lines(rows, [office.id for office in offices], tops)),
        chapters=tuple(dict.fromkeys((top.id, top.title) for top in tops.values())),
        groups=tuple((key, label) for key, (label, of) in GROUPS.items() if any(kind in of for kind in kinds.values())),
        found=len(matrix.rows),
        total=len(held),
        ownerless=sum(task.is_ownerless for task in headings.work),
        number=number or 1,
        pages=pages,
        has_lights=has_lights(plan),
    )


def _found(
    headings: Headings, asked: MatrixFilter, tops: Mapping[int, Heading], kinds: Mapping[int, str]
) -> list[Heading]:
    """The tasks that meet the conditions."""
    terms = terms_of(asked.q)
    wanted = GROUPS[asked.group][1] if asked.group in GROUPS else ()
    groups = {id(part.offices): part.offices for task in headings.work for part in task.parts}
    inside = {
        key for key, offices in groups.items() if not wanted or any(kinds.get(each.id) in wanted for each in offices)
    }
    return [
        task
        for task in headings.work
        if (asked.chapter is None or tops[task.id].id == asked.chapter)
        and any(id(part.offices) in inside for part in task.parts)
        and (not asked.light or task.light.light == asked.light)
        and holds_all(terms, task.title)
    ]


def _lines(
    rows: Sequence[MatrixRow[Heading]], columns: Sequence[int], tops: Mapping[int, Heading]
) -> Iterator[MatrixLine]:
    last = None
    for row in rows:
        cells = tuple(map(row.roles.get, columns))
        held = [role for role in cells if role is not None]
        supports = held.count(OwnerRole.SUPPORT)
        top = tops[row.task.id]
        opening = top.title if top.id not in (last, row.task.id) else ""
        yield MatrixLine(row.task, cells, len(held) - supports, supports, opening)
        last = top.id
