"""A row of a plan under review put back to what it was before a step."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import make_plan
from tests.factories import AT, make

from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import PlanNode, PlanState, ReviewStep, Target, WorkPlan
from keshu.apps.plans.queries.histories import row_history
from keshu.apps.plans.services import nodes, restoring, review, targets
from keshu.apps.plans.services.rows import RowRef

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> SimpleNamespace:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    return SimpleNamespace(site=site, planner=planner, plan=plan, target=make_plan.target(plan, "高新技术企业总数"))


def fresh(row: Any) -> Any:
    return type(row).objects.select_related("plan__organisation", "plan__source").get(pk=row.pk)


def correct(desk: SimpleNamespace, **fields: Any) -> None:
    targets.correct_target(desk.plan, target_id=desk.target.pk, fields=fields, by=desk.planner, at=AT, version=None)


def test_a_target_is_put_back_as_a_new_step(desk: SimpleNamespace) -> None:
    before = (desk.target.value, desk.target.unit, desk.target.indicator)
    correct(desk, value=999)
    correct(desk, unit="户", indicator="高企数")
    version = ReviewStep.objects.order_by("version")[0].version
    restoring.restore_row(fresh(desk.target), version=version, why="看错了行", by=desk.planner, at=AT)
    row = fresh(desk.target)
    assert (row.value, row.unit, row.indicator) == before
    last = ReviewStep.objects.order_by("-version")[0]
    assert last.summary == "目标“高新技术企业总数”恢复到此前状态：看错了行"
    assert ReviewStep.objects.count() == 3


def test_only_what_followed_the_step_is_put_back(desk: SimpleNamespace) -> None:
    correct(desk, value=999)
    correct(desk, unit="户")
    version = ReviewStep.objects.order_by("-version")[0].version
    restoring.restore_row(fresh(desk.target), version=version, why="看错了行", by=desk.planner, at=AT)
    row = fresh(desk.target)
    assert (row.value, row.unit) == (Decimal(999), desk.target.unit)


def test_a_task_is_put_back_with_its_deadline(desk: SimpleNamespace) -> None:
    node = make_plan.node(desk.plan, "优化创新服务")
    given = {"heading": "优化服务", "due": "2026-06"}
    nodes.correct_node(desk.plan, node_id=node.pk, fields=given, by=desk.planner, at=AT, version=None)
    step = ReviewStep.objects.get()
    restoring.restore_row(fresh(node), version=step.version, why="看错了", by=desk.planner, at=AT)
    row = PlanNode.objects.get(pk=node.pk)
    assert (row.heading, row.due_period, row.due_on) == (node.heading, node.due_period, node.due_on)


def test_the_history_tells_it_and_offers_it_to_keepers(desk: SimpleNamespace) -> None:
    correct(desk, value=999)
    lines = list(row_history(fresh(desk.target), user=desk.planner))
    assert [str(change) for change in lines[0].changes if change.label == "数值"] == [
        f"数值：{desk.target.value.normalize():f} → 999"
    ]
    assert lines[0].restore == reverse("plans:row-restore", args=[f"target-{desk.target.pk}", 1])
    assert lines[-1].action.startswith("从《")
    assert row_history(fresh(desk.target), user=desk.site.people["auditor"]).lines[0].restore == ""


def test_the_page_shows_the_difference_and_does_it(desk: SimpleNamespace) -> None:
    correct(desk, value=999)
    client = Client()
    client.force_login(desk.planner)
    address = reverse("plans:row-restore", args=[f"target-{desk.target.pk}", 1])
    assert "<td>999</td>" in client.get(address).content.decode()
    assert client.post(address, {"why": "看错了"}).status_code == 302
    assert Target.objects.get(pk=desk.target.pk).value == desk.target.value


def test_a_published_plan_a_struck_row_and_an_auditor_are_refused(desk: SimpleNamespace) -> None:
    correct(desk, value=999)
    row = fresh(desk.target)
    with pytest.raises(Refused):
        restoring.restore_row(row, version=1, why="试试", by=desk.site.people["auditor"], at=AT)
    with pytest.raises(Unacceptable, match="请写明恢复的原因"):
        restoring.restore_row(row, version=1, why=" ", by=desk.planner, at=AT)
    ref = [RowRef.of(desk.target)]
    review.reject_rows(desk.plan, rows=ref, reason="重复", by=desk.planner, at=AT, version=None)
    with pytest.raises(Unacceptable, match="已剔除"):
        restoring.restore_row(fresh(desk.target), version=1, why="试试", by=desk.planner, at=AT)
    review.restore_rows(desk.plan, rows=ref, by=desk.planner, at=AT, version=None)
    WorkPlan.objects.filter(pk=desk.plan.pk).update(state=PlanState.PUBLISHED)
    with pytest.raises(Refused):
        restoring.restore_row(fresh(desk.target), version=1, why="试试", by=desk.planner, at=AT)
