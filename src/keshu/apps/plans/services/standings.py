"""Standings kept up to date: the rules judge every target and task of a plan; a person may overrule a light with a reason.

What the rules find is written where it differs. Each change of a light is in the trail; its figures are those of the check-ins.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import Light, PlanNode, PlanState, Standing, Target, Tense, WorkPlan
from keshu.apps.plans.permissions import can_choose_light
from keshu.apps.plans.queries.amounts import Asked
from keshu.apps.plans.queries.comparing import asked
from keshu.apps.plans.queries.lights import TARGET_RULES, TASK_RULES, TargetFacts, Verdict, judge
from keshu.apps.plans.queries.plans import PLANNING_KINDS
from keshu.apps.plans.queries.standing_facts import judged_targets, judged_tasks, target_facts, task_facts
from keshu.apps.plans.services.columns import short_text
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.outlooks import Expectation, expect

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_REASON = 300
LARGEST_RATE = Decimal(999999)
BATCH = 500
# So few subjects are looked up one by one.
FEW = 50
# What the rules and the outlook write; a light is recorded, the rest follows from signed check-ins.
JUDGED = (
    "light", "reason", "shown", "value", "percent", "as_of", "forecast", "forecast_low", "forecast_high", "probability",
    "expected_on", "outlook",
)  # fmt: skip
RECORDED = ("light", "shown")


def judge_plan(plan_id: int, *, at: datetime) -> int:
    """Judge every target and task of a published plan anew; returns how many standings are new or changed."""
    with transaction.atomic():
        plan = _held(plan_id)
        if plan is None:
            return 0
        on = local_day(at)
        found = {**_judged_targets(plan, None, on=on), **_judged_tasks(plan, None, on=on)}
        changed = _keep(plan, found, at=at)
        plan.standings.update(judged_at=at)
    return changed


def standings_on(plan: WorkPlan, *, on: date) -> dict[Any, dict[str, Any]]:
    """What the rules say of every target and task as of a day, by row; nothing is written."""
    return {**_judged_targets(plan, None, on=on), **_judged_tasks(plan, None, on=on)}


def judge_subject(*, target_id: int | None = None, node_id: int | None = None, at: datetime) -> int:
    """Judge one target, or one task with the tasks above it; returns how many standings are new or changed."""
    row: Target | PlanNode | None
    if target_id is not None:
        row = Target.objects.filter(pk=target_id).first()
    else:
        row = PlanNode.objects.filter(pk=node_id or 0).first()
    if row is None:
        return 0
    with transaction.atomic():
        plan = _held(row.plan_id)
        if plan is None:
            return 0
        on = local_day(at)
        found = _judged_targets(plan, [row.pk], on=on) if target_id else _judged_tasks(plan, row.pk, on=on)
        return _keep(plan, found, at=at)


def judge_due_plans(*, at: datetime) -> int:
    """Once a day every plan in force; one query when today's are done. Returns how many standings are new or changed."""
    begun = timezone.make_aware(datetime.combine(local_day(at), time.min))
    today = Standing.objects.filter(plan=OuterRef("pk"), judged_at__gte=begun)
    something = Target.objects.kept().filter(plan=OuterRef("pk"), tense=Tense.TARGET)
    plans = WorkPlan.objects.published().filter(Exists(something), ~Exists(today), kind__in=PLANNING_KINDS)
    return sum(judge_plan(pk, at=at) for pk in plans.order_by("pk").values_list("pk", flat=True))


def judge_again(plan_id: int, *, at: datetime) -> None:
    """Have the plan judged anew when the clock next goes round (a minute), without keeping anybody waiting."""
    begun = timezone.make_aware(datetime.combine(local_day(at), time.min))
    Standing.objects.filter(plan=plan_id, judged_at__gte=begun).update(judged_at=begun - timedelta(seconds=1))


def choose_light(standing: Standing, *, light: str, why: str, by: User, at: datetime) -> Standing:
    """Overrule the rules' light; the reason stays visible beside it. Those who may (Refused); Unacceptable without a reason."""
    if light not in (Light.DONE, Light.ON_TRACK, Light.AT_RISK, Light.LATE, Light.MISSED):
        raise Unacceptable("请选择一种状态。", field="light")
    reason = short_text(Standing, "chosen_reason", why)
    if not reason:
        raise Unacceptable("请写明改判的理由，理由会一直显示在状态旁边。", field="why")
    return _overrule(standing, {"chosen": light, "chosen_reason": reason, "shown": light}, why=reason, by=by, at=at)


def drop_choice(standing: Standing, *, by: User, at: datetime) -> Standing:
    """Let the rules' light hold again. Those who may choose one (Refused)."""
    return _overrule(standing, {"chosen": "", "chosen_reason": ""}, why="", by=by, at=at)


def _overrule(standing: Standing, fields: dict[str, Any], *, why: str, by: User, at: datetime) -> Standing:
    with transaction.atomic():
        rows = Standing.objects.select_for_update(of=("self",)).select_related("plan__organisation", "target", "node")
        row = rows.get(pk=standing.pk)
        can_choose_light(by, row.plan)
        if not fields["chosen"] and not row.chosen:
            raise Unacceptable("这一条没有人工判定，不用撤销。请刷新页面。")
        chosen = {"chosen_by": by, "chosen_at": at} if fields["chosen"] else {"chosen_by": None, "chosen_at": None}
        fields = {"shown": row.light, **fields, **chosen}
        if fields["shown"] != row.shown:
            fields |= {"shown_before": row.shown, "changed_at": at}
        audit.Recorder(by=by, at=at, why=why).update(row, organisation=row.plan.organisation_id, **fields)
    return row


