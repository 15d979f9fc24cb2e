"""Who is told what of an issue: who has to act, whose issue it is, and, by working days, who is to know that it waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.organisations import of_kinds
from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services.notices import NoticeKind, Ways, notify, register, rows_seen
from keshu.apps.plans.models import Issue, IssueState, Proof
from keshu.apps.plans.services import group_messages
from keshu.apps.plans.services.meanings import local_day
from keshu.kernel.workdays import WorkCalendar

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

OWNER_ROLES = ("office_head", "clerk", "county_clerk", "planner", "leader")
HEAD_ROLES = ("office_head", "county_clerk")
PLANNING_HOMES = ("bureau", "office", "unit")
# An issue is looked at from so many days before its deadline: the longest holiday and a little more.
AHEAD_DAYS = 12


def _deals_with_issues(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


def _kind(key: str, label: str, says: str) -> NoticeKind:
    return register(
        NoticeKind(
            f"plans.{key}", label, says, Ways(mail=True), sight=rows_seen(Issue),
            for_whom=_deals_with_issues,
        )
    )  # fmt: skip


RAISED = _kind("issue_raised", "新登记问题", "有新问题等待明确责任单位时，告知规划办公室。")
ASSIGNED = _kind("issue_assigned", "问题整改", "问题交由本单位整改，或责任、时限有变化、落实情况被退回。")
FULFILLED = _kind("issue_fulfilled", "问题待确认", "责任单位已报送落实情况，等待提出人确认。")
CLOSED = _kind("issue_closed", "问题销号", "提出的或负责整改的问题已销号或撤销。")
LATE = _kind("issue_late", "问题催办", "问题临近时限、逾期，或迟迟没有明确责任、没有确认。")


def tell_raised(issue: Issue, *, by: User, at: datetime) -> None:
    """The planning office, that somebody be named to answer for it."""
    _tell(RAISED, issue, _planners(issue, at=at), f"待明确责任：{issue.title}", _origin(issue), by=by, at=at)


def tell_assigned(issue: Issue, *, by: User, at: datetime, former_id: int | None = None, why: str = "") -> None:
    """The owner's people; after a change the former owner's too."""
    assert issue.owner_id is not None
    text = f"由{issue.raised_for}提出，请于 {issue.due_on:%Y-%m-%d} 前落实：{issue.measure}"
    people = _of(issue.owner_id, OWNER_ROLES, at=at)
    _tell(ASSIGNED, issue, people, f"问题整改：{issue.title}", text, by=by, at=at)
    if former_id is not None and former_id != issue.owner_id:
        text = f"责任单位已改为{issue.owner}。原因：{why}"
        _tell(ASSIGNED, issue, _of(former_id, OWNER_ROLES, at=at), f"责任调整：{issue.title}", text, by=by, at=at)


def tell_extended(issue: Issue, *, by: User, at: datetime, why: str) -> None:
    assert issue.owner_id is not None
    text = f"整改时限延到 {issue.due_on:%Y-%m-%d}。原因：{why}"
    _tell(ASSIGNED, issue, _of(issue.owner_id, OWNER_ROLES, at=at), f"时限延期：{issue.title}", text, by=by, at=at)


def tell_fulfilled(issue: Issue, *, by: User, at: datetime) -> None:
    """Whoever raised it, and their organisation's head, who stands in."""
    people = {issue.raised_by_id, *_of(issue.raised_for_id, HEAD_ROLES, at=at)}
    text = f"{issue.owner}已报送落实情况，请确认或退回。"
    _tell(FULFILLED, issue, people, f"待确认：{issue.title}", text, by=by, at=at)


def tell_refused(issue: Issue, *, by: User, at: datetime, why: str) -> None:
    assert issue.owner_id is not None
    text = f"第 {issue.refusals} 次退回，请重新整改。原因：{why}"
    _tell(ASSIGNED, issue, _of(issue.owner_id, OWNER_ROLES, at=at), f"退回整改：{issue.title}", text, by=by, at=at)


