"""Next year's plan in draft (来年要点草案): the pieces of this year's document with what a person decided of each.

The rows of a draft, in their order, are its text: a heading or task opens the pieces under it, prose and owners stand where
this year's document has them, and a figure knows where in its row's words it is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.issues import Issue
from keshu.apps.plans.models.ledger import Measure, Op, PlanNode, Target, Tier
from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class ProposalState(models.TextChoices):
    DRAFT = "draft", "起草"
    SUBMITTED = "submitted", "送审"
    FINAL = "final", "定稿"
    TAKEN_IN = "taken_in", "已转入"
    DISCARDED = "discarded", "草案已删除"


class ProposalQuerySet(models.QuerySet["PlanProposal"]):
    def kept(self) -> Self:
        return self.exclude(state=ProposalState.DISCARDED)

    def visible_to(self, user: User) -> Self:
        """Like a draft under review: the issuing organisation's own people and whole-site roles."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        return self.filter(organisation_id__in=scope.organisation_ids)


class PlanProposal(models.Model):
    """A draft of the plan of ``year`` from ``plan``, the one in force. ``version`` grows with every change.

    ``attachment`` is the document once it was taken in, from which the new plan is read.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="制定单位", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(WorkPlan, verbose_name="依据", on_delete=models.PROTECT, related_name="proposals")
    year = models.PositiveIntegerField("年度")
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    as_of = models.DateField("台账截至")
    is_demo = models.BooleanField("演示数据", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("起草时间")
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("定稿时间", null=True)
    attachment = models.ForeignKey(
        "bureau.Attachment", verbose_name="转入的文件", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "来年要点草案"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=~Q(state="discarded"), name="one_proposal_of_a_plan"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class PieceKind(models.TextChoices):
    HEADING = "heading", "标题"
    TASK = "task", "任务"
    TARGET = "target", "目标"
    PROSE = "prose", "正文"
    OWNERS = "owners", "责任单位"
    TABLE_HEAD = "table_head", "表头"
    TABLE_ROW = "table_row", "表格行"
    ISSUE = "issue", "问题"


class Choice(models.TextChoices):
    CARRY = "carry", "沿用"
    CHANGE = "change", "调整"
    ADD = "add", "新增"
    DROP = "drop", "不再列入"
    CLOSE = "close", "已完成关闭"


LEFT_OUT = (Choice.DROP, Choice.CLOSE)


class ProposalChildren(models.QuerySet):
    """What belongs to a draft is seen with it."""

    def visible_to(self, user: User) -> Self:
        return self.filter(proposal__in=PlanProposal.objects.visible_to(user))


class ProposalItem(models.Model):
    """One piece of the draft's text.

    ``opens`` begins a paragraph; ``tail`` is the mark that parts the piece from the next. ``parent`` is the heading or task it
    stands under, ``depth`` the heading's level (0 for one inside a sentence, 一是). A piece with figures, a task, an issue and
    what was added are to be decided: ``choice``; until then ``suggestion`` with its ``basis`` holds. An issue without a choice
    is a candidate and no part of the text. ``version`` is the draft's when the piece was last changed.
    """

    proposal = models.ForeignKey(PlanProposal, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    kind = models.CharField("类别", max_length=10, choices=PieceKind.choices)
    depth = models.PositiveSmallIntegerField("层级", default=0)
    label = models.CharField("序号", max_length=20, blank=True)
    opens = models.BooleanField("另起一段", default=False)
    text = models.TextField("文字")
    tail = models.CharField(max_length=4, blank=True)
    owners = models.JSONField("责任单位", default=list)
    due_text = models.CharField("完成时限", max_length=60, blank=True)
    node = models.ForeignKey(PlanNode, null=True, on_delete=models.SET_NULL, related_name="+")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.SET_NULL, related_name="+")
    is_decidable = models.BooleanField(default=False)
    suggestion = models.CharField("建议", max_length=8, choices=Choice.choices, blank=True)
    basis = models.CharField("建议的理由", max_length=300, blank=True)
    choice = models.CharField("决定", max_length=8, choices=Choice.choices, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField("决定时间", null=True)
    is_removed = models.BooleanField("新增后撤回", default=False)
    version = models.PositiveIntegerField(default=0)

    objects = ProposalChildren.as_manager()

    class Meta:
        verbose_name = "草案条目"
        ordering = ["proposal", "position", "pk"]
        indexes = [models.Index(fields=["proposal", "position"], name="proposal_in_reading_order")]

    def __str__(self) -> str:
        return self.text[:40] or self.label

    @property
    def settled(self) -> str:
        """The choice, or the suggestion until there is one."""
        return self.choice or self.suggestion

    @property
    def is_left_out(self) -> bool:
        is_mere_candidate = self.kind == PieceKind.ISSUE and not self.choice
        return self.is_removed or is_mere_candidate or self.settled in LEFT_OUT


class ProposalFigure(models.Model):
    """A target of the draft as its sentence prints it: ``printed`` stands at ``at`` in the item's text.

    ``value`` is proposed; ``this_year`` what this year asks, ``reached`` what the year came to (or is expected to), ``last_year``
    what the year before ended with. ``rule`` says in words where the proposed number comes from.
    """

    item = models.ForeignKey(ProposalItem, on_delete=models.CASCADE, related_name="figures")
    proposal = models.ForeignKey(PlanProposal, on_delete=models.CASCADE, related_name="figures")
    target = models.ForeignKey(Target, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField()
    indicator = models.CharField("指标", max_length=200)
    op = models.CharField("要求", max_length=14, choices=Op.choices)
    value = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True)
    value_high = models.DecimalField("上限", max_digits=20, decimal_places=6, null=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    measure = models.CharField("口径", max_length=12, choices=Measure.choices)
    tier = models.CharField("档次", max_length=8, choices=Tier.choices, default=Tier.BASE)
    period = models.CharField("时期", max_length=20, blank=True)
    per = models.CharField("每", max_length=20, blank=True)
    benchmark = models.CharField("比较对象", max_length=60, blank=True)
    printed = models.CharField("原句写法", max_length=80, blank=True)
    at = models.PositiveIntegerField(default=0)
    this_year = models.DecimalField("本年目标", max_digits=20, decimal_places=6, null=True)
    last_year = models.DecimalField("上年实绩", max_digits=20, decimal_places=6, null=True)
    reached = models.DecimalField("本年完成", max_digits=20, decimal_places=6, null=True)
    is_forecast = models.BooleanField("预计数", default=False)
    rule = models.CharField("测算依据", max_length=200, blank=True)

    objects = ProposalChildren.as_manager()

    class Meta:
        verbose_name = "草案目标"
        ordering = ["proposal", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_high__isnull=True) | Q(value__isnull=False), name="proposed_range_has_both_ends"
            )
        ]

    def __str__(self) -> str:
        return self.indicator


class ProposalStep(models.Model):
    """One change of the draft, so that it can be undone: ``changes`` lists rows with their fields before."""

    proposal = models.ForeignKey(PlanProposal, on_delete=models.CASCADE, related_name="steps")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    summary = models.CharField("内容", max_length=200)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    objects = ProposalChildren.as_manager()

    class Meta:
        verbose_name = "草案修改步骤"
        ordering = ["proposal", "version"]
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="one_proposal_step_per_version")]

    def __str__(self) -> str:
        return self.summary
