"""Deadlines to the day (12月15日前), which the engine's periods of whole months do not hold."""

from __future__ import annotations

import re
from datetime import date

from keshu.apps.plans.models import Tense
from keshu.kernel.period import Period

# A month as a text names it, with the day where one is printed: 12月15日前, 2026年6月底前, 9月.
_MONTH = re.compile(r"(?:20\d\d年)?(?<!\d)(1[0-2]|0?[1-9])月(?:(3[01]|[12]\d|0?[1-9])日)?")
_BY_DAY = re.compile(r"(?:20\d\d年)?(?<!\d)(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日(?:之?前|以前|前)")
_SENTENCE = re.compile(r"[。;；\n]")
DECEMBER = 12


def due_date(period: str, *, tense: str, words: str = "") -> date | None:
    """The day a target is due: the one that `words` name in the period's last month, else the period's last day.

    An achieved figure is due no more.
    """
    if not period or tense != Tense.TARGET:
        return None
    return due_day(Period.parse(period), words=words)


def due_day(period: Period, *, words: str) -> date:
    """The last day of the period, or the day of its last month that stands last in the words.

    >>> due_day(Period.parse("2026-12"), words="6月底前摸底,12月15日前新设支行"), due_day(Period.parse("2026"), words="3月5日")
    (datetime.date(2026, 12, 15), datetime.date(2026, 12, 31))
    """
    last = period.last_day
    found = [match.groups() for match in _MONTH.finditer(words)]
    if not found or found[-1][1] is None or int(found[-1][0]) != last.month:
        return last
    return last.replace(day=min(int(found[-1][1]), last.day))


def words_before(text: str, *, start: int, end: int) -> str:
    """The sentence from its beginning to `end`, in which the words from `start` stand."""
    breaks = [match.end() for match in _SENTENCE.finditer(text, max(0, start - 400), start)]
    return text[breaks[-1] if breaks else max(0, start - 400) : end]


def last_deadline(text: str, *, year: int) -> tuple[str, date] | None:
    """Of a task that also runs through the year, the day in December that ends it, as printed; None where there is none."""
    found = [match for match in _BY_DAY.finditer(text) if int(match[1]) == DECEMBER]
    return (found[-1][0], date(year, DECEMBER, int(found[-1][2]))) if found else None
