"""Value cells: ``≥90``, ``60%左右``, ``45-50``, ``[0.58]``, ``1/5``, ``前3``, ``1万元/人``; ``—`` and ``持平`` hold no value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.engines.plandoc.claims.numbers import MASK, is_masked, number_value, share_value
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.document import Op

_M = re.escape(MASK)
_N = (
    r"(?:-?\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|-?\d{1,12}(?:\.\d{1,6})?|"
    rf"[{_M}]{{1,6}}(?:\.[{_M}]{{1,4}})?|[一二三四五六七八九十百千]{{1,6}}(?=[\u4e00-\u9fff]))"
)
_CELL = re.compile(
    rf"""^(?P<yearly>年均(?:增长|递增|增速)?)?(?P<op>≥|≤|>=|<=|>|<|＞|＜|=|＝|约|近|不少于|不低于|不超过|不高于|达到|突破|超过|力争|前|第)?\s*(?P<open>[\[〔])?\+?
    (?:(?P<part>\d)/(?P<whole>[2-9]|10)|(?P<number>{_N})\s*(?P<early>[%％])?(?:\s*(?:-{{1,2}}|—{{1,2}}|–|~|～|至)\s*(?P<high>{_N}))?)\s*(?P<close>[\]〕])?
    (?P<about>余|多)?(?P<unit>[%％]|个?百分点|[\u4e00-\u9fffA-Za-z()]{{0,8}}?(?:/[\u4e00-\u9fff]{{1,6}})?)?(?P<tail>以上|及以上|左右|以内|以下|之内)*$""",
    re.VERBOSE,
)
#: Telephone numbers, dates and times of day look like cells with a range.
_NO_FIGURE = re.compile(r"0\d|(?:19|20)\d\d(?:年|[.\-/]\d)|\d{1,2}月|\d{7,}")
_OPS = {
    "≥": Op.AT_LEAST,
    ">=": Op.AT_LEAST,
    "不少于": Op.AT_LEAST,
    "不低于": Op.AT_LEAST,
    "≤": Op.AT_MOST,
    "<=": Op.AT_MOST,
    "不超过": Op.AT_MOST,
    "不高于": Op.AT_MOST,
    ">": Op.MORE_THAN,
    "＞": Op.MORE_THAN,
    "突破": Op.MORE_THAN,
    "超过": Op.MORE_THAN,
    "<": Op.AT_MOST,
    "＜": Op.AT_MOST,
    "=": Op.EQUAL,
    "＝": Op.EQUAL,
    "约": Op.ABOUT,
    "近": Op.ABOUT,
    "≈": Op.ABOUT,
    "~": Op.ABOUT,
}
_TAILS = {
    "以上": Op.AT_LEAST,
    "及以上": Op.AT_LEAST,
    "左右": Op.ABOUT,
    "以内": Op.AT_MOST,
    "以下": Op.AT_MOST,
    "之内": Op.AT_MOST,
}
PHRASES = (
    Phrase(
        "value cell",
        ("≥90", "60%左右", "45-50", "[0.58]"),
        "a number with its operator; [ ] marks points over the span",
        examples(),
    ),
    Phrase("empty cell", ("—", "/", "持平", "定性"), "no value", examples()),
)


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a value cell says. Offsets count from the start of the cell; ``op`` is None where the cell has none."""

    value: float | None
    high: float | None
    unit: str | None
    op: Op | None
    masked: bool
    points: bool
    rank: str
    start: int
    end: int
    yearly: bool = False


def operator_in(text: str) -> Op | None:
    """The operator of an operator cell (≥), None for 区间 and 定性."""
    return _OPS.get(text)


def read_cell(text: str) -> CellValue | None:
    """The value of a cell, or None where it holds none or holds prose."""
    if len(text) > 24 or _NO_FIGURE.match(text):
        return None
    match = _CELL.match(text)
    if match is None:
        return None
    if match["part"]:
        value: float | None = share_value(float(match["part"]), float(match["whole"]))
        return CellValue(
            value, None, "%", _OPS.get(match["op"] or ""), False, False, "", match.start("part"), match.end("whole")
        )
    masked = is_masked(match["number"])
    value = None if masked else number_value(match["number"])
    if value is None and not masked:
        return None
    high = number_value(match["high"]) if match["high"] and not masked else None
    op = Op.BETWEEN if match["high"] else _TAILS.get(match["tail"] or "") or _OPS.get(match["op"] or "")
    op = op or (Op.MORE_THAN if match["about"] else None)
    unit = "%" if match["early"] or match["unit"] in ("%", "％") else match["unit"] or None
    unit = "百分点" if unit and unit.endswith("百分点") else unit
    end = match.end("unit") if match["unit"] else match.end("high") if match["high"] else match.end("number")
    rank = match["op"] if match["op"] in ("前", "第") else ""
    return CellValue(
        value, high, unit, op, masked, bool(match["open"]), rank, match.start("number"), end, bool(match["yearly"])
    )
