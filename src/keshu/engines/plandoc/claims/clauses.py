"""Cuts a sentence into items: each quantity with the words before it, the words after it, and the mark that led to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.engines.plandoc.claims.comparators import AFTER
from keshu.engines.plandoc.claims.phrases import longest_first
from keshu.engines.plandoc.claims.quantities import Quantity

SENTENCE_END = re.compile(r"[。;！？!?\n][。;！？!?\n]*")
_TAIL = re.compile(
    r"(?:\((?:[个项家台套种次人件名]|含)\))?(?:/(?P<per>[年月人户亩家日项台]|万名?人口?|万元|千人))?(?:余|"
    r"多)?(?:\(含\))?(?P<after>(?:"
    + longest_first(word for word in AFTER if word not in ("起", "内"))
    + r"|起(?=[,、。;)]|$)|内(?=[,、。;)的]|$))*)(?P<degree>的?位次|的?名次|台阶)?"
)
#: The characters that a tail begins with; behind most numbers there is none.
_TAIL_OPENS = frozenset("(/余多的位名台") | {word[0] for word in AFTER}
_SOFT = re.compile(r"(?:和|及|与|以及|并且?|且|、|,|;|/)+")
_LIGHT = re.compile(
    r"(?:集中|组织|目前|共|已|现有|现|全[市县区省]|支持|引导|推动|其中|选派|[省市县区]派|力争|争取|仍有|有|带动|引进|帮助|扶持|助力|年内|[的与对为向给])*"
)
_JOIN = re.compile(r"[,:、()]")
_VERB_AFTER = re.compile(
    r"已|联合|开展|集聚|实现|完成|参加|参与|达到|累计|培训|服务|组织|新增|占|同比|增长|其中|较|比上年|"
    r"提高|列|居|排名|支持|举办|带动|减免|提供|发放|兑现|办理|解决|投放|全部\Z|动态\Z|户均|人均|亩均|全年|下乡|分成|组成|深入|奔赴|入驻|进驻|下沉|结对|包联|[中里](?:仅|只|才|还|已|就)?有?\Z"
)

_MAX_CLAUSE = 160


@dataclass(slots=True)
class Item:
    """A quantity and its surroundings, as clean offsets and words.

    ``start`` opens the clause that the item stands in, ``before`` the words from there (or from the last quantity) to the
    number, ``tail`` what follows the unit and still binds it (以上, 左右), ``after`` the words up to the next mark. ``lead`` is
    the mark in front: "" at the start of a sentence, ``,`` ``、`` ``:`` ``(`` or ``+`` where nothing separates two numbers.
    """

    quantity: Quantity
    start: int
    before: str
    before_start: int
    tail: str
    after: str
    end: int
    lead: str
    bracket: bool
    per: str | None = None


def items_of(text: str, start: int, end: int, quantities: list[Quantity]) -> list[Item]:
    """The items of the sentence ``start`` to ``end``; `quantities` are those inside it, in order."""
    items: list[Item] = []
    left = clause = start
    last = len(quantities) - 1
    brackets = text.find("(", start, end) >= 0
    for index, quantity in enumerate(quantities):
        if quantity.end > end:  # A line end inside the number: it is none.
            continue
        tail, tail_end, per, after_tail = _tail(text, quantity, end)
        begin, lead = _left_edge(text, left, quantity.start, first=index == 0, opens=_is_word(text, after_tail, end))
        if begin != left or lead not in ("", "+"):
            clause = begin
        bracket = brackets and text.count("(", start, quantity.start) > text.count(")", start, quantity.start)
        limit = end if index == last else quantities[index + 1].start
        edge = _right_edge(text, tail_end, limit)
        if edge == limit and index != last:
            edge = _shared_edge(text, tail_end, limit, named=_LIGHT.fullmatch(text, begin, quantity.start) is None)
        items.append(
            Item(
                quantity,
                clause,
                text[begin : quantity.start],
                begin,
                tail,
                text[tail_end:edge],
                edge,
                lead,
                bracket,
                per,
            )
        )
        left = edge
    return items


def _tail(text: str, quantity: Quantity, end: int) -> tuple[str, int, str | None, int]:
    """What binds the number from behind, where that ends, the base (/年), and where degrees (位次) end."""
    place = quantity.end
    if place >= end or text[place] not in _TAIL_OPENS or (match := _TAIL.match(text, place, end)) is None:
        return "", place, None, place
    return match["after"], match.end() if quantity.unit == "位" else match.end("after"), match["per"], match.end()


def _is_word(text: str, place: int, end: int) -> bool:
    """Does a noun follow the number, so that it opens its own clause (…,三成左右的企业没有研发活动)?"""
    return place < end and "\u4e00" <= text[place] <= "\u9fff"


def _left_edge(text: str, left: int, number: int, *, first: bool, opens: bool) -> tuple[int, str]:
    """Where the words before the number begin, and the mark in front of them."""
    place = _mark_before(text, left, number, opens=opens)
    if place >= 0:
        return place + 1, text[place]
    if first:
        return max(left, number - _MAX_CLAUSE), ""
    soft = _SOFT.match(text, left, number)
    return (soft.end(), "、") if soft else (left, "+")


def _mark_before(text: str, left: int, number: int, *, opens: bool) -> int:
    """The last mark before the number that stands in no closed bracket; a comma right before it only where it ``opens``."""
    near = number if opens or number == left else number - 1
    if text.find(")", left, number) < 0:
        return max(text.rfind(",", left, near), text.rfind(":", left, near), text.rfind("(", left, number))
    depth = 0
    for place in range(number - 1, left - 1, -1):
        sign = text[place]
        if sign == ")":
            depth += 1
        elif sign == "(" and depth:
            depth -= 1
        elif depth == 0 and (sign == "(" or (sign in ",:" and place < near)):
            return place
    return -1


def _right_edge(text: str, tail_end: int, limit: int) -> int:
    """The first mark behind the tail, or the next number."""
    first = _JOIN.search(text, tail_end, limit)
    if first is None or first[0] != "(":
        return limit if first is None else first.start()
    depth = 0
    for match in _JOIN.finditer(text, tail_end, limit):
        sign = match[0]
        if sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif depth == 0:
            return match.start()
    return limit


def _shared_edge(text: str, tail_end: int, limit: int, *, named: bool) -> int:
    """Nothing but words between two numbers: a nameless number takes them up to the next verb, a named one none."""
    verb = None if named else _VERB_AFTER.search(text, tail_end + 1, limit)
    return verb.start() if verb else tail_end
