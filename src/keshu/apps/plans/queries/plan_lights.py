"""The lights of a plan's rows as pages show them: one with its reason, and how many show each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import Light, PlanState, WorkPlan
from keshu.apps.plans.queries.light_columns import LIGHT_MARKS, WORST_FIRST

# The lights a page can be narrowed to, with their words.
LIGHT_CHOICES = tuple((light.value, LIGHT_MARKS[light].word) for light in WORST_FIRST)


class LightLine(NamedTuple):
    """A light with its reason in words, a person's before the rules'."""

    light: str
    reason: str

    @property
    def mark(self) -> Mark:
        return LIGHT_MARKS[Light(self.light)]

    @property
    def told(self) -> str:
        """Light and reason in a sentence."""
        return f"{self.mark.word}：{self.reason}" if self.reason else self.mark.word


NOT_JUDGED = LightLine(Light.UNKNOWN.value, "")


def light_line(shown: str | None, reason: str, chosen: str, chosen_reason: str) -> LightLine:
    """From the columns of a standing, all None for a row that was never judged."""
    if shown is None:
        return NOT_JUDGED
    return LightLine(shown, f"人工判定：{chosen_reason}" if chosen else reason)


class LightCount(NamedTuple):
    """How many rows show a light."""

    light: str
    mark: Mark
    number: int


class LightCounts(NamedTuple):
    """The worst first; lights that none shows are left out."""

    targets: tuple[LightCount, ...]
    tasks: tuple[LightCount, ...]


def has_lights(plan: WorkPlan) -> bool:
    """Only a plan in force has them; those of a revision that was replaced went with the new one."""
    return plan.state == PlanState.PUBLISHED


def light_counts(targets: Mapping[str, int], tasks: Mapping[str, int]) -> LightCounts:
    """From the numbers by light."""
    return LightCounts(_counted(targets), _counted(tasks))


def _counted(found: Mapping[str, int]) -> tuple[LightCount, ...]:
    return tuple(
        LightCount(light.value, LIGHT_MARKS[light], found[light]) for light in WORST_FIRST if found.get(light, 0)
    )
