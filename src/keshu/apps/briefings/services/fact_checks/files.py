"""A check's result as files: the draft with Word comments, the findings as Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.briefings.models import FactCheck, FactCheckResult, Judgement
from keshu.apps.briefings.permissions import can_decide_fact_check
from keshu.apps.briefings.queries.fact_checks import KINDS
from keshu.apps.briefings.services.remarks import file_with_remarks, remark
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.attachments import read_attachment
from keshu.apps.bureau.services.exchange import Sheet, SheetColumn, write_workbook
from keshu.apps.plans.services.ledger_files import MEDIA_TYPES, FileForm, LedgerFile
from keshu.engines.gongwen import Commented, Remark, UnreadableDocument
from keshu.kernel.span import Span

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def remarks_on(result: FactCheckResult) -> dict[int, Remark]:
    """A comment for every finding somebody must look at, by number; none for what its reader calls no fault."""
    dismissed = {key for key, said in result.judgements.items() if said["judgement"] == Judgement.DISMISSED}
    return {
        each["number"]: remark(Span(each["start"], each["end"]), each["sentence"], text=result.text)
        for each in result.findings
        if not each["is_sound"] and str(each["number"]) not in dismissed
    }


def word_file(
    data: bytes, result: FactCheckResult, remarks: Sequence[Remark], *, title: str, at: datetime
) -> Commented:
    """The draft with comments; Unacceptable where the Word file cannot be opened."""
    try:
        return file_with_remarks(data, remarks, text=result.text, title=title, at=at)
    except UnreadableDocument as error:
        raise Unacceptable(str(error)) from error


def commented_copy(result: FactCheckResult, *, by: User, at: datetime) -> LedgerFile:
    """The draft as a Word file with comments; that it was taken is recorded. Who brought the draft."""
    check = result.fact_check
    can_decide_fact_check(by, check)
    if check.attachment_id is None:
        raise Unacceptable("稿件没有保留，不能下载批注稿。")
    data = b"" if check.is_pasted else read_attachment(check.attachment_id)
    made = word_file(data, result, list(remarks_on(result).values()), title=_stem(check), at=at)
    audit.Recorder(by=by, at=at).note(action=audit.AuditAction.EXPORT, subject=check, after={"格式": "批注稿"})
    return LedgerFile(f"{_stem(check)}-核对批注.docx", made.data, WORD_FILE)


def findings_workbook(result: FactCheckResult, *, by: User, at: datetime) -> LedgerFile:
    """Every figure with what was found and what became of it, as Excel; that it was taken is recorded. Who brought the draft."""
    check = result.fact_check
    can_decide_fact_check(by, check)
    audit.Recorder(by=by, at=at).note(action=audit.AuditAction.EXPORT, subject=check, after={"格式": "xlsx"})
    columns = [
        SheetColumn("number", "序号", width=6),
        SheetColumn("line", "段", width=6),
        SheetColumn("quote", "稿中数字", width=16, wrap=True),
        SheetColumn("name", "指标", width=26, wrap=True),
        SheetColumn("word", "结论", width=14),
        SheetColumn("held", "台账数据", width=16, wrap=True),
        SheetColumn("difference", "相差", width=14),
        SheetColumn("sentence", "说明", width=60, wrap=True),
        SheetColumn("source", "来源", width=34, wrap=True),
        SheetColumn("judgement", "处理", width=10),
        SheetColumn("note", "处理说明", width=24, wrap=True),
    ]
    rows = [_row(each, result) for each in result.findings]
    title = "稿件数字核对意见"
    data = write_workbook([Sheet("核对意见", title, columns, rows, note=_noted(result))], title=title)
    return LedgerFile(f"{_stem(check)}-核对意见.xlsx", data, MEDIA_TYPES[FileForm.XLSX])


def _row(each: dict[str, object], result: FactCheckResult) -> dict[str, object]:
    fact = each["expected"] or each["fact"] or {}
    assert isinstance(fact, dict)
    said = result.judgements.get(str(each["number"]), {})
    return {
        **each, "word": KINDS[str(each["kind"])].word, "held": fact.get("value", ""), "source": fact.get("source", ""),
        "judgement": Judgement(said["judgement"]).label if said else "", "note": said.get("note", ""),
    }  # fmt: skip


def _noted(result: FactCheckResult) -> str:
    check, told_at = result.fact_check, timezone.localtime(result.ledger_at)
    return f"{check.title}　对照 {check.year} 年台账，{told_at:%Y-%m-%d %H:%M}"


def _stem(check: FactCheck) -> str:
    """The draft's name without its extension; of pasted words their first line as a file may be called."""
    name = check.title if check.is_pasted else check.title.rpartition(".")[0] or check.title
    return "".join(" " if each in '\\/:*?"<>|' else each for each in name).strip() or "核对稿"
