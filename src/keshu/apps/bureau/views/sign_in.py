"""Signing in (password, then the second factor where there is one) and out, and one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as auth_login
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.forms import PasswordForm, SignInCodeForm, SignInForm
from keshu.apps.bureau.models import User
from keshu.apps.bureau.permissions import must_have_second_factor
from keshu.apps.bureau.queries.devices import browser_of
from keshu.apps.bureau.queries.people import demo_accounts
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import SECOND_FACTOR_DUE, active_person, has_second_factor
from keshu.apps.bureau.services import people, second_factor, sign_in_sessions
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.account import account_context

TEMPLATE = "bureau/sign_in.html"
# In the session of somebody whose password was right and whose code is still to come.
HELD = "held_sign_in"
HELD_FOR = timedelta(minutes=5)


class SignIn(LoginView):
    """`next` is followed on this host only; whoever is signed in already goes straight on."""

    template_name = TEMPLATE
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"title": "登录"}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right. With a second factor nobody is signed in yet."""
        person, target = form.get_user(), self.get_success_url()
        if has_second_factor(person):
            _hold(self.request, person, target=target)
            return redirect("bureau:sign-in-code")
        auth_login(self.request, person)
        return _go_on(self.request, person, target=target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_accounts": demo_accounts(on=timezone.localdate())}


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: Request) -> HttpResponse:
    """The second step: a code of the authenticator, or a recovery code, within five minutes of the password."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    person = _held(request)
    if person is None:
        if request.session.pop(HELD, None) is not None:
            messages.warning(request, "输入密码已超过 5 分钟，请重新登录。")
        return redirect("bureau:sign-in")
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        if carried_out(form, lambda: second_factor.verify(person, code=typed, at=timezone.now())) is not None:
            held = request.session.pop(HELD)
            auth_login(request, person, backend=held["backend"])
            return _go_on(request, person, target=held["target"])
    context = {"title": "登录", "form": form, "person": person}
    return render(request, "bureau/sign_in_code.html", context, status=422 if form.errors else 200)


def _hold(request: HttpRequest, person: Any, *, target: str) -> None:
    """Remember whose password was right, under a new session key."""
    request.session.cycle_key()
    request.session[HELD] = {
        "person": person.pk,
        "backend": person.backend,
        "password": person.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "target": target,
    }


def _held(request: Request) -> User | None:
    """Whose password was right a moment ago; None when that is too long ago, or the account or password has changed since."""
    held = request.session.get(HELD)
    if held is None or timezone.now().timestamp() - held["at"] > HELD_FOR.total_seconds():
        return None
    person = active_person(held["person"])
    if person is None or not constant_time_compare(held["password"], person.get_session_auth_hash()):
        return None
    return person


def _go_on(request: HttpRequest, person: Any, *, target: str) -> HttpResponse:
    """After signing in: to where one wanted, unless the second factor was reset or is still to be set up."""
    is_due = must_have_second_factor(person) and not has_second_factor(person)
    if is_due:
        request.session[SECOND_FACTOR_DUE] = True
    reset_at = second_factor.tell_reset(person)
    if reset_at is not None:
        when = f"{timezone.localtime(reset_at):%Y-%m-%d %H:%M}"
        messages.warning(request, f"系统管理员已于 {when} 重设您的两步验证。如非您本人要求，请立即联系系统管理员。")
    return redirect("bureau:second-factor") if is_due or reset_at is not None else HttpResponseRedirect(target)


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
    if request.user.must_change_password:
        return render(request, "bureau/first_password.html", {"form": form, "title": "修改密码"}, status=status)
    return render(request, "bureau/account/password.html", account_context(request, form=form), status=status)


def _changed(request: Request, form: PasswordForm) -> bool:
    new = form.cleaned_data["new_password1"]
    at, key = timezone.now(), browser_of(request).key
    person = carried_out(
        form, lambda: people.set_password(request.user, password=new, by=request.user, at=at, session_key=key)
    )
    if person is None:
        return False
    update_session_auth_hash(request, person)
    sign_in_sessions.follow_session(old_key=key, new_key=browser_of(request).key)
    return True
