"""Whose token a secret is, and a person's tokens for their page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keshu.apps.bureau.models import AccessToken, TokenScope
from keshu.apps.bureau.queries.ledger import Mark, Tone

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LIVE, ENDED, REVOKED = Mark("有效", Tone.DONE), Mark("已过期"), Mark("已停用")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def token_by_secret(secret: str) -> AccessToken | None:
    """The token with its person, live or not; None where there is none of that secret."""
    return AccessToken.objects.filter(hashed_secret=hash_of(secret)).select_related("user").first()


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as its owner sees it."""

    row: AccessToken
    mark: Mark
    scopes: tuple[str, ...]
    is_live: bool


def tokens_of(user: User, *, at: datetime) -> tuple[TokenLine, ...]:
    """One's tokens, those that can be used first, then the newest. One query."""
    lines = [_line(row, at=at) for row in AccessToken.objects.visible_to(user)]
    return tuple(sorted(lines, key=lambda line: not line.is_live))


def _line(row: AccessToken, *, at: datetime) -> TokenLine:
    is_live = row.is_live(at)
    mark = LIVE if is_live else ENDED if row.revoked_at is None else REVOKED
    words = tuple(str(TokenScope(each).label) for each in row.scopes if each in TokenScope.values)
    return TokenLine(row, mark, words, is_live)
