"""Bulletins on their way out: submitted, returned, released under the year's next number, withdrawn."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from keshu.apps.briefings.models import Bulletin
from keshu.apps.briefings.services.bulletins import telling
from keshu.apps.briefings.services.bulletins.drafting import held, must_be_as_read
from keshu.apps.briefings.services.bulletins.lifecycle import Move, check
from keshu.apps.briefings.services.bulletins.words import reproduced
from keshu.apps.briefings.services.composing.passages import to_json
from keshu.apps.bureau.services import Unacceptable, audit, trail

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_REASON = 400


@transaction.atomic
def submit_bulletin(bulletin: Bulletin, *, version: int, by: User, at: datetime) -> Bulletin:
    """Hand it to the leader. Editors."""
    row = _move(bulletin, Move.SUBMIT, version=version, by=by, at=at, submitted_by=by, submitted_at=at)
    telling.tell_submitted(row, by=by, at=at)
    return row


@transaction.atomic
def return_bulletin(bulletin: Bulletin, *, why: str, by: User, at: datetime) -> Bulletin:
    """Back to the desk with a reason."""
    row = _move(bulletin, Move.RETURN, why=why, by=by, at=at, remark=why.strip())
    telling.tell_returned(row, why=row.remark, by=by, at=at)
    return row


@transaction.atomic
def release_bulletin(bulletin: Bulletin, *, version: int, by: User, at: datetime) -> Bulletin:
    """Give it the year's next number and freeze its words with the data they were made of. Leaders; a county's clerk."""
    row = held(bulletin.pk)
    check(Move.RELEASE, row, user=by)
    must_be_as_read(row, version)
    trail.hold_head()  # whoever else releases waits here, so that no number is given twice or left out
    composed = reproduced(row)
    text = composed.plain
    same = Bulletin.objects.filter(organisation=row.organisation_id, kind=row.kind, year=row.year)
    last = same.aggregate(last=Max("number"))["last"] or 0
    row = _move(
        row, Move.RELEASE, by=by, at=at, number=last + 1, content=to_json(composed), text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(), released_by=by, released_at=at,
    )  # fmt: skip
    telling.tell_released(row, by=by, at=at)
    return row


@transaction.atomic
def withdraw_bulletin(bulletin: Bulletin, *, why: str, by: User, at: datetime) -> Bulletin:
    """Say that it no longer holds; it stays readable, marked so, with the reason."""
    row = _move(bulletin, Move.WITHDRAW, why=why, by=by, at=at, remark=why.strip())
    telling.tell_withdrawn(row, why=row.remark, by=by, at=at)
    return row


@transaction.atomic
def discard_bulletin(bulletin: Bulletin, *, by: User, at: datetime) -> Bulletin:
    """A draft that is not needed; it stays in the history."""
    return _move(bulletin, Move.DISCARD, by=by, at=at)


def _move(
    bulletin: Bulletin, name: Move, *, version: int | None = None, why: str = "", by: User, at: datetime, **fields: Any
) -> Bulletin:
    if len(why.strip()) > LONGEST_REASON:
        raise Unacceptable(f"说明有 {len(why.strip())} 字，最多 {LONGEST_REASON} 字。", field="why")
    row = held(bulletin.pk)
    declared = check(name, row, user=by, why=why)
    if version is not None:
        must_be_as_read(row, version)
    log = audit.Recorder(by=by, at=at, why=why.strip())
    return log.update(row, organisation=row.organisation_id, state=declared.target, version=row.version + 1, **fields)
