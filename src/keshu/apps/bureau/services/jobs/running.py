"""Jobs from start to end: queueing, running by the registered runner, progress, cancelling.

A runner does its own transactions and reports progress between them; what it raises as ``Refused`` or ``Unacceptable`` is told to
the person, anything else becomes a sentence with the job's number and is explained in the log only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from keshu.apps.bureau.models import Job, JobState
from keshu.apps.bureau.permissions import can_cancel_job
from keshu.apps.bureau.services.jobs import aside
from keshu.apps.bureau.services.refusals import Refused, Unacceptable
from keshu.apps.bureau.signals import job_ended, job_queued

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

logger = logging.getLogger("keshu.jobs")

Runner = Callable[["JobHandle"], dict[str, Any]]
Clock = Callable[[], datetime]

PROGRESS_EVERY = 0.5  # seconds between two writes of progress

# The jobs this process is running at this moment.
in_hand: set[int] = set()
_runners: dict[str, Runner] = {}


class JobCancelled(Exception):
    """The person asked to stop; raised by ``JobHandle.progress`` and passed on by the runner."""


def register(kind: str) -> Callable[[Runner], Runner]:
    """Make the decorated function the runner of jobs of this kind."""

    def keep(runner: Runner) -> Runner:
        if _runners.setdefault(kind, runner) is not runner:
            raise ValueError(f"job kind {kind!r} has two runners: {_runners[kind].__module__} and {runner.__module__}")
        return runner

    return keep


class JobHandle:
    """What a runner holds of its job: parameters, the person it works for, and the way to tell how far it is."""

    def __init__(self, job: Job, *, clock: Clock) -> None:
        self.id = job.pk
        self.title = job.title
        self.params: dict[str, Any] = job.params
        self.by: User = job.created_by
        self.total = 1
        self._clock = clock
        self._attempt = job.attempts
        self._told = float("-inf")

    @property
    def at(self) -> datetime:
        """The present moment, for the services the runner calls."""
        return self._clock()

    def progress(
        self, done: int, total: int, message: str = "", *, at_once: bool = False, is_aside: bool = False
    ) -> None:
        """Tell how far the work is; JobCancelled when the person asked to stop. Within a transaction only with `is_aside`.

        Called as often as one likes: at most two calls a second are told; the last (done = total) always is, and one before a
        long step (`at_once`).
        """
        self.total = max(1, total)
        now = time.monotonic()
        if now - self._told < PROGRESS_EVERY and done < total and not at_once:
            return
        self._told = now
        if is_aside:
            if aside.is_to_stop(self.id):
                raise JobCancelled
            aside.tell(self.id, done=done, total=total, message=message[:200])
            return
        aside.forget_progress(self.id)
        # A worker thought dead, whose job another has taken up, finds itself in an earlier attempt and stops.
        running = Job.objects.filter(pk=self.id, state=JobState.RUNNING, attempts=self._attempt, cancel_requested=False)
        if not running.update(done=done, total=total, message=message[:200], heartbeat_at=self._clock()):
            raise JobCancelled


def start_job(*, kind: str, title: str, params: dict[str, Any], by: User, at: datetime) -> Job:
    """Queue a job in the caller's transaction. Whoever may do what the job does may start it; the runner checks again."""
    if kind not in _runners:
        raise ValueError(f"no runner for job kind {kind!r}; known: {', '.join(sorted(_runners))}")
    with transaction.atomic():
        job = Job.objects.create(kind=kind, title=title[:200], params=params, created_by=by, created_at=at)
        job_queued.send(Job, job_id=job.pk)
    return job


def is_awaited(kind: str, **params: Any) -> bool:
    """Whether an unfinished job of that kind has these parameters."""
    return any(params.items() <= job.params.items() for job in Job.objects.unfinished().filter(kind=kind))


def awaited(kind: str, *, by: User, **params: Any) -> Job | None:
    """The person's unfinished job of that kind with these parameters, if there is one."""
    mine = Job.objects.unfinished().filter(kind=kind, created_by_id=by.pk).order_by("-pk")
    return next((job for job in mine if params.items() <= job.params.items()), None)


def cancel_job(job: Job, *, by: User, at: datetime) -> Job:
    """Stop a queued job at once, a running one at its next report. Whoever started it and the operator."""
    can_cancel_job(by, job)
    if job.state == JobState.RUNNING:
        aside.ask_to_stop(job.pk)  # first: the job may hold the database that the wish is written into
    with transaction.atomic():
        stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.CANCELLED, cancel_requested=True, finished_at=at, message="排队中取消"
        )
        if not stopped:
            Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    if stopped:
        tell_ended(job, at=at)
    job.refresh_from_db()
    if job.is_finished:
        aside.forget(job.pk)
    return job


def execute_job(job_id: int, *, clock: Clock) -> None:
    """Run one queued job to its end, whatever that is. A job somebody else has taken, or that was cancelled, is left alone."""
    now = clock()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    if not taken:
        return
    job = Job.objects.select_related("created_by").get(pk=job_id)
    in_hand.add(job_id)
    try:
        values = _outcome(job, clock=clock)
    finally:
        in_hand.discard(job_id)
        aside.forget(job_id)
    mine = Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempts=job.attempts)
    ended = clock()
    if mine.update(finished_at=ended, **values):
        tell_ended(job, at=ended)


def tell_ended(job: Job, *, at: datetime) -> None:
    """Let others put away what the job worked on."""
    job_ended.send(Job, job_id=job.pk, kind=job.kind, params=job.params, at=at)


def _outcome(job: Job, *, clock: Clock) -> dict[str, Any]:
    """What running the job leaves in its row."""
    runner = _runners.get(job.kind)
    if runner is None:
        return {
            "state": JobState.FAILED,
            "error": f"系统中已没有“{job.title}”这类任务的处理程序，请联系系统管理员。"[:500],
        }
    handle = JobHandle(job, clock=clock)
    try:
        result = runner(handle)
    except JobCancelled:
        return {"state": JobState.CANCELLED, "message": "已按您的要求停止，没有保存任何结果。"}
    except (Refused, Unacceptable) as refusal:
        return {"state": JobState.FAILED, "error": refusal.message[:500]}
    except Exception as error:
        # The message of an unexpected error may hold what a person typed or uploaded; the log keeps its place only.
        logger.error("job %s (%s) failed: %s at %s", job.pk, job.kind, type(error).__name__, _place(error))
        return {
            "state": JobState.FAILED,
            "error": f"处理时出现意外错误，没有保存任何结果。请重试一次；仍不成功时，请把任务编号 {job.pk} 告诉系统管理员。",
        }
    return {
        "state": JobState.DONE,
        # What came of it, in place of the last step's word.
        **({"message": str(result["message"])[:200]} if result.get("message") else {}),
        "done": handle.total,
        "total": handle.total,
        "result": result,
        "result_url": str(result.get("url", ""))[:200],
    }


def _place(error: BaseException) -> str:
    """Where it was raised, from the outermost call inwards, without any values."""
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])
