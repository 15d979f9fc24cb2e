"""The state of a ledger as its address holds it: parsed calmly, written back canonically."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from keshu.apps.bureau.queries.ledger.declarations import SIZES, DateRange, Filter, FilterKind, Ledger

_TEXT_LIMIT = 100
_PAGE_LIMIT = 1_000_000
_YES_NO = {"1": True, "0": False}

FilterValue = str | tuple[str, ...] | bool | DateRange


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What the address asks for. Every value is known to the ledger; anything else was dropped on the way in."""

    q: str = ""
    filters: Mapping[str, FilterValue] = field(default_factory=dict)
    sort: str = ""
    columns: tuple[str, ...] = ()
    compact: bool = False
    size: int = 20
    page: int = 1
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.filters)

    def without(self, key: str, value: str = "") -> LedgerState:
        """This state with one filter less, or with one value of a multiple filter less; back on page 1."""
        filters = dict(self.filters)
        held = filters.pop(key, None)
        if value and isinstance(held, tuple) and (rest := tuple(v for v in held if v != value)):
            filters[key] = rest
        return replace(self, filters=filters, page=1)

    def pairs(self, ledger: Ledger) -> list[tuple[str, str]]:
        """The parameters of the address; what is at its default is left out, so that one view has one address."""
        pairs = list(self.kept.items())
        if self.q:
            pairs.append(("q", self.q))
        for key, value in self.filters.items():
            pairs.extend(_written(key, value))
        if self.sort and self.sort != ledger.order:
            pairs.append(("sort", self.sort))
        if self.columns != default_columns(ledger):
            pairs.append(("columns", ",".join(self.columns)))
        if self.compact:
            pairs.append(("density", "compact"))
        if self.size != ledger.size:
            pairs.append(("size", str(self.size)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def query(self, ledger: Ledger) -> str:
        return urlencode(self.pairs(ledger), safe=",")


def default_columns(ledger: Ledger) -> tuple[str, ...]:
    return tuple(c.key for c in ledger.columns if c.default)


def parse_state(ledger: Ledger, query: Mapping[str, Any]) -> LedgerState:
    """Read the address. Unknown parameters and values are ignored, numbers are bounded; nothing here raises."""
    return LedgerState(
        q=_first(query, "q").strip()[:_TEXT_LIMIT],
        filters={f.key: value for f in ledger.filters if (value := _filter_value(f, query)) is not None},
        sort=_sort(ledger, _first(query, "sort")),
        columns=_columns(ledger, _all(query, "columns")),
        compact=_first(query, "density") == "compact",
        size=_bounded(_first(query, "size"), allowed=SIZES, default=ledger.size),
        page=_page_number(_first(query, "page")),
        kept={key: value for key in ledger.keep if (value := _first(query, key)[:_TEXT_LIMIT])},
    )


def _all(query: Mapping[str, Any], key: str) -> list[str]:
    """Every value under `key`, of a QueryDict or of a plain mapping to str or to a sequence of str."""
    if hasattr(query, "getlist"):
        held: Any = query.getlist(key)
    else:
        held = query.get(key, ())
    values = [held] if isinstance(held, str) else list(held) if isinstance(held, Sequence) else []
    # NUL cannot be stored or compared by PostgreSQL, and lone surrogates cannot be written in UTF-8.
    return [v.replace("\x00", "").encode("utf-8", "ignore").decode() for v in values if isinstance(v, str)]


def _first(query: Mapping[str, Any], key: str) -> str:
    values = _all(query, key)
    return values[-1] if values else ""


def _filter_value(declared: Filter, query: Mapping[str, Any]) -> FilterValue | None:
    known = {key for key, _ in declared.choices}
    if declared.kind == FilterKind.DATE_RANGE:
        span = DateRange(_day(_first(query, f"{declared.key}_from")), _day(_first(query, f"{declared.key}_until")))
        return span if span != DateRange() else None
    if declared.kind == FilterKind.MULTI:
        asked = [part for value in _all(query, declared.key) for part in value.split(",")]
        return tuple(key for key, _ in declared.choices if key in asked) or None
    value = _first(query, declared.key).strip()
    if declared.kind == FilterKind.BOOL:
        return _YES_NO.get(value)
    if declared.kind == FilterKind.TEXT:
        return value[:_TEXT_LIMIT] or None
    return value if value in known else None


def _written(key: str, value: FilterValue) -> list[tuple[str, str]]:
    if isinstance(value, bool):
        return [(key, "1" if value else "0")]
    if isinstance(value, DateRange):
        ends = ((f"{key}_from", value.first), (f"{key}_until", value.last))
        return [(name, end.isoformat()) for name, end in ends if end]
    if isinstance(value, tuple):
        return [(key, v) for v in value]
    return [(key, value)]


def _sort(ledger: Ledger, asked: str) -> str:
    column = ledger.column(asked.removeprefix("-"))
    return asked if column is not None and column.is_sortable else ledger.order


def _columns(ledger: Ledger, asked: list[str]) -> tuple[str, ...]:
    """The columns asked for, in declared order. The first column always stays: it is what a row is known by."""
    wanted = {part for value in asked for part in value.split(",")}
    chosen = tuple(c.key for i, c in enumerate(ledger.columns) if c.key in wanted or (i == 0 and wanted))
    return chosen if wanted & {c.key for c in ledger.columns} else default_columns(ledger)


def _bounded(text: str, *, allowed: Sequence[int], default: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default
    return number if number in allowed else default


def _page_number(text: str) -> int:
    """At least 1; far too large a number becomes the limit, which the page then lowers to the last page there is."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:12]), _PAGE_LIMIT))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
