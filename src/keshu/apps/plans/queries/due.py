"""What of a plan has a day by which it is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from keshu.apps.plans.queries.lines import OfficeRef, PlanLines

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DueLine:
    """A target or task with a deadline ahead; ``days_left`` 0 is today."""

    ref: str
    text: str
    due_on: date
    days_left: int
    offices: tuple[OfficeRef, ...]


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
