"""Files that show what a check-in says (佐证材料). Who may read the check-in may read them."""

from __future__ import annotations

from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.attachments import discard_upload, store_upload
from keshu.apps.plans.models import CheckIn, Evidence
from keshu.apps.plans.services.checkins.states import Move, allowed, locked

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def attach_evidence(check_in: CheckIn, *, file: IO[bytes] | Any, name: str, by: User, at: datetime) -> Evidence:
    """Add a file while the form can be written. The organisation's people (Refused); Unacceptable as for any upload."""
    with transaction.atomic():
        allowed(locked(check_in), Move.SAVE, by=by)
    attachment = store_upload(file=file, name=name, organisation=check_in.organisation, by=by, at=at)
    try:
        with transaction.atomic():
            row = locked(check_in)
            allowed(row, Move.SAVE, by=by)
            evidence = Evidence(check_in=row, attachment=attachment)
            return audit.Recorder(by=by, at=at).create(evidence, organisation=row.organisation_id)
    except Exception:
        discard_upload(attachment, why="填报已不能修改", by=by, at=at)
        raise


def remove_evidence(evidence: Evidence, *, by: User, at: datetime) -> None:
    """Take a file off a form that can still be written; the upload itself stays. The organisation's people (Refused)."""
    with transaction.atomic():
        row = locked(evidence.check_in)
        allowed(row, Move.SAVE, by=by)
        audit.Recorder(by=by, at=at).delete(evidence, organisation=row.organisation_id)
