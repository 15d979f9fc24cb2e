"""A plan at a glance, and one office's share of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TargetLine, TaskLine, in_order, plan_lines
from keshu.apps.plans.queries.progress import ReviewProgress, review_progress

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """What one office carries: tasks it leads (or answers for) and supports, targets of the former, and what is due soon."""

    office: OfficeRef
    lead_tasks: int
    support_tasks: int
    targets: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class DueLine:
    """A target or task with a deadline ahead; ``days_left`` 0 is today."""

    ref: str
    text: str
    due_on: date
    days_left: int
    offices: tuple[OfficeRef, ...]


@dataclass(frozen=True, slots=True)
class PlanOverview:
    """The plan at a glance. ``due_soon`` covers today and the 30 days after; ``overdue`` counts rows whose day is past."""

    target_count: int
    actual_count: int
    task_count: int
    offices: tuple[OfficeLine, ...]
    due_soon: tuple[DueLine, ...]
    overdue: int
    tasks_without_owner: tuple[TaskLine, ...]
    targets_without_owner: tuple[TargetLine, ...]
    unresolved: tuple[str, ...]
    review: ReviewProgress


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One organisation's part of a plan. ``targets`` are those of tasks it leads or answers for."""

    organisation: OfficeRef
    leads: tuple[TaskLine, ...]
    supports: tuple[TaskLine, ...]
    targets: tuple[TargetLine, ...]
    due_soon: tuple[DueLine, ...]
    overdue: tuple[DueLine, ...]
    paths: dict[int, tuple[str, ...]]


def plan_overview(plan: WorkPlan, *, user: User, on: date) -> PlanOverview:
    """The current plan for the home page. Nine queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    lines = plan_lines(plan)
    due = due_lines(lines)
    soon = _within(due, on)
    work = [task for task in lines.tasks if task.is_work]
    return PlanOverview(
        target_count=len(lines.goals),
        actual_count=sum(1 for target in lines.targets if target.tense == "actual"),
        task_count=len(work),
        offices=_office_lines(lines, soon),
        due_soon=_counted(soon, on),
        overdue=sum(1 for line in due if line.due_on < on),
        tasks_without_owner=tuple(task for task in work if _is_ownerless(task)),
        targets_without_owner=tuple(target for target in lines.goals if not lines.offices_of(target)),
        unresolved=tuple(dict.fromkeys(name for task in lines.tasks for name in task.unresolved)),
        review=review_progress(plan),
    )


def office_page(organisation: Organisation, *, plan: WorkPlan, user: User, on: date) -> OfficePage:
    """What the plan asks of one organisation. Five queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    lines = plan_lines(plan)
    office = OfficeRef(organisation.position, organisation.pk, str(organisation), organisation.name)
    leads = tuple(task for task in lines.work if office in task.accountable)
    supports = tuple(task for task in lines.work if office in task.supports and office not in task.accountable)
    mine = [line for line in due_lines(lines) if office in line.offices]
    targets = tuple(target for target in lines.goals if office in lines.offices_of(target))
    nodes = {task.id for task in (*leads, *supports)} | {target.node_id for target in targets if target.node_id}
    return OfficePage(
        organisation=office,
        leads=leads,
        supports=supports,
        targets=targets,
        due_soon=_counted(_within(mine, on), on),
        overdue=_counted((line for line in mine if line.due_on < on), on),
        paths={node_id: lines.path_of(node_id)[:-1] for node_id in nodes},
    )


def due_lines(lines: PlanLines) -> list[DueLine]:
    """Every target and task with a deadline, soonest first; days are counted by the caller's day later on."""
    found = [
        DueLine(target.ref, f"{target.indicator}：{target.phrase}", target.due_on, 0, lines.offices_of(target))
        for target in lines.goals
        if target.due_on is not None
    ]
    found += [
        DueLine(task.ref, task.title, task.due_on, 0, task.accountable)
        for task in lines.tasks
        if task.due_on is not None
    ]
    return sorted(found, key=lambda line: (line.due_on, line.ref))


def _within(due: Iterable[DueLine], on: date) -> list[DueLine]:
    return [line for line in due if on <= line.due_on <= on + SOON]


def _counted(due: Iterable[DueLine], on: date) -> tuple[DueLine, ...]:
    return tuple(DueLine(line.ref, line.text, line.due_on, (line.due_on - on).days, line.offices) for line in due)


def _is_ownerless(task: TaskLine) -> bool:
    """A task is looked after when it, or a heading above it, names anybody: an organisation, a body outside, or a person."""
    return not (task.offices or task.outside or task.persons) and not (task.has_children and not task.targets)


def _office_lines(lines: PlanLines, soon: Iterable[DueLine]) -> tuple[OfficeLine, ...]:
    """Counted by id: hashing sixty offices in each of 300 tasks would cost more than reading them."""
    leads: Counter[int] = Counter()
    supports: Counter[int] = Counter()
    offices: dict[int, OfficeRef] = {}
    for task in lines.work:
        mine = {office.id: office for office in task.accountable}
        others = {office.id: office for office in task.supports if office.id not in mine}
        leads.update(mine.keys())
        supports.update(others.keys())
        offices |= mine | others
    targets = _counted_offices((lines.offices_of(target) for target in lines.goals), offices)
    due = _counted_offices((line.offices for line in soon), offices)
    return tuple(
        OfficeLine(each, leads[each.id], supports[each.id], targets[each.id], due[each.id])
        for each in in_order(offices.values())
    )


def _counted_offices(groups: Iterable[tuple[OfficeRef, ...]], offices: dict[int, OfficeRef]) -> Counter[int]:
    """How many of the groups each office stands in; offices not met before are added to `offices`."""
    counted: Counter[int] = Counter()
    for group in groups:
        counted.update(office.id for office in group)
        offices.update((office.id, office) for office in group)
    return counted
