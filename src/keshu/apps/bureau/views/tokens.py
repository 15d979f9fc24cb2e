"""个人令牌: the tab of 个人设置 where one makes, lists and revokes the tokens of one's programs."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.forms.tokens import TokenForm
from keshu.apps.bureau.models import AccessToken
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import has_second_factor
from keshu.apps.bureau.queries.tokens import tokens_of
from keshu.apps.bureau.services import token_ends, tokens
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.account import account_context


@never_cache
@sensitive_post_parameters("password", "code")
@sensitive_variables("made", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """One's tokens and the form for another, whose secret is shown on the answer and never again."""
    at, secret = timezone.now(), ""
    asks_code = has_second_factor(request.user)
    form = _form(request, asks_code=asks_code, is_sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        made = carried_out(form, lambda: tokens.make_token(**form.cleaned_data, by=request.user, at=at))
        if made is not None:
            _, secret = made
            form = _form(request, asks_code=asks_code, is_sent=False)
    context = account_context(
        request, form=form, lines=tokens_of(request.user, at=at), secret=secret, rate=settings.API_RATE
    )
    return render(request, "bureau/account/tokens.html", context, status=422 if form.errors else 200)


def _form(request: Request, *, asks_code: bool, is_sent: bool) -> TokenForm:
    return TokenForm(request.POST if is_sent else None, longest=settings.TOKEN_DAYS, asks_code=asks_code)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(AccessToken.objects.visible_to(request.user), pk=pk)
    token_ends.revoke_token(row, by=request.user, at=timezone.now())
    messages.success(request, f"令牌“{row.name}”已停用，使用它的程序马上不能再读写。")
    return redirect("bureau:token-list")
