"""Word files checked against GB/T 9704-2012 for whoever uploads them: what deviates, a mended copy, seen by nobody else."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction

from keshu.apps.bureau.models import PaperCheck, PaperCheckState
from keshu.apps.bureau.permissions import can_check_paper, can_decide_paper_check
from keshu.apps.bureau.services import audit, jobs
from keshu.apps.bureau.services.attachments import discard_upload, read_attachment, store_private_upload
from keshu.apps.bureau.services.exchange import Sheet, SheetColumn, write_workbook
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User
    from keshu.engines.gongwen import Finding

CHECK = "bureau.check_paper"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MACROS = "带宏的文件不接收。请用 Word 或 WPS 另存为“Word 文档（.docx）”，去掉宏之后再上传。"
_OTHER = "请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后再上传。"
# What is said of a file of another kind, by what it holds.
_REFUSALS = {
    "application/vnd.ms-word.document.macroEnabled.12": _MACROS,
    "application/msword": f"这是旧版 .doc 文件。{_OTHER}",
    "application/x-ole-storage": f"这是旧版 .doc、.wps 一类的文件。{_OTHER}",
    "application/x-ole-encrypted": "文件设了打开密码，无法检查。请去掉密码后再上传。",
    "application/pdf": "PDF 里没有字体、段落的设置，无法检查格式。请上传排版用的 Word 文件（.docx）。",
}


class Progress(Protocol):
    """Tells how far the work is; may raise to end it."""

    def __call__(self, done: int, total: int, message: str = "", *, at_once: bool = False) -> None: ...


def receive_paper(file: Any, *, by: User, at: datetime) -> PaperCheck:
    """Keep a Word file for oneself and start checking it. Everybody with a role; Unacceptable for what is no .docx."""
    can_check_paper(by)
    attachment = store_private_upload(file=file, name=file.name or "未命名.docx", by=by, at=at)
    if attachment.file.media_type != DOCX:
        reason = _REFUSALS.get(attachment.file.media_type, f"这不是 Word 文档（.docx）。{_OTHER}")
        discard_upload(attachment, why="不是 Word 文档，没有检查", by=by, at=at)
        raise Unacceptable(f"“{attachment.name}”：{reason}", field="file")
    with transaction.atomic():
        check = PaperCheck(file_name=attachment.name, attachment=attachment, created_by=by, created_at=at)
        audit.Recorder(by=by, at=at).create(check)
        job = jobs.start_job(kind=CHECK, title="检查公文格式", params={"check_id": check.pk}, by=by, at=at)
        audit.Recorder(by=by, at=at).update(check, job=job)
    return check


def check_paper(check_id: int, *, progress: Progress, by: User, at: datetime) -> PaperCheck:
    """Check the file and make the mended copy. Unacceptable, in the engine's words, where it cannot be read."""
    from keshu.engines import gongwen

    check = PaperCheck.objects.select_related("attachment").get(pk=check_id)
    can_decide_paper_check(by, check)
    if check.state != PaperCheckState.CHECKING or check.attachment is None:
        raise Unacceptable("这份文件已经检查过，或者已经删除。请重新上传。")
    progress(1, 3, "正在逐段检查", at_once=True)
    try:
        data = read_attachment(check.attachment.pk)
        fixed, notes = gongwen.fix_document(data), gongwen.unchecked_parts(data)
    except gongwen.UnreadableDocument as error:
        raise Unacceptable(str(error), field="file") from error
    progress(2, 3, "正在保存改正后的文件", at_once=True)
    findings = [*(_told(each, "left") for each in fixed.left), *(_told(each, "mended") for each in fixed.mended)]
    findings = [*sorted(findings, key=_place), *(_noted(each) for each in notes)]
    mended = _mended_copy(check, fixed.data, by=by, at=at) if fixed.mended else None
    with transaction.atomic():
        log = audit.Recorder(by=by, at=at)
        log.update(check, state=PaperCheckState.CHECKED, mended=mended, findings=findings)
    return check


def _mended_copy(check: PaperCheck, data: bytes, *, by: User, at: datetime) -> Attachment:
    stem = check.file_name.rpartition(".")[0] or check.file_name
    return store_private_upload(file=io.BytesIO(data), name=f"{stem}-改正.docx", by=by, at=at)


def _told(finding: Finding, outcome: str) -> dict[str, Any]:
    return {
        "place": finding.place, "name": finding.name, "expected": finding.expected, "found": finding.found,
        "citation": finding.citation, "paragraph": finding.paragraph, "outcome": outcome,
    }  # fmt: skip


def _noted(note: str) -> dict[str, Any]:
    place, _, words = note.partition("未检查：")
    return {
        "place": place, "name": "未检查", "expected": "", "found": words, "citation": "", "paragraph": None,
        "outcome": "unchecked",
    }  # fmt: skip


def _place(finding: dict[str, Any]) -> tuple[bool, int]:
    """What a person must see to comes first; then from the first page on, what concerns whole pages before its paragraphs."""
    return finding["outcome"] != "left", finding["paragraph"] or 0


def settle_check(check_id: int, *, at: datetime) -> None:
    """After a job's end: a file that could not be checked, or whose check was called off, is not kept."""
    check = PaperCheck.objects.select_related("attachment", "created_by", "job").filter(pk=check_id).first()
    if check is None or check.state != PaperCheckState.CHECKING:
        return
    error = (check.job.error if check.job else "") or "检查已取消，文件没有保留。"
    file, by = check.attachment, check.created_by
    log = audit.Recorder(by=by, at=at)
    log.update(check, state=PaperCheckState.FAILED, attachment=None, error=error)
    if file is not None:
        discard_upload(file, why="没有检查成，文件不保留", by=by, at=at)


def remove_check(check: PaperCheck, *, by: User, at: datetime) -> None:
    """Delete a check with its files. Who uploaded it; Unacceptable while it is under way."""
    can_decide_paper_check(by, check)
    with transaction.atomic():
        locked = PaperCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if locked.state == PaperCheckState.CHECKING:
            raise Unacceptable("正在检查，请等检查完再删除，或者先取消检查。")
        files = [each for each in (locked.attachment, locked.mended) if each is not None]
        log = audit.Recorder(by=by, at=at)
        log.delete(locked)
    for file in files:
        discard_upload(file, why="本人删除公文检查", by=by, at=at)


def findings_workbook(check: PaperCheck, *, by: User, at: datetime) -> bytes:
    """What was found and what became of it, as Excel; that it was taken is recorded. Who uploaded the file."""
    can_decide_paper_check(by, check)
    audit.Recorder(by=by, at=at).note(action=audit.AuditAction.EXPORT, subject=check)
    columns = [
        SheetColumn("number", "序号", width=6),
        SheetColumn("place", "位置", width=34, wrap=True),
        SheetColumn("name", "事项", width=18, wrap=True),
        SheetColumn("expected", "应为", width=26, wrap=True),
        SheetColumn("found", "现为", width=26, wrap=True),
        SheetColumn("word", "结果", width=10),
        SheetColumn("citation", "依据", width=22, wrap=True),
    ]
    rows = [
        {**each, "number": number, "word": PaperCheck.OUTCOMES[each["outcome"]]}
        for number, each in enumerate(check.findings, 1)
    ]
    title = "公文格式检查意见"
    return write_workbook([Sheet("检查意见", title, columns, rows, note=check.file_name)], title=title)
