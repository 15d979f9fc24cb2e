"""The secret address at which a person's calendar programme reads their deadlines (日历订阅)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's, whatever the role."""
        return self.filter(user_id=user.pk)


class CalendarFeed(models.Model):
    """One per person. Of the secret in the address only its SHA-256 is kept, so that it is shown once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_hash = models.CharField("地址摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间")

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅"

    def __str__(self) -> str:
        return f"{self.user}的日历订阅"
