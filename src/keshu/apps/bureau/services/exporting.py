"""Taking data out of the site is recorded: who, when, which ledger under which conditions, which file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from keshu.apps.bureau.models import AuditAction
from keshu.apps.bureau.services import audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User


def record_export(*, title: str, ledger: str, query: str, by: User, at: datetime) -> None:
    """Whoever may see the rows may take them; the caller has narrowed them to those."""
    audit.Recorder(by=by, at=at).note(
        action=AuditAction.EXPORT,
        subject=None,
        subject_name=title,
        organisation=min(by.scope.organisation_ids, default=None),
        after={"台账": ledger, "条件": query[:1000]},
    )


def record_download(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Whoever may see the file may take it; the caller has checked that."""
    audit.Recorder(by=by, at=at).note(
        action=AuditAction.DOWNLOAD,
        subject=attachment,
        organisation=None if attachment.is_private else attachment.organisation_id,
    )
