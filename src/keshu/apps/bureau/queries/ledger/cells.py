"""From a row and a column to what stands in the cell, on screen and in Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from keshu.apps.bureau.queries.ledger.declarations import Column, ColumnKind, Mark

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, ready to be written out; `mark` is set in a state column."""

    column: Column
    text: str
    href: str = ""
    hover: str = ""
    mark: Mark | None = None

    @property
    def is_empty(self) -> bool:
        return self.text == NOTHING


def cell_value(column: Column, row: Any) -> Any:
    """The raw value: by the column's own function, else by walking its key; None where a relation is missing."""
    if column.value is not None:
        return column.value(row)
    value = row
    for name in column.key.split("__"):
        if value is None:
            return None
        try:
            value = value[name] if isinstance(value, dict) else getattr(value, name)
        except ObjectDoesNotExist:
            return None
    return value


def cell(column: Column, row: Any) -> Cell:
    value = cell_value(column, row)
    href = column.link(row) if column.link is not None and value not in (None, "") else ""
    hover = column.hover(row) if column.hover is not None else ""
    if column.kind == ColumnKind.STATE and value not in (None, ""):
        mark = _mark(column, value)
        return Cell(column=column, text=mark.word, href=href, hover=hover, mark=mark)
    return Cell(column=column, text=written(value, places=column.places), href=href, hover=hover)


def export_value(column: Column, row: Any) -> str | int | float | Decimal | date | None:
    """A value that a worksheet can hold: numbers and dates stay what they are, states become their word."""
    value = column.export(row) if column.export is not None else cell_value(column, row)
    if column.kind == ColumnKind.STATE and column.export is None and value not in (None, ""):
        return _mark(column, value).word
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, bool):
        return written(value)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def written(value: Any, *, places: int | None = None) -> str:
    """A value as the tables write it: 2026-03-05, 1,234.5 (with `places`: 1,234.50), 是; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        if places is not None:
            return f"{value:,.{places}f}"
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _mark(column: Column, value: Any) -> Mark:
    if isinstance(value, Mark):
        return value
    return column.marks.get(value) or column.marks.get(str(value)) or Mark(word=written(value))
