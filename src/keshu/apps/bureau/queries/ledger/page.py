"""From a declared ledger, its rows and an address to the page that the template shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from keshu.apps.bureau.models import SavedView
from keshu.apps.bureau.queries.ledger.cells import Cell, cell
from keshu.apps.bureau.queries.ledger.declarations import (
    SIZES,
    BulkAction,
    Column,
    DateRange,
    Figure,
    Filter,
    FilterKind,
    Ledger,
    Tone,
)
from keshu.apps.bureau.queries.ledger.narrowing import counts, in_order, narrowed, page_rows, prepared
from keshu.apps.bureau.queries.ledger.state import FilterValue, LedgerState, default_columns, parse_state

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, where it leads, and whether it is chosen now."""

    value: str
    word: str
    chosen: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force; `href` is the address without it."""

    label: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class Header:
    """A column head; `href` sorts by it, or the other way round when it sorts already."""

    column: Column
    href: str = ""
    direction: str = ""

    @property
    def aria_sort(self) -> str:
        return {"asc": "ascending", "desc": "descending"}.get(self.direction, "none")


@dataclass(frozen=True, slots=True)
class BoundFilter:
    """A filter with what is chosen in it."""

    key: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    text: str = ""
    first: str = ""
    last: str = ""
    more: bool = False

    @property
    def is_set(self) -> bool:
        return bool(self.text or self.first or self.last or any(c.chosen and c.value for c in self.choices))


@dataclass(frozen=True, slots=True)
class CountedFigure:
    label: str
    count: int
    unit: str
    tone: Tone | None
    href: str
    active: bool


@dataclass(frozen=True, slots=True)
class LedgerRow:
    pk: Any
    cells: tuple[Cell, ...]
    drawer: str
    page: str
    name: str


@dataclass(frozen=True, slots=True)
class SavedViewLink:
    pk: int
    name: str
    href: str
    is_mine: bool
    is_shared: bool
    active: bool


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Everything ``components/ledger.html`` shows. `total` counts the rows found, `everything` all there are without filters."""

    ledger: Ledger
    state: LedgerState
    headers: tuple[Header, ...]
    rows: tuple[LedgerRow, ...]
    total: int
    everything: int
    page: int
    pages: int
    filters: tuple[BoundFilter, ...]
    chips: tuple[Chip, ...]
    figures: tuple[CountedFigure, ...]
    columns: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    views: tuple[SavedViewLink, ...]
    bulk: tuple[BulkAction, ...]

    @property
    def width(self) -> int:
        """The table's least width in px, the selection column included."""
        return sum(h.column.width for h in self.headers) + (36 if self.bulk else 0)

    @property
    def query(self) -> str:
        """The address of this view without its page: what a saved view keeps."""
        return replace(self.state, page=1).query(self.ledger)

    @property
    def first(self) -> int:
        return (self.page - 1) * self.state.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.state.size, self.total)

    def page_href(self, page: int) -> str:
        return self.href(page=page)

    def href(self, **changes: Any) -> str:
        return "?" + replace(self.state, **changes).query(self.ledger)

    @property
    def previous_href(self) -> str:
        return self.page_href(self.page - 1) if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        return self.page_href(self.page + 1) if self.page < self.pages else ""

    @property
    def page_links(self) -> list[Choice | None]:
        """The first page, the last, two around the present one; None where some are left out."""
        near = {1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)}
        links: list[Choice | None] = []
        for before, number in zip([0, *sorted(near)], sorted(near), strict=False):
            if number > before + 1:
                links.append(None)
            links.append(Choice(str(number), str(number), number == self.page, self.page_href(number)))
        return links

    @property
    def clear_href(self) -> str:
        return self.href(q="", filters={}, page=1)

    @property
    def density_href(self) -> str:
        return self.href(compact=not self.state.compact)

    @property
    def xlsx_href(self) -> str:
        return self._export("xlsx")

    @property
    def csv_href(self) -> str:
        return self._export("csv")

    @property
    def print_href(self) -> str:
        return self._export("print")

    def _export(self, form: str) -> str:
        return "?" + "&".join(part for part in (self.query, f"export={form}") if part)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along besides its own fields."""
        return [*replace(self.state, q="", filters={}, page=1).pairs(self.ledger)]

    @property
    def hidden_for_columns(self) -> list[tuple[str, str]]:
        """What the column form carries along: all but the columns."""
        plain = replace(self.state, columns=default_columns(self.ledger), page=1)
        return plain.pairs(self.ledger)

    @property
    def has_more_filters(self) -> bool:
        return any(f.more for f in self.filters)

    @property
    def more_is_set(self) -> bool:
        return any(f.more and f.is_set for f in self.filters)


def read_ledger(
    ledger: Ledger,
    queryset: QuerySet[Any],
    query: Mapping[str, Any],
    *,
    user: User,
    bulk: Sequence[BulkAction] = (),
) -> LedgerPage:
    """The page of `ledger` that the address `query` asks for. `queryset` must already be ``visible_to`` the reader."""
    state = parse_state(ledger, query)
    counted = counts(ledger, queryset)
    found = narrowed(ledger, queryset, state)
    total = found.count() if state.is_filtered else counted["everything"]
    pages = max(1, -(-total // state.size))
    page = min(state.page, pages)
    state = replace(state, page=page)
    shown = [c for c in ledger.columns if c.key in state.columns]
    rows = prepared(ledger, page_rows(in_order(ledger, found, state), state)) if total else ()
    return LedgerPage(
        ledger=ledger,
        state=state,
        headers=tuple(_header(ledger, state, c) for c in shown),
        rows=tuple(_row(ledger, shown, row) for row in rows),
        total=total,
        everything=counted["everything"],
        page=page,
        pages=pages,
        filters=tuple(_bound(f, state.filters.get(f.key)) for f in ledger.filters),
        chips=tuple(_chips(ledger, state)),
        figures=tuple(_figure(ledger, state, f, counted[f"figure_{i}"]) for i, f in enumerate(ledger.figures)),
        columns=tuple(Choice(c.key, c.heading, c.key in state.columns) for c in ledger.columns),
        sizes=tuple(
            Choice(str(s), f"{s} 条/页", s == state.size, "?" + replace(state, size=s, page=1).query(ledger))
            for s in SIZES
        ),
        views=tuple(_views(ledger, state, user)),
        bulk=tuple(bulk),
    )


def _header(ledger: Ledger, state: LedgerState, column: Column) -> Header:
    if not column.is_sortable:
        return Header(column=column)
    direction = {column.key: "asc", f"-{column.key}": "desc"}.get(state.sort, "")
    sort = f"-{column.key}" if direction == "asc" else column.key
    return Header(column=column, href="?" + replace(state, sort=sort, page=1).query(ledger), direction=direction)


def _row(ledger: Ledger, shown: Sequence[Column], row: Any) -> LedgerRow:
    page = ledger.page(row) if ledger.page else ""
    cells = [cell(c, row) for c in shown]
    if page and cells and not cells[0].href:
        cells[0] = replace(cells[0], href=page)
    return LedgerRow(
        pk=row["pk"] if isinstance(row, dict) else row.pk,
        cells=tuple(cells),
        drawer=ledger.drawer(row) if ledger.drawer else "",
        page=page,
        name=cells[0].text if cells else "",
    )


def _bound(declared: Filter, value: FilterValue | None) -> BoundFilter:
    kind, choices, text, span = declared.kind.value, declared.choices, "", DateRange()
    chosen: tuple[str, ...] = ()
    if isinstance(value, bool):
        chosen = ("1" if value else "0",)
    elif isinstance(value, DateRange):
        span = value
    elif isinstance(value, tuple):
        chosen = value
    elif value is not None:
        text, chosen = (value, ()) if declared.kind == FilterKind.TEXT else ("", (value,))
    if declared.kind == FilterKind.BOOL:
        choices = (("1", "是"), ("0", "否"))
    return BoundFilter(
        key=declared.key,
        label=declared.label,
        kind=kind,
        choices=tuple(Choice(key, word, key in chosen) for key, word in choices),
        text=text,
        first=span.first.isoformat() if span.first else "",
        last=span.last.isoformat() if span.last else "",
        more=declared.more,
    )


def _chips(ledger: Ledger, state: LedgerState) -> list[Chip]:
    chips = []
    if state.q:
        chips.append(Chip("含有", state.q, "?" + replace(state, q="", page=1).query(ledger)))
    for declared in ledger.filters:
        value = state.filters.get(declared.key)
        if value is None:
            continue
        for part, word in _words(declared, value):
            chips.append(Chip(declared.label, word, "?" + state.without(declared.key, part).query(ledger)))
    return chips


def conditions(ledger: Ledger, state: LedgerState) -> list[tuple[str, str]]:
    """The filter in words: label and word of each condition in force."""
    return [(chip.label, chip.word) for chip in _chips(ledger, state)]


def _words(declared: Filter, value: FilterValue) -> list[tuple[str, str]]:
    """(value to remove, word to show) of each condition in `value`."""
    if isinstance(value, bool):
        return [("", "是" if value else "否")]
    if isinstance(value, DateRange):
        first, last = value.first, value.last
        if first and last:
            return [("", f"{first} 至 {last}")]
        return [("", f"{first} 起" if first else f"{last} 止")]
    if isinstance(value, tuple):
        return [(v, declared.word(v)) for v in value]
    return [("", declared.word(value))]


def _figure(ledger: Ledger, state: LedgerState, figure: Figure, count: int) -> CountedFigure:
    target = parse_state(ledger, figure.query)
    active = (target.q, dict(target.filters)) == (state.q, dict(state.filters))
    wanted = replace(state, q=target.q, filters=target.filters, page=1)
    return CountedFigure(figure.label, count, figure.unit, figure.tone, "?" + wanted.query(ledger), active)


def _views(ledger: Ledger, state: LedgerState, user: User) -> list[SavedViewLink]:
    here = replace(state, page=1).query(ledger)
    rows = SavedView.objects.visible_to(user).filter(ledger=ledger.key).order_by("name", "pk")[:50]
    return [
        SavedViewLink(
            pk=row.pk,
            name=row.name,
            href=f"?{row.query}",
            is_mine=row.owner_id == user.pk,
            is_shared=row.organisation_id is not None or row.is_for_everyone,
            active=row.query == here,
        )
        for row in rows
    ]
