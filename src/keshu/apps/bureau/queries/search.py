"""Search over the bureau's own names: organisations and people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.urls import NoReverseMatch, reverse

from keshu.apps.bureau.models import Organisation, User
from keshu.apps.bureau.queries.initials import by_initials
from keshu.apps.bureau.queries.owners.words import CONTRACTIONS

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User as Reader

SHOWN = 10
# A word has at most so many other spellings; more would make one search many.
MOST_SPELLINGS = 8

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


def every_word(text: str, condition: Callable[[str], Q]) -> Q:
    """The condition for every word of `text` (not empty)."""
    return reduce(and_, (condition(word) for word in text.split()))


def named(*names: str) -> Callable[[str], Q]:
    """The word occurs in one of the fields: as typed, with an official form short or in full (科技局, 科学技术局), or by the
    first letters of its pinyin (kjj).
    """

    def condition(word: str) -> Q:
        spelt = (Q(**{f"{name}__icontains": each}) for name in names for each in _spellings(word))
        return reduce(or_, spelt) | by_initials(word, *names)

    return condition


def _spellings(word: str) -> tuple[str, ...]:
    written = {word: None}
    for full, short in CONTRACTIONS:
        written |= {word.replace(full, short): None, word.replace(short, full): None}
    return tuple(written)[:MOST_SPELLINGS]


def found(text: str, *, user: Reader, shown: int = SHOWN) -> Sequence[HitGroup]:
    """Organisations and people that `user` may see and whose names hold every word of `text` (not empty)."""
    organisations = Organisation.objects.visible_to(user).filter(
        every_word(text, named("name", "short_name", "aliases__text"))
    )
    people = User.objects.visible_to(user).filter(every_word(text, named("name", "username")), is_active=True)
    q = urlencode({"q": text})
    persons = [_person(row) for row in top(people.prefetch_related("memberships__organisation"), shown)]
    return (
        group(
            "单位", "sitemap", [_organisation(row) for row in top(_living_first(organisations), shown)], shown=shown,
            all_href=f"{reverse('bureau:organisation-list')}?{q}",
        ),
        group("人员", "users", persons, shown=shown, all_href=f"{reverse('bureau:person-list')}?{q}"),
    )  # fmt: skip


def _living_first(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    is_closed = Case(When(closed_on__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(is_closed=is_closed).order_by("is_closed", "position", "pk").distinct()


def top(rows: QuerySet[Row], shown: int = SHOWN) -> QuerySet[Row]:
    """The first rows, and one more to tell whether there are others."""
    return rows[: shown + 1]


def group(label: str, icon: str, hits: list[Hit], *, shown: int = SHOWN, all_href: str = "") -> HitGroup:
    """The hits of one kind, out of rows taken by `top`; `all_href` lists them all."""
    return HitGroup(label=label, icon=icon, hits=tuple(hits[:shown]), is_more=len(hits) > shown, all_href=all_href)


def _organisation(row: Organisation) -> Hit:
    closed = "" if row.closed_on is None else f"　已撤并（{row.closed_on:%Y-%m-%d}）"
    return Hit(title=row.name, note=row.get_kind_display() + closed, href=address("bureau:organisation-detail", row.pk))


def _person(row: User) -> Hit:
    places = "、".join(f"{m.organisation} {m.get_role_display()}" for m in row.memberships.all())
    return Hit(title=row.name or row.username, note=places, href=address("bureau:person-detail", row.pk))


def address(url_name: str, pk: int) -> str:
    """The page of a row, or nothing where this site has no such page."""
    try:
        return reverse(url_name, args=[pk])
    except NoReverseMatch:
        return ""
