"""Messages go to their groups: taken before they are sent, joined where several wait, tried again when they are refused.

A message is sent at most once without anybody asking for more: where nobody can know whether the group has it (no whole answer,
a process killed while it sent) it is left as 不确定, and whoever looks after the robot is told and may send it again.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.models import ROBOT_ROLES, DeliveryState, GroupRobot, Membership, RobotDelivery, Role
from keshu.apps.bureau.queries.notices import NoticeKind
from keshu.apps.bureau.queries.notices import register as register_notice
from keshu.apps.bureau.queries.robots import may_hear, row_address
from keshu.apps.bureau.services import sealing
from keshu.apps.bureau.services.notices.telling import notify
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.bureau.services.robots import wire
from keshu.apps.bureau.services.robots.addresses import Unreachable, place_of
from keshu.apps.bureau.services.robots.makers import MAKERS, Maker, Outcome, Verdict

logger = logging.getLogger("keshu.robots")

# How long after a refusal the next try comes; after the last one the message is given up.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# A maker that says "not so fast" is left alone for so long; 钉钉 turns everything away for ten minutes.
REST = timedelta(minutes=10)
# A message taken so long ago has lost the process that was sending it.
LOST = timedelta(minutes=5)
# The worker's other work is not held up for longer (seconds), whatever the groups' servers do.
AT_MOST = 30.0
JOINED = 10
SIGNATURE = "【科枢】"

ROBOT_FAILED = register_notice(
    NoticeKind(
        "bureau.robot_failed",
        "群消息未送出",
        "群机器人的消息多次没有送出，或不能确定是否送达时，告知设置人和本单位负责人；每个机器人每天一次。",
        sight=lambda user: GroupRobot.objects.visible_to(user),
        for_whom=lambda user: user.scope.has(Role.PLANNER, Role.OFFICE_HEAD, Role.COUNTY_CLERK),
    )
)


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due, to each group one message; how many deliveries went out. Called outside transactions."""
    _leave_lost(at=clock())
    due = RobotDelivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=clock())
    robot_ids = sorted(set(due.filter(robot__next_send_at__lte=clock()).order_by().values_list("robot_id", flat=True)))
    sent, begun = 0, time.monotonic()
    for robot_id in robot_ids:
        if time.monotonic() - begun > AT_MOST:
            break  # the others are tried at the next round
        sent += _send_to(robot_id, clock=clock)
    return sent


def _send_to(robot_id: int, *, clock: Callable[[], datetime]) -> int:
    """One message to the group, of everything that waits for it and fits; how many deliveries it held."""
    at = clock()
    rows = GroupRobot.objects.filter(pk=robot_id, is_on=True)
    robot = rows.select_related("hears", "organisation").filter(next_send_at__lte=at).first()
    if robot is None:
        return 0
    maker = MAKERS[robot.kind]
    # Whoever moves the time on may send; another process finds the robot busy.
    mine = rows.filter(next_send_at=robot.next_send_at).update(next_send_at=at + maker.pause)
    taken, text = _take(robot, maker, at=at) if mine else ([], "")
    if not taken:
        return 0
    verdict = _spoken(robot, maker, taken, text, at=clock())
    _note(robot, taken, verdict, at=clock())
    return len(taken) if verdict.outcome is Outcome.TAKEN else 0


def _take(robot: GroupRobot, maker: Maker, *, at: datetime) -> tuple[list[RobotDelivery], str]:
    """Make those that are due and fit into one message this process's own; those the group may no longer hear are dropped."""
    due = robot.deliveries.filter(state=DeliveryState.WAITING, next_try_at__lte=at).order_by("created_at", "pk")
    chosen: list[int] = []
    parts: list[str] = []
    for row in due[:JOINED]:
        if not may_hear(robot, topic=row.topic, subject_id=row.subject_id):
            robot.deliveries.filter(pk=row.pk, state=DeliveryState.WAITING).update(
                state=DeliveryState.DROPPED, answer="发送时这个群已不能收到这条消息。"
            )
            continue
        part = in_words(row)
        if parts and len("\n\n".join([*parts, part]).encode()) > maker.largest:
            break
        chosen.append(row.pk)
        parts.append(part)
    claim = uuid.uuid4().hex
    robot.deliveries.filter(pk__in=chosen, state=DeliveryState.WAITING).update(
        state=DeliveryState.SENDING, claim=claim, tries=F("tries") + 1, next_try_at=at
    )
    taken = list(robot.deliveries.filter(claim=claim, state=DeliveryState.SENDING).order_by("created_at", "pk"))
    return taken, "\n\n".join(in_words(row) for row in taken)


def in_words(row: RobotDelivery) -> str:
    """The message as the group reads it; the name of the product stands in it, as a keyword where a robot asks for one."""
    way = f"查看：{settings.SITE_URL}{row.link}" if settings.SITE_URL else "请登录科枢查看。"
    return "\n".join(part for part in (f"{SIGNATURE}{row.title}", row.text, way) if part)


