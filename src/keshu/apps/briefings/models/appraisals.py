"""The year's appraisal (年度考核): its scheme, everybody's sheet, marks that people give, objections of the scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from datetime import datetime

    from keshu.apps.bureau.models import User


class AppraisalKind(models.TextChoices):
    """Who is scored: offices and counties are never ranked with one another."""

    OFFICES = "offices", "处室（单位）"
    COUNTIES = "counties", "县区（园区）"


class AppraisalState(models.TextChoices):
    TRIAL = "trial", "试算"
    SHOWN = "shown", "公示"
    RELEASED = "released", "已公布"


# The scored see their own sheets from then on.
OPEN_TO_SCORED = (AppraisalState.SHOWN, AppraisalState.RELEASED)


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; the scored from the showing (公示) on, the rest of government once it is released."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        own = AppraisalSheet.objects.filter(appraisal=OuterRef("pk"), organisation_id__in=scope.organisation_ids)
        return self.filter(Q(state=AppraisalState.RELEASED) | Q(Exists(own), state=AppraisalState.SHOWN))


class Appraisal(models.Model):
    """One year's appraisal of the organisations of a kind by a bureau.

    ``scheme`` is kept as ``engines.appraisal`` writes it. ``until`` is the last day that counts, None: the day of reckoning.
    ``left_out`` are organisations that are not scored. The sheets are reckoned anew until the release; then they, the scheme
    and their SHA-256 (``digest``) stay. ``ledger_number`` is the trail's last entry about the ledgers when they were reckoned.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="考核单位", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveIntegerField("年度")
    kind = models.CharField("考核对象", max_length=10, choices=AppraisalKind.choices)
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=10, choices=AppraisalState.choices, default=AppraisalState.TRIAL)
    scheme = models.JSONField("考核办法", default=dict)
    until = models.DateField("数据截止日", null=True, blank=True)
    left_out = models.JSONField("不参加考核的单位", default=list)
    plans = models.JSONField("依据的工作要点", default=list)
    reckoned_at = models.DateTimeField("计算时间", null=True)
    ledger_number = models.PositiveBigIntegerField("计算时的台账记录", default=0)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="建立人", on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField("建立时间")
    shown_at = models.DateTimeField("公示时间", null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="公布人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField("公布时间", null=True)
    digest = models.CharField("结果摘要", max_length=64, blank=True)
    remark = models.CharField("退回、撤回的理由", max_length=400, blank=True)
    version = models.PositiveIntegerField("改动次数", default=0)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = "年度考核"
        ordering = ["-year", "-kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "kind"], name="one_appraisal_per_year_and_kind"),
            models.CheckConstraint(
                condition=~Q(state="released") | ~Q(digest=""), name="released_appraisal_has_a_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def shown_since(self, user: User) -> datetime | None:
        """The scored read what was shown to them, not how it was tried out; None: the whole history."""
        return None if user.scope.is_everything else self.shown_at


class AppraisalSheetQuerySet(models.QuerySet["AppraisalSheet"]):
    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; an organisation's people their own sheet from the showing on."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        return self.filter(organisation_id__in=scope.organisation_ids, appraisal__state__in=OPEN_TO_SCORED)

    def ranked_for(self, user: User) -> Self:
        """Places and points without the rows behind them: all of government once released, whole-site roles always."""
        scope = user.scope
        if scope.is_everything:
            return self
        return self.filter(appraisal__state=AppraisalState.RELEASED) if scope.is_government else self.none()


class AppraisalSheet(models.Model):
    """One organisation's result: place and total (None: nothing to score), ``points`` by rule, ``content`` with every row."""

    appraisal = models.ForeignKey(Appraisal, verbose_name="年度考核", on_delete=models.CASCADE, related_name="sheets")
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveIntegerField("顺序")
    rank = models.PositiveIntegerField("位次", null=True)
    total = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True)
    grade = models.CharField("等次", max_length=20, blank=True)
    points = models.JSONField("各指标得分", default=dict)
    content = models.JSONField("评分明细", default=dict)

    objects = AppraisalSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "评分表"
        ordering = ["appraisal", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "organisation"], name="one_sheet_per_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation}评分表"


class MarkState(models.TextChoices):
    GIVEN = "given", "有效"
    WITHDRAWN = "withdrawn", "已撤销"


class ScoredRowQuerySet(models.QuerySet):
    """Words that marks and objections share."""

    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; an organisation's people their own, from the showing on."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        return self.filter(organisation_id__in=scope.organisation_ids, appraisal__state__in=OPEN_TO_SCORED)


class AppraisalMark(models.Model):
    """Points a person gave (+) or took (-) under a rule, with the reason; withdrawn, never deleted."""

    appraisal = models.ForeignKey(Appraisal, verbose_name="年度考核", on_delete=models.CASCADE, related_name="marks")
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField("指标", max_length=40)
    points = models.DecimalField("加减分", max_digits=6, decimal_places=2)
    reason = models.CharField("理由", max_length=200)
    attachment = models.ForeignKey(
        "bureau.Attachment", verbose_name="佐证材料", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=MarkState.choices, default=MarkState.GIVEN)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="评分人", on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField("评分时间")
    withdrawn_why = models.CharField("撤销理由", max_length=400, blank=True)

    objects = ScoredRowQuerySet.as_manager()

    class Meta:
        verbose_name = "加减分"
        ordering = ["appraisal", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(points=0), name="mark_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.points:+.2f}分"


class ObjectionState(models.TextChoices):
    OPEN = "open", "待答复"
    UPHELD = "upheld", "采纳"
    REJECTED = "rejected", "不采纳"


class AppraisalObjection(models.Model):
    """What a scored organisation says against a rule of its sheet, or a ``row`` of it (``about``, in words), and the answer."""

    appraisal = models.ForeignKey(
        Appraisal, verbose_name="年度考核", on_delete=models.CASCADE, related_name="objections"
    )
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField("指标", max_length=40)
    row = models.CharField("明细", max_length=60, blank=True)
    about = models.CharField("针对", max_length=300)
    text = models.CharField("异议", max_length=1000)
    state = models.CharField("状态", max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField("提出时间")
    answer = models.CharField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="答复人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = ScoredRowQuerySet.as_manager()

    class Meta:
        verbose_name = "考核异议"
        ordering = ["appraisal", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation}对“{self.about}”的异议"
