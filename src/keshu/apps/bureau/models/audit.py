"""The trail: who changed what, when, from what to what, and why."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


# How a moment is written where it is hashed, in UTC.
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class AuditAction(models.TextChoices):
    CREATE = "create", "新增"
    UPDATE = "update", "修改"
    DELETE = "delete", "删除"
    TRANSITION = "transition", "办理"
    EXPORT = "export", "导出"
    SIGN_IN = "sign_in", "登录"
    SIGN_OUT = "sign_out", "退出"
    SIGN_IN_REFUSED = "sign_in_refused", "登录失败"
    DOWNLOAD = "download", "下载"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, subject_type: str, subject_id: int | str) -> Self:
        return self.filter(subject_type=subject_type, subject_id=str(subject_id))

    def visible_to(self, user: User) -> Self:
        """Whole-site roles see all; others what they did and what happened to rows of their organisations, sign-ins aside."""
        scope = user.scope
        if scope.is_everything:
            return self
        signing = [AuditAction.SIGN_IN, AuditAction.SIGN_OUT, AuditAction.SIGN_IN_REFUSED]
        near = scope.organisation_ids | user.former_organisation_ids
        return self.filter(Q(by_id=user.pk) | Q(organisation_id__in=near) & ~Q(action__in=signing))


class AuditEntry(models.Model):
    """One recorded change. Never edited, never deleted.

    ``number`` counts from 1 without gaps; ``digest`` is the hash of ``record()``, which holds the ``previous`` entry's.
    """

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=20, choices=AuditAction.choices)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=40)
    subject_name = models.CharField("对象", max_length=200)
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="所属单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField("改前", default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField("改后", default=dict, encoder=DjangoJSONEncoder)
    why = models.CharField("原因", max_length=400, blank=True)
    algorithm = models.CharField("摘要算法", max_length=10)
    previous = models.CharField("上一条的摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "办理记录"
        ordering = ["-number"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_action_display()} {self.subject_name}"

    def record(self) -> dict[str, Any]:
        """All the entry says, as it is hashed: every column but the hash itself and the row's inner number."""
        return {
            "number": self.number,
            "at": f"{self.at.astimezone(UTC):{MOMENT}}",
            "by": self.by_id,
            "action": str(self.action),
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "subject_name": self.subject_name,
            "organisation": self.organisation_id,
            "before": self.before,
            "after": self.after,
            "why": self.why,
            "algorithm": self.algorithm,
            "previous": self.previous,
        }
