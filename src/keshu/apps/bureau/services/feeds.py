"""日历订阅: a person makes, renews and revokes the secret address of their own deadlines."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import CalendarFeed
from keshu.apps.bureau.queries.feeds import hash_of
from keshu.apps.bureau.services import audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def make_feed(*, by: User, at: datetime) -> str:
    """A new address for oneself; the one of before holds no longer. Returns its secret, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        log = audit.Recorder(by=by, at=at)
        row = CalendarFeed.objects.select_for_update().filter(user=by).first()
        if row is None:
            log.create(CalendarFeed(user=by, token_hash=hash_of(token), made_at=at), organisation=_seat(by))
        else:
            log.update(row, organisation=_seat(by), token_hash=hash_of(token), made_at=at)
    return token


def revoke_feed(*, by: User, at: datetime) -> bool:
    """One's own address holds no longer; False where there was none."""
    with transaction.atomic():
        row = CalendarFeed.objects.select_for_update().filter(user=by).first()
        if row is not None:
            audit.Recorder(by=by, at=at).delete(row, organisation=_seat(by))
    return row is not None


def _seat(user: User) -> int | None:
    return min(user.scope.organisation_ids, default=None)
