"""A work plan: one issuer, one year, one document read; revisions follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class PlanState(models.TextChoices):
    REVIEWING = "reviewing", "核对中"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版替代"
    WITHDRAWN = "withdrawn", "已作废"
    DISCARDED = "discarded", "草稿已删除"


class PlanKind(models.TextChoices):
    PLAN = "plan", "工作要点"
    SUMMARY = "summary", "工作总结"
    SUMMARY_AND_PLAN = "summary_and_plan", "总结与打算"
    ACTION_PLAN = "action_plan", "行动方案、规划"


class SourceDocumentQuerySet(models.QuerySet["SourceDocument"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plans__in=WorkPlan.objects.visible_to(user)).distinct()


class SourceDocument(models.Model):
    """The text of an uploaded file as the engine extracted it; every span of the plan counts in ``text``."""

    attachment = models.ForeignKey("bureau.Attachment", verbose_name="附件", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    text = models.TextField("正文")
    meta = models.JSONField("文件要素", default=dict)
    contradictions = models.JSONField("前后不一致", default=list)
    engine_version = models.CharField(max_length=20)
    read_at = models.DateTimeField("识别时间")

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "来源文件"

    def __str__(self) -> str:
        return self.file_name


class WorkPlanQuerySet(models.QuerySet["WorkPlan"]):
    def published(self) -> Self:
        return self.filter(state=PlanState.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=PlanState.REVIEWING)

    def kept(self) -> Self:
        """All but deleted drafts."""
        return self.exclude(state=PlanState.DISCARDED)

    def visible_to(self, user: User) -> Self:
        """Drafts belong to the issuing organisation; a published plan is for all of government, below and above."""
        scope = user.scope
        if scope.is_everything:
            return self
        own = Q(organisation_id__in=scope.organisation_ids)
        if not scope.is_government:
            return self.none()
        return self.filter(own | Q(state__in=[PlanState.PUBLISHED, PlanState.SUPERSEDED]))


class WorkPlan(models.Model):
    """A plan or summary of one organisation; of a year there are many action plans and one of every other kind in force.

    ``version`` grows with every reviewed change, so that two people notice.

    ``supersedes`` of a draft is the plan it will replace; of a published plan, the one it did replace. ``warnings`` are
    Chinese sentences about the import as a whole (no target found, a row of the earlier revision that found no place).
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="制定单位", on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey(SourceDocument, verbose_name="来源文件", on_delete=models.PROTECT, related_name="plans")
    title = models.CharField("标题", max_length=200)
    year = models.PositiveIntegerField("年度", null=True)
    kind = models.CharField("类型", max_length=20, choices=PlanKind.choices)
    issuer = models.CharField("文件署名单位", max_length=120, blank=True)
    doc_number = models.CharField("文号", max_length=60, blank=True)
    published_on = models.DateField("发文日期", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=PlanState.choices, default=PlanState.REVIEWING)
    revision = models.PositiveIntegerField("版次", default=1)
    supersedes = models.ForeignKey(
        "self", verbose_name="替代", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    version = models.PositiveIntegerField(default=0)
    warnings = models.JSONField("提示", default=list)
    is_demo = models.BooleanField("演示数据", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("导入时间")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField("发布时间", null=True)

    objects = WorkPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "工作要点"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "kind"],
                condition=Q(state="published") & ~Q(kind="action_plan"),
                name="one_published_plan_per_year_and_kind",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReviewPresence(models.Model):
    """Who has the review page of a draft open, and when they last showed a sign of life."""

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class ReviewPresenceQuerySet(models.QuerySet["ReviewPresence"]):
        def visible_to(self, user: User) -> Self:
            return self.filter(plan__in=WorkPlan.objects.visible_to(user))

    objects = ReviewPresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "核对在线"
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="one_presence_per_reader")]

    def __str__(self) -> str:
        return f"{self.user} {self.plan}"
