"""A plan at a glance for the home page and the plan's own page, each organisation's share of it, and the list of offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keshu.apps.plans.models import OwnerRole, PlanKind, Target, Tense
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.due import DueLine, due_lines
from keshu.apps.plans.queries.headings import Heading, Headings, Tally, goals, plan_headings
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, without_owner
from keshu.apps.plans.queries.light_columns import WORST_FIRST
from keshu.apps.plans.queries.lines import TargetLine, target_line
from keshu.apps.plans.queries.plan_lights import LightCounts, has_lights, light_counts

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan
    from keshu.apps.plans.queries.holders import OfficeRef

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
    """Counts of a plan, and the first of what is due today or within the 30 days after (``due``)."""

    headings: Headings
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
    achievements: tuple[TargetLine, ...]
    lights: LightCounts | None

    @property
    def due_count(self) -> int:
        return self.targets_due + self.tasks_due

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
    """The plan at a glance. Seven queries at most, eight for a summary. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    headings = plan_headings(plan, on=on)
    tallies = [headings.loose, *(row.tally for row in headings.rows)]
    work = headings.work
    return Glance(
        headings=headings,
        targets=sum(tally.targets for tally in tallies),
        achieved=sum(tally.achieved for tally in tallies),
        tasks=len(work),
        targets_due=sum(tally.soon for tally in tallies),
        tasks_due=sum(row.is_due("soon", on=on) for row in work),
        targets_overdue=sum(tally.overdue for tally in tallies),
        tasks_overdue=sum(row.is_due("overdue", on=on) for row in work),
        targets_ownerless=_ownerless_targets(plan, headings),
        tasks_ownerless=sum(row.is_ownerless for row in work),
        unresolved=tuple(
            dict.fromkeys(name.name for row in headings.rows for name in row.printed if name.is_unresolved)
        ),
        offices=office_shares(headings, on=on),
        due=due_lines(plan, headings, on=on)[0],
        achievements=_achievements(plan) if plan.kind == PlanKind.SUMMARY else (),
        lights=_lights(tallies, work) if has_lights(plan) else None,
    )


def _lights(tallies: Sequence[Tally], work: Sequence[Heading]) -> LightCounts:
    targets: Counter[str] = Counter()
    for tally in tallies:
        targets.update(dict(zip(WORST_FIRST, tally.lights, strict=False)))
    return light_counts(targets, Counter(row.light.light for row in work))


def shares_of_plan(plan: WorkPlan, *, user: User, on: date) -> tuple[OfficeShare, ...]:
    """Every organisation's share. Five queries. Those who may see the plan (Refused)."""
    can_see_plan(user, plan)
    return office_shares(plan_headings(plan, on=on), on=on)


def office_shares(headings: Headings, *, on: date) -> tuple[OfficeShare, ...]:
    """What each organisation leads (or answers for) and supports; targets and deadlines count for those that lead."""
    ids = {
        id(part.offices): frozenset(office.id for office in part.offices) for row in headings.rows for part in row.parts
    }
    leads: Counter[int] = Counter()
    supports: Counter[int] = Counter()
    targets: Counter[int] = Counter()
    soon: Counter[int] = Counter()
    overdue: Counter[int] = Counter()
    for row in headings.rows:
        leading = frozenset().union(*(ids[id(part.offices)] for part in row.parts if part.role in ACCOUNTABLE))
        if row.is_work:
            helping = frozenset().union(
                *(ids[id(part.offices)] for part in row.parts if part.role == OwnerRole.SUPPORT)
            )
            leads.update(leading)
            supports.update(helping - leading)
        for office_id in leading:
            targets[office_id] += row.tally.targets
            soon[office_id] += row.tally.soon + (row.is_work and row.is_due("soon", on=on))
            overdue[office_id] += row.tally.overdue + (row.is_work and row.is_due("overdue", on=on))
    most = max(targets.values(), default=0)
    return tuple(
        OfficeShare(
            office=office,
            leads=leads[office.id],
            supports=supports[office.id],
            targets=targets[office.id],
            due_soon=soon[office.id],
            overdue=overdue[office.id],
            bar=max(1, BAR * targets[office.id] // most) if targets[office.id] else 0,
        )
        for office in headings.everybody
    )


def _ownerless_targets(plan: WorkPlan, headings: Headings) -> int:
    """As the ledger of targets counts them; asked of the database only where the headings leave any."""
    if not headings.loose.targets and not any(_unowned_targets(headings)):
        return 0
    return Target.objects.kept().filter(goals(), without_owner(Target), plan=plan).count()


def _unowned_targets(headings: Headings) -> Iterable[int]:
    """Targets under headings that no organisation leads or answers for."""
    return (
        row.tally.targets
        for row in headings.rows
        if row.tally.targets and not any(part.role in ACCOUNTABLE for part in row.parts)
    )


def _achievements(plan: WorkPlan) -> tuple[TargetLine, ...]:
    rows = Target.objects.kept().filter(plan=plan, tense=Tense.ACTUAL).defer("reading")
    return tuple(target_line(row) for row in rows[:ACHIEVEMENTS])
