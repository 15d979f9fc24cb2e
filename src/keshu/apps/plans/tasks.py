"""The plans app's background work."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from keshu.apps.bureau.services.jobs import JobHandle, register
from keshu.apps.bureau.signals import job_ended
from keshu.apps.plans.services import intake


@register(intake.READ_DOCUMENT)
def read_document(job: JobHandle) -> dict[str, Any]:
    """Read an uploaded document into a draft; the result leads to its review page."""
    result = intake.read_document(**job.params, progress=job.progress, by=job.by, at=job.at)
    url = reverse("plans:review", args=[result.plan_id])
    return {**asdict(result), "url": url, "message": told(result), **_doubt(result)}


@receiver(job_ended)
def put_away(*, kind: str, params: dict[str, Any], at: datetime, **_: Any) -> None:
    """An upload that could not be read is not kept."""
    if kind == intake.READ_DOCUMENT:
        intake.discard_unread(params["attachment_id"], at=at)


def told(result: intake.ReadResult) -> str:
    """What was read, in a sentence for the job's panel."""
    if result.is_existing:
        return f"内容与已有的《{result.title}》相同，没有重复识别。"
    return "".join([_counted(result), *(f"{note}。" for note in result.notes)])


def _counted(result: intake.ReadResult) -> str:
    if not result.targets and not result.nodes:
        return "没有读出指标和任务，请核对文件是否选对。"
    if not result.targets:
        return f"读出 {result.nodes} 项任务，但没有读出指标数据，请核对文件是否选对、正文是否完整。"
    left = [f"{result.unresolved} 个单位写法待指定"] if result.unresolved else []
    left += [f"{result.doubtful} 处存疑"] if result.doubtful else []
    return f"读出 {result.targets} 条指标、{result.nodes} 项任务{''.join(f'，{each}' for each in left)}。"


def _doubt(result: intake.ReadResult) -> dict[str, Any]:
    """A reading without figures is probably of the wrong file; one of nothing at all offers to delete its draft."""
    if result.is_existing or result.targets:
        return {}
    if result.nodes:
        return {"tone": "at-risk"}
    offer = {
        "label": "删除这份草稿", "icon": "trash", "url": reverse("plans:import-discard", args=[result.plan_id]),
    }  # fmt: skip
    return {"tone": "at-risk", "offer": offer}