def _spoken(robot: GroupRobot, maker: Maker, taken: Sequence[RobotDelivery], text: str, *, at: datetime) -> Verdict:
    """Send it; what became of it in words, without anything of the address or the secret."""
    try:
        place = place_of(sealing.unseal(robot.address_secret), kind=robot.kind)
        secret = sealing.unseal(robot.signing_secret) if robot.signing_secret else ""
        post = maker.write(text, secret, at, *([_events(taken)] if maker.takes_events else []))
        place = replace(place, target=_with_query(place.target, post.query))
        return maker.judge(wire.post(place, body=post.body, headers=post.headers))
    except sealing.Unreadable:
        return Verdict(Outcome.REFUSED, "存放的地址读不出来（系统密钥换过），请重新填写地址和密钥。")
    except Unacceptable as refusal:
        return Verdict(Outcome.REFUSED, refusal.message)
    except Unreachable as error:
        return Verdict(Outcome.REFUSED, str(error))
    except wire.NoAnswer as error:
        return Verdict(Outcome.UNCLEAR, str(error))


def _events(taken: Sequence[RobotDelivery]) -> list[dict[str, Any]]:
    """Each event for a program: which row changed, how and when. What stands in the row it reads over the API, as itself."""
    return [
        {
            "event": row.pk,
            "topic": row.topic,
            "id": row.subject_id,
            "title": row.title,
            "at": row.created_at.isoformat(),
            "row": row_address(row.topic, row.subject_id),
        }
        for row in taken
    ]


def _with_query(target: str, query: str) -> str:
    """The target with a part of a query more, which begins with &."""
    return f"{target}{query}" if "?" in target or not query else f"{target}?{query.removeprefix('&')}"


def _note(robot: GroupRobot, taken: Sequence[RobotDelivery], verdict: Verdict, *, at: datetime) -> None:
    """Write down what became of the message and of the robot; tell of what will not be tried again."""
    is_sent = verdict.outcome is Outcome.TAKEN
    words = verdict.words[:200]
    if not is_sent:
        logger.warning("message of robot %s: %s", robot.pk, verdict.outcome.name)
    state: dict[str, Any] = {"last_sent_at": at, "last_error": ""} if is_sent else {"last_error": words}
    if verdict.outcome is Outcome.TOO_FAST:
        state["next_send_at"] = at + REST
    GroupRobot.objects.filter(pk=robot.pk).update(**state)
    lost = False
    for row in taken:
        mine = RobotDelivery.objects.filter(pk=row.pk, claim=row.claim, state=DeliveryState.SENDING)
        if is_sent:
            mine.update(state=DeliveryState.SENT, sent_at=at, answer=words)
        elif verdict.outcome is Outcome.UNCLEAR:
            lost |= bool(mine.update(state=DeliveryState.UNSURE, answer=words))
        elif row.tries <= len(PAUSES):
            mine.update(state=DeliveryState.WAITING, next_try_at=at + PAUSES[row.tries - 1], answer=words)
        else:
            lost |= bool(mine.update(state=DeliveryState.GIVEN_UP, answer=words))
    if lost:
        _tell_keepers(robot, words, at=at)


def _leave_lost(*, at: datetime) -> None:
    """What a process had taken that is no more: the group may have it or not."""
    lost = RobotDelivery.objects.filter(state=DeliveryState.SENDING, next_try_at__lt=at - LOST)
    for row in list(lost.select_related("robot__organisation").order_by("pk")):
        words = "发送时程序中断，不能确定是否送达。"
        mine = RobotDelivery.objects.filter(pk=row.pk, claim=row.claim, state=DeliveryState.SENDING)
        if mine.update(state=DeliveryState.UNSURE, answer=words):
            _tell_keepers(row.robot, words, at=at)


def _tell_keepers(robot: GroupRobot, words: str, *, at: datetime) -> None:
    """Whoever set it up and, of its organisation, whoever looks after robots; of the bureau's own the planning office."""
    day = timezone.localtime(at).date()
    notify(
        kind=ROBOT_FAILED.key,
        recipients=keepers_of(robot, on=day),
        title=f"群机器人“{robot}”有消息没有送出",
        text=f"{words}可以在群机器人的页面上查看和重新发送。",
        link=reverse("bureau:robot-detail", args=[robot.pk]),
        subject_id=robot.pk,
        key=f"{robot.pk}:{day.isoformat()}",
        organisation=robot.organisation_id,
        at=at,
    )


def keepers_of(robot: GroupRobot, *, on: date) -> Collection[int]:
    """The people who are told when a message was not sent."""
    seats = Membership.objects.current(on).filter(organisation_id=robot.organisation_id)
    rows = seats.filter(role__in=[*ROBOT_ROLES, Role.PLANNER])
    return {robot.created_by_id, *rows.values_list("user_id", flat=True)}
