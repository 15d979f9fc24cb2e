"""What time a figure speaks of: time expressions of a draft, and which of them governs a place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keshu.kernel.period import Period

_NUMERALS = {
    "十二": 12, "十一": 11, "十": 10, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_N = rf"(?:1[0-2]|0?[1-9]|{'|'.join(_NUMERALS)})"
_WORDS = "今年|本年|去年|上年|前年|上一年|明年|下一年|次年|来年"
_YEAR = rf"(?:(?P<year>20\d\d)年度?|(?P<word>{_WORDS}))?"
_TO = r"\s*(?:[-—–~～]+|至|到)\s*"
_EXPRESSION = re.compile(
    rf"(?P<until>截至|截止到?|到|至)?(?:目前)?{_YEAR}(?:"
    rf"(?P<first>{_N})月?份?{_TO}(?P<last>{_N})月(?:份|底|末)?"
    rf"|前(?P<quarters>[一二三四两123])个?季度"
    rf"|(?P<half>上半年|下半年)"
    rf"|第?(?P<quarter>[一二三四1234])季度"
    rf"|前(?P<months>{_N})个月"
    rf"|(?P<month>{_N})月(?:份|底|末|当月)?(?P<day>\d{{1,2}}日)?(?P<by>前)?"
    rf"|(?P<same>同期|这个?时候|此时|这会儿)"
    rf"|(?P<whole>全年|一?整年|一年|年底|年末|底|末)"
    rf"|(?P<prior>上个?月(?:份|底|末)?)"
    rf"|(?P<now>现在|如今|眼下|当前|目前)"
    rf")"
    rf"|(?P<ago>[一二三四五六七八九十两半1-9])(?P<span>个月|年)前"
    rf"|(?:(?P<year2>20\d\d)年度?(?!\d)|(?P<word2>{_WORDS}))"
)
# So far into a sentence a time opens it.
_OPENING = 4
_TITLE, _TITLE_LINES = 50, 4
# From this day on a month counts as over.
_MONTH_END = 25
# A period behind these is what a figure is compared with, not the time of the figure.
_COMPARED = re.compile(r"(?:比|较|同|与|相比|对比)$")
# Words that mean a year only behind its name: 去年一整年, 2025年底.
_OF_A_YEAR = ("底", "末", "一整年", "整年", "一年")
_BACK = {
    "去年": 1,
    "上年": 1,
    "上一年": 1,
    "前年": 2,
    "今年": 0,
    "本年": 0,
    "明年": -1,
    "下一年": -1,
    "次年": -1,
    "来年": -1,
}


@dataclass(frozen=True, slots=True)
class When:
    """A time of the draft. ``is_relative``: 去年, 上年同期, which reach no further than their sentence.

    ``is_year`` tells that only the year is said. ``until`` is the end of the bracket that a time cannot leave because it
    stands there beside a figure of its own: 301人次（9月271人次）. ``is_until``: 截至10月底.
    """

    start: int
    end: int
    period: Period
    is_relative: bool = False
    is_year: bool = False
    until: int | None = None
    is_until: bool = False

    @property
    def is_so_far(self) -> bool:
        """Whether what is told of it was done by then: 截至10月底, 1—10月."""
        return self.is_until or is_so_far(self.period)


def is_so_far(period: Period) -> bool:
    """Whether the time runs from January to some month (1—10月), as figures of what was done do."""
    return period.first % 12 == 0 and 1 < period.months < 12


@dataclass(frozen=True, slots=True)
class Times:
    """The times that a text names, in order. ``default`` is its title's, else the one assumed (``is_assumed``).

    ``written`` is the title's as it stands there; a month later than what is known is the month of writing.
    """

    found: tuple[When, ...]
    default: Period | None
    is_assumed: bool = False
    written: Period | None = None

    def of_words(self, words: str) -> When | None:
        """The time that words of their own (the head of a column) name, counted from this text's."""
        if self.default is None or not words:
            return None
        match = next((each for each in _EXPRESSION.finditer(words) if each[0]), None)
        if match is None:
            return None
        year, head = self.default.last // 12, self.default
        return _read(match, words, year=year, before=head, head=head, written=self.written)

    def is_shut(self, period: Period, *, since: int, at: int) -> bool:
        """Whether a bracket between the two places holds this time, so that it says nothing of what stands behind."""
        return any(
            when.until is not None and since <= when.start and when.until < at and when.period.last == period.last
            for when in self.found
        )

    def of(self, place: int, *, sentence: int, paragraph: int, numbers: Sequence[int]) -> When | None:
        """The time that governs a place: the last one named in its sentence, else the last lasting one of its paragraph.

        去年 that opens a sentence governs it; in the midst of one (，去年同期为50家) it governs the next number only.
        `numbers` are where the figures of the text begin.
        """
        before = self.found[: bisect_left([when.end for when in self.found], place + 1)]
        for when in reversed(before):
            if when.start < paragraph:
                break
            if when.until is not None and place > when.until:
                continue
            is_passing = when.is_relative and when.start > sentence + _OPENING
            is_spent = is_passing and bisect_left(numbers, place) > bisect_left(numbers, when.end)
            if not is_spent and (when.start >= sentence or not when.is_relative):
                return when
        return None


