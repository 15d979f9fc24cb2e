"""The API described for programs (OpenAPI), completed where the framework leaves gaps."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from keshu.site.api import PROBLEM, TITLES, WORDS, api, problem

PREFIX = "api/v1/"
SAID = {
    200: "办理完成 OK",
    201: "已新建 Created",
    304: "没有变化（与 If-None-Match 相同）Not modified",
    400: "请求的内容不是完整的 JSON Malformed JSON",
    401: "没有令牌，或令牌无效 No valid token",
    403: "没有权限，理由见 detail Refused",
    404: "没有这一条，或者您不能查看 Not found, or not yours to see",
    409: "读到以后已被他人修改 Changed meanwhile",
    413: "请求的内容太大 Too large",
    415: "请求的内容不是 JSON Not JSON",
    422: "内容不能接受，逐项见 errors Not acceptable",
    429: "请求太频繁，Retry-After 给出秒数 Too many requests",
}
ETAG = {"ETag": {"description": "内容的摘要。Hash of the content.", "schema": {"type": "string"}}}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "上次的 ETag；没有变化就答复 304。The last ETag.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
}
RETRY_AFTER = {"Retry-After": {"description": "要等的秒数。Seconds to wait.", "schema": {"type": "integer"}}}


@cache
def document() -> dict[str, Any]:
    """The whole description; the same for everybody, since it holds no rows."""
    made = api.get_openapi_schema(path_prefix=PREFIX)
    described: dict[str, Any] = {**made}
    for methods in described["paths"].values():
        for method, operation in methods.items():
            _complete(operation, is_reading=method == "get")
    schemes = described["components"]["securitySchemes"]
    schemes["PersonalToken"]["description"] = "个人设置—个人令牌生成的令牌。A personal token."
    return described


def _complete(operation: dict[str, Any], *, is_reading: bool) -> None:
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status, answer in answers.items():
        answer["description"] = SAID[int(status)]
        if int(status) >= 400:
            answer["content"] = {PROBLEM: _problem_content(answer, int(status))}
        elif is_reading:
            answer["headers"] = ETAG
    answers["429"]["headers"] = RETRY_AFTER
    if is_reading:
        answers["304"] = {"description": SAID[304], "headers": ETAG}
        operation["parameters"] = [*operation["parameters"], IF_NONE_MATCH]
    operation["responses"] = dict(sorted(answers.items()))


def _problem_content(answer: dict[str, Any], status: int) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(answer["content"].values()))
    said = WORDS.get(status, "理由写在这里。")
    example = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": said, "errors": []}
    return {**content, "example": example}


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON, for programs that make clients of it."""
    response = JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=300"
    return response


@login_not_required
@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below the API."""
    return problem(404, "没有这个接口，请查看接口说明。")
