"""Damage to figures and to the few signs around them: parted digits, letters read for digits, lost dashes, ``R D``."""

from __future__ import annotations

import re

from keshu.engines.plandoc.cleaning.draft import Draft

UNITS = (
    "亿元|万元|万亿元|千元|个亿|元|家次|家|个百分点|个工作日|个|项次|项|件|人次|人日|人年|人|名|场次|场|批次|批|次|户"
    "|条|篇|份|平方米|"
    "万平方米|公里|亩|辆|台|套|所|座|处|期|天|年|月|日|位|倍|成|分|岁|%|‰|万|亿|百|千|种|类|支|只|支队伍|届|周年|余"
    "|多|强|周|小时"
)
# Digits with blanks between them, held together by a Chinese character in front and a unit behind.
_QUICK = re.compile(r"\d[ \t]*\.?[ \t]+\.?[ \t]*\d")
# Its last blank shows such a number too, and blanks are rarer than digits.
_LAST_BLANK = re.compile(r"[ \t](?<=[\d. \t][ \t])\.?\d")
_PARTED = re.compile(
    rf"(?<=[\u4e00-\u9fff(《≥≤>=<〔第\-])[ \t]?\d+(?:[ \t]*\.[ \t]*\d+|[ \t]+\d+)+(?=[ \t]*(?:{UNITS}|号|〕))"
)
#: A row of a table that lost its lines.
_ROW = re.compile(
    r"[ \t]*(?:\d{1,2}[ \t]+)?[\u4e00-\u9fff()、]{2,12}(?:[ \t]+(?:[-+]?\d[\d.,]*[%％]?|[—-]+)){2,}[ \t]*(?=\n|\Z)"
)
_BLANKS = re.compile(r"[ \t]+")
_BROKEN = re.compile(rf"\n(?<!\n\n)\n*+[ \t]*+(?=\d+(?:\.\d+)?[ \t]*(?:{UNITS}))")
_OPEN_LINE = re.compile(r"[^\n]{8}[\u4e00-\u9fff]\d+\.?[ \t]*\Z")


def join_parted_digits(draft: Draft) -> Draft:
    """``1 2 0家``, ``3. 5%``: one number set with blanks inside. Joined only within one number and its unit."""
    if " " not in draft.text and "\t" not in draft.text:
        return draft
    if not _LAST_BLANK.search(draft.text) or not _QUICK.search(draft.text):
        return draft
    text = draft.text

    def joined(match: re.Match[str]) -> str:
        begin = text.rfind("\n", 0, match.start()) + 1
        return match[0] if _stands_in_table(text, begin) else _BLANKS.sub("", match[0])

    return draft.substituted(_PARTED, joined, artefact="parted_digits")


def _stands_in_table(text: str, begin: int) -> bool:
    """Is the line a name and figures parted by blanks, and one beside it too (``高新区 25 24 96% 1``)?"""
    row = _ROW.match(text, begin)
    if row is None:
        return False
    above = text.rfind("\n", 0, max(0, begin - 1)) + 1
    return _ROW.match(text, row.end() + 1) is not None or (begin > 0 and _ROW.match(text, above) is not None)


def join_broken_numbers(draft: Draft) -> Draft:
    """``新增企业6\\n5家``: a line end fell inside a number; what follows it is digits and a unit, never a label."""

    def joined(match: re.Match[str]) -> str:
        before = draft.text[max(0, match.start() - 24) : match.start()]
        return "" if _OPEN_LINE.search(before) else match[0]

    return draft.substituted(_BROKEN, joined, artefact="parted_digits")


_TWINS = {"l": "1", "I": "1", "O": "0", "o": "0"}
TWIN_TRIGGERS = frozenset("lIOo")
_OCR = re.compile(
    r"(?<![A-Za-z0-9.])(?:[lIOo](?=\.\d)|[lI][0-9Oo][0-9OolI]*|[0-9][0-9.,]*[OolI][0-9OolI,]*"
    r"|l(?=[家个项场次名人件户亿万条年月]))"
    r"(?=[ \t]*(?:[\u4e00-\u9fff%〕)\]—-]|\.\d|,\d{3}))"
)
# Most documents have such letters only in words; a look at their neighbours is quicker than the full patterns.
_TWIN_BESIDE = re.compile(r"[0-9.,][OolI]|[lIOo](?:[0-9OolI]|\.\d|[家个项场次名人件户亿万条年月])")
_POINTED = re.compile(r"(?<=[0-9]\.)[0-9]*[OolI][0-9OolI]*(?=[ \t]*[\u4e00-\u9fff%])")


