"""The catalogue of heading labels: one declared style per way of numbering, and the scan that finds them in a text.

A label counts only where a heading can begin: at the start of a line, or (flattened text) right after a sentence ends.
Styles follow the order of GB/T 9704 where the document does; level is decided later by nesting, see :mod:`nesting`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

HAN_DIGITS = "一二三四五六七八九十百"
_NUMERAL = f"[{HAN_DIGITS}]{{1,3}}"
_VALUES = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}


class Style(StrEnum):
    """The ways a heading is labelled; the order is the official one, outermost first."""

    YEAR = "year"
    QUESTION = "question"
    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    HAN = "han"
    HAN_PAREN = "han_paren"
    TASK = "task"
    DIGIT = "digit"
    DIGIT_PAREN = "digit_paren"
    CIRCLED = "circled"
    LETTER = "letter"
    ORDINAL = "ordinal"
    MUST = "must"
    STEP = "step"
    DASH = "dash"
    PLAIN = "plain"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """One way of labelling: the pattern of the label, what it means, and an example (text, label)."""

    style: Style
    pattern: str
    meaning: str
    example: tuple[str, str]


CATALOGUE: tuple[LabelStyle, ...] = (
    LabelStyle(
        Style.QUESTION,
        r"(?:\d{1,2}[.、] ?)?(?:【问】|【?问题?[一二三四五六七八九十\d]{0,2}】?:"
        r"|【问题?[一二三四五六七八九十\d]{0,2}】|Q\d{0,2}[:.])",
        "question of an interpretation page, numbered or not",
        ("【问】谁可申报?", "【问】"),
    ),
    LabelStyle(
        Style.PART,
        rf"第(?:{_NUMERAL}|\d{{1,2}})(?:编|篇|部分)[、:. ]{{0,2}}",
        "part of a long plan; its chapters often count on from part to part",
        ("第二篇 创新平台", "第二篇"),
    ),
    LabelStyle(
        Style.CHAPTER,
        rf"第(?:{_NUMERAL}|\d{{1,2}})章[、:. ]{{0,2}}",
        "chapter of a long plan",
        ("第二章 发展目标", "第二章"),
    ),
    LabelStyle(
        Style.SECTION,
        rf"第(?:{_NUMERAL}|\d{{1,2}})节[、:. ]{{0,2}}",
        "section inside a chapter",
        ("第一节 壮大主体", "第一节"),
    ),
    LabelStyle(
        Style.HAN,
        rf"{_NUMERAL} ?[、.](?![{HAN_DIGITS}][、类级次批季产类等级])",
        "first level of the official order",
        ("三、夯实平台", "三、"),
    ),
    LabelStyle(
        Style.HAN_PAREN,
        rf"[(〔\[【]{_NUMERAL}[)〕\]】][.、]?(?![至、(])",
        "second level; 〔一〕 is the same re-keyed",
        ("(二)做强园区", "(二)"),
    ),
    LabelStyle(
        Style.TASK,
        rf"(?:任务|事项|行动|工程|举措|课题)(?:[{HAN_DIGITS}]{{1,2}}|\d{{1,2}})[:、. ] ?(?!\d)",
        "numbered task of a breakdown; the label keeps its mark",
        ("任务1:稳定增长", "任务1:"),
    ),
    LabelStyle(
        Style.DIGIT,
        r"\d{1,2} ?(?:[、.](?!\d)|[、.](?=(?:19|20)\d\d年))",
        "third level; decimals and dates are no labels",
        ("1.建设平台", "1."),
    ),
    LabelStyle(
        Style.DIGIT_PAREN,
        r"(?:\(\d{1,2}\)[.、]?|\d{1,2}\))(?![\d%])",
        "fourth level, also with one bracket only",
        ("(1)摸底", "(1)"),
    ),
    LabelStyle(Style.CIRCLED, r"[①-⑳]", "fifth level or alternatives", ("①甲任务", "①")),
    LabelStyle(Style.LETTER, r"[A-H][.、](?![A-Za-z\d])", "alternatives, either satisfies", ("A.新建平台", "A.")),
    LabelStyle(
        Style.ORDINAL,
        rf"第{_NUMERAL}[,、](?![{HAN_DIGITS}])",
        "spoken order in speeches; the label keeps its mark",
        ("第一,抓企业", "第一,"),
    ),
    LabelStyle(Style.MUST, rf"{_NUMERAL}要(?!求|素|件|点|是)", "demand in a speech", ("一要抓早", "一要")),
    LabelStyle(Style.STEP, rf"{_NUMERAL}是(?!否)[:,]?", "step inside a task", ("一是完善台账", "一是")),
    LabelStyle(Style.DASH, r"(?:[—―─]{1,2}|--)(?![\d)])", "goal item with its own short title", ("——投入增加", "——")),
)

_FIRST = rf"{HAN_DIGITS}\d(〔\[【①-⑳第A-H问Q—―─\-任事行工举课"
#: Styles whose label keeps the mark behind it.
_MARKED = frozenset({Style.QUESTION, Style.ORDINAL, Style.TASK})
_STYLES = {entry.style.value: entry.style for entry in CATALOGUE}
# The lookahead first: nearly all positions fail on one character class, which keeps the scan linear and quick.
_SCAN = re.compile(
    rf"(?=[{_FIRST}])(?:" + "|".join(f"(?P<{entry.style.value}>{entry.pattern})" for entry in CATALOGUE) + ")"
)
_PLACE = re.compile(rf"[\n。;:!?)”][ \t]*(?=[{_FIRST}])")
_NUMBER = re.compile(rf"\d+|{_NUMERAL}")


class Label(NamedTuple):
    """A label found: `start` to `end` (exclusive), its style, its number (None for dashes and questions).

    ``before`` is the character in front of it (a line feed at the start of a line, empty when glued to a heading).
    """

    start: int
    end: int
    style: Style
    number: int | None
    text: str
    before: str

    @property
    def opens_line(self) -> bool:
        return self.before == "\n"


@lru_cache(maxsize=512)
def number_of(text: str) -> int | None:
    """The number in a label: ``(十二)`` is 12, ``3.`` is 3, ``——`` is None.

    Examples
    --------
    >>> number_of("(十二)"), number_of("3."), number_of("——")
    (12, 3, None)
    """
    if text and "①" <= text[0] <= "⑳":
        return ord(text[0]) - ord("①") + 1
    if text and text[0] in "ABCDEFGH":
        return ord(text[0]) - ord("A") + 1
    match = _NUMBER.search(text)
    if match is None:
        return None
    return int(match[0]) if match[0].isdecimal() else han_number(match[0])


def han_number(text: str) -> int:
    """A small Chinese numeral (1 to 99) as a number."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _VALUES.get(text[:1], 0)
    return _VALUES.get(tens, 1) * 10 + _VALUES.get(ones, 0)


def scan(text: str, start: int, end: int) -> Iterator[Label]:
    """Every place between `start` and `end` that looks like a label and stands where a heading can begin."""
    first = _SCAN.match(text, start, end)
    if first is not None:
        yield make_label(first, before="\n")
    for place in _PLACE.finditer(text, start, end):
        match = _SCAN.match(text, place.end(), end)
        if match is not None:
            yield make_label(match, before=place[0][0])


def label_at(text: str, at: int, end: int) -> Label | None:
    """The label that begins exactly at `at`, whatever stands before it."""
    match = _SCAN.match(text, at, end)
    return None if match is None else make_label(match, before="")


def make_label(match: re.Match[str], *, before: str) -> Label:
    """A :class:`Label` from a match of the scan and the character that stands before it."""
    style = _STYLES[str(match.lastgroup)]
    printed = match[0].strip()
    if style not in _MARKED:
        printed = printed.rstrip(":, ")
    return Label(match.start(), match.end(), style, number_of(printed), printed, before)
