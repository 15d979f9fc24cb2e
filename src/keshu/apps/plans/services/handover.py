"""When organisations are renamed, merged or split, the work in hand passes to those that take over; what is past stays.

In hand are drafts under review, and published plans of the year of the reorganisation or later. Earlier plans, superseded,
withdrawn and deleted ones keep every row as it was, and so go on naming the old organisation; so do the rows of a draft of an
earlier year, though the draft itself passes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, OpenWork, Reorganisation
from keshu.apps.plans.models import PlanKind, PlanState, Responsibility, WorkPlan
from keshu.apps.plans.services.inheritance import refresh_inheritance

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def plans_in_hand(on: date) -> QuerySet[WorkPlan]:
    """The plans that a reorganisation of that day touches."""
    in_force = Q(state=PlanState.PUBLISHED, year__gte=on.year)
    return WorkPlan.objects.filter(in_force | Q(state=PlanState.REVIEWING))


def open_work_of(organisation_id: int, *, on: date) -> list[OpenWork]:
    """The tasks in hand that name the organisation by itself: what a split has to share out. Keys are responsibilities'."""
    rows = _held_in([organisation_id], on=on).order_by("node__plan_id", "node__position", "pk")
    alone = [row for row in rows if not row.is_group]
    return [OpenWork(row.pk, f"{row.node}（{row.get_role_display()}）", row.node.plan.title) for row in alone]


@transaction.atomic
def hand_over(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Pass the predecessors' part in the plans in hand, and their own plans in hand, to the successors.

    Who may: decided where the reorganisation was (bureau). Where a name means several (各处室), all successors of a split
    take part; otherwise the one chosen for the task, or the first. Recorded row by row.
    """
    log = audit.Recorder(by=by, at=at, why=change.reason)
    names = {pk: str(organisation_by_id(pk)) for pk in (*change.predecessor_ids, *change.successor_ids)}
    lines, touched = [], set()
    for row in _held_in(change.predecessor_ids, on=change.on).order_by("node__plan_id", "node__position", "pk"):
        heirs = _heirs(row, change)
        lines.append(_line(row, names, heirs))
        _pass_on(row, heirs, log)
        touched.add(row.node.plan_id)
    lines += _pass_plans(change, names, log, touched)
    for plan in WorkPlan.objects.filter(pk__in=touched).order_by("pk"):
        refresh_inheritance(plan.pk)
        if plan.state == PlanState.REVIEWING:  # so that somebody who has it open notices
            plan.version += 1
            plan.save(update_fields=["version"])
    return lines


def _held_in(organisation_ids: Collection[int], *, on: date) -> QuerySet[Any]:
    """What is held in plans in hand, not by inheritance; `is_group` where the printed name means others too."""
    rows = Responsibility.objects.filter(organisation__in=organisation_ids, is_inherited=False)
    of_today = plans_in_hand(on).exclude(year__lt=on.year)
    rows = rows.filter(node__plan__in=of_today.order_by().values("pk"))
    others = Responsibility.objects.filter(mention=OuterRef("mention"), is_inherited=False).exclude(pk=OuterRef("pk"))
    rows = rows.annotate(is_group=Exists(others))
    return rows.select_related("node__plan", "mention").defer("node__reading", "mention__reading")


def _heirs(row: Any, change: Reorganisation) -> tuple[int, ...]:
    if row.pk in change.work:
        return (change.work[row.pk],)
    if len(change.successor_ids) > 1 and row.is_group:
        return change.successor_ids
    return change.successor_ids[:1]


def _line(row: Responsibility, names: dict[int, str], heirs: tuple[int, ...]) -> HandedOver:
    task = f"{row.node}（{row.get_role_display()}）"
    return HandedOver(
        "任务", task, row.node.plan.title, "、".join(names[pk] for pk in heirs), names[row.organisation_id]
    )


def _pass_on(row: Responsibility, heirs: tuple[int, ...], log: audit.Recorder) -> None:
    """The row itself goes to the first who is not there yet; further ones get rows of their own; none left: it goes."""
    there = set(
        Responsibility.objects.filter(node=row.node_id, mention=row.mention_id).values_list(
            "organisation_id", flat=True
        )
    )
    wanted = [pk for pk in heirs if pk not in there]
    owner = row.node.plan.organisation_id
    if not wanted:
        log.delete(row, organisation=owner)
        return
    node, mention, role = row.node, row.mention, row.role
    log.update(row, organisation=owner, organisation_id=wanted[0])
    for pk in wanted[1:]:
        log.create(Responsibility(node=node, mention=mention, organisation_id=pk, role=role), organisation=owner)


def _pass_plans(
    change: Reorganisation, names: dict[int, str], log: audit.Recorder, touched: set[int]
) -> Iterator[HandedOver]:
    """The predecessors' own plans in hand; one published stays where the successor has its like already."""
    to = change.successor_ids[0]
    published: dict[tuple[int | None, str], bool] = defaultdict(bool)
    for plan in WorkPlan.objects.published().filter(organisation=to):
        published[plan.year, plan.kind] = True
    for plan in plans_in_hand(change.on).filter(organisation__in=change.predecessor_ids).order_by("pk"):
        if plan.state == PlanState.PUBLISHED:
            if published[plan.year, plan.kind] and plan.kind != PlanKind.ACTION_PLAN:
                continue
            published[plan.year, plan.kind] = True
        was = names[plan.organisation_id]
        log.update(plan, organisation=to, organisation_id=to)
        touched.add(plan.pk)
        yield HandedOver("制定的文件", plan.title, was, names[to])
