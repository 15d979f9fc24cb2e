"""A list over the API: the rows, filters and orders of the page's ledger, in portions of bounded size.

A page overlooks what it does not know in its address; a program is told, or it would take all rows for those it asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import urlencode

from ninja import Field, Schema
from pydantic import BeforeValidator

from keshu.apps.bureau.queries.ledger import (
    Filter,
    FilterKind,
    Ledger,
    in_order,
    narrowed,
    parse_state,
    prepared,
    rows_between,
)
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.services.rest.access import ApiRequest

MOST_ROWS = 200
FARTHEST = 1_000_000
T = TypeVar("T")


def _parts(value: Any) -> Any:
    """a,b as two values, as in the addresses of pages."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list):
        return given
    return [part for each in given for part in (each.split(",") if isinstance(each, str) else [each])]


Several = Annotated[list[T], BeforeValidator(_parts)]


class Asked(Schema):
    """What every list can be asked for."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description=f"最多返回多少条，不超过 {MOST_ROWS}。At most so many rows.")
    offset: int = Field(0, ge=0, le=FARTHEST, description="跳过多少条。Rows to skip.")
    q: str = Field(
        "", max_length=200, description="查找的词，空格隔开的每个词都要出现；与页面的查找框相同。Words to find."
    )
    sort: str = Field(
        "", max_length=60, description="排序的列，前面加 - 为倒序；列名见下。Column to sort by, - for descending."
    )

    def conditions(self) -> dict[str, Any]:
        """What narrows the rows, as the ledger's address would say it."""
        given = self.model_dump(exclude={"limit", "offset"}, exclude_none=True)
        return {name: _as_address(value) for name, value in given.items() if value not in ("", [])}


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a portion, and what a page of the API says besides."""

    rows: Sequence[Any]
    total: int
    limit: int
    offset: int
    next: str | None

    @property
    def head(self) -> dict[str, Any]:
        return {"total": self.total, "limit": self.limit, "offset": self.offset, "next": self.next}


def listed(
    request: ApiRequest, ledger: Ledger, rows: QuerySet[Any], asked: Asked, *, apart: Collection[str] = ()
) -> Found:
    """The portion asked for. `rows` must already be ``visible_to`` the person. Unacceptable: unknown conditions or columns.

    A filter's value that no row has (an office without any) finds nothing. `apart` are conditions that chose the rows before.
    """
    _check_names(request, asked)
    conditions = {name: value for name, value in asked.conditions().items() if name not in apart}
    _check_sort(ledger, asked.sort)
    keys = {name: each.key for each in ledger.filters for name in _names_of(each)}
    if strange := [name for name in conditions if name not in keys and name not in ("q", "sort")]:
        raise Unacceptable(f"这里的行没有“{strange[0]}”这一项，不能按它筛选。", field=strange[0])
    state = parse_state(ledger, conditions)
    found = narrowed(ledger, rows, state)
    if any(key not in state.filters for name, key in keys.items() if name in conditions):
        found = rows.none()
    total = found.count()
    shown = rows_between(in_order(ledger, found, state), start=asked.offset, size=asked.limit) if total else []
    ready = prepared(ledger, shown) if shown else ()
    return Found(ready, total, asked.limit, asked.offset, _next(request, asked, total))


def _as_address(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return [_as_address(each) for each in value]
    return str(value.value if isinstance(value, Enum) else value)


def _names_of(declared: Filter) -> tuple[str, ...]:
    """The parameters that a filter is given by."""
    key = declared.key
    return (f"{key}_from", f"{key}_until") if declared.kind == FilterKind.DATE_RANGE else (key,)


def _check_names(request: ApiRequest, asked: Asked) -> None:
    known = type(asked).model_fields
    for name in request.GET:
        if name not in known:
            raise Unacceptable(f"没有“{name[:40]}”这个参数，可用的有：{'、'.join(known)}。", field=name[:40])


def _check_sort(ledger: Ledger, sort: str) -> None:
    column = ledger.column(sort.removeprefix("-"))
    if sort and (column is None or not column.is_sortable):
        raise Unacceptable(f"不能按“{sort}”排序，可用的列有：{'、'.join(sortable(ledger))}。", field="sort")


def sortable(ledger: Ledger) -> tuple[str, ...]:
    """The columns one may sort by."""
    return tuple(column.key for column in ledger.columns if column.is_sortable)


def _next(request: ApiRequest, asked: Asked, total: int) -> str | None:
    start = asked.offset + asked.limit
    if start >= total or start > FARTHEST:
        return None
    pairs = [
        (name, value) for name, values in request.GET.lists() for value in values if name not in ("limit", "offset")
    ]
    return f"{request.path}?{urlencode([*pairs, ('limit', asked.limit), ('offset', start)])}"
