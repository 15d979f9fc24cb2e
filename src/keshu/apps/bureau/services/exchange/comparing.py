"""The dry run: each row of the workbook beside the row it belongs to, what would change, and what is wrong with it.

A row is known again by the key it went out with, else by what identifies it. Each cell is compared three ways: as it went out, as
it came back, as it is now; so a cell that nobody touched never overwrites what somebody else entered meanwhile, and one that both
touched is a conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from keshu.apps.bureau.services.exchange.declarations import (
    Access,
    CurrentRow,
    Field,
    RoundTrip,
    RowChange,
    Sitting,
    Tell,
)
from keshu.apps.bureau.services.exchange.reading import Table
from keshu.apps.bureau.services.exchange.values import blank, fingerprint, normal, quoted, shown, value_of
from keshu.apps.bureau.services.refusals import Unacceptable

STEP = 500  # rows between two words on the progress


class RowState(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in the column of that key (None: the row), as a sentence without the place."""

    key: str | None
    label: str
    message: str

    def at(self, number: int) -> str:
        """The sentence with its place: 第 12 行“简称”：……"""
        return f"第 {number} 行“{self.label}”：{self.message}" if self.label else f"第 {number} 行：{self.message}"


@dataclass(slots=True)
class CheckedRow:
    """One row of the workbook; `number` is the one Excel shows at its left. `differences` are label, before, after in words.

    `change` is what would be saved; of a row with faulty cells there is none, but `trial` holds what its other cells ask for, so
    that the ledger's services can say what else is wrong with it.
    """

    number: int
    label: str = ""
    state: RowState = RowState.UNCHANGED
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    change: RowChange | None = None
    trial: RowChange | None = None

    def fault(self, message: str, each: Field | None = None) -> None:
        self.faults.append(Fault(each.key if each else None, each.label if each else "", message))


@dataclass(slots=True)
class _Given:
    """A row as read: values by column, what stands in the cells that could not be read, and the token it went out with."""

    row: CheckedRow
    values: dict[str, Any]
    unread: dict[str, str] = field(default_factory=dict)
    key: str = ""
    prints: Mapping[str, str] = field(default_factory=dict)


def read_rows(table: Table, *, round_trip: RoundTrip, sitting: Sitting, tell: Tell) -> list[_Given]:
    """The cells as values. Takes no look at the rows of the ledger."""
    given, total, names = [], len(table.rows), sitting.names
    fields = [(each, table.places[each.key]) for each in round_trip.fields if each.key in table.places]
    for done, (number, cells) in enumerate(table.rows):
        if done % STEP == 0:
            tell(done, total, f"正在读取第 {done + 1} 行，共 {total} 行")
        one = _Given(CheckedRow(number + 1), {})
        for each, column in fields:
            cell = cells[column] if column < len(cells) else None
            try:
                if message := table.faults.get((number, column)):
                    raise Unacceptable(message)
                one.values[each.key] = value_of(each, cell, names=names)
            except Unacceptable as refusal:
                one.row.fault(refusal.message, each)
                one.unread[each.key] = "" if cell is None else quoted(cell)
        if table.token is not None and table.token < len(cells):
            one.key, one.prints = _token(cells[table.token], round_trip.fields)
        given.append(one)
    return given


def _token(cell: Any, fields: Sequence[Field]) -> tuple[str, Mapping[str, str]]:
    key, bar, prints = str(cell or "").strip().partition("|")
    parts = prints.split(".")
    return (
        (key, dict(zip([each.key for each in fields], parts, strict=True)))
        if bar and len(parts) == len(fields)
        else ("", {})
    )


def compare(given: Sequence[_Given], *, round_trip: RoundTrip, sitting: Sitting) -> list[CheckedRow]:
    """Each row beside the ledger's: what differs, what is new, what cannot be."""
    return _Comparison(round_trip, sitting).rows(given)


