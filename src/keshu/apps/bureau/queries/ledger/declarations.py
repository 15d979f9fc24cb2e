"""What a ledger is made of, as declared by the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Expression, F, Q, QuerySet

# The names that the component itself uses in the address.
RESERVED = frozenset({"q", "sort", "columns", "density", "size", "page", "export", "ids", "everything", "query"})
SIZES = (20, 50, 100)


class ColumnKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    STATE = "state"
    LINK = "link"


class FilterKind(StrEnum):
    CHOICE = "choice"
    MULTI = "multi"
    TEXT = "text"
    BOOL = "bool"
    DATE_RANGE = "date_range"


class Tone(StrEnum):
    """The states of the house; each has its own icon and colour, and always goes with a word."""

    DONE = "done"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """A state in words with the tone it is shown in."""

    word: str
    tone: Tone = Tone.UNKNOWN
    icon: str = ""

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Without `value` the cell is read from the row by `key`, ``__`` walking along relations.

    `sort` names the field (or fields) to order by, or is a function that is given the rows found and gives the expression, for
    an order that would be slow to compute row by row; empty: the column cannot be sorted. A STATE column turns its value into
    a mark through `marks`. `link` gives the address the cell leads to (a LINK column must have it). `export` gives the value
    written to Excel where that differs from the cell; `export=None` uses the cell's own value. `width` is in px. `short` is the
    heading on screen where the whole one stands on hover; `places` are decimals that a number always shows.
    """

    key: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    value: Callable[[Any], Any] | None = None
    sort: str | tuple[str, ...] | Callable[[QuerySet[Any]], Expression] = ""
    default: bool = True
    width: int = 150
    unit: str = ""
    wrap: bool = False
    marks: Mapping[Any, Mark] = field(default_factory=dict)
    link: Callable[[Any], str] | None = None
    hover: Callable[[Any], str] | None = None
    export: Callable[[Any], Any] | None = None
    short: str = ""
    places: int | None = None

    def __post_init__(self) -> None:
        if self.kind == ColumnKind.LINK and self.link is None:
            raise ValueError(f"the link column “{self.key}” needs link=, the address its cells lead to")

    @property
    def is_sortable(self) -> bool:
        return bool(self.sort)

    def sort_keys(self, rows: QuerySet[Any]) -> tuple[F | Expression, ...]:
        """What to order the rows by; empty for a column that cannot be sorted."""
        if callable(self.sort):
            return (self.sort(rows),)
        names = (self.sort,) if isinstance(self.sort, str) else self.sort
        return tuple(F(name) for name in names if name)

    @property
    def heading(self) -> str:
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class DateRange:
    """From and until, both inclusive; None: open at that end."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter; it narrows by `field`, or by `apply(queryset, value)` where one field does not tell.

    The value is a str (CHOICE, TEXT), a tuple of str (MULTI), a bool (BOOL) or a :class:`DateRange`. `choices` are pairs of
    value and word; a value that is not among them is ignored. `more` puts the filter under “更多筛选”.
    """

    key: str
    label: str
    kind: FilterKind = FilterKind.CHOICE
    choices: Sequence[tuple[str, str]] = ()
    field: str = ""
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    more: bool = False

    def __post_init__(self) -> None:
        if not self.field and self.apply is None:
            raise ValueError(f"the filter “{self.key}” needs field= or apply=")

    def word(self, value: str) -> str:
        return next((word for key, word in self.choices if key == value), value)


@dataclass(frozen=True, slots=True)
class Figure:
    """A count over all rows (before filters) which, clicked, shows exactly those rows: `query` must select what `where` counts.

    `where` None counts everything. Conditions must not multiply rows: across a to-many relation use ``Exists``.
    """

    label: str
    where: Q | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    unit: str = "项"
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button over the selected rows; it posts them to `url`. `confirm` asks first, `danger` shows it in seal red."""

    label: str
    url: str
    icon: str = "checks"
    confirm: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """A declared ledger. `key` names it for saved views; `noun` is what the rows are called on screen.

    `search` are the fields that the search box looks into, or functions that give the condition for a word. `order` is the
    default sort, a column key with ``-`` for descending, or empty for the queryset's own order. `drawer` and `page` give the
    addresses a row opens in the drawer and as a page.
    `prepare` gets the rows about to be shown (of a page, or of a portion of an export) and may look up further facts for all of
    them at once; it returns them in the same order. `keep` names further address parameters which stay in every link.
    """

    key: str
    columns: Sequence[Column]
    noun: str = "记录"
    filters: Sequence[Filter] = ()
    search: Sequence[str | Callable[[str], Q]] = ()
    search_hint: str = ""
    order: str = ""
    figures: Sequence[Figure] = ()
    drawer: Callable[[Any], str] | None = None
    page: Callable[[Any], str] | None = None
    prepare: Callable[[list[Any]], Sequence[Any]] | None = None
    keep: Sequence[str] = ()
    size: int = 20

    def __post_init__(self) -> None:
        keys = [c.key for c in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"ledger “{self.key}” declares a column twice: {keys}")
        names = [f.key for f in self.filters] + list(self.keep)
        if clash := RESERVED.intersection(names):
            raise ValueError(f"ledger “{self.key}” uses reserved names in its address: {sorted(clash)}")
        if self.order and self.column(self.order.lstrip("-")) is None:
            raise ValueError(f"ledger “{self.key}” sorts by “{self.order}”, which is none of its columns: {keys}")
        if self.size not in SIZES:
            raise ValueError(f"ledger “{self.key}” shows {self.size} rows a page; allowed are {SIZES}")

    def column(self, key: str) -> Column | None:
        return next((c for c in self.columns if c.key == key), None)

    def with_choices(self, **choices: Sequence[tuple[str, str]]) -> Ledger:
        """The same ledger with the choices of the named filters, for those that depend on data."""
        known = {f.key for f in self.filters}
        if unknown := set(choices) - known:
            raise ValueError(f"ledger “{self.key}” has no filter {sorted(unknown)}; it has {sorted(known)}")
        filters = [replace(f, choices=tuple(choices[f.key])) if f.key in choices else f for f in self.filters]
        return replace(self, filters=filters)
