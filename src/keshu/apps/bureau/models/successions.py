"""Which organisation took over from which, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from keshu.apps.bureau.models.organisations import Organisation

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class SuccessionKind(models.TextChoices):
    RENAMED = "renamed", "更名"
    MERGED = "merged", "合并"
    SPLIT = "split", "拆分"


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def visible_to(self, user: User) -> Self:
        """Those between organisations of which the person may see one."""
        seen = Organisation.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(predecessor__in=seen) | Q(successor__in=seen))


class Succession(models.Model):
    """From `on` onwards `successor` stands where `predecessor` stood. A split gives one row for each successor."""

    predecessor = models.ForeignKey(
        Organisation, verbose_name="前身", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(Organisation, verbose_name="后继", on_delete=models.PROTECT, related_name="origins")
    kind = models.CharField("方式", max_length=8, choices=SuccessionKind.choices)
    on = models.DateField("生效日期")
    reason = models.CharField("原因和依据", max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="办理人", on_delete=models.PROTECT, related_name="+")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "机构沿革"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} {self.get_kind_display()} {self.successor}"
