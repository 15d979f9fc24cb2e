"""The lines of a stretch of clean text, as offsets: what several rooms walk over instead of searching for line ends."""

from __future__ import annotations

from collections.abc import Iterator


def line_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive, without the line feed) of every line between `start` and `end`.

    Examples
    --------
    >>> list(line_spans("甲\\n\\n乙丙", 0, 5))
    [(0, 1), (2, 2), (3, 5)]
    """
    at = start
    for line in text[start:end].split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def trimmed(text: str, start: int, end: int, *, marks: str, behind: str = " \t\u3000") -> tuple[int, int]:
    """`start` and `end` moved inward past `marks` in front and blanks (or other marks) `behind`.

    Examples
    --------
    >>> trimmed(" ;甲乙 ", 0, 5, marks=" ;")
    (2, 4)
    """
    words = text[start:end].lstrip(marks)
    begin = end - len(words)
    return begin, begin + len(words.rstrip(behind))