def read_times(text: str, *, as_of: Period | None) -> Times:
    """Every time expression of a text. Where its title names no time, 今年 and 上年同期 count from `as_of`.

    >>> [str(when.period) for when in read_times("2026年1—10月，前三季度，去年同期", as_of=Period.parse("2026-10")).found]
    ['2026-01/2026-10', '2026-01/2026-09', '2025-01/2025-09']
    """
    titled = _title_time(text, as_of=as_of)
    head = _reported(titled, as_of)
    year = head.last // 12 if head is not None else None
    # 今年 is the writer's year; a text that never names that year counts from the first year it does name.
    is_told = titled is not None or (year is not None and f"{year}年" in text)
    found: list[When] = []
    for match in _EXPRESSION.finditer(text):
        # 全年目标 beside it is no time that 同期 could be the same as.
        lasting = next((each.period for each in reversed(found) if not each.is_relative and not each.is_year), head)
        lasting = _reported(lasting, as_of)
        when = _read(match, text, year=year, before=lasting, head=head, written=titled)
        if when is not None:
            found.append(_bracketed(when, text))
            if year is None or (match["year"] and not when.is_relative and len(found) == 1 and not is_told):
                year = when.period.last // 12
    return Times(tuple(found), head, titled is None, titled)


def _reported(titled: Period | None, as_of: Period | None) -> Period | None:
    """The time that figures are of: a paper of November speaks of what is known, which reaches to the end of October."""
    if titled is None or as_of is None:
        return titled or as_of
    is_date = titled.months == 1 and titled.last > as_of.last and as_of.months < 12
    return as_of if is_date else titled


