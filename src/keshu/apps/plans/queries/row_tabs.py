"""The tabs of a target's and of a task's page, declared; one whose page is not built is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanNode, Target

TARGET_TABS = (("概况", "plans:target-detail"), ("调度", "plans:target-checkins"), ("预测", "plans:target-outlook"))
TASK_TABS = (("概况", "plans:task-detail"), ("调度", "plans:task-checkins"))


def target_tabs(row: Target, *, current: str) -> list[dict[str, Any]]:
    """Achieved figures have one page only."""
    return _tabs(TARGET_TABS if row.tense == "target" else TARGET_TABS[:1], row.pk, current)


def task_tabs(row: PlanNode, *, current: str) -> list[dict[str, Any]]:
    return _tabs(TASK_TABS, row.pk, current)


def _tabs(declared: tuple[tuple[str, str], ...], pk: int, current: str) -> list[dict[str, Any]]:
    found = []
    for label, name in declared:
        try:
            href = reverse(name, args=[pk])
        except NoReverseMatch:
            continue
        found.append({"label": label, "href": href, "current": name == current, "count": None})
    return found
