"""The process that runs jobs as they come, takes up those whose process died, and tells others that time has passed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from keshu.apps.bureau.models import Job, JobState
from keshu.apps.bureau.services.jobs import aside
from keshu.apps.bureau.services.jobs.running import Clock, in_hand, tell_ended
from keshu.apps.bureau.signals import job_queued, time_passed

logger = logging.getLogger("keshu.jobs")

HEARTBEAT_EVERY = 10.0  # seconds between two signs of life of a worker
SILENCE = timedelta(seconds=60)  # a running job silent for longer has lost its worker
ROUND_EVERY = 15.0  # seconds between two looks at what is due by the clock
ATTEMPTS = 2  # a job that took its worker down twice is not tried again


def recover_stale_jobs(*, at: datetime) -> int:
    """Queue again the jobs whose worker died; give up on one that died twice, and stop one that was to be cancelled."""
    lost = Job.objects.filter(state=JobState.RUNNING).filter(
        Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=at - SILENCE)
    )
    found = 0
    for job in list(lost):
        values: dict[str, Any] = {"state": JobState.QUEUED, "done": 0, "message": "处理进程曾中断，已重新排队。"}
        if job.cancel_requested:
            values = {"state": JobState.CANCELLED, "finished_at": at, "message": "处理进程中断，已按您的要求停止。"}
        elif job.attempts >= ATTEMPTS:
            error = f"处理进程两次中断，已停止重试。可能是文件过大或已损坏，请把任务编号 {job.pk} 告诉系统管理员。"
            values = {"state": JobState.FAILED, "finished_at": at, "error": error}
        with transaction.atomic():
            mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, heartbeat_at=job.heartbeat_at).update(**values)
            if mine and values["state"] == JobState.QUEUED:
                job_queued.send(Job, job_id=job.pk)
        if mine:
            aside.forget(job.pk)
        if mine and "finished_at" in values:
            tell_ended(job, at=at)
        found += mine
    return found


def run_pending() -> int:
    """Run everything queued, here and now, also within a transaction; returns how many were taken from the queue."""
    worker, count = _worker(), 0
    while (task := _claimed(worker.worker_id)) is not None:
        worker.run_task(task)
        count += 1
    return count


def _claimed(worker_id: str) -> Any:
    """The next task of the queue, taken so that no other worker takes it; None when there is none."""
    from django_tasks_db.models import DBTaskResult

    with transaction.atomic():
        task = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(worker_id)
    return task


def run_worker(*, once: bool = False, interval: float = 1.0, clock: Clock = timezone.now) -> None:
    """Run jobs as they come, until told to stop; `once`: run what is queued and return."""
    if once:
        recover_stale_jobs(at=clock())
        run_pending()
        make_round(at=clock())
        return
    worker = _worker()
    worker.configure_signals()
    checked = rounded = float("-inf")
    with _heartbeat(clock):
        while worker.running:
            if time.monotonic() - checked > SILENCE.total_seconds() / 2:
                checked = time.monotonic()
                _quietly(lambda: recover_stale_jobs(at=clock()))
            if time.monotonic() - rounded > ROUND_EVERY:
                rounded = time.monotonic()
                _quietly(lambda: make_round(at=clock()))
            if _quietly(_has_work):
                worker.run()
            time.sleep(interval)


def make_round(*, at: datetime) -> None:
    """Let everybody do what is due by the clock (reminders, mails); one that fails does not keep the others from it."""
    for receiver, outcome in time_passed.send_robust(None, at=at):
        if isinstance(outcome, DatabaseError):
            raise outcome
        if isinstance(outcome, Exception):
            logger.error("%s failed: %s", getattr(receiver, "__qualname__", receiver), type(outcome).__name__)


def _worker() -> Any:
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=str(DBTaskResult._meta.pk.get_default()),
        excluded_queue_names=[],
    )


def _has_work() -> bool:
    """Whether a job waits, by a plain read: asking for a lock every second would hold up those who write."""
    return Job.objects.filter(state=JobState.QUEUED).exists()


def _quietly(read: Callable[[], Any]) -> Any:
    """A worker outlives a database that is away for a while."""
    try:
        return read()
    except DatabaseError as error:
        logger.warning("the database did not answer: %s", type(error).__name__)
        connection.close()
        return None


@contextmanager
def _heartbeat(clock: Clock) -> Iterator[None]:
    """Renew the sign of life of this worker's running jobs, from a thread of its own, so that one long step is no silence."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_EVERY):
            _quietly(lambda: _alive(clock()))
        connection.close()

    thread = threading.Thread(target=beat, name="keshu-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=HEARTBEAT_EVERY)


def _alive(at: datetime) -> None:
    Job.objects.filter(pk__in=list(in_hand), state=JobState.RUNNING).update(heartbeat_at=at)
