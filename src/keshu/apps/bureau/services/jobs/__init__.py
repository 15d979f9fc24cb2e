"""Background work on the database: a person starts a job, a worker runs its registered runner, the page follows and may cancel.

A runner does its own transactions and reports progress between them; what it raises as ``Refused`` or ``Unacceptable`` is told to
the person, anything else becomes a sentence with the job's number and is explained in the log only.
"""

from keshu.apps.bureau.services.jobs.running import (
    JobCancelled,
    JobHandle,
    awaited,
    cancel_job,
    execute_job,
    is_awaited,
    register,
    start_job,
)
from keshu.apps.bureau.services.jobs.worker import recover_stale_jobs, run_pending, run_worker

__all__ = [
    "JobCancelled", "JobHandle", "awaited", "cancel_job", "execute_job", "is_awaited", "recover_stale_jobs", "register",
    "run_pending", "run_worker", "start_job",
]  # fmt: skip
