"""A ledger on paper: every row of the present filter, not the page on screen, with the filter in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from keshu.apps.bureau.queries.ledger.cells import cell
from keshu.apps.bureau.queries.ledger.declarations import Column, Ledger
from keshu.apps.bureau.queries.ledger.narrowing import in_order, narrowed, prepared
from keshu.apps.bureau.queries.ledger.page import LedgerRow, conditions
from keshu.apps.bureau.queries.ledger.state import LedgerState, parse_state

MOST_PRINTED = 2_000  # a hundred sheets of paper
NUMBER_WIDTH = 48  # px, of the column of running numbers
CHARACTER = 7  # px, half a Chinese character
LINES, WIDEST = 4, 5  # a long text takes about so many lines, in a column so many times as wide as on screen at most


@dataclass(frozen=True, slots=True)
class PrintedLedger:
    """What ``components/ledger_print.html`` shows. `columns` are headings with their share of the width in per cent.

    `total` counts the rows found; where they are more than `rows` holds, the paper says so.
    """

    noun: str
    columns: tuple[tuple[Column, float], ...]
    rows: tuple[LedgerRow, ...]
    total: int
    conditions: tuple[str, ...]
    order: str
    number_share: float

    @property
    def is_cut(self) -> bool:
        return self.left > 0

    @property
    def left(self) -> int:
        """How many of the rows found are not on the paper."""
        return self.total - len(self.rows)


def printed_ledger(ledger: Ledger, queryset: QuerySet[Any], query: Mapping[str, Any]) -> PrintedLedger:
    """The first `MOST_PRINTED` rows that the address finds. `queryset` must already be ``visible_to`` the reader."""
    state = parse_state(ledger, query)
    shown = [column for column in ledger.columns if column.key in state.columns]
    found = narrowed(ledger, queryset, state)
    held = prepared(ledger, list(in_order(ledger, found, state)[:MOST_PRINTED]))
    rows = tuple(_row(shown, row) for row in held)
    widths = [_width(column, [row.cells[place].text for row in rows]) for place, column in enumerate(shown)]
    width = sum(widths) + NUMBER_WIDTH
    total = len(rows) if len(rows) < MOST_PRINTED else found.count()
    return PrintedLedger(
        noun=ledger.noun,
        columns=tuple((column, round(own / width * 100, 2)) for column, own in zip(shown, widths, strict=True)),
        rows=rows,
        total=total,
        conditions=tuple(f"{label}：{word}" for label, word in conditions(ledger, state)),
        order=_order(ledger, state),
        number_share=round(NUMBER_WIDTH / width * 100, 2),
    )


def _width(column: Column, texts: list[str]) -> float:
    """As on screen, where long texts are cut; paper shows them whole, so that their columns are given more of it."""
    if not column.wrap or not texts:
        return column.width
    mean = sum(len(text.encode("gbk", "replace")) for text in texts) * CHARACTER / len(texts)
    return max(column.width, min(mean / LINES, column.width * WIDEST))


def _row(shown: list[Column], row: Any) -> LedgerRow:
    """Paper follows no links."""
    cells = tuple(replace(cell(column, row), href="") for column in shown)
    return LedgerRow(pk=None, cells=cells, drawer="", page="", name="")


def _order(ledger: Ledger, state: LedgerState) -> str:
    """按截止日期从大到小; empty for the ledger's own order."""
    if not state.sort or state.sort == ledger.order:
        return ""
    column = next((each for each in ledger.columns if each.key == state.sort.removeprefix("-")), None)
    if column is None:
        return ""
    return f"按{column.label}{'从大到小' if state.sort.startswith('-') else '从小到大'}"
