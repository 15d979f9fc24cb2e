"""The queue's one task: run the job with this number."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task

from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.signals import job_queued


@task()
def run_job(job_id: int) -> None:
    jobs.execute_job(job_id, clock=timezone.now)


@receiver(job_queued)
def put_on_queue(*, job_id: int, **_: Any) -> None:
    run_job.enqueue(job_id)
