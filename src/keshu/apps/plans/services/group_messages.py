"""What chat groups hear of a plan's year (群机器人): rounds opened, due and late by office, supervision notices, issues overdue.

Nothing of a draft, no names of people. Each is queued in the transaction of the event itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.services.robots import Announcement, Line, Topic, announce, listening, register
from keshu.apps.plans.models import (
    PENDING,
    UNFILED,
    CheckIn,
    CheckInRound,
    Issue,
    IssueState,
    PlanState,
    SupervisionNotice,
)
from keshu.apps.plans.queries.checkins import Asked
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def _open_rounds(user: User) -> QuerySet[CheckInRound]:
    return CheckInRound.objects.visible_to(user).filter(plan__state=PlanState.PUBLISHED, closed_at=None)


def _pending_notices(user: User) -> QuerySet[SupervisionNotice]:
    return SupervisionNotice.objects.visible_to(user).filter(state__in=PENDING)


def _assigned_issues(user: User) -> QuerySet[Issue]:
    return Issue.objects.visible_to(user).filter(state=IssueState.ASSIGNED)


OPENED = register(Topic("plans.round_opened", "调度开放", "新一期调度开放填报，各单位的项数和截止日期", _open_rounds))
DUE = register(Topic("plans.round_due", "调度临期", "截止前一个工作日，还没有填报的单位和项数", _open_rounds))
ROUND_LATE = register(
    Topic("plans.round_late", "调度逾期", "逾期 1、3、5 个工作日，还没有填报、审签的单位和项数", _open_rounds)
)
ISSUED = register(Topic("plans.supervision_issued", "督办单下达", "督办事项、承办单位和时限", _pending_notices))
NOTICE_LATE = register(
    Topic("plans.supervision_late", "督办单逾期", "逾期 1、3、5 个工作日的督办单和承办单位", _pending_notices)
)
ISSUE_LATE = register(
    Topic("plans.issue_late", "问题整改逾期", "逾期 1、3、5 个工作日的问题和责任单位", _assigned_issues)
)


def announce_opened(opened: CheckInRound, asked: Sequence[Asked], *, at: datetime) -> int:
    """A round has opened: each organisation with how many things it is asked. For how many groups."""
    counts = Counter(each.organisation_id for each in asked)
    names = refs_of(counts)
    lines = [Line(pk, f"{names[pk]} {count} 项") for pk, count in counts.items()]
    title = f"《{opened.plan}》{opened.label}调度开始填报，{opened.due_on:%Y-%m-%d} 前报送"
    link = f"{reverse('plans:checkin-own')}?round={opened.pk}"
    return announce(Announcement(OPENED.key, str(opened.pk), title, lines, link, opened.pk), at=at)


def announce_due(*, at: datetime) -> int:
    """Forms that fall due by the next working day and are not filed, on the working day before; each due day once a group.

    By the clock, for no person. Where nobody listens: one query.
    """
    on = local_day(at)
    if not listening(DUE.key, on=on):
        return 0
    calendar = work_calendar()
    if not calendar.is_workday(on):
        return 0
    until = calendar.after(on, 1)
    rows = CheckIn.objects.filter(
        state__in=UNFILED,
        due_on__gt=on,
        due_on__lte=until,
        round__closed_at=None,
        round__plan__state=PlanState.PUBLISHED,
    )
    counted = rows.order_by("round_id", "due_on", "organisation_id").values_list(
        "round_id", "due_on", "organisation_id"
    )
    groups = defaultdict(list)
    for round_id, due_on, organisation_id, count in counted.annotate(count=Count("pk")):
        groups[round_id, due_on].append((organisation_id, count))
    rounds = CheckInRound.objects.select_related("plan").in_bulk({round_id for round_id, _ in groups})
    names = refs_of({pk for found in groups.values() for pk, _ in found})
    told = 0
    for (round_id, due_on), found in groups.items():
        due = rounds[round_id]
        lines = [Line(pk, f"{names[pk]} 还有 {count} 项未填报") for pk, count in found]
        title = f"《{due.plan}》{due.label}调度将于 {due_on:%Y-%m-%d} 截止"
        link = f"{reverse('plans:checkin-own')}?round={due.pk}"
        told += announce(Announcement(DUE.key, f"{due.pk}:{due_on}", title, lines, link, due.pk), at=at)
    return told


def announce_round_late(late: CheckInRound, lines: Sequence[Line], *, days: int, key: str, at: datetime) -> int:
    """Forms of a round that are so many working days late, by organisation. For how many groups."""
    title = f"《{late.plan}》{late.label}调度逾期 {days} 个工作日"
    link = f"{reverse('plans:round-list')}?round={late.pk}"
    return announce(Announcement(ROUND_LATE.key, key, title, lines, link, late.pk), at=at)


def announce_issued(notice: SupervisionNotice, *, at: datetime) -> int:
    """A supervision notice has been issued. For how many groups."""
    text = f"{notice.addressee}：请于 {notice.due_on:%Y-%m-%d} 前办理并报送情况。"
    return _of_notice(ISSUED, notice, f"督办单{notice.number_text}：{notice.title}", text, key=str(notice.pk), at=at)


def announce_notice_late(notice: SupervisionNotice, *, title: str, key: str, at: datetime) -> int:
    """A supervision notice is late. For how many groups."""
    text = f"{notice.title}，办理时限 {notice.due_on:%Y-%m-%d}。"
    return _of_notice(NOTICE_LATE, notice, title, text, key=key, at=at)


def announce_issue_late(issue: Issue, words: str, *, key: str, at: datetime) -> int:
    """An issue in hand is overdue: to the groups of whoever answers for it. For how many."""
    assert issue.owner_id is not None
    lines = [Line(issue.owner_id, f"{issue.owner}：{words}整改时限 {issue.due_on:%Y-%m-%d}。")]
    link = reverse("plans:issue-detail", args=[issue.pk])
    title = f"问题整改逾期：{issue.title}"
    return announce(Announcement(ISSUE_LATE.key, key, title, lines, link, issue.pk), at=at)


def _of_notice(topic: Topic, notice: SupervisionNotice, title: str, text: str, *, key: str, at: datetime) -> int:
    link = reverse("plans:supervision-detail", args=[notice.pk])
    return announce(Announcement(topic.key, key, title, [Line(notice.addressee_id, text)], link, notice.pk), at=at)
