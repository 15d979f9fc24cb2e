"""A program that asks the API for a person, by a token of theirs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from keshu.apps.bureau.models import AccessToken, TokenScope, User
from keshu.apps.bureau.queries.tokens import hash_of

ALL = tuple(TokenScope.values)


def token_for(user: User, *scopes: str, at: datetime | None = None, **traits: Any) -> tuple[AccessToken, str]:
    """A token as it lies in the database, and its secret; all scopes where none is named."""
    at = at or timezone.now() - timedelta(minutes=5)
    secret = f"keshu_test_{AccessToken.objects.count()}_{user.pk}"
    fields = {
        "name": "测试程序",
        "prefix": "keshu_test",
        "made_at": at,
        "expires_at": at + timedelta(days=30),
        **traits,
    }
    row = AccessToken.objects.create(user=user, hashed_secret=hash_of(secret), scopes=list(scopes or ALL), **fields)
    return row, secret


class Program:
    """Speaks JSON with the token of a person in its header."""

    def __init__(self, user: User, *scopes: str, secret: str = "") -> None:
        self.user = user
        self.secret = secret or token_for(user, *scopes)[1]
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        sent = "" if body is None else json.dumps(body, default=str)
        return self.client.post(f"/api/v1{path}", sent, content_type="application/json", headers=self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.secret}",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
