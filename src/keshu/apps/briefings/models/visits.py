"""When a person last looked at the cockpit, so that it can say what has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class CockpitVisitQuerySet(models.QuerySet["CockpitVisit"]):
    def visible_to(self, user: User) -> Self:
        """One's own only."""
        return self.filter(user=user)


class CockpitVisit(models.Model):
    """``seen_at`` is the latest look, ``before_at`` the last look of the visit before: changes are counted from there."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="+"
    )
    seen_at = models.DateTimeField("最近查看")
    before_at = models.DateTimeField("上次查看", null=True)

    objects = CockpitVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "驾驶舱查看"

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%Y-%m-%d %H:%M}"
