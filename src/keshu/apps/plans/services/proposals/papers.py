"""A draft's papers: the document in Word, 目标测算表 in Word and Excel, all pieces in Excel; each recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.exchange import write_workbook
from keshu.apps.bureau.services.exchange.writing import Sheet, SheetColumn
from keshu.apps.plans.models import Choice, PieceKind, PlanProposal, ProposalItem, ProposalState
from keshu.apps.plans.queries.proposals.measuring import MeasuredLine, measured_lines
from keshu.apps.plans.services.ledger_files import MEDIA_TYPES, FileForm, LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.papers import DOCX, plain_name
from keshu.apps.plans.services.proposals.composing import DraftParagraph, left_out, paragraphs_of
from keshu.apps.plans.services.proposals.documents import annex_of, document_of
from keshu.engines import gongwen

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

FINISHED = (ProposalState.FINAL, ProposalState.TAKEN_IN)
DEMO_MARK = "演示数据"


def proposal_document(proposal: PlanProposal, *, by: User, at: datetime) -> LedgerFile:
    """The draft as an official document. Whoever sees it."""
    content = written(proposal, on=day_of(proposal, at=at))
    return _recorded(proposal, LedgerFile(f"{plain_name(proposal.title)}.docx", content, DOCX), by=by, at=at)


def written(proposal: PlanProposal, *, on: date) -> bytes:
    """The document's bytes: the same draft gives the same bytes."""
    document = document_of(proposal, paragraphs_of(items_of(proposal)), on=on, is_final=proposal.state in FINISHED)
    return gongwen.write_document(document)


def day_of(proposal: PlanProposal, *, at: datetime) -> date:
    """The day on the document: when it was made final, else today."""
    return local_day(proposal.finished_at or at)


def items_of(proposal: PlanProposal) -> list[ProposalItem]:
    return list(ProposalItem.objects.filter(proposal=proposal).order_by("position", "pk"))


def paragraphs_of_proposal(proposal: PlanProposal) -> list[DraftParagraph]:
    return paragraphs_of(items_of(proposal))


def shown_ids(items: list[ProposalItem]) -> set[int]:
    gone = left_out(items)
    return {item.pk for item in items if item.pk not in gone}


def proposal_annex(proposal: PlanProposal, *, by: User, at: datetime) -> LedgerFile:
    """目标测算表 as a Word file of its own. Whoever sees the draft."""
    lines = measured_lines(proposal, shown_ids(items_of(proposal)))
    issuer = proposal.plan.issuer or proposal.organisation.name
    content = gongwen.write_document(annex_of(proposal, lines, on=day_of(proposal, at=at), issuer=issuer))
    return _recorded(proposal, LedgerFile(f"{plain_name(proposal.title)}-目标测算表.docx", content, DOCX), by=by, at=at)


_MEASURED = (
    ("目标", 34), ("单位", 10), ("上年实绩", 12), ("本年目标", 12), ("本年完成", 14), ("来年建议", 12), ("增幅", 14),
    ("测算依据", 60),
)  # fmt: skip
_PIECES = (
    ("章节", 30),
    ("类别", 10),
    ("文字", 70),
    ("建议", 12),
    ("决定", 12),
    ("理由", 40),
    ("责任单位", 30),
    ("完成时限", 16),
)


def proposal_workbook(proposal: PlanProposal, *, by: User, at: datetime) -> LedgerFile:
    """Two sheets: the numbers with where they come from; every piece with its decision. Whoever sees the draft."""
    items = items_of(proposal)
    lines = measured_lines(proposal, shown_ids(items))
    note = f"{by} {timezone.localtime(at):%Y-%m-%d %H:%M} 导出"
    mark = DEMO_MARK if proposal.is_demo else ""
    sheets = [
        Sheet(
            name="目标测算表", title=f"{proposal.title}目标测算表", columns=_columns(_MEASURED),
            rows=[_measured(line) for line in lines], note=f"{note}，共 {len(lines)} 项", mark=mark,
        ),
        Sheet(
            name="逐条决定", title=f"{proposal.title}逐条决定", columns=_columns(_PIECES),
            rows=[row for item in items if (row := _piece(item, items))], note=note, mark=mark,
        ),
    ]  # fmt: skip
    content = write_workbook(sheets, title=proposal.title, author=str(by))
    name = f"{plain_name(proposal.title)}-目标测算表.xlsx"
    return _recorded(proposal, LedgerFile(name, content, MEDIA_TYPES[FileForm.XLSX]), by=by, at=at)


def _columns(declared: tuple[tuple[str, int], ...]) -> list[SheetColumn]:
    return [
        SheetColumn(label, label, width, wrap=width >= 30, number_format="#,##0.######" if label == "来年建议" else "General")
        for label, width in declared
    ]  # fmt: skip


def _measured(line: MeasuredLine) -> list[object]:
    row = line.row
    return [
        line.name, line.unit, row.last_year, row.this_year,
        line.reached if row.is_forecast else row.reached,
        row.value if row.value is not None and row.value_high is None else line.proposed, line.growth, row.rule,
    ]  # fmt: skip


def _piece(item: ProposalItem, items: list[ProposalItem]) -> list[str] | None:
    if not item.is_decidable or item.is_removed:
        return None
    by_pk = {each.pk: each for each in items}
    above, path = item.parent_id, list[str]()
    while above is not None:
        path.insert(0, f"{by_pk[above].label}{by_pk[above].text}")
        above = by_pk[above].parent_id
    owners = next(
        (each.text.strip("（）") for each in items if each.parent_id == item.pk and each.kind == PieceKind.OWNERS), ""
    )
    return [
        " / ".join(filter(None, path)), PieceKind(item.kind).label, item.text,
        Choice(item.suggestion).label if item.suggestion else "", Choice(item.choice).label if item.choice else "",
        item.reason or item.basis, owners, item.due_text,
    ]  # fmt: skip


def _recorded(proposal: PlanProposal, made: LedgerFile, *, by: User, at: datetime) -> LedgerFile:
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT, subject=proposal, organisation=proposal.organisation_id,
            after={"文件": made.name, "字节数": len(made.content)},
        )  # fmt: skip
    return made
