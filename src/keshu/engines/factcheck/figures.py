"""Figures that the draft's reader passed by: numbers in lists, labels and loose talk, for names of the ledger to claim."""

from __future__ import annotations

import re
from decimal import Decimal

from keshu.engines.factcheck.values import Draft, Statement
from keshu.kernel.span import Span

_UNITS = (
    "个?百分点|个?工作日|个月|[%％‰]|"
    "(?:万|亿|千|百)?(?:人次|家次|场次|项次|人年|件|家|户|个|项|名|人|位|种|支|处|座|场|次|台|套|单|笔|批|只|条|期|所|元)|"
    "万亿元?|亿元?|万元?|天"
)
_FIGURE = re.compile(
    rf"(?P<front>近|约|超过?|突破|逾|将近)?(?P<number>\d+(?:[,，]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<more>余|多)?(?P<unit>(?:{_UNITS}))?(?P<behind>余|多|左右|上下)?"
)
# What looks like a figure and is none: dates, labels, ordinals, document numbers, parts of words.
_BEFORE = re.compile(r"(?:第|〔|\[|[A-Za-z.\d\-—/]|表|图|附件|十)\Z")
_AFTER = re.compile(r"^(?:年|月|日|时|分|号|〕|\]|[A-Za-z/]|\.\d|、|[—\-~～至到]\d|个?季度|个月|周|强|项工作|级|期)")
_LABEL_UNIT = re.compile(rf"[（(](?P<unit>{_UNITS})[）)]")


def unread_figures(draft: Draft) -> tuple[Statement, ...]:
    """Numbers outside every figure already found, with a unit of their own or their line's."""
    text = draft.text
    taken = [each.value_span for each in draft.statements]
    found: list[Statement] = []
    for match in _FIGURE.finditer(text):
        start, end = match.start("number"), match.end()
        span = Span(start, max(end, start + 1))
        if any(each.overlaps(span) for each in taken) or _BEFORE.search(text[max(0, start - 2) : start]):
            continue
        if _AFTER.match(text[end : end + 3]) and not match["unit"]:
            continue
        unit = match["unit"] or _unit_of_line(text, start)
        if not unit:
            continue
        found.append(_statement(match, span, unit, len(draft.statements) + len(found)))
    return tuple(found)


def _unit_of_line(text: str, at: int) -> str:
    """A unit in brackets earlier in the line: 技术合同成交额（亿元）：60.5."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    labels = list(_LABEL_UNIT.finditer(line))
    return labels[-1]["unit"] if labels and not line.startswith("|") else ""


def _statement(match: re.Match[str], span: Span, unit: str, index: int) -> Statement:
    front, behind = match["front"] or "", (match["more"] or "") + (match["behind"] or "")
    op = (
        "=" if not front and not behind else "~" if front in ("近", "约", "将近") or behind in ("左右", "上下") else ">"
    )
    return Statement(
        index=index,
        indicator="",
        span=span,
        value_span=span,
        value=Decimal(re.sub("[,，]", "", match["number"])),
        unit=unit.replace("％", "%").removeprefix("个") if len(unit) > 1 else unit.replace("％", "%"),
        op=op,
    )
