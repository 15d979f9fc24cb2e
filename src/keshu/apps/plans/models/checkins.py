"""The year's rhythm of a plan: rounds (调度期次), and in each what every office reports on its targets and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.plans.models.ledger import PlanNode, Target
from keshu.apps.plans.models.plans import PlanState, WorkPlan
from keshu.kernel import rhythm as rhythms

if TYPE_CHECKING:
    from datetime import date, datetime

    from keshu.apps.bureau.models import User


class Cadence(models.TextChoices):
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季"


class DueRule(models.TextChoices):
    WORKDAY_AFTER = "workday_after", "期满后第几个工作日"
    DAY_OF_LAST_MONTH = "day_of_last_month", "期末月份的第几日"


class RhythmQuerySet(models.QuerySet["Rhythm"]):
    def in_force(self) -> Self:
        """Those that run, of plans in force."""
        return self.filter(is_running=True, plan__state=PlanState.PUBLISHED)

    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=WorkPlan.objects.visible_to(user))


class Rhythm(models.Model):
    """How often a plan is reported, and when forms open and fall due (see ``kernel.rhythm``).

    ``from_period`` is the key of the first round (``2026-03``). Supporting offices are asked where ``asks_supports``.
    """

    plan = models.OneToOneField(WorkPlan, verbose_name="工作要点", on_delete=models.CASCADE, related_name="rhythm")
    cadence = models.CharField("频次", max_length=10, choices=Cadence.choices, default=Cadence.MONTHLY)
    rule = models.CharField("截止规则", max_length=20, choices=DueRule.choices, default=DueRule.WORKDAY_AFTER)
    number = models.PositiveSmallIntegerField("第几", default=3)
    open_workdays = models.PositiveSmallIntegerField("提前几个工作日开放", default=5)
    from_period = models.CharField("起始期次", max_length=10)
    asks_supports = models.BooleanField("配合单位也填", default=True)
    is_running = models.BooleanField("进行中", default=True)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        verbose_name = "调度安排"

    def __str__(self) -> str:
        return f"{self.plan} {self.get_cadence_display()}调度"

    @property
    def terms(self) -> rhythms.Rhythm:
        """The same as the kernel counts with it; ValueError where the numbers mean nothing."""
        cadence, rule = rhythms.Cadence(self.cadence), rhythms.DueRule(self.rule)
        return rhythms.Rhythm(cadence, rule, self.number, self.open_workdays)


class CheckInRoundQuerySet(models.QuerySet["CheckInRound"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=WorkPlan.objects.visible_to(user))


class CheckInRound(models.Model):
    """One period of a plan as it is reported. Opened once; ``due_on`` is the day as it stood when opened."""

    plan = models.ForeignKey(WorkPlan, verbose_name="工作要点", on_delete=models.CASCADE, related_name="rounds")
    key = models.CharField("期次", max_length=10)
    first_on = models.DateField("起")
    last_on = models.DateField("止")
    due_on = models.DateField("截止日期")
    opened_at = models.DateTimeField("开放时间")
    closed_at = models.DateTimeField("办结时间", null=True)

    objects = CheckInRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "调度期次"
        ordering = ["plan", "first_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="round_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan} {self.label}"

    @property
    def label(self) -> str:
        """The period as spoken: 2026年3月."""
        return rhythms.name_of(self.key)


class CheckInState(models.TextChoices):
    OPEN = "open", "待填报"
    FILED = "filed", "待审签"
    RETURNED = "returned", "退回修改"
    SIGNED = "signed", "已审签"
    EXCUSED = "excused", "免报"


# States in which somebody of the office still has to write.
UNFILED = (CheckInState.OPEN, CheckInState.RETURNED)


class Part(models.TextChoices):
    LEAD = "lead", "牵头"
    SUPPORT = "support", "配合"


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def late(self, on: date) -> Self:
        """Not filed although the day is past."""
        return self.filter(state__in=UNFILED, due_on__lt=on)

    def visible_to(self, user: User) -> Self:
        """An office's own always; of others what is signed, in plans one may see. Whole-site roles see all."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        near = scope.organisation_ids | user.former_organisation_ids
        signed = Q(state=CheckInState.SIGNED, round__plan__in=WorkPlan.objects.visible_to(user))
        return self.filter(Q(organisation_id__in=near) | signed)


class CheckIn(models.Model):
    """What one organisation reports on one target or one task in one round (grain: round, subject, organisation).

    ``value`` is in the target's unit: for the year so far (cumulative), for a level the stock at the period's end. ``percent``
    is how far a task has come, 0-100. ``filed_late`` is decided when it is filed, by the day it is due then. ``told`` is the
    last step of escalation taken (0 none, 1 filler ... 4 leader). ``version`` grows with every saved change, so that two people
    notice.
    """

    round = models.ForeignKey(CheckInRound, verbose_name="期次", on_delete=models.CASCADE, related_name="checkins")
    target = models.ForeignKey(
        Target, verbose_name="目标", null=True, blank=True, on_delete=models.CASCADE, related_name="checkins"
    )
    node = models.ForeignKey(
        PlanNode, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="checkins"
    )
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="填报单位", on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField("责任", max_length=8, choices=Part.choices)
    state = models.CharField("状态", max_length=10, choices=CheckInState.choices, default=CheckInState.OPEN)
    due_on = models.DateField("截止日期")
    progress = models.TextField("进展情况", blank=True)
    percent = models.PositiveSmallIntegerField("完成进度（%）", null=True, blank=True)
    value = models.DecimalField("完成数", max_digits=20, decimal_places=6, null=True, blank=True)
    problems = models.TextField("存在问题", blank=True)
    help_needed = models.TextField("需协调事项", blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField("填报时间", null=True)
    filed_late = models.BooleanField("逾期后报送", default=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审签人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField("审签时间", null=True)
    remark = models.CharField("退回（免报）说明", max_length=400, blank=True)
    told = models.PositiveSmallIntegerField("已提醒到第几步", default=0)
    version = models.PositiveIntegerField("改动次数", default=0)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = "调度填报"
        ordering = ["round", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True, node__isnull=False) | Q(target__isnull=False, node__isnull=True),
                name="checkin_on_target_or_task",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="checkin_percent_at_most_100"
            ),
            models.UniqueConstraint(
                fields=["round", "target", "organisation"],
                condition=Q(target__isnull=False),
                name="checkin_once_on_target",
            ),
            models.UniqueConstraint(
                fields=["round", "node", "organisation"], condition=Q(node__isnull=False), name="checkin_once_on_task"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "due_on"], name="checkin_of_office"),
            models.Index(fields=["state", "due_on"], name="checkin_due"),
            # What rounds are counted by, in the order of the counting: a year of them is read from here alone.
            models.Index(
                fields=["round", "organisation", "state", "due_on", "filed_late", "signed_at"], name="checkin_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target or self.node} {self.round.label}"

    def shown_since(self, user: User) -> datetime | None:
        """Other offices read what was signed, not how it was written; None: the whole history."""
        near = user.scope.organisation_ids | user.former_organisation_ids
        return None if self.organisation_id in near else self.signed_at


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(check_in__in=CheckIn.objects.visible_to(user))


class Evidence(models.Model):
    """A file that shows what a check-in says (佐证材料)."""

    check_in = models.ForeignKey(CheckIn, verbose_name="填报", on_delete=models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey("bureau.Attachment", verbose_name="附件", on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        ordering = ["check_in", "pk"]
        constraints = [models.UniqueConstraint(fields=["check_in", "attachment"], name="evidence_once")]

    def __str__(self) -> str:
        return str(self.attachment)
