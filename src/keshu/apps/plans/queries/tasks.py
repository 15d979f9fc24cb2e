"""The matrix of offices by tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Generic, NamedTuple, Protocol, TypeVar

from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.queries.holders import OfficeRef, in_order

# The marks of the matrix: lead, support, responsible.
MARKS = {OwnerRole.LEAD: "●", OwnerRole.SUPPORT: "○", OwnerRole.RESPONSIBLE: "△"}


class Task(Protocol):
    """What the matrix asks of a task, whichever way it was read."""

    @property
    def leads(self) -> tuple[OfficeRef, ...]: ...
    @property
    def supports(self) -> tuple[OfficeRef, ...]: ...
    @property
    def responsibles(self) -> tuple[OfficeRef, ...]: ...


Kind = TypeVar("Kind", bound=Task)


class Totals(NamedTuple):
    """How many tasks an office leads, supports and answers for."""

    leads: int
    supports: int
    responsibles: int


@dataclass(frozen=True, slots=True)
class MatrixRow(Generic[Kind]):
    """A task and the role that each office with a part has in it, by the office's id."""

    task: Kind
    roles: dict[int, OwnerRole]


@dataclass(frozen=True, slots=True)
class Matrix(Generic[Kind]):
    """Offices in the register's order by tasks in reading order; `totals` office by office."""

    offices: tuple[OfficeRef, ...]
    rows: tuple[MatrixRow[Kind], ...]
    totals: tuple[Totals, ...]


def matrix_of(tasks: Iterable[Kind]) -> Matrix[Kind]:
    """The tasks in which somebody has a part. An office that both leads and supports a task counts as leading it."""
    groups: dict[int, tuple[OfficeRef, ...]] = {}
    rows = []
    for task in tasks:
        roles: dict[int, OwnerRole] = {}
        for role, holders in (
            (OwnerRole.SUPPORT, task.supports),
            (OwnerRole.RESPONSIBLE, task.responsibles),
            (OwnerRole.LEAD, task.leads),
        ):
            groups[id(holders)] = holders
            roles.update((office.id, role) for office in holders)
        if roles:
            rows.append(MatrixRow(task, roles))
    offices = in_order(chain.from_iterable(groups.values()))
    counts: dict[int, dict[OwnerRole, int]] = {office.id: dict.fromkeys(MARKS, 0) for office in offices}
    for row in rows:
        for office_id, role in row.roles.items():
            counts[office_id][role] += 1
    totals = (
        Totals(count[OwnerRole.LEAD], count[OwnerRole.SUPPORT], count[OwnerRole.RESPONSIBLE])
        for count in counts.values()
    )
    return Matrix(offices, tuple(rows), tuple(totals))
