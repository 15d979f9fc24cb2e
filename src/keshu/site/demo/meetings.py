"""Meetings of the demo city: one held, with decisions carried out, and one that is being prepared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.plans.services import meetings
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

PLACE, HOST = "局三楼会议室", "周启明"
ATTENDEES = "局领导，机关各处室、局属各单位主要负责人"
HELD_AGO, EARLIER = 30, 31
TOPICS = (
    (
        "asked",
        "中试基地用地保障",
        "云澜高新区中试基地用地预审尚未完成，需要协调自然资源部门加快规划调整论证。",
        "成果处",
    ),
    ("other", "年度高新技术企业申报工作安排", "申报窗口临近，拟组织三批次集中辅导。", "高新处"),
    ("other", "科技创新券兑付流程优化", "企业反映兑付周期偏长，拟压减审核环节。", "成果处"),
)
# What was decided on which topic, by whom and how many days after the meeting, and what became of it.
DECISIONS = (
    ("成果处会同云澜高新区每周调度中试基地用地进展，取得用地预审意见。", "成果处", 40, 0, "notice"),
    ("高新处组织三批次申报集中辅导，覆盖拟申报企业不少于150家。", "高新处", 50, 1, "task"),
    ("平台处梳理省级创新平台申报条件，形成培育名单报局领导。", "平台处", 45, 1, ""),
)


def meeting_moment(plan: WorkPlan, *, now: datetime) -> datetime:
    """When the first meeting is held: a month ago, not before the plan was out."""
    return min(now, max(plan.released_at or now, _moment(now - timedelta(days=HELD_AGO))))


def hold_meeting(
    plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], at: datetime
) -> None:
    """Through the services, at the moment to which the city has lived: the agenda knows nothing of later."""
    by, day = staff["planner"], timezone.localtime(at).date()
    fields = MeetingFields(_title(day), day, day - timedelta(days=EARLIER), PLACE, HOST, ATTENDEES)
    meeting = meetings.call_meeting(plan, fields, by=by, at=at, is_demo=True)
    items = [
        meetings.add_item(meeting, section=section, title=title, text=text, organisation=bodies[who], by=by, at=at)
        for section, title, text, who in TOPICS
    ]
    meeting = meetings.move_meeting(meeting, MeetingMove.HOLD, by=by, at=at)
    makers = {"task": meetings.make_task, "notice": meetings.make_notice}
    for text, who, days, topic, becomes in DECISIONS:
        due_on = day + timedelta(days=days)
        decision = meetings.record_decision(
            meeting, text=text, owner=bodies[who], due_on=due_on, item=items[topic], by=by, at=at
        )
        if becomes:
            makers[becomes](decision, by=by, at=at)


def prepare_meeting(plan: WorkPlan, *, staff: Mapping[str, User], before: datetime, now: datetime) -> None:
    """The one of today, unless the first was today's."""
    today, day = timezone.localtime(now).date(), timezone.localtime(before).date()
    if today > day:
        coming = MeetingFields(_title(today), today, day, PLACE, HOST, ATTENDEES)
        meetings.call_meeting(plan, coming, by=staff["planner"], at=now, is_demo=True)


def _title(day: date) -> str:
    return f"{day.year}年{day.month}月局办公会"


def _moment(at: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localtime(at).date(), time(10, 0)))
