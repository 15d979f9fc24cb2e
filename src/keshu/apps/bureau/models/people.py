"""People, the roles they hold in organisations, and the scope that follows from them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from keshu.apps.bureau.models.organisations import GOVERNMENT_KINDS, Organisation, OrganisationKind


class Role(models.TextChoices):
    LEADER = "leader", "局领导"
    PLANNER = "planner", "规划办公室"
    OFFICE_HEAD = "office_head", "处室负责人"
    CLERK = "clerk", "处室经办"
    COUNTY_CLERK = "county_clerk", "县区（园区）经办"
    ENTERPRISE = "enterprise", "企业用户"
    INSTITUTE = "institute", "高校院所用户"
    EXPERT = "expert", "评审专家"
    BANK = "bank", "银行用户"
    AUDITOR = "auditor", "审计监督"
    OPERATOR = "operator", "系统管理员"


WHOLE_SITE_ROLES = {Role.LEADER, Role.PLANNER, Role.AUDITOR, Role.OPERATOR}


@dataclass(frozen=True, slots=True)
class Acting:
    """A role that a person holds today as somebody's deputy (代理), up to and including `last_on`."""

    principal: str
    organisation: str
    role: str
    last_on: date


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may look at: everything, or the organisations (and all beneath them) they belong to.

    ``roles`` holds those they have as a deputy too, ``own_roles`` only those in their own right; ``seats`` says in which
    organisation each of ``roles`` is held.
    """

    roles: frozenset[str]
    organisation_ids: frozenset[int]
    paths: tuple[str, ...]
    is_government: bool
    own_roles: frozenset[str] = frozenset()
    acting: tuple[Acting, ...] = ()
    seats: frozenset[tuple[int, str]] = frozenset()

    @property
    def is_everything(self) -> bool:
        return bool(self.roles & WHOLE_SITE_ROLES)

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)

    def sits_in(self, organisation_id: int, *roles: str) -> bool:
        """Whether one of the roles is held in that very organisation."""
        return any((organisation_id, role) in self.seats for role in roles)

    @classmethod
    def of(cls, rows: Collection[Membership]) -> Self:
        """The scope that follows from these memberships (with their organisations)."""
        return cls(
            roles=frozenset(row.role for row in rows),
            organisation_ids=frozenset(row.organisation_id for row in rows),
            paths=tuple(
                sorted({row.organisation.path for row in rows if row.organisation.kind != OrganisationKind.CITY})
            ),
            is_government=any(row.organisation.kind in GOVERNMENT_KINDS for row in rows),
            own_roles=frozenset(row.role for row in rows if row.on_behalf_of_id is None),
            acting=tuple(
                Acting(
                    str(row.on_behalf_of.user),
                    str(row.organisation),
                    str(row.get_role_display()),
                    row.until_on - timedelta(days=1),
                )
                for row in rows
                if row.on_behalf_of is not None and row.until_on is not None
            ),
            seats=frozenset((row.organisation_id, row.role) for row in rows),
        )


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Government people see their colleagues in government; others see the people of their own organisation."""
        scope = user.scope
        if scope.is_everything:
            return self
        near = Q(pk=user.pk) | Q(memberships__organisation_id__in=scope.organisation_ids)
        if scope.is_government:
            near |= Q(memberships__organisation__kind__in=GOVERNMENT_KINDS)
        return self.filter(near).distinct()


class KeshuUserManager(UserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager with the queryset words."""


class User(AbstractUser):
    """A person who signs in. Their rights come from memberships, never from Django's staff flags."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    # Of the person's organisations those that took over from others; None: not read.
    _heirs: set[int] | None = None

    objects: ClassVar[KeshuUserManager] = KeshuUserManager()

    class Meta:
        verbose_name = "人员"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def scope(self) -> Scope:
        """Scope of today's memberships, read once for each loaded user."""
        took_over = Organisation.objects.filter(successions__successor=OuterRef("organisation_id"))
        current = self.memberships.current(timezone.localdate()).annotate(is_heir=Exists(took_over))
        rows = list(current.select_related("organisation", "on_behalf_of__user"))
        self._heirs = {row.organisation_id for row in rows if row.is_heir}
        return Scope.of(rows)

    @cached_property
    def former_organisation_ids(self) -> frozenset[int]:
        """The organisations that the person's own ones took over from, however far back: what they left can be read.

        No query for the many whose organisations took over from none.
        """
        found: set[int] = set()
        own = self.scope.organisation_ids
        edge = set(own if self._heirs is None else self._heirs)
        while edge:
            before = Organisation.objects.filter(successions__successor__in=edge).values_list("pk", flat=True)
            edge = set(before) - found
            found |= edge
        return frozenset(found)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date) -> Self:
        return self.filter(from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gt=on))

    def delegated(self) -> Self:
        """Held for somebody else (授权代理)."""
        return self.filter(on_behalf_of__isnull=False)

    def own(self) -> Self:
        return self.filter(on_behalf_of__isnull=True)

    def visible_to(self, user: User) -> Self:
        return self.filter(user__in=User.objects.visible_to(user))


class Membership(models.Model):
    """A role held in an organisation from ``from_on`` until ``until_on`` (exclusive; null: still).

    A deputy (代理人) holds it ``on_behalf_of`` the principal's own membership; withdrawn on its first day, it spans no day.
    """

    user = models.ForeignKey(User, verbose_name="人员", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    from_on = models.DateField("任职起")
    until_on = models.DateField("任职止", null=True, blank=True)
    on_behalf_of = models.ForeignKey(
        "self", verbose_name="代理", null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    reason = models.CharField("代理事由", max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        ordering = ["user", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True)
                | Q(until_on__gt=F("from_on"))
                | Q(on_behalf_of__isnull=False, until_on=F("from_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | Q(until_on__isnull=False), name="membership_delegated_ends"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "from_on"],
                condition=Q(on_behalf_of__isnull=True),
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.get_role_display()}"
