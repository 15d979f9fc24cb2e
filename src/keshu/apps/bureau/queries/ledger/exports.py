"""A ledger's rows for Excel and CSV: the columns, filters and order of the screen, all pages."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from keshu.apps.bureau.queries.ledger.cells import export_value, written
from keshu.apps.bureau.queries.ledger.declarations import Ledger
from keshu.apps.bureau.queries.ledger.narrowing import in_order, narrowed, prepared
from keshu.apps.bureau.queries.ledger.state import parse_state

_CHUNK = 2000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

ExportValue = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the sheet: its heading with the unit, its kind (a ColumnKind), its width in px, decimals always shown."""

    heading: str
    kind: str
    width: int
    places: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """What a worksheet is written from. `rows` is read once, from the database as it is consumed."""

    columns: tuple[ExportColumn, ...]
    rows: Iterable[tuple[ExportValue, ...]]


def export_rows(ledger: Ledger, queryset: QuerySet[Any], query: Mapping[str, Any]) -> LedgerExport:
    """Exactly what the address shows, over all its pages. `queryset` must already be ``visible_to`` the reader."""
    state = parse_state(ledger, query)
    shown = [c for c in ledger.columns if c.key in state.columns]
    rows = in_order(ledger, narrowed(ledger, queryset, state), state)

    def read() -> Iterator[tuple[ExportValue, ...]]:
        for portion in _portions(rows.iterator(chunk_size=_CHUNK)):
            for row in prepared(ledger, portion):
                yield tuple(export_value(c, row) for c in shown)

    return LedgerExport(
        columns=tuple(ExportColumn(c.heading, c.kind.value, c.width, c.places) for c in shown),
        rows=read(),
    )


def _portions(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while portion := list(islice(rows, _CHUNK)):
        yield portion


class _Line:
    """A file for csv.writer that gives each line back instead of storing it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(export: LedgerExport) -> Iterator[str]:
    """The export as CSV, line by line, opening with the mark by which Excel knows UTF-8; text is never left to be a formula."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([c.heading for c in export.columns])
    for row in export.rows:
        yield writer.writerow([_plain(value, each.places) for value, each in zip(row, export.columns, strict=True)])


def _plain(value: ExportValue, places: int | None) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, Decimal):
        if places is not None:
            return f"{value:.{places}f}"
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date | datetime):
        return written(value)
    return value
