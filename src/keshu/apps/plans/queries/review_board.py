"""The right pane of the review page: rows of a draft counted by tab and state, chosen, and dealt out in batches.

Counting and choosing reads a few fields of every row; only the rows that are shown are read in full, so that a plan of
thousands of rows is worked on as quickly as a short one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from keshu.apps.plans.models import (
    TAKEN_BACK,
    Certainty,
    OwnerRole,
    PlanNode,
    Responsibility,
    Review,
    ReviewStep,
    Target,
    Tense,
)
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.narrowing import Narrowing
from keshu.apps.plans.queries.reviewing import GridRow, review_rows

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# Rows in a batch; the next comes when the reader scrolls to the end.
BATCH = 80
# Rows shown after one that was asked for by name, so that it does not stand at the very end.
AFTER = 10
# A row further down than this is not reached from the top: the batch then begins a little before it.
FAR = 4 * BATCH
BEFORE = 20
MENTION_FIELDS = ("pk", "start", "end", "review", "remark", "name", "role", "certainty", "is_outside")
# Asks for the rows around the last one.
LAST = "last"


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
    narrowing: Narrowing | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, by state. Rows that were added and taken back count among the rejected only."""

    total: int
    pending: int
    doubtful: int
    rejected: int
    decided: int

    @property
    def clear(self) -> int:
        """Rows nobody has dealt with that hold no doubt."""
        return self.pending - self.doubtful

    @property
    def done(self) -> int:
        """Rows a person has dealt with, rejected ones too, as far as they are shown under 全部."""
        return self.total - self.pending


@dataclass(frozen=True, slots=True)
class Key:
    """As much of a row as it takes to count, order and choose."""

    ref: str
    start: int
    end: int
    review: str
    is_doubtful: bool
    tense: str = ""
    floor_id: int | None = None
    node_id: int | None = None
    name: str = ""
    role: str = ""
    is_unresolved: bool = False
    is_guess: bool = False
    is_taken_back: bool = False

    @property
    def is_pending(self) -> bool:
        return self.review == Review.PENDING


@dataclass(frozen=True, slots=True)
class Batch:
    """Which rows to show, from the ``first`` on of ``total``; ``following`` begins the next batch, None after the last."""

    refs: tuple[str, ...]
    total: int
    first: int
    following: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A printed name that means nobody yet: asked once, answered for all its places. ``ref`` is the first of them."""

    ref: str
    name: str
    places: int
    is_lead: bool


@dataclass(frozen=True)
class Board:
    """All rows of the draft by their keys, rejected ones too, in reading order."""

    targets_in_order: tuple[Key, ...]
    tasks_in_order: tuple[Key, ...]

    @cached_property
    def targets(self) -> Count:
        return _count(self.targets_in_order)

    @cached_property
    def tasks(self) -> Count:
        return _count(self.tasks_in_order)

    @cached_property
    def nodes(self) -> Count:
        """The headings among the rows of the tasks tab."""
        return _count(key for key in self.tasks_in_order if not key.role)

    @cached_property
    def mentions(self) -> Count:
        """The printed names among the rows of the tasks tab."""
        return _count(key for key in self.tasks_in_order if key.role)

    @cached_property
    def everything(self) -> Count:
        return _count((*self.targets_in_order, *self.tasks_in_order))

    @property
    def percent(self) -> int:
        return 100 * self.everything.done // self.everything.total if self.everything.total else 100

    @cached_property
    def floors(self) -> dict[str, str]:
        """Of each stretch target the one it stretches, by their names."""
        return {key.ref: f"target-{key.floor_id}" for key in self.targets_in_order if key.floor_id is not None}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Names nobody is known by, in reading order."""
        places: dict[str, list[Key]] = {}
        for key in self.tasks_in_order:
            if key.is_unresolved and key.review != Review.REJECTED:
                places.setdefault(key.name, []).append(key)
        return tuple(
            Question(keys[0].ref, name, len(keys), any(key.role == OwnerRole.LEAD for key in keys))
            for name, keys in places.items()
        )

    @cached_property
    def guesses(self) -> tuple[str, ...]:
        """Printed names matched by likeness that nobody has confirmed, each once, in reading order."""
        return tuple(dict.fromkeys(key.name for key in self.tasks_in_order if key.is_guess))

    def batch(self, wish: Wish) -> Batch:
        """The rows of a tab from ``wish.first`` on, or around the row that ``wish.through`` names."""
        keys = [key for key in self._of(wish.tab) if _fits(key, wish)]
        if wish.order == Order.DOUBTS and wish.tab == Tab.TARGETS:
            keys.sort(key=lambda key: not key.is_doubtful)
        first, last = wish.first, wish.first + BATCH
        if wish.through and not wish.first:
            place = len(keys) - 1 if wish.through == LAST else _place(keys, wish.through)
            first = 0 if place < FAR else place - BEFORE
            last = max(first + BATCH, place + AFTER)
        following = last if last < len(keys) else None
        return Batch(tuple(key.ref for key in keys[first:last]), len(keys), first, following)

    def _of(self, tab: Tab) -> tuple[Key, ...]:
        return self.targets_in_order if tab == Tab.TARGETS else self.tasks_in_order


