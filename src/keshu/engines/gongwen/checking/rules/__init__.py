"""The rules, each a function from a `Reading` to observations."""

from keshu.engines.gongwen.checking.rules import looks, pages, room, structure, words
from keshu.engines.gongwen.checking.rules.reading import Check, Reading

CHECKS: tuple[Check, ...] = (*pages.CHECKS, *looks.CHECKS, *words.CHECKS, *room.CHECKS, *structure.CHECKS)

__all__ = ["CHECKS", "Check", "Reading"]
