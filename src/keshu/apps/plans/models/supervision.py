"""Supervision notices (督办单): a demand with a deadline to one organisation, signed for, replied to, accepted or returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.issues import Issue, Verdict
from keshu.apps.plans.models.ledger import PlanNode, Target
from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from datetime import date, datetime

    from keshu.apps.bureau.models import User


class SupervisionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    ISSUED = "issued", "待签收"
    SIGNED_FOR = "signed_for", "办理中"
    REPLIED = "replied", "待审核"
    RETURNED = "returned", "退回重办"
    ACCEPTED = "accepted", "已认可"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已撤销"


# The addressee has still to act.
PENDING = (SupervisionState.ISSUED, SupervisionState.SIGNED_FOR, SupervisionState.RETURNED)
# Nobody has to act any more.
ENDED = (SupervisionState.CLOSED, SupervisionState.CANCELLED)


class SupervisionNoticeQuerySet(models.QuerySet["SupervisionNotice"]):
    def overdue(self, on: date) -> Self:
        return self.filter(state__in=PENDING, due_on__lt=on)

    def in_hand(self) -> Self:
        """Neither closed nor cancelled."""
        return self.exclude(state__in=ENDED)

    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; the addressee's people once it is issued; a draft, also a deleted one, only the writer's side."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        near = scope.organisation_ids | user.former_organisation_ids
        addressed = Q(addressee_id__in=near, number__isnull=False)
        return self.filter(addressed | Q(issuer_id__in=near) | Q(written_by_id=user.pk))


class SupervisionNotice(models.Model):
    """One notice about one or several matters. ``number`` counts within the year from its issue; a draft has none.

    Overdue is told by ``due_on``. ``told`` is the highest step of escalation that people were told of. ``closed_at`` is when it
    was closed or cancelled.
    """

    number = models.PositiveIntegerField("编号", null=True, blank=True)
    year = models.PositiveIntegerField("年度")
    title = models.CharField("督办事项", max_length=200)
    demand = models.TextField("办理要求")
    plan = models.ForeignKey(
        WorkPlan, verbose_name="工作要点", null=True, blank=True, on_delete=models.PROTECT, related_name="supervision"
    )
    issue = models.ForeignKey(
        Issue, verbose_name="问题", null=True, blank=True, on_delete=models.PROTECT, related_name="supervision"
    )
    issuer = models.ForeignKey(
        "bureau.Organisation", verbose_name="督办单位", on_delete=models.PROTECT, related_name="+"
    )
    addressee = models.ForeignKey(
        "bureau.Organisation", verbose_name="承办单位", on_delete=models.PROTECT, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="拟稿人", on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField("拟稿时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签发人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField("签发时间", null=True)
    due_on = models.DateField("办理时限")
    signed_for_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签收人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_for_at = models.DateTimeField("签收时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    state = models.CharField("状态", max_length=10, choices=SupervisionState.choices, default=SupervisionState.DRAFT)
    told = models.PositiveSmallIntegerField("已提醒到第几步", default=0)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = SupervisionNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "督办单"
        ordering = ["-year", "-number", "-pk"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="supervision_number_once_a_year")]
        indexes = [models.Index(fields=["addressee", "state", "due_on"], name="supervision_of_addressee")]

    def __str__(self) -> str:
        return self.title

    @property
    def number_text(self) -> str:
        """〔2026〕3号; empty for a draft."""
        return "" if self.number is None else f"〔{self.year}〕{self.number}号"

    def shown_since(self, user: User) -> datetime | None:
        """The addressee reads what came to it, not how it was drafted; None: the whole history."""
        near = user.scope.organisation_ids | user.former_organisation_ids
        return None if self.issuer_id in near or self.written_by_id == user.pk else self.issued_at


class SupervisionItemQuerySet(models.QuerySet["SupervisionItem"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(notice__in=SupervisionNotice.objects.visible_to(user))


class SupervisionItem(models.Model):
    """A matter of a notice, in the words of the day it was written; what it is about follows a plan's revisions."""

    notice = models.ForeignKey(SupervisionNotice, verbose_name="督办单", on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("事项", max_length=400)
    target = models.ForeignKey(
        Target, verbose_name="目标", null=True, blank=True, on_delete=models.PROTECT, related_name="supervision_items"
    )
    node = models.ForeignKey(
        PlanNode, verbose_name="任务", null=True, blank=True, on_delete=models.PROTECT, related_name="supervision_items"
    )

    objects = SupervisionItemQuerySet.as_manager()

    class Meta:
        verbose_name = "督办内容"
        ordering = ["notice", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class SupervisionStepQuerySet(models.QuerySet["SupervisionStep"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(notice__in=SupervisionNotice.objects.visible_to(user))


class SupervisionStep(models.Model):
    """What happened between issuer and addressee, from the issue on: who, when, why; from which day to which it moved."""

    notice = models.ForeignKey(SupervisionNotice, verbose_name="督办单", on_delete=models.CASCADE, related_name="steps")
    label = models.CharField("经过", max_length=60)
    text = models.CharField("说明", max_length=400, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")
    due_from = models.DateField("原时限", null=True)
    due_to = models.DateField("新时限", null=True)

    objects = SupervisionStepQuerySet.as_manager()

    class Meta:
        verbose_name = "督办经过"
        ordering = ["notice", "pk"]

    def __str__(self) -> str:
        return f"{self.notice} {self.label}"


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(notice__in=SupervisionNotice.objects.visible_to(user))


class Reply(models.Model):
    """What the addressee answers (办理情况), with files, and what the issuer said to it."""

    notice = models.ForeignKey(
        SupervisionNotice, verbose_name="督办单", on_delete=models.CASCADE, related_name="replies"
    )
    text = models.TextField("办理情况")
    attachments = models.ManyToManyField("bureau.Attachment", verbose_name="佐证材料", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="报送人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("报送时间")
    verdict = models.CharField("审核结果", max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    verdict_text = models.CharField("审核意见", max_length=400, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审核人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_at = models.DateTimeField("审核时间", null=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = "督办回复"
        ordering = ["notice", "pk"]

    def __str__(self) -> str:
        return f"{self.notice} 回复"
