"""The request as pages get it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from keshu.apps.bureau.models import User


class Request(HttpRequest):
    """A request whose sender has signed in (the middleware lets no other reach a page), and what HTMX says of it."""

    user: User
    htmx: HtmxDetails
