"""Filling a form: saved as a draft as often as one likes, filed to the signer, taken back before it is signed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import CheckIn, CheckInState
from keshu.apps.plans.permissions import COUNTY_KINDS, signing_roles
from keshu.apps.plans.services.checkins import checkin_notices
from keshu.apps.plans.services.checkins.contents import Contents, acceptable, check_complete
from keshu.apps.plans.services.checkins.states import Move, allowed, locked, pass_to
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.apps.plans.signals import check_in_filed, check_in_signed

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def save_check_in(
    check_in: CheckIn,
    *,
    version: int | None,
    progress: str,
    percent: int | None,
    value: Decimal | None,
    problems: str,
    help_needed: str,
    by: User,
    at: datetime,
) -> CheckIn:
    """Keep what is written so far; the form stays with the office, nobody else sees it.

    The organisation's people (Refused). ChangedMeanwhile when `version` is no longer the row's (None: not compared);
    Unacceptable for a figure that cannot be kept, once the form is filed, the round closed or the plan out of force.
    """
    written = Contents(progress, percent, value, problems, help_needed)
    with transaction.atomic():
        row = locked(check_in)
        allowed(row, Move.SAVE, by=by)
        _write(row, written, version=version, by=by, at=at)
    return row


def file_check_in(
    check_in: CheckIn,
    *,
    version: int | None,
    progress: str,
    percent: int | None,
    value: Decimal | None,
    problems: str,
    help_needed: str,
    by: User,
    at: datetime,
) -> CheckIn:
    """Save and hand to the signer; where the filer signs for the office, or nobody else there could, it is signed at once.

    As `save_check_in`; Unacceptable also while nothing is said that can be signed.
    """
    written = Contents(progress, percent, value, problems, help_needed)
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.FILE, by=by)
        check_complete(_write(row, written, version=version, by=by, at=at), check_in=row)
        pass_to(row, declared.target, by=by, at=at, filed_by=by, filed_at=at, signed_by=None, signed_at=None)
        check_in_filed.send(sender=CheckIn, **announced(row), by_id=by.pk, at=at)
        if signs_by_filing(row, by=by, at=at):
            mark_signed(row, by=by, at=at)
        else:
            checkin_notices.tell_waiting(row, by=by, at=at)
    return row


def recall_check_in(check_in: CheckIn, *, by: User, at: datetime) -> CheckIn:
    """Take a filed form back before it is signed. The organisation's people (Refused)."""
    with transaction.atomic():
        row = locked(check_in)
        declared = allowed(row, Move.RECALL, by=by)
        pass_to(row, declared.target, by=by, at=at, filed_by=None, filed_at=None)
    return row


def signs_by_filing(check_in: CheckIn, *, by: User, at: datetime) -> bool:
    """Whether filing is signing: the office's head files, or the organisation has nobody else to sign."""
    organisation = check_in.organisation
    signers = {
        person.id for person in people_of([organisation.pk], on=local_day(at), roles=signing_roles(organisation))
    }
    if organisation.kind in COUNTY_KINDS:
        return not signers - {by.pk}
    return not signers or by.pk in signers


def mark_signed(check_in: CheckIn, *, by: User, at: datetime) -> None:
    """The form counts from now on. For use inside a transaction, on a locked row."""
    pass_to(check_in, CheckInState.SIGNED, by=by, at=at, signed_by=by, signed_at=at, remark="")
    check_in_signed.send(sender=CheckIn, **announced(check_in), by_id=by.pk, at=at)


def announced(check_in: CheckIn) -> dict[str, int | None]:
    """What signals say of a check-in."""
    return {
        "check_in_id": check_in.pk,
        "plan_id": check_in.round.plan_id,
        "target_id": check_in.target_id,
        "node_id": check_in.node_id,
    }


def _write(check_in: CheckIn, written: Contents, *, version: int | None, by: User, at: datetime) -> Contents:
    """Save and record what differs; a form that stays as it is keeps its version."""
    if version is not None and version != check_in.version:
        raise ChangedMeanwhile(
            f"“{check_in}”在您打开之后已被修改（现为{check_in.get_state_display()}）。您的内容没有保存，请刷新后再填。"
        )
    clean = acceptable(written, check_in=check_in)
    fields = clean.fields()
    if any(getattr(check_in, name) != value for name, value in fields.items()):
        log = audit.Recorder(by=by, at=at)
        log.update(check_in, organisation=check_in.organisation_id, version=check_in.version + 1, **fields)
    return clean
