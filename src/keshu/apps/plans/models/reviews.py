"""What people did while reviewing a draft: each step with the rows it changed, so that it can be shown and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from keshu.apps.plans.models.plans import WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class ReviewStepQuerySet(models.QuerySet["ReviewStep"]):
    def standing(self) -> Self:
        """Steps that can still be undone: neither undone already nor an undoing themselves."""
        return self.filter(undone_at__isnull=True, undoes__isnull=True)

    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=WorkPlan.objects.visible_to(user))


class ReviewStep(models.Model):
    """One action of one reviewer. ``version`` is the plan's version that it made; ``changes`` lists rows before and after.

    An entry of ``changes`` is ``{"row": "target-12", "before": {...}, "after": {...}}``; a row the step made has
    ``"before": null``, and one that nobody decided, but a name's registered alias, has ``"automatic": true``.
    """

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="steps")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    summary = models.CharField("内容", max_length=200)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="undone_by")

    objects = ReviewStepQuerySet.as_manager()

    class Meta:
        verbose_name = "核对步骤"
        ordering = ["plan", "version"]
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="one_step_per_version")]

    def __str__(self) -> str:
        return self.summary
