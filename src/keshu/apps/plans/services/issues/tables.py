"""The bureau's three tables out: one workbook of three sheets, and each list as an official Word table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from keshu.apps.bureau.queries.delegations import own_body
from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import Refused, audit
from keshu.apps.bureau.services.exchange import Align as SheetAlign
from keshu.apps.bureau.services.exchange import Sheet, SheetColumn, write_workbook
from keshu.apps.plans.models import Issue, IssueState
from keshu.apps.plans.queries.issues.lists import (
    LIST_NAMES,
    IssueList,
    closed_on,
    number_of,
    origin_of,
    verdict_of,
    with_proofs,
)
from keshu.apps.plans.services.ledger_files import MEDIA_TYPES, FileForm, LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.paper_blocks import NOTHING, drawn_up, printed
from keshu.apps.plans.services.papers import DOCX
from keshu.engines import gongwen

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DEMO_MARK = "【演示数据】"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a list: its value, its width in a sheet (characters) and on paper (share), whether set in the middle."""

    label: str
    value: Callable[[Any], Any]
    width: float
    share: float
    is_centred: bool = False


def _raised_on(row: Issue) -> date:
    return timezone.localtime(row.raised_at).date()


PROBLEM_COLUMNS = (
    TableColumn("问题", lambda row: row.title, 28, 5),
    TableColumn("来源", origin_of, 18, 3.6),
    TableColumn("提出单位", lambda row: str(row.raised_for), 13, 2.6, is_centred=True),
    TableColumn("提出时间", _raised_on, 12, 2.8, is_centred=True),
)
DUTY_COLUMNS = (
    TableColumn("责任单位", lambda row: "" if row.owner is None else str(row.owner), 13, 2.6, is_centred=True),
    TableColumn("整改措施", lambda row: row.measure, 28, 5.6),
    TableColumn("整改时限", lambda row: row.due_on, 12, 2.8, is_centred=True),
)
FULFILMENT_COLUMNS = (
    TableColumn("落实情况", lambda row: row.proof.text if row.proof else "", 28, 5),
    TableColumn("佐证材料", lambda row: row.proof_files, 16, 2.8),
    TableColumn("确认", verdict_of, 18, 3.2),
    TableColumn("销号时间", closed_on, 12, 2.8, is_centred=True),
)
# On paper the list of fulfilment leaves out what the two others hold, so that a line can be read.
_ON_PAPER = {
    IssueList.PROBLEMS: PROBLEM_COLUMNS,
    IssueList.DUTIES: (*PROBLEM_COLUMNS[:1], PROBLEM_COLUMNS[2], *DUTY_COLUMNS),
    IssueList.FULFILMENT: (PROBLEM_COLUMNS[0], DUTY_COLUMNS[0], *FULFILMENT_COLUMNS),
}
_IN_SHEETS = {
    IssueList.PROBLEMS: PROBLEM_COLUMNS,
    IssueList.DUTIES: (*PROBLEM_COLUMNS, *DUTY_COLUMNS),
    IssueList.FULFILMENT: (*PROBLEM_COLUMNS, *DUTY_COLUMNS, *FULFILMENT_COLUMNS),
}


def tables_workbook(rows: Iterable[Issue], *, by: User, at: datetime) -> LedgerFile:
    """问题清单, 责任清单, 落实清单 of these rows as three sheets; recorded as an export. Rows the person may see."""
    _check(by)
    held = list(with_proofs(list(rows)))
    mark = DEMO_MARK if any(row.is_demo for row in held) else ""
    note = f"{by} {timezone.localtime(at):%Y-%m-%d %H:%M} 导出，共 {len(held)} 项"
    sheets = [
        Sheet(
            name=LIST_NAMES[each], title=LIST_NAMES[each], columns=_sheet_columns(_IN_SHEETS[each]),
            rows=[_values(row, _IN_SHEETS[each]) for row in _listed(each, held)], note=note, mark=mark,
            frozen_columns=2, empty="没有符合条件的问题。",
        )
        for each in IssueList
    ]  # fmt: skip
    content = write_workbook(sheets, title="三张清单", author=str(by))
    name = f"三张清单_{timezone.localtime(at):%Y%m%d}.xlsx"
    _record(name, held, content, by=by, at=at)
    return LedgerFile(name, content, MEDIA_TYPES[FileForm.XLSX])


