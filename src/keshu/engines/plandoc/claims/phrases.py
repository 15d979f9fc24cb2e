"""How the catalogue is written: one frozen entry per phrase, each with its meaning and with examples that a test executes.

An example is a clause and its reading. The reading names one claim per number, ` | ` between them::

    [indicator:] op value[-high] unit measure [stretch] [actual] [masked] [period]

``-`` stands for a missing value or unit. Examples are read in a goals section of a plan for 2024; a leading ``实绩>``
reads them as results of 2023, ``规划>`` as goals of a plan for 2021-2025. An empty reading says: no claim at all.
"""

from __future__ import annotations

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


class Endings:
    """Finds which of a set of words a text ends in, the longest first; a few dictionary look-ups, whatever the set's size."""

    __slots__ = ("_lengths", "_words")

    def __init__(self, words: Mapping[str, object]) -> None:
        self._words = dict(words)
        self._lengths = sorted({len(word) for word in words}, reverse=True)

    def find(self, text: str) -> str | None:
        size = len(text)
        for length in self._lengths:
            if length <= size and text[size - length :] in self._words:
                return text[size - length :]
        return None


def words(text: str) -> tuple[str, ...]:
    """The words of a blank-separated list."""
    return tuple(text.split())
