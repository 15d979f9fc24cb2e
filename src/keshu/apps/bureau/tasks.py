"""The queue's one task: run the job with this number; and the runner that reads the trail through."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from keshu.apps.bureau.permissions import can_check_trail
from keshu.apps.bureau.queries.trail import verify_trail
from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.signals import job_queued


@task()
def run_job(job_id: int) -> None:
    jobs.execute_job(job_id, clock=timezone.now)


@receiver(job_queued)
def put_on_queue(*, job_id: int, **_: Any) -> None:
    run_job.enqueue(job_id)


@jobs.register("bureau.verify_trail")
def verify(job: jobs.JobHandle) -> dict[str, Any]:
    """Compare every entry with its hash, and the chain with its head and anchors. Auditors and the operator."""
    can_check_trail(job.by)
    found = verify_trail(progress=lambda done, total: job.progress(done, total, f"已核对 {done} 条"))
    faults = [{"number": fault.number, "message": fault.message} for fault in found.faults]
    return {"message": found.summary, "faults": faults, "url": reverse("bureau:trail-check")}
