"""A token's end before its day: its person revokes it, or it falls with the account or the sign-in it was made by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import AccessToken
from keshu.apps.bureau.services import audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def revoke_token(row: AccessToken, *, by: User, at: datetime) -> AccessToken:
    """One's own token holds no longer; one that is revoked stays as it is."""
    with transaction.atomic():
        held = AccessToken.objects.visible_to(by).select_for_update().get(pk=row.pk)
        if held.revoked_at is None:
            audit.Recorder(by=by, at=at, why="停用令牌").update(held, organisation=_seat(by), revoked_at=at)
    return held


def revoke_after(person: User, *, by: User | None, at: datetime, why: str) -> int:
    """All of a person's tokens hold no longer, as a consequence of something that was allowed; returns how many."""
    with transaction.atomic():
        rows = list(AccessToken.objects.select_for_update().filter(user=person).live(at))
        log = audit.Recorder(by=by, at=at, why=why)
        log.update_each([(row, {"revoked_at": at}) for row in rows], organisation=lambda row: _seat(person))
    return len(rows)


def _seat(user: User) -> int | None:
    return min(user.scope.organisation_ids, default=None)
