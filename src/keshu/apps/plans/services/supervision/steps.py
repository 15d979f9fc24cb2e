"""The one way a notice changes: looked up under a lock, checked against the declared way, recorded, written into its course."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import SupervisionNotice, SupervisionStep
from keshu.apps.plans.services.supervision.lifecycle import Move, check
from keshu.apps.plans.signals import supervision_changed

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_REASON = 400


def held(notice_id: int) -> SupervisionNotice:
    """The notice as it stands now, nobody else changing it until the transaction ends."""
    rows = SupervisionNotice.objects.select_for_update(of=("self",)).select_related("issuer", "addressee")
    return rows.get(pk=notice_id)


def move(
    notice: SupervisionNotice,
    name: Move,
    *,
    by: User,
    at: datetime,
    why: str = "",
    text: str = "",
    due_to: date | None = None,
    **fields: Any,
) -> tuple[SupervisionNotice, SupervisionStep]:
    """Go a declared way (Refused, Unacceptable) inside the caller's transaction; the notice and the step in its course."""
    why = reason(why)
    row = held(notice.pk)
    declared = check(name, row, user=by, why=why)
    if declared.target:
        fields["state"] = declared.target
    due_from = row.due_on if due_to is not None else None
    if due_to is not None:
        fields["due_on"] = due_to
    log = audit.Recorder(by=by, at=at, why=why)
    log.update(row, organisation=row.issuer_id, **fields)
    step = SupervisionStep(
        notice=row, label=declared.label, text=text or why, by=by, at=at, due_from=due_from, due_to=due_to
    )
    log.create(step, organisation=row.issuer_id)
    tell_others(row, by=by, at=at)
    return row, step


def tell_others(row: SupervisionNotice, *, by: User | None, at: datetime) -> None:
    """Other rooms hear that a notice changed; inside the transaction."""
    supervision_changed.send(
        sender=SupervisionNotice, notice_id=row.pk, state=str(row.state), addressee_id=row.addressee_id,
        issue_id=row.issue_id, by_id=None if by is None else by.pk, at=at,
    )  # fmt: skip


def reason(text: str) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST_REASON:
        raise Unacceptable(f"说明有 {len(text)} 字，最多 {LONGEST_REASON} 字。", field="why")
    return text


def coming_day(due_on: date, *, on: date) -> date:
    """The deadline itself; Unacceptable when it is past."""
    if due_on < on:
        raise Unacceptable(f"办理时限 {due_on:%Y-%m-%d} 已经过去，请填今天或以后的日期。", field="due_on")
    return due_on
