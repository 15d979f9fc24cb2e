"""The second factor at sign-in: a six-digit code by the clock (TOTP, RFC 6238), and recovery codes for days without it.

A code counts in its window of 30 seconds and the two beside it, once. Five wrong ones in a row close the door for ten minutes.
The trail says that it was switched on or off, reset, or that a recovery code was used; it never holds a secret or a code.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pyotp
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.models import AuditAction, RecoveryCode, Role, SecondFactor, User
from keshu.apps.bureau.permissions import can_reset_second_factor, must_have_second_factor
from keshu.apps.bureau.services import audit, sealing, sign_in_sessions, token_ends
from keshu.apps.bureau.services.refusals import Refused, Unacceptable

ISSUER = "科枢"
PERIOD = 30  # seconds, RFC 6238, 4.1
WINDOW = 1  # windows before and after the present one, RFC 6238, 5.2
MOST_WRONG = 5
LOCK = timedelta(minutes=10)
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 random bits: the hash needs neither salt nor stretching
NAME = "两步验证"
T = TypeVar("T")
WRONG = "验证码不对。请输入手机上正在显示的 6 位数字；手机时间要设为自动。"

SPENT = "这个恢复码已经用过，每个只能用一次。请换一个没有用过的，或输入手机上的 6 位数字。"


def check_roles() -> None:
    """Refuse to start with a role in KESHU_TOTP_ROLES that there is not: nobody would have to use the second factor."""
    unknown = sorted(settings.TOTP_ROLES - set(Role.values))
    if unknown:
        raise ImproperlyConfigured(
            f"KESHU_TOTP_ROLES names {', '.join(unknown)}; the roles are {', '.join(Role.values)}"
        )


def provisioning(person: User) -> tuple[str, str]:
    """The secret being set up and the address that an authenticator reads from the QR code. Unacceptable when none is."""
    row = SecondFactor.objects.filter(user=person, confirmed_at__isnull=True).exclude(secret="").first()
    if row is None:
        raise Unacceptable("还没有开始设置两步验证，请先点“开始设置”。")
    secret = _secret(row)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=person.username, issuer_name=ISSUER)


def begin(person: User, *, at: datetime) -> None:
    """Draw a new secret, which counts once a code confirms it. Unacceptable while one is on."""
    with transaction.atomic():
        row, _ = SecondFactor.objects.select_for_update().get_or_create(user=person)
        if row.is_on:
            raise Unacceptable("两步验证已经启用。要换手机，请先关闭，再重新启用。")
        if not row.is_locked(at):
            row.wrong_count, row.locked_until = 0, None
        row.secret, row.last_step = sealing.seal(pyotp.random_base32()), 0
        row.save()


def confirm(person: User, *, code: str, at: datetime) -> tuple[str, ...]:
    """Switch it on with a first code; returns the recovery codes, which nobody can read again."""

    def passes(row: SecondFactor) -> tuple[str, ...] | None:
        if row.is_on or not row.secret:
            raise Unacceptable("没有正在设置的两步验证，请重新开始。")
        if not _accepts(row, code, at=at):
            return None
        row.confirmed_at, row.reset_at, row.is_told = at, None, True
        _note(person, "已启用", by=person, at=at)
        return _new_codes(person)

    return _attempt(person, at=at, passes=passes)


def verify(person: User, *, code: str, at: datetime) -> User:
    """Let somebody pass by a code of the authenticator or a recovery code. Unacceptable: wrong, used, or locked."""

    def passes(row: SecondFactor) -> bool | None:
        if not row.is_on:
            raise Unacceptable("这个账号没有启用两步验证。")
        return _accepts(row, code, at=at) or _uses_recovery_code(person, code, at=at) or None

    spent = RecoveryCode.objects.filter(user=person, used_at__isnull=False, code_hash=_hash(person, code)).exists()
    _attempt(person, at=at, passes=passes, wrong=Unacceptable(SPENT, field="code") if spent else None)
    return person


def renew_recovery_codes(person: User, *, code: str, at: datetime) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones no longer work. Asks for a code."""
    verify(person, code=code, at=at)
    with transaction.atomic():
        _note(person, "重新生成了恢复码", by=person, at=at)
        return _new_codes(person)


def switch_off(person: User, *, password: str, code: str, at: datetime) -> User:
    """Switch one's own off, by password and code. Refused where the role must have it."""
    if must_have_second_factor(person):
        raise Refused("您的角色必须使用两步验证，不能关闭。换手机请联系系统管理员重设。")
    if not person.check_password(password):
        # Counted like a wrong code, or a session left open would be a place to guess the password.
        _attempt(person, at=at, passes=lambda row: None, wrong=Unacceptable("密码不对，请重新输入。", field="password"))
    verify(person, code=code, at=at)
    with transaction.atomic():
        _note(person, "已关闭", by=person, at=at)
        RecoveryCode.objects.filter(user=person).delete()
        SecondFactor.objects.filter(user=person).delete()
    return person


