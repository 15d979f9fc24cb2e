"""Pages that belong to no area: home, search over everything, the guide, the year in the top bar, the health probe."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.queries import search as bureau_search
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.queries import search as plan_search
from keshu.apps.plans.queries.home_page import home_page
from keshu.site import guide
from keshu.site.shell import YEAR_KEY, offered_years

_SEARCH_LIMIT = 100
_LIVE_SHOWN = 4
# Pages that show one plan whatever the year, and where one goes from there to see another year.
_OF_ONE_PLAN = {
    "plans:plan-detail": "home",
    "plans:review": "home",
    "plans:document": "home",
    "plans:target-detail": "plans:target-list",
    "plans:task-detail": "plans:task-tree",
}


@require_safe
def home(request: Request) -> HttpResponse:
    """The plan in force at a glance; for people outside government, what they can do here now."""
    year = request.session.get(YEAR_KEY)
    page = home_page(request.user, year=year if isinstance(year, int) else None, on=timezone.localdate())
    context = {"home": page, "plan": page.plan, "chosen": page.chosen, "glance": page.glance}
    return render(request, "home.html", {**context, "sets_up": "operator" in request.user.scope.roles})


@require_safe
def search(request: Request) -> HttpResponse:
    """Everything the reader may see whose name holds all the words asked for, by kind, a few of each."""
    text = _asked(request)
    return render(request, "search.html", {"q": text, "groups": _found(text, request, shown=bureau_search.SHOWN)})


@require_safe
def search_live(request: Request) -> HttpResponse:
    """The first hits of each kind as a list under the search box, while one types."""
    text = _asked(request)
    return render(request, "_search_live.html", {"q": text, "groups": _found(text, request, shown=_LIVE_SHOWN)})


def _asked(request: Request) -> str:
    return " ".join(request.GET.get("q", "").split())[:_SEARCH_LIMIT]


def _found(text: str, request: Request, *, shown: int) -> list[bureau_search.HitGroup]:
    """What is found by kind; kinds without a hit are left out."""
    if not text:
        return []
    given: dict[str, Any] = {"user": request.user, "shown": shown}
    groups = [*plan_search.found(text, **given), *bureau_search.found(text, **given)]
    return [group for group in groups if group.hits]


@require_safe
def help_page(request: HttpRequest, chapter: str = "") -> HttpResponse:
    """A chapter of the guide, or its contents."""
    found = guide.chapter(chapter)
    if found is None:
        raise Http404("使用说明中没有这一篇")
    return render(request, "help.html", {"title": found.title, "chapter": found, "chapters": guide.chapters()})


@require_safe
def help_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the guide; it may be kept for an hour."""
    picture = guide.picture(name)
    if picture is None:
        raise Http404("使用说明中没有这张图")
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@require_POST
def choose_year(request: HttpRequest) -> HttpResponse:
    """Keep the year chosen in the top bar for this session and go back to where it was chosen."""
    asked = request.POST.get("year", "")
    if asked in {str(year) for year in offered_years(request)}:
        request.session[YEAR_KEY] = int(asked)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(_without_plan(back) if safe else "home")


def _without_plan(address: str) -> str:
    """Where the year chosen decides what is shown: a page of one plan or of one of its rows gives way to its ledger."""
    parts = urlsplit(address)
    try:
        view_name = resolve(parts.path).view_name
    except Resolver404:
        return reverse("home")
    if view_name in _OF_ONE_PLAN:
        return reverse(_OF_ONE_PLAN[view_name])
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("plan", "page")]
    return urlunsplit(parts._replace(query=urlencode(query)))


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for the old address."""
    return redirect(static("favicon.svg"), permanent=True)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers; for the proxy and the service manager."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
