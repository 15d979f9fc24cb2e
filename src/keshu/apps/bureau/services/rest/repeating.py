"""A request that may be sent twice: with an ``Idempotency-Key`` it is carried out once, and answered the same again for a day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from ninja import Schema
from ninja.responses import Status

from keshu.apps.bureau.models import KeptAnswer
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.services.rest.access import ApiRequest

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
KEY = re.compile(r"[\x21-\x7e]{1,100}")


def once(request: ApiRequest, act: Callable[[], Schema], *, status: int = 200) -> Any:
    """What `act` gives, or what it gave when the same request was first made.

    The key and what the request did are saved together or not at all, so a refused request may be mended and sent again. Two
    at once: the second waits for the first. Unacceptable: a key that was used for another request.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return Status(status, act())
    if not KEY.fullmatch(key):
        raise Unacceptable("请求编号应为 1 到 100 个可见的英文字符，例如一个 UUID。", field=HEADER)
    fingerprint = _fingerprint(request)
    forget_answers(at=request.at)
    if (kept := _kept(request, key, fingerprint)) is not None:
        return kept
    try:
        with transaction.atomic():
            # Taken before the act: whoever sends the same at this moment waits here.
            row = KeptAnswer.objects.create(
                token=request.token, key=key, fingerprint=fingerprint, status=status, made_at=request.at
            )
            answer = act()
            row.answer = answer.model_dump(mode="json")
            row.save(update_fields=["answer"])
    except IntegrityError:
        if (kept := _kept(request, key, fingerprint)) is not None:
            return kept
        raise
    return Status(status, answer)


def forget_answers(*, at: datetime) -> int:
    """Delete what was kept for longer than a day; returns how many."""
    return KeptAnswer.objects.filter(made_at__lt=at - KEPT).delete()[0]


def _kept(request: ApiRequest, key: str, fingerprint: str) -> Any:
    found = KeptAnswer.objects.filter(token=request.token, key=key).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise Unacceptable("这个请求编号已经用在另一个请求上，请换一个。", field=HEADER)
    return Status(found.status, found.answer)


def _fingerprint(request: ApiRequest) -> str:
    what = f"{request.method} {request.path}\n".encode() + request.body
    return hashlib.sha256(what).hexdigest()
