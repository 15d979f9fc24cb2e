"""The office meeting (局办公会): its agenda assembled from the ledger, and what was decided."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from keshu.apps.plans.models.checkins import CheckIn
from keshu.apps.plans.models.issues import Issue
from keshu.apps.plans.models.ledger import PlanNode, Target
from keshu.apps.plans.models.plans import WorkPlan
from keshu.apps.plans.models.supervision import SupervisionNotice

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class MeetingState(models.TextChoices):
    PREPARING = "preparing", "准备中"
    HELD = "held", "已召开"
    CANCELLED = "cancelled", "已取消"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Before it is held the organisation's own people and whole-site roles; afterwards all of government."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        own = models.Q(organisation_id__in=scope.organisation_ids | user.former_organisation_ids)
        return self.filter(own | models.Q(state=MeetingState.HELD))


class Meeting(models.Model):
    """One meeting of an organisation on a plan's progress; ``since`` is the day from which changes are told.

    ``released_at`` is when it was said to have been held: from then on all of government reads it.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="召集单位", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(WorkPlan, verbose_name="工作要点", on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField("会议名称", max_length=120)
    held_on = models.DateField("召开日期")
    place = models.CharField("地点", max_length=80, blank=True)
    host = models.CharField("主持人", max_length=60, blank=True, default="")
    attendees = models.TextField("出席人员", blank=True, default="")
    since = models.DateField("上次会议")
    state = models.CharField("状态", max_length=10, choices=MeetingState.choices, default=MeetingState.PREPARING)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="召集人", on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField("公布时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "办公会"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def shown_since(self, user: User) -> datetime | None:
        """Others read what the meeting was given and decided, not how its agenda was prepared; None: the whole history."""
        near = user.scope.organisation_ids | user.former_organisation_ids
        if self.organisation_id in near:
            return None
        return self.released_at or timezone.make_aware(datetime.combine(self.held_on, time.min))


class AgendaSection(models.TextChoices):
    LATE = "late", "滞后事项"
    AT_RISK = "at_risk", "有风险事项"
    ASKED = "asked", "需协调事项"
    DONE = "done", "新完成事项"
    OTHER = "other", "其他议题"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class AgendaItem(models.Model):
    """A line of the agenda, drawn from the ledger or written; ``text`` is as it stood when drawn."""

    meeting = models.ForeignKey(Meeting, verbose_name="办公会", on_delete=models.CASCADE, related_name="items")
    section = models.CharField("类别", max_length=10, choices=AgendaSection.choices)
    target = models.ForeignKey(
        Target, verbose_name="目标", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    node = models.ForeignKey(
        PlanNode, verbose_name="任务", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    issue = models.ForeignKey(
        Issue, verbose_name="问题", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notice = models.ForeignKey(
        SupervisionNotice, verbose_name="督办单", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    check_in = models.ForeignKey(
        CheckIn, verbose_name="填报", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "bureau.Organisation",
        verbose_name="汇报单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    title = models.CharField("议题", max_length=200)
    text = models.TextField("情况", blank=True)
    position = models.PositiveIntegerField("次序", default=0)
    is_kept = models.BooleanField("列入议程", default=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "议题"
        ordering = ["meeting", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Decision(models.Model):
    """What the meeting decided; it may have become a task of the plan, a supervision notice or an issue (at most one)."""

    meeting = models.ForeignKey(Meeting, verbose_name="办公会", on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, verbose_name="议题", null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    text = models.TextField("议定事项")
    owner = models.ForeignKey(
        "bureau.Organisation",
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField("完成时限", null=True, blank=True)
    task = models.ForeignKey(
        PlanNode, verbose_name="形成的任务", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notice = models.ForeignKey(
        SupervisionNotice,
        verbose_name="形成的督办单",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    issue = models.ForeignKey(
        Issue, verbose_name="问题", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveIntegerField("次序", default=0)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "议定事项"
        ordering = ["meeting", "position", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
