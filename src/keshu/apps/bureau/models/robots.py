"""Group robots (群机器人): where a chat group is told of the bureau's work, and what was sent to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User

# Who looks after the robots of their own organisation; the planning office looks after all.
ROBOT_ROLES = frozenset({"office_head", "county_clerk"})


class RobotKind(models.TextChoices):
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"
    PLAIN = "plain", "其他（签名 JSON）"


class GroupRobotQuerySet(models.QuerySet["GroupRobot"]):
    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; heads and county clerks those of the organisations they sit in."""
        if user.scope.is_everything:
            return self
        own = {organisation_id for organisation_id, role in user.scope.seats if role in ROBOT_ROLES}
        return self.filter(organisation_id__in=own)


class GroupRobot(models.Model):
    """One robot in one group. The group hears ``topics``, of the organisation ``hears`` and those beneath it, nothing else.

    Address and secret are sealed; ``host`` is what may be shown of the address. ``next_send_at`` spaces what is sent.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="所属单位", on_delete=models.PROTECT, related_name="+"
    )
    hears = models.ForeignKey(
        "bureau.Organisation", verbose_name="告知范围", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=RobotKind.choices)
    host = models.CharField("主机", max_length=120)
    address_secret = models.TextField("地址")
    signing_secret = models.TextField("密钥", blank=True)
    topics = models.JSONField("告知内容", default=list)
    is_on = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("登记时间")
    next_send_at = models.DateTimeField("最早发送")
    last_sent_at = models.DateTimeField("上次送出", null=True)
    last_error = models.CharField("最近的错误", max_length=200, blank=True)

    objects = GroupRobotQuerySet.as_manager()

    class Meta:
        verbose_name = "群机器人"
        ordering = ["organisation", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="robot_name_once")]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送出"
    GIVEN_UP = "given_up", "未送出"
    UNSURE = "unsure", "不确定"
    DROPPED = "dropped", "不再发送"


class RobotDeliveryQuerySet(models.QuerySet["RobotDelivery"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(robot__in=GroupRobot.objects.visible_to(user))


class RobotDelivery(models.Model):
    """One message to one group; ``key`` names the event within its topic, so that a group is told once.

    ``claim`` is of the process that sends it, ``next_try_at`` when it was taken, then. ``tries`` counts refusals so far.
    """

    robot = models.ForeignKey(GroupRobot, verbose_name="群机器人", on_delete=models.CASCADE, related_name="deliveries")
    topic = models.CharField("类别", max_length=60)
    key = models.CharField("事件", max_length=120)
    title = models.CharField("消息", max_length=200)
    text = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    subject_id = models.PositiveBigIntegerField("所说的内容", null=True)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField("发送次数", default=0)
    claim = models.CharField("发送进程", max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField("生成时间")
    next_try_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("送出时间", null=True)
    answer = models.CharField("对方答复", max_length=200, blank=True)

    objects = RobotDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "群消息"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["robot", "topic", "key"], name="robot_tells_once")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="robot_delivery_due")]

    def __str__(self) -> str:
        return self.title
