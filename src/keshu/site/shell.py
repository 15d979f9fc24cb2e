"""What the page frame needs on every page: navigation, the names in the top bar, the year being worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from keshu.apps.bureau.queries import frame
from keshu.site import guide
from keshu.site.demo import city
from keshu.site.navigation import LinkGroup, navigation

PRODUCT = "科枢"
YEAR_KEY = "year"
_YEARS_BACK, _YEARS_AHEAD = 4, 1


@dataclass(frozen=True, slots=True)
class Shell:
    """`year` is the year chosen in the top bar (session key ``year``), else the present one; `has_guide` tells of docs/guide."""

    product: str
    bureau: str
    is_demo: bool
    demo_password: str
    jobs: int
    notices: int
    navigation: list[LinkGroup]
    nav_is_small: bool
    has_guide: bool
    year: int
    years: list[int]
    now: datetime


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor; nothing is read until a template asks for it, so fragments pay nothing."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def working_year(request: HttpRequest) -> int:
    """The year chosen in the top bar, else the present one."""
    chosen = request.session.get(YEAR_KEY) if hasattr(request, "session") else None
    return chosen if isinstance(chosen, int) else timezone.localdate().year


def offered_years(request: HttpRequest) -> list[int]:
    """The years the top bar offers, newest first; the chosen one is always among them."""
    present = timezone.localdate().year
    offered = {*range(present - _YEARS_BACK, present + _YEARS_AHEAD + 1), working_year(request)}
    return sorted(offered, reverse=True)


def _shell(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    reader = user if user is not None and user.is_authenticated else None
    shown = frame.page_frame(reader)
    match = request.resolver_match
    return Shell(
        product=PRODUCT,
        bureau=shown.bureau,
        is_demo=shown.is_demo,
        demo_password=city.PASSWORD if shown.is_demo else "",
        jobs=shown.jobs,
        notices=shown.notices,
        navigation=navigation(reader.scope, view_name=match.view_name if match else "") if reader else [],
        nav_is_small=request.COOKIES.get("keshu_nav") == "small",
        has_guide=guide.is_there(),
        year=working_year(request),
        years=offered_years(request),
        now=timezone.localtime(),
    )
