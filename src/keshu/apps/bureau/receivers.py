"""Signing in and out goes into the trail; the end of a long job is told; mails go out as time passes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from keshu.apps.bureau.models import AuditAction, Job, User
from keshu.apps.bureau.services import audit, notices, personal_notices
from keshu.apps.bureau.signals import job_ended, time_passed


@receiver(user_logged_in)
def record_sign_in(*, request: HttpRequest | None, user: User, **_: Any) -> None:
    audit.Recorder(by=user, at=timezone.now()).note(
        action=AuditAction.SIGN_IN, subject=user, organisation=_seat(user), after=_from(request)
    )


@receiver(user_logged_out)
def record_sign_out(*, request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.Recorder(by=user, at=timezone.now()).note(
            action=AuditAction.SIGN_OUT, subject=user, organisation=_seat(user), after=_from(request)
        )


@receiver(user_login_failed)
def record_refusal(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A name that is no account's is not kept: people type their password there."""
    user = User.objects.filter(username=str(credentials.get("username") or "")[:150]).first()
    why = "连续输错，已暂停登录" if getattr(request, "axes_locked_out", False) else "用户名或密码不对"
    audit.Recorder(by=None, at=timezone.now(), why=why).note(
        action=AuditAction.SIGN_IN_REFUSED, subject=user, subject_name="不存在的账号", after=_from(request)
    )


@receiver(job_ended)
def tell_starter(*, job_id: int, at: datetime, **_: Any) -> None:
    personal_notices.tell_job_ended(Job.objects.get(pk=job_id), at=at)


@receiver(time_passed)
def send_mails(*, at: datetime, **_: Any) -> None:
    notices.queue_daily_digests(at=at)
    notices.send_waiting(clock=timezone.now)


def _from(request: HttpRequest | None) -> dict[str, str]:
    return {"地址": str(request.META.get("REMOTE_ADDR", ""))} if request is not None else {}


def _seat(user: User) -> int | None:
    """The organisation whose people may see the entry: the first the person belongs to."""
    return min(user.scope.organisation_ids, default=None)
