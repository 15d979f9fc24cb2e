"""What an organisation did in the year, as the rules look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from keshu.engines.appraisal.scheme import Kind

# 左右 and 约 are kept within a twentieth.
ABOUT = Fraction(1, 20)


class Outcome(StrEnum):
    DONE = "done"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was to be done: a form, a task, a notice, an issue. ``times`` it went wrong, where that is counted.

    ``key`` leads to its page; ``what`` names it; ``told`` says in words what was found.
    """

    key: str
    what: str
    outcome: Outcome
    told: str = ""
    times: int = 1


class Sense(StrEnum):
    """In which direction a figure must go. ``HAPPEN``: anything above nothing; ``NONE``: there is no figure to compare with."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    BETWEEN = "between"
    HAPPEN = "happen"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target asks: a value, or from ``value`` to ``high``, in one unit with the figure reached."""

    sense: Sense
    value: Fraction | None = None
    high: Fraction | None = None

    def reached(self, figure: Fraction) -> Fraction | None:
        """How much of it this figure is: 1 is the whole, more where it goes beyond; None where that cannot be said.

        >>> Aim(Sense.AT_LEAST, Fraction(120)).reached(Fraction(90)), Aim(Sense.AT_MOST, Fraction(5)).reached(Fraction(8))
        (Fraction(3, 4), Fraction(5, 8))
        """
        if self.sense == Sense.HAPPEN:
            return Fraction(figure > 0)
        if self.sense == Sense.NONE or self.value is None:
            return None
        if self.sense == Sense.AT_MOST:
            return _no_more_than(self.value, figure)
        if self.sense == Sense.BETWEEN and self.high is not None:
            return (
                _no_more_than(self.high, figure) if figure > self.high else min(Fraction(1), _share(self.value, figure))
            )
        if self.sense == Sense.ABOUT and abs(figure - self.value) <= abs(self.value) * ABOUT:
            return Fraction(1)
        return _share(self.value, figure)


def _share(wanted: Fraction, figure: Fraction) -> Fraction:
    if wanted <= 0:
        return Fraction(figure >= wanted)
    return max(Fraction(0), figure / wanted)


def _no_more_than(limit: Fraction, figure: Fraction) -> Fraction:
    if figure <= limit:
        return Fraction(1)
    return limit / figure if limit > 0 else Fraction(0)


@dataclass(frozen=True, slots=True)
class Goal:
    """A target of the year: the figure reached, else how far its people say it has come (0 to 100).

    ``is_done`` is a person's word that it is reached, which prevails.
    """

    key: str
    what: str
    aim: Aim
    figure: Fraction | None = None
    percent: int | None = None
    is_done: bool = False
    told: str = ""

    @property
    def reached(self) -> Fraction:
        """How much of it is reached; nothing where nothing was reported."""
        found = None if self.figure is None else self.aim.reached(self.figure)
        if found is None:
            found = Fraction(self.percent or 0, 100)
        return max(found, Fraction(1)) if self.is_done else found


@dataclass(frozen=True, slots=True)
class Mark:
    """Points that a person gave (+) or took (-) under a rule, with the reason."""

    key: str
    points: Fraction
    reason: str
    told: str = ""


Fact: TypeAlias = Deed | Goal


@dataclass(frozen=True, slots=True)
class Subject:
    """One organisation with its facts by kind and its marks by rule."""

    key: str
    name: str
    facts: Mapping[Kind, Sequence[Fact]] = field(default_factory=dict)
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)
