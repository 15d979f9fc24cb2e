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
    url = reverse("plans:review", args=[result.plan_id])
    return {**asdict(result), "url": url, "message": told(result)}


def told(result: intake.ReadResult) -> str:
    """What was read, in a sentence for the job's panel."""
    if result.is_existing:
        return f"内容与已有的《{result.title}》相同，没有重复识别。"
    if not result.targets:
        tasks = f"读出 {result.nodes} 项任务，但" if result.nodes else ""
        return f"{tasks}没有读出指标数据，请核对文件是否选对、正文是否完整。"
    left = [f"{result.unresolved} 处单位写法待指定"] if result.unresolved else []
    left += [f"{result.doubtful} 处存疑"] if result.doubtful else []
    return f"读出 {result.targets} 条指标、{result.nodes} 项任务{''.join(f'，{each}' for each in left)}。"
