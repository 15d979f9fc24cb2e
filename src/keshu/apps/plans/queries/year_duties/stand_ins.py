"""For whom what an organisation did counts today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Subject = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class StandIns:
    """``heirs`` of those taken over; ``held_by``: who answers today for a target or task (target id, node id)."""

    heirs: Mapping[int, tuple[int, ...]]
    held_by: Mapping[Subject, frozenset[int]]

    def of(self, organisation_id: int, subject: Subject | None = None) -> tuple[int, ...]:
        """The organisation itself, or who stands in its place; of several, those that answer for the subject."""
        heirs = self.heirs.get(organisation_id)
        if heirs is None:
            return (organisation_id,)
        if len(heirs) == 1 or subject is None:
            return heirs
        holding = self.held_by.get(subject, frozenset())
        return tuple(each for each in heirs if each in holding) or heirs
