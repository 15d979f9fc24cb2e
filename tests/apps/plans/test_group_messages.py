"""What chat groups hear of the year: each its own organisation's lines, once, nothing of drafts, nothing that was undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from tests.apps.bureau.robot_server import Maker, running
from tests.apps.plans.supervision import brought_to, days, write
from tests.apps.plans.test_checkins import at, city, form, opened, start
from tests.factories import AT

from keshu.apps.bureau.models import GroupRobot, Organisation, RobotDelivery
from keshu.apps.bureau.queries.robots import listener, topics
from keshu.apps.bureau.services import robots
from keshu.apps.bureau.services.robots import RobotFields
from keshu.apps.plans.models import CheckInRound, PlanState, WorkPlan
from keshu.apps.plans.services import checkins, group_messages, issues, supervision

__all__ = ["city"]
EVERYTHING = tuple(topic.key for topic in topics() if topic.key.startswith("plans.") and not topic.for_programs)


@pytest.fixture
def maker(settings: Any) -> Iterator[Maker]:
    with running() as server:
        settings.ROBOT_HOSTS = [server.base]
        settings.SITE_URL = "https://kj.example.gov.cn"
        yield server


@pytest.fixture
def groups(city: SimpleNamespace, maker: Maker) -> dict[str, GroupRobot]:
    """A group of 高新处, one of 云湖区, and one of the whole city; each hears all topics."""

    def group(of: Organisation, hears: Organisation) -> GroupRobot:
        fields = RobotFields(f"{hears}群", "wecom", of.pk, hears.pk, EVERYTHING, address=maker.address)
        return robots.enter_robot(fields, by=city.planner, at=AT)

    return {
        "gaoxin": group(city.gaoxin, city.gaoxin),
        "yunhu": group(city.yunhu, city.yunhu),
        "city": group(city.bureau, city.city),
    }


def heard(robot: GroupRobot, topic: str) -> list[tuple[str, str]]:
    rows = RobotDelivery.objects.filter(robot=robot, topic=f"plans.{topic}").order_by("pk")
    return list(rows.values_list("title", "text"))


def test_an_opened_round_is_told_to_each_group_of_its_own(city: SimpleNamespace, groups: dict[str, GroupRobot]) -> None:
    """Worked out by hand: 高新处 leads three and 云湖区 supports, see test_a_round_asks_targets_and_lowest_tasks."""
    march = opened(city)
    counts = {name: march.checkins.filter(organisation=getattr(city, name)).count() for name in ("gaoxin", "yunhu")}
    title = f"《{march.plan}》{march.label}调度开始填报，2026-04-03 前报送"
    assert heard(groups["gaoxin"], "round_opened") == [(title, f"高新处 {counts['gaoxin']} 项")]
    assert heard(groups["yunhu"], "round_opened") == [(title, f"云湖区 {counts['yunhu']} 项")]
    whole = heard(groups["city"], "round_opened")[0][1].split("\n")
    asked = set(march.checkins.values_list("organisation__short_name", flat=True))
    assert {line.split()[0] for line in whole} == asked
    assert checkins.open_due_rounds(at=at("2026-03-28")) == 0
    assert RobotDelivery.objects.count() == 3


def test_what_is_due_the_next_working_day_is_told_once_of_those_who_have_not_filed(
    city: SimpleNamespace, groups: dict[str, GroupRobot]
) -> None:
    """Friday 3 April 2026: told on Thursday; 高新处 has filed one of its forms by then."""
    march = opened(city, asks_supports=False)
    forms = march.checkins.filter(organisation=city.gaoxin).count()
    said = {"progress": "已完成", "percent": None, "value": None, "problems": "", "help_needed": ""}
    checkins.file_check_in(form(city), version=None, **said, by=city.clerk, at=at("2026-03-30"))
    assert group_messages.announce_due(at=at("2026-04-01")) == 0
    assert group_messages.announce_due(at=at("2026-04-02")) == 2
    assert group_messages.announce_due(at=at("2026-04-02", hour=15)) == 0
    assert group_messages.announce_due(at=at("2026-04-03")) == 0
    title = f"《{march.plan}》{march.label}调度将于 2026-04-03 截止"
    assert heard(groups["gaoxin"], "round_due") == [(title, f"高新处 还有 {forms - 1} 项未填报")]
    assert heard(groups["yunhu"], "round_due") == []


def test_late_forms_are_told_by_office_at_one_three_and_five_working_days(
    city: SimpleNamespace, groups: dict[str, GroupRobot]
) -> None:
    """As for people (test_checkins_late): 7, 9 and 13 April; on the day after the due day the filler alone."""
    march = opened(city, asks_supports=False)
    forms = march.checkins.filter(organisation=city.gaoxin).count()
    for day in ("2026-04-04", "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-13", "2026-04-14"):
        checkins.escalate(at=at(day))
        checkins.escalate(at=at(day, hour=16))
    stem = f"《{march.plan}》{march.label}调度逾期"
    told = [(f"{stem} {n} 个工作日", f"高新处 {forms} 项未填报") for n in (1, 3, 5)]
    assert heard(groups["gaoxin"], "round_late") == told
    assert [title for title, _ in heard(groups["city"], "round_late")] == [title for title, _ in told]
    assert heard(groups["yunhu"], "round_late") == []


def test_a_supervision_notice_is_told_when_issued_and_when_late_to_its_addressee(
    city: SimpleNamespace, groups: dict[str, GroupRobot]
) -> None:
    write(city, title="督办草稿一件")
    notice = brought_to(city, "issued")
    for count in range(13, 25):
        supervision.escalate_notices(at=days(count))
    issued = [(f"督办单{notice.number_text}：{notice.title}", "高新处：请于 2026-03-20 前办理并报送情况。")]
    assert heard(groups["gaoxin"], "supervision_issued") == heard(groups["city"], "supervision_issued") == issued
    # Due on Friday 20 March: one, three and five working days late on the 23rd, 25th and 27th.
    late = heard(groups["gaoxin"], "supervision_late")
    assert [title for title, _ in late] == [f"督办单{notice.number_text}逾期 {n} 个工作日：高新处" for n in (1, 3, 5)]
    assert heard(groups["yunhu"], "supervision_issued") == heard(groups["yunhu"], "supervision_late") == []
    assert not RobotDelivery.objects.filter(title__contains="草稿").exists()


def test_an_overdue_issue_is_told_to_whoever_answers_for_it(
    city: SimpleNamespace, groups: dict[str, GroupRobot]
) -> None:
    issue = issues.raise_issue(title="设备到货晚", raised_for=city.gaoxin, by=city.clerk, at=AT)
    duty = {"owner": city.yunhu, "measure": "催促", "due_on": (AT + timedelta(days=8)).date()}
    issues.assign_issue(issue, **duty, by=city.planner, at=AT)
    for count in range(2, 18):
        issues.remind_of_issues(at=days(count))
    late = heard(groups["yunhu"], "issue_late")
    assert [title for title, _ in late] == ["问题整改逾期：设备到货晚"] * 3
    assert late[0][1] == "云湖区：已逾期，还没有报送落实情况。整改时限 2026-03-13。"
    assert heard(groups["city"], "issue_late") == late
    assert heard(groups["gaoxin"], "issue_late") == []


def test_a_round_undone_with_its_transaction_is_not_told(city: SimpleNamespace, groups: dict[str, GroupRobot]) -> None:
    start(city)
    with transaction.atomic():
        assert checkins.open_due_rounds(at=at("2026-03-27")) == 1
        transaction.set_rollback(True)
    assert not RobotDelivery.objects.exists()


def test_what_was_withdrawn_before_it_was_sent_is_dropped(
    city: SimpleNamespace, groups: dict[str, GroupRobot], maker: Maker
) -> None:
    opened(city)
    WorkPlan.objects.filter(pk=city.plan.pk).update(state=PlanState.WITHDRAWN)
    assert robots.send_due(clock=lambda: at("2026-03-27", hour=10)) == 0
    assert set(RobotDelivery.objects.values_list("state", flat=True)) == {"dropped"}
    assert maker.asked == []


def test_a_group_is_sent_a_link_and_no_name_of_a_person(
    city: SimpleNamespace, groups: dict[str, GroupRobot], maker: Maker
) -> None:
    march = opened(city)
    brought_to(city, "issued")
    assert robots.send_due(clock=lambda: at("2026-03-27", hour=10)) > 0
    spoken = "\n".join(asked.text for asked in maker.asked)
    assert f"查看：https://kj.example.gov.cn/plans/checkins/own/?round={march.pk}" in spoken
    assert [person.name for person in city.people.values() if person.name in spoken] == []


def test_no_topic_shows_a_group_what_its_office_may_not_see(city: SimpleNamespace) -> None:
    """Of every topic: what a listener of an office sees is a part of what its clerk sees; a draft nobody hears of."""
    opened(city)
    for addressee in (city.gaoxin, city.yunhu):
        brought_to(city, "issued", addressee=addressee)
    draft = write(city)
    issue = issues.raise_issue(title="设备到货晚", raised_for=city.guihua, by=city.planner, at=AT)
    duty = {"owner": city.yunhu, "measure": "催促", "due_on": (AT + timedelta(days=8)).date()}
    issues.assign_issue(issue, **duty, by=city.planner, at=AT)
    sizes = {}
    for topic in topics():
        if topic.key.startswith("plans."):
            rows = topic.sight(listener(city.gaoxin))
            own = rows.model._default_manager.visible_to(city.clerk)
            assert set(rows) <= set(own), topic.key
            assert draft not in topic.sight(listener(city.city)), topic.key
            sizes[topic.key] = (rows.count(), topic.sight(listener(city.city)).count())
    assert sizes["plans.round_opened"] == (1, 1)
    assert sizes["plans.supervision_issued"] == (1, 2)
    assert sizes["plans.issue_late"] == (0, 1)
    assert CheckInRound.objects.count() == 1


def test_where_nobody_listens_the_clock_costs_one_query(city: SimpleNamespace, django_assert_num_queries: Any) -> None:
    opened(city)
    with django_assert_num_queries(1):
        assert group_messages.announce_due(at=at("2026-04-02")) == 0
