"""Folding away what does not count when a reading is compared with its label: width, blanks, marks, spelling, units."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Entry = Mapping[str, Any]
Value = tuple[float | None, float | None, str | None]

_RUBY = re.compile("(?<=[\u3400-\u9fff])\\([a-z\u00e0-\u00fc\u0101-\u01dc]+\\)")
_SPELLINGS = (
    ("地区生产总值", "gdp"), ("研究与试验发展", "研发"), ("研究与实验发展", "研发"), ("r&d", "研发"),
    ("国家高新技术企业", "高新技术企业"), ("高企", "高新技术企业"), ("占比", "比重"), ("比例", "比重"), ("比率", "比重"),
    ("规上", "规模以上"), ("每万人", "万人"),
)  # fmt: skip
_UNITS: dict[str | None, str | None] = {
    "名": "人", "场次": "场", "个百分点": "百分点", "亿": "亿元", "万": "万元", "％": "%", "percent": "%", "": None,
    "名次": "位", "第": "位",
}  # fmt: skip
_MONEY = {"亿元": 1e4, "万元": 1.0, "元": 1e-4}


def without_ruby(text: str | None) -> str:
    """The text without pinyin in brackets behind a character."""
    return _RUBY.sub("", text or "")


@lru_cache(maxsize=65536)
def folded(text: Any) -> str:
    """Width, case, blanks and punctuation folded away."""
    wide = unicodedata.normalize("NFKC", str(text or "")).lower()
    return "".join(char for char in wide if not char.isspace() and unicodedata.category(char)[0] not in "PZC")


@lru_cache(maxsize=65536)
def folded_indicator(text: str | None) -> str:
    """An indicator's name with spellings of one thing made one."""
    name = unicodedata.normalize("NFKC", str(text or "")).lower()
    for spelling, one in _SPELLINGS:
        name = name.replace(spelling, one)
    return folded(name)


@lru_cache(maxsize=65536)
def _bigrams(text: str) -> Counter[str]:
    if len(text) > 1:
        return Counter(text[at : at + 2] for at in range(len(text) - 1))
    return Counter([text] if text else [])


def bigram_f1(first: str, second: str) -> float:
    """How far two texts share their pairs of characters, 0 to 1."""
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    x, y = _bigrams(first), _bigrams(second)
    return 2.0 * sum((x & y).values()) / (sum(x.values()) + sum(y.values()))


def bigram_cover(first: str, second: str) -> float:
    """The share of the shorter text's pairs of characters found in the other."""
    x, y = _bigrams(first), _bigrams(second)
    return sum((x & y).values()) / float(min(sum(x.values()), sum(y.values())) or 1)


def number(value: Any) -> float | None:
    """A number, or None where there is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def canonical(entry: Entry) -> Value:
    """(value, upper value, unit) of an entry in one form: 亿元 and 元 as money in 万元, ranks and 100 % as such."""
    op = entry.get("op")
    if op == "all":
        return 100.0, None, "%"
    if op == "breakthrough":
        return None, None, "breakthrough"
    value, high = number(entry.get("value")), number(entry.get("value_high"))
    unit = entry.get("unit")
    unit = unit.strip() if isinstance(unit, str) else None
    unit = _UNITS.get(unit, unit)
    if op == "rank<=" or entry.get("measure") == "rank" or unit == "位":
        return value, high, "rank"
    factor = _MONEY.get(unit or "")
    if factor:
        return None if value is None else value * factor, None if high is None else high * factor, "money"
    return value, high, unit


def same_value(gold: Entry, read: Entry) -> bool:
    """Whether value and upper value agree; a quarter read as 0.25 is 25 %."""
    (gold_value, gold_high, gold_unit), (value, high, unit) = canonical(gold), canonical(read)
    if gold_unit == "%" and unit is None and value is not None and 0 < value <= 1:
        value *= 100
    return _close(gold_value, value) and _close(gold_high, high)


def same_unit(gold: Entry, read: Entry) -> bool:
    """Whether the units agree after folding."""
    gold_unit, unit = canonical(gold)[2], canonical(read)[2]
    if gold_unit == unit:
        return True
    value = number(read.get("value"))
    if gold_unit == "%" and unit is None:
        return value is not None and 0 < value <= 1
    # A goal set against a reference level has neither number nor unit.
    return gold_unit is None and not gold.get("masked") and gold.get("value") is None and value is None


def _close(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= 1e-9 * max(1.0, abs(first), abs(second))
