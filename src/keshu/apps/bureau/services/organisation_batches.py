"""Many organisations set up and changed at once: checked in memory by the rules of ``services.organisations``, written in bulk.

Looking at the table for each of 20,000 rows would take minutes and hold everybody else up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
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
    carry_along,
    check_place,
    checked_names,
    checked_position,
    next_position,
)
from keshu.apps.bureau.services.refusals import Refusals, Unacceptable
from keshu.apps.bureau.services.unique_values import between

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

PORTION = 2_000


class OrganisationBatch:
    """Planning office and operator (Refused). Each call checks at once (Unacceptable); nothing is written before `carry_out`."""

    def __init__(self, *, by: User, at: datetime, why: str, leaving: Collection[int] = ()) -> None:
        """`leaving` are those that will give up their name or place, so that others may take it."""
        can_manage_organisations(by)
        self.by, self.at, self.why = by, at, why
        self.rows: dict[int, Organisation] = Organisation.objects.in_bulk()
        self._names: dict[tuple[int | str | None, str], int] = {
            (row.parent_id, row.name): id(row)
            for row in self.rows.values()
            if row.closed_on is None and row.pk not in leaving
        }
        self._positions: dict[str, int] = {}
        self._created: list[Organisation] = []
        self._changed: list[tuple[Organisation, dict[str, Any]]] = []
        self._parents: dict[int, Organisation | None] = {}
        self._nameless: set[int] = set()

    def enter(
        self, *, name: str, short_name: str, kind: str, parent: Organisation | None, position: int | None
    ) -> Organisation:
        """A new organisation beneath one of the register or of this batch; last of its kind where no position is given."""
        faults = Refusals()
        with faults.trying():
            check_place(kind, parent)
        with faults.trying():
            name, short_name = self._checked(None, name=name, short_name=short_name, parent=parent)
        with faults.trying():
            checked_position(position or 0)
        faults.settle()
        row = Organisation(name=name, short_name=short_name, kind=kind, is_demo=False)
        row.position = self._next_position(kind) if position is None else position
        self._parents[id(row)] = parent
        self._names[_key(parent), name] = id(row)
        self._created.append(row)
        return row

    def change(self, organisation_id: int, *, parent: Organisation | None, fields: Mapping[str, Any]) -> None:
        """Name, short name, position and place as wanted; what stays the same is left alone."""
        row = self.rows[organisation_id]
        is_moved = _key(self._parent(row)) != _key(parent)
        faults = Refusals()
        if is_moved:
            with faults.trying():
                check_place(row.kind, parent)
                self._check_not_beneath(row, parent)
        wanted = {"name": row.name, "short_name": row.short_name, **fields}
        with faults.trying():
            name, short_name = self._checked(row, name=wanted["name"], short_name=wanted["short_name"], parent=parent)
        with faults.trying():
            checked_position(fields.get("position") or 0)
        faults.settle()
        self._names[_key(parent), name] = id(row)
        changed: dict[str, Any] = {"name": name, "short_name": short_name}
        if fields.get("position") is not None:
            changed["position"] = fields["position"]
        self._changed.append((row, changed))
        if is_moved:
            self._parents[id(row)] = parent

    def carry_out(self, *, tell: Callable[[int, int, str], None]) -> None:
        """Write everything, recorded row by row; `tell` is told how far it is, within the transaction."""
        with transaction.atomic():
            log = audit.Recorder(by=self.by, at=self.at, why=self.why)
            total, done = len(self._created) + len(self._changed), 0
            self._let_go()
            waiting = self._created
            while waiting:
                parents = [(row, self._parents[id(row)]) for row in waiting]
                ready = [row for row, parent in parents if parent is None or parent.pk is not None]
                waiting = [row for row, parent in parents if parent is not None and parent.pk is None]
                for first in range(0, len(ready), PORTION):
                    tell(done, total, f"正在写入第 {done + 1} 条，共 {total} 条")
                    done += self._create(ready[first : first + PORTION], log)
            for first in range(0, len(self._changed), PORTION):
                tell(done, total, f"正在写入第 {done + 1} 条，共 {total} 条")
                done += self._change(self._changed[first : first + PORTION], log)

    def _let_go(self) -> None:
        """Take the names that others take up off their bearers, until these have their new ones."""
        bearers: dict[tuple[int | str | None, str], Organisation] = {
            (row.parent_id, row.name): row for row, _ in self._changed if row.closed_on is None
        }
        wanted = {(_key(self._parents[id(row)]), row.name) for row in self._created}
        for row, fields in self._changed:
            place = (_key(self._parent(row)), fields["name"])
            if bearers.get(place) is not row:
                wanted.add(place)
        for place, row in bearers.items():
            if place in wanted:
                self._nameless.add(row.pk)
                Organisation.objects.filter(pk=row.pk).update(name=between(row))

    def _change(self, changed: Sequence[tuple[Organisation, dict[str, Any]]], log: audit.Recorder) -> int:
        """Names and places; a place with all beneath it, as ``move_organisation`` does for one."""
        moved = [row for row, _ in changed if id(row) in self._parents]
        full = [
            (row, {**fields, "parent_id": _saved(self._parents[id(row)])} if id(row) in self._parents else fields)
            for row, fields in changed
        ]
        log.update_each(full, organisation=lambda row: row.pk)
        for row, _ in changed:
            if row.pk in self._nameless:
                Organisation.objects.filter(pk=row.pk).update(name=row.name)
        for row in moved:
            carry_along(row, parent_id=row.parent_id)
        return len(changed)

    def _create(self, rows: list[Organisation], log: audit.Recorder) -> int:
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
        return len(rows)

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
