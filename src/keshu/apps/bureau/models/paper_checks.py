"""A Word file that somebody had checked against the standard of official documents: what deviates, and the mended copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class PaperCheckState(models.TextChoices):
    CHECKING = "checking", "检查中"
    CHECKED = "checked", "已检查"
    FAILED = "failed", "没有检查成"


class PaperCheckQuerySet(models.QuerySet["PaperCheck"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's: a draft is its writer's until they send it."""
        return self.filter(created_by_id=user.pk)


class PaperCheck(models.Model):
    """`findings` are dicts of place, name, expected, found, citation and outcome, one of ``PaperCheck.OUTCOMES``.

    An outcome ``unchecked`` is a note on what no rule looks at.
    ``mended`` is the copy with the mechanical ones mended; None where nothing was to mend.
    """

    OUTCOMES = {"mended": "已改正", "left": "要人工改", "unchecked": "未检查"}

    file_name = models.CharField("文件名", max_length=200)
    attachment = models.ForeignKey(
        "bureau.Attachment", verbose_name="附件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    mended = models.ForeignKey(
        "bureau.Attachment", verbose_name="改正后的文件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.ForeignKey(
        "bureau.Job", verbose_name="后台任务", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=12, choices=PaperCheckState.choices, default=PaperCheckState.CHECKING)
    findings = models.JSONField("检查意见", default=list)
    error = models.CharField("未成功的原因", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("上传时间")

    objects = PaperCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "公文检查"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_by", "-id"], name="paper_check_of_person")]

    def __str__(self) -> str:
        return self.file_name

    def count(self, outcome: str) -> int:
        return sum(each["outcome"] == outcome for each in self.findings)
