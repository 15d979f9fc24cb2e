"""Ledger views a person saved: an address under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those shared within one's organisations, and those for everyone."""
        return self.filter(
            Q(owner_id=user.pk) | Q(organisation_id__in=user.scope.organisation_ids) | Q(is_for_everyone=True)
        )


class SavedView(models.Model):
    """`query` is the ledger's query string; shared with an `organisation`, with everyone, or with nobody."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(
        "bureau.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    ledger = models.CharField(max_length=60)
    name = models.CharField("视图名称", max_length=60)
    is_for_everyone = models.BooleanField("全体人员可用", default=False)
    query = models.CharField(max_length=2000)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "视图"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "ledger", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(is_for_everyone=False), name="saved_view_shared_one_way"
            ),
        ]

    def __str__(self) -> str:
        return self.name
