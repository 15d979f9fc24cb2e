"""The check itself, by a job: the draft read, held against today's ledger, its result kept beside the earlier ones."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction

from keshu.apps.briefings.models import FactCheck, FactCheckResult, FactCheckState
from keshu.apps.briefings.permissions import can_decide_fact_check
from keshu.apps.briefings.services.fact_checks.files import remarks_on, word_file
from keshu.apps.briefings.services.fact_checks.findings import findings_of
from keshu.apps.briefings.services.fact_checks.judging import counts
from keshu.apps.briefings.services.factcheck import check_file
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.attachments import discard_upload, read_attachment
from keshu.apps.plans.services.building import storable
from keshu.apps.plans.services.meanings import local_day
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

CHECK = "briefings.check_draft"


class Progress(Protocol):
    """Tells how far the work is; may raise to end it."""

    def __call__(self, done: int, total: int, message: str = "", *, at_once: bool = False) -> None: ...


def check_draft(check_id: int, *, progress: Progress, by: User, at: datetime) -> FactCheck:
    """Check the draft against what its person may see of the ledger at this moment.

    Unacceptable: it cannot be read, nothing is published, or it is not waiting to be checked.
    """
    check = FactCheck.objects.select_related("attachment").get(pk=check_id)
    can_decide_fact_check(by, check)
    if check.state != FactCheckState.CHECKING or check.attachment is None:
        raise Unacceptable("这份稿件已经核对过，或者已经删除。")
    progress(1, 3, "正在读稿件，逐个数字与台账核对", at_once=True)
    data = read_attachment(check.attachment.pk)
    as_of = Period.parse(check.as_of) if check.as_of else None
    done = check_file(data, name=check.attachment.name, year=check.year, by=by, on=local_day(at), as_of=as_of)
    findings = findings_of(done)
    progress(2, 3, f"找到 {len(findings)} 个数字，正在保存核对结果", at_once=True)
    result = FactCheckResult(
        fact_check=check, ledger_at=at, as_of=str(done.as_of or ""), fact_count=done.fact_count, text=storable(done.text),
        findings=findings,
    )  # fmt: skip
    result.unplaced = _unplaced(data, result, title=check.title, at=at)
    with transaction.atomic():
        _keep(check, result, by=by, at=at)
    return check


def _unplaced(data: bytes, result: FactCheckResult, *, title: str, at: datetime) -> list[int]:
    """The findings at which the Word file can hold no comment: in text boxes and pictures."""
    remarks = remarks_on(result)
    lost = word_file(data, result, list(remarks.values()), title=title, at=at).unplaced
    return [number for number, remark in remarks.items() if remark in lost]


def _keep(check: FactCheck, result: FactCheckResult, *, by: User, at: datetime) -> None:
    """The result in words of its own in the trail: what a draft says is nobody else's to read."""
    last = FactCheckResult.objects.filter(fact_check=check).order_by("-number").first()
    result.number = 1 if last is None else last.number + 1
    if last is not None:
        result.judgements = _carried(last, result)
    counted = counts(result)
    log = audit.Recorder(by=by, at=at)
    log.create_many(
        FactCheckResult,
        [result],
        summary={"数字": counted["figure_count"], "有问题": counted["problem_count"]},
        subject=check,
    )
    log.update(check, **counted, checked_at=at, error="")


def _carried(last: FactCheckResult, result: FactCheckResult) -> dict[str, Any]:
    """What was said of findings that are word for word the same."""
    said = {
        (each["start"], each["end"], each["sentence"]): last.judgements[str(each["number"])]
        for each in last.findings
        if str(each["number"]) in last.judgements
    }
    found = ((each, said.get((each["start"], each["end"], each["sentence"]))) for each in result.findings)
    return {str(each["number"]): judgement for each, judgement in found if judgement is not None}


def settle_check(check_id: int, *, at: datetime) -> None:
    """After a job's end: a draft that could not be checked is not kept; one with earlier results goes back to the last."""
    check = FactCheck.objects.select_related("attachment", "created_by", "job").filter(pk=check_id).first()
    if check is None or check.state != FactCheckState.CHECKING:
        return
    by, file = check.created_by, check.attachment
    log = audit.Recorder(by=by, at=at)
    told = (check.job.error if check.job else "") or "核对已取消。"
    last = FactCheckResult.objects.filter(fact_check=check).order_by("-number").first()
    if last is not None:
        log.update(check, **counts(last), error=told)
        return
    log.update(check, state=FactCheckState.FAILED, attachment=None, error=f"{told}稿件没有保留。")
    if file is not None:
        discard_upload(file, why="没有核对成，文件不保留", by=by, at=at)
