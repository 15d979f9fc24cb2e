"""Where each target and task stands: its light with the reason in words, its last figures, and what is expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.ledger import PlanNode, Target
from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class Light(models.TextChoices):
    DONE = "done", "已完成"
    ON_TRACK = "on_track", "正常推进"
    AT_RISK = "at_risk", "有风险"
    LATE = "late", "滞后"
    MISSED = "missed", "未完成"
    UNKNOWN = "unknown", "暂无数据"


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=WorkPlan.objects.visible_to(user))


class Standing(models.Model):
    """What the rules say of one target or task, kept up to date by ``services.standings``; a person may overrule the light.

    ``light`` and ``reason`` are the rules'; ``chosen`` and ``chosen_reason`` a person's, which prevail while set. ``shown``
    is the one that pages show and ledgers filter by; ``changed_at`` tells when it last became another than ``shown_before``.
    ``value`` and ``percent`` come from the last signed check-in. The
    outlook's figures are null where there is too little history.
    """

    plan = models.ForeignKey(WorkPlan, verbose_name="工作要点", on_delete=models.CASCADE, related_name="standings")
    target = models.OneToOneField(
        Target, verbose_name="目标", null=True, blank=True, on_delete=models.CASCADE, related_name="standing"
    )
    node = models.OneToOneField(
        PlanNode, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="standing"
    )
    light = models.CharField("规则判定", max_length=10, choices=Light.choices, default=Light.UNKNOWN)
    reason = models.CharField("判定理由", max_length=300, blank=True)
    chosen = models.CharField("人工判定", max_length=10, choices=Light.choices, blank=True)
    chosen_reason = models.CharField("人工判定理由", max_length=300, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="判定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField("判定时间", null=True)
    shown = models.CharField("状态", max_length=10, choices=Light.choices, default=Light.UNKNOWN, db_index=True)
    shown_before = models.CharField("此前状态", max_length=10, choices=Light.choices, blank=True)
    changed_at = models.DateTimeField("状态变化时间", null=True)
    value = models.DecimalField("完成数", max_digits=20, decimal_places=6, null=True)
    percent = models.DecimalField("完成率（%）", max_digits=8, decimal_places=2, null=True)
    as_of = models.DateField("数据截至", null=True)
    forecast = models.DecimalField("预计年末", max_digits=20, decimal_places=6, null=True)
    forecast_low = models.DecimalField("预计下限", max_digits=20, decimal_places=6, null=True)
    forecast_high = models.DecimalField("预计上限", max_digits=20, decimal_places=6, null=True)
    probability = models.DecimalField("完成可能性", max_digits=5, decimal_places=4, null=True)
    expected_on = models.DateField("预计完成", null=True)
    outlook = models.JSONField("预测说明", default=dict)
    judged_at = models.DateTimeField("判定时间")

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = "推进状态"
        ordering = ["plan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True, node__isnull=False) | Q(target__isnull=False, node__isnull=True),
                name="standing_of_target_or_task",
            )
        ]
        indexes = [models.Index(fields=["plan", "shown"], name="standing_by_light")]

    def __str__(self) -> str:
        return f"{self.target or self.node} {self.get_shown_display()}"


class PastFigureQuerySet(models.QuerySet["PastFigure"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(target__plan__in=WorkPlan.objects.visible_to(user))


class PastFigure(models.Model):
    """A figure of an earlier period of what a target counts, entered by hand or from a workbook, for the outlook.

    ``period`` is ``2025-03`` or ``2025-Q1``; ``value`` in the target's unit, for the year up to the period's end.
    """

    target = models.ForeignKey(Target, verbose_name="目标", on_delete=models.CASCADE, related_name="past_figures")
    period = models.CharField("时期", max_length=10)
    value = models.DecimalField("年内累计（期末）数", max_digits=20, decimal_places=6)
    source = models.CharField("来源", max_length=120)

    objects = PastFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "往年数据"
        ordering = ["target", "period"]
        constraints = [models.UniqueConstraint(fields=["target", "period"], name="past_figure_once")]

    def __str__(self) -> str:
        return f"{self.target} {self.period}"
