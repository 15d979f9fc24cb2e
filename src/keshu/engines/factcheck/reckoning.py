"""How a figure is reckoned from others, as the words in front of it tell: the share of a target, growth, a rise, a gap."""

from __future__ import annotations

import re
from enum import StrEnum

from keshu.engines.factcheck.amounts import Dimension, unit_of
from keshu.engines.factcheck.places import Place
from keshu.engines.factcheck.values import Statement


class Relation(StrEnum):
    """How a figure is reckoned from others: share of its target reached, growth over a year, what it rose by."""

    COMPLETION = "completion"
    GROWTH = "growth"
    SINCE_YEAR = "since_year"
    SINCE_MONTH = "since_month"
    OVER_YEAR = "over_year"
    WITHIN_MONTH = "within_month"
    GAP = "gap"
    LEAD = "lead"
    PACE = "pace"
    MULTIPLE = "multiple"


# Those that have a direction.
CHANGES = frozenset(
    {
        Relation.GROWTH,
        Relation.SINCE_YEAR,
        Relation.SINCE_MONTH,
        Relation.OVER_YEAR,
        Relation.WITHIN_MONTH,
        Relation.PACE,
    }
)
# What was more than before; told in % (较上年提高6.8%) it is by how much of it.
RISES = frozenset({Relation.SINCE_YEAR, Relation.SINCE_MONTH, Relation.OVER_YEAR})
_COMPLETION = re.compile(
    r"完成率|完成进度|完成(?:了)?(?:全年|年度|年初)?(?:目标|任务|计划)|占(?:全年|年度)?(?:目标|任务)|目标的|任务的|进度达"
)
_GROWTH = re.compile("增长|增速|增幅|同比|下降|上升")
_RISE = re.compile("增加|提高|多|净增|新增|上升|提升|减少|下降|少|回落|增长|扩大|高|[↑↓▲▼]")
_SINCE = (
    (Relation.SINCE_YEAR, re.compile("(?:比|较)(?:年初|上年末|上年底|去年底|去年末|年初数)")),
    (Relation.SINCE_MONTH, re.compile("(?:比|较)(?:上月|上个月|前一个月|\\d{1,2}月)|环比")),
    (Relation.OVER_YEAR, re.compile("(?:比|较)(?:上年同期|去年同期|同期|上年|去年)|同比")),
)
# 去年同期是42名，增加了13名: a clause that only says by how much compares with the time just named.
_ONLY_RISE = re.compile("[，,；](?:共|净|又|再)?(?:增加|提高|提升|上升|增长|多|扩大|减少|下降|降低|少|回落)(?:了)?$")
_BASES = (
    (Relation.OVER_YEAR, re.compile("(?:去年|上年)(?:同期|这个?时候|此时)")),
    (Relation.SINCE_MONTH, re.compile("上个?月|\\d{1,2}月[底末]")),
    (Relation.SINCE_YEAR, re.compile("年初|(?:上年|去年)[底末]")),
)
# 与9月末相比，入库企业增加15家，…: the sentence's opening says with what every rise in it compares.
_COMPARING = re.compile("(?:与|同|和|较|比)(?P<base>[^，。；]{2,12}?)(?:相比|比较|相较)")
_ENDS_IN_RISE = re.compile("(?:增加|提高|提升|上升|增长|多|扩大|减少|下降|降低|少|回落)(?:了)?$")
# 尚有7人次的缺口.
_MISSING = re.compile("的?(?:缺口|差距)")
_MULTIPLE = re.compile(r"(?:去年|上年|同期|20\d\d年)[^，。；]*的$")
_GAP = re.compile("(?:差|距|缺口|还有|短)")
# 还差59家 needs no 目标 beside it: what is missing is missing to the target.
_SHORT = re.compile("(?:(?:还|尚|仍|只)(?:差|缺|欠)(?:了)?|剩余|剩下|尚余|余下|缺口(?:为|是|达)?)$")
# 超出全年目标3家: the lead over the target, not the target.
_LEAD = re.compile(
    "领先(?:优势|幅度)(?:只有|仅有?|为|是|达)?$|(?:超出|超过|超额|超|高于|高出)(?:了)?(?:全年|年度|年初|预期|既定)*(?:目标|任务|计划)(?:值|数)?(?:了)?$"
)
# 快于时序进度8.3个百分点; the pace itself (时序进度为83.3%) is nobody's figure.
_PACE = re.compile("(?:快|慢|高|低|超|超过|超出|超前|领先|落后|滞后|比|较)于?(?:时序|序时)进度")
_WITHIN = re.compile(r"当月|单月|本月|一个月(?!前)|\d{1,2}月份(?!累计)|[一二三四五六七八九十]月份(?!累计)")
_SO_FAR = re.compile("累计|截至|前[一二三四五六七八九十\\d]+个月|总")
# 完成124家（68.9%）: a share in brackets behind what is done is the share of the target.
_DONE_SHARE = re.compile(r"(?:完成|实现|达到?)[^，。；（）()\n]*\d[^，。；（）()\n\d]*[（(]$")
_FALL = re.compile("减少|下降|下滑|(?<![不至多])少|回落|降低|降|[↓▼]|慢|落后|滞后|低于|低")


