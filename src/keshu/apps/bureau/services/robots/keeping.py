"""Setting up group robots: entered, changed, switched on and off, tried out; what was not sent, sent again.

The planning office for every group, heads and county clerks for those of their own organisation. Address and secret are sealed
and never shown; the trail says that they were changed, not to what.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.models import DeliveryState, GroupRobot, Organisation, RobotDelivery, RobotKind
from keshu.apps.bureau.permissions import can_keep_robot, can_keep_robots, reaches
from keshu.apps.bureau.queries.robots import TRIAL, topics
from keshu.apps.bureau.services import audit, sealing
from keshu.apps.bureau.services.refusals import Unacceptable, refuse_all
from keshu.apps.bureau.services.robots.addresses import place_of
from keshu.kernel.text import sound

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_NAME, LONGEST_SECRET = 60, 200
AGAIN = (DeliveryState.GIVEN_UP, DeliveryState.UNSURE)


@dataclass(frozen=True, slots=True)
class RobotFields:
    """What a person enters. Of a robot that there is, an empty address or secret leaves the present one."""

    name: str
    kind: str
    organisation_id: int
    hears_id: int
    topics: tuple[str, ...]
    address: str = ""
    secret: str = ""
    drops_secret: bool = False


def enter_robot(fields: RobotFields, *, by: User, at: datetime) -> GroupRobot:
    """A new robot, switched on. Planning office, or head or county clerk for their own organisation (Refused)."""
    with transaction.atomic():
        values = _checked(fields, None, by=by, at=at)
        robot = GroupRobot(**values, created_by=by, created_at=at, next_send_at=at)
        return audit.Recorder(by=by, at=at).create(robot, organisation=robot.organisation_id)


def change_robot(robot: GroupRobot, fields: RobotFields, *, by: User, at: datetime) -> GroupRobot:
    """Who may enter it may change it, before and after. Messages that wait were written for the group as it was: not sent."""
    with transaction.atomic():
        robot = _held(robot)
        can_keep_robot(by, robot)
        values = _checked(fields, robot, by=by, at=at)
        organisation = values.pop("organisation")
        values["organisation_id"] = organisation.pk
        audit.Recorder(by=by, at=at).update(robot, organisation=organisation, **values)
        _drop_waiting(robot, "机器人的设置改过，不再发送。")
    return robot


def switch_robot(robot: GroupRobot, *, is_on: bool, by: User, at: datetime) -> GroupRobot:
    """Who may enter it. Switched off, it hears nothing, and what waits is not sent."""
    with transaction.atomic():
        robot = _held(robot)
        can_keep_robot(by, robot)
        audit.Recorder(by=by, at=at).update(robot, organisation=robot.organisation_id, is_on=is_on)
        if not is_on:
            _drop_waiting(robot, "机器人已停用，不再发送。")
    return robot


def try_robot(robot: GroupRobot, *, by: User, at: datetime) -> RobotDelivery:
    """Queue a trial message, whatever the hour. Who may enter it; Unacceptable while it is switched off."""
    with transaction.atomic():
        robot = _held(robot)
        can_keep_robot(by, robot)
        if not robot.is_on:
            raise Unacceptable("机器人已停用。请先启用，再发送测试消息。")
        trial = RobotDelivery(
            robot=robot, topic=TRIAL, key=uuid.uuid4().hex, title=f"测试消息：“{robot}”设置成功", text="",
            link="/", created_at=at, next_try_at=at,
        )  # fmt: skip
        return audit.Recorder(by=by, at=at).create(trial, organisation=robot.organisation_id)


def resend(delivery: RobotDelivery, *, by: User, at: datetime) -> RobotDelivery:
    """Try a message again that was given up, or of which nobody knows; it may come twice then. Who may enter the robot."""
    with transaction.atomic():
        robot = _held(delivery.robot)
        can_keep_robot(by, robot)
        delivery = RobotDelivery.objects.select_for_update().get(pk=delivery.pk)
        if delivery.state not in AGAIN:
            raise Unacceptable(f"这条消息{delivery.get_state_display()}，不用重新发送。")
        if not robot.is_on:
            raise Unacceptable("机器人已停用。请先启用，再重新发送。")
        log = audit.Recorder(by=by, at=at, why="重新发送")
        log.update(
            delivery, organisation=robot.organisation_id, state=DeliveryState.WAITING, tries=0, claim="", next_try_at=at
        )
    return delivery


def _held(robot: GroupRobot) -> GroupRobot:
    rows = GroupRobot.objects.select_for_update(of=("self",)).select_related("organisation", "hears")
    return rows.get(pk=robot.pk)


def _drop_waiting(robot: GroupRobot, words: str) -> None:
    robot.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED, answer=words)


def _checked(fields: RobotFields, robot: GroupRobot | None, *, by: User, at: datetime) -> dict[str, Any]:
    """The columns to save (Refused, or all that cannot be used at once)."""
    organisation, hears = _organisation(fields.organisation_id, by), _organisation(fields.hears_id, by)
    can_keep_robots(by, organisation=organisation, hears=hears)
    faults: list[Unacceptable] = []
    if not reaches(organisation, hears):
        words = f"“{organisation}”的群只能收到本单位和下属单位的消息，不能收到“{hears}”的。"
        faults.append(Unacceptable(words, field="hears"))
    name = " ".join(sound(fields.name).split())
    faults += _name_faults(name, organisation, robot)
    chosen = [topic.key for topic in topics() if topic.key in fields.topics]
    if not chosen:
        faults.append(Unacceptable("请至少选一项告知内容。", field="topics"))
    if fields.kind != RobotKind.PLAIN and (
        apart := [each for each in topics() if each.for_programs and each.key in chosen]
    ):
        words = f"“{apart[0].label}”供程序接收，只能选给“{RobotKind.PLAIN.label}”。"
        faults.append(Unacceptable(words, field="topics"))
    address, secret = sound(fields.address).strip(), sound(fields.secret).strip()
    values: dict[str, Any] = {}
    try:
        values = _sealed(fields.kind, address, secret, robot, drops_secret=fields.drops_secret)
    except Unacceptable as fault:
        faults.append(fault)
    refuse_all(faults)
    return {
        "organisation": organisation, "hears": hears, "name": name, "kind": fields.kind, "topics": chosen,
        **({} if robot is None else {"last_error": ""}), **values,
    }  # fmt: skip


def _organisation(organisation_id: int, by: User) -> Organisation:
    found = Organisation.objects.visible_to(by).filter(pk=organisation_id).first()
    if found is None:
        raise Unacceptable("请选择单位。", field="organisation")
    return found


def _name_faults(name: str, organisation: Organisation, robot: GroupRobot | None) -> list[Unacceptable]:
    if not name:
        return [Unacceptable("请填写名称，例如：高新处工作群。", field="name")]
    if len(name) > LONGEST_NAME:
        return [Unacceptable(f"名称共 {len(name)} 个字，最多 {LONGEST_NAME} 个字。", field="name")]
    same = GroupRobot.objects.filter(organisation=organisation, name=name)
    if (same if robot is None else same.exclude(pk=robot.pk)).exists():
        return [Unacceptable(f"{organisation}已有名为“{name}”的群机器人，请换一个名称。", field="name")]
    return []


def _sealed(kind: str, address: str, secret: str, robot: GroupRobot | None, *, drops_secret: bool) -> dict[str, Any]:
    """Host, sealed address and sealed secret, those that change."""
    if kind not in RobotKind.values:
        raise Unacceptable("请选择类型。", field="kind")
    if not address and (robot is None or robot.kind != kind):
        raise Unacceptable("请填写地址，从群机器人的设置里整段复制。", field="address")
    if len(secret) > LONGEST_SECRET:
        raise Unacceptable(f"密钥共 {len(secret)} 个字符，最多 {LONGEST_SECRET} 个。", field="secret")
    keeps_secret = bool(robot is not None and robot.signing_secret and not drops_secret)
    if kind == RobotKind.PLAIN and not (secret or keeps_secret):
        raise Unacceptable("这一类必须填写密钥，接收方用它核对签名。", field="secret")
    found: dict[str, Any] = {}
    if address:
        found = {"host": place_of(address, kind=kind).host, "address_secret": sealing.seal(address)}
    if secret or drops_secret:
        found["signing_secret"] = sealing.seal(secret) if secret else ""
    return found
