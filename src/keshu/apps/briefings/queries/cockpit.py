"""The cockpit (驾驶舱) put together: what will be missed, who must act, what changed, how the counties stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from keshu.apps.plans.queries import year_glance
from keshu.apps.plans.queries.choosing import ChosenPlan, chosen_plan
from keshu.apps.plans.queries.standing_lines import standings_of
from keshu.apps.plans.queries.year_glance import CountyLine, LightChange, OfficeDuty, Prospects

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Cockpit:
    """One plan's year at a glance on a day; the plan may be missing, and nothing of it judged yet."""

    chosen: ChosenPlan
    prospects: Prospects
    duties: tuple[OfficeDuty, ...]
    changes: tuple[LightChange, ...]
    counties: tuple[CountyLine, ...]
    since: datetime
    signed_since: int
    notices_since: int
    issues_since: int

    @property
    def is_empty(self) -> bool:
        return self.chosen.plan is None

    @property
    def acting(self) -> tuple[OfficeDuty, ...]:
        """The offices that have something to do, the most pressing first."""
        return tuple(sorted((duty for duty in self.duties if duty.total), key=lambda duty: (-duty.late, -duty.total)))


def cockpit(user: User, *, asked: str, year: int | None, since: datetime, on: date) -> Cockpit:
    """The cockpit as one person may see it. Nine queries."""
    chosen = chosen_plan(user, asked=asked, year=year, on=on)
    if chosen.plan is None:
        return Cockpit(chosen, Prospects(), (), (), (), since, 0, 0, 0)
    standings = standings_of(chosen.plan)
    duties = year_glance.duties(chosen.plan, user=user, on=on, since=since)
    return Cockpit(
        chosen=chosen,
        prospects=year_glance.prospects(chosen.plan, standings),
        duties=duties,
        changes=year_glance.light_changes(standings, since=since),
        counties=year_glance.county_lines(chosen.plan, duties, user=user),
        since=since,
        signed_since=sum(duty.signed_since for duty in duties),
        notices_since=sum(duty.notices_since for duty in duties),
        issues_since=sum(duty.issues_since for duty in duties),
    )
