"""督办通知单 as a Word file, several as one archive, and the quarter's table; each recorded as an export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import SupervisionNotice
from keshu.apps.plans.queries.supervision.summary import quarter_summary
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.papers import DOCX, ZIP, archive, plain_name
from keshu.apps.plans.services.supervision.paper_blocks import notice_paper, summary_paper
from keshu.engines import gongwen

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

MOST = 200


def notice_file(notice: SupervisionNotice, *, by: User, at: datetime) -> LedgerFile:
    """The official paper of a notice the person may see; Unacceptable while it has no number."""
    made = _paper(notice)
    _record([notice], made, by=by, at=at)
    return made


def notices_file(notices: Sequence[SupervisionNotice], *, by: User, at: datetime) -> LedgerFile:
    """The papers of several notices in one archive; drafts among them are named (Unacceptable)."""
    if not notices:
        raise Unacceptable("没有选中督办单，请在表格左侧勾选。")
    if len(notices) > MOST:
        raise Unacceptable(f"选中了 {len(notices)} 份，一次最多导出 {MOST} 份，请分批选择。")
    papers = [_paper(each) for each in notices]
    made = LedgerFile(
        f"督办通知单-{local_day(at):%Y%m%d}.zip", archive([(each.name, each.content) for each in papers]), ZIP
    )
    _record(notices, made, by=by, at=at)
    return made


def summary_file(*, year: int, quarter: int, issuer: Organisation, by: User, at: datetime) -> LedgerFile:
    """季督办情况 of the notices the person may see, by office."""
    on = local_day(at)
    summary = quarter_summary(by, year=year, quarter=quarter, on=on)
    paper = summary_paper(summary, issuer=issuer.name, on=on, is_demo=issuer.is_demo)
    name = f"{year}年第{summary.quarter_word}季度督办情况.docx"
    made = LedgerFile(name, gongwen.write_document(paper), DOCX)
    _record([], made, by=by, at=at)
    return made


def _paper(notice: SupervisionNotice) -> LedgerFile:
    if notice.number is None:
        raise Unacceptable(f"“{notice}”还没有签发，没有编号，不能生成督办通知单。")
    name = f"督办{notice.number_text}-{plain_name(str(notice.addressee))}.docx"
    return LedgerFile(name, gongwen.write_document(notice_paper(notice)), DOCX)


def _record(notices: Sequence[SupervisionNotice], made: LedgerFile, *, by: User, at: datetime) -> None:
    subject = notices[0] if len(notices) == 1 else None
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=subject,
            organisation=subject.issuer_id if subject is not None else min(by.scope.organisation_ids, default=None),
            after={"文件": made.name, "字节数": len(made.content), "份数": len(notices) or 1},
            subject_name="" if subject is not None else made.name,
        )
