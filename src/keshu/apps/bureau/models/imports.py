"""A workbook brought in: what the dry run found row by row, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class ImportState(models.TextChoices):
    CHECKING = "checking", "检查中"
    CHECKED = "checked", "待确认"
    SAVING = "saving", "正在保存"
    APPLIED = "applied", "已导入"
    DISCARDED = "discarded", "已放弃"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """One's own; auditors and operators see all, as with jobs."""
        if user.scope.roles & {"auditor", "operator"}:
            return self
        return self.filter(created_by_id=user.pk)


class ImportRun(models.Model):
    """`ledger` and `params` name the round trip; `figures` counts rows by state; `digest` stands for the changes found.

    ``marked`` is the returned copy, where there are faults. ``error`` says why the file as a whole could not be read.
    """

    ledger = models.CharField("台账", max_length=60)
    params = models.JSONField("范围", default=dict)
    title = models.CharField("内容", max_length=200)
    file_name = models.CharField("文件名", max_length=200)
    attachment = models.ForeignKey(
        "bureau.Attachment", verbose_name="附件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    marked = models.ForeignKey(
        "bureau.Attachment", verbose_name="标注后的表", null=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.ForeignKey(
        "bureau.Job", verbose_name="后台任务", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    figures = models.JSONField("行数", default=dict)
    notes = models.JSONField("提示", default=list)
    error = models.CharField("未成功的原因", max_length=500, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    why = models.CharField("变更依据", max_length=400, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间")
    applied_at = models.DateTimeField("导入时间", null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "Excel 导入"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_by", "ledger", "-id"], name="import_of_person")]

    def __str__(self) -> str:
        return f"{self.title}：{self.file_name}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(run__in=ImportRun.objects.visible_to(user))


class ImportRow(models.Model):
    """What the dry run found of one row of the workbook; gone when the run is discarded or checked anew.

    `differences` are triples of label, before and after; `faults` are pairs of label and message.
    """

    run = models.ForeignKey(ImportRun, verbose_name="Excel 导入", on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    state = models.CharField("结果", max_length=12)
    label = models.CharField("对象", max_length=200, blank=True)
    differences = models.JSONField("改动", default=list)
    faults = models.JSONField("意见", default=list)
    notes = models.JSONField("提示", default=list)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "导入的行"
        ordering = ["run_id", "number"]
        indexes = [models.Index(fields=["run", "state", "number"], name="import_row_by_state")]

    def __str__(self) -> str:
        return f"第 {self.number} 行"
