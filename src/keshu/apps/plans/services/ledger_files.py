"""Ledgers as files: what a person sees on screen, as Excel or CSV, with an entry in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from keshu.apps.bureau.queries.ledger import (
    ExportColumn,
    Ledger,
    LedgerExport,
    PrintedLedger,
    csv_lines,
    export_rows,
    printed_ledger,
)
from keshu.apps.bureau.services import Refused, Unacceptable, audit
from keshu.apps.bureau.services.exchange import ledger_sheet, write_workbook
from keshu.apps.plans.permissions import can_export

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


class FileForm(StrEnum):
    """The forms a ledger is handed out in."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES = {
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A file to hand out."""

    name: str
    content: bytes
    media_type: str


def ledger_file(
    ledger: Ledger,
    rows: QuerySet[Any],
    query: Mapping[str, Any],
    *,
    form: str,
    title: str,
    plan: WorkPlan | None,
    by: User,
    at: datetime,
) -> LedgerFile:
    """Exactly what the ledger's address shows, all pages of it. Government people, of plans they may see (Refused)."""
    return table_file(
        export_rows(ledger, rows, query), form=form, name=ledger.noun, title=title, plan=plan, by=by, at=at
    )


def ledger_print(
    ledger: Ledger,
    rows: QuerySet[Any],
    query: Mapping[str, Any],
    *,
    title: str,
    plan: WorkPlan | None,
    by: User,
    at: datetime,
) -> PrintedLedger:
    """What the ledger's address shows, to be printed whole; recorded. Government people, of plans they may see (Refused)."""
    _check(by, plan)
    made = printed_ledger(ledger, rows, query)
    _record(plan, name=ledger.noun, form="打印", count=len(made.rows), title=title, by=by, at=at)
    return made


def sheet_file(
    columns: Sequence[tuple[str, str, int]],
    rows: Iterable[Sequence[Any]],
    *,
    form: str,
    name: str,
    title: str,
    plan: WorkPlan | None,
    by: User,
    at: datetime,
) -> LedgerFile:
    """A table that is no ledger (the tree, the matrix) as a file; `columns` are heading, kind and width in px."""
    export = LedgerExport(tuple(ExportColumn(*column) for column in columns), tuple(tuple(row) for row in rows))
    return table_file(export, form=form, name=name, title=title, plan=plan, by=by, at=at)


def table_file(
    export: LedgerExport, *, form: str, name: str, title: str, plan: WorkPlan | None, by: User, at: datetime
) -> LedgerFile:
    """The rows as a file of the form asked for, recorded under the person's name. Unacceptable for an unknown form."""
    if form not in set(FileForm):
        raise Unacceptable(f"不能导出为“{form[:20]}”，可以导出为 Excel（xlsx）或 CSV（csv）。")
    _check(by, plan)
    rows = tuple(export.rows)
    held = replace(export, rows=rows)
    stamp = timezone.localtime(at)
    if form == FileForm.CSV:
        content = "".join(csv_lines(held)).encode()
    else:
        note = f"{by} {stamp:%Y-%m-%d %H:%M} 导出，共 {len(rows)} 条"
        content = write_workbook([ledger_sheet(held, name=name, title=title, note=note)])
    _record(plan, name=name, form=form, count=len(rows), title=title, by=by, at=at)
    return LedgerFile(f"{title}_{stamp:%Y%m%d}.{form}", content, MEDIA_TYPES[FileForm(form)])


def _record(plan: WorkPlan | None, *, name: str, form: str, count: int, title: str, by: User, at: datetime) -> None:
    audit.Recorder(by=by, at=at).note(
        action=audit.AuditAction.EXPORT,
        subject=plan,
        organisation=None if plan is None else plan.organisation,
        after={"台账": name, "格式": form, "条数": count},
        subject_name=title,
    )


def _check(user: User, plan: WorkPlan | None) -> None:
    if plan is not None:
        can_export(user, plan)
    elif not (user.scope.is_government or user.scope.is_everything):
        raise Refused("只有政府部门的人员可以导出工作台账。")
