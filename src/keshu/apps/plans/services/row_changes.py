"""What programs hear of changed rows (数据推送): check-ins, issues and supervision notices, each to whoever may see them.

Only which row changed, how and when goes out, signed; what stands in the row is read over the API by a token.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.bureau.services.robots import Announcement, Line, Topic, announce, listening, register
from keshu.apps.plans.models import CheckIn, CheckInState, Issue, SupervisionNotice, SupervisionState
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def _check_ins(user: User) -> QuerySet[CheckIn]:
    return CheckIn.objects.visible_to(user).exclude(state=CheckInState.OPEN)


def _issues(user: User) -> QuerySet[Issue]:
    return Issue.objects.visible_to(user)


def _notices(user: User) -> QuerySet[SupervisionNotice]:
    return SupervisionNotice.objects.visible_to(user).exclude(state=SupervisionState.DRAFT)


def _topic(key: str, label: str, says: str, sight: Any, api: str) -> Topic:
    return register(Topic(f"plans.{key}_changed", label, f"{says}（供程序接收）", sight, for_programs=True, api=api))


CHECK_IN = _topic("checkin", "填报变化", "填报报送、审签、退回更正", _check_ins, "/api/v1/checkins")
ISSUE = _topic("issue", "问题变化", "问题登记、明确责任、落实、确认", _issues, "/api/v1/issues")
NOTICE = _topic("supervision", "督办单变化", "督办单签发、签收、报送、审核、办结", _notices, "/api/v1/supervision")


def tell_check_in(check_in_id: int, *, at: datetime) -> int:
    """A check-in was filed, signed, or sent back for correction. For how many programs."""
    if not listening(CHECK_IN.key, on=local_day(at)):
        return 0
    rows = CheckIn.objects.select_related("round", "target", "node", "organisation")
    row = rows.defer("target__reading", "node__reading").get(pk=check_in_id)
    title = f"{row.organisation}的填报{row.get_state_display()}：{row}"
    return _announce(CHECK_IN, row, title, {row.organisation_id}, reverse("plans:checkin-detail", args=[row.pk]), at=at)


def tell_issue(issue_id: int, *, at: datetime) -> int:
    """An issue was raised or moved on."""
    if not listening(ISSUE.key, on=local_day(at)):
        return 0
    row = Issue.objects.get(pk=issue_id)
    title = f"问题{row.get_state_display()}：{row}"
    concerned = {row.raised_for_id, *([row.owner_id] if row.owner_id else [])}
    return _announce(ISSUE, row, title, concerned, reverse("plans:issue-detail", args=[row.pk]), at=at)


def tell_notice(notice_id: int, *, at: datetime) -> int:
    """A supervision notice was issued or moved on."""
    if not listening(NOTICE.key, on=local_day(at)):
        return 0
    row = SupervisionNotice.objects.get(pk=notice_id)
    title = f"督办单{row.number_text}{row.get_state_display()}：{row}"
    concerned = {row.addressee_id, row.issuer_id}
    return _announce(NOTICE, row, title, concerned, reverse("plans:supervision-detail", args=[row.pk]), at=at)


def _announce(
    topic: Topic, row: CheckIn | Issue | SupervisionNotice, title: str, concerned: set[int], link: str, *, at: datetime
) -> int:
    lines = [Line(pk, title) for pk in sorted(concerned)]
    return announce(
        Announcement(topic.key, f"{row.pk}:{row.state}:{at.isoformat()}", title, lines, link, row.pk), at=at
    )
