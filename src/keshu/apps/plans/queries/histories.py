"""The history of a plan's rows: read, each review step, published; ready for the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from keshu.apps.bureau.queries.history import HistoryLine, HistoryPage, told_changes
from keshu.apps.plans.models import PlanNode, PlanState, Review, ReviewStep, Target, WorkPlan
from keshu.apps.plans.permissions import is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

SHOWN = 20
# Who decided and when is said by the line itself; an alias is no column of the row.
UNTOLD = frozenset({"reviewed_by_id", "reviewed_at", "version", "alias", "indicator_key", "value_start", "value_end"})
# The columns that a person corrects, and so may put back.
RESTORABLE: Mapping[type[models.Model], frozenset[str]] = {
    Target: frozenset({
        "indicator", "op", "value", "value_high", "unit", "measure", "tier", "tense", "period", "masked", "per",
        "benchmark", "node_id", "floor_id",
    }),
    PlanNode: frozenset({"label", "heading", "kind", "due_period", "due_on", "parent_id"}),
}  # fmt: skip


def ref_of(row: Target | PlanNode) -> str:
    """The row as review steps name it."""
    return f"{'target' if isinstance(row, Target) else 'node'}-{row.pk}"


def steps_on(row: Target | PlanNode) -> models.QuerySet[ReviewStep]:
    """The review steps that changed the row, the latest first."""
    steps = ReviewStep.objects.alias(written=Cast("changes", TextField())).filter(plan_id=row.plan_id)
    return steps.filter(written__contains=f'"{ref_of(row)}"').order_by("-version")


def row_history(row: Target | PlanNode, *, user: User, before: int | None = None) -> HistoryPage:
    """What happened to a row, the latest first; steps of versions under `before`. One query, and one per table pointed to."""
    ref, plan = ref_of(row), row.plan
    steps = steps_on(row).select_related("by")
    found = list((steps if before is None else steps.filter(version__lt=before))[: SHOWN + 1])
    shown, older = found[:SHOWN], ""
    if len(found) > SHOWN:
        older = f"{reverse('plans:row-history', args=[ref])}?before={shown[-1].version}"
    lines = _step_lines(row, shown, may_restore=_may_restore(row, user))
    if before is None and plan.released_at is not None:
        lines.insert(0, HistoryLine(plan.released_at, str(plan.released_by), f"随第 {plan.revision} 版发布", "", ""))
    if not older:
        lines.append(HistoryLine(plan.created_at, str(plan.created_by), f"从《{plan.source.file_name}》识别", "", ""))
    return HistoryPage(tuple(lines), older)


def plan_history(plan: WorkPlan) -> HistoryPage:
    """Every review step of the plan, newest first. One query."""
    steps = ReviewStep.objects.filter(plan=plan).select_related("by").defer("changes").order_by("-version")
    return HistoryPage(tuple(HistoryLine(step.at, str(step.by), step.summary, "", "") for step in steps))


def _step_lines(row: Target | PlanNode, steps: Iterable[ReviewStep], *, may_restore: bool) -> list[HistoryLine]:
    steps, ref, label = list(steps), ref_of(row), row._meta.label_lower
    pairs = [_pair(row, step, ref) for step in steps]
    lines = []
    for step, (before, _), changes in zip(steps, pairs, told_changes(label, pairs), strict=True):
        line = HistoryLine(step.at, str(step.by), step.summary, "", "", changes)
        if may_restore and before.keys() & {_column(row, name) for name in RESTORABLE[type(row)]}:
            line = replace(line, restore=reverse("plans:row-restore", args=[ref, step.version]))
        lines.append(line)
    return lines


def _pair(row: Target | PlanNode, step: ReviewStep, ref: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the step replaced in the row and by what, under the names of columns; nothing for a row it made."""
    for change in step.changes:
        if change.get("row") == ref and change.get("before") is not None:
            told = [name for name in change["after"] if name not in UNTOLD]
            before = {_column(row, name): change["before"].get(name) for name in told}
            return before, {_column(row, name): change["after"][name] for name in told}
    return {}, {}


def _column(row: models.Model, name: str) -> str:
    """A column's own name: ``node`` for ``node_id``."""
    return next((field.name for field in row._meta.concrete_fields if field.attname == name), name)


def _may_restore(row: Target | PlanNode, user: User) -> bool:
    plan = row.plan
    return plan.state == PlanState.REVIEWING and row.review != Review.REJECTED and is_keeper(user, plan.organisation)
