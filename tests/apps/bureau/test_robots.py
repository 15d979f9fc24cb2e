"""Group robots: signed as each maker says, sent to nobody twice, tried again as declared, nothing of address or secret shown."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from tests.apps.bureau.robot_server import KEY, SECRET, YES, Maker, cut_off, dripping, huge, late, running, say
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, DeliveryState, GroupRobot, Notice, Organisation, RobotDelivery, User
from keshu.apps.bureau.services import Refused, Unacceptable, robots
from keshu.apps.bureau.services.robots import Announcement, Line, RobotFields, Topic, addresses, makers, sending, wire
from keshu.apps.bureau.services.robots.wire import Answer

TOPIC = robots.register(
    Topic("tests.office", "试验", "试验用。", lambda user: Organisation.objects.visible_to(user).filter(closed_on=None))
)
# The drift of the pauses that docs and guide declare.
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]


@pytest.fixture
def maker(settings: Any) -> Iterator[Maker]:
    with running() as server:
        settings.ROBOT_HOSTS = [server.base]
        settings.SITE_URL = "https://kj.example.gov.cn"
        yield server


@pytest.fixture
def planner(db: None) -> User:
    return make.person("planner")


def robot(maker: Maker, by: User, *, hears: Organisation | None = None, **traits: Any) -> GroupRobot:
    office = hears or make.office()
    given = {"name": "工作群", "kind": "wecom", "address": maker.address, "topics": (TOPIC.key,), **traits}
    fields = RobotFields(organisation_id=given.pop("organisation", office).pk, hears_id=office.pk, **given)
    return robots.enter_robot(fields, by=by, at=AT)


def tell(office: Organisation, *, key: str = "1", at: datetime = AT, title: str = "督办单〔2026〕1号") -> int:
    lines = [Line(office.pk, f"{office} 3 项")]
    return robots.announce(Announcement(TOPIC.key, key, title, lines, "/plans/rounds/", office.pk), at=at)


def send(at: datetime = AT) -> int:
    return robots.send_due(clock=lambda: at)


def states() -> list[str]:
    return list(RobotDelivery.objects.order_by("pk").values_list("state", flat=True))


# --- signatures: values by openssl from the makers' published algorithms


def test_dingtalk_signature() -> None:
    """printf '1577808000000\\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64, url-encoded."""
    sign = makers.dingtalk_sign("this is secret", timestamp="1577808000000")
    assert sign == "ijHEivi6YiCNPZOq4hZstmvZ3sPfbioAiMhP30ae7W0%3D"


def test_feishu_signature() -> None:
    """The empty text under the key 1599360473, line break, demo."""
    assert makers.feishu_sign("demo", timestamp="1599360473") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_plain_signature() -> None:
    """printf '1772674200.{"text":"甲"}' | openssl dgst -sha256 -hmac jia-yi-bing"""
    sign = makers.plain_sign("jia-yi-bing", timestamp="1772674200", body='{"text":"甲"}'.encode())
    assert sign == "49864dd66483a7f59659aa9cbc944e1a692c3478aed698445ffe8f1d6cd8fa2a"


