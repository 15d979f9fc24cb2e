"""What a ledger says of itself to travel to Excel and back: its columns, what identifies a row, and whose services save it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from keshu.apps.bureau.models import ImportRun, Organisation, User
    from keshu.apps.bureau.queries.organisation_names import OrganisationNames


class FieldKind(StrEnum):
    """What a cell holds. A value is a str, a Decimal or None, a date or None, a bool, or a tuple of str (the plural kinds)."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    ORGANISATION = "organisation"
    ORGANISATIONS = "organisations"


class Access(StrEnum):
    """Who sets a column: a person at any time, a person when the row is new, or nobody (it is there to be looked at)."""

    EDIT = "edit"
    CREATE = "create"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `key` is also the field that the services name in their refusals.

    `help` is the note on the head of the column. `choices` are pairs of value and word. `parse` turns text into the value of a
    TEXT column and raises Unacceptable; `show` writes that value as people do. `fixed` says what to do instead, where a CREATE
    column of an existing row was changed. `is_action` marks the column that asks for something (删除): it is exported empty, and
    empty asks for nothing. `may_be_new` lets an ORGANISATION column name one that the same workbook sets up.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    access: Access = Access.EDIT
    is_required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    width: float = 14
    longest: int | None = None
    places: int = 0
    parse: Callable[[str], str] | None = None
    show: Callable[[str], str] | None = None
    fixed: str = ""
    is_action: bool = False
    may_be_new: bool = False
    wrap: bool = False

    def word(self, value: str) -> str:
        """A choice as it stands in the cell."""
        return next((word for key, word in self.choices if key == value), value)


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """A row as it is: `key` finds it again, `values` by column, `label` names it to people, `subject` is for the one who saves.

    One that is not `is_listed` is recognised when it comes back, but is not sent out. Without `has_token` it goes out without
    its key and is recognised by what identifies it only: its `identities`, or (None) those that its values give.
    """

    key: str
    values: Mapping[str, Any]
    label: str
    subject: Any = None
    is_listed: bool = True
    has_token: bool = True
    identities: tuple[Hashable, ...] | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row to be saved: new where `current` is None. `values` is the whole row as wanted, `changed` the columns that differ."""

    number: int
    current: CurrentRow | None
    values: Mapping[str, Any]
    changed: frozenset[str]

    @property
    def is_new(self) -> bool:
        return self.current is None


Do = Callable[[RowChange], None]
Tell = Callable[[int, int, str], None]  # done, total, what is being done; may raise to end the work


@dataclass(frozen=True, slots=True)
class Task:
    """What a sitting is to carry out: `changes` are known beforehand, so that a name that one row gives up is free for another.

    `tell` is called while the ledger writes, within its transaction.
    """

    changes: Sequence[RowChange]
    at: datetime
    why: str
    tell: Tell

    def leaving(self, key: str) -> list[RowChange]:
        """Those that give up what stands in the column, as their rows are."""
        return [each for each in self.changes if each.current is not None and key in each.changed]


class Sitting(Protocol):
    """One person's dealings with one ledger; made by ``RoundTrip.sit``, which has checked that the person may change its rows."""

    @property
    def title(self) -> str:
        """What is exchanged, for titles and file names: 人员, or 《…》的目标."""

    @property
    def organisation(self) -> Organisation:
        """Whose the uploaded workbooks are."""

    @property
    def names(self) -> OrganisationNames:
        """The organisations the person may name."""

    @property
    def back(self) -> str:
        """The address of the ledger's page."""

    def current(self) -> Sequence[CurrentRow]:
        """All rows the person may change, in the ledger's order."""

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """What a row may be recognised by without its key, the surest first; empty where nothing identifies it."""

    def working(self, task: Task) -> AbstractContextManager[Do]:
        """Opens the ledger's services: each call takes one change or raises Unacceptable; saved when the block ends well.

        A block that ends with an error has saved nothing.
        """


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is left to do after an import: a sentence, and the button that does it by a POST to `url`."""

    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A ledger that can be filled in in Excel.

    `keys` are the columns that make a heading row recognisable and identify a row. `sit` checks the person and raises Refused;
    `params` of the address (the plan, say) are handed to it, and `needs` names those that must be there. `no_adding` says why
    there are no new rows, where there are none. `hints` stand under the title of the workbook. `follow_up` tells
    what is left to do after a saved import.
    """

    key: str
    noun: str
    fields: tuple[Field, ...]
    keys: tuple[str, ...]
    sit: Callable[[User, Mapping[str, str], datetime], Sitting]
    needs: tuple[str, ...] = ()
    no_adding: str = ""
    hints: str = ""
    follow_up: Callable[[ImportRun, User], FollowUp | None] | None = None

    def __post_init__(self) -> None:
        known = [each.key for each in self.fields]
        if len(set(known)) != len(known):
            raise ValueError(f"round trip {self.key!r} declares a column twice: {known}")
        if unknown := set(self.keys) - set(known):
            raise ValueError(f"round trip {self.key!r} has no columns {sorted(unknown)}; it has {known}")

    @property
    def version(self) -> str:
        """Changes with the columns, so that a workbook of earlier columns is recognised."""
        words = "\n".join(f"{each.key} {each.label} {each.kind} {each.access}" for each in self.fields)
        return hashlib.sha256(words.encode()).hexdigest()[:8]

    def field(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)


_declared: dict[str, RoundTrip] = {}


def register(round_trip: RoundTrip) -> RoundTrip:
    """Make a declaration known by its key; its module is imported when the site starts."""
    if _declared.setdefault(round_trip.key, round_trip) is not round_trip:
        raise ValueError(f"two round trips are called {round_trip.key!r}")
    return round_trip


def round_trip_named(key: str) -> RoundTrip | None:
    return _declared.get(key)


def declared_round_trips() -> tuple[RoundTrip, ...]:
    return tuple(_declared.values())
