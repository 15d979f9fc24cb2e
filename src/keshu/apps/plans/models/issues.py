"""The three lists (问题清单、责任清单、落实清单): one row from the problem to the confirmed proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.checkins import CheckIn
from keshu.apps.plans.models.ledger import PlanNode, Target
from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from datetime import date

    from keshu.apps.bureau.models import User


class IssueOrigin(models.TextChoices):
    CHECK_IN = "check_in", "调度填报"
    VISIT = "visit", "走访调研"
    MEETING = "meeting", "会议"
    TYPED = "typed", "直接登记"


class IssueState(models.TextChoices):
    RAISED = "raised", "待明确责任"
    ASSIGNED = "assigned", "整改中"
    FULFILLED = "fulfilled", "待确认"
    CONFIRMED = "confirmed", "已销号"
    CANCELLED = "cancelled", "已撤销"


# States in which somebody still has to act.
OPEN_ISSUES = (IssueState.RAISED, IssueState.ASSIGNED, IssueState.FULFILLED)


class IssueQuerySet(models.QuerySet["Issue"]):
    def overdue(self, on: date) -> Self:
        return self.filter(state__in=(IssueState.RAISED, IssueState.ASSIGNED), due_on__lt=on)

    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; others what their organisations raised or own, and what they raised themselves."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        near = scope.organisation_ids | user.former_organisation_ids
        return self.filter(Q(raised_for_id__in=near) | Q(owner_id__in=near) | Q(raised_by_id=user.pk))


class Issue(models.Model):
    """A problem, who answers for it, by which measure and day, and what was done; confirmed by whoever raised it.

    ``raised_for`` is the organisation the raiser spoke for; ``owner`` answers for it. ``refusals`` counts how often the
    raiser has sent the proof back. The proofs are ``Proof`` rows.
    """

    number = models.PositiveIntegerField("编号")
    year = models.PositiveIntegerField("年度")
    title = models.CharField("问题", max_length=200)
    detail = models.TextField("具体表现", blank=True)
    origin = models.CharField("来源", max_length=10, choices=IssueOrigin.choices, default=IssueOrigin.TYPED)
    origin_text = models.CharField("来源说明", max_length=200, blank=True)
    plan = models.ForeignKey(
        WorkPlan, verbose_name="工作要点", null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )
    target = models.ForeignKey(
        Target, verbose_name="目标", null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )
    node = models.ForeignKey(
        PlanNode, verbose_name="任务", null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )
    check_in = models.ForeignKey(
        CheckIn, verbose_name="填报", null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    raised_for = models.ForeignKey(
        "bureau.Organisation", verbose_name="提出单位", on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField("提出时间")
    owner = models.ForeignKey(
        "bureau.Organisation",
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    measure = models.TextField("整改措施", blank=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=IssueState.choices, default=IssueState.RAISED)
    refusals = models.PositiveSmallIntegerField("退回次数", default=0)
    closed_at = models.DateTimeField("销号时间", null=True)
    told = models.PositiveSmallIntegerField("已提醒到第几步", default=0)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "问题"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="issue_number_once_a_year")]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="issue_of_owner")]

    def __str__(self) -> str:
        return self.title


class Verdict(models.TextChoices):
    WAITING = "waiting", "待确认"
    ACCEPTED = "accepted", "认可"
    RETURNED = "returned", "退回"


class ProofQuerySet(models.QuerySet["Proof"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(issue__in=Issue.objects.visible_to(user))


class Proof(models.Model):
    """What the owner says was done (落实情况), with files, and what the raiser said to it."""

    issue = models.ForeignKey(Issue, verbose_name="问题", on_delete=models.CASCADE, related_name="proofs")
    text = models.TextField("落实情况")
    attachments = models.ManyToManyField("bureau.Attachment", verbose_name="佐证材料", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="报送人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("报送时间")
    verdict = models.CharField("确认结果", max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    verdict_text = models.CharField("确认意见", max_length=400, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_at = models.DateTimeField("确认时间", null=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = "落实情况"
        ordering = ["issue", "pk"]

    def __str__(self) -> str:
        return f"{self.issue} 落实情况"