def test_dingtalk_is_asked_with_timestamp_and_sign_in_the_address(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(
        maker, planner, hears=office, kind="dingtalk", secret=SECRET, address=f"{maker.base}/robot/send?access_token=a1"
    )
    tell(office)
    assert send() == 1
    asked = maker.asked[0]
    query = parse_qs(urlsplit(asked.path).query)
    # 2026-03-05 01:30 UTC in milliseconds
    assert query["timestamp"] == ["1772674200000"]
    assert query["access_token"] == ["a1"]
    assert query["sign"] == parse_qs(f"sign={makers.dingtalk_sign(SECRET, timestamp='1772674200000')}")["sign"]
    assert asked.json["msgtype"] == "text"
    assert asked.json["at"] == {"isAtAll": False}


def test_feishu_is_asked_with_timestamp_and_sign_in_the_body(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office, kind="feishu", secret="demo", address=f"{maker.base}/open-apis/bot/v2/hook/b2")
    tell(office, at=datetime(2020, 9, 6, 2, 47, 53, tzinfo=UTC))
    assert robots.send_due(clock=lambda: datetime(2026, 9, 6, tzinfo=UTC)) == 1
    said = maker.asked[0].json
    assert said["timestamp"] == str(int(datetime(2026, 9, 6, tzinfo=UTC).timestamp()))
    assert said["sign"] == makers.feishu_sign("demo", timestamp=said["timestamp"])
    assert said["msg_type"] == "text"
    assert "督办单" in said["content"]["text"]


def test_wecom_is_asked_unsigned_and_reads_names_lines_and_link(maker: Maker, planner: User) -> None:
    office = make.office(name="高新技术处", short_name="高新处")
    robot(maker, planner, hears=office)
    tell(office)
    assert send() == 1
    assert maker.asked[0].path == f"/cgi-bin/webhook/send?key={KEY}"
    assert maker.asked[0].json == {
        "msgtype": "text",
        "text": {"content": "【科枢】督办单〔2026〕1号\n高新处 3 项\n查看：https://kj.example.gov.cn/plans/rounds/"},
    }


def test_a_plain_receiver_can_check_timestamp_and_body(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office, kind="plain", secret=SECRET, address=f"{maker.base}/hook")
    tell(office)
    maker.answering = lambda handler: say(handler, b"", status=204)
    assert send() == 1
    asked = maker.asked[0]
    sign = makers.plain_sign(SECRET, timestamp=asked.headers["X-Keshu-Timestamp"], body=asked.body)
    assert asked.headers["X-Keshu-Signature"] == f"sha256={sign}"
    assert asked.headers["X-Keshu-Timestamp"] == "1772674200"


@pytest.mark.parametrize("text", ['<at user_id="all">所有人</at>', "<@all>"])
def test_nobody_is_called_by_what_somebody_wrote(maker: Maker, planner: User, text: str) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office, title=text)
    send()
    assert "<" not in maker.asked[0].text


# --- what the makers answer


@pytest.mark.parametrize(
    ("kind", "status", "body", "outcome"),
    [
        ("wecom", 200, b'{"errcode":0,"errmsg":"ok"}', "TAKEN"),
        ("wecom", 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "REFUSED"),
        ("wecom", 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', "TOO_FAST"),
        ("dingtalk", 200, b'{"errcode":310000,"errmsg":"sign not match"}', "REFUSED"),
        ("dingtalk", 200, b'{"errcode":130101,"errmsg":"send too fast"}', "TOO_FAST"),
        ("feishu", 200, b'{"code":0,"msg":"success","data":{}}', "TAKEN"),
        ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', "TAKEN"),
        ("feishu", 200, b'{"code":19021,"msg":"sign match fail"}', "REFUSED"),
        ("feishu", 400, b'{"code":9499,"msg":"Bad Request"}', "REFUSED"),
        ("feishu", 429, b"", "TOO_FAST"),
        ("wecom", 200, b"<html>login</html>", "UNCLEAR"),
        ("wecom", 200, b'{"errcode":"0"}', "UNCLEAR"),
        ("wecom", 200, b'{"errcode":false}', "UNCLEAR"),
        ("wecom", 200, b"[0]", "UNCLEAR"),
        ("wecom", 200, b"[" * 60000, "UNCLEAR"),
        ("wecom", 500, b'{"errcode":0}', "REFUSED"),
        ("wecom", 504, b"", "UNCLEAR"),
        ("plain", 204, b"", "TAKEN"),
        ("plain", 302, b"", "REFUSED"),
        ("plain", 500, b"", "REFUSED"),
    ],
)
def test_what_an_answer_means(kind: str, status: int, body: bytes, outcome: str) -> None:
    assert makers.MAKERS[kind].judge(Answer(status, body)).outcome.name == outcome


def test_a_message_is_sent_once_and_its_answer_kept(maker: Maker, planner: User) -> None:
    office = make.office()
    row = robot(maker, planner, hears=office)
    assert (tell(office), tell(office), tell(office, key="2")) == (1, 0, 1)
    assert (send(), send(AT + timedelta(hours=1))) == (2, 0)
    assert len(maker.asked) == 1  # the two joined
    assert states() == ["sent", "sent"]
    row.refresh_from_db()
    assert (row.last_sent_at, row.last_error) == (AT, "")


@pytest.mark.parametrize(
    "answering",
    [
        lambda handler: say(handler, b"no", status=500),
        lambda handler: say(handler, b'{"errcode":93000,"errmsg":"invalid webhook url"}'),
        lambda handler: say(handler, b"", status=302, Location="http://127.0.0.1:1/elsewhere"),
    ],
    ids=["500", "errcode", "redirect"],
)
def test_a_refused_message_is_tried_again_as_declared_and_then_told(
    maker: Maker, planner: User, answering: Any
) -> None:
    maker.answering = answering
    office = make.office()
    row = robot(maker, planner, hears=office)
    tell(office)
    at = AT
    for tries, pause in enumerate(PAUSES, start=1):
        send(at)
        assert (states(), len(maker.asked)) == (["waiting"], tries)
        send(at + pause - timedelta(seconds=1))
        assert len(maker.asked) == tries
        assert not Notice.objects.exists()
        at += pause
    send(at)
    assert (states(), len(maker.asked)) == (["given_up"], 5)
    send(at + timedelta(days=1))
    assert len(maker.asked) == 5
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.link) == (planner, "bureau.robot_failed", f"/robots/{row.pk}/")


