"""Who asks: a token in the Authorization header, and nothing else. Cookies do not open the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from keshu.apps.bureau.models import AccessToken, TokenScope, User
from keshu.apps.bureau.permissions import Refused, must_have_second_factor
from keshu.apps.bureau.queries.sign_in import has_second_factor
from keshu.apps.bureau.queries.tokens import token_by_secret
from keshu.apps.bureau.services.token_use import use_token

LONGEST_SECRET = 200


class ApiRequest(HttpRequest):
    """A request let in by a token. ``at`` is its moment, set by the site."""

    user: User
    token: AccessToken
    at: datetime


class NotAdmitted(Exception):
    """No token, or one that holds no longer (401). The message is Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooManyRequests(Exception):
    """The token has asked too often (429); ``wait`` are the seconds to wait."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class PersonalToken(HttpBearer):
    """Lets a request in by a personal token with the scope of the operation.

    A person whose account is switched off, whose password or second factor is due, is not let in: the same rules as for pages.
    """

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != self.openapi_scheme or not secret.strip():
            raise NotAdmitted("请求没有带个人令牌。请加上请求头 Authorization: Bearer 令牌。")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: Any, token: str) -> AccessToken:
        at: datetime = request.at
        found = token_by_secret(token) if len(token) <= LONGEST_SECRET else None
        if found is None:
            raise NotAdmitted("没有这个令牌。请核对是否复制完整，或在“个人设置—个人令牌”重新生成。")
        if not found.is_live(at):
            raise NotAdmitted(f"令牌“{found.name}”已停用或过期，请在“个人设置—个人令牌”重新生成。")
        if not found.user.is_active:
            raise NotAdmitted("账号已停用，令牌不能使用。")
        if wait := use_token(found, at=at):
            raise TooManyRequests(wait)
        _check_sign_in(found.user)
        if not found.allows(self.scope):
            raise Refused(f"令牌没有“{self.scope.label}”的权限（{self.scope.value}），请重新生成一个。")
        request.user, request.token = found.user, found
        return found


def _check_sign_in(person: User) -> None:
    """What a page would send the person away for."""
    if person.must_change_password:
        raise Refused("请先登录网页修改密码，再使用令牌。")
    if must_have_second_factor(person) and not has_second_factor(person):
        raise Refused("您的角色必须使用两步验证。请先登录网页启用，再使用令牌。")
