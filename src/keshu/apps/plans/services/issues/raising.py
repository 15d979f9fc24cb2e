"""Raising an issue, and putting its words right. Numbers count within the year, without gaps: no issue is ever deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from keshu.apps.bureau.services import Unacceptable, audit, trail
from keshu.apps.plans.models import CheckIn, Issue, IssueOrigin, IssueState, PlanNode, Target
from keshu.apps.plans.permissions.issues import can_assign_to, can_correct_issue, can_raise_issue
from keshu.apps.plans.services.issues import telling
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.signals import issue_changed

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

LONGEST_TITLE, LONGEST_ORIGIN, LONGEST_TEXT = 200, 200, 4000
CORRECTABLE = (IssueState.RAISED, IssueState.ASSIGNED)


@transaction.atomic
def raise_issue(
    *,
    title: str,
    detail: str = "",
    origin: str = IssueOrigin.TYPED,
    origin_text: str = "",
    target: Target | None = None,
    node: PlanNode | None = None,
    check_in: CheckIn | None = None,
    raised_for: Organisation,
    owner: Organisation | None = None,
    measure: str = "",
    due_on: date | None = None,
    by: User,
    at: datetime,
    is_demo: bool = False,
) -> Issue:
    """Put a problem on the list. The people of a government organisation in its name; with an owner, who may assign to it.

    An owner goes with a measure and a deadline, and the issue is assigned at once.
    """
    can_raise_issue(by, raised_for)
    if check_in is not None:
        target, node = check_in.target, check_in.node
    about = target or node
    issue = Issue(
        title=checked_title(title), detail=checked_text(detail, field="detail"), origin=checked_origin(origin),
        origin_text=_checked_origin_text(origin_text), plan_id=about.plan_id if about else None, target=target, node=node,
        check_in=check_in, raised_by=by, raised_for=raised_for, raised_at=at, year=local_day(at).year, is_demo=is_demo,
    )  # fmt: skip
    if owner is not None or measure.strip() or due_on is not None:
        issue.owner, issue.measure, issue.due_on = checked_duty(owner, measure, due_on, at=at)
        can_assign_to(by, issue, issue.owner)
        issue.state = IssueState.ASSIGNED
    # Whoever writes holds the head of the trail until the end, so no two take the same number.
    trail.hold_head()
    last = Issue.objects.filter(year=issue.year).aggregate(last=Max("number"))["last"]
    issue.number = (last or 0) + 1
    audit.Recorder(by=by, at=at).create(issue, organisation=raised_for)
    if issue.owner is None:
        telling.tell_raised(issue, by=by, at=at)
    else:
        telling.tell_assigned(issue, by=by, at=at)
    issue_changed.send(sender=None, issue_id=issue.pk, move="raise", by_id=by.pk, at=at)
    return issue


@transaction.atomic
def correct_issue(issue: Issue, *, title: str, detail: str, by: User, at: datetime) -> Issue:
    """Put the words right while it is open and nothing has been filed. The side that raised it, and the planning office."""
    can_correct_issue(by, issue)
    trail.hold_head()
    row = locked(issue)
    if row.state not in CORRECTABLE:
        raise Unacceptable(f"“{row}”{row.get_state_display()}，不能再修改表述。请刷新页面。")
    words = {"title": checked_title(title), "detail": checked_text(detail, field="detail")}
    return audit.Recorder(by=by, at=at).update(row, organisation=row.raised_for_id, **words)


def locked(issue: Issue) -> Issue:
    """The row as it is now, nobody else's until the transaction ends."""
    rows = Issue.objects.select_related("owner", "raised_for", "raised_by").select_for_update(of=("self",))
    return rows.get(pk=issue.pk)


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Unacceptable("请填写问题，用一句话写明。", field="title")
    if len(title) > LONGEST_TITLE:
        raise Unacceptable(
            f"问题有 {len(title)} 个字，最多 {LONGEST_TITLE} 个字，其余请写到“具体表现”。", field="title"
        )
    return title


def checked_text(text: str, *, field: str) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise Unacceptable(f"这里有 {len(text)} 个字，最多 {LONGEST_TEXT} 个字。", field=field)
    return text


def checked_origin(origin: str) -> str:
    if origin not in IssueOrigin.values:
        raise Unacceptable(f"来源没有“{origin[:20]}”，可选：{'、'.join(IssueOrigin.labels)}。", field="origin")
    return origin


def _checked_origin_text(text: str) -> str:
    text = " ".join(text.replace("\0", "").split())
    if len(text) > LONGEST_ORIGIN:
        raise Unacceptable(f"来源说明最多 {LONGEST_ORIGIN} 个字。", field="origin_text")
    return text


def checked_duty(
    owner: Organisation | None, measure: str, due_on: date | None, *, at: datetime
) -> tuple[Organisation, str, date]:
    """Owner, measure and deadline belong together."""
    if owner is None:
        raise Unacceptable("请选择责任单位。", field="owner")
    if owner.closed_on is not None and owner.closed_on <= local_day(at):
        raise Unacceptable(f"“{owner}”已撤并，请选择承接单位。", field="owner")
    measure = checked_text(measure, field="measure")
    if not measure:
        raise Unacceptable("请填写整改措施。", field="measure")
    return owner, measure, checked_due(due_on, at=at)


def checked_due(due_on: date | None, *, at: datetime) -> date:
    if due_on is None:
        raise Unacceptable("请填写整改时限。", field="due_on")
    if due_on < local_day(at):
        raise Unacceptable(f"整改时限 {due_on:%Y-%m-%d} 已过，请填写今天或以后的日期。", field="due_on")
    return due_on
