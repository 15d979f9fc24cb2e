"""What the meeting decided, and what becomes of it: a task of the plan, a supervision notice, or an issue; at most one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import (
    AgendaItem,
    Decision,
    IssueOrigin,
    Meeting,
    MeetingState,
    PlanNode,
    PlanState,
    WorkPlan,
)
from keshu.apps.plans.permissions.meetings import can_prepare_meeting
from keshu.apps.plans.queries.supervision.matters import Matter, matter_of_node, matter_of_target
from keshu.apps.plans.services import issues, supervision
from keshu.apps.plans.services.meetings.adding import PlanPen, one_line
from keshu.apps.plans.services.meetings.calling import held
from keshu.apps.plans.services.meetings.lifecycle import check_not_cancelled
from keshu.apps.plans.services.meetings.telling import tell_decided

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

LONGEST_TEXT, LONGEST_TITLE, LONGEST_REMARK = 2000, 200, 200


@transaction.atomic
def record_decision(
    meeting: Meeting, *, text: str, owner: Organisation | None, due_on: date | None, item: AgendaItem | None = None,
    by: User, at: datetime,
) -> Decision:  # fmt: skip
    """Write a decision down, with who carries it out and until when."""
    row = held(meeting.pk)
    check_not_cancelled(row, by=by)
    if item is not None and item.meeting_id != row.pk:
        raise Unacceptable("所选的议题不在这次会议中。", field="item")
    last = row.decisions.aggregate(last=Max("position"))["last"] or 0
    decision = Decision(
        meeting=row, item=item, text=_text(text), owner=owner, due_on=due_on, position=last + 1
    )  # fmt: skip
    audit.Recorder(by=by, at=at).create(decision, organisation=row.organisation)
    tell_decided(row, [decision], by=by, at=at)
    return decision


@transaction.atomic
def change_decision(
    decision: Decision, *, text: str, owner: Organisation | None, due_on: date | None, by: User, at: datetime
) -> Decision:
    """Put it right while nothing has been made of it."""
    row = _open(decision, by=by)
    values: dict[str, Any] = {"text": _text(text), "owner": owner, "due_on": due_on}
    before = (row.text, row.owner_id, row.due_on)
    audit.Recorder(by=by, at=at).update(row, organisation=row.meeting.organisation_id, **values)
    if before != (row.text, row.owner_id, row.due_on):
        tell_decided(row.meeting, [row], by=by, at=at)
    return row


@transaction.atomic
def remove_decision(decision: Decision, *, by: User, at: datetime) -> None:
    """Take it out while nothing has been made of it; the trail keeps what it said."""
    row = _open(decision, by=by)
    audit.Recorder(by=by, at=at).delete(row, organisation=row.meeting.organisation_id)


@transaction.atomic
def make_task(decision: Decision, *, by: User, at: datetime) -> PlanNode:
    """A task of the plan under “会议议定事项”, led by the owner, so that the next round asks for it. Keepers of the plan."""
    row = _ready(decision, by=by)
    plan = WorkPlan.objects.select_related("organisation").get(pk=row.meeting.plan_id)
    if plan.state != PlanState.PUBLISHED:
        raise Unacceptable(f"《{plan}》{plan.get_state_display()}，不能再增加任务。")
    assert row.owner is not None
    pen = PlanPen(plan, by=by, at=at, remark=_remark(row.meeting))
    task = pen.node(row.text, parent=pen.section(), due_on=row.due_on)
    pen.lead(task, row.owner)
    _link(row, by=by, at=at, task=task)
    return task


@transaction.atomic
def make_issue(decision: Decision, *, by: User, at: datetime) -> Any:
    """An issue on the list, raised by the meeting's organisation, assigned to the owner."""
    row = _ready(decision, by=by)
    issue = issues.raise_issue(
        title=one_line(row.text, LONGEST_TITLE), detail=row.text if len(row.text) > LONGEST_TITLE else "",
        origin=IssueOrigin.MEETING, origin_text=_remark(row.meeting), raised_for=row.meeting.organisation,
        owner=row.owner, measure=row.text, due_on=row.due_on, by=by, at=at, is_demo=row.meeting.is_demo,
        target=row.item.target if row.item else None, node=row.item.node if row.item else None,
    )  # fmt: skip
    _link(row, by=by, at=at, issue=issue)
    return issue


@transaction.atomic
def make_notice(decision: Decision, *, by: User, at: datetime) -> Any:
    """The draft of a supervision notice to the owner; the planning office issues it."""
    row = _ready(decision, by=by)
    assert row.owner is not None
    assert row.due_on is not None
    fields = supervision.NoticeFields(
        title=one_line(row.text, LONGEST_TITLE), demand=f"{_remark(row.meeting)}：{row.text}",
        addressee_id=row.owner.pk, due_on=row.due_on, matters=_matters(row),
    )  # fmt: skip
    issue_id = None if row.item is None else row.item.issue_id
    notice = supervision.write_notice(fields, issue_id=issue_id, is_demo=row.meeting.is_demo, by=by, at=at)
    _link(row, by=by, at=at, notice=notice)
    return notice


def _matters(row: Decision) -> tuple[Matter, ...]:
    if row.item is not None and row.item.target is not None:
        return (matter_of_target(row.item.target),)
    if row.item is not None and row.item.node is not None:
        return (matter_of_node(row.item.node),)
    return ()


def _open(decision: Decision, *, by: User) -> Decision:
    """The decision as it is now, of which nothing has been made yet."""
    meeting = held(decision.meeting_id)
    check_not_cancelled(meeting, by=by)
    rows = Decision.objects.select_related("meeting__organisation", "owner", "item__target", "item__node")
    row = rows.get(pk=decision.pk)
    if row.task_id or row.notice_id or row.issue_id:
        raise Unacceptable("这一条已经转为任务、督办单或问题，请在那里办理。")
    return row


def _ready(decision: Decision, *, by: User) -> Decision:
    """One that can be carried out: the meeting was held, it says who and until when."""
    row = _open(decision, by=by)
    can_prepare_meeting(by, row.meeting)
    if row.meeting.state != MeetingState.HELD:
        raise Unacceptable("会议召开之后才能转办议定事项。")
    if row.owner is None or row.due_on is None:
        raise Unacceptable("请先填写责任单位和完成时限。")
    return row


def _link(row: Decision, *, by: User, at: datetime, **made: Any) -> None:
    audit.Recorder(by=by, at=at).update(row, organisation=row.meeting.organisation_id, **made)


def _remark(meeting: Meeting) -> str:
    return f"{meeting.title}（{meeting.held_on:%Y-%m-%d}）议定"[:LONGEST_REMARK]


def _text(text: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise Unacceptable("请填写议定事项。", field="text")
    if len(text) > LONGEST_TEXT:
        raise Unacceptable(f"议定事项有 {len(text)} 个字，最多 {LONGEST_TEXT} 个字。", field="text")
    return text
