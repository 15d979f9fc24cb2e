"""One's own second factor: setting it up, its recovery codes, switching it off."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.forms import CodeForm, SecondFactorOffForm, SignInCodeForm
from keshu.apps.bureau.models import SecondFactor
from keshu.apps.bureau.permissions import must_have_second_factor
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import SECOND_FACTOR_DUE, recovery_codes_left
from keshu.apps.bureau.services import Unacceptable, second_factor
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.account import account_context

PAGE = "bureau:second-factor"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponse:
    """How it stands: off, being set up (QR code and first code), or on."""
    row = SecondFactor.objects.visible_to(request.user).filter(user_id=request.user.pk).first()
    is_must = must_have_second_factor(request.user)
    if (row is not None and row.is_on) or not is_must:
        # Set up in another window meanwhile, or the role has ended: nothing is due any more.
        request.session.pop(SECOND_FACTOR_DUE, None)
    if row is not None and row.is_on:
        left = recovery_codes_left(request.user)
        return _shown(request, "on", row=row, left=left, is_must=is_must)
    if row is None or not row.secret:
        return _shown(request, "off", row=row)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        codes = carried_out(form, lambda: second_factor.confirm(request.user, code=code, at=timezone.now()))
        if codes is not None:
            was_due = request.session.pop(SECOND_FACTOR_DUE, False)
            return _shown(request, "codes", codes=codes, is_new=True, was_due=was_due)
    try:
        secret, address = second_factor.provisioning(request.user)
    except Unacceptable:
        # Sealed with a key that is gone: begin again.
        return _shown(request, "off", row=row)
    context = {"form": form, "secret": second_factor.grouped(secret), "picture": qr_picture(address)}
    return _shown(request, "set_up", status=422 if form.errors else 200, **context)


@require_POST
def begin(request: Request) -> HttpResponse:
    second_factor.begin(request.user, at=timezone.now())
    return redirect(PAGE)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def codes(request: Request) -> HttpResponse:
    """New recovery codes, after a code."""
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        fresh = carried_out(
            form, lambda: second_factor.renew_recovery_codes(request.user, code=code, at=timezone.now())
        )
        if fresh is not None:
            return _shown(request, "codes", codes=fresh)
    return _asked(
        request, form, heading="重新生成恢复码", note="新的恢复码生成后，旧的全部作废。", submit="生成新的恢复码"
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def off(request: Request) -> HttpResponse:
    """Switch it off, by password and code."""
    form = SecondFactorOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if carried_out(form, lambda: second_factor.switch_off(request.user, **form.cleaned_data, at=at)) is not None:
            messages.success(request, "两步验证已关闭，以后只用密码登录。")
            return redirect(PAGE)
    return _asked(
        request, form, heading="关闭两步验证", note="关闭后只凭密码登录，恢复码一并作废。", submit="关闭两步验证"
    )


def qr_picture(address: str) -> str:
    """The QR code as the address of an image (data:), which the pages' policy allows."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff")


def _asked(request: Request, form: CodeForm, *, heading: str, note: str, submit: str) -> HttpResponse:
    return _shown(
        request, "ask", status=422 if form.errors else 200, form=form, heading=heading, note=note, submit=submit
    )


def _shown(request: Request, part: str, *, status: int = 200, **more: object) -> HttpResponse:
    """The tab with that part; while it is due, a page without other places."""
    is_due = bool(request.session.get(SECOND_FACTOR_DUE)) or bool(more.get("was_due"))
    context = account_context(request, part=f"bureau/account/_second_factor_{part}.html", is_due=is_due, **more)
    template = "bureau/account/second_factor_due.html" if is_due else "bureau/account/second_factor.html"
    return render(request, template, context, status=status)
