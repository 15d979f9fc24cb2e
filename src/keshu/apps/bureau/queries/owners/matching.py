"""How near a printed name is to the name of an organisation, from 0 (nothing in common) to 1 (the same stem)."""

from __future__ import annotations

from keshu.apps.bureau.queries.owners.words import stem

SAME_STEM = 0.95
INITIAL_ABBREVIATION = 0.9
INNER_PART = 0.8


def likeness(text: str, name: str) -> float:
    """Of two folded names.

    高新科 and 高新处 share the stem; 农社处 abbreviates 农村与社会发展处; 平台处 is part of 科研平台处.
    """
    short, long = sorted((stem(text), stem(name)), key=len)
    if not short:
        return 0.0
    if short == long:
        return SAME_STEM
    closeness = len(short) / len(long) / 20  # between two that are abbreviated alike, the shorter name is the nearer
    if len(short) >= 2 and short[0] == long[0] and _is_in_order(short, long):
        return INITIAL_ABBREVIATION + closeness if long.startswith(short) else INITIAL_ABBREVIATION - 0.05 + closeness
    if len(short) >= 2 and short in long:
        return INNER_PART + closeness
    return 0.75 * _shared_pairs(short, long)


def _is_in_order(short: str, long: str) -> bool:
    """Whether the characters of `short` occur in `long` in the same order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _shared_pairs(one: str, other: str) -> float:
    """Dice coefficient over neighbouring characters."""
    first, second = _pairs(one), _pairs(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
