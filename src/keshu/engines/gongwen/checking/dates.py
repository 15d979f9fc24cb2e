"""Dates of issue as offices write them, and in the standard's form (7.3.5.4)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from keshu.engines.gongwen.checking.numbering import chinese_number

_NOUGHTS = "〇○◯ＯO０零"
_CHINESE = "一二三四五六七八九"
_OPEN = r"[×xXｘＸ*＊_＿]{0,4}"  # a month or a day still to be filled in
_YEAR = rf"(?:\d{{4}}|\d{{2}}|[二一2][{_NOUGHTS}\d{_CHINESE}]{{3}}|[×xXｘＸ]{{2,4}})"
_MONTH_OR_DAY = rf"(?:\d{{1,2}}|[元{_CHINESE}十廿]{{1,3}}|{_OPEN})"

# A date however it is written: 2026年3月5日, 二〇二六年三月五日, 二○二六年3月5日, 2026.3.5, 2026-3-5, 2026年3月×日.
DATE = re.compile(
    rf"{_YEAR}\s*年\s*{_MONTH_OR_DAY}\s*月\s*{_MONTH_OR_DAY}\s*日|\d{{2,4}}年\d{{1,2}}月\d{{1,2}}"
    r"|\d{4}\s*[-./．－]\s*\d{1,2}\s*[-./．－]\s*\d{1,2}"
)
ENDS_WITH_DATE = re.compile(rf"(?:{DATE.pattern})[）)]?$")
_DIGITS = {**dict.fromkeys(_NOUGHTS, "0"), **{c: str(i) for i, c in enumerate(_CHINESE, 1)}}


def right_date(words: str) -> str | None:
    """A date in the standard's form; None where year, month or day cannot be told, or there is no such day.

    Examples
    --------
    >>> right_date("2026年03月05日"), right_date("二〇二六年三月十二日"), right_date("二○二六年11月5日")
    ('2026年3月5日', '2026年3月12日', '2026年11月5日')
    >>> right_date("2026-3-5"), right_date("26年3月5日"), right_date("2026年2月30日")
    ('2026年3月5日', None, None)
    """
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", words))
    pieces = [piece for piece in re.split(r"[年月日.\-/]", plain) if piece]
    if len(pieces) != 3:
        return None
    year = "".join(_DIGITS.get(character, character) for character in pieces[0])
    if not re.fullmatch(r"[12][0-9]{3}", year):
        return None
    try:
        day = date(int(year), *(_small_number(piece) for piece in pieces[1:]))
    except ValueError:
        return None
    return f"{day.year}年{day.month}月{day.day}日"


def _small_number(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    return next((value for value in range(1, 32) if chinese_number(value) == text.replace("元", "一")), 0)
