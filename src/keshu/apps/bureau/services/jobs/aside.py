"""Progress and the wish to stop, past a long transaction: see ``queries.job_progress`` for why they are files."""

from __future__ import annotations

import json

from keshu.apps.bureau.queries.job_progress import progress_file, stop_file


def tell(job_id: int, *, done: int, total: int, message: str) -> None:
    """Put down how far the job is; whoever reads it finds it whole."""
    path = progress_file(job_id)
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".fresh")
    fresh.write_text(json.dumps([done, total, message]), "utf-8")
    fresh.replace(path)


def ask_to_stop(job_id: int) -> None:
    path = stop_file(job_id)
    path.parent.mkdir(exist_ok=True)
    path.touch()


def is_to_stop(job_id: int) -> bool:
    return stop_file(job_id).exists()


def forget_progress(job_id: int) -> None:
    """From here on the job's row speaks."""
    progress_file(job_id).unlink(missing_ok=True)


def forget(job_id: int) -> None:
    """Leave nothing of a job that is over, or that begins anew."""
    forget_progress(job_id)
    stop_file(job_id).unlink(missing_ok=True)
