"""Which row of a new revision is which row of the one before: by words and reading, else by what the row asks."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keshu.apps.plans.models import PlanNode, Target, WorkPlan

Key = Callable[[Any], Hashable | None]


@dataclass(frozen=True, slots=True)
class Matches:
    """New ids by old ids; what is missing has been dropped."""

    targets: Mapping[int, int]
    nodes: Mapping[int, int]


def match_rows(earlier: WorkPlan, plan: WorkPlan) -> Matches:
    """Pair the kept rows of two revisions, each at most once, the surest first and in reading order.

    A heading is the same when it was read the same, or says the same. A target is the same when the same words were read the
    same, or when it counts the same thing (indicator, way of counting, unit, tier) beneath the same heading, else anywhere:
    a figure or a deadline that the revision changed leaves the target what it was.
    """
    old_nodes, new_nodes = _kept(PlanNode, earlier), _kept(PlanNode, plan)
    nodes = _paired(old_nodes, new_nodes, (_reading, lambda row: (row.label, row.heading), lambda row: row.heading))
    old_text, new_text = earlier.source.text, plan.source.text

    def words(row: Target) -> Hashable | None:
        text = old_text if row.plan_id == earlier.pk else new_text
        return (text[row.start : row.end], _reading(row)) if row.reading else None

    def place(row: Target) -> Hashable:
        return nodes.get(row.node_id) if row.plan_id == earlier.pk and row.node_id is not None else row.node_id

    stages: tuple[Key, ...] = (
        words,
        lambda row: (*_counts(row), row.period, place(row)),
        lambda row: (*_counts(row), place(row)),
        lambda row: (*_counts(row), row.period),
        _counts,
    )
    return Matches(_paired(_kept(Target, earlier), _kept(Target, plan), stages), nodes)


def _kept(model: type[Any], plan: WorkPlan) -> list[Any]:
    return list(model.objects.kept().filter(plan=plan).order_by("position", "start", "pk"))


def _paired(old: Sequence[Any], new: Sequence[Any], stages: Sequence[Key]) -> dict[int, int]:
    """Old rows with new ones of the same key, in order; what one stage leaves over, the next one tries."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for key in stages:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for row in new:
            if row.pk not in taken and (known := key(row)) is not None:
                waiting[known].append(row.pk)
        for row in old:
            if row.pk not in found and (queue := waiting.get(key(row))):
                found[row.pk] = queue.popleft()
                taken.add(found[row.pk])
    return found


def _reading(row: Any) -> Hashable | None:
    return tuple(sorted(row.reading.items())) if row.reading else None


def _counts(row: Target) -> tuple[Hashable, ...]:
    return row.indicator_key, row.measure, row.unit, row.per, row.tier, row.tense
