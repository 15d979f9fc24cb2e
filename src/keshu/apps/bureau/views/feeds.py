"""日历订阅: the tab of 个人设置, and the file that calendar programmes read by its secret address."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.models import CalendarFeed
from keshu.apps.bureau.queries.deadlines import deadlines_of
from keshu.apps.bureau.queries.devices import address_of
from keshu.apps.bureau.queries.feeds import calendar_file, hash_of, reader_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import feeds as services
from keshu.apps.bureau.views.account import account_context

# Within a quarter of an hour: wrong addresses of one sender, and readings of one feed.
WINDOW = 15 * 60
MOST_WRONG = 20
MOST_READ = 30


@require_safe
def page(request: Request) -> HttpResponse:
    row = CalendarFeed.objects.visible_to(request.user).first()
    return render(request, "bureau/account/feed.html", account_context(request, feed=row))


@require_POST
@sensitive_variables()
def make(request: Request) -> HttpResponse:
    """A new address, shown on the answer and never again."""
    token = services.make_feed(by=request.user, at=timezone.now())
    row = CalendarFeed.objects.visible_to(request.user).get()
    address = request.build_absolute_uri(reverse("bureau:feed-read", args=[token]))
    response = render(request, "bureau/account/feed.html", account_context(request, feed=row, address=address))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def revoke(request: Request) -> HttpResponse:
    if services.revoke_feed(by=request.user, at=timezone.now()):
        messages.success(request, "已停用，原来的地址不能再用。")
    return redirect("bureau:feed")


@login_not_required
@require_safe
@sensitive_variables()
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The file; by its token only, whoever is signed in. 404 for an unknown one, 429 for too many."""
    sender = f"feed-wrong-{hash_of(address_of(request))}"
    if cache.get(sender, 0) >= MOST_WRONG:
        return _too_many()
    person = reader_of(token)
    if person is None:
        _count(sender)
        return HttpResponse("没有这个日历地址。", status=404, content_type="text/plain; charset=utf-8")
    if _count(f"feed-read-{person.pk}") > MOST_READ:
        return _too_many()
    on = timezone.localdate()
    content = calendar_file(
        deadlines_of(person, on=on), name="科枢：我的到期事项", on=on, address=request.build_absolute_uri
    )
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if tag in asked else HttpResponse(content, content_type="text/calendar")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _count(key: str) -> int:
    """How often within the window, this time included."""
    cache.add(key, 0, WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1


def _too_many() -> HttpResponse:
    response = HttpResponse("读取过于频繁，请稍后再试。", status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(WINDOW)
    return response