def tables_document(shown: IssueList, rows: Iterable[Issue], *, by: User, at: datetime) -> LedgerFile:
    """One list as an official Word table, drawn up by the person's own body; recorded as an export."""
    _check(by)
    held = _listed(shown, list(with_proofs(list(rows))))
    issuer = issuer_for(by)
    columns = _ON_PAPER[shown]
    centred = gongwen.Align.CENTRE
    table = gongwen.Table(
        columns=(
            gongwen.Column(2.4, centred),
            *(gongwen.Column(each.share, centred if each.is_centred else gongwen.Align.LEFT) for each in columns),
        ),
        header=(("序号", *(each.label for each in columns)),),
        rows=tuple((number_of(row), *(_printed(each.value(row)) for each in columns)) for row in held)
        or (("", "没有符合条件的问题", *("" for _ in columns[1:])),),
        text=gongwen.TableText.SMALL,
    )  # fmt: skip
    document = gongwen.OfficialDocument(
        title=f"{issuer}\n{LIST_NAMES[shown]}",
        # as behind a long table a signature could come to stand alone on a page, the line above says whose it is
        blocks=(replace(table, unit=drawn_up(issuer, local_day(at), is_demo=any(row.is_demo for row in held))),),
        orientation=gongwen.Orientation.LANDSCAPE,
    )
    content = gongwen.write_document(document)
    name = f"{LIST_NAMES[shown]}_{timezone.localtime(at):%Y%m%d}.docx"
    _record(name, held, content, by=by, at=at)
    return LedgerFile(name, content, DOCX)


def issuer_for(user: User) -> str:
    """The body whose name stands on what the person prints: the bureau, county or park they belong to."""
    number = min(user.scope.organisation_ids, default=None)
    return "" if number is None else own_body(organisation_by_id(number)).name


def _listed(shown: IssueList, rows: Sequence[Any]) -> list[Any]:
    """What stands on a list: all problems; those with an owner; those with something filed. Cancelled ones on the first only."""
    ordered = sorted(rows, key=lambda row: (row.year, row.number))
    kept = [row for row in ordered if shown is IssueList.PROBLEMS or row.state != IssueState.CANCELLED]
    if shown is IssueList.PROBLEMS:
        return kept
    kept = [row for row in kept if row.owner_id is not None]
    return kept if shown is IssueList.DUTIES else [row for row in kept if row.proof is not None]


def _values(row: Any, columns: Sequence[TableColumn]) -> list[Any]:
    return [number_of(row), *(each.value(row) for each in columns)]


def _sheet_columns(columns: Sequence[TableColumn]) -> list[SheetColumn]:
    middle = SheetAlign.CENTER
    return [
        SheetColumn("number", "序号", 10, align=middle),
        *(
            SheetColumn(
                each.label, each.label, each.width, wrap=True, align=middle if each.is_centred else SheetAlign.LEFT,
                number_format="yyyy-mm-dd" if each.label.endswith(("时间", "时限")) else "General",
            )
            for each in columns
        ),
    ]  # fmt: skip


def _printed(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return re.sub(r"\n+", "\n", printed(str(value or ""))) or NOTHING


def _check(user: User) -> None:
    if not (user.scope.is_government or user.scope.is_everything):
        raise Refused("只有政府部门的人员可以导出工作台账。")


def _record(name: str, rows: Sequence[Any], content: bytes, *, by: User, at: datetime) -> None:
    audit.Recorder(by=by, at=at).note(
        action=audit.AuditAction.EXPORT, subject=None, subject_name=name,
        organisation=min(by.scope.organisation_ids, default=None),
        after={"文件": name, "条数": len(rows), "字节数": len(content)},
    )  # fmt: skip
