"""The papers of a plan as Word files: 任务分解表, one office's, 责任清单, 目标任务书; several of a kind as one archive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.permissions import can_export
from keshu.apps.plans.queries.holders import OfficeRef, in_order
from keshu.apps.plans.queries.lines import PlanLines, plan_lines
from keshu.apps.plans.queries.matrix_pages import in_paper_order, kinds_of
from keshu.apps.plans.services import paper_blocks
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.engines import gongwen

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
NOBODY = "这份文件没有分到任务的单位。"
COUNTY_KINDS = ("county", "park")


class Paper(StrEnum):
    """What can be written of a plan."""

    DECOMPOSITION = "decomposition"
    RESPONSIBILITIES = "responsibilities"
    OFFICE = "office"
    LETTER = "letter"


TITLES = {
    Paper.DECOMPOSITION: "任务分解表",
    Paper.RESPONSIBILITIES: "责任清单",
    Paper.OFFICE: "任务分解表",
    Paper.LETTER: "目标任务书",
}
_WRITE: dict[Paper, Callable[[paper_blocks.Issue, PlanLines, OfficeRef], gongwen.OfficialDocument]] = {
    Paper.OFFICE: paper_blocks.office_decomposition,
    Paper.LETTER: paper_blocks.target_letter,
}


def paper_file(paper: Paper, plan: WorkPlan, *, office_id: int | None = None, by: User, at: datetime) -> LedgerFile:
    """The paper as a Word file, recorded as an export; of each office's papers all in one archive where none is named.

    Government people, of what they may see (Refused). Unacceptable where the office has no part in the plan.
    """
    can_export(by, plan)
    lines = plan_lines(plan)
    offices = _offices(lines)
    on = local_day(at)
    issue = paper_blocks.Issue(plan.title, plan.year, plan.organisation.name, on, plan.is_demo)
    if paper is Paper.DECOMPOSITION:
        made = _docx(TITLES[paper], plan.title, gongwen.write_document(paper_blocks.decomposition(issue, lines)))
    elif paper is Paper.RESPONSIBILITIES:
        if not offices:
            raise Unacceptable(NOBODY)
        listed = paper_blocks.responsibility_list(issue, lines, offices)
        made = _docx(TITLES[paper], plan.title, gongwen.write_document(listed))
    else:
        made = _of_offices(paper, plan, issue, lines, offices, office_id=office_id)
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=plan,
            organisation=plan.organisation,
            after={"文件": made.name, "字节数": len(made.content)},
        )
    return made


def _of_offices(
    paper: Paper,
    plan: WorkPlan,
    issue: paper_blocks.Issue,
    lines: PlanLines,
    offices: Sequence[OfficeRef],
    *,
    office_id: int | None,
) -> LedgerFile:
    kinds = kinds_of(offices) if paper is Paper.LETTER else {}
    wanted = [each for each in offices if not kinds or kinds.get(each.id) in COUNTY_KINDS]
    write, title = _WRITE[paper], TITLES[paper]
    if office_id is None:
        if not wanted:
            raise Unacceptable(NOBODY if not kinds else "这份文件没有给县区、园区的任务。")
        papers = {each: gongwen.write_document(write(issue, lines, each)) for each in wanted}
        content = archive([(_name(each.name, issue.year_text, title), data) for each, data in papers.items()])
        whose = "各县区、园区" if kinds else "各单位"
        return LedgerFile(f"{plain_name(plan.title)}-{whose}{title}.zip", content, ZIP)
    office = next((each for each in wanted if each.id == office_id), None)
    if office is None:
        raise Unacceptable(f"这份文件没有给这个单位的任务，不能生成{title}。")
    return LedgerFile(
        _name(office.name, issue.year_text, title), gongwen.write_document(write(issue, lines, office)), DOCX
    )


def _offices(lines: PlanLines) -> list[OfficeRef]:
    """Everybody who has a part in the plan, as papers list them: offices first, then counties, then departments."""
    held = in_order(office for task in lines.work for office in (*task.leads, *task.responsibles, *task.supports))
    return in_paper_order(held, kinds=kinds_of(held))


def archive(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The files under distinct names; the same files give the same bytes."""
    held, out = set[str](), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            while name in held:
                name = f"{name.removesuffix('.docx')}（另一单位）.docx"
            held.add(name)
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _docx(title: str, plan_title: str, content: bytes) -> LedgerFile:
    return LedgerFile(f"{plain_name(plan_title)}-{title}.docx", content, DOCX)


def _name(office: str, year: str, title: str) -> str:
    return f"{plain_name(office)}{year}{title}.docx"


def plain_name(text: str) -> str:
    """Without what file systems refuse."""
    return re.sub(r'[\\/:*?"<>|\s]+', "", text)[:60] or "工作要点"
