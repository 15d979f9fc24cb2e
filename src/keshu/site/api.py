"""The root of the API (数据接口) at /api/v1/: the routers of every app, and refusals as problems in Chinese (RFC 9457)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from keshu.apps.briefings import api as briefings_api
from keshu.apps.bureau import api as bureau_api
from keshu.apps.bureau.services import Refused, Unacceptable, rest
from keshu.apps.plans import api as plans_api
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.kernel.text import sound

VERSION = "1"
PROBLEM = "application/problem+json"
LONGEST_BODY = 1024 * 1024
TITLES = {
    400: "请求有误",
    401: "没有有效的令牌",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "已被他人修改",
    413: "内容太大",
    415: "内容类型不对",
    422: "内容不能接受",
    429: "请求太频繁",
    500: "系统出错",
    503: "系统繁忙",
}
WORDS = {
    400: "请求的内容不是完整的 JSON，请检查后重新发送。",
    404: "没有这一条，或者您不能查看。",
    405: "这个地址不支持这种请求方式，请查看接口说明。",
    413: f"请求的内容超过 {LONGEST_BODY // 1024} KB，请缩短后重新发送。",
    415: "请求的内容应为 JSON，请加上请求头 Content-Type: application/json。",
    500: "系统出错，没有办理。请稍后再试，仍有问题请联系系统管理员。",
}


class BodyRefused(Exception):
    """The body cannot be read: not JSON (400), too large (413), of another type (415)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SoundJson(Parser):
    """JSON of bounded size, without what no database holds as text."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise BodyRefused(415)
        if len(request.body) > LONGEST_BODY:
            raise BodyRefused(413)
        try:
            return _sound(json.loads(request.body))
        except (ValueError, RecursionError):
            raise BodyRefused(400) from None


class PlainChinese(JSONRenderer):
    """Chinese is written as it is, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """With an ETag on whatever is read; 304 for those who have it."""

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization"
        if request.method != "GET" or response.status_code != 200:
            return response
        tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if rest.unchanged(request, tag):
            response = HttpResponse(status=304)
            response["Cache-Control"], response["Vary"] = "private, no-cache", "Authorization"
        response["ETag"] = tag
        return response


api = Api(
    title="科枢数据接口 Keshu API",
    version=VERSION,
    urls_namespace="api",
    docs=Swagger(),
    docs_url=None,
    openapi_url=None,
    parser=SoundJson(),
    renderer=PlainChinese(),
    description=(
        "其他程序用它读取和办理您权限内的事项。范围、规则和拒绝的理由与页面相同，办理记录记在令牌所属的人名下。\n\n"
        "Programs read and act for a person by a personal token (个人设置—个人令牌), within the same scope and rules as the "
        "pages. Refusals are problem details (RFC 9457) in Chinese."
    ),
)
for router in (bureau_api.router, *plans_api.routers, *briefings_api.routers, bureau_api.files):
    api.add_router("", router)


def problem(status: int, detail: str = "", errors: Iterable[tuple[str | None, str]] = ()) -> HttpResponse:
    """A refusal."""
    told = rest.Problem(
        type="about:blank",
        title=TITLES.get(status, "请求没有办理"),
        status=status,
        detail=detail or WORDS.get(status, "请求没有办理。"),
        errors=[rest.Fault(field=field, message=message) for field, message in errors],
    )
    body = json.dumps(told.model_dump(), ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=PROBLEM)
    response["Cache-Control"] = "no-store"
    return response


def _handles(error: type[Exception]) -> Callable[[Callable[[HttpRequest, Any], HttpResponse]], None]:
    return lambda handler: api.add_exception_handler(error, handler)


@_handles(rest.NotAdmitted)
def not_admitted(request: HttpRequest, refusal: rest.NotAdmitted) -> HttpResponse:
    response = problem(401, refusal.message)
    response["WWW-Authenticate"] = 'Bearer realm="keshu"'
    return response


@_handles(rest.TooManyRequests)
def too_many(request: HttpRequest, refusal: rest.TooManyRequests) -> HttpResponse:
    response = problem(429, f"这个令牌请求得太频繁，请 {refusal.wait} 秒后再试。")
    response["Retry-After"] = str(refusal.wait)
    return response


