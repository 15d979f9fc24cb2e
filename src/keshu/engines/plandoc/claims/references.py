"""Goals against a reference: 高于全省平均1个百分点, 快于规上工业2个百分点, and gaps against a standard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.engines.plandoc.claims.wording import clean_name
from keshu.engines.plandoc.document import Op

_AGAINST = re.compile(
    r"(?P<name>.*?)(?:仍然?|还|依然|均|已)?(?P<how>高于|低于|快于|跑赢|超过|超出|超|领先|优于|高出|慢于|"
    r"(?<!占)比(?![重例率]))(?P<what>(?!上年|去年|"
    r"20)[\u4e00-\u9fffA-Z&“”]{2,16}?)(?P<more>高出?|低|快|慢|多|少)?(?:出|了)?(?:约|近)?$"
)
_WORDS = {"低于": Op.AT_MOST, "慢于": Op.AT_MOST}


@dataclass(slots=True, frozen=True)
class Reference:
    """A comparison: the indicator's ``name``, the ``benchmark``, and the operator and word of comparison (``how``)."""

    name: str
    benchmark: str
    op: Op
    how: str


def reference_in(before: str) -> Reference | None:
    """The reference that points are counted from, or None."""
    match = _AGAINST.match(before)
    if match is None or (match["how"] == "比" and not match["more"]) or match["what"].endswith("比重"):
        return None
    if re.search("目标|任务|计划|进度", match["what"]):
        return Reference(clean_name(match["name"]), match["what"], Op.EQUAL, match["how"])
    op = _WORDS.get(match["how"]) or (Op.AT_MOST if match["more"] in ("低", "慢", "少") else None)
    return Reference(clean_name(match["name"]), match["what"], op or Op.AT_LEAST, match["how"])
