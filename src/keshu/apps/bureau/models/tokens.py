"""Personal tokens (个人令牌), by which programs act for a person over the API, and the answers kept for a repeated request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime

    from keshu.apps.bureau.models.people import User


class TokenScope(models.TextChoices):
    """What a token may be used for: an area of the API, to read or to write (which reads too)."""

    ORGANISATIONS_READ = "organisations:read", "读取单位"
    PLANS_READ = "plans:read", "读取计划、目标和任务"
    CHECKINS_READ = "checkins:read", "读取月调度填报"
    CHECKINS_WRITE = "checkins:write", "办理月调度填报：保存、报送、审签、退回"
    SUPERVISION_READ = "supervision:read", "读取督办单"
    SUPERVISION_WRITE = "supervision:write", "办理督办单：签收、报送办理情况"
    ISSUES_READ = "issues:read", "读取三张清单"
    ISSUES_WRITE = "issues:write", "办理三张清单：登记、报送落实情况、确认、退回"
    BULLETINS_READ = "bulletins:read", "读取通报"
    BULLETINS_WRITE = "bulletins:write", "办理通报：送签、退回、签发、撤回"
    FACT_CHECKS_READ = "fact-checks:read", "读取本人核对的稿件"
    FACT_CHECKS_WRITE = "fact-checks:write", "提交稿件核对"
    FILES_READ = "files:read", "下载附件"


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's, whatever the role."""
        return self.filter(user_id=user.pk)

    def live(self, at: datetime) -> Self:
        """Neither revoked nor past their end."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class AccessToken(models.Model):
    """Of the secret only its SHA-256 is kept, so that it is shown once; ``prefix`` is its beginning, to be told by.

    ``window_at`` and ``window_count`` count the requests of the present minute, for the rate limit; ``last_used_at`` goes with
    them.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="access_tokens"
    )
    name = models.CharField("用途", max_length=60)
    prefix = models.CharField("开头", max_length=16)
    hashed_secret = models.CharField("令牌摘要", max_length=64, unique=True)
    scopes = models.JSONField("权限", default=list)
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    window_at = models.DateTimeField("计数起", null=True, blank=True)
    window_count = models.PositiveIntegerField("本分钟次数", default=0)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "个人令牌"
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="token_ends")]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at

    def allows(self, scope: str) -> bool:
        """Whether the token was given this scope; to write an area is to read it too."""
        area = scope.partition(":")[0]
        return scope in self.scopes or f"{area}:write" in self.scopes


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(token__user_id=user.pk)


class KeptAnswer(models.Model):
    """What a request with an ``Idempotency-Key`` was answered, for the day in which it may be repeated.

    ``fingerprint`` is the hash of what was asked, so that a key is not taken for another request.
    """

    token = models.ForeignKey(AccessToken, verbose_name="令牌", on_delete=models.CASCADE, related_name="answers")
    key = models.CharField("请求编号", max_length=100)
    fingerprint = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", default=0)
    answer = models.JSONField("答复", default=dict, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField("时间")

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "接口答复"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="answer_once_per_key")]
        indexes = [models.Index(fields=["made_at"], name="answer_made_at")]

    def __str__(self) -> str:
        return f"{self.token} {self.key}"
