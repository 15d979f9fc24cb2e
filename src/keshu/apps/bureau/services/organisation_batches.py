"""Many organisations set up and changed at once: checked in memory by the rules of ``services.organisations``, written in bulk.

Looking at the table for each of 20,000 rows would take minutes and hold everybody else up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from keshu.apps.bureau.models import Organisation
from keshu.apps.bureau.permissions import can_manage_organisations
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.organisations import (
    OrganisationFields,
    check_place,
    checked_names,
    checked_position,
    move_organisation,
    next_position,
)
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

PORTION = 2_000


class OrganisationBatch:
    """Planning office and operator (Refused). Each call checks at once (Unacceptable); nothing is written before `carry_out`."""

    def __init__(self, *, by: User, at: datetime, why: str) -> None:
        can_manage_organisations(by)
        self.by, self.at, self.why = by, at, why
        self.rows: dict[int, Organisation] = Organisation.objects.in_bulk()
        self._names: dict[tuple[int | str | None, str], int] = {
            (row.parent_id, row.name): id(row) for row in self.rows.values()
        }
        self._positions: dict[str, int] = {}
        self._created: list[Organisation] = []
        self._changed: list[tuple[Organisation, dict[str, Any]]] = []
        self._moved: list[tuple[Organisation, Organisation | None]] = []
        self._parents: dict[int, Organisation | None] = {}

    def enter(
        self, *, name: str, short_name: str, kind: str, parent: Organisation | None, position: int | None
    ) -> Organisation:
        """A new organisation beneath one of the register or of this batch; last of its kind where no position is given."""
        check_place(kind, parent)
        name, short_name = self._checked(None, name=name, short_name=short_name, parent=parent)
        row = Organisation(name=name, short_name=short_name, kind=kind, is_demo=False)
        row.position = self._next_position(kind) if position is None else checked_position(position)
        self._parents[id(row)] = parent
        self._names[_key(parent), name] = id(row)
        self._created.append(row)
        return row

    def change(self, organisation_id: int, *, parent: Organisation | None, fields: Mapping[str, Any]) -> None:
        """Name, short name, position and place as wanted; what stays the same is left alone."""
        row = self.rows[organisation_id]
        is_moved = _key(self._parent(row)) != _key(parent)
        if is_moved:
            check_place(row.kind, parent)
            self._check_not_beneath(row, parent)
        wanted = {"name": row.name, "short_name": row.short_name, **fields}
        name, short_name = self._checked(row, name=wanted["name"], short_name=wanted["short_name"], parent=parent)
        # The name it gives up stays taken: the rows are written in one statement, in no order.
        self._names[_key(parent), name] = id(row)
        changed: dict[str, Any] = {"name": name, "short_name": short_name}
        if fields.get("position") is not None:
            changed["position"] = checked_position(fields["position"])
        self._changed.append((row, changed))
        if is_moved:
            self._parents[id(row)] = parent
            self._moved.append((row, parent))

    def carry_out(self) -> None:
        """Write everything, recorded row by row."""
        with transaction.atomic():
            log = audit.Recorder(by=self.by, at=self.at, why=self.why)
            log.update_each(self._changed, organisation=lambda row: row.pk)
            waiting = self._created
            while waiting:
                parents = [(row, self._parents[id(row)]) for row in waiting]
                ready = [row for row, parent in parents if parent is None or parent.pk is not None]
                waiting = [row for row, parent in parents if parent is not None and parent.pk is None]
                self._create(ready, log)
            for row, parent in self._moved:
                move_organisation(row, parent_id=_saved(parent), by=self.by, at=self.at, why=self.why)

    def _create(self, rows: list[Organisation], log: audit.Recorder) -> None:
        """One level of the tree; the path ends in the row's own number and is set after the rows are there."""
        beneath: dict[int | None, list[int]] = defaultdict(list)
        for row in rows:
            row.parent = self._parents[id(row)]
        for row in log.create_each(rows, organisation=lambda row: row.pk):
            row.path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
            beneath[row.parent_id].append(row.pk)
        for numbers in beneath.values():
            for first in range(0, len(numbers), PORTION):
                portion = Organisation.objects.filter(pk__in=numbers[first : first + PORTION])
                parent = self._parent_of(numbers[0], rows)
                start = Value(parent.path if parent else "/", output_field=CharField())
                portion.update(path=Concat(start, Cast("pk", CharField()), Value("/")))

    @staticmethod
    def _parent_of(number: int, rows: list[Organisation]) -> Organisation | None:
        return next(row.parent for row in rows if row.pk == number)

    def _checked(
        self, row: Organisation | None, *, name: str, short_name: str, parent: Organisation | None
    ) -> tuple[str, str]:
        def is_taken(name: str) -> bool:
            holder = self._names.get((_key(parent), name))
            return holder is not None and (row is None or holder != id(row))

        return checked_names(OrganisationFields(name, short_name), parent=parent, is_taken=is_taken)

    def _parent(self, row: Organisation) -> Organisation | None:
        return self._parents[id(row)] if id(row) in self._parents else self.rows.get(row.parent_id or 0)

    def _check_not_beneath(self, row: Organisation, parent: Organisation | None) -> None:
        above = parent
        while above is not None:
            if above is row:
                raise Unacceptable(f"“{parent}”在“{row}”之下，不能作它的上级。", field="parent")
            above = self._parent(above)

    def _next_position(self, kind: str) -> int:
        number = self._positions.get(kind) or next_position(kind)
        self._positions[kind] = number + 1
        return number


def _key(row: Organisation | None) -> int | str | None:
    """What stands for a parent: its number, or for one of this batch the object itself."""
    return None if row is None else row.pk if row.pk is not None else f"new {id(row)}"


def _saved(row: Organisation | None) -> int | None:
    return None if row is None else row.pk