def review_board(plan: WorkPlan, *, user: User) -> Board:
    """The keys of every row of the draft. Those who may see it; two queries."""
    can_see_plan(user, plan)
    return board_of(plan)


def board_of(plan: WorkPlan) -> Board:
    """The same for services, which ask for permission themselves."""
    return Board(tuple(_target_keys(plan)), tuple(_task_keys(plan)))


def rows_named(plan: WorkPlan, *, user: User, refs: Iterable[str]) -> tuple[GridRow, ...]:
    """Those rows in full, in the order given; names that are not there are left out. Seven queries at most."""
    wanted = list(dict.fromkeys(refs))
    found = {row.ref: row for row in review_rows(plan, user=user, refs=wanted)}
    return tuple(found[ref] for ref in wanted if ref in found)


def changed_by_others(plan: WorkPlan, *, user: User, since: int) -> tuple[str, ...]:
    """Rows that others changed after version `since`. One query."""
    steps = ReviewStep.objects.filter(plan=plan, version__gt=since).exclude(by=user)
    return tuple(sorted({entry["row"] for changes in steps.values_list("changes", flat=True) for entry in changes}))


def _target_keys(plan: WorkPlan) -> Iterator[Key]:
    rows = Target.objects.filter(plan=plan).order_by("start", "end", "pk")
    for pk, start, end, review, remark, doubts, tense, floor_id, node_id in rows.values_list(
        "pk", "start", "end", "review", "remark", "doubts", "tense", "floor_id", "node_id"
    ):
        yield Key(
            f"target-{pk}", start, end, review, review == Review.PENDING and bool(doubts),
            tense=tense, floor_id=floor_id, node_id=node_id, is_taken_back=_is_taken_back(review, remark),
        )  # fmt: skip


def _task_keys(plan: WorkPlan) -> Iterator[Key]:
    """Headings as they come, with the owners of each under it."""
    held = Responsibility.objects.filter(mention=OuterRef("mentions__pk"), is_inherited=False)
    rows = PlanNode.objects.filter(plan=plan).annotate(is_held=Exists(held))
    rows = rows.order_by("start", "end", "pk", "mentions__start", "mentions__end", "mentions__pk")
    fields = ("pk", "start", "end", "review", "remark", "is_held", *(f"mentions__{name}" for name in MENTION_FIELDS))
    for (pk, start, end, review, remark), group in itertools.groupby(
        rows.values_list(*fields), key=lambda row: row[:5]
    ):
        yield Key(
            f"node-{pk}", start, end, review, False, node_id=pk, is_taken_back=_is_taken_back(review, remark)
        )  # fmt: skip
        for row in group:
            is_held, mention = row[5], row[6:]
            if mention[0] is not None:
                yield _mention_key(*mention, node_id=pk, is_held=is_held)


def _mention_key(
    pk: int,
    start: int,
    end: int,
    review: str,
    remark: str,
    name: str,
    role: str,
    certainty: str,
    is_outside: bool,
    *,
    node_id: int,
    is_held: bool,
) -> Key:
    """Doubtful is what `reviewing.mention_doubts` says."""
    needs_nobody = role == OwnerRole.PERSON or is_outside
    is_unsure = review == Review.PENDING and not needs_nobody and (not is_held or certainty == Certainty.GUESS)
    return Key(
        f"mention-{pk}", start, end, review, is_unsure, node_id=node_id, name=name, role=role,
        is_unresolved=not needs_nobody and not is_held, is_guess=is_unsure and is_held,
        is_taken_back=_is_taken_back(review, remark),
    )  # fmt: skip


def _is_taken_back(review: str, remark: str) -> bool:
    return review == Review.REJECTED and remark == TAKEN_BACK


def _count(keys: Iterable[Key]) -> Count:
    total = pending = doubtful = rejected = decided = 0
    for key in keys:
        total += not key.is_taken_back
        pending += key.is_pending
        doubtful += key.is_doubtful
        rejected += key.review == Review.REJECTED
        decided += key.review not in (Review.PENDING, Review.REJECTED)
    return Count(total, pending, doubtful, rejected, decided)


def _place(keys: Sequence[Key], ref: str) -> int:
    return next((number for number, key in enumerate(keys) if key.ref == ref), 0)


def _fits(key: Key, wish: Wish) -> bool:
    if wish.tab == Tab.TARGETS and wish.tense in Tense.values and key.tense != wish.tense:
        return False
    if wish.narrowing is not None and not wish.narrowing.holds(key.ref, start=key.start, node_id=key.node_id):
        return False
    match wish.show:
        case Show.PENDING:
            return key.is_pending
        case Show.DOUBTFUL:
            return key.is_doubtful
        case Show.REJECTED:
            return key.review == Review.REJECTED
        case Show.DECIDED:
            return not key.is_pending and key.review != Review.REJECTED
    return not key.is_taken_back
