"""Single characters that stand for another: full-width forms, compatibility ideographs, twins, exotic blanks, entities."""

from __future__ import annotations

import html
import re
import unicodedata

from keshu.engines.plandoc.cleaning.draft import Draft

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH_DIGITS = frozenset("０１２３４５６７８９")
_BLANKS = dict.fromkeys(
    "\u00a0\u1680\u2002\u2003\u2007\u3000\v\u2000\u2001\u2004\u2005\u2006\u2008\u2009\u200a\u202f\u205f", " "
)
_LINE_ENDS = dict.fromkeys("\u0085\u2028\u2029", "\n")
# Japanese forms, kana that look like Chinese characters, small and vertical marks: what fonts and re-keying leave behind.
_TWINS = {
    "髙": "高", "戸": "户", "増": "增", "徳": "德", "歩": "步", "値": "值", "黒": "黑", "対": "对", "発": "发", "図": "图",
    "ニ": "二", "ハ": "八", "エ": "工", "ロ": "口", "カ": "力", "タ": "夕", "ト": "卜", "｡": "。", "､": "、",
    "﹐": ",", "﹑": "、", "﹒": ".", "﹔": ";", "﹕": ":", "︰": ":", "∶": ":", "꞉": ":", "﹙": "(", "﹚": ")",
    "﹪": "%", "٪": "%",
    "￥": "¥", "¦": "|", "│": "|", "┃": "|", "﹝": "〔", "﹞": "〕", "―": "—", "─": "—", "━": "—", "–": "—", "‒": "—",
    "−": "-",
    "‐": "-", "‑": "-", "˙": "·", "․": ".", "‚": ",", "〝": "“", "〞": "”", "﹤": "<", "﹥": ">", "﹦": "=", "≧": "≥",
    "≦": "≤",
    "⩾": "≥", "⩽": "≤", "～": "~", "∼": "~", "〜": "~", "﹏": "_", "﹣": "-", "﹢": "+", "﹡": "*", "﹟": "#",
    "﹠": "&", "﹫": "@",
}  # fmt: skip


def _compatibility() -> dict[str, str]:
    """Kangxi radicals and compatibility ideographs, which PDF fonts print in place of the common character."""
    table = {
        "⺠": "民",
        "⻓": "长",
        "⻔": "门",
        "⻚": "页",
        "⻛": "风",
        "⻋": "车",
        "⻅": "见",
        "⻉": "贝",
        "⻢": "马",
        "⻩": "黄",
    }
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAD9)):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[chr(code)] = plain
    return table


PLAIN_FORMS = {**_FULL_WIDTH, **_BLANKS, **_LINE_ENDS, **_compatibility(), **_TWINS}


def fold_forms(draft: Draft) -> Draft:
    """Write every character in its one plain form; the count of characters stays."""
    if len(draft.letters & _FULL_WIDTH_DIGITS) >= 3:
        draft = draft.marked("fullwidth_digits")
    return draft.exchanged(PLAIN_FORMS)


INVISIBLE = frozenset(map(chr, (
    0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xFFFC, 0xFFFD,
    *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), *range(0xFE00, 0xFE10),
)))  # fmt: skip
_INVISIBLE = re.compile("[" + re.escape("".join(sorted(INVISIBLE))) + "\ud800-\udfff]+")
_ODD = re.compile("[\ud800-\udfff\ue000-\uf8ff]")


def drop_invisible(draft: Draft) -> Draft:
    """Zero-width, control and broken characters: nothing on paper, but they part a word from itself."""
    return draft.substituted(_INVISIBLE, "")


_PRIVATE = re.compile(r"[\ue000-\uf8ff]+[ \t]*")


def drop_private(draft: Draft) -> Draft:
    """Bullets and glyphs from the private-use area (Wingdings U+F06C and kin): list markers without a meaning of their own."""
    if not _ODD.search("".join(draft.letters)):
        return draft
    return draft.substituted(_INVISIBLE, "").substituted(_PRIVATE, "", artefact="private_use_bullets")


_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[a-zA-Z]{2,8});")


def _plain_entity(match: re.Match[str]) -> str:
    plain = match[0]
    while (opened := html.unescape(plain)) != plain:
        plain = opened
    return PLAIN_FORMS.get(plain, plain) if (len(plain) == 1 and plain.isprintable()) or plain == "\u00a0" else match[0]


def resolve_entities(draft: Draft) -> Draft:
    """HTML entities left in the text: ``R&amp;D``, ``&nbsp;``, ``&ldquo;``."""
    return draft.substituted(_ENTITY, _plain_entity)


_ENCLOSED = {
    **{chr(0x3220 + n): f"({digit})" for n, digit in enumerate("一二三四五六七八九十")},
    **{chr(0x2474 + n): f"({n + 1})" for n in range(20)},
    **{chr(0x2488 + n): f"{n + 1}." for n in range(20)},
}
ENCLOSED = frozenset(_ENCLOSED)
_ENCLOSED_PATTERN = re.compile("[" + "".join(_ENCLOSED) + "]")


def open_enclosed(draft: Draft) -> Draft:
    """Labels set as one character, written out: ``㈠`` ``⑴`` ``⒈``; ``①`` is a label of its own and stays."""
    return draft.substituted(_ENCLOSED_PATTERN, lambda match: _ENCLOSED[match[0]])
