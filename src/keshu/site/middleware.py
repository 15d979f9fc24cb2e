"""On every request: too large a body is refused, refusals become words, a session lasts while somebody works, a first
password is changed, and a second factor that is due is set up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from keshu.apps.bureau.queries.devices import browser_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import SECOND_FACTOR_DUE
from keshu.apps.bureau.services import Refused, Unacceptable, sign_in_sessions

Answer = Callable[[Request], HttpResponse]

# A session is renewed by work, at most this often (seconds), so that reading a page is not a write.
RENEW_EVERY = 300
# Requests that pages make on their own are no work.
AUTOMATIC = frozenset({"bureau:job-panel", "plans:review-presence", "briefings:cockpit-refresh"})
# What a person may open before the first password is changed.
BEFORE_CHANGE = frozenset({"bureau:password", "bureau:sign-out", "health", "favicon"})
# What a person may open before the second factor is set up.
BEFORE_SET_UP = BEFORE_CHANGE | {"bureau:second-factor", "bureau:second-factor-begin"}


# What a form adds to its file: field names, boundaries, the token.
FORM_ALLOWANCE = 256 * 1024


class UploadLimit:
    """Refuses (413) what is larger than an upload may be by its declared length, before a byte of it is stored.

    A body without a declared length is never read by Django. Stands before everything that reads the form.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) <= settings.UPLOAD_LIMIT + FORM_ALLOWANCE:
            return self.get_response(request)
        size, limit = int(length) / 1024 / 1024, settings.UPLOAD_LIMIT / 1024 / 1024
        words = (
            f"上传的内容有 {size:.0f} MB，超过 {limit:g} MB 的上限，没有接收。"
            "请压缩其中的图片、另存为 .docx，或拆成几个文件后再上传。"
        )
        _pour_away(request, int(length))
        if "X-Upload" in request.headers:
            return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
        return render(request, "refused.html", {"message": words, "code": 413}, status=413)


def _pour_away(request: Request, length: int) -> None:
    """Take what is still coming and keep nothing: a browser that is cut off shows no answer. Absurd lengths are cut off."""
    left = min(length, 4 * settings.UPLOAD_LIMIT)
    while left > 0 and (piece := request.read(min(left, 1024 * 1024))):
        left -= len(piece)


class Refusals:
    """Uncaught Refused (403) and Unacceptable (422) as a page, or as a toast where htmx asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused | Unacceptable):
            return None
        status = 403 if isinstance(exception, Refused) else 422
        if request.htmx:
            response = HttpResponse(status=status)
            # Header values are Latin-1; JSON escapes carry the Chinese.
            response["HX-Trigger"] = json.dumps({"toast": {"message": exception.message, "tone": "late"}})
            response["HX-Reswap"] = "none"
            return response
        return render(request, "refused.html", {"message": exception.message, "code": status}, status=status)


class FragmentsApart:
    """One address answers htmx with a piece and the browser with a page; without Vary, "back" shows the kept piece bare."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request",))
        return response


class WorkingSession:
    """Renews the session while somebody works, and sends htmx to the sign-in page when it has ended."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and response.status_code == 302 and self._is_sign_in(response):
            here = urlsplit(request.htmx.current_url_abs_path or "/")
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = redirect_to_login(here._replace(fragment="").geturl()).url
            return answer
        return response

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> None:
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.view_name in AUTOMATIC):
            return
        now = int(time.time())
        if now - request.session.get("renewed", 0) >= RENEW_EVERY:
            request.session["renewed"] = now
            sign_in_sessions.touch_session(request.user, browser=browser_of(request), at=timezone.now())

    def _is_sign_in(self, response: HttpResponse) -> bool:
        return urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


class FirstPassword:
    """Whoever was given a password changes it before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        return _led_to("bureau:password", request, open_places=BEFORE_CHANGE)


class SecondFactorDue:
    """Whoever signed in with a role that must have a second factor sets it up before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.session.get(SECOND_FACTOR_DUE):
            return None
        return _led_to("bureau:second-factor", request, open_places=BEFORE_SET_UP)


def _led_to(place: str, request: Request, *, open_places: frozenset[str]) -> HttpResponse | None:
    """An answer that leads to the place, unless the request asks for one that is open."""
    match = request.resolver_match
    if match is not None and match.view_name in open_places:
        return None
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = resolve_url(place)
        return answer
    return redirect(place)
