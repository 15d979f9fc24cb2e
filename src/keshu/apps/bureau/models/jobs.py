"""Background work that a person started and can watch and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "处理中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def visible_to(self, user: User) -> Self:
        """One's own jobs; auditors and operators see all."""
        if user.scope.roles & {"auditor", "operator"}:
            return self
        return self.filter(created_by_id=user.pk)


class Job(models.Model):
    """`kind` names the registered runner; `params` and `result` are plain JSON; `error` is Chinese, for the person.

    ``heartbeat_at`` is renewed while a worker is alive on the job; ``attempts`` counts how often one has begun it.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField("事项", max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("进展", max_length=200, blank=True)
    result = models.JSONField(default=dict)
    result_url = models.CharField(max_length=200, blank=True)
    error = models.CharField("未成功的原因", max_length=500, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("开始排队")
    started_at = models.DateTimeField("开始处理", null=True)
    finished_at = models.DateTimeField("结束", null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_by", "-id"], name="job_of_person")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while the whole is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
