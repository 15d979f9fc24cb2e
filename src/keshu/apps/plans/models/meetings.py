"""The office meeting (局办公会): its agenda assembled from the ledger, and what was decided."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
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


# The bureau with its offices and units: what one of them decided at a meeting is for the people of all.
HOUSE_KINDS = ("bureau", "office", "unit")


def _near(user: User) -> frozenset[int]:
    return user.scope.organisation_ids | user.former_organisation_ids


def _of_own_house(user: User, organisation: str) -> Q:
    """Whether both the person and the organisation (by the name of the column) are of the bureau's house."""
    seats = user.memberships.filter(organisation__kind__in=HOUSE_KINDS)
    is_inside = Exists(seats.filter(organisation__in=user.scope.organisation_ids))
    return Q(is_inside) & Q(**{f"{organisation}__kind__in": HOUSE_KINDS})


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Before it is held the organisation's own people and whole-site roles; a held one of the bureau all of its house.

        Other people of government see a held meeting of whose lines or decisions one concerns them.
        """
        if user.scope.is_everything:
            return self
        if not user.scope.is_government:
            return self.none()
        lines = AgendaItem.objects.concerning(user).filter(meeting=OuterRef("pk"), is_kept=True)
        decisions = Decision.objects.concerning(user).filter(meeting=OuterRef("pk"))
        told = _of_own_house(user, "organisation") | Q(Exists(lines)) | Q(Exists(decisions))
        return self.filter(Q(organisation_id__in=_near(user)) | Q(state=MeetingState.HELD) & told)

    def deciding_for(self, user: User) -> Self:
        """Of the visible ones those that the person's organisations called or must carry something out for.

        Every page asks this for its bell, and all that a line may be drawn from would cost more than the page.
        """
        if user.scope.is_everything:
            return self
        if not user.scope.is_government:
            return self.none()
        owned = Exists(Decision.objects.filter(meeting=OuterRef("pk"), owner_id__in=_near(user)))
        return self.filter(Q(organisation_id__in=_near(user)) | Q(owned, state=MeetingState.HELD))


class Meeting(models.Model):
    """One meeting of an organisation on a plan's progress; ``since`` is the day from which changes are told.

    ``released_at`` is when it was said to have been held: from then on others read of it what concerns them.
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
        if self.organisation_id in _near(user):
            return None
        return self.released_at or timezone.make_aware(datetime.combine(self.held_on, time.min))


class AgendaSection(models.TextChoices):
    LATE = "late", "滞后事项"
    AT_RISK = "at_risk", "有风险事项"
    ASKED = "asked", "需协调事项"
    DONE = "done", "新完成事项"
    OTHER = "other", "其他议题"


# What a line of the agenda can be drawn from: whoever may not see that row does not see the line either.
DRAWN_FROM: tuple[tuple[str, Any], ...] = (
    ("target", Target), ("node", PlanNode), ("issue", Issue), ("notice", SupervisionNotice), ("check_in", CheckIn),
)  # fmt: skip


def _seen(user: User, *sources: tuple[str, Any]) -> Q:
    """Rows whose sources, as far as they have any, are for the person's eyes."""
    found = Q()
    for name, model in sources:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": model.objects.visible_to(user)})
    return found


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> Self:
        """Lines of meetings one may see, without those drawn from a row one may not see; dropped ones for its own people.

        People of another house see only what concerns them.
        """
        if user.scope.is_everything:
            return self
        if not user.scope.is_government:
            return self.none()
        own = Q(meeting__organisation_id__in=_near(user))
        held = Q(meeting__state=MeetingState.HELD, is_kept=True)
        told = _of_own_house(user, "meeting__organisation") | _concerns(user)
        return self.drawn_from_seen(user).filter(own | held & told)

    def drawn_from_seen(self, user: User) -> Self:
        return self.filter(_seen(user, *DRAWN_FROM))

    def concerning(self, user: User) -> Self:
        """Lines on which the person's organisation reports, or which are drawn from a row the person may see."""
        return self.drawn_from_seen(user).filter(_concerns(user))


def _concerns(user: User) -> Q:
    written = Q(**{f"{name}__isnull": True for name, _ in DRAWN_FROM})
    return Q(organisation_id__in=_near(user)) | ~written


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

    def shown_since(self, user: User) -> datetime | None:
        return self.meeting.shown_since(user)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """Whoever is to carry it out; the house's people all but those on a line drawn from a row they may not see.

        People of another house see only what concerns them.
        """
        if user.scope.is_everything:
            return self
        if not user.scope.is_government:
            return self.none()
        own, held = Q(meeting__organisation_id__in=_near(user)), Q(meeting__state=MeetingState.HELD)
        told = Q(item__isnull=True) | Q(item__in=AgendaItem.objects.drawn_from_seen(user))
        told &= own | _of_own_house(user, "meeting__organisation")
        return self.filter(own | held).filter(told | _is_for(user))

    def concerning(self, user: User) -> Self:
        """Those the person's organisation carries out, and those on a line that concerns it and made of rows it may see."""
        return self.filter(_is_for(user))


def _is_for(user: User) -> Q:
    made = _seen(user, ("notice", SupervisionNotice), ("issue", Issue))
    return Q(owner_id__in=_near(user)) | Q(item__in=AgendaItem.objects.concerning(user)) & made


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

    def shown_since(self, user: User) -> datetime | None:
        return self.meeting.shown_since(user)
