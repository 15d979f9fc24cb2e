"""Organisations in one tree, and the names that documents call them by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class OrganisationKind(models.TextChoices):
    CITY = "city", "市"
    BUREAU = "bureau", "科技局"
    OFFICE = "office", "处室"
    UNIT = "unit", "直属单位"
    COUNTY = "county", "县区"
    PARK = "park", "园区"
    DEPARTMENT = "department", "市直部门"
    ENTERPRISE = "enterprise", "企业"
    INSTITUTE = "institute", "高校院所"
    BANK = "bank", "合作银行"
    AGENCY = "agency", "服务机构"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self, on: date) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def below(self, organisation: Organisation) -> Self:
        """`organisation` itself and all beneath it."""
        return self.filter(path__startswith=organisation.path)

    def visible_to(self, user: User) -> Self:
        """Government bodies see the government tree; others see themselves and the bodies they deal with."""
        scope = user.scope
        if scope.is_everything:
            return self
        government = Q(kind__in=GOVERNMENT_KINDS)
        own = Q(pk__in=scope.organisation_ids)
        for path in scope.paths:
            own |= Q(path__startswith=path)
        return self.filter((government | own) if scope.is_government else (own | Q(kind=OrganisationKind.BUREAU)))


GOVERNMENT_KINDS = [
    OrganisationKind.CITY,
    OrganisationKind.BUREAU,
    OrganisationKind.OFFICE,
    OrganisationKind.UNIT,
    OrganisationKind.DEPARTMENT,
    OrganisationKind.COUNTY,
    OrganisationKind.PARK,
]


class Organisation(models.Model):
    """A bureau, office, county, park, enterprise ...; `path` is the ids from the root, ``/1/4/``, kept by the service."""

    parent = models.ForeignKey(
        "self", verbose_name="上级单位", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    kind = models.CharField("类别", max_length=16, choices=OrganisationKind.choices)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40)
    path = models.CharField(max_length=255, db_index=True, editable=False, default="")
    position = models.PositiveIntegerField("排序", default=0)
    closed_on = models.DateField("撤并日期", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["position", "pk"]
        constraints = [
            # A closed organisation keeps its name, and another may take it up again.
            models.UniqueConstraint(
                "parent",
                "name",
                nulls_distinct=False,
                condition=Q(closed_on__isnull=True),
                name="organisation_name_once_under_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class OwnerAliasQuerySet(models.QuerySet["OwnerAlias"]):
    def visible_to(self, user: User) -> Self:
        return self if user.scope.is_government else self.none()


class OwnerAlias(models.Model):
    """A name as documents print it (各县区, 高新处) and what it means: one organisation, or all of the given kinds."""

    text = models.CharField("文件中的写法", max_length=120, unique=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="对应单位", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases"
    )
    group = models.JSONField("对应类别", default=list, blank=True)

    objects = OwnerAliasQuerySet.as_manager()

    class Meta:
        verbose_name = "单位别名"
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text
