"""Excel both ways: workbooks an office would keep, and ledgers that are filled in there and read back.

A ledger that takes part declares a :class:`RoundTrip` in its own app's services; template, workbook to fill in, dry run, marked
copy, confirmation and the pages follow from the declaration. ``writing`` is the one writer of workbooks.
"""

from keshu.apps.bureau.services.exchange.declarations import (
    Access,
    CurrentRow,
    Do,
    Field,
    FieldKind,
    FollowUp,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    declared_round_trips,
    register,
    round_trip_named,
)
from keshu.apps.bureau.services.exchange.writing import (
    MARK,
    Align,
    Sheet,
    SheetColumn,
    SheetRow,
    ledger_sheet,
    write_workbook,
)

__all__ = [
    "MARK", "Access", "Align", "CurrentRow", "Do", "Field", "FieldKind", "FollowUp", "RoundTrip", "RowChange", "Sheet",
    "SheetColumn", "SheetRow", "Sitting", "Task", "declared_round_trips", "ledger_sheet", "register", "round_trip_named",
    "write_workbook",
]  # fmt: skip
