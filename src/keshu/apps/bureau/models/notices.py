"""What people are told: the notice in the inbox, the mail that carries it, and who wants to be told how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class MailState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    FAILED = "failed", "未送出"
    DROPPED = "dropped", "不再发送"


class NoticeMailQuerySet(models.QuerySet["NoticeMail"]):
    def visible_to(self, user: User) -> Self:
        """One's own; operators and auditors see all, by recipient and state."""
        if user.scope.roles & {"auditor", "operator"}:
            return self
        return self.filter(recipient_id=user.pk)


class NoticeMail(models.Model):
    """A mail to one person: of one notice, or the day's digest. What it says is put into words when it is sent."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", on_delete=models.CASCADE, related_name="+"
    )
    is_digest = models.BooleanField("每日摘要", default=False)
    state = models.CharField("状态", max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField("发送次数", default=0)
    created_at = models.DateTimeField("生成时间")
    next_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("送出时间", null=True)
    error = models.CharField("未送出的原因", max_length=200, blank=True)

    objects = NoticeMailQuerySet.as_manager()

    class Meta:
        verbose_name = "消息邮件"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="notice_mail_due")]

    def __str__(self) -> str:
        return f"{self.recipient} {'每日摘要' if self.is_digest else '消息'}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's, whatever the role."""
        return self.filter(recipient_id=user.pk)

    def in_inbox(self) -> Self:
        return self.filter(is_in_site=True, put_away_at__isnull=True)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One event as told to one person; ``key`` names the event within its kind, so that nobody is told twice.

    ``subject_id`` is a row of the table whose sight the kind declares; ``link`` is an address within the site. Without
    ``is_in_site`` the notice goes by mail or digest only. ``mail`` and ``digest`` are the mails that carry it.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField("类别", max_length=60)
    key = models.CharField("事件", max_length=120)
    title = models.CharField("消息", max_length=200)
    text = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=300)
    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="单位", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField("所说的内容", null=True)
    at = models.DateTimeField("时间")
    is_in_site = models.BooleanField("站内", default=True)
    read_at = models.DateTimeField("已读时间", null=True)
    put_away_at = models.DateTimeField("移除时间", null=True)
    mail = models.ForeignKey(
        NoticeMail, verbose_name="邮件", null=True, on_delete=models.SET_NULL, related_name="notices"
    )
    is_for_digest = models.BooleanField("列入每日摘要", default=False)
    digest = models.ForeignKey(
        NoticeMail, verbose_name="摘要邮件", null=True, on_delete=models.SET_NULL, related_name="digested"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="notice_tells_once")]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_of_person"),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True, put_away_at__isnull=True, is_in_site=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["at"], condition=Q(is_for_digest=True, digest__isnull=True), name="notice_awaits_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoticePreferenceQuerySet(models.QuerySet["NoticePreference"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class NoticePreference(models.Model):
    """By which ways a person wants to be told of one kind; without a row the kind's own defaults hold."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField("类别", max_length=60)
    in_site = models.BooleanField("站内")
    mail = models.BooleanField("邮件")
    digest = models.BooleanField("每日摘要")

    objects = NoticePreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "消息设置"
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_preference_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"
