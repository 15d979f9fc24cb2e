"""个人设置: one's own card, and where one is signed in. The password and the second factor have pages beside these."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.forms import ContactForm
from keshu.apps.bureau.models import SignInSession
from keshu.apps.bureau.permissions import is_keeper
from keshu.apps.bureau.queries.devices import browser_of, hash_of
from keshu.apps.bureau.queries.people import roles_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import live_sessions
from keshu.apps.bureau.services import people, sign_in_sessions
from keshu.apps.bureau.services.answers import carried_out

TITLE = "个人设置"
TABS = (
    ("资料", "bureau:account"),
    ("密码", "bureau:password"),
    ("两步验证", "bureau:second-factor"),
    ("登录设备", "bureau:session-list"),
    ("日历订阅", "bureau:feed"),
    ("个人令牌", "bureau:token-list"),
)


def account_context(request: Request, **more: Any) -> dict[str, Any]:
    """What each tab of the page needs; the tab is that of the address."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    part = next((name for _, name in TABS if here.startswith(name)), "")
    tabs = [{"label": label, "href": reverse(name), "current": name == part, "count": None} for label, name in TABS]
    return {"title": TITLE, "tabs": tabs, **more}


@require_http_methods(["GET", "POST"])
def card(request: Request) -> HttpResponse:
    """One's own telephone and e-mail address; name and roles are kept by others."""
    person = request.user
    form = ContactForm(request.POST or None, initial={"phone": person.phone, "email": person.email})
    if request.method == "POST" and form.is_valid():
        done = carried_out(form, lambda: people.change_contact(person, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            messages.success(request, "资料已保存。")
            return redirect("bureau:account")
    context = account_context(request, form=form, roles=roles_of(person), may_manage=is_keeper(person))
    return render(request, "bureau/account/card.html", context, status=422 if form.errors else 200)


@require_safe
def sessions(request: Request) -> HttpResponse:
    """Where one is signed in."""
    here = hash_of(browser_of(request).key)
    rows = live_sessions(request.user, user=request.user, at=timezone.now())
    found = sorted(rows, key=lambda row: row.key_hash != here)
    return render(request, "bureau/account/sessions.html", account_context(request, rows=found, here=here))


@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Sign one of one's browsers out."""
    rows = SignInSession.objects.visible_to(request.user).filter(user_id=request.user.pk).select_related("user")
    row = get_object_or_404(rows, pk=pk)
    sign_in_sessions.end_session(row, by=request.user, at=timezone.now())
    messages.success(request, f"已结束“{row.device}”{timezone.localtime(row.started_at):%Y-%m-%d %H:%M} 的登录。")
    return redirect("bureau:session-list")


@require_POST
def end_others(request: Request) -> HttpResponse:
    """Sign out all browsers but this."""
    key = browser_of(request).key
    count = sign_in_sessions.end_sessions(request.user, by=request.user, at=timezone.now(), but_key=key)
    messages.success(request, f"已结束其他 {count} 处登录。" if count else "没有其他登录。")
    return redirect("bureau:session-list")