def test_a_redirect_is_not_followed(maker: Maker, planner: User) -> None:
    with running() as other:
        maker.answering = lambda handler: say(handler, b"", status=307, Location=f"{other.base}/steal?key={KEY}")
        office = make.office()
        robot(maker, planner, hears=office)
        tell(office)
        send()
        assert (len(maker.asked), other.asked) == (1, [])


@pytest.mark.parametrize(
    "answering",
    [late(5), dripping, huge, cut_off, lambda handler: say(handler, b"<html>sign in</html>")],
    ids=["late", "dripping", "huge", "cut off", "no JSON"],
)
def test_where_nobody_knows_whether_it_was_taken_it_is_not_sent_again_but_told(
    maker: Maker, planner: User, answering: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The time allowed is a default of the function; a shorter one makes the test quick.
    monkeypatch.setitem(wire.post.__kwdefaults__, "timeout", 1.0)
    maker.answering = answering
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office)
    send()
    assert states() == ["unsure"]
    for hours in range(1, 6):
        send(AT + timedelta(hours=hours))
    assert len(maker.asked) == 1
    assert Notice.objects.get().kind == "bureau.robot_failed"


def test_a_server_that_is_not_there_is_tried_again(maker: Maker, planner: User, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}"
    settings.ROBOT_HOSTS = [gone]
    office = make.office()
    robot(maker, planner, hears=office, address=f"{gone}/cgi-bin/webhook/send?key={KEY}")
    tell(office)
    send()
    assert states() == ["waiting"]
    assert RobotDelivery.objects.get().answer == "没有连上对方。"


def test_a_maker_that_says_not_so_fast_is_left_alone_for_ten_minutes(maker: Maker, planner: User) -> None:
    maker.answering = lambda handler: say(handler, b'{"errcode":130101,"errmsg":"send too fast"}')
    office = make.office()
    robot(maker, planner, hears=office, kind="dingtalk", address=f"{maker.base}/robot/send?access_token=a")
    tell(office)
    send()
    tell(office, key="2")
    send(AT + timedelta(minutes=9))
    assert len(maker.asked) == 1
    maker.answering = lambda handler: say(handler, YES)
    assert send(AT + timedelta(minutes=10)) == 2


def test_many_messages_are_joined_and_spaced(maker: Maker, planner: User) -> None:
    """30 at once: messages of up to ten, five seconds between two, none beyond what 企业微信 takes (2048 bytes)."""
    office = make.office()
    robot(maker, planner, hears=office)
    for number in range(30):
        tell(office, key=str(number), title=f"第{number}件" + "长" * 150)
    at = AT
    for _ in range(40):
        send(at)
        at += timedelta(seconds=1)
    spoken = [asked.text for asked in maker.asked]
    assert set(states()) == {"sent", "waiting"}
    assert len(spoken) == 8  # in forty seconds, one every five
    assert all(len(text.encode()) <= 2048 for text in spoken)
    while "waiting" in states():
        send(at := at + timedelta(seconds=5))
    heard = "\n".join(asked.text for asked in maker.asked)
    assert [heard.count(f"第{number}件") for number in range(30)] == [1] * 30


