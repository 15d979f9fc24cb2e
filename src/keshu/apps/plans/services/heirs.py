"""Which successor takes a matter of a split organisation: the one that took the task it is about, else the one chosen for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.signals import Reorganisation
from keshu.apps.plans.models import Responsibility
from keshu.apps.plans.queries.ledger import ACCOUNTABLE


class Keys(IntEnum):
    """Where the keys of open work begin, noun by noun; tasks have the numbers of their responsibilities, below all these."""

    ISSUES_OWNED = 30_000_000_000
    ISSUES_RAISED = 31_000_000_000
    NOTICES_HELD = 32_000_000_000
    NOTICES_SENT = 33_000_000_000
    DECISIONS = 34_000_000_000


@dataclass(frozen=True, slots=True)
class Heir:
    """Who takes it and why; `key` is set where no task decides, so that somebody has to choose."""

    organisation_id: int
    name: str
    why: str
    key: int = 0


class Heirs:
    """The successors of one reorganisation. To be asked after the tasks have passed."""

    def __init__(self, change: Reorganisation) -> None:
        self.change = change
        self.names = {pk: str(organisation_by_id(pk)) for pk in (*change.predecessor_ids, *change.successor_ids)}
        self._takers: dict[int, set[int]] = {}

    def of(self, key: int, nodes: Iterable[int | None], *, beside: int | None = None) -> Heir:
        """Who takes the matter of that key, which is about those nodes; `beside`: who has what else it belongs to."""
        parts = self.change.successor_ids
        if len(parts) == 1:
            return self._heir(parts[0], "原单位的全部工作一并转入")
        found = {pk for node in nodes if node is not None for pk in self._takers_of(node)}
        if len(found) == 1:
            return self._heir(found.pop(), "随所涉的任务")
        if not found and beside in parts:
            return self._heir(beside, "随所涉的问题或督办单")
        why = "所涉的任务分给了几个单位，单独选择" if found else "没有所涉的任务，单独选择"
        return self._heir(self.change.work.get(key, parts[0]), why, key)

    def _heir(self, organisation_id: int, why: str, key: int = 0) -> Heir:
        return Heir(organisation_id, self.names[organisation_id], why, key)

    def _takers_of(self, node: int) -> set[int]:
        """The successors that answer for the node now; where none does, those that support it."""
        if node not in self._takers:
            rows = Responsibility.objects.filter(node=node, organisation__in=self.change.successor_ids)
            held = set(rows.values_list("organisation_id", "role"))
            self._takers[node] = {pk for pk, role in held if role in ACCOUNTABLE} or {pk for pk, _ in held}
        return self._takers[node]
