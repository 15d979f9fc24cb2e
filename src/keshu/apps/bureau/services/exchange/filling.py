"""The workbooks people fill in, on their way out: the empty template and small ledgers at once, large ones by a job."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.bureau.services import audit, jobs
from keshu.apps.bureau.services.attachments import store_upload
from keshu.apps.bureau.services.exchange.running import sitting_for
from keshu.apps.bureau.services.exchange.sheets import filled_workbook, template

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, Job, User
    from keshu.apps.bureau.services.exchange.running import Progress

FILL = "bureau.fill_workbook"
AT_ONCE = 2_000  # rows that are written while the person waits, in about a second


def workbook_to_fill(
    key: str, params: Mapping[str, str], *, is_template: bool, by: User, at: datetime
) -> tuple[str, bytes]:
    """A file name and the workbook: the empty template, or the rows as they are. Who may change the rows; recorded."""
    round_trip, sitting = sitting_for(key, params, by=by, at=at)
    kept = {name: params[name] for name in round_trip.needs}
    write = template if is_template else filled_workbook
    content = write(round_trip, sitting, params=kept, by=by, at=at)
    name = f"{sitting.title}{'导入模板' if is_template else '（可回填）'}"
    if not is_template:
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT, subject=None, subject_name=sitting.title[:200],
            organisation=sitting.organisation, after={"台账": round_trip.noun, "条件": "可回填的表"},
        )  # fmt: skip
    return name, content


def is_large(key: str, params: Mapping[str, str], *, by: User, at: datetime) -> bool:
    """Whether the ledger's rows are too many to be written while the person waits."""
    _, sitting = sitting_for(key, params, by=by, at=at)
    return sum(row.is_listed for row in sitting.current()) > AT_ONCE


def start_filling(key: str, params: Mapping[str, str], *, by: User, at: datetime) -> Job:
    """The job that writes the workbook; the one that is already at it, where the person asks twice."""
    round_trip, sitting = sitting_for(key, params, by=by, at=at)
    wanted = {"key": key, "params": {name: params[name] for name in round_trip.needs}}
    if (job := jobs.awaited(FILL, by=by, **wanted)) is not None:
        return job
    return jobs.start_job(kind=FILL, title=f"导出{sitting.title}（可回填的表）", params=wanted, by=by, at=at)


def fill_workbook(
    key: str, params: Mapping[str, str], *, progress: Progress, by: User, at: datetime
) -> tuple[int, Attachment]:
    """Write the rows into a workbook kept as the person's file; how many megabytes it has, and the file."""
    _, sitting = sitting_for(key, params, by=by, at=at)
    progress(0, 2, "正在逐行写入工作簿", at_once=True)
    name, content = workbook_to_fill(key, params, is_template=False, by=by, at=at)
    progress(1, 2, "正在保存文件", at_once=True)
    file_name = f"{name}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    kept = store_upload(file=io.BytesIO(content), name=file_name, organisation=sitting.organisation, by=by, at=at)
    return len(content), kept
