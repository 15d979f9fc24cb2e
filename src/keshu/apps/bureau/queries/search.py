"""Search over the bureau's own names: organisations and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from keshu.apps.bureau.models import Organisation, User

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User as Reader

SHOWN = 10

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, a line about it, its page (empty where it has none)."""

    title: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The first hits of one kind; `is_more` tells that there are others."""

    label: str
    icon: str
    hits: tuple[Hit, ...]
    is_more: bool
    all_href: str = ""


def words_in(text: str, *names: str) -> Q:
    """Every word of `text` occurs in one of the fields `names`."""
    return reduce(and_, (reduce(or_, (Q(**{f"{name}__icontains": word}) for name in names)) for word in text.split()))


def found(text: str, *, user: Reader) -> Sequence[HitGroup]:
    """Organisations and people that `user` may see and whose names hold every word of `text` (not empty)."""
    organisations = Organisation.objects.visible_to(user).filter(words_in(text, "name", "short_name", "aliases__text"))
    people = User.objects.visible_to(user).filter(words_in(text, "name", "username")).filter(is_active=True)
    q = urlencode({"q": text})
    persons = [_person(row) for row in top(people.prefetch_related("memberships__organisation"))]
    return (
        group(
            "单位", "sitemap", [_organisation(row) for row in top(organisations.distinct())],
            all_href=f"{reverse('bureau:organisation-list')}?{q}",
        ),
        group("人员", "users", persons, all_href=f"{reverse('bureau:person-list')}?{q}"),
    )  # fmt: skip


def top(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The first rows, and one more to tell whether there are others."""
    return rows[: SHOWN + 1]


def group(label: str, icon: str, hits: list[Hit], *, all_href: str = "") -> HitGroup:
    """The hits of one kind, out of rows taken by `top`; `all_href` lists them all."""
    return HitGroup(label=label, icon=icon, hits=tuple(hits[:SHOWN]), is_more=len(hits) > SHOWN, all_href=all_href)


def _organisation(row: Organisation) -> Hit:
    return Hit(title=row.name, note=row.get_kind_display(), href=address("bureau:organisation-detail", row.pk))


def _person(row: User) -> Hit:
    places = "、".join(f"{m.organisation} {m.get_role_display()}" for m in row.memberships.all())
    return Hit(title=row.name or row.username, note=places, href=address("bureau:person-detail", row.pk))


def address(url_name: str, pk: int) -> str:
    """The page of a row, or nothing where this site has no such page."""
    try:
        return reverse(url_name, args=[pk])
    except NoReverseMatch:
        return ""
