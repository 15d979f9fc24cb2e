"""The number formats of Word lists (ECMA-376 part 1, 17.18.59), as far as Chinese documents use them."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"


def _counting(number: int, *, digits: str = "零一二三四五六七八九", units: str = "十百千") -> str:
    """十, 十一, 二十, 一百零五: as numbers are said."""
    if number >= 10000:
        return str(number)
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (digits[0] if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    lead = digits[1] + units[0]
    return said[1:] if said.startswith(lead) and units == "十百千" else said


def _positional(number: int) -> str:
    """一〇: digit by digit."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _cyclic(letters: str) -> Callable[[int], str]:
    return lambda number: letters[(number - 1) % len(letters)] if number else ""


def _letters(number: int, *, first: str) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    if number < 1:
        return ""
    turn, place = divmod(number - 1, 26)
    return chr(ord(first) + place) * min(turn + 1, 8)


def _roman(number: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"],
        strict=True,
    ):
        count, number = divmod(number, value) if number < 4000 else (0, number)
        text += sign * count
    return text


def _from(code: int, *, most: int) -> Callable[[int], str]:
    return lambda number: chr(code + number - 1) if 1 <= number <= most else f"({number})"


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCountingThousand",
            "koreanCounting",
            "chineseCounting",
            "taiwaneseCounting",
        ),
        _counting,
    ),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"), _positional
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda number: _counting(number, digits=_LEGAL, units="拾佰仟"),
    ),
    "ideographTraditional": _cyclic("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cyclic("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from(0x2460, most=20)),
    "ideographEnclosedCircle": _from(0x3280, most=10),
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"), lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)})
    ),
    "decimalZero": lambda number: f"{number:02d}",
    "upperLetter": lambda number: _letters(number, first="A"),
    "lowerLetter": lambda number: _letters(number, first="a"),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "none": lambda number: "",
}


def written(number: int, *, number_format: str) -> str:
    """A list number as Word prints it; formats outside this list print as plain figures."""
    return _FORMATS.get(number_format, str)(max(0, number))
