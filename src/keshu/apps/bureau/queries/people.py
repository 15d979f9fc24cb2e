"""People and the roles they hold, shaped for pages and for other apps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from keshu.apps.bureau.models import Membership, User

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as other apps carry them."""

    id: int
    name: str
    organisation: str

    def __str__(self) -> str:
        return self.name


def people_with_roles(user: User, *, on: date) -> QuerySet[User]:
    """People the user may see, each with ``current_roles``, the memberships of that day with their organisations."""
    current = Membership.objects.current(on).select_related("organisation")
    return User.objects.visible_to(user).prefetch_related(Prefetch("memberships", current, to_attr="current_roles"))


def people_of(organisation_ids: Collection[int], *, on: date, roles: Collection[str] = ()) -> tuple[PersonRef, ...]:
    """Active people who hold a role in these organisations; of these roles only where any is named."""
    rows = Membership.objects.current(on).filter(organisation_id__in=organisation_ids, user__is_active=True)
    if roles:
        rows = rows.filter(role__in=roles)
    rows = rows.select_related("user", "organisation").order_by("organisation__position", "pk")
    found = {row.user_id: PersonRef(row.user_id, row.user.name, str(row.organisation)) for row in reversed(list(rows))}
    return tuple(reversed(found.values()))


def person_by_id(person_id: int) -> User:
    """The account of that number, for those who act for it."""
    return User.objects.get(pk=person_id)


@dataclass(frozen=True, slots=True)
class Seat:
    """An organisation somebody belongs to."""

    id: int
    name: str


def seats_in(
    organisation_ids: Collection[int], *, on: date, roles: Collection[str] = ()
) -> dict[int, tuple[Seat, ...]]:
    """Active people who hold a role in these organisations (one of `roles` where any is named), each with those
    organisations, in the register's order.
    """
    rows = Membership.objects.current(on).filter(organisation_id__in=organisation_ids, user__is_active=True)
    if roles:
        rows = rows.filter(role__in=roles)
    found: dict[int, dict[int, Seat]] = {}
    for row in rows.select_related("organisation").order_by("organisation__position", "organisation_id"):
        seats = found.setdefault(row.user_id, {})
        seats.setdefault(row.organisation_id, Seat(row.organisation_id, str(row.organisation)))
    return {person_id: tuple(seats.values()) for person_id, seats in found.items()}


def people_with_role(*roles: str, on: date) -> tuple[int, ...]:
    """Active people who hold one of the roles anywhere, by id."""
    rows = Membership.objects.current(on).filter(role__in=roles, user__is_active=True)
    return tuple(sorted(set(rows.values_list("user_id", flat=True))))


def roles_of(person: User) -> list[Membership]:
    """All roles the person holds or held in their own right, present ones first."""
    rows = person.memberships.own().select_related("organisation")
    return sorted(rows, key=lambda row: (row.until_on is not None, -row.from_on.toordinal(), row.pk))


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city, for the sign-in page."""

    username: str
    name: str
    role: str


def demo_accounts(*, on: date) -> tuple[DemoAccount, ...]:
    """The first demo account of each role; none where the data are real."""
    rows = Membership.objects.current(on).filter(user__is_demo=True, user__is_active=True, organisation__is_demo=True)
    found: dict[str, DemoAccount] = {}
    for row in rows.select_related("user").order_by("pk"):
        found.setdefault(row.role, DemoAccount(row.user.username, row.user.name, row.get_role_display()))
    return tuple(found.values())
