"""The ledger (台账): declare columns, filters and figures once; the address then decides which page of rows is shown.

A page view calls :func:`read_ledger` with a queryset that is already ``visible_to`` its reader and hands the resulting
:class:`LedgerPage` to ``components/ledger.html``. :func:`export_rows` gives the same rows, all pages of them, for Excel and
CSV, and :func:`selected_rows` those that a bulk action was asked for.
"""

from keshu.apps.bureau.queries.ledger.declarations import (
    BulkAction,
    Column,
    ColumnKind,
    DateRange,
    Figure,
    Filter,
    FilterKind,
    Ledger,
    Mark,
    Tone,
)
from keshu.apps.bureau.queries.ledger.exports import ExportColumn, LedgerExport, csv_lines, export_rows
from keshu.apps.bureau.queries.ledger.narrowing import in_order, narrowed, prepared, rows_between, selected_rows
from keshu.apps.bureau.queries.ledger.page import LedgerPage, read_ledger
from keshu.apps.bureau.queries.ledger.printing import PrintedLedger, printed_ledger
from keshu.apps.bureau.queries.ledger.state import LedgerState, parse_state

__all__ = [
    "BulkAction", "Column", "ColumnKind", "DateRange", "ExportColumn", "Figure", "Filter", "FilterKind", "Ledger",
    "LedgerExport", "LedgerPage", "LedgerState", "Mark", "PrintedLedger", "Tone", "csv_lines", "export_rows", "in_order",
    "narrowed", "parse_state", "prepared", "printed_ledger", "read_ledger", "rows_between", "selected_rows",
]  # fmt: skip
