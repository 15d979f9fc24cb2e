"""A workbook from upload to confirmation: stored, tried out in the background, looked at by a person, then saved whole or not.

What the ledger's services save is recorded by them, row by row; the run itself is recorded with its file and its figures.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import transaction

from keshu.apps.bureau.models import ImportRow, ImportRun, ImportState
from keshu.apps.bureau.permissions import can_decide_import
from keshu.apps.bureau.services import audit, jobs, trail
from keshu.apps.bureau.services.attachments import clean_name, discard_upload, read_attachment, store_upload
from keshu.apps.bureau.services.exchange.comparing import CheckedRow, Fault, RowState, compare, read_rows
from keshu.apps.bureau.services.exchange.declarations import (
    Do,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    Tell,
    round_trip_named,
)
from keshu.apps.bureau.services.exchange.files import check_size, kind_of
from keshu.apps.bureau.services.exchange.marking import marked_workbook
from keshu.apps.bureau.services.exchange.reading import Table, read_table
from keshu.apps.bureau.services.exchange.rehearsing import WORD, changes_of, rehearse
from keshu.apps.bureau.services.refusals import Refused, Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

CHECK, MARK, SAVE = "bureau.check_import", "bureau.mark_import", "bureau.save_import"
WHOLE = 100
# How far the whole is in per cent when each part of the work begins.
OPENING, READING, COMPARING, TRYING, KEEPING = 0, 10, 45, 55, 85
COMPARING_AGAIN, SAVING, WRITING, CLOSING = 35, 45, 65, 90
BATCH = 2_000
CHANGING = (RowState.NEW, RowState.CHANGED, RowState.REMOVED)
WORDS = {
    RowState.NEW: "新增",
    RowState.CHANGED: "修改",
    RowState.REMOVED: "按“操作”栏办理",
    RowState.UNCHANGED: "不变",
    RowState.FAULTY: "有误",
}


class Progress(Protocol):
    """Tells how far the work is, within a transaction `is_aside`; may raise to end it."""

    def __call__(
        self, done: int, total: int, message: str = "", *, at_once: bool = False, is_aside: bool = False
    ) -> None: ...


def sitting_for(key: str, params: Mapping[str, str], *, by: User, at: datetime) -> tuple[RoundTrip, Sitting]:
    """The round trip of that name with the person's sitting; LookupError for none, Refused to whom may not change its rows."""
    round_trip = round_trip_named(key)
    if round_trip is None:
        raise LookupError(f"no round trip {key!r}")
    if missing := [name for name in round_trip.needs if not params.get(name)]:
        raise LookupError(f"round trip {key!r} needs {missing}")
    return round_trip, round_trip.sit(by, {name: params[name] for name in round_trip.needs}, at)


def receive_workbook(file: Any, *, key: str, params: Mapping[str, str], by: User, at: datetime) -> ImportRun:
    """Store a workbook and start trying it out. Who may change the ledger's rows; Unacceptable for what is no table."""
    round_trip, sitting = sitting_for(key, params, by=by, at=at)
    name = clean_name(file.name or "未命名")
    check_size(file.size or 0, name=name, limit=settings.UPLOAD_LIMIT)
    kind_of(file.read(), name=name, limit=settings.UPLOAD_LIMIT)
    file.seek(0)
    attachment = store_upload(file=file, name=name, organisation=sitting.organisation, by=by, at=at)
    kept = {name: params[name] for name in round_trip.needs}
    with transaction.atomic():
        run = ImportRun(
            ledger=key, params=kept, title=sitting.title[:200], file_name=name, attachment=attachment,
            created_by=by, created_at=at,
        )  # fmt: skip
        log = audit.Recorder(by=by, at=at)
        log.create(run, organisation=sitting.organisation)
        start = jobs.start_job(kind=CHECK, title=f"检查“{name}”", params={"run_id": run.pk}, by=by, at=at)
        _set(run, job=start)
    return run


