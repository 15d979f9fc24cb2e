"""The queue's one task, run the job with this number; and jobs of the house: workbooks tried out and saved, the trail checked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from keshu.apps.bureau.models import ImportRun
from keshu.apps.bureau.permissions import can_check_trail
from keshu.apps.bureau.queries.trail import verify_trail
from keshu.apps.bureau.services import jobs, paper_checks
from keshu.apps.bureau.services.exchange import filling, running
from keshu.apps.bureau.signals import job_ended, job_queued


@task()
def run_job(job_id: int) -> None:
    jobs.execute_job(job_id, clock=timezone.now)


@receiver(job_queued)
def put_on_queue(*, job_id: int, **_: Any) -> None:
    run_job.enqueue(job_id)


@jobs.register(running.CHECK)
def check_import(job: jobs.JobHandle) -> dict[str, Any]:
    """Try an uploaded workbook out; the result leads to what was found."""
    run = running.check_run(job.params["run_id"], progress=job.progress, by=job.by, at=job.at)
    is_faulty = bool(run.figures.get("faulty"))
    return {
        "url": _page(run),
        "message": f"检查完毕：{running.told(run)}。",
        **({"tone": "at-risk"} if is_faulty else {}),
    }


@jobs.register(running.MARK)
def mark_import(job: jobs.JobHandle) -> dict[str, Any]:
    """Make the copy to be handed back."""
    run = running.mark_run(job.params["run_id"], by=job.by, at=job.at)
    return {"url": _page(run), "message": "有误的单元格已标注，可以下载。"}


@jobs.register(running.SAVE)
def save_import(job: jobs.JobHandle) -> dict[str, Any]:
    """Save a confirmed workbook."""
    run = running.save_run(job.params["run_id"], progress=job.progress, by=job.by, at=job.at)
    return {"url": _page(run), "message": f"已导入：{running.told(run)}。"}


@jobs.register(filling.FILL)
def fill_workbook(job: jobs.JobHandle) -> dict[str, Any]:
    """Write the rows of a large ledger to be filled in; the result is the file."""
    size, kept = filling.fill_workbook(**job.params, progress=job.progress, by=job.by, at=job.at)
    told = f"可回填的表已备好（{size / 1024 / 1024:.1f} MB），点“下载”取走。"
    return {"url": reverse("bureau:attachment-download", args=[kept.pk]), "message": told, "is_file": True}


@receiver(job_ended)
def settle_import(*, kind: str, params: dict[str, Any], at: datetime, **_: Any) -> None:
    """A workbook whose job came to nothing is put away, or waits for its person again."""
    if kind in (running.CHECK, running.SAVE):
        running.settle_run(kind, params["run_id"], at=at)


@jobs.register(paper_checks.CHECK)
def check_paper(job: jobs.JobHandle) -> dict[str, Any]:
    """Check a Word file against the standard; the result leads to what was found."""
    check = paper_checks.check_paper(job.params["check_id"], progress=job.progress, by=job.by, at=job.at)
    told = (
        f"发现 {len(check.findings)} 处，已改正 {check.count('mended')} 处。"
        if check.findings
        else "没有发现格式问题。"
    )
    return {"url": reverse("bureau:paper-check-detail", args=[check.pk]), "message": f"检查完毕：{told}"}


@receiver(job_ended)
def settle_paper_check(*, kind: str, params: dict[str, Any], at: datetime, **_: Any) -> None:
    """A file that was not checked is not kept."""
    if kind == paper_checks.CHECK:
        paper_checks.settle_check(params["check_id"], at=at)


def _page(run: ImportRun) -> str:
    return reverse("bureau:import-detail", args=[run.pk])


@jobs.register("bureau.verify_trail")
def verify(job: jobs.JobHandle) -> dict[str, Any]:
    """Compare every entry with its hash, and the chain with its head and anchors. Auditors and the operator."""
    can_check_trail(job.by)
    found = verify_trail(progress=lambda done, total: job.progress(done, total, f"已核对 {done} 条"))
    faults = [{"number": fault.number, "message": fault.message} for fault in found.faults]
    return {"message": found.summary, "faults": faults, "url": reverse("bureau:trail-check")}
