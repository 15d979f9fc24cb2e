"""Decides the operator of a claim from the words on both sides of the number and from its tense."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.comparators import AFTER_AT_LEAST, AFTER_AT_MOST
from keshu.engines.plandoc.claims.phrases import longest_first
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.wording import Wording
from keshu.engines.plandoc.document import Op, Tense

#: Names of their own, found faster than through the enum (see `kinds`).
_ACTUAL = Tense.ACTUAL
_AT_LEAST, _EQUAL, _MORE_THAN = Op.AT_LEAST, Op.EQUAL, Op.MORE_THAN

_OR_MORE = re.compile(longest_first(AFTER_AT_LEAST.words).replace("(", r"\(").replace(")", r"\)"))


def operator_of(quantity: Quantity, wording: Wording, tail: str, tense: Tense) -> Op:
    """The operator; a bare number is a floor in goals and the figure itself in results."""
    bare = _EQUAL if tense is _ACTUAL else _AT_LEAST
    special = _special(quantity, wording, tail, bare)
    if special is not None:
        return special
    if quantity.ranged:
        return Op.BETWEEN
    if tail and ("左右" in tail or "上下" in tail):
        return Op.ABOUT
    if quantity.about == "把":
        return Op.ABOUT
    if quantity.about in ("余", "多", "来") or "还多" in tail:
        return _MORE_THAN
    if tail and _OR_MORE.search(tail):
        return _AT_LEAST
    if tail and tail.startswith(AFTER_AT_MOST.words):
        return Op.AT_MOST
    if wording.op is _MORE_THAN or quantity.about == "过":
        return _MORE_THAN
    if wording.op is not None:
        return wording.op
    return bare


def _special(quantity: Quantity, wording: Wording, tail: str, bare: Op) -> Op | None:
    kind = quantity.kind
    if kind is kinds.NUMBER and quantity.unit != "%":  # By far the most.
        return None
    if kind is kinds.BREAKTHROUGH:
        return Op.BREAKTHROUGH
    if kind is kinds.ALL:
        return Op.ALL
    if kind is kinds.ZERO:
        return _EQUAL
    if kind is kinds.RANK:
        return Op.RANK_WITHIN if quantity.about == "前" or bare is _AT_LEAST else _EQUAL
    if kind is kinds.BENCHMARK:
        if quantity.about in ("达到", "不低于"):
            return _AT_LEAST
        return Op.AT_MOST if quantity.about in ("低于", "不高于") else _MORE_THAN
    whole = quantity.unit == "%" and quantity.value == 100 and not wording.growth and not quantity.ranged
    return Op.ALL if whole and wording.op in (None, _AT_LEAST) and kind is not kinds.TIMES else None