def check_run(run_id: int, *, progress: Progress, by: User, at: datetime) -> ImportRun:
    """Try the workbook out: nothing of the ledger is saved, what would change is. Again as often as asked."""
    run = _open_run(run_id, by=by)
    round_trip, sitting = sitting_for(run.ledger, run.params, by=by, at=at)
    table, rows = _tried(run, _content(run), round_trip, sitting, progress=progress, at=at)
    progress(KEEPING, WHOLE, "正在整理结果", at_once=True)
    earlier = run.marked
    with transaction.atomic():
        _keep(run, rows)
        figures = dict(Counter(str(row.state) for row in rows))
        digest = _digest(rows)
        _set(run, state=ImportState.CHECKED, figures=figures, notes=list(table.notes), digest=digest, marked=None)
        if figures.get(RowState.FAULTY):
            title = f"标注“{run.file_name}”中有误的单元格"
            jobs.start_job(kind=MARK, title=title, params={"run_id": run.pk}, by=by, at=at)
    _take_back([earlier], by=by, at=at)
    return run


def mark_run(run_id: int, *, by: User, at: datetime) -> ImportRun:
    """Make the copy to be handed back, its faults marked; a job of its own, as a large workbook takes longer than its check."""
    run = ImportRun.objects.select_related("attachment").get(pk=run_id)
    can_decide_import(by, run)
    round_trip, sitting = sitting_for(run.ledger, run.params, by=by, at=at)
    if run.state != ImportState.CHECKED:
        raise Unacceptable(f"这次导入{ImportState(run.state).label}，不再标注。")
    data = _content(run)
    limit = settings.UPLOAD_LIMIT
    table = read_table(data, name=run.file_name, round_trip=round_trip, params=run.params, limit=limit)
    copy = marked_workbook(data, table=table, rows=_kept(run, round_trip))
    name = f"{run.file_name.rpartition('.')[0]}-标注.xlsx"
    marked = store_upload(file=io.BytesIO(copy), name=name, organisation=sitting.organisation, by=by, at=at)
    is_current = ImportRun.objects.filter(pk=run_id, state=ImportState.CHECKED, digest=run.digest, marked=None)
    if not is_current.update(marked=marked):
        _take_back([marked], by=by, at=at)
    return run


def _content(run: ImportRun) -> bytes:
    if run.attachment is None:
        raise Unacceptable("这次导入的文件没有保留，请重新上传。")
    return read_attachment(run.attachment.pk)


def _kept(run: ImportRun, round_trip: RoundTrip) -> list[CheckedRow]:
    """What the dry run put down, of the rows that something is to be said of."""
    keys = {each.label: each.key for each in round_trip.fields}
    rows = ImportRow.objects.filter(run=run).exclude(faults=[], notes=[])
    return [
        CheckedRow(
            row.number,
            row.label,
            RowState(row.state),
            faults=[Fault(keys.get(label), label, message) for label, message in row.faults],
            notes=list(row.notes),
        )
        for row in rows
    ]


def _tried(
    run: ImportRun, data: bytes, round_trip: RoundTrip, sitting: Sitting, *, progress: Progress, at: datetime
) -> tuple[Table, list[CheckedRow]]:
    progress(OPENING, WHOLE, "正在打开文件", at_once=True)
    table = read_table(data, name=run.file_name, round_trip=round_trip, params=run.params, limit=settings.UPLOAD_LIMIT)
    if not table.rows:
        raise Unacceptable("表头下面没有内容，没有可导入的行。")
    given = read_rows(table, round_trip=round_trip, sitting=sitting, tell=_part(progress, READING, COMPARING))
    progress(COMPARING, WHOLE, "正在与台账逐行比对", at_once=True)
    rows = compare(given, round_trip=round_trip, sitting=sitting)
    progress(TRYING, WHOLE, "正在试办改动", at_once=True)
    rehearse(
        rows,
        round_trip=round_trip,
        sitting=sitting,
        at=at,
        why=run.why,
        tell=_part(progress, TRYING, KEEPING, is_aside=True),
    )
    return table, rows


