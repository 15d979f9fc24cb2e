"""The year's targets and tasks of a plan with who answers for each, and how far they were done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone

from keshu.apps.plans.models import Light, Part, PlanNode, Standing, Target, WorkPlan, titled
from keshu.apps.plans.queries.checkins.asked import asked_of
from keshu.apps.plans.queries.series import Series, series_of_targets
from keshu.apps.plans.queries.standing_facts import target_span
from keshu.apps.plans.queries.wording import amount, requirement
from keshu.apps.plans.queries.year_duties.forms import Report
from keshu.apps.plans.queries.year_duties.stand_ins import Subject
from keshu.engines.appraisal import Aim, Deed, Fact, Goal, Outcome, Sense
from keshu.kernel.period import Period

_SENSES = {
    ">=": Sense.AT_LEAST, ">": Sense.AT_LEAST, "=": Sense.AT_LEAST, "all": Sense.AT_LEAST, "<=": Sense.AT_MOST,
    "rank<=": Sense.AT_MOST, "~": Sense.ABOUT, "between": Sense.BETWEEN, "breakthrough": Sense.HAPPEN,
}  # fmt: skip
EVERYTHING = Fraction(100)


@dataclass(frozen=True, slots=True)
class PlanWork:
    """``leads`` are the targets and tasks with those who answer for them, in reading order; ``held_by`` anyone with a part."""

    targets: Mapping[int, Target]
    titles: Mapping[Subject, str]
    due: Mapping[int, date]
    leads: Sequence[tuple[Subject, int]]
    held_by: Mapping[Subject, frozenset[int]]


def work_of(plan: WorkPlan, *, year: int, on: date) -> PlanWork:
    """What the plan asks of whom in the year; targets that only a later year decides are left out. Nine queries."""
    targets = {row.pk: row for row in Target.objects.filter(plan=plan).defer("reading", "doubts").order_by("pk")}
    nodes = PlanNode.objects.filter(plan=plan).values_list("pk", "label", "heading", "due_on")
    titles: dict[Subject, str] = {(pk, None): row.indicator for pk, row in targets.items()}
    due = {}
    for pk, label, heading, due_on in nodes:
        titles[None, pk] = titled(label, heading)
        due[pk] = due_on or Period.year(year).last_day
    asked = asked_of(plan, asks_supports=True, on=on)
    held: dict[Subject, set[int]] = defaultdict(set)
    for each in asked:
        held[each.subject].add(each.organisation_id)
    later = {pk for pk, row in targets.items() if _is_later(row, plan, year=year)}
    leads = [
        (each.subject, each.organisation_id) for each in asked if each.part == Part.LEAD and each.target_id not in later
    ]
    return PlanWork(targets, titles, due, leads, {key: frozenset(ids) for key, ids in held.items()})


def _is_later(row: Target, plan: WorkPlan, *, year: int) -> bool:
    last_on = target_span(row, plan=plan)[1]
    return last_on is not None and last_on > Period.year(year).last_day


def goal_facts(plan: WorkPlan, work: PlanWork, reports: Sequence[Report], *, on: date) -> dict[int, list[Fact]]:
    """Each target for everybody who answers for it, by the figure of the whole. Four queries."""
    wanted = {subject[0] for subject, _ in work.leads if subject[0] is not None}
    rows = [row for pk, row in work.targets.items() if pk in wanted]
    series = series_of_targets(rows, plan=plan, on=on)
    percents = _percents(reports, on=on)
    done = {subject for subject, _ in _chosen_done(plan, on=on)}
    facts = {row.pk: _goal(row, series[row.pk], percents.get((row.pk, None)), (row.pk, None) in done) for row in rows}
    found: dict[int, list[Fact]] = defaultdict(list)
    for subject, organisation_id in work.leads:
        if subject[0] in facts:
            found[organisation_id].append(facts[subject[0]])
    return found


def _percents(reports: Sequence[Report], *, on: date) -> dict[Subject, int]:
    """How far each target has come as those who lead it last said; of several the one furthest behind."""
    newest: dict[Subject, tuple[date, int]] = {}
    for report in reports:
        if report.part != Part.LEAD or not report.is_signed or report.percent is None or report.last_on > on:
            continue
        known = newest.get(report.subject)
        if known is None or report.last_on > known[0]:
            newest[report.subject] = (report.last_on, report.percent)
        elif report.last_on == known[0]:
            newest[report.subject] = (report.last_on, min(known[1], report.percent))
    return {subject: percent for subject, (_, percent) in newest.items()}


def _goal(row: Target, series: Series, percent: int | None, is_done: bool) -> Goal:
    last = series.last
    unit = "%" if row.op == "all" and not row.unit else row.unit
    asked = requirement(
        op=row.op, value=row.value, value_high=row.value_high, unit=row.unit, measure=row.measure, per=row.per,
        benchmark=row.benchmark, masked=row.masked,
    )  # fmt: skip
    if last is not None:
        told = f"截至{last.as_of:%Y-%m-%d} {amount(last.value, unit=unit, per=row.per)}"
    elif percent is not None:
        told = f"完成进度 {percent}%"
    else:
        told = "没有审签的完成数"
    return Goal(
        key=f"target-{row.pk}",
        what=row.indicator,
        aim=_aim(row),
        figure=None if last is None else Fraction(last.value),
        percent=percent,
        is_done=is_done,
        told=f"目标{asked}；{told}" + ("；人工判定已完成" if is_done else ""),
    )


def _aim(row: Target) -> Aim:
    sense = Sense.AT_MOST if row.measure == "rank" else _SENSES[row.op]
    if row.op == "all" and row.value is None:
        return Aim(sense, EVERYTHING)
    if row.value is None:
        return Aim(sense if sense == Sense.HAPPEN else Sense.NONE)
    return Aim(sense, Fraction(row.value), None if row.value_high is None else Fraction(row.value_high))


def task_facts(
    plan: WorkPlan, work: PlanWork, reports: Sequence[Report], *, year: int, on: date
) -> dict[int, list[Fact]]:
    """Each task for everybody who answers for it, by their own reports; what is not yet due and not done is left out."""
    done = dict(_chosen_done(plan, on=on))
    finished = _finished(reports, on=on)
    found: dict[int, list[Fact]] = defaultdict(list)
    for subject, organisation_id in work.leads:
        if subject[1] is None:
            continue
        due_on = work.due.get(subject[1], Period.year(year).last_day)
        done_on = finished.get((subject, organisation_id), done.get(subject))
        if done_on is None and on <= due_on:
            continue
        found[organisation_id].append(
            Deed(f"node-{subject[1]}", work.titles.get(subject, ""), _outcome(done_on, due_on), _told(done_on, due_on))
        )
    return found


def _finished(reports: Sequence[Report], *, on: date) -> dict[tuple[Subject, int], date]:
    """Since when an organisation reports a task as done: the first of its last reports in a row that say 100 %."""
    found: dict[tuple[Subject, int], date] = {}
    for report in sorted(reports, key=lambda each: (each.last_on, each.id)):
        if report.subject[1] is None or not report.is_signed or report.percent is None or report.last_on > on:
            continue
        for organisation_id in report.organisation_ids:
            key = (report.subject, organisation_id)
            if report.percent < 100:
                found.pop(key, None)
            elif key not in found:
                found[key] = report.last_on if report.filed_on is None else min(report.last_on, report.filed_on)
    return found


def _outcome(done_on: date | None, due_on: date) -> Outcome:
    if done_on is None:
        return Outcome.MISSED
    return Outcome.DONE if done_on <= due_on else Outcome.LATE


def _told(done_on: date | None, due_on: date) -> str:
    return f"时限{due_on:%Y-%m-%d}，" + ("没有报告完成" if done_on is None else f"{done_on:%Y-%m-%d}完成")


def _chosen_done(plan: WorkPlan, *, on: date) -> list[tuple[Subject, date]]:
    """What a person has judged to be done, and when. One query."""
    rows: list[Any] = list(
        Standing.objects.filter(plan=plan, chosen=Light.DONE).values_list("target_id", "node_id", "chosen_at")
    )
    days = [((target_id, node_id), on if at is None else _day(at)) for target_id, node_id, at in rows]
    return [(subject, day) for subject, day in days if day <= on]


def _day(at: Any) -> date:
    return timezone.localtime(at).date()
