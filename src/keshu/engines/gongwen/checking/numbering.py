"""Automatic numbers written out: 一、 （一） 1. （1）, as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element

from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.checking.properties import Properties, W, number, properties

_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese.

    Examples
    --------
    >>> [chinese_number(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(value, 10)
    if not 0 < value < 100:
        return str(value)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True)
class Level:
    """A level of a list."""

    form: str
    text: str
    start: int
    paragraph: Properties


@dataclass
class Counter:
    """Counts the lists of a file while its paragraphs go by."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # list -> level
    kin: dict[str, str] = field(default_factory=dict)  # list -> what it counts together with
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def level(self, list_id: str, level: int) -> Level | None:
        """How a list numbers a level; None where there is no such list."""
        return self.levels.get(list_id, {}).get(level)

    def next(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list's level, deeper levels beginning anew; empty for bullets and the like."""
        found = self.level(list_id, level)
        if found is None:
            return ""
        kin = self.kin[list_id]
        for key in [key for key in self._counts if key[0] == kin and key[1] > level]:
            del self._counts[key]
        self._counts[kin, level] = self._counts.get((kin, level), found.start - 1) + 1
        return re.sub(r"%(\d)", lambda match: self._said(list_id, int(match[1]) - 1), found.text)

    def _said(self, list_id: str, level: int) -> str:
        found = self.level(list_id, level)
        if found is None or found.form in ("none", "bullet"):
            return ""
        count = self._counts.get((self.kin[list_id], level), found.start)
        is_chinese = "chinese" in found.form or "japaneseCounting" in found.form or found.form.startswith("ideograph")
        return chinese_number(count) if is_chinese else str(count)


def read_numbering(package: Package, *, theme: dict[str, str]) -> Counter:
    """The lists of a file."""
    root = package.sister("numbering")
    counter = Counter()
    if root is None:
        return counter
    abstract = {
        each.get(f"{W}abstractNumId", ""): {
            number(level.get(f"{W}ilvl", "0")): _level(level, theme) for level in each.findall(f"{W}lvl")
        }
        for each in root.findall(f"{W}abstractNum")
    }
    for each in root.findall(f"{W}num"):
        id, base = each.get(f"{W}numId", ""), each.find(f"{W}abstractNumId")
        kin = "" if base is None else base.get(f"{W}val", "")
        levels, is_own = dict(abstract.get(kin, {})), False
        for override in each.findall(f"{W}lvlOverride"):
            at, given = number(override.get(f"{W}ilvl", "0")), override.find(f"{W}lvl")
            if given is not None:
                levels[at] = _level(given, theme)
            is_own = is_own or override.find(f"{W}startOverride") is not None or given is not None
        counter.levels[id] = levels
        counter.kin[id] = f"num {id}" if is_own else f"abstract {kin}"
    return counter


def _level(level: _Element, theme: dict[str, str]) -> Level:
    values = {
        name: each.get(f"{W}val", "")
        for name in ("numFmt", "lvlText", "start")
        if (each := level.find(W + name)) is not None
    }
    return Level(
        values.get("numFmt", "decimal"), values.get("lvlText", ""), number(values.get("start", "1"), 1),
        properties(level.find(f"{W}pPr"), theme=theme),
    )  # fmt: skip
