"""An operation with all that its documentation says: in Chinese and in English, every status, an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router, Schema

from keshu.apps.bureau.models import TokenScope
from keshu.apps.bureau.services.rest.access import PersonalToken
from keshu.apps.bureau.services.rest.repeating import HEADER
from keshu.apps.bureau.services.rest.schemas import Problem, example_of

F = TypeVar("F", bound=Callable[..., Any])
READING = (401, 403, 404, 422, 429)
WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429)
FILE = "*/*"  # of whatever type it is
KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "请求编号（例如 UUID）。一天之内带同一编号重发，只办理一次，答复相同。A repeat is carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    "example": "7f0c2a9e-0d5b-4f6c-9a55-3b1f6f5d2c11",
}


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    name: str,
    scope: TokenScope,
    summary: str,
    about: str,
    english: str,
    answer: type[Schema] | None,
    body: type[Schema] | None = None,
    status: int = 200,
) -> Callable[[F], F]:
    """Enter a function as an operation. `name` is its url name and its id; `about` and `english` describe it.

    Without `answer` it answers with a file.
    """
    is_reading = method == "GET"
    refusals = dict.fromkeys(READING if is_reading else WRITING, Problem)
    extra: dict[str, Any] = {"x-token-scope": scope.value}
    if not is_reading:
        extra["parameters"] = [KEY_PARAMETER]
    if body is not None:
        extra["requestBody"] = {"content": {"application/json": {"example": example_of(body)}}}
    if answer is None:
        extra["responses"] = {status: {"content": {FILE: {"schema": {"type": "string", "format": "binary"}}}}}
    return router.api_operation(
        [method],
        path,
        auth=PersonalToken(scope),
        response={status: answer, **refusals},
        operation_id=name,
        url_name=name,
        summary=summary,
        description=f"{about}\n\n{english}\n\n令牌权限 Token scope: `{scope.value}`",
        openapi_extra=extra,
    )
