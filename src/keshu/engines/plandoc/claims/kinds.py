"""What sort of quantity an anchor is; it decides how the words around it are read."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The sorts, each also a name of this module: ``kinds.RANK``."""

    NUMBER = "number"
    PERCENT = "percent"
    POINTS = "points"
    RANK = "rank"
    TIMES = "times"
    RATIO = "ratio"
    BREAKTHROUGH = "breakthrough"
    ALL = "all"
    ZERO = "zero"
    BENCHMARK = "benchmark"
    BARE = "bare"


# Every figure asks some fifty times for a kind, and Python 3.11 takes five times as long to find it in the enum.
NUMBER = Kind.NUMBER
PERCENT = Kind.PERCENT
POINTS = Kind.POINTS
RANK = Kind.RANK
TIMES = Kind.TIMES
RATIO = Kind.RATIO
BREAKTHROUGH = Kind.BREAKTHROUGH
ALL = Kind.ALL
ZERO = Kind.ZERO
BENCHMARK = Kind.BENCHMARK
BARE = Kind.BARE
#: 省级实验室,今年要破零: the clause in front names what is reached.
ABSOLUTE = frozenset({BREAKTHROUGH, ZERO, ALL})
