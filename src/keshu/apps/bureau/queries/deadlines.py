"""What falls due for a person, as the apps above tell it: each registers a provider, and none is known here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# How far back a calendar still shows what was due.
KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day by which something is due. `uid` is the same at every reading; `link` is an address within the site."""

    uid: str
    title: str
    day: date
    link: str
    text: str = ""


Provider = Callable[["User", date], Iterable[Deadline]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask this one too. It must keep to what the person may see, and leave drafts out."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def deadlines_of(user: User, *, on: date) -> list[Deadline]:
    """All that falls due for the person from 60 days before `on`, by day; nothing for an account switched off."""
    if not user.is_active:
        return []
    found = {each.uid: each for provider in _providers for each in provider(user, on) if each.day >= on - KEPT}
    return sorted(found.values(), key=lambda each: (each.day, each.uid))
