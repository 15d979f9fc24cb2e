"""Decides the operator of a claim from the words on both sides of the number and from its tense."""

from __future__ import annotations

from keshu.engines.plandoc.claims.comparators import AFTER_AT_LEAST, AFTER_AT_MOST
from keshu.engines.plandoc.claims.quantities import Kind, Quantity
from keshu.engines.plandoc.claims.wording import Wording
from keshu.engines.plandoc.document import Op, Tense


def operator_of(quantity: Quantity, wording: Wording, tail: str, tense: Tense) -> Op:
    """The operator; a bare number is a floor in goals and the figure itself in results."""
    bare = Op.EQUAL if tense is Tense.ACTUAL else Op.AT_LEAST
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
        return Op.MORE_THAN
    if tail and any(word in tail for word in AFTER_AT_LEAST.words):
        return Op.AT_LEAST
    if tail and tail.startswith(AFTER_AT_MOST.words):
        return Op.AT_MOST
    if wording.op is Op.MORE_THAN or quantity.about == "过":
        return Op.MORE_THAN
    if wording.op is not None:
        return wording.op
    return bare


def _special(quantity: Quantity, wording: Wording, tail: str, bare: Op) -> Op | None:
    kind = quantity.kind
    if kind is Kind.BREAKTHROUGH:
        return Op.BREAKTHROUGH
    if kind is Kind.ALL:
        return Op.ALL
    if kind is Kind.ZERO:
        return Op.EQUAL
    if kind is Kind.RANK:
        return Op.RANK_WITHIN if quantity.about == "前" or bare is Op.AT_LEAST else Op.EQUAL
    if kind is Kind.BENCHMARK:
        if quantity.about in ("达到", "不低于"):
            return Op.AT_LEAST
        return Op.AT_MOST if quantity.about in ("低于", "不高于") else Op.MORE_THAN
    whole = quantity.unit == "%" and quantity.value == 100 and not wording.growth and not quantity.ranged
    return Op.ALL if whole and wording.op in (None, Op.AT_LEAST) and kind is not Kind.TIMES else None
