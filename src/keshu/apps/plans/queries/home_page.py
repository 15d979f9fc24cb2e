"""The home page: the plan in force at a glance, the reader's own share of it, what waits for review and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from keshu.apps.plans.models import PlanState, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.checkin_pages.waiting import may_wait
from keshu.apps.plans.queries.choosing import ChosenPlan, chosen_plan
from keshu.apps.plans.queries.due import DueLine, due_lines
from keshu.apps.plans.queries.glance import Glance, OfficeShare, plan_glance
from keshu.apps.plans.queries.library import may_import

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

OWN_SHARE_ROLES = frozenset({"office_head", "clerk", "county_clerk"})
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a plan as a whole."""

    at: datetime
    by: str
    what: str
    plan: WorkPlan


@dataclass(frozen=True, slots=True)
class HomePage:
    """``own`` is the share of the reader's office, ``may_wait`` tells that check-ins
    may wait for the reader, which the page asks for by itself; with ``is_government`` False there is nothing to do yet."""

    is_government: bool
    may_import: bool = False
    chosen: ChosenPlan | None = None
    glance: Glance | None = None
    own: OfficeShare | None = None
    own_due: tuple[DueLine, ...] = ()
    drafts: tuple[WorkPlan, ...] = ()
    changes: tuple[Change, ...] = ()
    may_wait: bool = False

    @property
    def plan(self) -> WorkPlan | None:
        return None if self.chosen is None else self.chosen.plan


def home_page(user: User, *, year: int | None, on: date) -> HomePage:
    """What the reader sees first. Eight queries at most; none for readers outside government."""
    scope = user.scope
    if not (scope.is_government or scope.is_everything):
        return HomePage(is_government=False)
    chosen = chosen_plan(user, asked="", year=year, on=on)
    glance = None if chosen.plan is None else plan_glance(chosen.plan, user=user, on=on)
    own = glance.share_of(scope.organisation_ids) if glance is not None and scope.roles & OWN_SHARE_ROLES else None
    return HomePage(
        is_government=True,
        may_import=may_import(user),
        chosen=chosen,
        glance=glance,
        own=own,
        own_due=_own_due(chosen.plan, glance, own, on=on),
        drafts=tuple(plan for plan in chosen.drafts if is_keeper(user, plan.organisation)),
        changes=_changes(chosen.plans),
        may_wait=may_wait(user),
    )


def _own_due(plan: WorkPlan | None, glance: Glance | None, own: OfficeShare | None, *, on: date) -> tuple[DueLine, ...]:
    if plan is None or glance is None or own is None or not own.due_soon:
        return ()
    return due_lines(plan, glance.headings, on=on, nodes=glance.headings.led_by(own.office.id))[0]


def _changes(plans: tuple[WorkPlan, ...]) -> tuple[Change, ...]:
    """Imports and publications, newest first."""
    found = []
    for plan in plans:
        if plan.state == PlanState.REVIEWING:
            found.append(Change(plan.created_at, str(plan.created_by), "导入，等待核对", plan))
        if plan.released_at is not None:
            found.append(Change(plan.released_at, str(plan.released_by), f"发布第 {plan.revision} 版", plan))
    return tuple(sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN])
