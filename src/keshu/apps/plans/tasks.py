"""The plans app's background work."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse

from keshu.apps.bureau.services.jobs import JobHandle, register
from keshu.apps.plans.services import intake


@register(intake.READ_DOCUMENT)
def read_document(job: JobHandle) -> dict[str, Any]:
    """Read an uploaded document into a draft; the result leads to its review page."""
    result = intake.read_document(**job.params, progress=job.progress, by=job.by, at=job.at)
    return {**asdict(result), "url": reverse("plans:review", args=[result.plan_id])}
