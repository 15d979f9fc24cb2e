"""The tense of a figure: that of its place, unless its clause, or the year that opens its sentence, says otherwise."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import gaps, kinds
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.deadlines import Moment
from keshu.engines.plandoc.claims.naming import is_generic
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.tiers import ACTUAL_CUE, TARGET_CUE, aims, tense_of
from keshu.engines.plandoc.claims.wording import Wording
from keshu.engines.plandoc.document import Op, Tense

RETROSPECT = Phrase(
    "a year gone by opens the sentence",
    ("去年,…", "截至2023年底,…"),
    "actual, over commas and semicolons, until another year or a word of aim comes",
    examples(
        (
            "去年,研发投入强度2.2%,列全省第8位;高企总数320家;今年要达到380家",
            "研发投入强度: = 2.2 % share actual 2023 | 研发投入强度全省位次: = 8 位 rank actual 2023 | "
            "高企总数: = 320 家 cumulative actual 2023 | 高企总数: >= 380 家 cumulative",
        ),
        ("有效高企达到310家,较上年净增35家", "有效高企: >= 310 家 level | 有效高企净增: >= 35 家 increase"),
        (
            "过去一年,技术合同成交额达到31亿元,新增高企35家",
            "技术合同成交额: = 31 亿元 level actual 2023 | 新增高企: = 35 家 increase actual 2023",
        ),
        (
            "“十三五”时期,研发投入年均增长14%,高企达到260家",
            "研发投入: = 14 % growth_rate actual 2016/2020 | 高企: = 260 家 level actual 2020",
        ),
        ("五年来,累计实施重大项目86项", "重大项目: = 86 项 cumulative actual 2019/2023"),
        (
            "截至10月底,入库企业386家,完成年度任务(350家)的110.3%",
            "入库企业: = 386 家 count actual | 入库企业: >= 350 家 count 2024-10 | 企业完成率: = 110.3 % share actual",
        ),
        ("兑付上年度研发补助资金860万元", "上年度研发补助资金: >= 860 万元 level"),
        (
            "试点单位由现有的4家增加到12家",
            "试点单位: = 4 家 level actual - | 试点单位: >= 12 家 level",
        ),
        (
            "去年科技贷放款46亿元,平均利率3.1%",
            "科技贷放款: = 46 亿元 level actual 2023 | 科技贷放款平均利率: = 3.1 % share actual 2023",
        ),
    ),
)
AHEAD = Phrase(
    "a year to come among results",
    ("2024年安排…", "2024年计划…"),
    "a goal: the year lies behind those that the results cover",
    examples(
        (
            "实绩>选派科技特派员60名,实际选派66名",
            "科技特派员: >= 60 名 count 2023 | 科技特派员选派: = 66 名 count actual 2023",
        ),
        (
            "实绩>高企储备126家,完成全年180家目标的70%",
            "高企储备: = 126 家 level actual 2023 | 高企储备: >= 180 家 level 2023 | = 70 % share actual 2023",
        ),
        (
            "实绩>计划培训人员600人次,实际培训635人次;计划举办活动3场,实际举办5场",
            "培训人员: >= 600 人次 count 2023 | 人员培训: = 635 人次 count actual 2023 | "
            "举办活动: >= 3 场 count 2023 | 活动举办: = 5 场 count actual 2023",
        ),
        (
            "实绩>考核优秀率目标为20%,完成21%",
            "考核优秀率: >= 20 % share 2023 | 考核优秀率: = 21 % share actual 2023",
        ),
        (
            "实绩>有效期内高企92家,力争年底净增15家,总数突破100家",
            "有效期内高企: = 92 家 level actual 2023 | 高企净增: >= 15 家 increase stretch 2023 | "
            "高企总数: > 100 家 cumulative 2023",
        ),
        ("实绩>2024年新建市级平台不低于22个", "市级平台: >= 22 个 increase 2024"),
    ),
)
PHRASES = (RETROSPECT, AHEAD)

#: Names of their own, found faster than through the enum (see `kinds`).
_ACTUAL, _TARGET = Tense.ACTUAL, Tense.TARGET
#: 六成多的规上企业没有研发机构: what the number's own clause denies is so already.
_LACKING = re.compile(
    r"(?:多|左右|以上)?的?[^,;。]{0,14}?(?:还|仍|尚|都|连)?(?:没有|尚无|缺乏|缺少|未(?:建|开|设|实|落|能))"
)
#: 完成全年180家目标的70%, 对照全年42亿元的任务: the number itself is the goal.
_GOAL_BEHIND = re.compile(r"的?(?:目标|任务|计划)")
#: 协议资金4.2亿元,实际到位1.2亿元: what was signed for is no goal.
_PROMISED = re.compile(r"(?:协议|合同|签约|意向|认缴|授信|应到|应收|计划总|预算)[\u4e00-\u9fff]{0,6}$")
#: 目标为20%,完成21%
_CAME_TO = re.compile(r"(?:全年|年内)?(?:实际|已|共)*(?:完成|实现)了?")
_OF_YEAR = re.compile(r"(?:全年|年度|年初|半年|对照|对标|距离?)")
_PAYS = ("兑付", "兑现", "拨付", "发放", "支付", "结清", "清算", "补发", "下达", "拨清", "验收", "结题")
_BASELINE = re.compile(r"(?:由|从)(?:去年|上年)")


def tense_at(context: Context, item: Item, wording: Wording, moments: list[Moment]) -> Tense:
    """Place, 任务是 and 完成情况, and words like 已 and 力争; a year before the plan's makes its figure an actual one."""
    text, place = context.text, context.passage.tense
    bare = not context.cued and not context.turned and not context.retrospect
    if bare and not moments and context.carried is None and not text.startswith(";实际", item.end):
        return (context.aim or place) if place is _ACTUAL else place
    opening = _opening(context, item)
    words = text[opening : item.quantity.start].replace("(", "")
    gap = item.lead != "(" and gaps.against_goal(words) is not None
    while context.settings and context.settings[0].end() <= item.quantity.start:
        context.aim = _TARGET if context.settings.pop(0)[0].endswith(("是", "为", ":", "要求")) else _ACTUAL
    own = aim = aims(words) if item.quantity.kind is not kinds.POINTS else None
    aim = _ACTUAL if gap else aim or context.aim
    if gap and place is _TARGET:
        return _ACTUAL
    done = aim is _TARGET and item.lead == "," and _CAME_TO.fullmatch(item.before) is not None
    tense = _ACTUAL if done else tense_of(words, place=place, aim=aim)
    plain = place is _TARGET and tense is _TARGET and not wording.tier and aim is None
    if plain and (_lacks(item) or (context.turned and _trails(item, wording, moments))):
        return _ACTUAL
    if (
        (moments or context.retrospect)
        and own is not _TARGET
        and _is_retrospect(context, item, moments)
        and not wording.tier
        and not TARGET_CUE.search(words)
    ):
        return _ACTUAL
    met = (
        place is _ACTUAL
        and own is None
        and context.aim is not _TARGET
        and text.startswith((",实际", ";实际"), item.end)
    )
    if met and not _PROMISED.search(words):
        return _TARGET
    if (
        place is _ACTUAL
        and _GOAL_BEHIND.match(text, item.quantity.end)
        and _OF_YEAR.search(text, opening, item.quantity.start)
    ):
        return _TARGET
    if (
        place is _ACTUAL
        and aim is None
        and (moments or context.carried is not None)
        and _lies_ahead(context, item, moments)
    ):
        return _TARGET
    if context.tier is not None and tense is place is _ACTUAL and aim is None and _aims_on(item, wording, words):
        return _TARGET
    past = bool(moments) and any(
        m.past and not m.base and item.start <= m.start < item.quantity.start and not _owed(text, m) for m in moments
    )
    if place is _TARGET and past and not wording.tier:
        return _ACTUAL
    if tense is _ACTUAL and place is _TARGET and wording.start_value is False and _BASELINE.search(words):
        return _TARGET
    return tense


