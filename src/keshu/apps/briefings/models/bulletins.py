"""Bulletins (月报、季报、年通报、年度总结、一图读懂) of a plan, and the templates that offices keep for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime

    from keshu.apps.bureau.models import User


class BulletinKind(models.TextChoices):
    MONTHLY = "monthly", "月报"
    QUARTERLY = "quarterly", "季报"
    ANNUAL = "annual", "年通报"
    SUMMARY = "summary", "年度总结"
    ONE_PAGE = "one_page", "一图读懂"


class BulletinState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待签发"
    RELEASED = "released", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"
    DISCARDED = "discarded", "草稿已删除"


class BulletinTemplateQuerySet(models.QuerySet["BulletinTemplate"]):
    def visible_to(self, user: User) -> Self:
        scope = user.scope
        if scope.is_everything:
            return self
        return self.filter(organisation_id__in=scope.organisation_ids) if scope.is_government else self.none()


class BulletinTemplate(models.Model):
    """Which sections an organisation's bulletins of a kind have, in which order, under which titles, by which rules.

    ``sections`` are ``{key, title, settings}`` as ``services.composing.Chosen``.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("类型", max_length=10, choices=BulletinKind.choices)
    sections = models.JSONField("栏目", default=list)
    version = models.PositiveIntegerField("改动次数", default=0)

    objects = BulletinTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "通报模板"
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="one_bulletin_template_per_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}模板"


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def kept(self) -> Self:
        return self.exclude(state=BulletinState.DISCARDED)

    def visible_to(self, user: User) -> Self:
        """Whole-site roles all; what is released or was withdrawn all of government; a draft the issuer's people only."""
        scope = user.scope
        if scope.is_everything:
            return self
        if not scope.is_government:
            return self.none()
        own = Q(organisation_id__in=scope.organisation_ids)
        return self.filter(own | Q(state__in=[BulletinState.RELEASED, BulletinState.WITHDRAWN]))


class Bulletin(models.Model):
    """One bulletin. ``facts`` are what the ledger knew when it was composed, ``sections`` the template as it then stood.

    ``edits`` are paragraphs a person wrote otherwise, by section and place: ``{"goals.0": {"was": …, "now": …}}``. At its
    release ``content`` keeps it as composed, ``text`` every word of it and ``digest`` their SHA-256; they never change. A
    correction is a bulletin of its own that names the one it corrects.
    """

    organisation = models.ForeignKey(
        "bureau.Organisation", verbose_name="发布单位", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey("plans.WorkPlan", verbose_name="工作要点", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类型", max_length=10, choices=BulletinKind.choices)
    period = models.CharField("时期", max_length=20)
    title = models.CharField("标题", max_length=200)
    number = models.PositiveIntegerField("期号", null=True)
    year = models.PositiveIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    sections = models.JSONField("栏目", default=list)
    facts = models.JSONField("数据", default=dict)
    edits = models.JSONField("改写", default=dict)
    content = models.JSONField("正文结构", default=dict)
    text = models.TextField("正文", blank=True)
    digest = models.CharField("正文摘要", max_length=64, blank=True)
    corrects = models.ForeignKey(
        "self", verbose_name="更正", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    composed_at = models.DateTimeField("取数时间")
    composed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="拟稿人", on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="送签人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("送签时间", null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签发人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField("发布时间", null=True)
    remark = models.CharField("退回（撤回）说明", max_length=400, blank=True)
    version = models.PositiveIntegerField("改动次数", default=0)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "通报"
        ordering = ["-year", "-composed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "year", "number"], name="bulletin_number_once_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | ~Q(digest=""), name="released_bulletin_has_a_digest"
            ),
        ]
        indexes = [models.Index(fields=["plan", "kind", "period"], name="bulletin_of_period")]

    def __str__(self) -> str:
        return self.title

    def shown_since(self, user: User) -> datetime | None:
        """Others read what was released, not how it was written; None: the whole history."""
        scope = user.scope
        return None if scope.is_everything or self.organisation_id in scope.organisation_ids else self.released_at
