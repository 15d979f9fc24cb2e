"""Where people are signed in, and ending it. A browser's session is a row of Django's table; deleting that row signs it out.

Only the hash of a session key is kept here: whoever reads this table cannot take a session over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from keshu.apps.bureau.models import AuditAction, SignInSession, User
from keshu.apps.bureau.permissions import can_end_sessions
from keshu.apps.bureau.queries.devices import Browser, hash_of
from keshu.apps.bureau.services import audit

if TYPE_CHECKING:
    from django.db.models import QuerySet


def begin_session(person: User, *, browser: Browser, at: datetime) -> SignInSession:
    """Note a sign-in, and forget the sessions that ran out."""
    with transaction.atomic():
        forget_expired(at=at)
        return touch_session(person, browser=browser, at=at)


def touch_session(person: User, *, browser: Browser, at: datetime) -> SignInSession:
    """Note that the browser is in use. A session from before this table existed is entered now."""
    seen = {"user": person, "device": browser.device[:80], "address": browser.address[:45], "seen_at": at}
    row, _ = SignInSession.objects.update_or_create(
        key_hash=hash_of(browser.key), defaults=seen, create_defaults={**seen, "started_at": at}
    )
    return row


def follow_session(*, old_key: str, new_key: str) -> None:
    """The browser goes on under a new key."""
    SignInSession.objects.filter(key_hash=hash_of(old_key)).update(key_hash=hash_of(new_key))


def forget_session(key: str) -> None:
    """The browser signed out by itself, which is recorded as such."""
    SignInSession.objects.filter(key_hash=hash_of(key)).delete()


def forget_expired(*, at: datetime) -> int:
    """Delete the sessions that ended by themselves; returns how many of the table here."""
    Session.objects.filter(expire_date__lt=at).delete()
    limit = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SignInSession.objects.filter(seen_at__lt=limit).delete()[0]


def end_session(row: SignInSession, *, by: User, at: datetime) -> None:
    """Sign one browser out. One's own; the operator anybody's."""
    can_end_sessions(by, row.user)
    _end(SignInSession.objects.filter(pk=row.pk), person=row.user, by=by, at=at, why="")


def end_sessions(person: User, *, by: User, at: datetime, but_key: str = "", why: str = "") -> int:
    """Sign all browsers of a person out, except the one with `but_key`; returns how many. One's own; the operator anybody's."""
    can_end_sessions(by, person)
    return end_after(person, by=by, at=at, but_key=but_key, why=why)


def end_after(person: User, *, by: User, at: datetime, why: str, but_key: str = "") -> int:
    """The same as a consequence of something that was allowed, such as a new password or an account switched off."""
    rows = SignInSession.objects.filter(user=person).other_than(hash_of(but_key))
    return _end(rows, person=person, by=by, at=at, why=why)


def _end(rows: QuerySet[SignInSession], *, person: User, by: User, at: datetime, why: str) -> int:
    with transaction.atomic():
        ended = list(rows)
        if not ended:
            return 0
        _sign_out({row.key_hash for row in ended})
        SignInSession.objects.filter(pk__in=[row.pk for row in ended]).delete()
        seat = min(person.scope.organisation_ids, default=None)
        where = "；".join(f"{row.device} {row.address}".strip() for row in ended)
        log = audit.Recorder(by=by, at=at, why=why)
        log.note(action=AuditAction.SIGN_OUT, subject=person, organisation=seat, after={"结束的登录": where})
        return len(ended)


def _sign_out(hashes: Collection[str]) -> None:
    """Delete the browsers' sessions. Their keys are found by hashing those there are: a bureau has some thousands."""
    keys = [key for key in Session.objects.values_list("session_key", flat=True) if hash_of(key) in hashes]
    Session.objects.filter(session_key__in=keys).delete()
