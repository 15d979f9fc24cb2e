"""接口说明: the API described for people, written out of the same description that programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from json import dumps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from keshu.site.api_schema import document

KINDS = {
    "integer": "整数", "number": "数", "string": "文字", "boolean": "是或否", "array": "列表", "object": "对象", "null": "空",
}  # fmt: skip
FORMATS = {"date": "日期", "date-time": "时间"}
# An answer that is a file has no fields.
FILE: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A parameter, or a field of a body or an answer; ``depth`` counts the shapes it stands in."""

    name: str
    kind: str
    is_required: bool
    said: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class OperationCard:
    """One operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    chinese: str
    english: str
    scope: str
    parameters: tuple[FieldLine, ...]
    body: tuple[FieldLine, ...]
    body_example: str
    answer: tuple[FieldLine, ...]
    statuses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Noun:
    """The operations of one noun."""

    title: str
    anchor: str
    operations: tuple[OperationCard, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation by noun, with its parameters, body, answer and statuses."""
    context = {"title": "接口说明", "nouns": nouns(), "about": document()["info"], "rate": settings.API_RATE}
    return render(request, "api_reference.html", context)


@cache
def nouns() -> tuple[Noun, ...]:
    found: dict[str, list[OperationCard]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_card(path, method, operation))
    return tuple(Noun(title, f"noun-{number}", tuple(cards)) for number, (title, cards) in enumerate(found.items(), 1))


def _card(path: str, method: str, operation: dict[str, Any]) -> OperationCard:
    chinese, english, _ = operation["description"].split("\n\n")
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = operation["responses"]
    good = next(answers[status] for status in ("200", "201") if status in answers)
    example = content.get("example")
    return OperationCard(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        chinese=chinese,
        english=english,
        scope=operation["x-token-scope"],
        parameters=tuple(_parameter(each) for each in operation.get("parameters", ())),
        body=tuple(_lines(content.get("schema", {}))),
        body_example=dumps(example, ensure_ascii=False, indent=2) if example else "",
        answer=tuple(_lines(good["content"].get("application/json", {}).get("schema", FILE))),
        statuses=tuple((status, each["description"]) for status, each in answers.items()),
    )


def _parameter(each: dict[str, Any]) -> FieldLine:
    place = {"path": "地址中，", "header": "请求头，"}.get(each["in"], "")
    kind = f"{place}{_kind(each['schema'])}"
    return FieldLine(each["name"], kind, bool(each.get("required")), each.get("description", ""))


def _lines(schema: dict[str, Any], depth: int = 0) -> Iterator[FieldLine]:
    """The fields of a shape; those of a shape within follow it, set in."""
    shape = _shape(schema)
    required = shape.get("required", ())
    for name, field in shape.get("properties", {}).items():
        yield FieldLine(name, _kind(field), name in required, _said(field), depth)
        yield from _lines(_inner(field), depth + 1)


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def _inner(field: dict[str, Any]) -> dict[str, Any]:
    """The shape within a field: of it, of the rows of a list, or of what it is where it is not empty."""
    parts = [field, field.get("items", {}), *field.get("anyOf", ())]
    return next((each for each in parts if "properties" in _shape(each)), {})


def _said(field: dict[str, Any]) -> str:
    said: str = field.get("description", "")
    return said


def _kind(schema: dict[str, Any]) -> str:
    shape = _shape(schema)
    if "enum" in shape:
        return "、".join(str(each) for each in shape["enum"])
    if "anyOf" in shape:
        return " 或 ".join(dict.fromkeys(_kind(each) for each in shape["anyOf"]))
    if shape.get("type") == "array":
        return f"{_kind(shape.get('items', {}))}（可多个）"
    if "const" in shape:
        return str(shape["const"])
    return FORMATS.get(shape.get("format", ""), KINDS.get(shape.get("type", ""), ""))
