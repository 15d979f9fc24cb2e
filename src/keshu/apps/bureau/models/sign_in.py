"""What guards a person's sign-in beside the password: the second factor, its recovery codes, and where they are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from keshu.apps.bureau.models.people import Role

if TYPE_CHECKING:
    from datetime import datetime

    from keshu.apps.bureau.models.people import User


def _near(user: User) -> Q:
    """Rows about one's own sign-in; the operator and the auditor look after everybody's."""
    return Q() if user.scope.has(Role.OPERATOR, Role.AUDITOR) else Q(user_id=user.pk)


class SecondFactorQuerySet(models.QuerySet["SecondFactor"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_near(user))


class SecondFactor(models.Model):
    """A person's authenticator. `secret` is sealed (services.sealing); without `confirmed_at` it does not count yet.

    A reset leaves the row without a secret, so that the person can be told (`is_told`) at the next sign-in.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = models.TextField("密钥", blank=True)
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField("最近用过的时段", default=0)  # RFC 6238, 5.2: a code is accepted once
    wrong_count = models.PositiveSmallIntegerField("连续输错次数", default=0)
    locked_until = models.DateTimeField("暂停至", null=True, blank=True)
    reset_at = models.DateTimeField("重设时间", null=True, blank=True)
    is_told = models.BooleanField("重设已告知", default=True)

    objects = SecondFactorQuerySet.as_manager()

    class Meta:
        verbose_name = "两步验证"

    def __str__(self) -> str:
        return f"{self.user}的两步验证"

    @property
    def is_on(self) -> bool:
        return self.confirmed_at is not None

    def is_locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_near(user))


class RecoveryCode(models.Model):
    """One of the codes for a day without the telephone: a hash, good for one sign-in."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="recovery_codes"
    )
    code_hash = models.CharField("摘要", max_length=64)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "恢复码"
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user}的恢复码"


class SignInSessionQuerySet(models.QuerySet["SignInSession"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_near(user))

    def other_than(self, key_hash: str) -> Self:
        return self.filter(~Q(key_hash=key_hash))


class SignInSession(models.Model):
    """A browser that is signed in. `key_hash` is the SHA-256 of its session key; `seen_at` is coarse (five minutes)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="sign_in_sessions"
    )
    key_hash = models.CharField("摘要", max_length=64, unique=True)
    device = models.CharField("设备", max_length=80)
    address = models.CharField("IP 地址", max_length=45, blank=True)
    started_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用", db_index=True)

    objects = SignInSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "登录设备"
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.device}"
