"""The task tree of a plan, and the matrix of offices by tasks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TaskLine, in_order, plan_lines

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# The marks of the matrix: lead, support, responsible.
MARKS = {OwnerRole.LEAD: "●", OwnerRole.SUPPORT: "○", OwnerRole.RESPONSIBLE: "△"}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A task and, column by column, the role each office has in it (None: none)."""

    task: TaskLine
    roles: tuple[OwnerRole | None, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple("" if role is None else MARKS[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Offices in the register's order by tasks in reading order. ``totals`` counts per office (lead, support, responsible)."""

    offices: tuple[OfficeRef, ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[tuple[int, int, int], ...]


def task_tree(plan: WorkPlan, *, user: User) -> tuple[TaskLine, ...]:
    """All kept headings in reading order, each with depth, owners by role, deadline and targets. Five queries."""
    can_see_plan(user, plan)
    return plan_lines(plan).tasks


def responsibility_matrix(plan: WorkPlan, *, user: User) -> Matrix:
    """Who leads, supports or answers for each task. Five queries."""
    can_see_plan(user, plan)
    return matrix_of(plan_lines(plan))


def matrix_of(lines: PlanLines) -> Matrix:
    """The matrix of rows already read. An office that both leads and supports a task counts as leading it."""
    tasks = [task for task in lines.work if task.leads or task.responsibles or task.supports]
    offices = in_order(office for task in tasks for office in (*task.leads, *task.responsibles, *task.supports))
    columns = {office.id: column for column, office in enumerate(offices)}
    totals: dict[OwnerRole, dict[int, int]] = {role: defaultdict(int) for role in MARKS}
    rows = []
    for task in tasks:
        roles: list[OwnerRole | None] = [None] * len(offices)
        for role, holders in (
            (OwnerRole.SUPPORT, task.supports),
            (OwnerRole.RESPONSIBLE, task.responsibles),
            (OwnerRole.LEAD, task.leads),
        ):
            for office in holders:
                roles[columns[office.id]] = role
        for column, held in enumerate(roles):
            if held is not None:
                totals[held][column] += 1
        rows.append(MatrixRow(task, tuple(roles)))
    counted = tuple(
        (totals[OwnerRole.LEAD][column], totals[OwnerRole.SUPPORT][column], totals[OwnerRole.RESPONSIBLE][column])
        for column in range(len(offices))
    )
    return Matrix(offices, tuple(rows), counted)