def _part(progress: Progress, first: int, last: int, *, is_aside: bool = False) -> Tell:
    """Progress of a part of the work as a share of the whole."""

    def tell(done: int, total: int, message: str) -> None:
        progress(first + (last - first) * done // max(1, total), WHOLE, message, is_aside=is_aside)

    return tell


def confirm_run(run: ImportRun, *, why: str, by: User, at: datetime) -> ImportRun:
    """Start saving what the dry run showed. Who started it; Unacceptable while there are faults or nothing to change."""
    can_decide_import(by, run)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportState.CHECKED:
            raise Unacceptable(f"这次导入{ImportState(locked.state).label}，不能再确认。请刷新页面。")
        if faulty := locked.figures.get(RowState.FAULTY, 0):
            raise Unacceptable(f"还有 {faulty} 行有误，请改正后重新上传，再确认导入。")
        if not any(locked.figures.get(state) for state in CHANGING):
            raise Unacceptable("表中没有改动，不需要导入。")
        sitting_for(locked.ledger, locked.params, by=by, at=at)
        title = f"导入“{locked.file_name}”"
        job = jobs.start_job(kind=SAVE, title=title, params={"run_id": locked.pk}, by=by, at=at)
        audit.Recorder(by=by, at=at).update(locked, state=ImportState.SAVING, job=job, why=why.strip()[:400])
    return locked


class ChangedSince(Unacceptable):
    """The ledger changed between the dry run and the confirmation, so that other rows would change than a person saw."""


def save_run(run_id: int, *, progress: Progress, by: User, at: datetime) -> ImportRun:
    """Save what the dry run showed, all in one transaction. ChangedSince when it would no longer be the same.

    A run that is saved already is left as it is: its worker died after the commit, before it could say so.
    """
    run = ImportRun.objects.select_related("attachment").get(pk=run_id)
    can_decide_import(by, run)
    if run.state == ImportState.APPLIED:
        return run
    round_trip, sitting = sitting_for(run.ledger, run.params, by=by, at=at)
    data = _content(run)
    progress(OPENING, WHOLE, "正在打开文件", at_once=True)
    table = read_table(data, name=run.file_name, round_trip=round_trip, params=run.params, limit=settings.UPLOAD_LIMIT)
    reading = _part(progress, READING, COMPARING_AGAIN)
    given = read_rows(table, round_trip=round_trip, sitting=sitting, tell=reading)
    progress(COMPARING_AGAIN, WHOLE, "正在与台账逐行比对", at_once=True)
    with trail.batch():  # thousands of entries, chained at its end
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
        if locked.state != ImportState.SAVING:
            raise Unacceptable(f"这次导入{ImportState(locked.state).label}，没有再保存一次。")
        rows = compare(given, round_trip=round_trip, sitting=sitting)
        if _digest(rows) != locked.digest:
            raise ChangedSince("检查之后，台账又有改动，与您看到的结果不同，没有保存。请点“重新检查”，核对后再确认。")
        why = locked.why or f"Excel 导入：{locked.file_name}"[:400]
        _carry_out(rows, sitting, at=at, why=why, progress=progress)
        audit.Recorder(by=by, at=at, why=locked.why).update(locked, state=ImportState.APPLIED, applied_at=at)
        audit.Recorder(by=by, at=at, why=locked.why).note(
            action=audit.AuditAction.TRANSITION, subject=locked, organisation=sitting.organisation,
            after={"状态": "已导入", "附件": f"{locked.attachment_id} {locked.file_name}", "行数": told(locked)},
        )  # fmt: skip
    return locked


def _carry_out(rows: Sequence[CheckedRow], sitting: Sitting, *, at: datetime, why: str, progress: Progress) -> None:
    """Hand every change to the ledger's services. Until the last word of the progress it can be called off, and nothing stays."""
    changes = tuple(changes_of(rows))
    going = _part(progress, SAVING, WRITING, is_aside=True)
    task = Task(changes, at=at, why=why, tell=_part(progress, WRITING, CLOSING, is_aside=True))
    with sitting.working(task) as do:
        for done, change in enumerate(changes):
            if done % WORD == 0:
                going(done, len(changes), f"正在保存第 {done + 1} 项改动，共 {len(changes)} 项，全部完成后一次生效")
            _do(do, change.number, change)
    progress(CLOSING, WHOLE, "正在写入办理记录", at_once=True, is_aside=True)


def _do(do: Do, number: int, change: RowChange) -> None:
    try:
        do(change)
    except (Unacceptable, Refused) as refusal:
        raise ChangedSince(
            f"第 {number} 行：{refusal.message}没有保存任何一行。请点“重新检查”，核对后再确认。"
        ) from None


def discard_run(run: ImportRun, *, by: User, at: datetime) -> ImportRun:
    """Put a checked run away with its file; nothing was saved. Who started it."""
    can_decide_import(by, run)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportState.CHECKED:
            raise Unacceptable(f"这次导入{ImportState(locked.state).label}，不能放弃。")
        files = [locked.attachment, locked.marked]
        _put_away(locked, by=by, at=at, error=locked.error)
    _take_back(files, by=by, at=at)
    return locked


def check_again(run: ImportRun, *, by: User, at: datetime) -> ImportRun:
    """Try a checked file out anew, against the ledger as it is now. Who started it."""
    can_decide_import(by, run)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportState.CHECKED:
            raise Unacceptable(f"这次导入{ImportState(locked.state).label}，不能重新检查。")
        title = f"检查“{locked.file_name}”"
        job = jobs.start_job(kind=CHECK, title=title, params={"run_id": locked.pk}, by=by, at=at)
        _set(locked, state=ImportState.CHECKING, job=job, error="")
    return locked


def settle_run(kind: str, run_id: int, *, at: datetime) -> None:
    """After a job's end: a run that could not be checked is put away with its file; one not saved waits for its person again."""
    run = ImportRun.objects.select_related("attachment", "marked", "created_by", "job").filter(pk=run_id).first()
    if run is None:
        return
    error = "" if run.job is None else run.job.error
    if kind == SAVE and run.state == ImportState.SAVING:
        _set(run, state=ImportState.CHECKED, error=error[:500])
    elif kind == CHECK and run.state == ImportState.CHECKING:
        files = [run.attachment, run.marked]
        _put_away(run, by=run.created_by, at=at, error=error[:500])
        _take_back(files, by=run.created_by, at=at)


def told(run: ImportRun) -> str:
    """The figures in words: 新增 3 行、修改 2 行、不变 95 行."""
    found = [(WORDS[state], run.figures.get(str(state), 0)) for state in WORDS]
    return "、".join(f"{word} {count} 行" for word, count in found if count)


def _open_run(run_id: int, *, by: User) -> ImportRun:
    run = ImportRun.objects.select_related("attachment").get(pk=run_id)
    can_decide_import(by, run)
    if run.state != ImportState.CHECKING:
        raise Unacceptable(f"这次导入{ImportState(run.state).label}，没有再检查。")
    return run


def _set(run: ImportRun, **values: Any) -> None:
    """The run's own notes on its work; what people decide about it is recorded by the recorder."""
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))


def _put_away(run: ImportRun, *, by: User, at: datetime, error: str) -> None:
    ImportRow.objects.filter(run=run).delete()
    log = audit.Recorder(by=by, at=at)
    log.update(run, state=ImportState.DISCARDED, attachment=None, marked=None, error=error)


def _take_back(files: Sequence[Any], *, by: User, at: datetime) -> None:
    for attachment in files:
        if attachment is not None:
            discard_upload(attachment, why="导入没有完成，文件不保留", by=by, at=at)


def _keep(run: ImportRun, rows: Sequence[CheckedRow]) -> None:
    ImportRow.objects.filter(run=run).delete()
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                run=run, number=row.number, state=row.state, label=row.label[:200], differences=row.differences,
                faults=[[fault.label, fault.message] for fault in row.faults], notes=row.notes,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _digest(rows: Sequence[CheckedRow]) -> str:
    """What would change, so that a person confirms exactly what they saw."""
    told = [(row.number, row.state, row.label, row.differences) for row in rows if row.change is not None]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
