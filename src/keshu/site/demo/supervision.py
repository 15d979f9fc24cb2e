"""Supervision notices of the demo year: one closed, one sent back, one waiting for a verdict, one late, one unsigned, a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.plans.queries.supervision.matters import Matter, Share, by_lead, matter_of_target
from keshu.apps.plans.queries.target_ledgers import target_rows
from keshu.apps.plans.services import supervision

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

DEMAND = "对照年度目标逐项查找差距、分析原因，明确补差措施和责任人。\n在办理时限前报送书面情况和佐证材料。"


@dataclass(frozen=True, slots=True)
class Story:
    """A notice issued so many working days ago, due so many after its issue, and how far it has come."""

    office: str
    answering: str
    ago: int
    given: int
    course: tuple[str, ...]


# The oldest first: numbers are given in this order.
STORIES = (
    Story("高新处", "head", 45, 10, ("sign_for", "reply", "accept", "close")),
    Story("青岭县", "county", 30, 15, ("sign_for", "reply", "return", "extend")),
    Story("成果处", "head.chengguo", 14, 10, ("sign_for",)),
    Story("平台处", "head.pingtai", 9, 12, ("sign_for", "reply")),
    Story("云澜高新区", "park", 1, 10, ()),
)
REPLIES = (
    "已逐项对账。上半年受理申报材料较上年同期增加，差距主要在两个县区，已派专人上门辅导，下月补齐。",
    "已组织有关单位会商，补充了名单和计划安排，进度见附件。",
)


def load_notices(
    plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime
) -> None:
    """Each story at the moments it tells of, and a draft; everything marked as demonstration data."""
    rows = list(target_rows(staff["planner"], plan=plan).order_by("position", "pk"))
    shares, _ = by_lead([matter_of_target(row) for row in rows])
    led = {share.office.short_name: share for share in shares}
    for story in STORIES:
        _play(story, led, bodies, staff, now)
    draft = _fields("法规处", led, bodies, now, given=10)
    supervision.write_notice(draft, is_demo=True, by=staff["planner"], at=now)
    supervision.escalate_notices(at=now)


def _play(
    story: Story, led: Mapping[str, Share], bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime
) -> None:
    """Written by the planner, issued by the leader, answered by the office's own person."""
    planner, leader, answering = staff["planner"], staff["leader"], staff[story.answering]
    begun = _worked(now, -story.ago)
    fields = _fields(story.office, led, bodies, begun, given=story.given)
    notice = supervision.write_notice(fields, is_demo=True, by=planner, at=begun)
    supervision.issue_notice(notice, by=leader, at=begun)
    day = 0
    for step in story.course:
        day += 2
        at = min(_worked(begun, day), now)
        if step == "sign_for":
            supervision.sign_for(notice, by=answering, at=at)
        elif step == "reply":
            text = REPLIES[story.ago % len(REPLIES)]
            file = ContentFile(text.encode(), name="进展情况.txt")
            supervision.reply(notice, text=text, files=[file], by=answering, at=at)
        elif step == "return":
            supervision.return_reply(notice, why="没有分月计划，完成数与台账不一致，请核对后重报。", by=planner, at=at)
        elif step == "extend":
            due_on = work_calendar().after(timezone.localdate(now), 5)
            supervision.extend_notice(notice, due_on=due_on, why="须与统计部门核对数据。", by=leader, at=at)
        elif step == "accept":
            supervision.accept_reply(notice, words="措施具体，同意。", by=planner, at=at)
        else:
            supervision.close_notice(notice, by=planner, at=at)


def _fields(
    office: str, led: Mapping[str, Share], bodies: Mapping[str, Organisation], at: datetime, *, given: int
) -> supervision.NoticeFields:
    """About the first targets that the office leads, else about its part in the year's work."""
    matters: Sequence[Matter] = led[office].matters[:2] if office in led else ()
    title = Share(led[office].office, tuple(matters)).title if matters else "关于本年度科技工作要点任务落实情况的督办"
    due_on = work_calendar().after(timezone.localdate(at), given)
    return supervision.NoticeFields(title, DEMAND, bodies[office].pk, due_on, tuple(matters))


def _worked(moment: datetime, days: int) -> datetime:
    """Half past nine, so many working days away."""
    day = work_calendar().after(timezone.localdate(moment), days)
    return timezone.make_aware(datetime.combine(day, time(9, 30))) + timedelta(minutes=days % 7)
