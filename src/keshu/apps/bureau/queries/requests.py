"""The request as pages get it, and whom a page is for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from keshu.apps.bureau.models import User
from keshu.apps.bureau.permissions import Refused

View = Callable[..., HttpResponseBase]
SPLIT_COOKIE = "keshu_split"
# Shares of the window for a document beside what is said of it, as the style sheet knows them, in per cent.
SPLITS = range(30, 71, 2)
PLAIN_SPLIT = 46


class Request(HttpRequest):
    """A request whose sender has signed in (the middleware lets no other reach a page), and what HTMX says of it."""

    user: User
    htmx: HtmxDetails


def government_only(refusal: str) -> Callable[[View], View]:
    """A page for the government's own people and for those who read everything; all others are told `refusal`."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            scope = request.user.scope
            if not (scope.is_government or scope.is_everything):
                raise Refused(refusal)
            return view(request, *args, **kwargs)

        return checked

    return guarded


def taker(request: Request) -> User | None:
    """Who takes the file that is asked for; nobody where only its head is."""
    return request.user if request.method == "GET" else None


def split_of(request: HttpRequest) -> int:
    """The share of the window that the reader gave a document beside its rows."""
    text = request.COOKIES.get(SPLIT_COOKIE, "")
    return int(text) if text.isdecimal() and int(text) in SPLITS else PLAIN_SPLIT
