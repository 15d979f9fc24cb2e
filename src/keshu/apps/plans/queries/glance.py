"""A plan at a glance for the home page and the plan's own page, each organisation's share of it, and the list of offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.due import SOON, DueLine, due_lines
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TargetLine, plan_lines
from keshu.apps.plans.queries.task_pages import is_due, is_ownerless

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

BAR = 100
# So many organisations are drawn as bars; the list of offices has the rest.
BARS = 20
# So many achieved figures are listed; the ledger has the rest.
ACHIEVEMENTS = 20


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """What one organisation carries. ``bar`` is its number of targets in hundredths of the largest, at least 1 when any."""

    office: OfficeRef
    leads: int
    supports: int
    targets: int
    due_soon: int
    overdue: int
    bar: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Counts and lists of a plan. ``targets_due`` and ``tasks_due`` are due today or within the 30 days after."""

    lines: PlanLines
    targets: int
    achieved: int
    tasks: int
    targets_due: int
    tasks_due: int
    targets_overdue: int
    tasks_overdue: int
    targets_ownerless: int
    tasks_ownerless: int
    unresolved: tuple[str, ...]
    offices: tuple[OfficeShare, ...]
    due: tuple[DueLine, ...]

    @property
    def due_count(self) -> int:
        return self.targets_due + self.tasks_due

    @property
    def achievements(self) -> tuple[TargetLine, ...]:
        """The first achieved figures, for a summary."""
        return tuple(islice((target for target in self.lines.targets if target.tense == "actual"), ACHIEVEMENTS))

    @property
    def bars(self) -> tuple[OfficeShare, ...]:
        """The organisations drawn as bars."""
        return self.by_targets[:BARS]

    @property
    def by_targets(self) -> tuple[OfficeShare, ...]:
        """Those with targets, most first."""
        return tuple(sorted((share for share in self.offices if share.targets), key=lambda share: -share.targets))

    @property
    def others(self) -> int:
        """Organisations with targets beyond those the bars show."""
        return max(0, len(self.by_targets) - BARS)

    @property
    def finding(self) -> str:
        """Who carries most targets, in words; empty while nobody carries any."""
        shares = self.by_targets
        if not shares:
            return ""
        most = [share for share in shares if share.targets == shares[0].targets]
        name = shares[0].office.name
        if len(most) == 1:
            return f"{name}最多，{shares[0].targets} 项"
        return f"{name}等 {len(most)} 个单位最多，各 {shares[0].targets} 项"

    def share_of(self, organisation_ids: Iterable[int]) -> OfficeShare | None:
        """The share of the first of the organisations that has one."""
        wanted = set(organisation_ids)
        return next((share for share in self.offices if share.office.id in wanted), None)


def plan_glance(plan: WorkPlan, *, user: User, on: date) -> Glance:
    """The plan at a glance. Four queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    return glance_of(plan_lines(plan), on=on)


def glance_of(lines: PlanLines, *, on: date) -> Glance:
    """The glance over rows already read."""
    goals, work = lines.goals, lines.work
    dated = due_lines(lines)
    work_refs = {task.ref for task in work}
    soon = [
        DueLine(line.ref, line.text, line.due_on, (line.due_on - on).days, line.offices)
        for line in dated
        if on <= line.due_on <= on + SOON and (line.ref.startswith("target-") or line.ref in work_refs)
    ]
    return Glance(
        lines=lines,
        targets=len(goals),
        achieved=sum(1 for target in lines.targets if target.tense == "actual"),
        tasks=len(work),
        targets_due=sum(1 for line in soon if line.ref.startswith("target-")),
        tasks_due=sum(1 for line in soon if line.ref.startswith("node-")),
        targets_overdue=sum(1 for target in goals if target.due_on is not None and target.due_on < on),
        tasks_overdue=sum(1 for task in work if is_due(task, "overdue", on=on)),
        targets_ownerless=sum(1 for target in goals if not lines.offices_of(target)),
        tasks_ownerless=sum(1 for task in work if is_ownerless(task)),
        unresolved=tuple(dict.fromkeys(name for task in lines.tasks for name in task.unresolved)),
        offices=_shares(lines, on=on),
        due=tuple(soon),
    )


def _shares(lines: PlanLines, *, on: date) -> tuple[OfficeShare, ...]:
    leads: Counter[OfficeRef] = Counter()
    supports: Counter[OfficeRef] = Counter()
    targets: Counter[OfficeRef] = Counter()
    soon: Counter[OfficeRef] = Counter()
    overdue: Counter[OfficeRef] = Counter()
    for task in lines.work:
        leads.update(task.accountable)
        supports.update(set(task.supports) - set(task.accountable))
    for target in lines.goals:
        targets.update(lines.offices_of(target))
    for line in due_lines(lines):
        if line.due_on < on:
            overdue.update(line.offices)
        elif line.due_on <= on + SOON:
            soon.update(line.offices)
    most = max(targets.values(), default=0)
    return tuple(
        OfficeShare(
            office=office,
            leads=leads[office],
            supports=supports[office],
            targets=targets[office],
            due_soon=soon[office],
            overdue=overdue[office],
            bar=max(1, BAR * targets[office] // most) if targets[office] else 0,
        )
        for office in sorted({*leads, *supports, *targets})
    )
