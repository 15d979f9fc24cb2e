"""How the catalogue is written: one frozen entry per phrase, each with its meaning and with examples that a test executes.

An example is a clause and its reading. The reading names one claim per number, ` | ` between them::

    [indicator:] op value[-high] unit measure [stretch] [actual] [masked] [period]

``-`` stands for a missing value or unit. Examples are read in a goals section of a plan for 2024; a leading ``实绩>``
reads them as results of 2023, ``规划>`` as goals of a plan for 2021-2025. An empty reading says: no claim at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A clause (`text`) and what it says (`reads`)."""

    text: str
    reads: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the catalogue.

    ``words`` are the literal forms, or one regular expression where `pattern` is true; ``means`` says in a line what the
    phrase does to a reading.
    """

    name: str
    words: tuple[str, ...]
    means: str
    examples: tuple[Example, ...]
    pattern: bool = False

    def source(self) -> str:
        """The phrase as the source of a regular expression."""
        return "|".join(self.words)


def examples(*pairs: tuple[str, str]) -> tuple[Example, ...]:
    """Write examples as pairs of clause and reading."""
    return tuple(Example(text, reads) for text, reads in pairs)


def longest_first(words: Iterable[str]) -> str:
    """An alternation that prefers the longest word."""
    return "|".join(sorted(set(words), key=lambda word: (-len(word), word)))


def branching(words: Mapping[str, str]) -> str:
    """The same alternation, branching by character so that hundreds of words cost no more than a few.

    Parameters
    ----------
    words : plain words, each with the expression that must follow it (often ``""``)

    Examples
    --------
    >>> branching({"新增": "", "新建": "(?!议)", "举办": ""})
    '举办|新(?:增|建(?!议))'
    """
    tails: dict[str, dict[str, str]] = {}
    for word, follows in words.items():
        tails.setdefault(word[0], {})[word[1:]] = follows
    return "|".join(re.escape(first) + _branch(tails[first]) for first in sorted(tails))


def _branch(tails: Mapping[str, str]) -> str:
    longer = branching({tail: follows for tail, follows in tails.items() if tail})
    if not longer:
        return tails[""]
    if "" in tails:
        return f"(?:{longer}|{tails['']})"
    return f"(?:{longer})" if "|" in longer else longer


class Endings:
    """Finds which of a set of words a text ends in, the longest first; a few dictionary look-ups, whatever the set's size."""

    __slots__ = ("_lengths", "_words")

    def __init__(self, words: Mapping[str, object]) -> None:
        self._words = frozenset(words)
        #: The lengths, longest first, of the words that end in each character.
        self._lengths = {
            last: sorted({len(word) for word in words if word[-1] == last}, reverse=True)
            for last in {word[-1] for word in words}
        }

    def find(self, text: str) -> str | None:
        for length in self._lengths.get(text[-1:], ()):
            if (ending := text[-length:]) in self._words:
                return ending
        return None


def words(text: str) -> tuple[str, ...]:
    """The words of a blank-separated list."""
    return tuple(text.split())
