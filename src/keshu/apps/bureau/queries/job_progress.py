"""How far a job is while a long transaction of its own keeps the database from telling: told in small files beside it.

What is written within a transaction nobody else sees before its end, and SQLite lets nobody else write meanwhile; so the worker
puts its progress, and the person the wish to stop, where both find it at once. Without them the job's row says what it last said.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from keshu.apps.bureau.models import Job, JobState


def progress_file(job_id: int) -> Path:
    return Path(settings.STORAGE) / "jobs" / f"{job_id}.progress"


def stop_file(job_id: int) -> Path:
    return Path(settings.STORAGE) / "jobs" / f"{job_id}.stop"


def with_progress(job: Job) -> Job:
    """The job as it stands at this moment, to be shown and not to be saved."""
    if job.state != JobState.RUNNING:
        return job
    with suppress(OSError, ValueError, TypeError):
        job.done, job.total, job.message = json.loads(progress_file(job.pk).read_text("utf-8"))
    job.cancel_requested = job.cancel_requested or stop_file(job.pk).exists()
    return job
