"""What the house itself tells people: about their own role, password and background work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.models import Job, JobState
from keshu.apps.bureau.services.notices import NoticeKind, Ways, notify, register, rows_seen

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Membership, Organisation, User

# Whoever starts a job that takes longer has probably gone on to something else.
LONG = timedelta(seconds=10)

JOB_ENDED = register(
    NoticeKind(
        "bureau.job_ended",
        "后台任务办结",
        "本人发起的、用时较长的后台任务已完成或未成功。",
        sight=rows_seen(Job),
    )
)
ROLE_CHANGED = register(
    NoticeKind(
        "bureau.role_changed",
        "任职变动",
        "本人的任职有新增或结束，所在单位更名、合并、拆分，授权代理和收回。",
        Ways(mail=True),
        may_be_off=False,
    )
)
PASSWORD_RESET = register(
    NoticeKind(
        "bureau.password_reset",
        "密码重设",
        "他人重设了本人的登录密码。",
        Ways(mail=True),
        may_be_off=False,
    )
)


def tell_job_ended(job: Job, *, at: datetime) -> None:
    """Whoever started it, when it took long; one that was cancelled is no news."""
    if job.state not in (JobState.DONE, JobState.FAILED) or at - job.created_at < LONG:
        return
    word = "已完成" if job.state == JobState.DONE else "未成功"
    notify(
        kind=JOB_ENDED.key,
        recipients=[job.created_by_id],
        title=f"{job.title}：{word}",
        text=job.error if job.state == JobState.FAILED else job.message,
        # The job's own page leads on to its result, and stays when the result has gone.
        link=reverse("bureau:job-detail", args=[job.pk]),
        subject_id=job.pk,
        key=f"{job.pk}-{job.attempts}",
        at=at,
    )


def tell_role_granted(row: Membership, *, by: User | None, at: datetime) -> None:
    """The person, unless it is their first role (then the account itself is new) or they gave it to themselves."""
    if by is None or by.pk == row.user_id or not row.user.memberships.exclude(pk=row.pk).exists():
        return
    _tell_role(row, word="新增", text=f"{_day(row.from_on)}起任{_seat(row)}，由{by}登记。", at=at)


def tell_role_ended(row: Membership, *, by: User, at: datetime) -> None:
    """The person whose role ends, also when it was ended by themselves: they cannot take it back."""
    if row.until_on is not None:
        _tell_role(row, word="结束", text=f"{_day(row.until_on)}起不再任{_seat(row)}，由{by}登记。", at=at)


def tell_delegated(row: Membership, *, by: User, at: datetime) -> None:
    """The deputy, and the principal where somebody else arranged it: from when to when, and why."""
    if row.on_behalf_of is None or row.until_on is None:
        return
    principal, last = row.on_behalf_of.user, row.until_on - timedelta(days=1)
    days = f"{_day(row.from_on)}至 {last:%Y-%m-%d}"
    _tell_proxy(
        row, word="授权代理", text=f"{days}，{row.user}代理{principal}的{_seat(row)}。事由：{row.reason}", by=by, at=at
    )


def tell_withdrawn(row: Membership, *, by: User, at: datetime) -> None:
    """The deputy, and the principal where somebody else took it back."""
    if row.on_behalf_of is not None:
        text = f"{row.user}不再代理{row.on_behalf_of.user}的{_seat(row)}，由{by}收回。"
        _tell_proxy(row, word="代理收回", text=text, by=by, at=at)


def tell_moved(row: Membership, new: Organisation, *, kind: str, on: date, by: User, at: datetime) -> None:
    """Somebody whose office was renamed, merged or split: where their role goes on."""
    if by.pk == row.user_id:
        return
    notify(
        kind=ROLE_CHANGED.key,
        recipients=[row.user_id],
        title=f"机构调整：{row.organisation}{kind}，任职转到{new}",
        text=f"{_day(on)}起，{_seat(row)}转为“{new}”的{row.get_role_display()}，手上的工作一并转过去。由{by}办理。",
        link=reverse("bureau:organisation-detail", args=[new.pk]),
        organisation=new.pk,
        key=f"{row.pk}-moved-{new.pk}",
        at=at,
    )


def _tell_proxy(row: Membership, *, word: str, text: str, by: User, at: datetime) -> None:
    people = {row.user_id, row.on_behalf_of.user_id if row.on_behalf_of else row.user_id} - {by.pk}
    notify(
        kind=ROLE_CHANGED.key,
        recipients=sorted(people),
        title=f"{word}：{row.organisation} {row.get_role_display()}",
        text=text,
        link=reverse("bureau:delegation-list"),
        organisation=row.organisation_id,
        key=f"{row.pk}-{word}",
        at=at,
    )


def tell_password_reset(person: User, *, by: User, at: datetime) -> None:
    """The person, so that nobody's account is taken over in silence."""
    if by.pk == person.pk:
        return
    when = timezone.localtime(at)
    notify(
        kind=PASSWORD_RESET.key,
        recipients=[person.pk],
        title="登录密码已被重设",
        text=f"{when:%Y-%m-%d %H:%M} 由{by}重设。不是本人要求的，请马上联系系统管理员。",
        link=reverse("bureau:password"),
        key=at.isoformat(),
        at=at,
    )


def _tell_role(row: Membership, *, word: str, text: str, at: datetime) -> None:
    notify(
        kind=ROLE_CHANGED.key,
        recipients=[row.user_id],
        title=f"任职{word}：{row.organisation} {row.get_role_display()}",
        text=text,
        link=reverse("bureau:person-detail", args=[row.user_id]),
        organisation=row.organisation_id,
        key=f"{row.pk}-{word}-{row.until_on or row.from_on}",
        at=at,
    )


def _seat(row: Membership) -> str:
    return f"“{row.organisation}”的{row.get_role_display()}"


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d} "