def _opening(context: Context, item: Item) -> int:
    """Where the words begin that set the tense: in front of a bracket that opens with its number, at its clause elsewhere."""
    if item.lead == "(" and item.before_start == item.start:
        opening = max(context.start, item.start - 14)
        return context.text.rfind(",", opening, item.start) + 1 or opening
    if context.started is not None and item.lead == "+" and context.passage.tense is _TARGET:
        return item.before_start  # 由现有的4家增加到12家: 现有 speaks of the start alone.
    return item.start


def _owed(text: str, moment: Moment) -> bool:
    """兑付上年度补助资金: what is paid out is of last year, the payment is not."""
    return text.endswith(_PAYS, 0, moment.start)


def _aims_on(item: Item, wording: Wording, words: str) -> bool:
    """力争净增15家,总数突破100家: does the clause go on with the aim before it?"""
    reached = wording.reached or wording.op is Op.MORE_THAN
    return reached and item.lead in (",", "、") and not ACTUAL_CUE.search(words)


def _lacks(item: Item) -> bool:
    """Do the words behind the number deny something (没有, 尚无)?"""
    after = item.after
    return ("没" in after or "未" in after or "缺" in after or "无" in after) and _LACKING.match(after) is not None


def _trails(item: Item, wording: Wording, moments: list[Moment]) -> bool:
    """Does a clause only say more of the figure before it (,同比增长9%; ,低于全省平均2个百分点)?"""
    if item.lead != "," or any(item.start <= m.start < item.quantity.start and not m.base for m in moments):
        return False
    more = wording.growth or wording.share or item.quantity.kind in (kinds.POINTS, kinds.RANK)
    more = more or (item.quantity.unit == "%" and (item.before.endswith("的") or is_generic(wording.name)))
    return more and not TARGET_CUE.search(item.before) and not re.search("要|将|达到|确保", item.before)


def _is_retrospect(context: Context, item: Item, moments: list[Moment]) -> bool:
    """去年 at the head of a sentence reaches over its clauses, and over semicolons, until another year is named."""
    text = context.text
    years = [
        m for m in moments if (m.year_level or text[m.start] == "截") and not m.base and m.start < item.quantity.start
    ]
    if years:
        first, last = years[0], years[-1]
        opens = first.start <= context.start + 2 and (text[first.end] == "," or first.end == item.quantity.start)
        context.retrospect = (last.past or text[last.start] == "截") and (opens or context.retrospect)
    return context.retrospect


def _lies_ahead(context: Context, item: Item, moments: list[Moment]) -> bool:
    """In results, does the last year named lie behind those the results cover?"""
    period = context.passage.period
    if period is None:
        return False
    years = [m for m in moments if m.year_level and not m.base and m.start < item.quantity.start]
    last = years[-1] if years else context.carried
    return last is not None and last.over_years is None and last.period.first > period.last
