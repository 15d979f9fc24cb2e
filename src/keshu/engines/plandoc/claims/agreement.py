"""Sets claims beside one another: which says the same as an earlier one, and which disagree."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.units import SCALES, is_money
from keshu.engines.plandoc.document import Claim, Contradiction, Measure, Op, Tense, Tier
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.source import CleanText

_FOLD = (
    ("国家高新技术企业", "高新技术企业"),
    ("高企", "高新技术企业"),
    ("规模以上", "规上"),
    ("地区生产总值", "GDP"),
    ("占比", "比重"),
    ("比例", "比重"),
    ("研究与试验发展", "研发"),
    ("R&D", "研发"),
    ("经费支出", "投入"),
    ("经费投入", "投入"),
    ("全社会", ""),
    ("净增", "新增"),
)
_DROP = re.compile(r"[的了数量“”\"'、\s全增](?:(?<![全增])|(?<=全)[市县区省]|(?<=增)速$)")
#: Names that every task may use of something else of its own.
_ANY_NAME = re.compile(
    r"(?:创新|科技|重点|示范|新型|高端|优质|产业|服务|技术|研发|高层次|企业|专项|主要|骨干|省级|市级|县级|国家级|各级|建设|培育|引进)*"
    r"(?:平台|企业|项目|人才|团队|载体|机构|基地|园区|活动|培训|资金|经费|成果|主体|中心|服务|投资|面积|场|次)"
)
_MANY = 3
#: Names of their own, found faster than through the enum (see `kinds`).
_ACTUAL, _STRETCH, _INCREASE, _GROWTH_RATE = Tense.ACTUAL, Tier.STRETCH, Measure.INCREASE, Measure.GROWTH_RATE
_STEADY = frozenset({Measure.LEVEL, Measure.SHARE, Measure.CUMULATIVE, Measure.GROWTH_RATE, Measure.RANK})

#: Folded name, results or goals, ambitious or not, first and last month, flow, kind of unit, base. Plain values hash fast.
_Key = tuple[str, bool, bool, int | None, int | None, str, str, str | None]


class _Group:
    """The claims on one thing: their places, and for each value (high, benchmark) the place that said it first."""

    __slots__ = ("members", "said")

    def __init__(self) -> None:
        self.members: list[int] = []
        self.said: dict[tuple[float | None, float | None, str | None], int] = {}


def settle(clean: CleanText, drafts: list[Draft]) -> tuple[tuple[Claim, ...], tuple[Contradiction, ...]]:
    """Number the claims, link restatements and report contradictions.

    Two claims speak of the same thing when indicator (folded), tense, tier, period, kind of unit and base agree. Equal
    values make the later one a restatement; different ones a contradiction, which is reported for standing quantities and
    for flows named in full in a goals section, since two tasks may each hold ``培训`` of their own.
    """
    claims: list[Claim] = []
    groups: defaultdict[_Key, _Group] = defaultdict(_Group)
    for index, draft in enumerate(drafts):
        group = groups[_key(draft)]
        earlier = None
        if draft.value is not None or draft.benchmark:
            first = group.said.setdefault((_amount(draft), draft.high, draft.benchmark), index)
            earlier = None if first == index else first
        group.members.append(index)
        claims.append(_claim(clean, draft, index, earlier))
    found = [
        c
        for key, group in groups.items()
        if len(group.members) > 1 and (c := _contradiction(key[0], group.members, drafts)) is not None
    ]
    return tuple(claims), tuple(found)


def _claim(clean: CleanText, draft: Draft, index: int, restates: int | None) -> Claim:
    start = draft.start if draft.start < draft.value_start else draft.value_start
    end = draft.end if draft.end > draft.value_end else draft.value_end
    return Claim(  # In the order of its fields: twenty keywords would cost as much as the rest of this room.
        index,
        draft.indicator,
        draft.op,
        draft.value,
        draft.high,
        draft.unit,
        draft.measure,
        draft.tier,
        draft.tense,
        draft.period,
        draft.masked,
        clean.span(start, end),
        clean.span(draft.value_start, draft.value_end),
        draft.passage.section,
        draft.node,
        draft.per,
        draft.benchmark,
        restates,
        tuple(dict.fromkeys(draft.doubts)) if draft.doubts else (),
        draft.owners,
    )


def _key(draft: Draft) -> _Key:
    flow = "增" if draft.measure is _INCREASE else "率" if draft.measure is _GROWTH_RATE else ""
    actual, stretch, period = draft.tense is _ACTUAL, draft.tier is _STRETCH, draft.period
    first, last = (None, None) if period is None else (period.first, period.last)
    return (_folded(draft.indicator), actual, stretch, first, last, flow, _unit_class(draft.unit), draft.per)


@lru_cache(maxsize=256)
def _folded(name: str) -> str:
    """The name with its synonyms made one and all that does not tell it apart taken off."""
    for long, short in _FOLD:
        name = name.replace(long, short)
    return _DROP.sub("", name)


@lru_cache(maxsize=512)
def _unit_class(unit: str | None) -> str:
    if unit is None:
        return ""
    return "元" if is_money(unit) else unit.removeprefix(_scale_of(unit))


def _amount(draft: Draft) -> float | None:
    if draft.value is None or draft.unit is None:
        return draft.value
    scale = _scale_of(draft.unit)
    return round(draft.value * SCALES[scale] if scale else draft.value, 4)


@lru_cache(maxsize=512)
def _scale_of(unit: str) -> str:
    return next((word for word in ("万亿", "亿", "万") if unit.startswith(word)), "")


def _contradiction(folded: str, members: list[int], drafts: list[Draft]) -> Contradiction | None:
    if len(folded) < 4:
        return None
    chosen = [i for i in members if drafts[i].value is not None and drafts[i].op not in (Op.BREAKTHROUGH, Op.ALL)]
    amounts = {_amount(drafts[i]) for i in chosen}
    if len(amounts) < 2 or len({(drafts[i].passage.start, drafts[i].start) for i in chosen}) < 2:
        return None
    if not any(_clash(drafts[i], drafts[j]) for i in chosen for j in chosen if i < j):
        return None
    places = {drafts[i].passage.section for i in chosen}
    if len(places) > 1 and (len(amounts) > _MANY or _ANY_NAME.fullmatch(folded)):
        return None  # 创新平台 under a dozen tasks is a platform of each, not one number twenty times over.
    goal = any(drafts[i].passage.role in (Role.GOAL, Role.PREAMBLE) for i in chosen)
    if drafts[chosen[0]].measure not in _STEADY and not (goal and len(folded) >= 6):
        return None
    name = drafts[chosen[0]].indicator
    said = "、".join(dict.fromkeys(_printed(drafts[i]) for i in chosen))
    return Contradiction(name, tuple(chosen), f"“{name}”前后数值不一致:{said}")


def _clash(first: Draft, second: Draft) -> bool:
    """Can both not be true? 跨过60亿元 and 达到63亿元 can."""
    for bound, figure in ((first, second), (second, first)):
        low, high = _amount(bound), _amount(figure)
        if low is None or high is None:
            return False
        if bound.op is Op.MORE_THAN and figure.op is Op.EQUAL and high > low:
            return False
    return _amount(first) != _amount(second)


def _printed(draft: Draft) -> str:
    value = draft.value
    number = str(int(value)) if value is not None and value == int(value) else str(value)
    return f"{number}{draft.unit or ''}"


PHRASES = (
    Phrase(
        "same goal twice", ("目标段与任务段",), "both stay; the later one names the earlier (`restates`)", examples()
    ),
    Phrase(
        "disagreement",
        ("80家…70家",),
        "same indicator, period, tense, tier and base with different figures: reported",
        examples(),
    ),
)
