"""Drafts (讲话、汇报、总结) that somebody had checked against the ledger: each check with its results, one a time of checking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class FactCheckState(models.TextChoices):
    CHECKING = "checking", "核对中"
    OPEN = "open", "有问题待处理"
    SETTLED = "settled", "问题已处理"
    SOUND = "sound", "没有问题"
    FAILED = "failed", "没有核对成"


class Judgement(models.TextChoices):
    """What a person says of a finding: put right in the draft, or no fault at all."""

    HANDLED = "handled", "已处理"
    DISMISSED = "dismissed", "不算"


class FactCheckQuerySet(models.QuerySet["FactCheck"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's: a draft is its writer's until they send it."""
        return self.filter(created_by_id=user.pk)


class FactCheck(models.Model):
    """A draft: a file, or words that were pasted and are kept as one.

    ``as_of`` is the time that it speaks of, empty: as far as the ledger goes.
    The counts are those of its latest result: figures, findings somebody must look at, and those nobody has judged yet.
    """

    title = models.CharField("稿件", max_length=200)
    attachment = models.ForeignKey(
        "bureau.Attachment", verbose_name="附件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_pasted = models.BooleanField("粘贴的文字", default=False)
    year = models.PositiveIntegerField("对照年度")
    as_of = models.CharField("数据截至", max_length=20, blank=True)
    job = models.ForeignKey(
        "bureau.Job", verbose_name="后台任务", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=FactCheckState.choices, default=FactCheckState.CHECKING)
    error = models.CharField("未成功的原因", max_length=500, blank=True)
    figure_count = models.PositiveIntegerField("数字", default=0)
    problem_count = models.PositiveIntegerField("有问题", default=0)
    open_count = models.PositiveIntegerField("待处理", default=0)
    checked_at = models.DateTimeField("核对时间", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="核对人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("提交时间")

    objects = FactCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "核对稿件"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_by", "-id"], name="fact_check_of_person")]

    def __str__(self) -> str:
        return self.title


class FactCheckResultQuerySet(models.QuerySet["FactCheckResult"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(fact_check__created_by_id=user.pk)


class FactCheckResult(models.Model):
    """What a check found at one moment. ``findings`` are as ``services.fact_checks.findings`` writes them.

    ``judgements`` are what their reader says of them, by number: ``{"3": {"judgement": "handled", "note": "…"}}``.
    ``unplaced`` are the numbers of those that no comment in the Word file can stand at.
    """

    fact_check = models.ForeignKey(FactCheck, verbose_name="核对稿件", on_delete=models.CASCADE, related_name="results")
    number = models.PositiveIntegerField("第几次")
    ledger_at = models.DateTimeField("台账时间")
    as_of = models.CharField("数据截至", max_length=20, blank=True)
    fact_count = models.PositiveIntegerField("台账数据", default=0)
    text = models.TextField("正文")
    findings = models.JSONField("核对意见", default=list)
    judgements = models.JSONField("处理", default=dict)
    unplaced = models.JSONField("批注放不进的", default=list)

    objects = FactCheckResultQuerySet.as_manager()

    class Meta:
        verbose_name = "核对结果"
        ordering = ["fact_check", "number"]
        constraints = [models.UniqueConstraint(fields=["fact_check", "number"], name="fact_check_result_once")]

    def __str__(self) -> str:
        return f"{self.fact_check}：第{self.number}次核对"
