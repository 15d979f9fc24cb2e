"""The responsibility matrix as pages show it: narrowed to a chapter and a kind of office, with counts by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TaskLine, plan_lines
from keshu.apps.plans.queries.tasks import MARKS, Matrix, matrix_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# The groups that the columns fall into, in the order of the register, with the kinds of organisations in each.
GROUPS = {
    "office": ("处室、直属单位", ("office", "unit", "bureau")),
    "area": ("县区、园区", ("county", "park", "city")),
    "department": ("市直部门", ("department",)),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with somebody in it: the office of its column, the role held."""

    office: OfficeRef
    role: OwnerRole


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A task of the matrix. ``cells`` has one entry a column, None where the office has no part; ``chapter`` opens a new one."""

    task: TaskLine
    cells: tuple[Cell | None, ...]
    leads: int
    supports: int
    chapter: str


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """An office with how many of the tasks shown it leads (or answers for) and supports."""

    office: OfficeRef
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """What the matrix page shows. ``chapters`` and ``groups`` are its filters' choices; ``ownerless`` counts tasks left out."""

    columns: tuple[MatrixColumn, ...]
    lines: tuple[MatrixLine, ...]
    chapters: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, str], ...]
    total: int
    ownerless: int


# Kinds in the order a bureau's papers list them: its own offices first.
KIND_ORDER = ("bureau", "office", "unit", "county", "park", "department", "city")


def in_paper_order(offices: Iterable[OfficeRef], *, kinds: Mapping[int, str]) -> list[OfficeRef]:
    """Offices by kind, and within a kind as the register has them."""
    ranks = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
    return sorted(offices, key=lambda office: (ranks.get(kinds.get(office.id, ""), len(ranks)), office))


def kinds_of(offices: Iterable[OfficeRef]) -> dict[int, str]:
    """The kind of each organisation. One query."""
    return {pk: ref.kind for pk, ref in refs_of(office.id for office in offices).items()}


def matrix_page(plan: WorkPlan, *, user: User, chapter: int | None = None, group: str = "", q: str = "") -> MatrixPage:
    """The matrix of one plan. Five queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    lines = plan_lines(plan)
    whole = matrix_of(lines)
    return narrowed_matrix(lines, whole, kinds=kinds_of(whole.offices), chapter=chapter, group=group, q=q)


def narrowed_matrix(
    lines: PlanLines, whole: Matrix, *, kinds: Mapping[int, str], chapter: int | None, group: str, q: str
) -> MatrixPage:
    """The part of the matrix asked for; columns nobody has a mark in are left out."""
    tops = {task.id: _top(task, lines) for task in lines.work}
    wanted = GROUPS[group][1] if group in GROUPS else ()
    words = q.casefold().split()
    rows = [
        row
        for row in whole.rows
        if (chapter is None or tops[row.task.id].id == chapter)
        and all(word in row.task.title.casefold() for word in words)
    ]
    columns = {office: place for place, office in enumerate(whole.offices)}
    places = [
        place
        for office in in_paper_order(whole.offices, kinds=kinds)
        for place in [columns[office]]
        if (not wanted or kinds.get(office.id) in wanted) and any(row.roles[place] is not None for row in rows)
    ]
    # One cell for each office and role, shared by all tasks: sixty offices in 300 tasks would make 18,000 of them.
    made: dict[tuple[int, OwnerRole | None], Cell] = {
        (place, role): Cell(office, role) for place, office in enumerate(whole.offices) for role in MARKS
    }
    shown: list[MatrixLine] = []
    last = None
    for row in rows:
        cells = tuple(made.get((place, row.roles[place])) for place in places)
        if wanted and not any(cells):
            continue
        top = tops[row.task.id]
        held = [cell.role for cell in cells if cell is not None]
        supports = sum(1 for role in held if role == OwnerRole.SUPPORT)
        opening = top.title if top.id not in (last, row.task.id) else ""
        shown.append(MatrixLine(row.task, cells, len(held) - supports, supports, opening))
        last = top.id
    return MatrixPage(
        columns=tuple(_column(whole.offices[place], number, shown) for number, place in enumerate(places)),
        lines=tuple(shown),
        chapters=tuple(dict.fromkeys((top.id, top.title) for top in tops.values())),
        groups=tuple((key, label) for key, (label, of) in GROUPS.items() if any(kind in of for kind in kinds.values())),
        total=len(whole.rows),
        ownerless=sum(1 for task in lines.work if not task.offices),
    )


def _column(office: OfficeRef, number: int, lines: list[MatrixLine]) -> MatrixColumn:
    roles = [cell.role for line in lines if (cell := line.cells[number]) is not None]
    supports = sum(1 for role in roles if role == OwnerRole.SUPPORT)
    return MatrixColumn(office, len(roles) - supports, supports)


def _top(task: TaskLine, lines: PlanLines) -> TaskLine:
    """The chapter a task stands in."""
    while task.parent_id is not None and task.parent_id in lines.by_id:
        task = lines.by_id[task.parent_id]
    return task
