"""From an event to messages of groups: which robots hear of it, which lines of it each may have, and each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.models import RobotDelivery, RobotKind
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.queries.robots import listening, may_hear

if TYPE_CHECKING:
    from keshu.apps.bureau.models import GroupRobot

# Groups are left alone at night: from this hour to that of KESHU_DIGEST_HOUR. In the morning a little after the full hour,
# when the makers turn messages away.
EVENING, MORNING_MINUTE = 20, 7
# So many lines of one message are told, the rest is counted; so many bytes of one are sent at all.
LISTED, TEXT_BYTES = 12, 1500


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one organisation. A group hears it when the organisation is within what it hears."""

    organisation_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event. ``key`` names it within its topic; ``link`` is an address within the site; no names of people in it."""

    topic: str
    key: str
    title: str
    lines: Sequence[Line]
    link: str
    subject_id: int

    def __post_init__(self) -> None:
        if not self.link.startswith("/") or self.link.startswith("//"):
            raise ValueError(f"a message leads within the site, not to {self.link!r}")


def announce(announcement: Announcement, *, at: datetime) -> int:
    """Queue it for every group that may hear a line of it, in the caller's transaction; for how many.

    A group that heard of the event before (same topic and key) is left alone. Two queries where nobody listens or less.
    """
    robots = listening(announcement.topic, on=timezone.localtime(at).date())
    if not robots:
        return 0
    paths = _paths({line.organisation_id for line in announcement.lines})
    rows = []
    for robot in robots:
        heard = [line for line in announcement.lines if paths[line.organisation_id].startswith(robot.hears.path)]
        if heard and may_hear(robot, topic=announcement.topic, subject_id=announcement.subject_id):
            rows.append(_delivery(robot, announcement, heard, at=at))
    with transaction.atomic():
        told = set(
            RobotDelivery.objects.filter(topic=announcement.topic, key=announcement.key).values_list(
                "robot_id", flat=True
            )
        )
        new = [row for row in rows if row.robot_id not in told]
        # Two who tell of the same event in the same moment: the second adds nothing.
        RobotDelivery.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def daytime(at: datetime) -> datetime:
    """The moment itself by day; in the evening and at night the next morning's."""
    local = timezone.localtime(at)
    morning = local.replace(hour=settings.DIGEST_HOUR, minute=MORNING_MINUTE, second=0, microsecond=0)
    if local < morning:
        return morning
    return morning + timedelta(days=1) if local.hour >= max(EVENING, settings.DIGEST_HOUR + 1) else at


def sound_line(text: str) -> str:
    """One line in which no maker reads a mention: 飞书 and 企业微信 take <at user_id="all"> and <@all> for one."""
    return " ".join(text.split()).replace("<", "＜").replace(">", "＞")


def _paths(organisation_ids: set[int]) -> dict[int, str]:
    return {pk: ref.path for pk, ref in refs_of(organisation_ids).items()}


def _delivery(robot: GroupRobot, told: Announcement, heard: Sequence[Line], *, at: datetime) -> RobotDelivery:
    lines = [sound_line(line.text) for line in heard[:LISTED]]
    rest = [f"另有 {len(heard) - LISTED} 项，请登录查看。"] if len(heard) > LISTED else []
    return RobotDelivery(
        robot=robot,
        topic=told.topic,
        key=told.key,
        title=sound_line(told.title)[:200],
        text=_within("\n".join([*lines, *rest]), TEXT_BYTES - 3 * 200),
        link=told.link,
        subject_id=told.subject_id,
        created_at=at,
        next_try_at=at if robot.kind == RobotKind.PLAIN else daytime(at),  # programs do not sleep
    )


def _within(text: str, size: int) -> str:
    """The text in at most so many bytes, cut between characters."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore") + "…"
