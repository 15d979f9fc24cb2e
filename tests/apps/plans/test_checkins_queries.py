"""What pages ask of check-ins: counts by office and state, queues, histories, prefill, each within the person's scope."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import make_plan
from tests.apps.plans.test_checkins import NOTHING, at, city, form, opened
from tests.factories import make

from keshu.apps.plans.models import CheckIn
from keshu.apps.plans.queries import checkins as queries
from keshu.apps.plans.queries.checkin_pages.lines import lines_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order
from keshu.apps.plans.services import checkins
from keshu.kernel.workdays import WorkCalendar

__all__ = ["city"]
SAID = {**NOTHING, "progress": "已入库 31 家", "value": Decimal(31)}


@pytest.fixture
def march(city: SimpleNamespace) -> SimpleNamespace:
    """Of the round of March: 高新处 has signed its target on time and filed its task late, 青岭县 has reported late."""
    city.march = opened(city)
    checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-04-02"))
    task = CheckIn.objects.get(node__heading="培育科技企业", organisation=city.gaoxin)
    checkins.file_check_in(task, version=0, **{**NOTHING, "progress": "甲"}, by=city.clerk, at=at("2026-04-08"))
    county = form(city, city.qingling)
    checkins.file_check_in(
        county, version=0, **{**NOTHING, "progress": "乙"}, by=city.people["county_clerk"], at=at("2026-04-07")
    )
    return city


def test_forms_come_in_the_plans_order_and_from_own_offices_only(
    march: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = [
            (str(row.target or row.node), str(row.organisation), str(row.round.plan.organisation), row.evidence_count)
            for row in queries.forms_of(march.clerk, round_id=march.march.pk)
        ]
    assert found == [("(一)培育科技企业", "高新处", "市科技局", 0), ("科技型中小企业", "高新处", "市科技局", 0)]
    assert not queries.forms_of(march.clerk, round_id=march.march.pk, organisation_ids=[march.yunhu.pk])


def test_a_round_office_by_office(march: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    def seen(user: Any) -> dict[str, tuple[int, int, int, int]]:
        with django_assert_max_num_queries(4):
            found = queries.round_progress(march.march, user=user, on=date(2026, 4, 8))
        return {str(e.office): (e.counts.asked, e.counts.reported, e.counts.late, e.counts.filed_late) for e in found}

    whole = {"高新处": (2, 2, 0, 1), "规划处": (2, 0, 2, 0), "青岭县": (2, 1, 1, 1), "云湖区": (4, 0, 4, 0)}
    assert seen(march.planner) == seen(march.people["leader"]) == seen(march.people["auditor"]) == whole
    assert seen(march.clerk) == {"高新处": whole["高新处"]}
    assert seen(march.people["enterprise"]) == {}
    rounds = queries.rounds_of_plan(march.plan, user=march.planner, on=date(2026, 4, 8))
    assert [(each.round, each.counts.asked, each.counts.late) for each in rounds] == [(march.march, 10, 7)]


def test_the_queue_of_those_who_sign(march: SimpleNamespace, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        waiting = list(queries.sign_queue(march.head))
    assert [str(row.node) for row in waiting] == ["(一)培育科技企业"]
    assert list(queries.sign_queue(march.people["leader"])) == waiting
    for nobody in (march.clerk, march.planner, march.people["county_clerk"], march.people["auditor"]):
        assert not queries.sign_queue(nobody)
    first, second = make.person("county_clerk", march.yunhu), make.person("county_clerk", march.yunhu)
    row = form(march, march.yunhu)
    checkins.file_check_in(row, version=0, **{**NOTHING, "progress": "丙"}, by=first, at=at("2026-04-08"))
    assert not queries.sign_queue(first)
    assert [each.pk for each in queries.sign_queue(second)] == [row.pk]


def test_the_history_of_a_subject_shows_others_what_is_signed(
    march: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    target = make_plan.target(march.plan, "科技型中小企业")
    make_plan.check_in(target, march.gaoxin, key="2026-02", state="signed", value=12)

    def seen(user: Any) -> list[tuple[str, str, str]]:
        rows = queries.history_of(user, target_id=target.pk)
        return [(row.round.key, str(row.organisation), row.state) for row in rows]

    signed = [("2026-03", "高新处", "signed"), ("2026-03", "青岭县", "signed"), ("2026-02", "高新处", "signed")]
    assert seen(march.clerk) == seen(march.people["county_clerk"]) == signed
    assert ("2026-03", "云湖区", "open") in seen(march.planner)
    assert seen(march.people["enterprise"]) == []
    with django_assert_num_queries(2):
        rows = queries.history_of(march.planner, target_id=target.pk)
        assert [list(row.evidence.all()) for row in rows] == [[]] * len(rows)
    with pytest.raises(ValueError, match="one target or of one task"):
        queries.history_of(march.planner)


def test_prefill_is_the_last_signed_of_the_same_office(march: SimpleNamespace, django_assert_num_queries: Any) -> None:
    target = make_plan.target(march.plan, "科技型中小企业")
    for key, state, value in (("2026-01", "signed", 5), ("2026-02", "signed", 12), ("2026-04", "signed", 44)):
        make_plan.check_in(target, march.guihua, key=key, state=state, value=value, progress=f"{value} 家")
    rows = in_plan_order(CheckIn.objects.filter(round__plan=march.plan, round__key="2026-03"))
    with django_assert_num_queries(3):
        lines = lines_of(list(rows), on=date(2026, 4, 1), calendar=WorkCalendar())
    found = {line.pk: line.before for line in lines if line.before is not None}
    assert list(found) == [form(march, march.guihua).pk]
    (before,) = found.values()
    assert (before.label, before.number, before.progress) == ("2026年2月", "12", "12 家")
    assert lines_of([], on=date(2026, 4, 1), calendar=WorkCalendar()) == []
