"""The pages of group robots: entered, changed, tried out; address and secret on none of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.bureau.robot_server import KEY, SECRET
from tests.factories import AT, make

from keshu.apps.bureau.models import DeliveryState, GroupRobot, Organisation, RobotDelivery, User
from keshu.apps.bureau.services import sealing

pytestmark = pytest.mark.django_db
ADDRESS = f"https://oapi.dingtalk.com/robot/send?access_token={KEY}"


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def given(office: Organisation, **traits: Any) -> dict[str, Any]:
    return {
        "name": "高新处工作群", "organisation": office.pk, "kind": "dingtalk", "address": ADDRESS, "secret": SECRET,
        "hears": office.pk, "topics": ["plans.round_opened", "plans.issue_late"], **traits,
    }  # fmt: skip


def entered(person: User, office: Organisation, **traits: Any) -> GroupRobot:
    assert client_of(person).post(reverse("bureau:robot-create"), given(office, **traits)).status_code == 302
    return GroupRobot.objects.get()


def test_an_empty_list_says_what_to_do() -> None:
    text = client_of(make.person("planner")).get(reverse("bureau:robot-list")).content.decode()
    assert "还没有群机器人" in text
    assert reverse("bureau:robot-create") in text


def test_address_and_secret_are_kept_sealed_and_shown_nowhere() -> None:
    office = make.office()
    head = make.person("office_head", office)
    robot = entered(head, office)
    assert (sealing.unseal(robot.address_secret), sealing.unseal(robot.signing_secret)) == (ADDRESS, SECRET)
    pages = [reverse("bureau:robot-list"), *(reverse(f"bureau:robot-{v}", args=[robot.pk]) for v in ("detail", "edit"))]
    for address in [*pages, f"{pages[0]}?export=csv", reverse("bureau:audit-list")]:
        text = client_of(head).get(address).getvalue().decode()
        assert KEY not in text
        assert SECRET not in text
    assert "oapi.dingtalk.com" in client_of(head).get(pages[1]).content.decode()


def test_an_edit_without_address_and_secret_keeps_them() -> None:
    office = make.office()
    head = make.person("office_head", office)
    robot = entered(head, office)
    change = given(office, name="新群名", address="", secret="")
    client_of(head).post(reverse("bureau:robot-edit", args=[robot.pk]), change)
    robot.refresh_from_db()
    assert (robot.name, sealing.unseal(robot.address_secret), sealing.unseal(robot.signing_secret)) == (
        "新群名", ADDRESS, SECRET,
    )  # fmt: skip
    client_of(head).post(reverse("bureau:robot-edit", args=[robot.pk]), {**change, "drops_secret": "on"})
    robot.refresh_from_db()
    assert robot.signing_secret == ""


def test_what_cannot_be_used_is_said_at_its_field() -> None:
    office = make.office()
    wrong = given(office, address="https://evil.example/robot/send?access_token=a", topics=[])
    response = client_of(make.person("planner")).post(reverse("bureau:robot-create"), wrong)
    text = response.content.decode()
    assert response.status_code == 422
    assert "请至少选一项告知内容" in text
    wrong["topics"] = ["plans.round_opened"]
    text = client_of(make.person("planner")).post(reverse("bureau:robot-create"), wrong).content.decode()
    assert "主机是“evil.example”，钉钉群机器人的主机应为 oapi.dingtalk.com" in text
    assert not GroupRobot.objects.exists()


def test_a_head_is_offered_the_own_office_alone() -> None:
    own, other = make.office(name="高新技术处"), make.office(name="农村科技处")
    head = make.person("office_head", own)
    text = client_of(head).get(reverse("bureau:robot-create")).content.decode()
    assert f'<option value="{own.pk}"' in text
    assert f'<option value="{other.pk}"' not in text
    assert client_of(head).post(reverse("bureau:robot-create"), given(other)).status_code == 422
    assert not GroupRobot.objects.exists()


def test_try_switch_and_resend() -> None:
    office = make.office()
    head = make.person("office_head", office)
    robot = entered(head, office)
    client = client_of(head)
    client.post(reverse("bureau:robot-try", args=[robot.pk]))
    trial = RobotDelivery.objects.get()
    RobotDelivery.objects.update(state=DeliveryState.UNSURE, answer="消息已发出，但没有收到完整的答复。")
    text = client.get(reverse("bureau:robot-detail", args=[robot.pk])).content.decode()
    assert "没有送出的消息" in text
    assert "群里可能收到两次" in text
    client.post(reverse("bureau:robot-resend", args=[trial.pk]))
    assert RobotDelivery.objects.get().state == DeliveryState.WAITING
    client.post(reverse("bureau:robot-switch", args=[robot.pk]), {"on": "0"})
    assert RobotDelivery.objects.get().state == DeliveryState.DROPPED
    assert not GroupRobot.objects.get().is_on
    assert client.post(reverse("bureau:robot-try", args=[robot.pk])).status_code == 422


def test_others_do_not_find_it() -> None:
    office = make.office()
    robot = entered(make.person("office_head", office), office)
    assert robot.created_at > AT
    for person in (make.person("clerk", office), make.person("office_head"), make.person("county_clerk")):
        assert client_of(person).get(reverse("bureau:robot-detail", args=[robot.pk])).status_code == 404
    auditor = client_of(make.person("auditor"))
    assert auditor.get(reverse("bureau:robot-detail", args=[robot.pk])).status_code == 200
    assert auditor.post(reverse("bureau:robot-switch", args=[robot.pk]), {"on": "0"}).status_code == 403
