"""Which rows a view of a ledger holds, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import parse_qs

from django.db.models import Count, Q, QuerySet

from keshu.apps.bureau.queries.ledger.declarations import DateRange, Filter, FilterKind, Ledger
from keshu.apps.bureau.queries.ledger.state import FilterValue, LedgerState, parse_state

_LARGEST_ID = 2**63 - 1


def selected_rows(ledger: Ledger, queryset: QuerySet[Any], data: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows a bulk action was asked for: those ticked, or all that the view found when “全部” was chosen."""
    ids = data.getlist("ids") if hasattr(data, "getlist") else data.get("ids", [])
    if data.get("everything") == "1":
        state = parse_state(ledger, parse_qs(str(data.get("query", ""))))
        return in_order(ledger, narrowed(ledger, queryset, state), state)
    keys = {int(i) for i in ids if str(i).isascii() and str(i).isdigit() and len(str(i)) < 20}
    return queryset.filter(pk__in=[k for k in keys if k <= _LARGEST_ID])


def narrowed(ledger: Ledger, queryset: QuerySet[Any], state: LedgerState) -> QuerySet[Any]:
    """The rows that every condition of the address admits; each word of the search must occur in some searched field."""
    for declared in ledger.filters:
        if (value := state.filters.get(declared.key)) is not None:
            queryset = _filtered(declared, queryset, value)
    if ledger.search:
        for term in state.q.split():
            queryset = queryset.filter(reduce(or_, (_holding(term, each) for each in ledger.search)))
    return queryset


def _holding(term: str, searched: str | Callable[[str], Q]) -> Q:
    return Q(**{f"{searched}__icontains": term}) if isinstance(searched, str) else searched(term)


def in_order(ledger: Ledger, queryset: QuerySet[Any], state: LedgerState) -> QuerySet[Any]:
    """Sorted as asked, empty values last, ties by key so that pages never overlap."""
    column = ledger.column(state.sort.removeprefix("-")) if state.sort else None
    if column is None or not column.is_sortable:
        return queryset if queryset.ordered else queryset.order_by("pk")
    keys = column.sort_keys(queryset)
    if state.sort.startswith("-"):
        return queryset.order_by(*(key.desc(nulls_last=True) for key in keys), "-pk")
    return queryset.order_by(*(key.asc(nulls_last=True) for key in keys), "pk")


def _filtered(declared: Filter, queryset: QuerySet[Any], value: FilterValue) -> QuerySet[Any]:
    if declared.apply is not None:
        return declared.apply(queryset, value)
    if isinstance(value, DateRange):
        if value.first:
            queryset = queryset.filter(**{f"{declared.field}__gte": value.first})
        return queryset.filter(**{f"{declared.field}__lte": value.last}) if value.last else queryset
    if isinstance(value, tuple):
        return queryset.filter(**{f"{declared.field}__in": value})
    lookup = f"{declared.field}__icontains" if declared.kind == FilterKind.TEXT else declared.field
    return queryset.filter(**{lookup: value})


def counts(ledger: Ledger, queryset: QuerySet[Any]) -> dict[str, int]:
    """The whole and every figure, in one query."""
    asked = {f"figure_{i}": Count("pk", filter=f.where) for i, f in enumerate(ledger.figures)}
    return queryset.order_by().aggregate(everything=Count("pk"), **asked)


def page_rows(ordered: QuerySet[Any], state: LedgerState) -> list[Any]:
    """The rows of one page."""
    return rows_between(ordered, start=(state.page - 1) * state.size, size=state.size)


def rows_between(ordered: QuerySet[Any], *, start: int, size: int) -> list[Any]:
    """So many rows from there on.

    What the queryset computes for each row (an annotation) is computed for the rows shown only: taken along through the sort
    it would be computed for all ten thousand.
    """
    if not ordered.query.annotations:
        return list(ordered[start : start + size])
    keys = list(ordered.values_list("pk", flat=True)[start : start + size])
    by_key = {row["pk"] if isinstance(row, dict) else row.pk: row for row in ordered.order_by().filter(pk__in=keys)}
    return [by_key[key] for key in keys if key in by_key]


def prepared(ledger: Ledger, rows: list[Any]) -> Sequence[Any]:
    """The rows about to be shown, with what the ledger looks up for all of them at once."""
    return ledger.prepare(rows) if ledger.prepare is not None else rows
