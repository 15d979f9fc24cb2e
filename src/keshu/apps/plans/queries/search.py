"""Search over plans, targets and tasks by name, for the search box of the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.search import Hit, HitGroup, address, group, top, words_in
from keshu.apps.plans.models import PlanNode, Target, Tense, WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def found(text: str, *, user: User) -> Sequence[HitGroup]:
    """Plans, targets and tasks that `user` may see and whose names hold every word of `text` (not empty)."""
    plans = WorkPlan.objects.visible_to(user).kept()
    named = plans.filter(words_in(text, "title", "doc_number")).select_related("organisation").defer("source__text")
    targets = Target.objects.filter(plan__in=plans, tense=Tense.TARGET).kept().filter(words_in(text, "indicator"))
    tasks = PlanNode.objects.filter(plan__in=plans).kept().filter(words_in(text, "heading"))
    return (
        group("工作要点", "archive", [_plan(row) for row in top(named)]),
        group("目标", "target", [_target(row) for row in top(targets.select_related("plan"))]),
        group("任务", "list-tree", [_task(row) for row in top(tasks.select_related("plan"))]),
    )


def _plan(row: WorkPlan) -> Hit:
    note = "　".join(part for part in (str(row.organisation), row.get_state_display(), row.doc_number) if part)
    return Hit(title=row.title, note=note, href=address("plans:plan-detail", row.pk))


def _target(row: Target) -> Hit:
    return Hit(title=row.indicator, note=row.plan.title, href=address("plans:target-detail", row.pk))


def _task(row: PlanNode) -> Hit:
    return Hit(title=f"{row.label}{row.heading}", note=row.plan.title, href=address("plans:task-detail", row.pk))
