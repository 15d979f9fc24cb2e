"""Periods as offices write them in a cell, 2026年上半年 and 2021—2025年, or as the kernel writes them."""

from __future__ import annotations

import re
import unicodedata

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.queries.wording import period_text
from keshu.kernel.period import Period

HALVES = {"上": 1, "下": 2}
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
DASH = r"\s*(?:-{1,2}|—{1,2}|–|~|至|到)\s*"
YEAR = re.compile(r"(\d{4})年?(?:全年|度)?\Z")
HALF = re.compile(r"(\d{4})年([上下])半年\Z")
QUARTER = re.compile(r"(\d{4})年第?([一二三四1-4])季度\Z")
MONTH = re.compile(r"(\d{4})[年./-](\d{1,2})月?(?:[/.-]0?1)?(?:底|末)?\Z")
YEARS = re.compile(rf"(\d{{4}})年?{DASH}(\d{{4}})年?\Z")
MONTHS = re.compile(rf"(\d{{4}})年(\d{{1,2}})月?{DASH}(\d{{1,2}})月\Z")


def period_of(text: str) -> str:
    """The period as it is stored; Unacceptable says which forms are understood.

    >>> period_of("2026年上半年"), period_of("2026年第2季度"), period_of("2026.6"), period_of("2021—2025年"), period_of("2026-Q2")
    ('2026-H1', '2026-Q2', '2026-06', '2021/2025', '2026-Q2')
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    try:
        return str(_read(plain) or Period.parse(plain))
    except ValueError:
        told = f"填写的是“{text[:40]}”，看不懂是什么时期。请写 2026年、2026年上半年、2026年二季度、2026年6月或 2021—2025年。"
        raise Unacceptable(told) from None


def _read(text: str) -> Period | None:
    if found := YEAR.match(text):
        return Period.year(int(found[1]))
    if found := HALF.match(text):
        return Period.half(int(found[1]), HALVES[found[2]])
    if found := QUARTER.match(text):
        return Period.quarter(int(found[1]), QUARTERS[found[2]])
    if found := MONTH.match(text):
        return Period.month(int(found[1]), int(found[2]))
    if found := YEARS.match(text):
        return Period.years(int(found[1]), int(found[2]))
    if found := MONTHS.match(text):
        year = int(found[1])
        return Period(Period.month(year, int(found[2])).first, Period.month(year, int(found[3])).last)
    first, separator, last = text.partition("至")
    if separator and (one := _read(first)) and (other := _read(last)):
        return Period(one.first, other.last)
    return None


def written(period: str) -> str:
    """The period as people write it, so that `period_of` reads the same."""
    text = period_text(period)
    try:
        return text if not period or period_of(text) == period else period
    except Unacceptable:
        return period