@_handles(PermissionDenied)
def refused(request: HttpRequest, refusal: PermissionDenied) -> HttpResponse:
    return problem(403, refusal.message if isinstance(refusal, Refused) else "您不能这样办理。")


@_handles(Http404)
def not_found(request: HttpRequest, refusal: Http404) -> HttpResponse:
    return problem(404)


@_handles(Unacceptable)
def unacceptable(request: HttpRequest, refusal: Unacceptable) -> HttpResponse:
    if isinstance(refusal, ChangedMeanwhile):
        return problem(409, refusal.message)
    faults = [(each.field, each.message) for each in (refusal, *refusal.others)]
    return problem(422, refusal.message, faults)


@_handles(BodyRefused)
def body_refused(request: HttpRequest, refusal: BodyRefused) -> HttpResponse:
    return problem(refusal.status)


@_handles(HttpError)
def http_error(request: HttpRequest, refusal: HttpError) -> HttpResponse:
    """The framework's own, in our words; what our parser found is its cause."""
    cause = refusal.__cause__
    return problem(cause.status if isinstance(cause, BodyRefused) else refusal.status_code)


@_handles(SuspiciousOperation)
def suspicious(request: HttpRequest, refusal: SuspiciousOperation) -> HttpResponse:
    return problem(413 if isinstance(refusal, RequestDataTooBig) else 400)


@_handles(ValidationError)
def malformed(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    """What does not have the declared shape, field by field."""
    faults = [(_field_of(each["loc"]), _said(each)) for each in refusal.errors]
    return problem(422, faults[0][1] if len(faults) == 1 else f"有 {len(faults)} 处不能接受，见 errors。", faults)


def _field_of(loc: tuple[Any, ...]) -> str | None:
    """Where in the request: without the part of the request and the name of our own argument."""
    names = [str(part) for part in loc[1:] if part not in ("given", "asked")]
    return ".".join(names) or None


def _said(error: dict[str, Any]) -> str:
    """The fault in Chinese; the limits stand in its context."""
    limits = error.get("ctx", {})
    words = {
        "missing": "缺少这一项，请补上。",
        "extra_forbidden": "没有这一项，请检查字段名。",
        "json_invalid": "不是完整的 JSON。",
        "int_parsing": "应为整数。",
        "int_type": "应为整数。",
        "int_from_float": "应为整数。",
        "int_parsing_size": "整数太大。",
        "bool_parsing": "应为 true 或 false。",
        "string_type": "应为文字。",
        "date_from_datetime_parsing": "应为 2026-06-30 这样的日期。",
        "date_parsing": "应为 2026-06-30 这样的日期。",
        "date_type": "应为 2026-06-30 这样的日期。",
        "date_from_datetime_inexact": "应为 2026-06-30 这样的日期，不带时间。",
        "string_too_long": f"最多 {limits.get('max_length')} 字。",
        "string_too_short": "不能为空。",
        "greater_than_equal": f"不能小于 {limits.get('ge')}。",
        "less_than_equal": f"不能大于 {limits.get('le')}。",
        "enum": f"只能是 {str(limits.get('expected', '')).replace(' or ', ', ')} 之一。",
        "literal_error": f"只能是 {str(limits.get('expected', '')).replace(' or ', ', ')} 之一。",
        "model_attributes_type": "应为 JSON 对象。",
        "model_type": "应为 JSON 对象。",
    }
    kind = str(error.get("type", ""))
    if kind.startswith("decimal"):
        return "应为数，整数部分最多 14 位，小数最多 6 位。"
    return words.get(kind, "格式不对，请查看接口说明。")


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, list):
        return [_sound(each) for each in value]
    if isinstance(value, dict):
        return {sound(key): _sound(each) for key, each in value.items()}
    return value


def _patterns() -> list[URLPattern]:
    """The operations' addresses. A token lets in, so the sign-in page has nothing to do with them."""
    found = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in found:
        login_not_required(each.callback)
    return found


urls = (_patterns(), "ninja", "api")
