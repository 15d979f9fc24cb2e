"""Anchors of the trail: kept, sent away, and the head signed anew when the site's key has changed."""

from __future__ import annotations

from datetime import date, datetime
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from keshu.apps.bureau.models import Organisation, OrganisationKind, Role, TrailAnchor, TrailHead, User
from keshu.apps.bureau.models.trail import HEAD
from keshu.apps.bureau.permissions import can_keep_anchor
from keshu.apps.bureau.queries.trail import verify_trail
from keshu.apps.bureau.services import audit, trail
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from collections.abc import Sequence


def keep_anchor(*, by: User | None, at: datetime, on: date) -> TrailAnchor:
    """Keep how far the trail is now. The operator; `by` None: the command line. One a day is enough, a second is no harm.

    Where nothing was written since the last anchor of that day, that one is given. Unacceptable while the trail is empty.
    """
    if by is not None:
        can_keep_anchor(by)
    with transaction.atomic():
        head = trail.hold_head()
        if not head.number:
            raise Unacceptable("还没有办理记录，不必留存锚点。")
        last = TrailAnchor.objects.filter(on=on).first()
        if last is not None and head.number <= last.number + 1:  # only its own entry has followed
            return last
        anchor = TrailAnchor(on=on, at=at, number=head.number, algorithm=head.algorithm, digest=head.digest)
        anchor.sign()
        return audit.Recorder(by=by, at=at).create(anchor)


def mail_anchor(anchor: TrailAnchor) -> list[str]:
    """Send the anchor to those who keep it elsewhere; returns the addresses.

    They are those of ``KESHU_AUDIT_MAIL``, else of the auditors. Unacceptable without a mail server or an address.
    """
    if not settings.EMAIL_HOST:
        raise Unacceptable("没有设置发信服务器（KESHU_MAIL_HOST），锚点没有寄出。")
    addresses = settings.AUDIT_MAIL or _auditors(on=anchor.on)
    if not addresses:
        raise Unacceptable("没有收件人：请设置 KESHU_AUDIT_MAIL，或为审计监督人员填写邮箱。")
    try:
        send_mail(f"办理记录锚点 {anchor.on:%Y-%m-%d}", anchor_text(anchor), None, addresses)
    except (OSError, SMTPException) as error:
        raise Unacceptable(
            f"锚点没有寄出，发信服务器没有接受（{type(error).__name__}）。请检查 KESHU_MAIL_ 各项设置。"
        ) from None
    return list(addresses)


def anchor_text(anchor: TrailAnchor) -> str:
    """The anchor with what its keeper must know, as it is mailed and shown on the command line."""
    bureau = Organisation.objects.filter(kind=OrganisationKind.BUREAU).order_by("pk").first()
    return (
        f"{bureau.name if bureau else '本系统'}办理记录锚点\n\n{anchor.line}\n\n"
        f"到 {anchor.on:%Y-%m-%d} 为止共 {anchor.number} 条办理记录，最后一条的摘要（{anchor.algorithm.upper()}）如上。\n"
        "请把这一行保存在服务器以外。核对时把它存成文件，运行 keshu audit verify --anchor 文件。"
    )


def seal_again(*, why: str, at: datetime) -> None:
    """Sign head and anchors with the present key, when every hash agrees. From the command line; a reason is required."""
    if not why.strip():
        raise Unacceptable("请写明重新签名的原因，例如：更换服务器密钥。")
    fault = next((each for each in verify_trail().faults if not each.is_signature), None)
    if fault is not None:
        raise Unacceptable(f"办理记录本身不相符，不能重新签名：{fault.message}")
    with transaction.atomic():
        trail.hold_head()
        TrailHead.objects.filter(pk=HEAD).update(unsigned_until=0)
        sign_with_this_key()
        audit.Recorder(by=None, at=at, why=why).note(
            action=audit.AuditAction.UPDATE, subject=None, subject_name="办理记录链重新签名"
        )


def sign_with_this_key() -> None:
    """Sign head and anchors as they stand; the caller has seen that the hashes agree."""
    rows: Sequence[TrailHead | TrailAnchor] = [*TrailHead.objects.filter(pk=HEAD), *TrailAnchor.objects.all()]
    for row in rows:
        row.sign()
        row.save(force_update=True)


def _auditors(*, on: date) -> list[str]:
    people = User.objects.filter(is_active=True, memberships__role=Role.AUDITOR).exclude(email="").distinct()
    return [person.email for person in people if person.memberships.current(on).filter(role=Role.AUDITOR).exists()]
