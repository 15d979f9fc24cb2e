"""Dates, years and deadlines as documents print them, in the clean text."""

from __future__ import annotations

import re

from keshu.kernel.period import Period

_CIRCLES = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_DAY = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[年.\-/]\s*(?P<m>0?[1-9]|1[0-2])\s*[月.\-/]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)日?"
)
_HAN_DAY = re.compile(
    r"(?P<y>[二一][〇○零Oo0九][〇○零Oo0一二三四五六七八九]{2})年(?P<m>十?[一二三四五六七八九十])月"
    r"(?P<d>(?:[二三]?十)?[一二三四五六七八九十]?)日"
)
_HAN_VALUES = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
_FIVE_YEARS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031}
_FIVE_YEAR = re.compile("十[一二三四五六]五")
_YEAR_SPAN = re.compile(r"((?:19|20)\d\d)年?\s*(?:[—–―~\-－至到]|—{2})\s*((?:19|20)\d\d)(?!\d)")
_LOST_DASH = re.compile(r"(?<!\d)(20[0-4]\d)(20[0-4]\d)年?(?!\d)")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年|\s*年度)")
MASKED_YEAR = re.compile(r"(?:[xX×*]{2,4}|20[xX×*]{1,2}|20\d[xX×*])年")


def _han(text: str) -> int:
    """十二 as 12, 二十 as 20, 三 as 3."""
    tens, ten, ones = text.partition("十")
    return (_HAN_VALUES.get(tens, 1) * 10 if ten else 0) + _HAN_VALUES.get(ones if ten else tens, 0)


def find_day(text: str) -> tuple[int, int, str] | None:
    """The first full date in `text` as (start, end, ISO), in digits or Chinese numerals.

    Examples
    --------
    >>> find_day("日期:二〇二〇年一月十四日")
    (3, 13, '2020-01-14')
    """
    found = [
        (match.start(), match.end(), f"{int(match['y']):04d}-{int(match['m']):02d}-{int(match['d']):02d}")
        for match in [_DAY.search(text)]
        if match is not None
    ]
    han = _HAN_DAY.search(text)
    if han is not None and han["d"]:
        year = int(han["y"].translate(_CIRCLES))
        found.append((han.start(), han.end(), f"{year:04d}-{_han(han['m']):02d}-{_han(han['d']):02d}"))
    return min(found, default=None)


def year_span(text: str) -> Period | None:
    """The span of years a title or heading names: 十四五, 2023—2025年, 20232025 (dash lost).

    Examples
    --------
    >>> str(year_span("三年行动方案(2023-2025年)"))
    '2023/2025'
    """
    match = _YEAR_SPAN.search(text) or _LOST_DASH.search(text)
    if match is not None:
        first, last = int(match[1]), int(match[2])
        return Period.years(first, last) if 0 < last - first <= 30 else None
    named = _FIVE_YEAR.search(text)
    if named is None:
        return None
    first = _FIVE_YEARS[named[0]]
    return Period.years(first, first + 4)


_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)([1-9]|1[0-2])\s*(?:月份?)?\s*[—–\-~至到]\s*([1-9]|1[0-2])\s*月"), "months"),
    (re.compile("前三季度|前3季度|三季度(?:末|底)?以来"), "1-9"),
    (re.compile("上半年"), "H1"),
    (re.compile("下半年"), "H2"),
    (re.compile("(?:第)?([一二三四1-4])季度"), "quarter"),
    (re.compile(r"(?<!\d)([1-9]|1[0-2])月(?!\d*日)"), "month"),
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


def part_of_year(text: str, *, year: int) -> Period | None:
    """The part of `year` that a heading or title names (上半年, 1-9月, 前三季度, 三季度), or None."""
    for pattern, form in _PARTS:
        match = pattern.search(text)
        if match is None:
            continue
        if form == "months":
            first, last = int(match[1]), int(match[2])
            return Period(year * 12 + first - 1, year * 12 + last - 1) if first <= last else None
        if form == "1-9":
            return Period(year * 12, year * 12 + 8)
        if form == "quarter":
            return Period.quarter(year, _QUARTERS.get(match[1]) or int(match[1]))
        if form == "month":
            return Period.month(year, int(match[1]))
        return Period.half(year, int(form[1]))
    return None


_DUE_WORDS = re.compile(
    r"(?:20\d\d年)?(?:1[0-2]|[1-9])月(?:\d{1,2}日|底|末|份)?(?:之?前|以前)(?=[\u4e00-\u9fff“])|"
    r"(?:20\d\d年)?第?[一二三四]季度(?:末|底)?(?:之?前)(?=[\u4e00-\u9fff“])"
)
_ALL_YEAR = re.compile(r"全年|年内|年底|每[年季月周]|常态|持续|20\d\d年(?!\d)")


def due_in_words(text: str, start: int, end: int) -> str:
    """The last deadline that a task's own words set, "" where some of it runs through the year.

    Examples
    --------
    >>> due_in_words("6月底前完成摸底,9月底前建成平台。", 0, 18), due_in_words("6月底前完成摸底,全年走访60家。", 0, 17)
    ('9月底前', '')
    """
    if text.find("前", start, end) < 0:
        return ""
    found = [match[0] for match in _DUE_WORDS.finditer(text, start, end)]
    if not found or _ALL_YEAR.search(text, start, end):
        return ""
    return max(found, key=lambda words: (find_deadline(words, year=2000) or Period.year(1)).last)


_DUE_MONTH = re.compile(r"(?:(?P<y>20\d\d)\s*[年.\-/])?\s*(?P<m>1[0-2]|0?[1-9])\s*(?:月|[.\-/](?=\d))")
_DUE_YEAR = re.compile(r"(?P<y>20\d\d)\s*年?")
_DUE_QUARTER = re.compile(r"(?:第)?(?P<q>[一二三四1-4])季度(?P<end>末|底|前|结束)?")


def find_deadline(text: str, *, year: int | None) -> Period | None:
    """The month, part or year by which a 完成时限 falls; None for standing work (长期, 全年推进, 每季度末).

    A month is itself, a quarter with 末 or 前 the month it ends in, 年底 its December.

    Examples
    --------
    >>> str(find_deadline("2021年11月底前", year=2021)), find_deadline("长期坚持", year=2021)
    ('2021-11', None)
    """
    if re.search("每|长期|持续|常态|全年推进|全年实施|立行立改", text):
        return None
    months = list(_DUE_MONTH.finditer(text))
    if months:
        years = [int(match["y"]) for match in months if match["y"]]
        stated = int(months[-1]["y"]) if months[-1]["y"] else (years[-1] if years else year)
        return None if stated is None else Period.month(stated, int(months[-1]["m"]))
    own = _DUE_YEAR.search(text)
    stated = int(own["y"]) if own else year
    if stated is None:
        return None
    quarter = _DUE_QUARTER.search(text)
    if quarter is not None:
        period = Period.quarter(stated, _QUARTERS.get(quarter["q"]) or int(quarter["q"]))
        return Period(period.last, period.last) if quarter["end"] else period
    if "上半年" in text or "年中" in text:
        return Period.half(stated, 1)
    if "下半年" in text:
        return Period.half(stated, 2)
    if re.search("年底|年末|年内|全年|当年", text):
        return Period.month(stated, 12) if re.search("年底|年末", text) else Period.year(stated)
    return Period.year(stated) if own else None
