"""Signing in and out goes into the trail, whose guard is put in place after a migration; long jobs are told, mails go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from keshu.apps.bureau.models import AuditAction, Job, User
from keshu.apps.bureau.queries.devices import address_of, browser_of
from keshu.apps.bureau.services import audit, notices, personal_notices, rest, robots, sign_in_sessions, trail_guard
from keshu.apps.bureau.signals import job_ended, time_passed


@receiver(user_logged_in)
def record_sign_in(*, request: HttpRequest | None, user: User, **_: Any) -> None:
    now = timezone.now()
    audit.Recorder(by=user, at=now).note(
        action=AuditAction.SIGN_IN, subject=user, organisation=_seat(user), after=_from(request)
    )
    if request is not None:
        sign_in_sessions.begin_session(user, browser=browser_of(request), at=now)


@receiver(user_logged_out)
def record_sign_out(*, request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.Recorder(by=user, at=timezone.now()).note(
            action=AuditAction.SIGN_OUT, subject=user, organisation=_seat(user), after=_from(request)
        )
        if request is not None and request.session.session_key:
            sign_in_sessions.forget_session(request.session.session_key)


@receiver(user_login_failed)
def record_refusal(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A name that is no account's is not kept: people type their password there."""
    user = User.objects.filter(username=str(credentials.get("username") or "")[:150]).first()
    why = "连续输错，已暂停登录" if getattr(request, "axes_locked_out", False) else "用户名或密码不对"
    audit.Recorder(by=None, at=timezone.now(), why=why).note(
        action=AuditAction.SIGN_IN_REFUSED, subject=user, subject_name="不存在的账号", after=_from(request)
    )


@receiver(post_migrate)
def put_guard_in_place(*, app_config: AppConfig, using: str, **_: Any) -> None:
    if app_config.label == User._meta.app_label:
        trail_guard.install(connections[using])


@receiver(job_ended)
def tell_starter(*, job_id: int, at: datetime, **_: Any) -> None:
    personal_notices.tell_job_ended(Job.objects.get(pk=job_id), at=at)


@receiver(time_passed)
def send_mails(*, at: datetime, **_: Any) -> None:
    notices.queue_daily_digests(at=at)
    notices.send_waiting(clock=timezone.now)


@receiver(time_passed)
def send_to_groups(**_: Any) -> None:
    robots.send_due(clock=timezone.now)


@receiver(time_passed)
def forget_answers(*, at: datetime, **_: Any) -> None:
    rest.forget_answers(at=at)


def _from(request: HttpRequest | None) -> dict[str, str]:
    return {"地址": address_of(request)} if request is not None else {}


def _seat(user: User) -> int | None:
    """The organisation whose people may see the entry: the first the person belongs to."""
    return min(user.scope.organisation_ids, default=None)
