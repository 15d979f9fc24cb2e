"""The rows of a plan: its tree of tasks, its targets and figures, and who answers for them.

The same rows serve the draft under review and the published ledger; the plan's state tells which they are, and each row keeps
the span of its source sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class Review(models.TextChoices):
    """How far a person has confirmed a row that the engine read."""

    PENDING = "pending", "待核"
    ACCEPTED = "accepted", "已核"
    CORRECTED = "corrected", "已改"
    ADDED = "added", "补录"
    REJECTED = "rejected", "已剔除"


# What stands beside a row that a person added and took back again.
TAKEN_BACK = "补录后撤销"


class RowQuerySet(models.QuerySet):
    """Words that all rows of a plan share."""

    def kept(self) -> Self:
        return self.exclude(review=Review.REJECTED)

    def pending(self) -> Self:
        return self.filter(review=Review.PENDING)

    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=WorkPlan.objects.visible_to(user))


class Row(models.Model):
    """What every row of a plan has: its plan, its place, its span in the source text, and its review.

    ``version`` is the plan's version when a person last changed the row. ``reading`` is what the engine read, kept so that
    a later revision of the document can tell whether the same words were read the same way; empty for a row a person added.
    """

    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField("原文起")
    end = models.PositiveIntegerField("原文止")
    review = models.CharField("核对", max_length=10, choices=Review.choices, default=Review.PENDING)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    remark = models.CharField("核对说明", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)
    reading = models.JSONField(default=dict)

    class Meta:
        abstract = True


# Printed numbers that end in a word and not in a mark of their own, as 一、 and (一) do.
COUNTED = ("章", "节", "篇", "编", "部分")


def titled(label: str, heading: str) -> str:
    """A heading with its printed number: a blank after 第一章, none after 一、 and (一)."""
    return f"{label}{' ' if label.endswith(COUNTED) and heading else ''}{heading}"


class NodeKind(models.TextChoices):
    SECTION = "section", "章节"
    ACTION = "action", "任务"
    MEASURE = "measure", "措施"
    GOAL = "goal", "目标条目"


class PlanNode(Row):
    """A heading of the plan: a section, a task (任务), a measure or a goal line."""

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    level = models.PositiveSmallIntegerField("层级")
    label = models.CharField("序号", max_length=20, blank=True)
    heading = models.CharField("内容", max_length=400)
    kind = models.CharField("类别", max_length=10, choices=NodeKind.choices)
    body_end = models.PositiveIntegerField("全文止")
    due_period = models.CharField("完成时限", max_length=20, blank=True)
    due_on = models.DateField("截止日期", null=True, blank=True)
    due_text = models.CharField("时限原文", max_length=60, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        ordering = ["plan_id", "position", "start", "pk"]
        indexes = [models.Index(fields=["plan", "position"], name="node_in_reading_order")]

    def __str__(self) -> str:
        return titled(self.label, self.heading)


class Op(models.TextChoices):
    AT_LEAST = ">=", "不少于"
    MORE_THAN = ">", "突破"
    AT_MOST = "<=", "不超过"
    EQUAL = "=", "达到"
    ABOUT = "~", "左右"
    BETWEEN = "between", "区间"
    RANK_WITHIN = "rank<=", "位次不低于"
    BREAKTHROUGH = "breakthrough", "实现零的突破"
    ALL = "all", "全覆盖"


class Measure(models.TextChoices):
    LEVEL = "level", "存量（额）"
    INCREASE = "increase", "新增（提高）"
    GROWTH_RATE = "growth_rate", "增速"
    SHARE = "share", "占比（率）"
    COUNT = "count", "完成数"
    RANK = "rank", "位次"
    CUMULATIVE = "cumulative", "累计"


class Tier(models.TextChoices):
    BASE = "base", "确保"
    STRETCH = "stretch", "力争"


class Tense(models.TextChoices):
    TARGET = "target", "目标"
    ACTUAL = "actual", "完成情况"


class Target(Row):
    """One figure of the document: a target, or an achieved figure where ``tense`` is actual.

    ``value`` is null when masked (数字被隐去), for a breakthrough and against a reference level. ``floor`` links a stretch
    target (力争) to the one it stretches (确保). ``doubts`` are the engine's reasons for being unsure, in Chinese.
    ``indicator_key`` is the folded name by which the same indicator is found elsewhere. A merged target is rejected and
    names the one kept.
    """

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="targets")
    node = models.ForeignKey(PlanNode, null=True, blank=True, on_delete=models.SET_NULL, related_name="targets")
    indicator = models.CharField("指标", max_length=200)
    indicator_key = models.CharField(max_length=200, editable=False, default="")
    op = models.CharField("要求", max_length=14, choices=Op.choices)
    value = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True, blank=True)
    value_high = models.DecimalField("上限", max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    measure = models.CharField("口径", max_length=12, choices=Measure.choices)
    tier = models.CharField("档次", max_length=8, choices=Tier.choices, default=Tier.BASE)
    tense = models.CharField("性质", max_length=8, choices=Tense.choices, default=Tense.TARGET)
    period = models.CharField("时期", max_length=20, blank=True)
    due_on = models.DateField("截止日期", null=True, blank=True)
    masked = models.BooleanField("数字被隐去", default=False)
    per = models.CharField("每", max_length=20, blank=True)
    benchmark = models.CharField("比较对象", max_length=60, blank=True)
    floor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stretches")
    restates = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="restated_by")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    value_start = models.PositiveIntegerField(default=0)
    value_end = models.PositiveIntegerField(default=0)
    doubts = models.JSONField("存疑", default=list)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "目标"
        ordering = ["plan_id", "position", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_high__isnull=True) | Q(value__isnull=False), name="target_range_has_both_ends"
            )
        ]
        indexes = [
            models.Index(fields=["indicator_key", "tense", "plan"], name="target_same_indicator"),
            models.Index(fields=["plan", "position"], name="target_in_reading_order"),
        ]

    def __str__(self) -> str:
        return self.indicator


class OwnerRole(models.TextChoices):
    LEAD = "lead", "牵头"
    SUPPORT = "support", "配合"
    RESPONSIBLE = "responsible", "责任"
    PERSON = "person", "责任人"


class Certainty(models.TextChoices):
    """How a printed name was matched to organisations."""

    CHOSEN = "chosen", "人工指定"
    ALIAS = "alias", "别名"
    NAME = "name", "全称或简称"
    GUESS = "guess", "推测"
    UNKNOWN = "unknown", "未识别"


class OwnerMention(Row):
    """A responsible body as the document prints it (高新处, 各县区), before it is resolved to organisations.

    ``is_outside`` is a person's word that the body stands outside the register (省教育厅), so that nobody need be found.
    """

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="mentions")
    node = models.ForeignKey(PlanNode, on_delete=models.CASCADE, related_name="mentions")
    name = models.CharField("文件中的写法", max_length=120)
    role = models.CharField("责任", max_length=12, choices=OwnerRole.choices)
    certainty = models.CharField("对应方式", max_length=8, choices=Certainty.choices, default=Certainty.UNKNOWN)
    is_outside = models.BooleanField("系统外单位", default=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "责任单位写法"
        ordering = ["plan_id", "position", "start", "pk"]

    def __str__(self) -> str:
        return self.name


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(node__plan__in=WorkPlan.objects.visible_to(user))


class Responsibility(models.Model):
    """An organisation answers for a node; one mention (各县区) may give several.

    A node without owners of its own takes those of the nearest heading above: such rows are ``is_inherited``, and the
    service that changes owners keeps them up to date.
    """

    node = models.ForeignKey(PlanNode, on_delete=models.CASCADE, related_name="responsibilities")
    mention = models.ForeignKey(OwnerMention, on_delete=models.CASCADE, related_name="responsibilities")
    organisation = models.ForeignKey("bureau.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField("责任", max_length=12, choices=OwnerRole.choices)
    is_inherited = models.BooleanField("承自上级标题", default=False)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = "责任"
        constraints = [
            models.UniqueConstraint(
                fields=["node", "mention", "organisation"], name="one_responsibility_per_mention_and_organisation"
            )
        ]
        indexes = [models.Index(fields=["node", "organisation", "role"], name="responsibility_of_node")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"
