"""One organisation's part of a plan: what it leads and supports, its targets, what is due, who stands beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from keshu.apps.plans.models import OwnerRole, Responsibility, Target, WorkPlan
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.due import DueLine, first_due, lines_of
from keshu.apps.plans.queries.headings import Heading, Headings, goals, plan_headings
from keshu.apps.plans.queries.holders import OfficeRef, in_order
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, with_stretches
from keshu.apps.plans.queries.light_columns import is_restated, reason_text, standing_of, with_standing
from keshu.apps.plans.queries.plan_lights import NOT_JUDGED, LightLine
from keshu.apps.plans.queries.target_ledgers import asked_text
from keshu.apps.plans.queries.wording import period_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

# So many rows of a section are shown with the page; the rest is fetched on demand.
SHOWN = 30
# So many partners are named.
PARTNERS = 20


class Part(StrEnum):
    """The sections of an office's page that can be long."""

    TARGETS = "targets"
    LEADS = "leads"
    SUPPORTS = "supports"


@dataclass(frozen=True, slots=True)
class OfficeTask:
    """A task of the office with the headings above it and whether it answers for it (牵头 or 责任) or supports it."""

    task: Heading
    path: tuple[str, ...]
    role: str

    @property
    def others(self) -> tuple[OfficeRef, ...]:
        """For a supporter those who lead, for a leader those who support."""
        return self.task.accountable if self.role == OwnerRole.SUPPORT else self.task.supports


@dataclass(frozen=True, slots=True)
class OfficeTarget:
    """A target of the office with the title of the task it belongs to; ``light`` is None for one that restates another."""

    id: int
    indicator: str
    asked: str
    period: str
    due_on: date | None
    task_id: int
    task: str
    light: LightLine | None


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """Counts of an organisation's part, and the first rows of each section; ``partners`` share most tasks with it."""

    office: OfficeRef
    lead_count: int
    support_count: int
    target_count: int
    due_soon_count: int
    overdue_count: int
    leads: tuple[OfficeTask, ...]
    supports: tuple[OfficeTask, ...]
    targets: tuple[OfficeTarget, ...]
    due_soon: tuple[DueLine, ...]
    overdue: tuple[DueLine, ...]
    partners: tuple[tuple[OfficeRef, int], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.lead_count or self.support_count or self.target_count)


def office_card(organisation: Organisation, *, plan: WorkPlan, user: User, on: date) -> OfficeCard:
    """What the plan asks of one organisation. Six queries at most. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    headings = plan_headings(plan, on=on)
    pk = organisation.pk
    led = headings.led_by(pk)
    leads, supports = tasks_led(headings, pk), tasks_supported(headings, pk)
    tallies = [headings.by_id[node_id].tally for node_id in led]
    soon = sum(tally.soon for tally in tallies) + sum(row.is_due("soon", on=on) for row in leads)
    overdue = sum(tally.overdue for tally in tallies) + sum(row.is_due("overdue", on=on) for row in leads)
    target_count = sum(tally.targets for tally in tallies)
    targets = _targets_shown(plan, led, on=on) if target_count else []
    due_soon, past = lines_of(targets, headings, on=on, nodes=led)
    return OfficeCard(
        office=OfficeRef(0, pk, str(organisation), organisation.name),
        lead_count=len(leads),
        support_count=len(supports),
        target_count=target_count,
        due_soon_count=soon,
        overdue_count=overdue,
        leads=as_office_tasks(leads[:SHOWN], headings, pk),
        supports=as_office_tasks(supports[:SHOWN], headings, pk),
        targets=as_office_targets(targets[:SHOWN], headings),
        due_soon=due_soon,
        overdue=past,
        partners=_partners([*leads, *supports], pk),
    )


def rest_of(
    part: Part, organisation_id: int, *, plan: WorkPlan, user: User, on: date
) -> tuple[OfficeTask, ...] | tuple[OfficeTarget, ...]:
    """The rows of a section that the page left out. Six queries at most. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    headings = plan_headings(plan, on=on)
    if part == Part.TARGETS:
        rows = with_stretches(with_standing(_targets_of(plan, headings.led_by(organisation_id)).defer("reading")))
        return as_office_targets(rows[SHOWN:], headings)
    tasks = (tasks_led if part == Part.LEADS else tasks_supported)(headings, organisation_id)
    return as_office_tasks(tasks[SHOWN:], headings, organisation_id)


