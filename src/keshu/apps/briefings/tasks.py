"""The job of the briefings: a draft checked against the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from keshu.apps.briefings.services import fact_checks
from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.signals import job_ended


@jobs.register(fact_checks.CHECK)
def check_draft(job: jobs.JobHandle) -> dict[str, Any]:
    """Check a draft; the result leads to what was found."""
    check = fact_checks.check_draft(job.params["check_id"], progress=job.progress, by=job.by, at=job.at)
    told = (
        f"{check.figure_count} 个数字，{check.problem_count} 处有问题。"
        if check.figure_count
        else "稿件里没有找到数字。"
    )
    return {"url": reverse("briefings:fact-check-detail", args=[check.pk]), "message": f"核对完毕：{told}"}


@receiver(job_ended)
def settle_fact_check(*, kind: str, params: dict[str, Any], at: datetime, **_: Any) -> None:
    """A draft that was not checked is not kept."""
    if kind == fact_checks.CHECK:
        fact_checks.settle_check(params["check_id"], at=at)
