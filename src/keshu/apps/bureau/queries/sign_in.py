"""How a person signs in: with a second factor or without, and where they are signed in now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from keshu.apps.bureau.models import RecoveryCode, SecondFactor, SignInSession, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

# In the session of somebody whose role must have a second factor and who has none yet: no other place opens.
SECOND_FACTOR_DUE = "second_factor_due"


def active_person(pk: int) -> User | None:
    """The account of that number, unless it is switched off."""
    return User.objects.filter(pk=pk, is_active=True).first()


def has_second_factor(person: User) -> bool:
    return SecondFactor.objects.filter(user=person, confirmed_at__isnull=False).exists()


def recovery_codes_left(person: User) -> int:
    return RecoveryCode.objects.filter(user=person, used_at__isnull=True).count()


def live_sessions(person: User, *, user: User, at: datetime) -> QuerySet[SignInSession]:
    """Where the person is signed in, as far as `user` may see it, the last used first."""
    limit = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SignInSession.objects.visible_to(user).filter(user=person, seen_at__gte=limit)