# --- sent at most once


def test_what_a_process_had_taken_when_it_was_killed_is_not_sent_again(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office)
    RobotDelivery.objects.update(state=DeliveryState.SENDING, tries=1, claim="dead")
    send(AT + timedelta(minutes=5))
    assert states() == ["sending"]
    send(AT + timedelta(minutes=6))
    assert states() == ["unsure"]
    assert RobotDelivery.objects.get().answer == "发送时程序中断，不能确定是否送达。"
    assert (maker.asked, Notice.objects.count()) == ([], 1)


def test_a_change_undone_is_never_told(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    with transaction.atomic():
        tell(office)
        transaction.set_rollback(True)
    send()
    assert (states(), maker.asked) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a_second_sender_at_the_same_time_sends_nothing_twice(maker: Maker) -> None:
    """While the maker answers the first, another process looks for what is due."""
    planner, office = make.person("planner"), make.office()
    robot(maker, planner, hears=office)
    for number in range(4):
        tell(office, key=str(number))
    seconds: list[int] = []

    def meanwhile(handler: Any) -> None:
        from django.db import connection

        for minutes in (0, 1, 2):
            seconds.append(send(AT + timedelta(minutes=minutes)))
        connection.close()
        say(handler, YES)

    maker.answering = meanwhile
    assert send() == 4
    assert (len(maker.asked), seconds, states()) == (1, [0, 0, 0], ["sent"] * 4)


# --- nothing leaks


def test_address_and_secret_are_nowhere_in_clear(maker: Maker, planner: User, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the tables, the trail, the log, the answers, even where the server says them back."""
    maker.answering = lambda handler: say(handler, f'{{"errcode":1,"errmsg":"{KEY} {SECRET}"}}'.encode())
    office = make.office()
    caplog.set_level(logging.DEBUG)
    row = robot(maker, planner, hears=office, kind="dingtalk", secret=SECRET)
    tell(office)
    send()
    fields = RobotFields(
        "新名", "dingtalk", office.pk, office.pk, (TOPIC.key,), address=f"{maker.address}2", secret=f"{SECRET}2"
    )
    robots.change_robot(row, fields, by=planner, at=AT)
    stored = json.dumps(
        [list(model.objects.values()) for model in (GroupRobot, RobotDelivery, AuditEntry, Notice)], default=str
    )
    for secret in (KEY, SECRET):
        assert secret not in stored + caplog.text + repr(GroupRobot.objects.get())
    assert AuditEntry.objects.filter(subject_type="bureau.grouprobot").count() == 2
    changed = AuditEntry.objects.filter(subject_type="bureau.grouprobot", action="update").get()
    assert changed.after["address_secret"] == changed.after["signing_secret"] == "（不记录）"
    assert changed.after["name"] == "新名"


def test_a_group_hears_only_its_own_lines_and_subjects(maker: Maker, planner: User) -> None:
    gaoxin, guihua = make.office(name="高新处"), make.office(name="规划处")
    robot(maker, planner, hears=gaoxin)
    robot(maker, planner, hears=make.bureau())
    county = make.county(name="青岭县")
    lines = [Line(gaoxin.pk, "高新处 1 项"), Line(guihua.pk, "规划处 2 项"), Line(county.pk, "青岭县 3 项")]
    assert robots.announce(Announcement(TOPIC.key, "1", "逾期", lines, "/", gaoxin.pk), at=AT) == 2
    texts = list(RobotDelivery.objects.order_by("robot_id").values_list("text", flat=True))
    assert texts == ["高新处 1 项", "高新处 1 项\n规划处 2 项"]
    only_foreign = Announcement(TOPIC.key, "2", "逾期", lines[2:], "/", county.pk)
    assert robots.announce(only_foreign, at=AT) == 0


def test_what_has_gone_out_of_sight_is_not_sent(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office)
    Organisation.objects.filter(pk=office.pk).update(closed_on=ON)
    send()
    assert (states(), maker.asked) == (["dropped"], [])


@pytest.mark.parametrize("change", ["switch", "hears"])
def test_what_waits_is_dropped_when_the_robot_is_switched_off_or_changed(
    maker: Maker, planner: User, change: str
) -> None:
    office, other = make.office(), make.office()
    row = robot(maker, planner, hears=office)
    tell(office)
    if change == "switch":
        robots.switch_robot(row, is_on=False, by=planner, at=AT)
    else:
        fields = RobotFields(row.name, row.kind, other.pk, other.pk, (TOPIC.key,))
        robots.change_robot(row, fields, by=planner, at=AT)
    send()
    assert (states(), maker.asked) == (["dropped"], [])
    assert tell(office, key="2") == 0


def test_groups_are_left_alone_at_night(maker: Maker, planner: User) -> None:
    """What happens at 02:00 in the bureau is told at 08:07, what happens at 21:00 the next morning; a trial at once."""
    office = make.office()
    row = robot(maker, planner, hears=office)
    night = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
    tell(office, at=night)
    tell(office, key="2", at=night + timedelta(hours=19))
    due = list(RobotDelivery.objects.order_by("pk").values_list("next_try_at", flat=True))
    assert due == [datetime(2026, 3, 6, 0, 7, tzinfo=UTC), datetime(2026, 3, 7, 0, 7, tzinfo=UTC)]
    robots.try_robot(row, by=planner, at=night)
    assert send(night) == 1


# --- where a robot may live


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
        ("wecom", "https://qyapi.weixin.qq.com/other?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com./cgi-bin/webhook/send?key=a"),
        ("wecom", "https://oapi.dingtalk.com/robot/send?access_token=a"),
        ("wecom", "https://127.0.0.1/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://[::1]/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://2130706433/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a\r\nHost: evil"),
        ("wecom", "https://qyapi.weixin.qq.com\\@evil.example/cgi-bin/webhook/send?key=a"),
        ("wecom", "https://qyapi.weixin.qq.com:99999/cgi-bin/webhook/send?key=a"),
        ("wecom", "file:///etc/passwd"),
        ("plain", "https://im.example.cn/hook"),
    ],
)
def test_other_places_are_refused(kind: str, address: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        addresses.place_of(address, kind=kind)
    assert refusal.value.field == "address"
    assert "key=a" not in refusal.value.message


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecom", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=a1"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/b2"),
    ],
)
def test_the_makers_own_addresses_are_taken(kind: str, address: str) -> None:
    assert addresses.place_of(address, kind=kind).scheme == "https"


def test_named_hosts_are_taken_as_they_are_named(settings: Any) -> None:
    settings.ROBOT_HOSTS = ["im.example.cn", "http://10.0.0.5:8080"]
    assert addresses.place_of("https://im.example.cn/hook", kind="plain").is_named
    assert addresses.place_of("http://10.0.0.5:8080/hook", kind="wecom").is_named
    for address in ("http://im.example.cn/hook", "https://im.example.cn:8443/hook", "http://10.0.0.5/hook"):
        with pytest.raises(Unacceptable):
            addresses.place_of(address, kind="plain")
    settings.ROBOT_HOSTS = ["ftp://im.example.cn"]
    with pytest.raises(ImproperlyConfigured, match="KESHU_ROBOT_HOSTS"):
        addresses.named_hosts()


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_a_name_that_leads_into_the_own_network_is_not_connected_to(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = addresses.place_of(f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", kind="wecom")
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    answers = [(socket.AF_INET, 1, 6, "", ("1.1.1.1", 443)), (family, 1, 6, "", (number, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(addresses.Unreachable, match="内部网络"):
        wire.post(place, body=b"", headers={}, timeout=1)


def test_the_connection_goes_to_the_address_that_was_looked_at(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time is asked once only; what is connected to is a number."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answers(host: str, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "im.example.cn" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    place = addresses.Place("http", "im.example.cn", maker.port, "/hook", True)
    assert wire.post(place, body=b"{}", headers={}).status == 200
    assert asked == ["im.example.cn", "127.0.0.1"]
    assert maker.asked[0].headers["Host"] == f"im.example.cn:{maker.port}"


def test_a_proxy_of_the_environment_is_not_used(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:1")
    place = addresses.Place("http", "127.0.0.1", maker.port, "/hook", True)
    assert wire.post(place, body=b"{}", headers={}).status == 200


# --- who may


def test_heads_and_county_clerks_keep_robots_of_their_own_organisation(maker: Maker, db: None) -> None:
    office, county = make.office(), make.county()
    head, clerk = make.person("office_head", office), make.person("clerk", office)
    county_clerk = make.person("county_clerk", county)
    assert robot(maker, head, hears=office).organisation == office
    assert robot(maker, county_clerk, hears=county).organisation == county
    for person, of, hears in (
        (clerk, office, office), (head, county, county), (head, office, make.bureau()), (county_clerk, county, office),
        (make.person("auditor"), office, office), (make.person("leader"), office, office),
    ):  # fmt: skip
        with pytest.raises(Refused):
            robot(maker, person, organisation=of, hears=hears, name="另一个")


def test_the_bureaus_groups_may_hear_of_the_whole_city_an_offices_of_itself(maker: Maker, planner: User) -> None:
    office = make.office()
    assert robot(maker, planner, organisation=make.bureau(), hears=make.city()).hears == make.city()
    with pytest.raises(Unacceptable) as refusal:
        robot(maker, planner, organisation=office, hears=make.county())
    assert refusal.value.field == "hears"


def test_faults_are_told_together_at_their_fields(maker: Maker, planner: User) -> None:
    with pytest.raises(Unacceptable) as refusal:
        robot(maker, planner, name=" ", topics=(), address="qyapi")
    found = (refusal.value, *refusal.value.others)
    assert [fault.field for fault in found] == ["name", "topics", "address"]
    with pytest.raises(Unacceptable, match="密钥"):
        robot(maker, planner, kind="plain")


def test_a_lost_or_unsure_message_is_sent_again_when_asked(maker: Maker, planner: User) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office)
    row = RobotDelivery.objects.get()
    with pytest.raises(Unacceptable):
        robots.resend(row, by=planner, at=AT)
    RobotDelivery.objects.update(state=DeliveryState.UNSURE, tries=5)
    with pytest.raises(Refused):
        robots.resend(row, by=make.person("clerk", office), at=AT)
    robots.resend(row, by=planner, at=AT)
    assert send() == 1
    assert (states(), RobotDelivery.objects.get().tries) == (["sent"], 1)


def test_a_robot_whose_seal_is_lost_says_so(maker: Maker, planner: User, settings: Any) -> None:
    office = make.office()
    robot(maker, planner, hears=office)
    tell(office)
    settings.SECRET_KEY = "another"
    send()
    assert maker.asked == []
    assert "请重新填写地址" in RobotDelivery.objects.get().answer


def test_the_declared_pauses() -> None:
    assert list(sending.PAUSES) == PAUSES


def test_each_step_of_setting_up_is_in_the_trail(maker: Maker, planner: User) -> None:
    row = robot(maker, planner)
    fields = RobotFields("新名", row.kind, row.organisation_id, row.hears_id, (TOPIC.key,))
    steps = {
        "change": lambda: robots.change_robot(row, fields, by=planner, at=AT),
        "off": lambda: robots.switch_robot(row, is_on=False, by=planner, at=AT),
        "on": lambda: robots.switch_robot(row, is_on=True, by=planner, at=AT),
        "try": lambda: robots.try_robot(row, by=planner, at=AT),
        "lose": lambda: RobotDelivery.objects.update(state=DeliveryState.GIVEN_UP),
        "resend": lambda: robots.resend(RobotDelivery.objects.get(), by=planner, at=AT),
    }
    for name, step in steps.items():
        before = AuditEntry.objects.count()
        step()
        assert AuditEntry.objects.count() - before == (name != "lose"), name
    assert set(AuditEntry.objects.filter(organisation=row.organisation).values_list("by_id", flat=True)) == {planner.pk}
