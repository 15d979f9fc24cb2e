"""Names found by the first letters of their pinyin: gxc finds 高新处.

A word of letters becomes a pattern with, for each letter, all characters that may be read with it, so that characters of
several readings (重 as zhong and chong) are found by each and nothing need be stored beside the names.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

from django.db.models import Q

SHORTEST, LONGEST = 2, 12
# The 6,763 characters of GB 2312, by the first bytes of their rows; names of offices and people hardly leave them.
_ROWS = range(0xB0, 0xF8)


def by_initials(word: str, *names: str) -> Q:
    """The condition that one of the fields holds characters read with the letters of `word`; none for other words."""
    condition = Q()
    if pattern := initials_pattern(word):
        for name in names:
            condition |= Q(**{f"{name}__regex": pattern})
    return condition


@lru_cache(maxsize=256)
def initials_pattern(word: str) -> str:
    """The pattern for a word of 2 to 12 Latin letters; empty for all other words."""
    letters = word.lower()
    if not (SHORTEST <= len(letters) <= LONGEST and letters.isascii() and letters.isalpha()):
        return ""
    read_with = _characters()
    if any(letter not in read_with for letter in letters):
        return ""  # no syllable begins with i, u or v
    return "".join(f"[{read_with[letter]}]" for letter in letters)


@cache
def _characters() -> dict[str, str]:
    """The characters that may be read with each letter."""
    # Its dictionary takes some megabytes; only who searches by letters pays for it.
    from pypinyin import Style, pinyin

    signs = [sign for row in _ROWS for column in range(0xA1, 0xFF) for sign in _decoded(row, column)]
    found: dict[str, list[str]] = defaultdict(list)
    for sign in signs:
        for letter in set(pinyin(sign, style=Style.FIRST_LETTER, heteronym=True)[0]):
            found[letter[:1]].append(sign)
    return {letter: "".join(held) for letter, held in found.items()}


def _decoded(row: int, column: int) -> str:
    return bytes([row, column]).decode("gb2312", "ignore")
