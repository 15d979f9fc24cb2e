"""Mails that carry notices: put into words and sent by the worker after the change is saved, tried again when they fail.

A mail is taken before it is sent: a process that dies while sending leaves it taken, and it is given up rather than sent
twice. What the reader may no longer see is left out at the moment of sending.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.models import MailState, Membership, Notice, NoticeMail, Role
from keshu.apps.bureau.permissions import can_resend_mails
from keshu.apps.bureau.queries.notices import NoticeKind, register
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.notices.telling import notify
from keshu.apps.bureau.services.notices.wording import mail_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

logger = logging.getLogger("keshu.notices")

# How long after a failure the next try comes; after the last one the mail is given up.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
# A mail taken so long ago has lost the process that was sending it.
LOST = timedelta(minutes=15)
# So many at once, so that uploads waiting for the worker are not held up.
AT_ONCE = 50

MAIL_FAILED = register(
    NoticeKind(
        "bureau.mail_failed",
        "邮件未送出",
        "消息邮件多次没有送出时，告知系统管理员。",
        may_be_off=False,
        sight=lambda user: (
            NoticeMail.objects.visible_to(user) if user.scope.has(Role.OPERATOR) else NoticeMail.objects.none()
        ),
        for_whom=lambda user: user.scope.has(Role.OPERATOR),
    )
)


@dataclass(frozen=True, slots=True)
class DigestRun:
    """What came of putting digests together: for how many people, of how many notices."""

    people: int
    notices: int


def is_mail_configured() -> bool:
    """Whether the operator has named a mail server."""
    return bool(settings.EMAIL_HOST)


def digest_hour() -> int:
    """The hour of the day from which digests go out."""
    return int(settings.DIGEST_HOUR)


def queue_daily_digests(*, at: datetime) -> DigestRun:
    """The day's digests, from the hour of KESHU_DIGEST_HOUR on; what comes later waits for the next day."""
    local = timezone.localtime(at)
    hour = local.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return queue_digests(before=hour, at=at) if local >= hour else DigestRun(0, 0)


def queue_digests(*, before: datetime, at: datetime) -> DigestRun:
    """One mail to each person whose digest is not empty, holding what happened before that moment."""
    if not is_mail_configured():
        return DigestRun(0, 0)
    rows = Notice.objects.filter(is_for_digest=True, digest__isnull=True, at__lt=before)
    readers = rows.filter(recipient__is_active=True).exclude(recipient__email="")
    people = notices = 0
    for reader_id in list(readers.order_by().values_list("recipient_id", flat=True).distinct()):
        with transaction.atomic():
            mail = NoticeMail.objects.create(recipient_id=reader_id, is_digest=True, created_at=at, next_at=at)
            taken = rows.filter(recipient_id=reader_id).update(digest=mail)
            if not taken:  # another process was quicker
                mail.delete()
        people, notices = people + bool(taken), notices + taken
    return DigestRun(people, notices)


def send_waiting(*, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> int:
    """Send what is due, at most so many; how many went out. Called outside transactions."""
    if not is_mail_configured():
        return 0
    _give_up_lost(at=clock())
    due = NoticeMail.objects.filter(state=MailState.WAITING, next_at__lte=clock()).order_by("next_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:at_once])
    sent = 0
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        for key in keys:
            outcome = _send(key, connection, clock=clock)
            sent += outcome is MailState.SENT
            if outcome is MailState.WAITING:
                break  # the server is not well; the others are tried at the next round
    finally:
        connection.close()
    return sent


def retry_failed(*, by: User, at: datetime) -> int:
    """Try all failed mails again from the beginning. The operator (Refused)."""
    can_resend_mails(by)
    with transaction.atomic():
        again = NoticeMail.objects.filter(state=MailState.FAILED).update(
            state=MailState.WAITING, tries=0, next_at=at, error=""
        )
        if again:
            audit.Recorder(by=by, at=at).note(
                action=audit.AuditAction.UPDATE, subject=None, subject_name="消息邮件", after={"重新发送": again}
            )
    return again


def _send(key: int, connection: BaseEmailBackend, *, clock: Callable[[], datetime]) -> MailState:
    """Take the mail, put it into words, send it; the state it is in afterwards."""
    taken = NoticeMail.objects.filter(pk=key, state=MailState.WAITING).update(
        state=MailState.SENDING, tries=F("tries") + 1, next_at=clock()
    )
    if not taken:
        return MailState.DROPPED
    mail = NoticeMail.objects.select_related("recipient").get(pk=key)
    words = mail_text(mail)
    if words is None:
        return _leave(mail, state=MailState.DROPPED)
    message = EmailMessage(words.subject, words.body, to=[mail.recipient.email], connection=connection)
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)
        return _failed(mail, error, at=clock())
    return _leave(mail, state=MailState.SENT, sent_at=clock(), error="")


def _failed(mail: NoticeMail, error: Exception, *, at: datetime) -> MailState:
    """Wait for the next try, or give up and tell the operators; an address that is refused is not tried again."""
    reason = _reason(error)
    is_hopeless = isinstance(error, smtplib.SMTPRecipientsRefused)
    if not is_hopeless and mail.tries <= len(PAUSES):
        return _leave(mail, state=MailState.WAITING, next_at=at + PAUSES[mail.tries - 1], error=reason)
    _leave(mail, state=MailState.FAILED, error=reason)
    _tell_operators(mail, at=at)
    return MailState.FAILED


def _give_up_lost(*, at: datetime) -> None:
    lost = NoticeMail.objects.filter(state=MailState.SENDING, next_at__lt=at - LOST).select_related("recipient")
    for mail in list(lost):
        _leave(mail, state=MailState.FAILED, error="发送时程序中断，不能确定是否送达。")
        _tell_operators(mail, at=at)


def _leave(mail: NoticeMail, **fields: object) -> MailState:
    """Save what became of a mail that this process has taken."""
    NoticeMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(**fields)
    for name, value in fields.items():
        setattr(mail, name, value)
    return MailState(mail.state)


def _tell_operators(mail: NoticeMail, *, at: datetime) -> None:
    """Once a day, whatever the number of mails; the list of mails has them all."""
    day = timezone.localtime(at).date()
    operators = Membership.objects.current(day).filter(role=Role.OPERATOR).values_list("user_id", flat=True)
    notify(
        kind=MAIL_FAILED.key,
        recipients=set(operators),
        title="有消息邮件没有送出",
        text=f"发给{mail.recipient}的邮件没有送出：{mail.error}其余见“邮件发送”。",
        link=reverse("bureau:notice-mail-list") + "?state=failed",
        subject_id=mail.pk,
        key=day.isoformat(),
        at=at,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "邮件服务器不接受这个邮箱地址。"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "邮件服务器不接受所设的账号或密码。"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "邮件服务器不接受所设的发件地址。"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器拒绝发送（代码 {error.smtp_code}）。"
    return "没有连上邮件服务器。"
