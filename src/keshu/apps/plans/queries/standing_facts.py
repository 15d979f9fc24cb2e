"""The facts of a plan's targets and tasks that the rules for lights look at, read for all of them at once or for a few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.plans.models import (
    CheckIn,
    CheckInRound,
    CheckInState,
    Issue,
    Measure,
    Part,
    PlanNode,
    Rhythm,
    SupervisionItem,
    SupervisionNotice,
    Target,
    WorkPlan,
)
from keshu.apps.plans.queries.checkins.schedule import schedule_of
from keshu.apps.plans.queries.comparing import asked
from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.headings import goals
from keshu.apps.plans.queries.ledger import baseline, is_work, with_baselines, with_stretches
from keshu.apps.plans.queries.lights import TargetFacts, TaskFacts, Unsigned
from keshu.apps.plans.queries.series import Series, series_of_targets
from keshu.kernel.period import Period
from keshu.kernel.rhythm import name_of

# So few subjects are asked for by name.
FEW = 50
# What is told as a height begins where last year ended; so many points or places more (提高0.3个百分点) begin from nothing.
STANDING = (Measure.LEVEL, Measure.CUMULATIVE)
ANSWERED = (CheckInState.SIGNED, CheckInState.EXCUSED)


@dataclass(frozen=True, slots=True)
class Reports:
    """What the lead offices of one subject have handed in: the newest signed percent, and what the last due round lacks."""

    percent: int | None = None
    as_of: date | None = None
    unsigned: tuple[Unsigned, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """Open notices and issues past their day, by subject."""

    notices: Mapping[int, int]
    issues: Mapping[int, int]


def judged_targets(plan: WorkPlan, ids: Iterable[int] | None = None) -> list[Any]:
    """The targets that have a light: a floor with its stretch as one, without restated ones. One query."""
    rows = Target.objects.kept().filter(goals(), plan=plan, restates__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return list(
        with_stretches(rows.defer("reading", "doubts").annotate(baseline_id=baseline())).order_by("position", "pk")
    )


def judged_tasks(plan: WorkPlan) -> list[PlanNode]:
    """Everything that is to be done by somebody, as the ledger of tasks lists it. One query."""
    return list(PlanNode.objects.kept().filter(is_work(), plan=plan).defer("reading").order_by("position", "pk"))


def target_facts(
    targets: Sequence[Any], *, plan: WorkPlan, on: date
) -> tuple[dict[int, TargetFacts], dict[int, Series]]:
    """The facts of each target, without the outlook, and its series. Eight queries."""
    series = series_of_targets(targets, plan=plan, on=on)
    reports = _reports("target", targets, plan=plan, on=on)
    overdue = _overdue("target", plan=plan, on=on)
    baselines = with_baselines(targets)
    facts, year_end, final_due_on = {}, *_year_end(plan, on=on)
    for target in targets:
        known, report = series[target.pk], reports.get(target.pk, Reports())
        last, course = known.last, course_of(target)
        first_on, last_on = target_span(target, plan=plan)
        base = known.end_of_last_year
        if base is None and target.baseline_id is not None:
            base = getattr(baselines.get(target.baseline_id), "value", None)
        facts[target.pk] = TargetFacts(
            on=on,
            first_on=first_on,
            last_on=last_on,
            percent=report.percent,
            as_of=last.as_of if last is not None else report.as_of,
            unsigned=report.unsigned,
            notices=overdue.notices.get(target.pk, 0),
            issues=overdue.issues.get(target.pk, 0),
            final_due_on=final_due_on if last_on == year_end else None,
            asked=asked(target),
            course=course,
            value=None if last is None else last.value,
            base=base if course == Course.STANDS and target.measure in STANDING else None,
        )
    return facts, series


def task_facts(tasks: Sequence[PlanNode], *, plan: WorkPlan, on: date) -> dict[int, TaskFacts]:
    """The facts of each task, without how the work beneath it stands. Three queries."""
    reports = _reports("node", tasks, plan=plan, on=on)
    overdue = _overdue("node", plan=plan, on=on)
    year = Period.year(plan.year or on.year)
    found, year_end, final_due_on = {}, *_year_end(plan, on=on)
    for task in tasks:
        report, last_on = reports.get(task.pk, Reports()), task.due_on or year.last_day
        found[task.pk] = TaskFacts(
            on=on,
            first_on=year.first_day,
            last_on=last_on,
            percent=report.percent,
            as_of=report.as_of,
            unsigned=report.unsigned,
            notices=overdue.notices.get(task.pk, 0),
            issues=overdue.issues.get(task.pk, 0),
            final_due_on=final_due_on if last_on == year_end else None,
            has_report=report.as_of is not None,
        )
    return found


def _year_end(plan: WorkPlan, *, on: date) -> tuple[date | None, date | None]:
    """The last day of the plan's year, and when the round that reports on it falls due; None before that day is past.

    The round is the one that was opened, else the one the rhythm is to open. Two queries in the next year, none before.
    """
    if plan.year is None or on <= (year_end := Period.year(plan.year).last_day):
        return None, None
    opened = CheckInRound.objects.filter(plan=plan, last_on__gte=year_end).order_by("last_on", "pk").first()
    if opened is not None:
        return year_end, opened.due_on
    rhythm = Rhythm.objects.in_force().filter(plan=plan).select_related("plan").first()
    if rhythm is None:
        return year_end, None
    ahead = schedule_of(rhythm, calendar=work_calendar()).ahead
    return year_end, next((each.due_on for each in ahead if each.last_on >= year_end), None)


def target_span(target: Target, *, plan: WorkPlan) -> tuple[date | None, date | None]:
    """From when to when a target is worked for: its period, else the plan's year; a half-year's figures count from January.

    Of a target over several years only the end is known: what its figures count from is not.
    """
    period = Period.parse(target.period) if target.period else Period.year(plan.year) if plan.year else None
    if period is None:
        return None, target.due_on
    last_on = target.due_on or period.last_day
    if period.months > 12:
        return None, last_on
    return min(date(last_on.year, 1, 1), period.first_day), last_on


def _reports(kind: str, subjects: Sequence[Any], *, plan: WorkPlan, on: date) -> dict[int, Reports]:
    """What was handed in on each subject by those who lead it. One query."""
    rows = CheckIn.objects.filter(round__plan=plan, part=Part.LEAD, **{f"{kind}__isnull": False})
    if len(subjects) < FEW:
        rows = rows.filter(**{f"{kind}__in": [subject.pk for subject in subjects]})
    by_subject: dict[int, list[Any]] = defaultdict(list)
    for row in (
        rows.order_by("round__last_on", "organisation__position", "organisation_id")
        .values_list(
            f"{kind}_id", "round__key", "round__last_on", "due_on", "state", "percent", "organisation__short_name",
            "organisation__name", named=True,
        )
    ):  # fmt: skip
        by_subject[row[0]].append(row)
    return {subject: _report(rows, on=on) for subject, rows in by_subject.items()}


def _report(rows: Sequence[Any], *, on: date) -> Reports:
    signed = [row for row in rows if row.state == CheckInState.SIGNED and row.round__last_on <= on]
    as_of = signed[-1].round__last_on if signed else None
    told = [row for row in signed if row.percent is not None]
    newest = [row.percent for row in told if row.round__last_on == told[-1].round__last_on]
    # Of several that lead, the one furthest behind tells how far the whole has come.
    percent = min(newest) if newest else None
    due = [row for row in rows if row.due_on < on]
    last_key = max(((row.round__last_on, row.round__key) for row in due), default=None)
    unsigned = tuple(
        Unsigned(
            name_of(row.round__key),
            row.organisation__short_name or row.organisation__name,
            row.due_on,
            row.state == CheckInState.FILED,
        )
        for row in due
        if (row.round__last_on, row.round__key) == last_key and row.state not in ANSWERED
    )
    return Reports(percent, as_of, unsigned)


def _overdue(kind: str, *, plan: WorkPlan, on: date) -> Overdue:
    """Open notices and issues past their day on the plan's targets or tasks. Two queries."""
    items = SupervisionItem.objects.filter(notice__in=SupervisionNotice.objects.overdue(on))
    return Overdue(_counted(items, kind, plan), _counted(Issue.objects.overdue(on), kind, plan))


def _counted(rows: QuerySet[Any], kind: str, plan: WorkPlan) -> dict[int, int]:
    of_plan = rows.filter(Q(**{f"{kind}__plan": plan})).order_by()
    return dict(of_plan.values(kind).annotate(n=Count("pk")).values_list(kind, "n"))
