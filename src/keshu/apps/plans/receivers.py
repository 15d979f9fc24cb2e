"""What happens elsewhere and concerns plans, and what a plan's life means for others.

Organisations that take over from others take over their work; people are told of what is published, and of waiting drafts.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from keshu.apps.bureau.queries.people import person_by_id
from keshu.apps.bureau.signals import (
    HandedOver,
    OpenWork,
    Reorganisation,
    open_work_asked,
    organisations_reorganised,
    time_passed,
)
from keshu.apps.plans.services import (
    checkins,
    group_messages,
    issues,
    meetings,
    plan_notices,
    row_changes,
    standings,
    supervision,
)
from keshu.apps.plans.services.checkins.following import end_rounds, follow_revision
from keshu.apps.plans.services.checkins.handover import hand_over_check_ins
from keshu.apps.plans.services.handover import hand_over, open_work_of
from keshu.apps.plans.signals import (
    check_in_eased,
    check_in_filed,
    check_in_reopened,
    check_in_signed,
    issue_changed,
    plan_published,
    plan_withdrawn,
    round_moved,
    supervision_changed,
)

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@receiver(organisations_reorganised)
def take_over_work(*, change: Reorganisation, by: User, at: datetime, **_: Any) -> list[HandedOver]:
    """The tasks first: what is asked, raised, supervised and decided goes where its task has gone."""
    steps = (
        hand_over, hand_over_check_ins, issues.hand_over_issues, supervision.pass_notices, meetings.pass_meetings,
        meetings.pass_decisions,
    )  # fmt: skip
    return [line for step in steps for line in step(change, by=by, at=at)]


@receiver(open_work_asked)
def tell_open_work(*, organisation_id: int, on: date, **_: Any) -> list[OpenWork]:
    return open_work_of(organisation_id, on=on)


@receiver(plan_published)
def tell_published(*, plan_id: int, by_id: int, at: datetime, **_: Any) -> None:
    plan_notices.tell_published(plan_id, by=person_by_id(by_id), at=at)
    meetings.keep_decided_tasks(plan_id, by=person_by_id(by_id), at=at)
    if follow_revision(plan_id, by=person_by_id(by_id), at=at):
        standings.judge_plan(plan_id, at=at)


@receiver(plan_withdrawn)
def tell_withdrawn(*, plan_id: int, by_id: int, at: datetime, why: str, **_: Any) -> None:
    plan_notices.tell_withdrawn(plan_id, by=person_by_id(by_id), at=at, why=why)
    end_rounds(plan_id, by=person_by_id(by_id), at=at, why=why)


@receiver(time_passed)
def remind_of_drafts(*, at: datetime, **_: Any) -> None:
    plan_notices.remind_of_drafts(at=at)


@receiver(time_passed)
def run_check_ins(*, at: datetime, **_: Any) -> None:
    """Rounds whose day has come open; what is late goes a step up."""
    checkins.open_due_rounds(at=at)
    checkins.escalate(at=at)


@receiver(time_passed)
def announce_due_rounds(*, at: datetime, **_: Any) -> None:
    group_messages.announce_due(at=at)


@receiver([check_in_signed, check_in_reopened, check_in_eased])
def judge_subject(*, target_id: int | None, node_id: int | None, at: datetime, **_: Any) -> None:
    standings.judge_subject(target_id=target_id, node_id=node_id, at=at)


@receiver(round_moved)
def judge_again(*, plan_id: int, at: datetime, **_: Any) -> None:
    standings.judge_again(plan_id, at=at)


@receiver([check_in_filed, check_in_signed, check_in_reopened])
def tell_programs_of_check_in(*, check_in_id: int, at: datetime, **_: Any) -> None:
    row_changes.tell_check_in(check_in_id, at=at)


@receiver(issue_changed)
def tell_programs_of_issue(*, issue_id: int, at: datetime, **_: Any) -> None:
    row_changes.tell_issue(issue_id, at=at)


@receiver(supervision_changed)
def tell_programs_of_notice(*, notice_id: int, at: datetime, **_: Any) -> None:
    row_changes.tell_notice(notice_id, at=at)


@receiver(time_passed)
def judge_plans(*, at: datetime, **_: Any) -> None:
    standings.judge_due_plans(at=at)


@receiver(time_passed)
def escalate_notices(*, at: datetime, **_: Any) -> None:
    supervision.escalate_notices(at=at)


@receiver(time_passed)
def remind_of_issues(*, at: datetime, **_: Any) -> None:
    issues.remind_of_issues(at=at)
