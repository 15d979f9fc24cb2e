"""个人令牌: a person makes the tokens by which programs act for them. The secret is told once and kept nowhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from keshu.apps.bureau.models import AccessToken, TokenScope
from keshu.apps.bureau.queries.sign_in import has_second_factor
from keshu.apps.bureau.queries.tokens import hash_of
from keshu.apps.bureau.services import audit, second_factor
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.kernel.text import sound

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

MARK = "keshu_"
SHOWN = len(MARK) + 6
MOST_LIVE = 20
LONGEST_NAME = 60


@sensitive_variables("password", "code", "secret")
def make_token(
    *, name: str, scopes: Sequence[str], days: int, password: str, code: str = "", by: User, at: datetime
) -> tuple[AccessToken, str]:
    """A new token for oneself and its secret. Asks for the password, and a code where the second factor is on."""
    name = " ".join(sound(name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unacceptable(f"请写明用途，不超过 {LONGEST_NAME} 字，例如：每日同步填报数据。", field="name")
    chosen = [scope for scope in TokenScope.values if scope in scopes]
    if not chosen or set(scopes) - set(chosen):
        raise Unacceptable("请至少选择一项权限。", field="scopes")
    if not 1 <= days <= settings.TOKEN_DAYS:
        raise Unacceptable(f"有效期是 1 到 {settings.TOKEN_DAYS} 天。", field="days")
    if AccessToken.objects.filter(user=by).live(at).count() >= MOST_LIVE:
        raise Unacceptable(f"有效的令牌已有 {MOST_LIVE} 个，请先停用不再使用的。", field="name")
    if not by.check_password(password):
        raise Unacceptable("密码不对，请重新输入。", field="password")
    if has_second_factor(by):
        second_factor.verify(by, code=code, at=at)
    secret = MARK + secrets.token_urlsafe(32)
    row = AccessToken(
        user=by, name=name, prefix=secret[:SHOWN], hashed_secret=hash_of(secret), scopes=chosen, made_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    return audit.Recorder(by=by, at=at).create(row, organisation=_seat(by)), secret


def _seat(user: User) -> int | None:
    return min(user.scope.organisation_ids, default=None)
