"""What happens to an issue between being raised and being closed; each move is checked, recorded and told in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import Unacceptable, audit, trail
from keshu.apps.bureau.services.attachments import discard_upload, store_upload
from keshu.apps.bureau.services.lifecycle import check, transition
from keshu.apps.plans.models import Issue, Proof, Verdict
from keshu.apps.plans.permissions.issues import can_assign_to
from keshu.apps.plans.services.issues import telling
from keshu.apps.plans.services.issues.lifecycle import IssueMove, issue_transitions
from keshu.apps.plans.services.issues.raising import checked_due, checked_duty, checked_text, locked
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.signals import issue_changed

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, Organisation, User

MOST_FILES = 10
LONGEST_VERDICT = 400


@transaction.atomic
def assign_issue(
    issue: Issue, *, owner: Organisation | None, measure: str, due_on: date | None, by: User, at: datetime
) -> Issue:
    """Say who answers for it, by which measure and day. Leaders and planning office; the raiser's side within itself."""
    row = _begin(issue, IssueMove.ASSIGN, by=by, at=at)
    owner, measure, due_on = checked_duty(owner, measure, due_on, at=at)
    can_assign_to(by, row, owner)
    _end(row, IssueMove.ASSIGN, by=by, at=at, owner=owner, measure=measure, due_on=due_on)
    telling.tell_assigned(row, by=by, at=at)
    return row


@transaction.atomic
def reassign_issue(
    issue: Issue, *, owner: Organisation | None, measure: str, due_on: date | None, why: str, by: User, at: datetime
) -> Issue:
    """Give it to another, or by another measure or day, with the reason. As for assigning."""
    row = _begin(issue, IssueMove.REASSIGN, by=by, at=at, why=why)
    former = row.owner_id
    owner, measure, due_on = checked_duty(owner, measure, due_on, at=at)
    can_assign_to(by, row, owner)
    if (owner.pk, measure, due_on) == (former, row.measure, row.due_on):
        raise Unacceptable("责任单位、措施和时限都没有变化。", field="owner")
    _end(row, IssueMove.REASSIGN, by=by, at=at, why=why, owner=owner, measure=measure, due_on=due_on)
    telling.tell_assigned(row, by=by, at=at, former_id=former, why=why)
    return row


@transaction.atomic
def extend_issue(issue: Issue, *, due_on: date | None, why: str, by: User, at: datetime) -> Issue:
    """A later deadline, with the reason. Leaders, planning office and the raiser's side; not the owner for itself."""
    row = _begin(issue, IssueMove.EXTEND, by=by, at=at, why=why)
    due_on = checked_due(due_on, at=at)
    if row.due_on is not None and due_on <= row.due_on:
        raise Unacceptable(f"现在的时限是 {row.due_on:%Y-%m-%d}，延期后的时限要更晚。", field="due_on")
    _end(row, IssueMove.EXTEND, by=by, at=at, why=why, due_on=due_on)
    telling.tell_extended(row, by=by, at=at, why=why)
    return row


def fulfil_issue(issue: Issue, *, text: str, files: Sequence[IO[bytes] | Any] = (), by: User, at: datetime) -> Issue:
    """What was done, with files. The owner's people. Uploads are kept first and taken back when the proof does not come about."""
    check(
        transition(issue_transitions(on=local_day(at)), IssueMove.FULFIL), issue, state=issue.state,
        state_label=issue.get_state_display(), user=by,
    )  # fmt: skip
    text = checked_text(text, field="text")
    if not text:
        raise Unacceptable("请填写落实情况。", field="text")
    if len(files) > MOST_FILES:
        raise Unacceptable(f"一次选了 {len(files)} 个文件，最多 {MOST_FILES} 个。", field="files")
    assert issue.owner is not None
    stored: list[Attachment] = []
    try:
        for file in files:
            stored.append(store_upload(file=file, name=file.name or "", organisation=issue.owner, by=by, at=at))
        return _fulfilled(issue, text=text, stored=stored, by=by, at=at)
    except BaseException as error:
        for attachment in stored:
            discard_upload(attachment, why="落实情况没有报送成功", by=by, at=at)
        if isinstance(error, Unacceptable) and error.field == "file":
            raise Unacceptable(error.message, field="files") from error
        raise


@transaction.atomic
def _fulfilled(issue: Issue, *, text: str, stored: Sequence[Attachment], by: User, at: datetime) -> Issue:
    row = _begin(issue, IssueMove.FULFIL, by=by, at=at)
    proof = Proof(issue=row, text=text, by=by, at=at)
    audit.Recorder(by=by, at=at).create(proof, organisation=row.owner_id)
    proof.attachments.set(stored)
    _end(row, IssueMove.FULFIL, by=by, at=at, told_files=[each.name for each in stored])
    telling.tell_fulfilled(row, by=by, at=at)
    return row


