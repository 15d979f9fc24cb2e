"""What a group can hear of (each app registers its topics), who listens, and the ledgers of robots and of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from keshu.apps.bureau.models import (
    GOVERNMENT_KINDS,
    DeliveryState,
    GroupRobot,
    OrganisationKind,
    RobotKind,
    Role,
    Scope,
    User,
)
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import Organisation

# The topic of a trial message, which every group hears.
TRIAL = "bureau.trial"
# Groups of these are the bureau's own: they hear of everybody beneath, as the planning office does.
WIDE_KINDS = (OrganisationKind.CITY, OrganisationKind.BUREAU)


@dataclass(frozen=True, slots=True)
class Topic:
    """``key`` is app and noun; ``sight`` gives the rows that a listener may hear of by it now, and never a draft.

    ``for_programs``: changes of rows, which the plain kind alone hears; ``api`` is the address of a row over the API.
    """

    key: str
    label: str
    says: str
    sight: Callable[[User], QuerySet[Any]]
    for_programs: bool = False
    api: str = ""


_topics: dict[str, Topic] = {}


def register(topic: Topic) -> Topic:
    """Enter a topic; ValueError when another has its key."""
    if _topics.setdefault(topic.key, topic) is not topic:
        raise ValueError(f"topic {topic.key!r} is declared twice")
    return topic


def topics() -> tuple[Topic, ...]:
    return tuple(_topics.values())


def row_address(topic: str, subject_id: int | None) -> str | None:
    """Where a program reads the row that was told of; None where the API has none."""
    known = _topics.get(topic)
    return f"{known.api}/{subject_id}" if known is not None and known.api and subject_id is not None else None


def topic_label(key: str) -> str:
    return "测试消息" if key == TRIAL else _topics[key].label if key in _topics else key


def listener(hears: Organisation) -> User:
    """Somebody who sees what a group of that organisation may hear, and is nobody: no row is theirs by name."""
    role = Role.PLANNER if hears.kind in WIDE_KINDS else Role.CLERK
    nobody = User(pk=0)
    nobody.__dict__["scope"] = Scope(
        roles=frozenset({str(role)}),
        organisation_ids=frozenset({hears.pk}),
        paths=(hears.path,),
        is_government=hears.kind in GOVERNMENT_KINDS,
    )
    nobody.__dict__["former_organisation_ids"] = frozenset()
    return nobody


def may_hear(robot: GroupRobot, *, topic: str, subject_id: int | None) -> bool:
    """Whether the group may be told of that subject, as the robot and the subject are now."""
    if topic == TRIAL:
        return True
    known = _topics.get(topic)
    if known is None or topic not in robot.topics or subject_id is None:
        return False
    return known.sight(listener(robot.hears)).filter(pk=subject_id).exists()


def listening(topic: str, *, on: date) -> list[GroupRobot]:
    """The robots that are switched on and hear the topic, of organisations that there still are."""
    there = Q(hears__closed_on__isnull=True) | Q(hears__closed_on__gt=on)
    rows = GroupRobot.objects.filter(there, is_on=True).select_related("hears", "organisation").order_by("pk")
    known = _topics.get(topic)
    if known is not None and known.for_programs:
        rows = rows.filter(kind=RobotKind.PLAIN)
    return [row for row in rows if topic in row.topics]


ON_MARKS = {True: Mark("启用", Tone.DONE), False: Mark("停用")}
DELIVERY_MARKS = {
    DeliveryState.WAITING.value: Mark("待发送", Tone.ON_TRACK),
    DeliveryState.SENDING.value: Mark("发送中", Tone.ON_TRACK),
    DeliveryState.SENT.value: Mark("已送出", Tone.DONE),
    DeliveryState.GIVEN_UP.value: Mark("未送出", Tone.LATE),
    DeliveryState.UNSURE.value: Mark("不确定", Tone.AT_RISK),
    DeliveryState.DROPPED.value: Mark("不再发送"),
}

ROBOTS = Ledger(
    key="bureau.robots",
    noun="群机器人",
    columns=(
        Column("name", "名称", sort="name", width=180, wrap=True),
        Column("organisation", "所属单位", sort="organisation__name", width=140),
        Column("kind", "类型", value=lambda row: row.get_kind_display(), sort="kind", width=120),
        Column("hears", "告知范围", sort="hears__name", width=140),
        Column(
            "topics",
            "告知内容",
            value=lambda row: "、".join(topic_label(key) for key in row.topics),
            width=240,
            wrap=True,
        ),
        Column("is_on", "状态", ColumnKind.STATE, marks=ON_MARKS, sort="is_on", width=90),
        Column("last_sent_at", "上次送出", ColumnKind.DATE, sort="last_sent_at", width=150),
        Column("last_error", "最近的错误", width=260, wrap=True),
    ),
    filters=(
        Filter("kind", "类型", FilterKind.MULTI, choices=RobotKind.choices, field="kind"),
        Filter("on", "启用", FilterKind.BOOL, field="is_on"),
    ),
    search=("name", "organisation__name", "organisation__short_name"),
    search_hint="名称或单位",
    figures=(
        Figure("启用", where=Q(is_on=True), query={"on": "1"}, unit="个"),
        Figure("最近有错误", where=~Q(last_error=""), unit="个", tone=Tone.LATE),
    ),
    page=lambda row: reverse("bureau:robot-detail", args=[row.pk]),
)


DELIVERIES = Ledger(
    key="bureau.robot_deliveries",
    noun="群消息",
    columns=(
        Column("title", "消息", sort="title", width=300, wrap=True),
        Column("topic", "类别", value=lambda row: topic_label(row.topic), sort="topic", width=120),
        Column("state", "状态", ColumnKind.STATE, marks=DELIVERY_MARKS, sort="state", width=100),
        Column("tries", "发送次数", ColumnKind.NUMBER, sort="tries", width=90),
        Column("answer", "对方答复", width=260, wrap=True),
        Column("created_at", "生成时间", ColumnKind.DATE, sort="created_at", width=150),
        Column("next_try_at", "下次发送", ColumnKind.DATE, value=lambda row: _next_try(row), width=150),
        Column("sent_at", "送出时间", ColumnKind.DATE, sort="sent_at", width=150),
    ),
    filters=(
        Filter("state", "状态", FilterKind.MULTI, choices=DeliveryState.choices, field="state"),
        Filter("created", "生成日期", FilterKind.DATE_RANGE, field="created_at__date"),
    ),
    search=("title", "text"),
    search_hint="消息",
    order="-created_at",
    figures=(
        Figure("全部", unit="条"),
        Figure("待发送", where=Q(state=DeliveryState.WAITING), query={"state": DeliveryState.WAITING}, unit="条"),
        Figure(
            "未送出", where=Q(state=DeliveryState.GIVEN_UP), query={"state": DeliveryState.GIVEN_UP}, unit="条",
            tone=Tone.LATE,
        ),
        Figure(
            "不确定", where=Q(state=DeliveryState.UNSURE), query={"state": DeliveryState.UNSURE}, unit="条",
            tone=Tone.AT_RISK,
        ),
    ),
)  # fmt: skip


def _next_try(row: Any) -> Any:
    return row.next_try_at if row.state == DeliveryState.WAITING else None
