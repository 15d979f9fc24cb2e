"""Who is told what of a bulletin: who signs it off, who wrote it, and once it is out everybody whose work it speaks of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.permissions import COUNTY_KINDS
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.bureau.services.robots import Announcement, Line, Topic, announce
from keshu.apps.bureau.services.robots import register as register_topic
from keshu.apps.plans.services.fact_rows import OfficeFact, facts_from
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def _signs_off(user: User) -> bool:
    return bool(user.scope.roles.intersection(("leader", "county_clerk")))


def _writes(user: User) -> bool:
    return bool(user.scope.roles.intersection(("planner", "leader", "county_clerk")))


def _in_government(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


def _released(user: User) -> QuerySet[Bulletin]:
    return Bulletin.objects.visible_to(user).filter(state=BulletinState.RELEASED)


def _out(user: User) -> QuerySet[Bulletin]:
    return Bulletin.objects.visible_to(user).filter(state__in=[BulletinState.RELEASED, BulletinState.WITHDRAWN])


SUBMITTED = register(
    NoticeKind(
        "briefings.bulletin_submitted", "通报待签发", "通报已送签，等待签发或者退回。",
        Ways(mail=True), sight=rows_seen(Bulletin), for_whom=_signs_off,
    )
)  # fmt: skip
RETURNED = register(
    NoticeKind(
        "briefings.bulletin_returned", "通报被退回", "本人编写的通报被退回修改，写明理由。",
        Ways(mail=True), sight=rows_seen(Bulletin), for_whom=_writes,
    )
)  # fmt: skip
RELEASED = register(
    NoticeKind(
        "briefings.bulletin_released", "通报发布、撤回", "写到本单位的通报已经发布，或者已经撤回。",
        sight=rows_seen(Bulletin), for_whom=_in_government,
    )
)  # fmt: skip
ANNOUNCED = register_topic(
    Topic("briefings.bulletin_released", "通报发布", "新发布的通报，各单位按时率和滞后项数", _released)
)
CHANGED = register_topic(
    Topic(
        "briefings.bulletin_changed", "通报变化", "通报发布、撤回（供程序接收）", _out, for_programs=True, api="/api/v1/bulletins"
    )
)  # fmt: skip


def tell_submitted(bulletin: Bulletin, *, by: User, at: datetime) -> int:
    """Those who may release it. How many people were told."""
    roles = ("county_clerk",) if bulletin.organisation.kind in COUNTY_KINDS else ("leader",)
    people = {each.id for each in people_of([bulletin.organisation_id], on=local_day(at), roles=roles)}
    return _tell(SUBMITTED, bulletin, people - {by.pk}, f"待签发：{bulletin.title}", f"{by.name}送签，请审阅。", at=at)


def tell_returned(bulletin: Bulletin, *, why: str, by: User, at: datetime) -> int:
    """Whoever composed it and whoever sent it to be signed."""
    people = {bulletin.composed_by_id, bulletin.submitted_by_id} - {None, by.pk}
    return _tell(RETURNED, bulletin, people, f"退回修改：{bulletin.title}", f"理由：{why}", at=at)


def tell_released(bulletin: Bulletin, *, by: User, at: datetime) -> int:
    """The people of every organisation it speaks of and those who wrote it; groups and programs. How many people."""
    title = f"{bulletin.title}（〔{bulletin.year}〕{bulletin.number}号）已发布"
    link = reverse("briefings:bulletin-detail", args=[bulletin.pk])
    offices = facts_from(bulletin.facts).offices
    there = refs_of([bulletin.organisation_id, *(each.id for each in offices)])
    lines = [Line(bulletin.organisation_id, f"{bulletin.facts['issuer']}发布，各单位情况见通报。")]
    lines += [Line(each.id, _standing(each)) for each in offices if each.id in there]
    announce(Announcement(ANNOUNCED.key, str(bulletin.pk), title, lines, link, bulletin.pk), at=at)
    _tell_programs(bulletin, title, at=at)
    return _tell(RELEASED, bulletin, _concerned(bulletin, by=by, at=at), title, "正文和各单位情况请点开查看。", at=at)


def tell_withdrawn(bulletin: Bulletin, *, why: str, by: User, at: datetime) -> int:
    """The same people, that it no longer holds."""
    title = f"{bulletin.title}（〔{bulletin.year}〕{bulletin.number}号）已撤回"
    _tell_programs(bulletin, title, at=at)
    return _tell(RELEASED, bulletin, _concerned(bulletin, by=by, at=at), title, f"理由：{why}", at=at)


def _concerned(bulletin: Bulletin, *, by: User, at: datetime) -> set[int | None]:
    ids = [each["id"] for each in bulletin.facts["offices"]]
    people: set[int | None] = {each.id for each in people_of(ids, on=local_day(at))}
    return (people | {bulletin.composed_by_id, bulletin.submitted_by_id}) - {by.pk, None}


def _standing(office: OfficeFact) -> str:
    asked = f"应报{office.asked}项，按时{office.on_time}项" if office.asked else "本期没有应报项"
    behind = f"；牵头的目标任务滞后{office.behind}项" if office.behind else ""
    return f"{office.name}：{asked}{behind}。"


def _tell_programs(bulletin: Bulletin, title: str, *, at: datetime) -> int:
    link = reverse("briefings:bulletin-detail", args=[bulletin.pk])
    key = f"{bulletin.pk}:{bulletin.state}:{at.isoformat()}"
    lines = [Line(bulletin.organisation_id, title)]
    return announce(Announcement(CHANGED.key, key, title, lines, link, bulletin.pk), at=at)


def _tell(
    kind: NoticeKind, bulletin: Bulletin, people: Collection[int | None], title: str, text: str, *, at: datetime
) -> int:
    told = [pk for pk in people if pk is not None]
    link = reverse("briefings:bulletin-detail", args=[bulletin.pk])
    key = f"{bulletin.pk}-{bulletin.version}"
    message = Message(kind.key, told, title, text, link, key, bulletin.organisation_id, bulletin.pk)
    return tell([message], at=at)
