"""Signing in and out, and one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.forms import PasswordForm, SignInForm, carried_out
from keshu.apps.bureau.queries.people import demo_accounts
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import people

TEMPLATE = "bureau/sign_in.html"


class SignIn(LoginView):
    """`next` is followed on this host only; whoever is signed in already goes straight on."""

    template_name = TEMPLATE
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"title": "登录"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_accounts": demo_accounts(on=timezone.localdate())}


@method_decorator(require_http_methods(["POST"]), name="dispatch")
class SignOut(LogoutView):
    """Ends the session; by POST only, so that no link can sign anybody out."""


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The sign-in page saying until when this account cannot sign in from this address."""
    username = str((credentials or {}).get("username") or request.POST.get("username", ""))
    form = SignInForm(request, initial={"username": username})
    return render(
        request,
        TEMPLATE,
        {
            "form": form,
            "message": f"连续 {settings.AXES_FAILURE_LIMIT} 次输错，这个账号暂停登录。请在 {_until(request, username)} 之后再试，"
            "或请本单位的系统管理员重设密码。",
            "demo_accounts": demo_accounts(on=timezone.localdate()),
        },
        status=429,
    )


def _until(request: HttpRequest, username: str) -> str:
    """The time of day when the account may be tried again."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=getattr(request, "axes_ip_address", None))
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    ends = timezone.localtime(last + timedelta(hours=float(settings.AXES_COOLOFF_TIME)))
    # Rounded up, so that the time shown is never a minute too early.
    return f"{ends + timedelta(seconds=59):%H:%M}"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Change one's own password; this session goes on, all others of the person end."""
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if not request.user.check_password(form.cleaned_data["old_password"]):
                form.add_error("old_password", "现用密码不对，请重新输入。")
            elif _changed(request, form):
                messages.success(request, "密码已修改，下次登录请用新密码。")
                return redirect("home")
    # Before the first password is changed no other place opens, so none is offered.
    template = "bureau/first_password.html" if request.user.must_change_password else "bureau/password.html"
    return render(request, template, {"form": form, "title": "修改密码"}, status=status)


def _changed(request: Request, form: PasswordForm) -> bool:
    new = form.cleaned_data["new_password1"]
    person = carried_out(
        form, lambda: people.set_password(request.user, password=new, by=request.user, at=timezone.now())
    )
    if person is None:
        return False
    update_session_auth_hash(request, person)
    return True
