"""What of a plan has a day by which it is to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from keshu.apps.plans.models import Target
from keshu.apps.plans.queries.headings import SOON, Headings, goals
from keshu.apps.plans.queries.ledger import with_stretches
from keshu.apps.plans.queries.target_ledgers import asked_text

if TYPE_CHECKING:
    from keshu.apps.plans.models import WorkPlan
    from keshu.apps.plans.queries.holders import OfficeRef

# So many lines are listed; the ledgers have the rest.
LISTED = 8


@dataclass(frozen=True, slots=True)
class DueLine:
    """A target or task with a deadline; ``days_left`` 0 is today, negative when the day is past."""

    ref: str
    text: str
    due_on: date
    days_left: int
    offices: tuple[OfficeRef, ...]


def due_lines(
    plan: WorkPlan, headings: Headings, *, on: date, nodes: Collection[int] | None = None
) -> tuple[tuple[DueLine, ...], tuple[DueLine, ...]]:
    """The first targets and tasks due today or within the 30 days after, and the first whose day is past, each by day.

    `nodes` asks for those of some headings only. One query.
    """
    rows = Target.objects.kept().filter(goals(), plan=plan)
    if nodes is not None:
        rows = rows.filter(node__in=nodes)
    return lines_of(with_stretches(Target.objects.filter(first_due(rows, on=on))), headings, on=on, nodes=nodes)


def first_due(rows: QuerySet[Target], *, on: date) -> Q:
    """Of the targets, the first that are due soon and the first that are overdue."""
    dated = rows.order_by("due_on", "position")
    soon, overdue = dated.filter(due_on__gte=on, due_on__lte=on + SOON), dated.filter(due_on__lt=on)
    return Q(pk__in=soon.values("pk")[:LISTED]) | Q(pk__in=overdue.values("pk")[:LISTED])


def lines_of(
    targets: Iterable[Any], headings: Headings, *, on: date, nodes: Collection[int] | None = None
) -> tuple[tuple[DueLine, ...], tuple[DueLine, ...]]:
    """`due_lines` of targets already read (those with a day too far ahead are left out) and of the headings."""
    found = []
    for row in targets:
        if row.due_on is not None and row.due_on <= on + SOON:
            heading = headings.by_id.get(row.node_id) if row.node_id is not None else None
            offices = heading.accountable if heading is not None else ()
            text = f"{row.indicator}：{asked_text(row)}"
            found.append(DueLine(f"target-{row.pk}", text, row.due_on, (row.due_on - on).days, offices))
    wanted = None if nodes is None else frozenset(nodes)
    for work in headings.work:
        if work.due_on is not None and work.due_on <= on + SOON and (wanted is None or work.id in wanted):
            found.append(DueLine(work.ref, work.title, work.due_on, (work.due_on - on).days, work.accountable))
    found.sort(key=lambda line: (line.due_on, line.ref.startswith("target-")))
    return (
        tuple([line for line in found if line.days_left >= 0][:LISTED]),
        tuple([line for line in found if line.days_left < 0][:LISTED]),
    )