def reset(person: User, *, by: User, at: datetime, why: str) -> User:
    """Take somebody's second factor away (telephone lost), end their sessions and tokens, and leave word for their next sign-in.

    The operator alone, never their own; a reason is required.
    """
    can_reset_second_factor(by, person)
    if not why.strip():
        raise Unacceptable("请写明重设的原因，例如：手机遗失，本人来电核实。", field="why")
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(user=person, confirmed_at__isnull=False).first()
        if row is None:
            raise Unacceptable(f"{person}没有启用两步验证，不需要重设。")
        row.secret, row.confirmed_at, row.last_step, row.wrong_count, row.locked_until = "", None, 0, 0, None
        row.reset_at, row.is_told = at, False
        row.save()
        RecoveryCode.objects.filter(user=person).delete()
        _note(person, "已重设", by=by, at=at, why=why)
        sign_in_sessions.end_after(person, by=by, at=at, why="重设两步验证")
        token_ends.revoke_after(person, by=by, at=at, why="重设两步验证")
    return person


def tell_reset(person: User) -> datetime | None:
    """When the operator reset it, said once; None when there is nothing to say."""
    row = SecondFactor.objects.filter(user=person, is_told=False).first()
    if row is None:
        return None
    SecondFactor.objects.filter(pk=row.pk).update(is_told=True)
    return row.reset_at


def _attempt(
    person: User, *, at: datetime, passes: Callable[[SecondFactor], T | None], wrong: Unacceptable | None = None
) -> T:
    """What `passes` gives for one try, or a refusal where it gives None. The count is saved before the refusal is told."""
    refusal = None
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(user=person).first()
        if row is None:
            raise Unacceptable("这个账号没有启用两步验证。")
        if row.is_locked(at):
            raise _locked(row)
        given = passes(row)
        if given is None:
            refusal = _counted(row, at=at) or wrong or Unacceptable(WRONG, field="code")
        else:
            row.wrong_count, row.locked_until = 0, None
        row.save()
    if given is None:
        raise refusal or Unacceptable(WRONG, field="code")
    return given


def _counted(row: SecondFactor, *, at: datetime) -> Unacceptable | None:
    """Count a wrong try; the refusal that says so when it was the last."""
    row.wrong_count += 1
    is_last = row.wrong_count >= MOST_WRONG
    if is_last:
        row.wrong_count, row.locked_until = 0, at + LOCK
    log = audit.Recorder(by=None, at=at, why="连续输错验证码，已暂停" if is_last else "验证码不对")
    log.note(action=AuditAction.SIGN_IN_REFUSED, subject=row.user, organisation=_seat(row.user))
    return _locked(row) if is_last else None


def _locked(row: SecondFactor) -> Unacceptable:
    ends = timezone.localtime(row.locked_until)
    # Rounded up, so that the time shown is never a minute too early.
    until = f"{ends + timedelta(seconds=59):%H:%M}"
    return Unacceptable(f"连续 {MOST_WRONG} 次输错，两步验证已暂停。请在 {until} 之后再试。", field="code")


def _accepts(row: SecondFactor, code: str, *, at: datetime) -> bool:
    """Whether it is the code of a window near `at` that was not used yet; that window is then used."""
    digits = _plain(code)
    totp, now = pyotp.TOTP(_secret(row), interval=PERIOD), int(at.timestamp()) // PERIOD
    for step in range(now - WINDOW, now + WINDOW + 1):
        if step > row.last_step and secrets.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            row.last_step, row.secret = step, sealing.sealed_anew(row.secret)
            return True
    return False


def _uses_recovery_code(person: User, code: str, *, at: datetime) -> bool:
    fresh = RecoveryCode.objects.filter(user=person, used_at__isnull=True)
    if not fresh.filter(code_hash=_hash(person, code)).update(used_at=at):
        return False
    _note(person, f"使用了恢复码，还剩 {fresh.count()} 个", by=person, at=at)
    return True


def _new_codes(person: User) -> tuple[str, ...]:
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=person, code_hash=_hash(person, code)) for code in codes)
    return tuple(grouped(code, "-") for code in codes)


def grouped(text: str, mark: str = " ") -> str:
    """In groups of four, as one reads it off a screen."""
    return mark.join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash(person: User, code: str) -> str:
    return hashlib.sha256(f"{person.pk}:{_plain(code)}".encode()).hexdigest()


def _plain(code: str) -> str:
    """What was typed, without blanks and hyphens, in capitals; full-width signs as half-width ones."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", code).upper())


def _secret(row: SecondFactor) -> str:
    try:
        return sealing.unseal(row.secret)
    except sealing.Unreadable:
        raise Unacceptable("系统密钥已更换，读不出这个账号的两步验证。请联系系统管理员重设。", field="code") from None


def _note(person: User, what: str, *, by: User, at: datetime, why: str = "") -> None:
    log = audit.Recorder(by=by, at=at, why=why)
    log.note(action=AuditAction.UPDATE, subject=person, organisation=_seat(person), after={NAME: what})


def _seat(person: User) -> int | None:
    return min(person.scope.organisation_ids, default=None)
