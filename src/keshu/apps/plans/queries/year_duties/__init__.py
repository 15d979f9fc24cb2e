"""What every organisation had to do in a year and how it did, from the ledgers: the facts that the year's appraisal counts.

Forms, targets and tasks are those of the issuer's plans in force of the year; notices and issues those of the year. What an
organisation did that was taken over since counts for who stands in its place; of a split one, for the part that answers for
the same target or task today, and where no task tells, for every part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from django.utils import timezone

from keshu.apps.bureau.queries.lineage import standing_in
from keshu.apps.plans.models import PlanState, WorkPlan
from keshu.apps.plans.queries.plans import PLANNING_KINDS
from keshu.apps.plans.queries.year_duties.forms import form_facts, quality_facts, reports_of
from keshu.apps.plans.queries.year_duties.matters import issue_facts, notice_facts
from keshu.apps.plans.queries.year_duties.stand_ins import StandIns
from keshu.apps.plans.queries.year_duties.work import PlanWork, goal_facts, task_facts, work_of
from keshu.engines.appraisal import Fact, Kind

Facts: TypeAlias = Mapping[Kind, Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class YearDuties:
    """The facts by organisation, and the plans they come from."""

    by_organisation: Mapping[int, Facts]
    plans: tuple[str, ...]


def year_duties(organisation_id: int, *, year: int, on: date) -> YearDuties:
    """As known at the end of that day. A handful of queries for each plan, however many organisations."""
    plans = list(
        WorkPlan.objects.filter(
            organisation=organisation_id,
            year=year,
            state=PlanState.PUBLISHED,
            kind__in=(*PLANNING_KINDS, "action_plan"),
        ).order_by("pk")
    )
    after = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    found: dict[int, dict[Kind, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    heirs = standing_in(on=on)
    for plan in plans:
        work = work_of(plan, year=year, on=on)
        stand_ins = StandIns(heirs, work.held_by)
        reports = reports_of(plan, stand_ins, after=after)
        _put(found, Kind.TIMELY, form_facts(reports, work, on=on))
        _put(found, Kind.QUALITY, quality_facts(reports, work, after=after))
        _put(found, Kind.GOALS, goal_facts(plan, work, reports, on=on))
        _put(found, Kind.TASKS, task_facts(plan, work, reports, year=year, on=on))
    nobody = StandIns(heirs, {})
    _put(found, Kind.NOTICES, notice_facts(nobody, year=year, on=on, after=after))
    _put(found, Kind.ISSUES, issue_facts(nobody, year=year, on=on, after=after))
    return YearDuties(found, tuple(plan.title for plan in plans))


def _put(found: dict[int, dict[Kind, list[Fact]]], kind: Kind, facts: Mapping[int, Sequence[Fact]]) -> None:
    for organisation_id, each in facts.items():
        found[organisation_id][kind].extend(each)


__all__ = ["PlanWork", "YearDuties", "year_duties"]
