"""The tabs of a target's and of a task's page."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from keshu.apps.plans.models import Tense

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanNode, Target


class Tab(StrEnum):
    DETAIL = "detail"
    CHECKINS = "checkins"
    OUTLOOK = "outlook"


WORDS = {Tab.DETAIL: "概况", Tab.CHECKINS: "调度", Tab.OUTLOOK: "预测"}


def target_tabs(row: Target, *, current: Tab) -> list[dict[str, Any]]:
    """Achieved figures are expected no more."""
    page = reverse("plans:target-detail", args=[row.pk])
    tabs = {Tab.DETAIL: page, Tab.CHECKINS: f"{page}?tab=checkins"}
    if row.tense == Tense.TARGET:
        tabs[Tab.OUTLOOK] = reverse("plans:target-outlook", args=[row.pk])
    return _written(tabs, current)


def task_tabs(row: PlanNode, *, current: Tab) -> list[dict[str, Any]]:
    page = reverse("plans:task-detail", args=[row.pk])
    return _written({Tab.DETAIL: page, Tab.CHECKINS: f"{page}?tab=checkins"}, current)


def _written(tabs: dict[Tab, str], current: Tab) -> list[dict[str, Any]]:
    return [{"label": WORDS[tab], "href": href, "current": tab == current, "count": None} for tab, href in tabs.items()]
