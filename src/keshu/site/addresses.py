"""Where a request came from, for the sign-in throttle."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The sender's address. Behind the TLS proxy (KESHU_HTTPS) it is the last one the proxy added, else the connection's own.

    Earlier entries of X-Forwarded-For are the sender's own words and count for nothing.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_COOKIES else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
