"""The rehearsal: the ledger's own services try every change of a workbook, and each cell they refuse is told. Nothing is saved.

A service stops at the first thing it refuses. What it refused is put down, put back as it was, and the rest of the row is tried
again, until nothing more is refused: a person mends a row once, not cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from keshu.apps.bureau.services.exchange.comparing import CheckedRow, RowState
from keshu.apps.bureau.services.exchange.declarations import Do, RoundTrip, RowChange, Sitting, Task, Tell
from keshu.apps.bureau.services.exchange.values import blank
from keshu.apps.bureau.services.refusals import Refused, Unacceptable

WORD = 20  # rows between two words on the progress, where each row takes its time


class _Rehearsed(Exception):
    """Ends a rehearsal: nothing of it is saved."""


def rehearse(
    rows: Sequence[CheckedRow], *, round_trip: RoundTrip, sitting: Sitting, at: datetime, why: str, tell: Tell
) -> None:
    """Let the ledger's services try every change, and put down at its cell what they refuse. Nothing is saved.

    `tell` is called within the ledger's transaction.
    """
    wanted = [(row, change) for row in rows if (change := row.change or row.trial) is not None]
    if not wanted:
        return
    task = Task(tuple(change for _, change in wanted), at=at, why=why, tell=tell)
    with suppress(_Rehearsed), sitting.working(task) as do:
        for done, (row, change) in enumerate(wanted):
            if done % WORD == 0:
                tell(done, len(wanted), f"正在试办第 {done + 1} 项改动，共 {len(wanted)} 项")
            _try(row, change, do=do, round_trip=round_trip)
        raise _Rehearsed
    for row, _ in wanted:
        row.trial = None
        if row.faults:
            row.state, row.change = RowState.FAULTY, None


def _try(row: CheckedRow, change: RowChange, *, do: Do, round_trip: RoundTrip) -> None:
    """Until nothing more is refused. Once something was put back, only what was entered elsewhere counts as wrong."""
    told: set[str | None] = {fault.key for fault in row.faults}
    while change.is_new or change.changed:
        try:
            do(change)
        except (Unacceptable, Refused) as refusal:
            is_whole, known = not told, len(row.faults)
            for each in (refusal, *getattr(refusal, "others", ())):
                field = round_trip.field(getattr(each, "field", None) or "")
                key = None if field is None else field.key
                if key not in told and (is_whole or key is None or key in change.changed):
                    row.fault(each.message, field)
                    told.add(key)
            if len(row.faults) == known or None in told:
                return
            change = _without(change, told, round_trip=round_trip)
        else:
            return


def _without(change: RowChange, told: set[str | None], *, round_trip: RoundTrip) -> RowChange:
    """The change with those columns as they were; of a new row, empty."""
    values = dict(change.values)
    for field in round_trip.fields:
        if field.key in told:
            values[field.key] = blank(field) if change.current is None else change.current.values[field.key]
    return replace(change, values=values, changed=change.changed - told)


def changes_of(rows: Sequence[CheckedRow]) -> Iterator[RowChange]:
    return (row.change for row in rows if row.change is not None)
