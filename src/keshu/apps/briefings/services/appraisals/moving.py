"""An appraisal on its way: shown to the scored, returned, released, its release withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import Appraisal
from keshu.apps.briefings.services.appraisals import telling
from keshu.apps.briefings.services.appraisals.lifecycle import Move, check, held
from keshu.apps.briefings.services.appraisals.reckoning import counted_until, digest_of, reckon
from keshu.apps.bureau.services import Unacceptable, audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_REASON = 400


@transaction.atomic
def show_appraisal(appraisal: Appraisal, *, version: int, by: User, at: datetime) -> Appraisal:
    """公示: reckoned once more, then every scored organisation sees its own sheet and is told so. Planning office, leaders."""
    row = held(appraisal.pk, version=version)
    reckon(row, at=at)
    row = _move(row, Move.SHOW, by=by, at=at, shown_at=at, remark="")
    telling.tell_shown(row, by=by, at=at)
    return row


@transaction.atomic
def return_appraisal(appraisal: Appraisal, *, why: str, by: User, at: datetime) -> Appraisal:
    """Back to trial with a reason; the scored no longer see their sheets."""
    return _move(held(appraisal.pk), Move.RETURN, why=why, by=by, at=at, remark=_reason(why))


@transaction.atomic
def release_appraisal(appraisal: Appraisal, *, version: int, by: User, at: datetime) -> Appraisal:
    """公布: reckoned a last time and frozen with its scheme under a digest; all of government sees the ranking. Leaders.

    Unacceptable while an objection waits for its answer.
    """
    row = held(appraisal.pk, version=version)
    check(Move.RELEASE, row, user=by)
    reckon(row, at=at)
    until = counted_until(row, at=at)
    row = _move(
        row, Move.RELEASE, by=by, at=at, until=until, digest=digest_of(row, until=until), released_by=by, released_at=at,
        remark="",
    )  # fmt: skip
    telling.tell_released(row, by=by, at=at)
    return row


@transaction.atomic
def withdraw_release(appraisal: Appraisal, *, why: str, by: User, at: datetime) -> Appraisal:
    """撤回公布: back to the showing with a reason, to be put right and released again; the scored are told. Leaders.

    The trail keeps who released it and when.
    """
    row = _move(
        held(appraisal.pk), Move.WITHDRAW, why=why, by=by, at=at, digest="", released_by=None, released_at=None,
        remark=_reason(why),
    )  # fmt: skip
    telling.tell_withdrawn(row, why=row.remark, by=by, at=at)
    return row


def _reason(why: str) -> str:
    reason = why.strip()
    if len(reason) > LONGEST_REASON:
        raise Unacceptable(f"理由有 {len(reason)} 字，最多 {LONGEST_REASON} 字。", field="why")
    return reason


def _move(row: Appraisal, name: Move, *, why: str = "", by: User, at: datetime, **fields: Any) -> Appraisal:
    declared = check(name, row, user=by, why=why)
    return audit.Recorder(by=by, at=at, why=why.strip()).update(
        row, organisation=row.organisation_id, state=declared.target, version=row.version + 1, **fields
    )
