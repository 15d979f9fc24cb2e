"""Deadlines to the day, as the words before a figure name them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.plans.factories import make_plan
from tests.factories import AT, make

from keshu.apps.plans.models import PlanNode, Target, WorkPlan
from keshu.apps.plans.services.deadlines import due_date
from keshu.apps.plans.services.targets import correct_target
from keshu.engines.plandoc import read_text

TEXT = """云澜市2026年科技创新工作要点
一、主要目标
技术合同成交额达到45亿元。
二、重点任务
（一）建设平台。6月20日前，建成中试基地2个，10月底前新建市重点实验室3家。
（二）深化金融。全年发放贷款5亿元以上；12月15日前新设子基金1支。
（三）办好大赛。12月10日前举办大赛2场，12月底前举办路演4场。
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> WorkPlan:
    site = make.site()
    return make_plan.draft(read_text(TEXT), organisation=site.bureau, by=site.people["planner"])


def due(plan: WorkPlan, word: str) -> date | None:
    return Target.objects.get(plan=plan, indicator__contains=word).due_on


def test_a_target_is_due_on_the_day_printed_before_it(plan: WorkPlan) -> None:
    assert due(plan, "子基金") == date(2026, 12, 15)
    assert due(plan, "中试基地") == date(2026, 6, 20)
    assert due(plan, "大赛") == date(2026, 12, 10)


def test_a_month_without_a_day_ends_with_the_month(plan: WorkPlan) -> None:
    assert due(plan, "实验室") == date(2026, 10, 31)
    assert due(plan, "路演") == date(2026, 12, 31)
    assert due(plan, "技术合同") == date(2026, 12, 31)
    assert due_date("2026-06", tense="actual", words="6月20日前") is None
    assert due_date("2026-02", tense="target", words="2月30日前") == date(2026, 2, 28)


def test_a_task_has_the_deadline_its_own_words_end_with(plan: WorkPlan) -> None:
    found = {node.heading: (node.due_text, node.due_on) for node in PlanNode.objects.filter(plan=plan)}
    assert found["深化金融"] == ("12月15日前", date(2026, 12, 15))
    assert found["建设平台"] == ("10月底前", date(2026, 10, 31))
    assert found["重点任务"] == ("", None)


def test_the_day_stays_through_a_correction_and_goes_with_another_period(plan: WorkPlan) -> None:
    target = Target.objects.get(plan=plan, indicator__contains="子基金")
    given = {"by": plan.created_by, "at": AT, "version": None}
    correct_target(plan, target_id=target.pk, fields={"value": 2}, **given)
    assert due(plan, "子基金") == date(2026, 12, 15)
    correct_target(plan, target_id=target.pk, fields={"period": "2026-10"}, **given)
    assert due(plan, "子基金") == date(2026, 10, 31)