class _Comparison:
    """The ledger's rows by key and by what identifies them, and which row of the workbook has claimed which."""

    def __init__(self, round_trip: RoundTrip, sitting: Sitting) -> None:
        self.round_trip, self.sitting = round_trip, sitting
        self.by_key: dict[str, CurrentRow] = {}
        self.by_identity: dict[Hashable, CurrentRow] = {}
        for row in sitting.current():
            values = {each.key: normal(each, row.values.get(each.key)) for each in round_trip.fields}
            one = replace(row, values=values)
            self.by_key[row.key] = one
            for identity in sitting.identities(values) if row.identities is None else row.identities:
                self.by_identity.setdefault(identity, one)
        self.claimed: dict[str, int] = {}
        self.left: set[str] = set()
        self.entered: dict[Hashable, int] = {}

    def rows(self, given: Sequence[_Given]) -> list[CheckedRow]:
        self._settle_copies(given)
        self.left = {one.key for one in given if self._is_leaving(one)}
        for one in given:
            self._compare(one)
            if one.row.faults:
                is_of_cells = all(fault.key for fault in one.row.faults)
                one.row.trial = one.row.change if is_of_cells else None
                one.row.state, one.row.change = RowState.FAULTY, None
        return [one.row for one in given]

    def _settle_copies(self, given: Sequence[_Given]) -> None:
        """A row copied within Excel brings its original's key along: the one that still is the original keeps it."""
        bearers: dict[str, list[_Given]] = defaultdict(list)
        for one in given:
            if one.key:
                bearers[one.key].append(one)
        for key, ones in bearers.items():
            if len(ones) < 2 or key not in self.by_key:
                continue
            wanted = self.sitting.identities(self.by_key[key].values)
            same = [one for one in ones if self._identities(one)[:1] == list(wanted)[:1]]
            if len(same) == 1:
                for one in ones:
                    if one is not same[0]:
                        one.key, one.prints = "", {}

    def _identities(self, one: _Given) -> list[Hashable]:
        """What the row may be recognised by; nothing where a cell that counts could not be read."""
        values = {each.key: one.values.get(each.key, blank(each)) for each in self.round_trip.fields}
        broken = {fault.key for fault in one.row.faults}
        return [] if broken & set(self.round_trip.keys) else list(self.sitting.identities(values))

    def _is_leaving(self, one: _Given) -> bool:
        """Whether the row, known by its key, gives up what else would identify it, so that another may take that up."""
        if one.key not in self.by_key:
            return False
        wanted, present = self._identities(one)[:1], list(self.sitting.identities(self.by_key[one.key].values))[:1]
        return bool(wanted) and wanted != present

    def _compare(self, one: _Given) -> None:
        row, current = one.row, self.by_key.get(one.key) if one.key else None
        if one.key and current is None:
            self._missing(one)
            return
        identities = self._identities(one)
        if current is None:
            known = (self.by_identity[each] for each in identities if each in self.by_identity)
            current = next((each for each in known if each.key not in self.left), None)
        row.label = self._label(one, current)
        if current is None:
            self._new(one, identities)
            return
        if (earlier := self.claimed.setdefault(current.key, row.number)) != row.number:
            row.fault(f"与第 {earlier} 行是同一条记录（{current.label}），请只留一行。")
        self._existing(one, current)

    def _label(self, one: _Given, current: CurrentRow | None) -> str:
        if current is not None:
            return current.label
        words = [self._shown(key, one.values[key]) for key in self.round_trip.keys if one.values.get(key)]
        return " ".join(words)[:200]

    def _shown(self, key: str, value: Any) -> str:
        each = self.round_trip.field(key)
        return "" if each is None else shown(each, value)

    def _missing(self, one: _Given) -> None:
        """A row that went out and is there no more, or no more the person's to change."""
        one.row.label = self._label(one, None)
        action = next((each for each in self.round_trip.fields if each.is_action), None)
        if action is not None and one.values.get(action.key):
            one.row.notes.append("已经不在台账中。")
            return
        for each in self.round_trip.fields:
            if each.key in one.values and fingerprint(one.values[each.key]) != one.prints.get(each.key):
                one.row.differences.append((each.label, "", shown(each, one.values[each.key])))
        one.row.fault("这一条已不在您可以修改的范围内：可能已被删除，也可能不归您办理。请从表中删去这一行。")

    def _new(self, one: _Given, identities: Sequence[Hashable]) -> None:
        row, values = one.row, {}
        if self.round_trip.no_adding:
            row.fault(self.round_trip.no_adding)
        for identity in identities[:1]:
            if (earlier := self.entered.setdefault(identity, row.number)) != row.number:
                row.fault(f"与第 {earlier} 行重复，请只留一行。")
        for each in self.round_trip.fields:
            if each.access == Access.READ:
                values[each.key] = blank(each)
                continue
            values[each.key] = value = one.values.get(each.key, blank(each))
            if entered := one.unread.get(each.key) or ("" if value == blank(each) else shown(each, value)):
                row.differences.append((each.label, "", entered))
            if each.is_required and value == blank(each) and not self.round_trip.no_adding:
                self._ask_for(one, each)
        row.state = RowState.NEW
        row.change = RowChange(row.number, None, values, frozenset(k for k, v in values.items() if v))

    def _ask_for(self, one: _Given, each: Field) -> None:
        if each.key in {fault.key for fault in one.row.faults}:
            return
        is_read = each.key in one.values
        told = "没有填写。新增的行必须填写这一栏。" if is_read else "表中没有这一栏，新增的行必须填写。"
        one.row.fault(told, each)

    def _existing(self, one: _Given, current: CurrentRow) -> None:
        row, values, changed = one.row, dict(current.values), set()
        for each in self.round_trip.fields:
            before = "" if each.is_action else shown(each, values[each.key])
            if each.key in one.unread:
                row.differences.append((each.label, before, one.unread[each.key]))
            if each.key not in one.values:
                continue
            known, value = len(row.faults), one.values[each.key]
            is_wanted = self._is_wanted(one, current, each)
            if is_wanted or len(row.faults) > known:
                row.differences.append((each.label, before, shown(each, value)))
            if is_wanted:
                values[each.key] = value
                changed.add(each.key)
        if changed:
            is_action = any(each.is_action and each.key in changed for each in self.round_trip.fields)
            row.state = RowState.REMOVED if is_action else RowState.CHANGED
            row.change = RowChange(row.number, current, values, frozenset(changed))

    def _is_wanted(self, one: _Given, current: CurrentRow, each: Field) -> bool:
        """Whether the cell asks for a change that can be made; what cannot is put down as a fault."""
        row, value, present = one.row, one.values[each.key], current.values[each.key]
        went_out = one.prints.get(each.key)
        if each.is_action:
            return value != blank(each) and value != present
        if value == present or (went_out is None and value == blank(each)) or fingerprint(value) == went_out:
            if value != present and went_out is not None and each.access != Access.READ:
                row.notes.append(f"“{each.label}”在导出以后由他人改为“{shown(each, present)}”，保留现值。")
            return False
        if each.access == Access.READ:
            if went_out is not None:
                row.fault(
                    f"这一栏只供查看，不能在表中改。填写的是“{_cut(each, value)}”，请改回“{_cut(each, present)}”。",
                    each,
                )
            return False
        if each.access == Access.CREATE:
            row.fault(
                f"已有的行不能改这一栏。填写的是“{_cut(each, value)}”，原值是“{_cut(each, present)}”。{each.fixed}",
                each,
            )
            return False
        if went_out is not None and fingerprint(present) != went_out:
            row.fault(
                f"导出以后这一格已由他人改为“{_cut(each, present)}”，您填的是“{_cut(each, value)}”。"
                "请核对后重新导出再填，或者改成与现值相同。",
                each,
            )
            return False
        if each.is_required and value == blank(each):
            row.fault(f"不能改为空，原值是“{_cut(each, present)}”。", each)
            return False
        return True


def _cut(each: Field, value: Any) -> str:
    return quoted(shown(each, value))
