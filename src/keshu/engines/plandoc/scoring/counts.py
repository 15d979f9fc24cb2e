"""What is counted when readings are scored, and the three ratios that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from keshu.engines.plandoc.scoring.matching import ATTRIBUTES


@dataclass(frozen=True, slots=True)
class Ratio:
    """Precision, recall and F1 of `right` among `read` entries and `labelled` ones. Nothing to read and nothing read is 1."""

    right: int
    read: int
    labelled: int

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else float(not self.labelled)

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else float(not self.read)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one document or the sum of several.

    ``value_unit`` and ``full`` are claims right in value and unit, and in all that matters; ``read`` leaves out readings
    of optional entries (``neutral``); ``traps`` are readings of look-alikes. ``attributes`` counts right ones over
    ``matched`` pairs.
    """

    labelled: int = 0
    read: int = 0
    neutral: int = 0
    matched: int = 0
    value_unit: int = 0
    full: int = 0
    traps: int = 0
    labelled_targets: int = 0
    right_targets: int = 0
    labelled_actuals: int = 0
    right_actuals: int = 0
    nodes_labelled: int = 0
    nodes_read: int = 0
    nodes_right: int = 0
    levels_right: int = 0
    kinds_right: int = 0
    owners_labelled: int = 0
    owners_read: int = 0
    owners_right: int = 0
    names_labelled: int = 0
    names_read: int = 0
    names_right: int = 0
    meta_fields: int = 0
    meta_right: int = 0
    attributes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ATTRIBUTES, 0))

    def __add__(self, other: Counts) -> Counts:
        sums = {
            entry.name: getattr(self, entry.name) + getattr(other, entry.name)
            for entry in fields(self)
            if entry.name != "attributes"
        }
        return Counts(**sums, attributes={name: self.attributes[name] + other.attributes[name] for name in ATTRIBUTES})

    @property
    def value_and_unit(self) -> Ratio:
        return Ratio(self.value_unit, self.read, self.labelled)

    @property
    def fully_right(self) -> Ratio:
        return Ratio(self.full, self.read, self.labelled)

    @property
    def nodes(self) -> Ratio:
        return Ratio(self.nodes_right, self.nodes_read, self.nodes_labelled)

    @property
    def owners(self) -> Ratio:
        return Ratio(self.owners_right, self.owners_read, self.owners_labelled)

    @property
    def trap_rate(self) -> float:
        """Readings of look-alikes among all readings."""
        return self.traps / self.read if self.read else 0.0
