"""The right pane of the review page: all rows of a draft read once, counted by tab and state, and dealt out in batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from keshu.apps.plans.models import Review, ReviewStep, Target, Tense
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.reviewing import GridRow, review_rows

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# Rows in a batch; the next comes when the reader scrolls to the end.
BATCH = 80
# Rows shown after one that was asked for by name, so that it does not stand at the very end.
AFTER = 10


class Tab(StrEnum):
    """The tabs of the right pane."""

    TARGETS = "targets"
    TASKS = "tasks"
    DETAILS = "details"


class Show(StrEnum):
    """Which rows by state."""

    ALL = ""
    PENDING = "pending"
    DOUBTFUL = "doubtful"
    DECIDED = "decided"
    REJECTED = "rejected"


class Order(StrEnum):
    """Doubtful rows first, or as the document has them."""

    DOUBTS = ""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asked to see. ``through`` names a row that must be among those shown."""

    tab: Tab = Tab.TARGETS
    show: Show = Show.ALL
    tense: str = ""
    order: Order = Order.DOUBTS
    first: int = 0
    through: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are of a tab, by state."""

    total: int
    pending: int
    doubtful: int
    rejected: int

    @property
    def decided(self) -> int:
        """Rows confirmed, corrected or added."""
        return self.total - self.pending - self.rejected

    @property
    def done(self) -> int:
        """Rows a person has dealt with, rejected ones too."""
        return self.total - self.pending


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the rows asked for; ``following`` is where the next batch begins, None after the last."""

    rows: tuple[GridRow, ...]
    total: int
    following: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A printed name that means nobody yet: asked once, answered for all its places. ``row`` is the first of them."""

    row: GridRow
    name: str
    places: tuple[GridRow, ...]

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(place.ref for place in self.places)


@dataclass(frozen=True)
class Board:
    """All rows of the draft, rejected ones too, in reading order."""

    rows: tuple[GridRow, ...]

    @cached_property
    def by_ref(self) -> dict[str, GridRow]:
        return {row.ref: row for row in self.rows}

    @cached_property
    def targets(self) -> Count:
        return _count(row for row in self.rows if row.kind == "target")

    @cached_property
    def tasks(self) -> Count:
        return _count(row for row in self.rows if row.kind != "target")

    @cached_property
    def everything(self) -> Count:
        return _count(self.rows)

    @property
    def percent(self) -> int:
        return 100 * self.everything.done // self.everything.total if self.rows else 100

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Names nobody is known by, in reading order."""
        places: dict[str, list[GridRow]] = {}
        for row in self.rows:
            if row.owner is not None and row.owner.is_unresolved and row.review != Review.REJECTED:
                places.setdefault(row.owner.name, []).append(row)
        return tuple(Question(rows[0], name, tuple(rows)) for name, rows in places.items())

    def batch(self, wish: Wish) -> Batch:
        """The rows of a tab from ``wish.first`` on."""
        rows = [row for row in self._of(wish.tab) if _fits(row, wish)]
        if wish.order == Order.DOUBTS and wish.tab == Tab.TARGETS:
            rows.sort(key=lambda row: not row.is_doubtful)
        last = wish.first + BATCH
        if wish.through:
            place = next((number for number, row in enumerate(rows) if row.ref == wish.through), 0)
            last = max(last, place + AFTER)
        return Batch(tuple(rows[wish.first : last]), len(rows), last if last < len(rows) else None)

    def _of(self, tab: Tab) -> list[GridRow]:
        """Targets as they come; headings with their owners under each."""
        if tab == Tab.TARGETS:
            return [row for row in self.rows if row.kind == "target"]
        owners: dict[int, list[GridRow]] = {}
        for row in self.rows:
            if row.owner is not None:
                owners.setdefault(row.owner.node_id, []).append(row)
        tree = []
        for row in self.rows:
            if row.node is not None:
                tree += [row, *owners.get(row.node.pk, [])]
        return tree


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures of the document that disagree, with the rows that say so."""

    indicator: str
    message: str
    places: tuple[tuple[str, str], ...]


def review_board(plan: WorkPlan, *, user: User) -> Board:
    """Every row of the draft. Those who may see it; six queries."""
    rows = review_rows(plan, user=user)
    return Board(tuple(sorted(rows, key=lambda row: (row.start, row.end, row.ref))))


def changed_by_others(plan: WorkPlan, *, user: User, since: int) -> tuple[str, ...]:
    """Rows that others changed after version `since`. One query."""
    steps = ReviewStep.objects.filter(plan=plan, version__gt=since).exclude(by=user)
    return tuple(sorted({entry["row"] for changes in steps.values_list("changes", flat=True) for entry in changes}))


def conflicts(plan: WorkPlan) -> tuple[Conflict, ...]:
    """Contradictions the engine found that still stand: two kept targets or more that differ. One query, none without any."""
    reported = plan.source.contradictions
    if not reported:
        return ()
    wanted = {index for entry in reported for index in entry["claims"]}
    targets = Target.objects.kept().filter(plan=plan, position__in=wanted).exclude(review=Review.ADDED)
    by_position = {target.position: target for target in targets}
    found = []
    for entry in reported:
        kept = [by_position[index] for index in entry["claims"] if index in by_position]
        if len({(target.op, target.value, target.value_high, target.unit) for target in kept}) > 1:
            places = tuple((f"target-{target.pk}", requirement_of(target)) for target in kept)
            found.append(Conflict(entry["indicator"], entry["message"], places))
    return tuple(found)


def _count(rows: Iterable[GridRow]) -> Count:
    total = pending = doubtful = rejected = 0
    for row in rows:
        total += 1
        pending += row.is_pending
        doubtful += row.is_doubtful
        rejected += row.review == Review.REJECTED
    return Count(total, pending, doubtful, rejected)


def _fits(row: GridRow, wish: Wish) -> bool:
    if wish.tense in Tense.values and row.target is not None and row.target.tense != wish.tense:
        return False
    match wish.show:
        case Show.PENDING:
            return row.is_pending
        case Show.DOUBTFUL:
            return row.is_doubtful
        case Show.REJECTED:
            return row.review == Review.REJECTED
        case Show.DECIDED:
            return not row.is_pending and row.review != Review.REJECTED
    return True
