"""What programs hear of changed rows: signed, each its own, once, without what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.bureau.robot_server import SECRET, Maker, running
from tests.factories import make
from tests.programs import Program

from keshu.apps.bureau.models import GroupRobot, RobotDelivery
from keshu.apps.bureau.queries.robots import topics
from keshu.apps.bureau.services import Unacceptable, robots
from keshu.apps.bureau.services.robots import RobotFields, makers
from keshu.apps.plans.services import issues, supervision

pytestmark = pytest.mark.django_db
CHANGES = tuple(topic.key for topic in topics() if topic.for_programs)


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def server(settings: Any) -> Iterator[Maker]:
    with running() as made:
        settings.ROBOT_HOSTS = [made.base]
        yield made


def subscribed(site: SimpleNamespace, server: Maker, of: Any, *, kind: str = "plain") -> GroupRobot:
    fields = RobotFields(f"{of}程序", kind, of.pk, of.pk, CHANGES, address=f"{server.base}/hook", secret=SECRET)
    return robots.enter_robot(fields, by=site.people["planner"], at=timezone.now())


def test_a_change_goes_to_the_programs_of_those_concerned(site: SimpleNamespace, server: Maker) -> None:
    near, far = subscribed(site, server, site.gaoxin), subscribed(site, server, site.yunhu)
    clerk, now = site.people["clerk"], timezone.now()
    issue = issues.raise_issue(title="用地没有落实", detail="秘密细节", raised_for=site.gaoxin, by=clerk, at=now)
    assert far.deliveries.count() == 0
    assert robots.send_due(clock=lambda: now + timedelta(seconds=2)) == 1
    (asked,) = server.asked
    signed = makers.plain_sign(SECRET, timestamp=asked.headers["X-Keshu-Timestamp"], body=asked.body)
    assert asked.headers["X-Keshu-Signature"] == f"sha256={signed}"
    (event,) = asked.json["events"]
    assert (event["topic"], event["id"]) == ("plans.issue_changed", issue.pk)
    assert event["event"] == near.deliveries.get().pk
    assert "秘密细节" not in asked.body.decode()
    row = Program(clerk).get(event["row"].removeprefix("/api/v1")).json()
    assert (row["id"], row["detail"]) == (issue.pk, "秘密细节")
    robots.send_due(clock=lambda: now + timedelta(minutes=5))
    assert len(server.asked) == 1, "once"


def test_drafts_are_not_told_and_each_step_of_a_notice_is(site: SimpleNamespace, server: Maker) -> None:
    robot, planner, now = subscribed(site, server, site.gaoxin), site.people["planner"], timezone.now()
    due_on = timezone.localdate() + timedelta(days=10)
    fields = supervision.NoticeFields("高企培育", "请报送", site.gaoxin.pk, due_on)
    notice = supervision.write_notice(fields, by=planner, at=now)
    assert robot.deliveries.count() == 0
    supervision.issue_notice(notice, by=planner, at=now)
    supervision.sign_for(notice, by=site.people["clerk"], at=now + timedelta(seconds=1))
    said = list(robot.deliveries.order_by("pk").values_list("title", flat=True))
    assert [title.partition("号")[2] for title in said] == ["待签收：高企培育", "办理中：高企培育"]
    assert all(row.next_try_at <= now + timedelta(seconds=1) for row in RobotDelivery.objects.all()), "by night too"


def test_chat_groups_do_not_hear_of_rows(site: SimpleNamespace, server: Maker) -> None:
    with pytest.raises(Unacceptable, match="供程序接收"):
        subscribed(site, server, site.gaoxin, kind="wecom")
