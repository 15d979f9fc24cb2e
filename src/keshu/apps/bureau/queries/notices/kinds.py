"""The catalogue of what people are told: each app registers its kinds, once, where it tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways somebody is told: in the inbox, by a mail of its own, in the day's digest."""

    in_site: bool = True
    mail: bool = False
    digest: bool = False

    @property
    def any(self) -> bool:
        return self.in_site or self.mail or self.digest


@cache
def rows_seen(model: Any) -> Callable[[User], QuerySet[Any]]:
    """The sight of a kind that speaks of a table's rows: one and the same for all such kinds, so that an inbox asks once."""
    return lambda user: model.objects.visible_to(user)


def everybody(user: User) -> bool:
    """For a kind that anybody may come to be told."""
    return True


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """``key`` is app and noun (plans.published); ``says`` explains it where a person chooses, if it is ``for_whom``.

    ``sight`` gives the rows a person may know of by this kind: who does not see the subject is not told, and who ceases to
    see it finds the notice no more. None where the notice is about the person. Of a kind that is not ``may_be_off`` the
    inbox always has it.
    """

    key: str
    label: str
    says: str
    ways: Ways = Ways()
    may_be_off: bool = True
    sight: Callable[[User], QuerySet[Any]] | None = None
    for_whom: Callable[[User], bool] = everybody


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Enter a kind; ValueError when another has its key."""
    if _kinds.setdefault(kind.key, kind) is not kind:
        raise ValueError(f"notice kind {kind.key!r} is declared twice")
    return kind


def kinds() -> tuple[NoticeKind, ...]:
    """All kinds, in the order of their registration."""
    return tuple(_kinds.values())


def kind_named(key: str) -> NoticeKind:
    """The kind of that key; ValueError names the known ones."""
    if key not in _kinds:
        raise ValueError(f"no notice kind {key!r}; known: {', '.join(sorted(_kinds))}")
    return _kinds[key]