def relation_of(statement: Statement, text: str, place: Place, *, head: str = "") -> Relation | None:
    """How the figure is reckoned from others, told by the words in front of it; `head` is the head of its table's column."""
    words = text[max(place.sentence.start, place.clause.start - 1) : statement.value_span.start] + head
    dimension = unit_of(statement.unit).dimension
    if statement.unit == "百分点" and _PACE.search(words):
        return Relation.PACE
    is_rate = statement.indicator.endswith("完成率") or _COMPLETION.search(words)
    if _LEAD.search(words) and (dimension is not Dimension.RATE or statement.unit == "百分点"):
        return Relation.LEAD
    before = text[place.sentence.start : statement.value_span.start]
    if dimension is Dimension.RATE and (is_rate or _is_of_a_target(before)):
        return Relation.COMPLETION
    if statement.unit == "%" and _GROWTH.search(words):
        return Relation.GROWTH
    after = text[statement.value_span.end : statement.value_span.end + 3]
    if statement.value_span.of(text).rstrip("。").endswith("倍") and _MULTIPLE.search(before):
        # A reader may have turned 1.2倍 into a growth of 20%.
        return Relation.MULTIPLE if statement.unit == "倍" else Relation.GROWTH
    if (
        _SHORT.search(words)
        or _MISSING.match(after)
        or (place.clause.end - place.clause.start < 40 and _GAP.search(words) and re.search("目标|任务", words))
    ):
        return Relation.GAP
    for relation, since in _SINCE:
        if since.search(words) and _RISE.search(words) and dimension is not Dimension.RANK:
            return relation
    opening = _COMPARING.search(before)
    if _ONLY_RISE.search(before) or (opening and _ENDS_IN_RISE.search(words)):
        named = opening["base"] if opening else before
        told = next((relation for relation, base in _BASES if base.search(named)), None)
        return told or (Relation.WITHIN_MONTH if _is_of_the_month(before) else None)
    return Relation.WITHIN_MONTH if _is_of_the_month(before) else None


def _is_of_a_target(before: str) -> bool:
    """完成年度目标（520家）的96.7%, 年度任务52%，已完成96.7%: the target stands between the words and the share."""
    return _DONE_SHARE.search(before) is not None or (
        re.search(r"(?:目标|任务|计划)[^，。；]*\d[^，。；]*(?:的|，(?:已经?)?完成(?:了)?)$", before) is not None
    )


def _is_of_the_month(before: str) -> bool:
    """仅10月份，新增12家: what the month itself added; 累计 after it turns back to the year so far."""
    named = list(_WITHIN.finditer(before))
    return bool(named) and _SO_FAR.search(before[named[-1].end() :]) is None


def is_change_alone(statement: Statement, text: str, place: Place, relation: Relation) -> bool:
    """Whether the figure can only be reckoned: the words end in 增加, 多了, 还差, or say 缺口 or 倍 behind it."""
    words = text[place.clause.start : statement.value_span.start]
    behind = text[statement.value_span.end : statement.value_span.end + 3]
    if relation is Relation.GAP:
        return _SHORT.search(words) is not None or _MISSING.match(behind) is not None
    if relation in (Relation.SINCE_MONTH, Relation.SINCE_YEAR, Relation.OVER_YEAR):
        return _ENDS_IN_RISE.search(words) is not None
    return relation in (Relation.PACE, Relation.MULTIPLE)


def is_falling(statement: Statement, text: str, place: Place) -> bool:
    """Whether the words say that the figure is a fall or a lag: 同比少4.26万元 is a change of -4.26."""
    return _FALL.search(text[place.clause.start : statement.value_span.start]) is not None
