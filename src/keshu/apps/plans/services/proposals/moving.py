"""Words of one year's document said of the next: the year moved, half-width marks set as an official document sets them."""

from __future__ import annotations

import re
from decimal import Decimal

from keshu.apps.plans.queries.wording import amount
from keshu.kernel.period import Period

# A lone year; not one end of 2024—2026年, and nothing inside 《》 or 〔〕, which name a document.
_YEAR = re.compile(r"(?<![\d—\-至－])(20\d\d)(?=年|年度)")
_NAMED = re.compile(r"《[^》]*》|〔[^〕]*〕")
_MARKS = str.maketrans("();!?", "（）；！？")
_COMMA = re.compile(r",(?!\d{3})|(?<!\d),")
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def in_next_year(words: str, *, year: int) -> str:
    """The words with the plan's year and those before it moved on by one; later years (到2030年) stay.

    >>> in_next_year("2026年全市工作，比2025年增长，到2030年建成；落实《2026年方案》", year=2026)
    '2027年全市工作，比2026年增长，到2030年建成；落实《2026年方案》'
    """
    kept = [match.span() for match in _NAMED.finditer(words)]

    def moved(match: re.Match[str]) -> str:
        is_name = any(start <= match.start() < end for start, end in kept)
        return match[0] if is_name or int(match[1]) > year else str(int(match[1]) + 1)

    return _YEAR.sub(moved, words)


def next_period(period: str, *, year: int) -> str:
    """The period a target of the plan of `year` has in the next plan: moved by a year, unless it runs beyond the year.

    >>> next_period("2026-06", year=2026), next_period("2026", year=2026), next_period("2030", year=2026)
    ('2027-06', '2027', '2030')
    """
    if not period:
        return ""
    if Period.parse(period).last_day.year > year:
        return period
    return re.sub(r"20\d\d", lambda match: str(int(match[0]) + 1), period)


def set_in_full(words: str) -> str:
    """Half-width marks of cleaned text as an official document sets them.

    >>> set_in_full("(高新处牵头,各县区配合);金额1,200万元:5—8家")
    '（高新处牵头，各县区配合）；金额1,200万元：5—8家'
    """
    return _COLON.sub("：", _COMMA.sub("，", words.translate(_MARKS)))


def restated(
    printed: str, *, value: Decimal | None, value_high: Decimal | None, unit: str, per: str = ""
) -> str:  # fmt: skip
    """The printed amount with another value in the same form.

    >>> restated("520家", value=Decimal(600), value_high=None, unit="家")
    '600家'
    >>> restated("3—5家", value=Decimal(4), value_high=Decimal(6), unit="家")
    '4—6家'
    >>> restated("三十项", value=Decimal(40), value_high=None, unit="项")
    '40项'
    """
    if value is None:
        return printed
    numbers = list(_NUMBER.finditer(printed))
    wanted = [abs(value) if "-" not in printed else value, *([] if value_high is None else [value_high])]
    if not numbers or len(numbers) < len(wanted):
        return amount(value, value_high, unit=unit, per=per).replace(",", "")
    made, end = "", len(printed)
    for match, number in zip(reversed(numbers[-len(wanted) :]), reversed(wanted), strict=True):
        made = _plain(number, has_comma="," in match[0]) + printed[match.end() : end] + made
        end = match.start()
    return printed[:end] + made


def _plain(number: Decimal, *, has_comma: bool) -> str:
    shown = f"{number:,f}" if has_comma else f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
