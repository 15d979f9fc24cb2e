"""Days as Chinese offices write them: 2026.3.5, 2026年3月5日, 二〇二六年三月五日, 20260305; a month stands for its first day."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from keshu.apps.bureau.services.refusals import Unacceptable

RIGHT = "请写日期，例如 2026-03-05。"
FORM = re.compile(
    r"(?P<year>\d{4})\s*[-./年]\s*(?P<month>\d{1,2})\s*(?:月|[-./]|\Z)\s*(?:(?P<day>\d{1,2})\s*[日号]?)?"
    r"(?:[ T]00?:00(?::00)?(?:\.0+)?)?\Z"
)
PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})\Z")
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
TENS = re.compile(r"(?P<tens>[二三]?)十(?P<ones>[一二三四五六七八九]?)")
# Excel counts days from here; what lies between these is a day of 1955 to 2119 and no plain number.
EPOCH, SERIALS = date(1899, 12, 30), range(20_000, 80_000)
YEARS = range(1900, 2200)


def date_of(cell: Any) -> date:
    """The day a cell speaks of; Unacceptable says what is right.

    >>> date_of("2026年3月5日").isoformat(), date_of("2026.3.5").isoformat(), date_of(46086.0).isoformat()
    ('2026-03-05', '2026-03-05', '2026-03-05')
    >>> date_of("二〇二六年十二月二十一日").isoformat(), date_of("2026-03").isoformat()
    ('2026-12-21', '2026-03-01')
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if float(cell).is_integer() and int(cell) in SERIALS:
            return EPOCH + timedelta(days=int(cell))
        cell = int(cell) if float(cell).is_integer() else cell
    given = str(cell)
    text = unicodedata.normalize("NFKC", given).strip()
    if "年" in text:
        text = TENS.sub(_tens, text).translate(DIGITS)
    found = FORM.match(text) or PACKED.match(text)
    if found is None:
        raise Unacceptable(f"填写的是“{given[:40]}”，看不懂是哪一天，{RIGHT}")
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"] or 1)
    try:
        if year not in YEARS:
            raise ValueError
        return date(year, month, day)
    except ValueError:
        raise Unacceptable(f"填写的是“{given[:40]}”，没有这一天，{RIGHT}") from None


def _tens(found: re.Match[str]) -> str:
    tens = {"": 1, "二": 2, "三": 3}[found["tens"]]
    return f"{tens}{found['ones'].translate(DIGITS) or 0}"
