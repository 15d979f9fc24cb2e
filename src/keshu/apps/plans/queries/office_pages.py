"""One organisation's part of a plan: what it leads and supports, its targets, what is due, who stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.due import SOON, DueLine, due_lines
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TargetLine, TaskLine, plan_lines

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan


@dataclass(frozen=True, slots=True)
class OfficeTask:
    """A task of the office with the headings above it and whether it answers for it (牵头 or 责任) or supports it."""

    task: TaskLine
    path: tuple[str, ...]
    role: str

    @property
    def others(self) -> tuple[OfficeRef, ...]:
        return self.task.offices


@dataclass(frozen=True, slots=True)
class OfficeTarget:
    """A target of the office with the title of the task it belongs to."""

    target: TargetLine
    task: str


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """``partners`` are the other organisations of its tasks, with how many tasks they share, most first."""

    office: OfficeRef
    leads: tuple[OfficeTask, ...]
    supports: tuple[OfficeTask, ...]
    targets: tuple[OfficeTarget, ...]
    due_soon: tuple[DueLine, ...]
    overdue: tuple[DueLine, ...]
    partners: tuple[tuple[OfficeRef, int], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.leads or self.supports or self.targets)


def office_card(organisation: Organisation, *, plan: WorkPlan, user: User, on: date) -> OfficeCard:
    """What the plan asks of one organisation. Four queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    return card_of(
        plan_lines(plan), organisation_id=organisation.pk, name=str(organisation), full_name=organisation.name, on=on
    )


def card_of(lines: PlanLines, *, organisation_id: int, name: str, full_name: str, on: date) -> OfficeCard:
    """The card over rows already read."""
    leads = [task for task in lines.work if _holds(task.accountable, organisation_id)]
    supports = [task for task in lines.work if task not in leads and _holds(task.supports, organisation_id)]
    mine = [
        DueLine(line.ref, line.text, line.due_on, (line.due_on - on).days, line.offices)
        for line in due_lines(lines)
        if _holds(line.offices, organisation_id)
    ]
    shared: dict[OfficeRef, int] = {}
    for task in (*leads, *supports):
        for office in task.offices:
            if office.id != organisation_id:
                shared[office] = shared.get(office, 0) + 1
    return OfficeCard(
        office=OfficeRef(0, organisation_id, name, full_name),
        leads=tuple(OfficeTask(task, lines.path_of(task.id)[:-1], _role(task, organisation_id)) for task in leads),
        supports=tuple(OfficeTask(task, lines.path_of(task.id)[:-1], "support") for task in supports),
        targets=tuple(
            OfficeTarget(target, lines.path_of(target.node_id)[-1])
            for target in lines.goals
            if _holds(lines.offices_of(target), organisation_id)
        ),
        due_soon=tuple(line for line in mine if on <= line.due_on <= on + SOON),
        overdue=tuple(line for line in mine if line.due_on < on),
        partners=tuple(sorted(shared.items(), key=lambda item: (-item[1], item[0]))),
    )


def _holds(offices: tuple[OfficeRef, ...], organisation_id: int) -> bool:
    return any(office.id == organisation_id for office in offices)


def _role(task: TaskLine, organisation_id: int) -> str:
    return "lead" if _holds(task.leads, organisation_id) else "responsible"
