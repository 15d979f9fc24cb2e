"""What goes to and fro once a notice is out: signed for, answered with files, returned or accepted, closed, extended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.attachments import discard_upload, store_upload
from keshu.apps.plans.models import Reply, SupervisionNotice, Verdict
from keshu.apps.plans.queries.supervision.escalation import first_told
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.lifecycle import Move, check
from keshu.apps.plans.services.supervision.steps import coming_day, held, move, reason

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User

LONGEST_REPLY, MOST_FILES = 4000, 10


@transaction.atomic
def sign_for(notice: SupervisionNotice, *, by: User, at: datetime) -> SupervisionNotice:
    """The addressee's people confirm that they have it (签收)."""
    row, _ = move(notice, Move.SIGN_FOR, by=by, at=at, signed_for_by=by, signed_for_at=at)
    return row


def reply(
    notice: SupervisionNotice, *, text: str, files: Sequence[IO[bytes] | Any] = (), by: User, at: datetime
) -> Reply:
    """What the addressee did (办理情况), with files; its issuer is told.

    The files are stored before the transaction, so that nobody waits with a lock for a slow upload; where it comes to nothing
    they are taken back.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise Unacceptable("请填写办理情况：做了什么、结果如何、还有什么问题。", field="text")
    if len(text) > LONGEST_REPLY:
        raise Unacceptable(f"办理情况有 {len(text)} 字，最多 {LONGEST_REPLY} 字，详细材料请作为附件。", field="text")
    if len(files) > MOST_FILES:
        raise Unacceptable(f"选了 {len(files)} 个附件，一次最多 {MOST_FILES} 个，可以压缩成一个文件。", field="files")
    check(Move.REPLY, SupervisionNotice.objects.select_related("addressee").get(pk=notice.pk), user=by)
    stored: list[Attachment] = []
    try:
        for file in files:
            stored.append(store_upload(file=file, name=file.name, organisation=notice.addressee, by=by, at=at))
        return _save_reply(notice, text, stored, by=by, at=at)
    except BaseException:
        for attachment in stored:
            discard_upload(attachment, why="办理情况没有报送成功", by=by, at=at)
        raise


@transaction.atomic
def _save_reply(notice: SupervisionNotice, text: str, files: Sequence[Attachment], *, by: User, at: datetime) -> Reply:
    names = "、".join(each.name for each in files)[:300]
    row, step = move(notice, Move.REPLY, by=by, at=at, text=f"附件：{names}" if names else "")
    log = audit.Recorder(by=by, at=at)
    made = log.create(Reply(notice=row, text=text, by=by, at=at), organisation=row.addressee_id)
    made.attachments.set(files)
    telling.tell_answered(row, step)
    return made


@transaction.atomic
def accept_reply(notice: SupervisionNotice, *, words: str = "", by: User, at: datetime) -> SupervisionNotice:
    """The issuer's side is content; never with one's own reply (Refused)."""
    row, step = move(notice, Move.ACCEPT, by=by, at=at, text=reason(words))
    _judge(row, Verdict.ACCEPTED, reason(words), by=by, at=at)
    telling.tell_moved(row, step)
    return row


@transaction.atomic
def return_reply(
    notice: SupervisionNotice, *, why: str, due_on: date | None = None, by: User, at: datetime
) -> SupervisionNotice:
    """Back to the addressee with a reason, and with a new deadline where the old one is past (Unacceptable without)."""
    on, notice = local_day(at), held(notice.pk)
    fields: dict[str, Any] = {}
    if due_on is not None and due_on != notice.due_on:
        fields = {"due_to": coming_day(due_on, on=on), "told": first_told(due_on, on=on)}
    elif notice.due_on < on:
        check(Move.RETURN, notice, user=by, why=why)
        raise Unacceptable(f"原定时限 {notice.due_on:%Y-%m-%d} 已过，退回时请重新确定办理时限。", field="due_on")
    row, step = move(notice, Move.RETURN, by=by, at=at, why=why, **fields)
    _judge(row, Verdict.RETURNED, reason(why), by=by, at=at)
    telling.tell_moved(row, step, text=f"理由：{step.text}。请于 {row.due_on:%Y-%m-%d} 前重新办理并报送。")
    return row


@transaction.atomic
def close_notice(notice: SupervisionNotice, *, by: User, at: datetime) -> SupervisionNotice:
    """The matter is done with (办结)."""
    row, step = move(notice, Move.CLOSE, by=by, at=at, closed_at=at)
    telling.tell_moved(row, step)
    return row


@transaction.atomic
def extend_notice(notice: SupervisionNotice, *, due_on: date, why: str, by: User, at: datetime) -> SupervisionNotice:
    """A later deadline, with a reason; reminders begin anew."""
    on, notice = local_day(at), held(notice.pk)
    check(Move.EXTEND, notice, user=by, why=why)
    if due_on <= notice.due_on:
        raise Unacceptable(f"现在的时限是 {notice.due_on:%Y-%m-%d}，请填它以后的日期。", field="due_on")
    told = first_told(coming_day(due_on, on=on), on=on)
    row, step = move(notice, Move.EXTEND, by=by, at=at, why=why, due_to=due_on, told=told)
    telling.tell_moved(row, step, text=f"时限由 {step.due_from:%Y-%m-%d} 延长到 {due_on:%Y-%m-%d}。理由：{step.text}")
    return row


@transaction.atomic
def cancel_notice(notice: SupervisionNotice, *, why: str, by: User, at: datetime) -> SupervisionNotice:
    """Taken back with a reason; it keeps its number."""
    row, step = move(notice, Move.CANCEL, by=by, at=at, why=why, closed_at=at)
    telling.tell_moved(row, step, text=f"理由：{step.text}")
    return row


def _judge(notice: SupervisionNotice, verdict: Verdict, words: str, *, by: User, at: datetime) -> None:
    last = notice.replies.filter(verdict=Verdict.WAITING).latest("pk")
    log = audit.Recorder(by=by, at=at)
    log.update(
        last, organisation=notice.issuer_id, verdict=verdict, verdict_text=words, verdict_by=by, verdict_at=at
    )  # fmt: skip