def _held(plan_id: int) -> WorkPlan | None:
    """The plan when it is in force, held so that two judgements follow one another."""
    rows = WorkPlan.objects.select_for_update(of=("self",)).filter(pk=plan_id, state=PlanState.PUBLISHED)
    return rows.first()


def _judged_targets(plan: WorkPlan, ids: Iterable[int] | None, *, on: date) -> dict[Any, dict[str, Any]]:
    targets = judged_targets(plan, ids)
    facts, series = target_facts(targets, plan=plan, on=on)
    subjects = [(facts[target.pk], series[target.pk], _stretch(target)) for target in targets]
    return {
        target: _of_target(each, expected)
        for target, (each, _, _), expected in zip(targets, subjects, expect(subjects), strict=True)
    }


def _stretch(target: Any) -> Asked | None:
    return asked(target, stretch=True) if target.stretch_value is not None else None


def _of_target(facts: TargetFacts, expected: Expectation) -> dict[str, Any]:
    facts = replace(facts, probability=expected.probability, forecast=expected.forecast)
    verdict = judge(facts, TARGET_RULES)
    rate = facts.rate_pct
    return {
        **_of_verdict(verdict, expected),
        "value": facts.value,
        "percent": None if rate is None else max(-LARGEST_RATE, min(rate, LARGEST_RATE)),
        "as_of": facts.as_of,
    }


def _judged_tasks(plan: WorkPlan, node_id: int | None, *, on: date) -> dict[Any, dict[str, Any]]:
    """Every task, those beneath before those above; with `node_id` that one and those above it."""
    tasks = judged_tasks(plan)
    lights: dict[int, str] = {}
    if node_id is not None:
        lights = dict(plan.standings.filter(node__isnull=False).values_list("node_id", "light"))
    wanted = tasks if node_id is None else _upwards(tasks, node_id)
    facts = task_facts(wanted, plan=plan, on=on)
    under: dict[int, list[PlanNode]] = defaultdict(list)
    for task in tasks:
        under[task.parent_id or 0].append(task)
    found: dict[Any, dict[str, Any]] = {}
    for task in sorted(wanted, key=lambda each: -each.level):
        beneath = Counter(lights[each.pk] for each in under[task.pk] if each.pk in lights)
        known = replace(facts[task.pk], beneath=dict(beneath))
        verdict = judge(known, TASK_RULES)
        lights[task.pk] = verdict.light
        percent = None if known.percent is None else Decimal(known.percent)
        found[task] = {**_of_verdict(verdict, Expectation()), "percent": percent, "value": None, "as_of": known.as_of}
    return found


def _upwards(tasks: list[PlanNode], node_id: int) -> list[PlanNode]:
    """A task and the tasks above it."""
    by_id, found, at = {task.pk: task for task in tasks}, [], node_id
    while at in by_id:
        found.append(by_id[at])
        at = by_id[at].parent_id or 0
    return found


def _of_verdict(verdict: Verdict, expected: Expectation) -> dict[str, Any]:
    return {
        "light": verdict.light,
        "reason": verdict.reason[:LONGEST_REASON],
        "forecast": expected.forecast,
        "forecast_low": expected.low,
        "forecast_high": expected.high,
        "probability": expected.probability,
        "expected_on": expected.expected_on,
        "outlook": expected.told,
    }


def _keep(plan: WorkPlan, found: Mapping[Any, dict[str, Any]], *, at: datetime) -> int:
    """Write what differs: new standings in one entry, each changed light in one of its own, figures as they are."""
    rows = plan.standings.all()
    if len(found) < FEW:
        targets = [each.pk for each in found if isinstance(each, Target)]
        rows = rows.filter(
            Q(target__in=targets) | Q(node__in=[each.pk for each in found if isinstance(each, PlanNode)])
        )
    there = {(row.target_id, row.node_id): row for row in rows}
    new, lights, figures = [], [], []
    for subject, fields in found.items():
        key = (subject.pk, None) if isinstance(subject, Target) else (None, subject.pk)
        row = there.get(key)
        if row is None:
            part = {"target": subject} if key[1] is None else {"node": subject}
            new.append(Standing(plan=plan, judged_at=at, shown=fields["light"], **part, **fields))
            continue
        fields = {**fields, "shown": row.chosen or fields["light"]}
        differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if not differing:
            continue
        row.judged_at = at
        if key[1] is None:
            row.target = subject
        else:
            row.node = subject
        recorded = {name: differing.pop(name) for name in RECORDED if name in differing}
        if "shown" in recorded:
            differing |= {"shown_before": row.shown, "changed_at": at}
        if recorded and "reason" in differing:
            recorded["reason"] = differing.pop("reason")
        for name, value in differing.items():
            setattr(row, name, value)
        figures.append(row)
        if recorded:
            lights.append((row, recorded))
    _write(plan, new, lights, figures, at=at)
    return len(new) + len(figures)


def _write(
    plan: WorkPlan,
    new: list[Standing],
    lights: list[tuple[Standing, dict[str, Any]]],
    figures: list[Standing],
    *,
    at: datetime,
) -> None:
    log = audit.Recorder(by=None, at=at)
    if new:
        summary = {"首次判定": plan.title}
        log.create_many(Standing, new, organisation=plan.organisation_id, summary=summary, subject=plan)
    if lights:
        log.update_each(lights, organisation=lambda row: plan.organisation_id)
    if figures:
        names = [name for name in JUDGED if name not in RECORDED] + ["shown_before", "changed_at"]
        Standing.objects.bulk_update(figures, [*names, "judged_at"], batch_size=BATCH)