def tell_closed(issue: Issue, *, by: User, at: datetime, why: str) -> None:
    """Both sides."""
    people = {issue.raised_by_id}
    if issue.owner_id is not None:
        people |= _of(issue.owner_id, OWNER_ROLES, at=at)
    word = "已销号" if issue.state == IssueState.CONFIRMED else "已撤销"
    _tell(CLOSED, issue, people, f"{word}：{issue.title}", why, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Step:
    """From so many working days after the day that counts (negative: before it), these are told, once."""

    workdays: int
    audience: str
    words: str


# What waits in each state is told step by step: the day that counts is the deadline of an issue in hand, else the day since
# which it waits.
STEPS: dict[str, tuple[Step, ...]] = {
    IssueState.RAISED: (
        Step(3, "planners", "登记已 3 个工作日，还没有明确责任单位。"),
        Step(5, "leaders", "登记已 5 个工作日，还没有明确责任单位。"),
    ),
    IssueState.ASSIGNED: (
        Step(-2, "owner", "整改时限临近，请报送落实情况。"),
        Step(1, "heads", "已逾期，还没有报送落实情况。"),
        Step(3, "planners", "已逾期 3 个工作日，还没有报送落实情况。"),
        Step(5, "leaders", "已逾期 5 个工作日，还没有报送落实情况。"),
    ),
    IssueState.FULFILLED: (
        Step(3, "raiser", "落实情况报送已 3 个工作日，请确认或退回。"),
        Step(5, "planners", "落实情况报送已 5 个工作日，提出人还没有确认。"),
    ),
}


def remind_of_issues(*, at: datetime) -> int:
    """Take every step that is due, each once; how many were taken. An issue's step and its notices are saved together."""
    on = local_day(at)
    some_step_left = Q(pk__in=[])
    for state, steps in STEPS.items():
        some_step_left |= Q(state=state, told__lt=len(steps))
    rows = _with_proof_day(Issue.objects.filter(some_step_left))
    waiting = list(rows.exclude(state=IssueState.ASSIGNED, due_on__gt=_horizon(on)).order_by("pk"))
    if not waiting:
        return 0
    calendar = work_calendar()
    keys = [issue.pk for issue in waiting if _due_steps(issue, on=on, calendar=calendar)]
    return sum(_remind(key, on=on, at=at, calendar=calendar) for key in keys)


def _horizon(on: date) -> date:
    return date.fromordinal(on.toordinal() + AHEAD_DAYS)


def _with_proof_day(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    last = Proof.objects.filter(issue=OuterRef("pk")).order_by("-pk").values("at")[:1]
    return rows.annotate(filed_at=Subquery(last))


def _due_steps(issue: Any, *, on: date, calendar: WorkCalendar) -> list[Step]:
    since = _counted_from(issue)
    steps = STEPS.get(issue.state, ())[issue.told :]
    return [step for step in steps if since is not None and calendar.after(since, step.workdays) <= on]


def _counted_from(issue: Any) -> date | None:
    if issue.state == IssueState.ASSIGNED:
        return issue.due_on
    moment = issue.raised_at if issue.state == IssueState.RAISED else issue.filed_at
    return None if moment is None else local_day(moment)


@transaction.atomic
def _remind(key: int, *, on: date, at: datetime, calendar: WorkCalendar) -> int:
    rows = Issue.objects.select_related("owner", "raised_for", "raised_by").select_for_update(of=("self",))
    issue: Any = _with_proof_day(rows).get(pk=key)
    due = _due_steps(issue, on=on, calendar=calendar)
    for number, step in enumerate(due, start=issue.told + 1):
        notify(
            kind=LATE.key, recipients=_audience(step.audience, issue, at=at), title=f"催办：{issue.title}",
            text=step.words, link=_link(issue),
            key=f"{issue.pk}-{issue.state}-{_counted_from(issue)}-{issue.refusals}-{number}", at=at,
            organisation=issue.owner_id or issue.raised_for_id, subject_id=issue.pk,
        )  # fmt: skip
    if due and issue.state == IssueState.ASSIGNED and due[-1].workdays > 0:
        step_key = f"{issue.pk}-{_counted_from(issue)}-{issue.refusals}-{issue.told + len(due)}"
        group_messages.announce_issue_late(issue, due[-1].words, key=step_key, at=at)
    Issue.objects.filter(pk=key).update(told=issue.told + len(due))
    return len(due)


def _audience(name: str, issue: Issue, *, at: datetime) -> set[int]:
    if name == "planners":
        return _planners(issue, at=at)
    if name == "leaders":
        return _planners(issue, at=at, roles=("leader",))
    if name == "raiser":
        return {issue.raised_by_id, *_of(issue.raised_for_id, HEAD_ROLES, at=at)}
    assert issue.owner_id is not None
    return _of(issue.owner_id, OWNER_ROLES if name == "owner" else HEAD_ROLES, at=at)


def _planners(issue: Issue, *, at: datetime, roles: Collection[str] = ("planner",)) -> set[int]:
    """The planning office (or the leaders) of the bureau whose city the issue was raised in."""
    on = local_day(at)
    homes = [ref.id for ref in of_kinds(PLANNING_HOMES, home=issue.raised_for, on=on)]
    return {person.id for person in people_of(homes, on=on, roles=roles)}


def _of(organisation_id: int, roles: Collection[str], *, at: datetime) -> set[int]:
    return {person.id for person in people_of([organisation_id], on=local_day(at), roles=roles)}


def _tell(
    kind: NoticeKind, issue: Issue, people: Collection[int], title: str, text: str, *, by: User, at: datetime
) -> None:
    notify(
        kind=kind.key, recipients=set(people) - {by.pk}, title=title, text=text, link=_link(issue),
        key=f"{issue.pk}-{at.isoformat()}", at=at, organisation=issue.owner_id or issue.raised_for_id,
        subject_id=issue.pk,
    )  # fmt: skip


def _link(issue: Issue) -> str:
    return reverse("plans:issue-detail", args=[issue.pk])


def _origin(issue: Issue) -> str:
    told = f"（{issue.origin_text}）" if issue.origin_text else ""
    return f"{issue.raised_for} {issue.raised_by}登记，来源：{issue.get_origin_display()}{told}。"