def plans_naming(organisation_id: int, *, user: User) -> tuple[WorkPlan, ...]:
    """The published plans in which the organisation has a part, latest year first. One query."""
    held = Responsibility.objects.filter(organisation=organisation_id).order_by().values("node__plan")
    rows = WorkPlan.objects.visible_to(user).published().filter(pk__in=held)
    return tuple(rows.only("pk", "title", "year").order_by("-year", "-pk"))


def tasks_led(headings: Headings, organisation_id: int) -> list[Heading]:
    """The tasks it leads or answers for."""
    return [row for row in headings.work if row.held_by(organisation_id, *ACCOUNTABLE)]


def tasks_supported(headings: Headings, organisation_id: int) -> list[Heading]:
    """The tasks it supports without leading them."""
    supported = [row for row in headings.work if row.held_by(organisation_id, OwnerRole.SUPPORT)]
    return [row for row in supported if not row.held_by(organisation_id, *ACCOUNTABLE)]


def as_office_tasks(rows: list[Heading], headings: Headings, organisation_id: int) -> tuple[OfficeTask, ...]:
    return tuple(OfficeTask(row, headings.path_of(row.parent_id), _role(row, organisation_id)) for row in rows)


def as_office_targets(rows: Iterable[Any], headings: Headings) -> tuple[OfficeTarget, ...]:
    return tuple(
        OfficeTarget(
            row.pk, row.indicator, asked_text(row), period_text(row.period), row.due_on, row.node_id,
            headings.by_id[row.node_id].title, None if is_restated(row) else _light_of(row),
        )
        for row in rows
    )  # fmt: skip


def _light_of(row: Any) -> LightLine:
    standing = standing_of(row)
    return NOT_JUDGED if standing is None else LightLine(standing.shown, reason_text(row))


def _targets_of(plan: WorkPlan, nodes: list[int]) -> QuerySet[Target]:
    """The targets of some headings, in reading order."""
    return Target.objects.kept().filter(goals(), plan=plan, node__in=nodes).order_by("position", "pk")


def _targets_shown(plan: WorkPlan, nodes: list[int], *, on: date) -> list[Any]:
    """The first targets in reading order, and behind them those that are due first. One query."""
    rows = _targets_of(plan, nodes)
    wanted = Q(pk__in=rows.values("pk")[:SHOWN]) | first_due(rows, on=on)
    return list(
        with_stretches(with_standing(Target.objects.filter(wanted).defer("reading"))).order_by("position", "pk")
    )


def _role(row: Heading, organisation_id: int) -> str:
    roles = (OwnerRole.LEAD, OwnerRole.RESPONSIBLE)
    return next((role for role in roles if row.held_by(organisation_id, role)), OwnerRole.SUPPORT)


def _partners(tasks: list[Heading], organisation_id: int) -> tuple[tuple[OfficeRef, int], ...]:
    """The other organisations of its tasks, with how many tasks they share, most first."""
    groups = {id(part.offices): part.offices for task in tasks for part in task.parts}
    ids = {key: frozenset(office.id for office in offices) for key, offices in groups.items()}
    shared: Counter[int] = Counter()
    for task in tasks:
        shared.update(frozenset().union(*(ids[id(part.offices)] for part in task.parts)))
    offices = in_order(office for group in groups.values() for office in group if office.id != organisation_id)
    return tuple(sorted(((office, shared[office.id]) for office in offices), key=lambda pair: -pair[1])[:PARTNERS])
