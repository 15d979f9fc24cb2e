"""What a clause takes its bearings from: what the sentence looks at, a topic set in front, another's figure, a sum."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import naming
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.naming import Subject
from keshu.engines.plandoc.claims.quantities import Kind
from keshu.engines.plandoc.claims.units import is_money
from keshu.engines.plandoc.claims.wording import Wording

_VIEW = re.compile(
    r"(?:从(?P<what>[\u4e00-\u9fff]{2,16}?)(?:情况)?(?:来)?看|(?P<field>(?!一方面|另一)[\u4e00-\u9fff]{3,12}?)方面),"
)
#: 研发强度只有全省平均水平的八成, 不到标杆市的一半: a relation, no level of its own.
RELATION = re.compile(
    r"(?:还|尚|控制在|只有|仅有|仅为|仅是|只是|仅|约为|相当于|达到?|不到|不足|超过|是|为)*"
    r"(?P<what>(?:省会|省城|邻[市县区]|先进地区|发达地区)|(?:全[国省市区县州]|同类|(?=市场价)|标杆|先进|兄弟|周边|上年|去年|[\u4e00-\u9fff]{2,5}[市县区])[\u4e00-\u9fff]{0,6}?"
    r"(?:平均(?:水平|值|数)?|水平|市场价格?|同期(?:水平)?|(?<=兄弟)[市县区]|(?<=标杆)[市县区]|城市))的$"
)
#: 某研究院被列为省级新型研发机构,实现该领域零的突破
THIS_FIELD = re.compile(r"(?:我[省市区县])?(?:在)?(?:该|这一|此)(?:领域|项|类|方面)")
ENTERED = re.compile(
    r"(?:列为|获批|入选|获评|评为|认定为|成为|升级为|晋升为|列入|纳入|建成)(?:为|了)?(?P<what>[\u4e00-\u9fff“”]{4,20})(?=,)"
)
#: A noun phrase of its own in front of a clause …的不到两成; a count in it only says of how many.
_TOPIC = re.compile(
    r"(?:[全我][省市区县州])?(?:的)?(?:现有)?(?:[\d一二两三四五六七八九十百千]+多?[家个项名户])?(?P<what>[\u4e00-\u9fff]{2,10}?)(?:里头?|中|当中|来说)?"
)
OF_THEM = re.compile(r"的(?:还|已|都|要|只|仅|不|才|有|占|达|超|控|突|至|力|必|就)[^的]{0,6}$")
#: What is said of a goal is said of the figure in the sentence before: 完成率仅45%,缺口23亿元; 对照全年42亿元的任务.
GAP_OF = re.compile(
    r"完成率|缺口|差距|尚差|还差|序时进度|完成(?:全年|年度|年初)?(?:目标|任务|计划)|的(?:目标|任务|计划)"
)


def seen(context: Context) -> str:
    """What the sentence looks at (从净增数看, 研发投入方面), or ""."""
    if view := _VIEW.match(context.text, context.start):
        seen = view["what"] or view["field"]
        context.history["看"] = Subject("", seen, seen)
    return context.history["看"].text if "看" in context.history else ""


def says_more_of_money(item: Item, wording: Wording) -> bool:
    """Is a nameless number behind a sum a growth or multiple of it, or its goal in a bracket?"""
    growth = item.lead == "," and (wording.growth or item.quantity.kind is Kind.TIMES)
    return growth or (item.lead == "(" and is_money(item.quantity.unit))


def topic(context: Context, item: Item) -> str:
    """What a speech sets in front by itself: 高企里,年营收过亿的不到两成; 高校的成果,落地的不少于六十项."""
    if item.lead != "," or context.measured_at > context.start:
        return ""
    front = context.text[context.start : item.before_start - 1].rpartition(",")[2]
    match = _TOPIC.fullmatch(front)
    return match["what"] if match and not naming.starts_with_verb(match["what"]) else ""


def share_of(context: Context, wording: Wording) -> str:
    """A bare 占15% is a share of what was counted last."""
    return f"{context.latest.text}占比" if wording.share and context.latest is not None else ""
