"""What a cleaning step is: a name, the noise it undoes, and the characters without which it has nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keshu.engines.plandoc.cleaning.draft import Draft


@dataclass(frozen=True, slots=True)
class Step:
    """One repair.

    ``noise`` says what is undone, ``example`` shows before and after. A step runs only where one of its ``triggers``
    is among the remarkable characters of the text (always, where there are none): most documents need few of the steps,
    and skipping costs nothing. Everyday characters cannot serve as triggers.
    """

    repair: Callable[[Draft], Draft]
    noise: str
    example: tuple[str, str]
    triggers: frozenset[str] = frozenset()

    def __call__(self, draft: Draft) -> Draft:
        if self.triggers and self.triggers.isdisjoint(draft.letters):
            return draft
        return self.repair(draft)
