"""The year's check-in forms of a plan: in time, late or missing, and how often each was sent back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.bureau.queries.moves import times_moved
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, WorkPlan
from keshu.apps.plans.queries.year_duties.stand_ins import StandIns, Subject
from keshu.engines.appraisal import Deed, Fact, Outcome
from keshu.kernel.rhythm import name_of

if TYPE_CHECKING:
    from keshu.apps.plans.queries.year_duties.work import PlanWork


@dataclass(frozen=True, slots=True)
class Report:
    """One form as known at the end of the day asked for, and for whom it counts; only a signed one says how far work is."""

    id: int
    subject: Subject
    organisation_ids: tuple[int, ...]
    part: str
    round_key: str
    last_on: date
    due_on: date
    is_filed: bool
    is_signed: bool
    is_late: bool
    filed_on: date | None
    percent: int | None


def reports_of(plan: WorkPlan, stand_ins: StandIns, *, after: datetime) -> list[Report]:
    """Every form of the plan that was not excused; filed from `after` on is not filed. One query."""
    rows = (
        CheckIn.objects.filter(round__plan=plan)
        .exclude(state=CheckInState.EXCUSED)
        .order_by("pk")
        .values_list(
            "pk", "target_id", "node_id", "organisation_id", "part", "round__key", "round__last_on", "due_on", "state",
            "filed_at", "filed_late", "percent",
        )
    )  # fmt: skip
    found, zone = [], timezone.get_current_timezone()
    for pk, target_id, node_id, whose, part, key, last_on, due_on, state, filed_at, filed_late, percent in rows:
        is_filed = state not in UNFILED and (filed_at is None or filed_at < after)
        subject = (target_id, node_id)
        found.append(
            Report(
                pk, subject, stand_ins.of(whose, subject), part, key, last_on, due_on, is_filed,
                is_filed and state == CheckInState.SIGNED, filed_late,
                None if filed_at is None else filed_at.astimezone(zone).date(), percent,
            )
        )  # fmt: skip
    return found


def form_facts(reports: Sequence[Report], work: PlanWork, *, on: date) -> dict[int, list[Fact]]:
    """Filed in time, late, or missing though its day is past; what still has time is left out."""
    found: dict[int, list[Fact]] = defaultdict(list)
    for report in reports:
        if not report.is_filed and report.due_on >= on:
            continue
        fact = _timely(report, _title(report, work))
        for organisation_id in report.organisation_ids:
            found[organisation_id].append(fact)
    return found


def _timely(report: Report, title: str) -> Deed:
    key, due = f"checkin-{report.id}", f"{report.due_on:%Y-%m-%d}截止"
    if not report.is_filed:
        return Deed(key, title, Outcome.MISSED, f"{due}，未报")
    filed = "" if report.filed_on is None else f"，{report.filed_on:%Y-%m-%d}报送"
    if report.is_late:
        return Deed(key, title, Outcome.LATE, f"{due}{filed}，逾期")
    return Deed(key, title, Outcome.DONE, f"{due}{filed}")


def quality_facts(reports: Sequence[Report], work: PlanWork, *, after: datetime) -> dict[int, list[Fact]]:
    """Each form that was handed in, with how often it was sent back for correction. One query."""
    returned = times_moved(
        "plans.checkin",
        into=str(CheckInState.RETURNED.label),
        but_from=str(CheckInState.EXCUSED.label),
        before=after,
    )
    found: dict[int, list[Fact]] = defaultdict(list)
    for report in reports:
        times = returned.get(report.id, 0)
        if not times and not report.is_filed:
            continue
        key, title = f"checkin-{report.id}", _title(report, work)
        fact = (
            Deed(key, title, Outcome.MISSED, f"退回 {times} 次", times=times)
            if times
            else Deed(key, title, Outcome.DONE)
        )
        for organisation_id in report.organisation_ids:
            found[organisation_id].append(fact)
    return found


def _title(report: Report, work: PlanWork) -> str:
    return f"{name_of(report.round_key)} {work.titles.get(report.subject, '')}"
