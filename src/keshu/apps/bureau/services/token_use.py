"""Counting the requests of a token, so that no program takes the site for itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db.models import Case, F, Value, When

from keshu.apps.bureau.models import AccessToken

WINDOW = timedelta(minutes=1)


def use_token(token: AccessToken, *, at: datetime) -> int:
    """Count a request; the seconds to wait where there were too many in the minute, else 0.

    In the database, so that all server processes count together. The right sides of an UPDATE are the values of before.
    """
    running = When(window_at__gt=at - WINDOW, window_at__lte=at, then=F("window_count") + 1)
    begun = When(window_at__gt=at - WINDOW, window_at__lte=at, then=F("window_at"))
    rows = AccessToken.objects.filter(pk=token.pk)
    rows.update(window_count=Case(running, default=Value(1)), window_at=Case(begun, default=Value(at)), last_used_at=at)
    used = rows.only("window_count", "window_at").get()
    count, since = used.window_count, used.window_at or at
    return max(1, ceil((since + WINDOW - at).total_seconds())) if count > settings.API_RATE else 0
