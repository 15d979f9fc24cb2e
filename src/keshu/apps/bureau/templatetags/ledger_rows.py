"""The cells of a ledger row, written in Python: a hundred rows of eight columns are too many for the template language."""

from __future__ import annotations

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from keshu.apps.bureau.queries.ledger.cells import Cell
from keshu.apps.bureau.queries.ledger.page import LedgerRow
from keshu.apps.bureau.templatetags.ui import state

register = template.Library()


@register.simple_tag
def ledger_cells(row: LedgerRow) -> SafeString:
    """A cell for each column shown; the first is the row's head."""
    return mark_safe("".join(_cell(cell, is_first=number == 0) for number, cell in enumerate(row.cells)))


def _cell(cell: Cell, *, is_first: bool) -> str:
    column = cell.column
    classes = f"cell--{column.kind}{' cell--first' if is_first else ''}"
    classes += f"{' cell--wrap' if column.wrap else ''}{' cell--empty' if cell.is_empty else ''}"
    inner: str = state(cell.mark) if cell.mark is not None else escape(cell.text)
    if cell.href:
        inner = f'<a href="{escape(cell.href)}">{inner}</a>'
    if column.wrap:
        inner = f'<span class="cell__text">{inner}</span>'
    opening, closing = ('th scope="row"', "th") if is_first else ("td", "td")
    return f'<{opening} class="{classes}" title="{escape(cell.hover or cell.text)}">{inner}</{closing}>'
