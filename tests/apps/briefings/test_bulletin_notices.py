"""Who hears of a bulletin: who signs it off, who wrote it, and once it is out whom it speaks of; groups and programs too."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.briefings.bulletin_city import AFTER_MARCH, begun, released, reported_city, submitted
from tests.apps.bureau.robot_server import Maker, running
from tests.factories import AT

from keshu.apps.briefings.services import bulletins
from keshu.apps.bureau.models import Notice, RobotDelivery, User
from keshu.apps.bureau.services import robots
from keshu.apps.bureau.services.robots import RobotFields

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    return reported_city()


@pytest.fixture
def maker(settings: Any) -> Iterator[Maker]:
    with running() as server:
        settings.ROBOT_HOSTS = [server.base]
        settings.SITE_URL = "https://kj.example.gov.cn"
        yield server


def told(kind: str) -> dict[User, tuple[str, str]]:
    rows = Notice.objects.filter(kind=f"briefings.bulletin_{kind}").select_related("recipient")
    return {row.recipient: (row.title, row.text) for row in rows}


def test_the_leader_hears_of_what_waits_to_be_signed_off(city: SimpleNamespace) -> None:
    row = submitted(city)
    assert told("submitted") == {
        city.people["leader"]: (f"待签发：{row.title}", f"{city.people['planner'].name}送签，请审阅。")
    }


def test_who_wrote_it_hears_of_its_return_with_the_reason(city: SimpleNamespace) -> None:
    row = bulletins.return_bulletin(submitted(city), why="补充县区情况", by=city.people["leader"], at=AFTER_MARCH)
    assert told("returned") == {city.people["planner"]: (f"退回修改：{row.title}", "理由：补充县区情况")}


def test_everybody_of_whom_it_speaks_hears_of_its_release(city: SimpleNamespace) -> None:
    row = begun(city)
    named = {office["name"] for office in row.facts["offices"]}
    assert named == {"高新处", "规划处"}  # they had forms in March
    row = released(city, row)
    heard = told("released")
    assert {person for role, person in city.people.items() if role in ("clerk", "office_head")} <= set(heard)
    assert city.people["planner"] in heard  # who sent it to be signed
    assert city.people["leader"] not in heard  # who released it
    assert city.people["county_clerk"] not in heard  # nothing is said of the county
    assert heard[city.people["clerk"]][0] == f"{row.title}（〔2026〕1号）已发布"


def test_the_same_people_hear_of_its_withdrawal(city: SimpleNamespace) -> None:
    row = bulletins.withdraw_bulletin(released(city), why="数据有误", by=city.people["leader"], at=AFTER_MARCH)
    titles = Notice.objects.filter(recipient=city.people["clerk"]).values_list("title", flat=True)
    assert f"{row.title}（〔2026〕1号）已撤回" in set(titles)


def test_a_group_hears_of_its_own_office_and_programs_of_the_row(city: SimpleNamespace, maker: Maker) -> None:
    def group(name: str, kind: str, hears: Any, topic: str, **more: str) -> Any:
        fields = RobotFields(name, kind, hears.pk, hears.pk, (f"briefings.bulletin_{topic}",), **more)
        return robots.enter_robot(fields, by=city.people["planner"], at=AT)

    own = group("高新处群", "wecom", city.gaoxin, "released", address=maker.address)
    county = group("云湖区群", "wecom", city.yunhu, "released", address=maker.address)
    programs = group("接收程序", "plain", city.bureau, "changed", address=maker.address, secret="s" * 20)
    row = submitted(city)
    assert not RobotDelivery.objects.exists()  # nothing of a draft goes out
    row = bulletins.release_bulletin(row, version=row.version, by=city.people["leader"], at=AFTER_MARCH)
    [delivery] = RobotDelivery.objects.filter(robot=own)
    assert delivery.title == f"{row.title}（〔2026〕1号）已发布"
    assert delivery.text.startswith("高新处：应报")
    assert "\n" not in delivery.text  # of nobody else
    assert not RobotDelivery.objects.filter(robot=county).exists()
    assert RobotDelivery.objects.filter(robot=programs, subject_id=row.pk).count() == 1
    bulletins.withdraw_bulletin(row, why="数据有误", by=city.people["leader"], at=AFTER_MARCH)
    assert RobotDelivery.objects.filter(robot=programs).count() == 2