def _title_time(text: str, *, as_of: Period | None) -> Period | None:
    """The time that the first lines name (2026年10月); where they name a year at most, the months that the first sentence
    opens with (1—9月，全市…)."""
    found: list[Period] = []
    year = None if as_of is None else as_of.last // 12
    for line in text.split("\n")[:_TITLE_LINES]:
        if len(line) > _TITLE or "。" in line:
            break
        for match in _EXPRESSION.finditer(line):
            found += _titled(match, line, year=found[0].last // 12 if found else year)
    if found and found[0].months != 12:
        return found[0]
    year = found[0].last // 12 if found else year
    months = next((period for period in found if is_so_far(period) and period.last // 12 == year), None)
    return months or (None if year is None else _opening_time(text, year=year)) or (found[0] if found else None)


def _titled(match: re.Match[str], line: str, *, year: int | None) -> Iterator[Period]:
    """The time that a title says with its year; of a year said before it or assumed only 1—9月 and the like."""
    when = _read(match, line, year=None, before=None, head=None, written=None)
    if when is not None:
        yield when.period
    elif year is not None and (match["last"] or match["months"] or match["quarters"]):
        when = _read(match, line, year=year, before=None, head=None, written=None)
        if when is not None and is_so_far(when.period):
            yield when.period


def _opening_time(text: str, *, year: int) -> Period | None:
    """The months up to which the first sentence of the text tells what was done."""
    line = next((each for each in text.split("\n") if len(each) > _TITLE or "。" in each), "")
    match = next((each for each in _EXPRESSION.finditer(line) if each[0]), None)
    if match is None or match.start() > _OPENING or not (match["first"] or match["months"] or match["quarters"]):
        return None
    when = _read(match, line, year=year, before=None, head=None, written=None)
    return when.period if when is not None and is_so_far(when.period) and when.period.last // 12 == year else None


def _read(
    match: re.Match[str],
    text: str,
    *,
    year: int | None,
    before: Period | None,
    head: Period | None,
    written: Period | None,
) -> When | None:
    if not match[0]:
        return None
    if match["day"] and match["by"]:
        return None
    if match["day"] and not match["until"]:
        return _of_day(match, text, year)
    if match["ago"]:
        return _ago(match, before)
    is_compared = _COMPARED.search(text[max(0, match.start() - 2) : match.start()]) is not None
    # 较9月底的178项: with 的 the time compared with is the time of the figure that follows, and of that alone.
    if is_compared and not re.match(r"的?(?:约|近)?\d", text[match.end() : match.end() + 4]):
        return None
    if match["now"]:
        return None if head is None else When(match.start(), match.end(), head, is_year=head.months == 12)
    if match["prior"]:
        # The month before the one that the title names; where it names none, nobody knows which month is meant.
        return None if written is None or written.months == 12 else _month_before(match, written)
    word = match["word"] or match["word2"]
    printed = match["year"] or match["year2"]
    if word is not None and year is None:
        return None
    if printed is None and year is None:
        return None
    of = int(printed) if printed else (year or 0) - _BACK.get(word or "今年", 0)
    relative = is_compared or (bool(word) and _BACK[word or "今年"] > 0)
    if match["same"]:
        # 同期 without 去年 is the time spoken of anyway.
        if before is None or not (word or printed):
            return None
        months = before.same_period_of(before.first // 12 - 1) if not printed else before.same_period_of(of)
        return When(match.start(), match.end(), months, True)
    period = _period(match, of)
    is_year = period.months == 12
    if is_year and not (printed or word or match["whole"]):
        return None
    if match["whole"] in _OF_A_YEAR and not (printed or word):
        return None
    return When(match.start(), match.end(), period, relative, is_year, is_until=(match["until"] or "").startswith("截"))


def _of_day(match: re.Match[str], text: str, year: int | None) -> When | None:
    """A day that opens its line (a chronicle, a report's date): what is told then is known up to the month's end before."""
    if text[match.start() - 1 : match.start()] not in ("", "\n") or not (match["year"] or year):
        return None
    month = Period.month(int(match["year"] or year or 0), _count(match["month"]))
    last = month.last if int(match["day"].rstrip("日")) >= _MONTH_END else month.last - 1
    return When(match.start(), match.end(), Period(last, last))


def _ago(match: re.Match[str], before: Period | None) -> When | None:
    """一个月前, 一年前: counted from the time spoken of."""
    if before is None or before.months == 12 or match["ago"] == "半":
        return None
    back = _count(match["ago"]) * (12 if match["span"] == "年" else 1)
    return When(match.start(), match.end(), Period(before.last - back, before.last - back), is_relative=True)


def _bracketed(when: When, text: str) -> When:
    """The time with the end of its bracket, where a figure stands behind it in there."""
    line = text.rfind("\n", 0, when.start) + 1
    opened = max(text.rfind("（", line, when.start), text.rfind("(", line, when.start))
    if opened < 0 or max(text.rfind("）", opened, when.start), text.rfind(")", opened, when.start)) > opened:
        return when
    closed = re.compile(r"[）)\n]").search(text, when.end)
    if closed is None or not re.search(r"\d", text[when.end : closed.start()]):
        return when
    return replace(when, until=closed.start())


def _month_before(match: re.Match[str], written: Period) -> When:
    return When(match.start(), match.end(), Period(written.last - 1, written.last - 1), is_relative=True)


def _period(match: re.Match[str], year: int) -> Period:
    if match["last"]:
        first, last = _count(match["first"]), _count(match["last"])
        return Period(Period.month(year, min(first, last)).first, Period.month(year, max(first, last)).last)
    if match["quarters"] or match["months"]:
        last = _count(match["quarters"]) * 3 if match["quarters"] else _count(match["months"])
        return Period(Period.month(year, 1).first, Period.month(year, min(last, 12)).last)
    if match["half"]:
        return Period.half(year, 1 if match["half"] == "上半年" else 2)
    if match["quarter"]:
        return Period.quarter(year, _count(match["quarter"]))
    if match["month"]:
        return Period.month(year, _count(match["month"]))
    return Period.year(year)


def _count(text: str) -> int:
    return _NUMERALS[text] if text in _NUMERALS else int(text)