def read_ocr_twins(draft: Draft) -> Draft:
    """``l00家``, ``2O家``, ``O.13个``: letters that a scanner read for digits, next to digits; a lone ``l`` before a unit."""

    if not _TWIN_BESIDE.search(draft.text):
        return draft

    def digits(match: re.Match[str]) -> str:
        return "".join(_TWINS.get(letter, letter) for letter in match[0])

    return draft.substituted(_OCR, digits, artefact="ocr_twins").substituted(_POINTED, digits, artefact="ocr_twins")


_CIRCLES = re.compile(r"二[〇○Oo0][〇○Oo0一二三四][〇○Oo0一二三四五六七八九](?![〇○Oo0一二三四五六七八九])")
_ZEROS = re.compile("[○Oo0]")


def read_circles(draft: Draft) -> Draft:
    """The zero of a Chinese year in its disguises: ``二○二二``, ``二O二二``, ``二0二二`` become ``二〇二二``."""
    return draft.substituted(_CIRCLES, lambda match: _ZEROS.sub("〇", match[0]))


_TWO_YEARS = re.compile(r"20[0-4]\d20[0-4]\d(?=[年)])")
_NOUGHT_LOST = re.compile(r"二(?=[三四]五年)(?<=[到至望]二)")


def restore_lost_signs(draft: Draft) -> Draft:
    """``20232025年`` lost its dash, ``展望二三五年`` its 〇: restored by pattern only."""

    def dashed(match: re.Match[str]) -> str:
        first, last = int(match[0][:4]), int(match[0][4:])
        alone = not draft.text[max(0, match.start() - 1) : match.start()].isdigit()
        return f"{first}—{last}" if alone and 0 < last - first <= 15 else match[0]

    return draft.substituted(_TWO_YEARS, dashed, artefact="lost_symbols").substituted(
        _NOUGHT_LOST, "二〇", artefact="lost_symbols"
    )


_POINT = re.compile(
    r"\.(?<=[\u4e00-\u9fff”]\.)(?<![一二三四五六七八九十]\.)(?=[\u4e00-\u9fff“《]|\d{1,2}月|(?:19|20)\d\d年)"
)


def restore_full_stops(draft: Draft) -> Draft:
    """``1.技术合同.完成86亿元``: a point keyed for the full stop. Two such points may be names (卡尔.马克思), more are none."""
    if len(_POINT.findall(draft.text)) < 3:
        return draft
    return draft.substituted(_POINT, "。", artefact="lost_symbols")


_AMPERSAND = re.compile(r"[Rr][ \t]*(?:&|[ \t])[ \t]*[Dd](?![A-Za-z])|RD(?=经费|投入|人员|支出|活动|强度)")


def restore_ampersand(draft: Draft) -> Draft:
    """``R D``, ``r&d``, ``RD经费``: one token, R&D."""

    def token(match: re.Match[str]) -> str:
        before = draft.text[max(0, match.start() - 1) : match.start()]
        return match[0] if before.isascii() and before.isalpha() else "R&D"

    return draft.substituted(_AMPERSAND, token)


_DOUBLED = re.compile(r"([,、;:。!?])\1+")


def collapse_doubled_marks(draft: Draft) -> Draft:
    """``,,`` ``、、`` ``;;``: punctuation keyed twice."""
    if not any(mark + mark in draft.text for mark in ",、;:。!?"):
        return draft
    return draft.substituted(_DOUBLED, lambda match: match[1], artefact="doubled_punctuation")


_RESIDUE = re.compile(
    r"\((?:全文|共)\d+字\)|\[标签:[^\]\n]{0,20}\]|\((?:签字|签名|签章|盖章|公章|签字盖章|加盖公章)\)"
    r"|(?<=[:\n])[ \t]*盖章(?=[ \t]*(?:\n|\Z))"
)


def drop_form_residue(draft: Draft) -> Draft:
    """``[标签:介绍]``, ``(盖章)``: what a form or a template leaves behind."""
    # Every residue holds one of these; the first two are looked for as single characters, which is quickest.
    if not ("签" in draft.text or "章" in draft.text or "字)" in draft.text):
        return draft
    if not any(word in draft.text for word in ("[标签", "全文", "(共", "签字", "签名", "签章", "盖章", "公章")):
        return draft
    return draft.substituted(_RESIDUE, "", artefact="form_residue")
