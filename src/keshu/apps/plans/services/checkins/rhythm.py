"""A plan's rhythm: started, changed and paused by whoever keeps the plan; rounds that are open stay as they were opened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import Cadence, DueRule, PlanKind, PlanState, Rhythm, WorkPlan
from keshu.apps.plans.permissions import can_manage_rounds
from keshu.apps.plans.queries.checkins import schedule_of
from keshu.apps.plans.services.meanings import local_day
from keshu.kernel.rhythm import rounds_of, span_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def start_rhythm(
    plan: WorkPlan,
    *,
    cadence: str,
    rule: str,
    number: int,
    open_workdays: int,
    from_period: str,
    asks_supports: bool,
    by: User,
    at: datetime,
) -> Rhythm:
    """From now on the plan is reported in this rhythm. Whoever keeps the plan (Refused).

    Unacceptable for a plan that is not in force or has its rhythm already, and for terms that mean nothing.
    """
    with transaction.atomic():
        kept = WorkPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
        can_manage_rounds(by, kept)
        _check_plan(kept)
        if Rhythm.objects.filter(plan=kept).exists():
            raise Unacceptable(f"《{kept}》已经有调度安排，请直接修改。")
        rhythm = Rhythm(
            plan=kept, cadence=cadence, rule=rule, number=number, open_workdays=open_workdays,
            from_period=from_period.strip(), asks_supports=asks_supports,
        )  # fmt: skip
        check_terms(rhythm)
        return audit.Recorder(by=by, at=at).create(rhythm, organisation=kept.organisation)


def change_rhythm(
    rhythm: Rhythm,
    *,
    cadence: str,
    rule: str,
    number: int,
    open_workdays: int,
    asks_supports: bool,
    from_period: str = "",
    by: User,
    at: datetime,
) -> Rhythm:
    """Other terms for the rounds to come. Without `from_period` the present one stays, or, for another cadence, the first
    period that has not been asked. As `start_rhythm`.
    """
    with transaction.atomic():
        row = _locked(rhythm, by=by)
        given: dict[str, Any] = {
            "cadence": cadence,
            "rule": rule,
            "number": number,
            "open_workdays": open_workdays,
            "asks_supports": asks_supports,
            "from_period": from_period.strip() or (row.from_period if cadence == row.cadence else ""),
        }
        wanted = Rhythm(plan=row.plan, is_running=row.is_running, **given)
        if not given["from_period"]:
            wanted.from_period = given["from_period"] = _first_unasked(row, wanted)
        check_terms(wanted)
        audit.Recorder(by=by, at=at).update(row, organisation=row.plan.organisation, **given)
    return row


def pause_rhythm(rhythm: Rhythm, *, why: str = "", by: User, at: datetime) -> Rhythm:
    """No further round opens; those that are open keep their day. Whoever keeps the plan (Refused)."""
    with transaction.atomic():
        row = _locked(rhythm, by=by)
        audit.Recorder(by=by, at=at, why=why).update(row, organisation=row.plan.organisation, is_running=False)
    return row


def resume_rhythm(rhythm: Rhythm, *, by: User, at: datetime) -> Rhythm:
    """Rounds open again, from the first that is not yet due: what fell due during the pause is not asked afterwards."""
    with transaction.atomic():
        row = _locked(rhythm, by=by)
        on = local_day(at)
        ahead = [each for each in schedule_of(row, calendar=work_calendar()).ahead if each.due_on >= on]
        if not ahead:
            raise Unacceptable("本年度的调度期次都已截止，没有可以恢复的期次。")
        log = audit.Recorder(by=by, at=at)
        log.update(row, organisation=row.plan.organisation, is_running=True, from_period=ahead[0].key)
    return row


def check_terms(rhythm: Rhythm) -> None:
    """Unacceptable, with the field, for terms that mean nothing."""
    _check_numbers(rhythm)
    keys = _keys(rhythm)
    if rhythm.from_period not in keys:
        raise Unacceptable(f"起始期次应为 {keys[0]} 至 {keys[-1]} 中的一期。", field="from_period")


def _check_numbers(rhythm: Rhythm) -> None:
    if rhythm.cadence not in Cadence.values:
        raise Unacceptable("频次应为每周、每月或每季。", field="cadence")
    if rhythm.rule not in DueRule.values:
        raise Unacceptable("请选择截止规则。", field="rule")
    if rhythm.cadence == Cadence.WEEKLY and rhythm.rule != DueRule.WORKDAY_AFTER:
        raise Unacceptable("每周调度只能按期满后第几个工作日截止。", field="rule")
    largest = 10 if rhythm.rule == DueRule.WORKDAY_AFTER else 28
    if not 1 <= rhythm.number <= largest:
        raise Unacceptable(f"截止规则中的数字应为 1 到 {largest}，不能是 {rhythm.number}。", field="number")
    if not 1 <= rhythm.open_workdays <= 20:
        raise Unacceptable(
            f"开放填报应提前 1 到 20 个工作日，不能是 {rhythm.open_workdays} 个。", field="open_workdays"
        )


def _keys(rhythm: Rhythm) -> list[str]:
    """The periods of the year, in order."""
    return [each.key for each in rounds_of(rhythm.terms, year=rhythm.plan.year or 0, calendar=work_calendar())]


def _first_unasked(present: Rhythm, wanted: Rhythm) -> str:
    """The first period of the wanted cadence that ends after what has been asked and, where nothing has been, not before
    the present start.
    """
    _check_numbers(wanted)
    wanted.from_period = _keys(wanted)[0]
    ahead = schedule_of(wanted, calendar=work_calendar()).ahead
    asked_from = [each for each in ahead if each.last_on >= span_of(present.from_period)[0]]
    if not asked_from:
        raise Unacceptable("本年度没有尚未调度的期次，不能再改频次。", field="cadence")
    return asked_from[0].key


def _locked(rhythm: Rhythm, *, by: User) -> Rhythm:
    row = Rhythm.objects.select_for_update(of=("self",)).select_related("plan__organisation").get(pk=rhythm.pk)
    can_manage_rounds(by, row.plan)
    _check_plan(row.plan)
    return row


def _check_plan(plan: WorkPlan) -> None:
    if plan.state != PlanState.PUBLISHED or plan.year is None:
        raise Unacceptable(f"《{plan}》{plan.get_state_display()}，发布之后才能安排调度。")
    if plan.kind == PlanKind.SUMMARY:
        raise Unacceptable("工作总结没有要调度的任务，请为工作要点安排调度。")