@transaction.atomic
def confirm_issue(issue: Issue, *, text: str = "", by: User, at: datetime) -> Issue:
    """The proof is accepted and the issue closed. Whoever raised it; see ``can_confirm_issue`` for who else."""
    row = _begin(issue, IssueMove.CONFIRM, by=by, at=at)
    _judge(row, Verdict.ACCEPTED, _verdict(text), by=by, at=at)
    _end(row, IssueMove.CONFIRM, by=by, at=at, why=text, closed_at=at)
    telling.tell_closed(row, by=by, at=at, why=text)
    return row


@transaction.atomic
def refuse_issue(issue: Issue, *, why: str, by: User, at: datetime) -> Issue:
    """The proof goes back with the reason, and is counted. As for confirming."""
    row = _begin(issue, IssueMove.REFUSE, by=by, at=at, why=why)
    _judge(row, Verdict.RETURNED, _verdict(why), by=by, at=at)
    _end(row, IssueMove.REFUSE, by=by, at=at, why=why, refusals=row.refusals + 1)
    telling.tell_refused(row, by=by, at=at, why=why)
    return row


@transaction.atomic
def cancel_issue(issue: Issue, *, why: str, by: User, at: datetime) -> Issue:
    """Taken off the list, with the reason; it keeps its number. The raiser's side, leaders and the planning office."""
    row = _begin(issue, IssueMove.CANCEL, by=by, at=at, why=why)
    _end(row, IssueMove.CANCEL, by=by, at=at, why=why, closed_at=at)
    telling.tell_closed(row, by=by, at=at, why=why)
    return row


def _begin(issue: Issue, move: IssueMove, *, by: User, at: datetime, why: str = "") -> Issue:
    """The row locked, and the move checked against it as it is now."""
    trail.hold_head()
    row = locked(issue)
    declared = transition(issue_transitions(on=local_day(at)), move)
    check(declared, row, state=row.state, state_label=row.get_state_display(), user=by, why=why)
    return row


def _end(
    row: Issue, move: IssueMove, *, by: User, at: datetime, why: str = "", told_files: Sequence[str] = (), **fields: Any
) -> None:
    """Save the new state and what goes with it, record it, let others know."""
    declared = transition(issue_transitions(on=local_day(at)), move)
    columns = {field.name: field.attname for field in Issue._meta.concrete_fields}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {"办理": declared.label}
    for name, value in {"state": declared.target, **fields}.items():
        column = columns[name]
        old = getattr(row, column)
        setattr(row, name, value)
        if old != getattr(row, column):
            before[name], after[name] = old, getattr(row, column)
    row.told = 0  # reminders begin anew with each state
    row.save(update_fields=[*fields, "state", "told"])
    if told_files:
        after["佐证材料"] = "、".join(told_files)
    audit.Recorder(by=by, at=at, why=why).note(
        action=audit.AuditAction.TRANSITION, subject=row, before=before, after=after,
        organisation=row.owner_id if move == IssueMove.FULFIL else row.raised_for_id,
    )  # fmt: skip
    issue_changed.send(sender=None, issue_id=row.pk, move=str(move), by_id=by.pk, at=at)


def _judge(row: Issue, verdict: Verdict, text: str, *, by: User, at: datetime) -> None:
    proof = row.proofs.filter(verdict=Verdict.WAITING).order_by("-pk").first()
    if proof is None:
        raise Unacceptable("没有待确认的落实情况，请刷新页面。")
    fields: dict[str, Any] = {"verdict": verdict, "verdict_text": text, "verdict_by": by, "verdict_at": at}
    audit.Recorder(by=by, at=at).update(proof, organisation=row.raised_for_id, **fields)


def _verdict(text: str) -> str:
    text = " ".join(text.replace("\0", "").split())
    if len(text) > LONGEST_VERDICT:
        raise Unacceptable(f"意见有 {len(text)} 个字，最多 {LONGEST_VERDICT} 个字。", field="why")
    return text


def organisation_for(number: int | None, *, field: str = "owner") -> Organisation | None:
    """The organisation a form names; Unacceptable where there is none."""
    if number is None:
        return None
    try:
        return organisation_by_id(number)
    except LookupError:
        raise Unacceptable("所选的单位不存在，请重新选择。", field=field) from None
