"""Numbers that share words: 分别 pairs names with numbers in order, lists share a head or a tail."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds, naming
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.lists import behind_region, expand, is_region
from keshu.engines.plandoc.claims.naming import LEVEL, Subject
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.ranks import rank_name
from keshu.engines.plandoc.claims.wording import Wording, clean_name, leading_verb, read_words

#: 东城区、西江县完成进度较快,分别达到…
#: 南屏县、云门县要对照目标,…分别新增
_PLACES_TOLD = re.compile(
    r"(?P<list>[\u4e00-\u9fff]{1,4}[县市区镇乡州](?:[、和][\u4e00-\u9fff]{1,4}[县市区镇乡州])+)(?:要|应|须|将|力争|确保|继续|年内|四季度|下半年)"
)
_PACE_TOLD = re.compile(r"(?:落后|滞后|快|慢|超|低|高)于?(?:出)?(?:序时进度|全[省市县区州]平均(?:水平)?)")
#: 兴科农机、大成食品两家企业分别投入
_NAMED = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})等?[两二三四五六\d][家个所](?:企业|单位|公司|机构|平台|高校|园区|院所|基地)$"
)
_ASIDE = re.compile(r"\([^()]*\)")
_STATE = re.compile(
    r"(?:进度|进展|增长|完成)?(?:较快|较好|较慢|居前|靠前|领先|滞后|偏低|较高|增长较快|稳步增长|位居前列|实现增长)$"
)
#: 两项指标分别增长: those counted right before.
_BACK = re.compile(r"[,、]?(?:[上这前]述?)?(?:[两三二\d](?:项|个|类|者)(?:主要)?(?:指标|数据|数)?|二者)?(?:同比)?")
#: 分列第二、第三位
_SPREAD = re.compile(r"分[列居获占]")
_BATCH = re.compile(r"第.(?:批次?|轮|期|类)")
#: 累计分别达到8家、20家: of what the sentence has just counted.
_ALTOGETHER = frozenset(("累计", "共", "总共", "合计", "总计"))
_NEXT_FIGURE = re.compile(r"(?:以上)?[、和与及,](?:以及)?\d[\d.]*[^\d、和与及,;。]{1,6}")


def names_for(context: Context, item: Item, wording: Wording, before: str) -> list[str]:
    """The name that 分别 gives to this number, as a list of one; empty where 分别 is not at work."""
    if before.startswith("分") and _SPREAD.match(before):
        before = "分别" + before[1:]
    if "分别" in before:
        head, _, rest = before.partition("分别")
        head = "" if _BACK.fullmatch(head) else _NAMED.sub("", head)
        ranked = item.quantity.kind is kinds.RANK
        listed = expand(head)
        if len(listed) < 2 and context.names and not clean_name(head).strip("、"):
            listed = context.names
        if len(listed) < 2 and not clean_name(head).strip("、") and context.latest and "、" in context.latest.text:
            listed = expand(context.latest.text.removesuffix("位次"))
        if len(listed) < 2 and not clean_name(head).strip("、") and item.lead == ",":
            front = context.text[context.start : item.before_start - 1].rpartition(",")[2]
            told = "、" in front and len(front) <= 40 and not re.search(r"\d[家个项件名亿万]", front)
            front = _ASIDE.sub("", front)
            listed = expand(_STATE.sub("", front)) if told else listed
        if len(listed) < 2 and (places := _PLACES_TOLD.match(context.text, context.start)):
            listed = [place + clean_name(head) for place in expand(places["list"])]
        noun, altogether = clean_name(head), head in _ALTOGETHER
        if len(listed) < 2 and (altogether or naming.is_generic(noun)) and len(context.listed) > 1:
            count = _figures_from(context.text, item.end)
            listed = [s.text[len(s.verb) :] + noun for s in context.listed[-count:]]
        if (
            len(listed) < 2
            and not clean_name(head).strip("、")
            and (wording.growth or ranked)
            and len(context.recent) > 1
        ):
            listed = context.recent[-2:]
        if len(listed) < 2:
            return []
        listed = _with_noun(listed, rest, subject_of_list(context))
        inner = read_words(rest)
        listed = (
            [_with_verb(name, inner.name) for name in listed]
            if inner.name and not naming.is_generic(inner.name)
            else listed
        )
        if ranked:
            listed = [rank_name(rest, naming.subject_of(name, ""))[0] for name in listed]
        context.names, context.paired = listed, 1
        context.pair_growth, context.pair_fall, context.pair_total = wording.growth, wording.fall, wording.total
        wording.verb = wording.verb or inner.verb or leading_verb(listed[0])
        wording.name = listed[0]
        context.verb = wording.verb
        return [listed[0]]
    if not context.names or not 0 < context.paired < len(context.names):
        return []
    if item.lead not in ("、", "+", ",") or len(clean_name(before)) > 3:
        return []
    name = context.names[context.paired]
    context.paired += 1
    wording.growth = wording.growth or context.pair_growth
    wording.total = wording.total or context.pair_total
    wording.fall = wording.fall or (context.pair_fall and not wording.name)
    wording.name = wording.name or name
    wording.verb = wording.verb or context.verb
    return [name]


def _figures_from(text: str, end: int) -> int:
    """How many figures stand in a row, the one that ends at `end` among them; at least two."""
    count = 1
    while match := _NEXT_FIGURE.match(text, end):
        count, end = count + 1, match.end()
    return max(count, 2)


def _with_noun(listed: list[str], rest: str, subject: Subject | None) -> list[str]:
    """Places, levels and batches with what is counted of them."""
    places = all(is_region(name) for name in listed)
    if places and _PACE_TOLD.fullmatch(rest):
        return [name + rest for name in listed]
    if subject is None or (places and is_region(subject.core)):
        return listed
    bare = all(LEVEL.fullmatch(name) for name in listed) or all(_BATCH.fullmatch(name) for name in listed)
    return [name + subject.core for name in listed] if places or bare else listed


#: How a figure stands to a pace or an average is no part of what is counted.
_STANDING = re.compile(
    r"(?:快于|慢于|高于|低于|超过?|落后于?)"
    r"(?:序时进度|时序进度|(?:全[国省市区县]|自治区)平均(?:水平)?|全[国省市区县]).*"
)


def borrowed(name: str) -> str:
    """What another place borrows from a name: neither the place in it nor how it stood to the pace.

    >>> borrowed("江城区技术合同成交额快于序时进度")
    '技术合同成交额'
    """
    return _STANDING.sub("", behind_region(name) or name)


def lent(context: Context) -> str:
    """What the sentence before, or the heading, lends to a place that stands alone with its number."""
    lender = context.earlier or context.fallback
    lent = lender.core if lender is not None else ""
    return behind_region(lender.text) if lender is not None and is_region(lent) else borrowed(lent)


def subject_of_list(context: Context) -> Subject | None:
    """What listed places or batches are counted in."""
    view = re.match(r"从([\u4e00-\u9fff]{2,16}?)(?:情况)?(?:来)?看,", context.text[context.start : context.start + 22])
    if view:
        return Subject("", view[1], view[1])
    ahead = context.earlier if context.text.startswith("其中", context.start) else None
    return context.history.get("看") or context.subject or context.previous or ahead or context.fallback


def _with_verb(name: str, verb: str) -> str:
    return name if verb in name else name + verb


PHRASES = (
    Phrase(
        "each of a list",
        ("A、B数量均翻一番", "A率、B率均达到N"),
        "one claim for each",
        examples(
            (
                "规划>高新技术企业、科技型中小企业数量比2020年均翻一番",
                "高新技术企业: >= 100 % growth_rate 2021/2025 | 科技型中小企业: >= 100 % growth_rate 2021/2025",
            ),
            (
                "规划>高企、新型研发机构都翻两番",
                "高企: >= 300 % growth_rate 2021/2025 | 新型研发机构: >= 300 % growth_rate 2021/2025",
            ),
            ("办结率、满意率均达95%", "办结率: >= 95 % share | 满意率: >= 95 % share"),
            (
                "规上企业研发机构、研发活动覆盖率分别达到50%、60%",
                "规上企业研发机构覆盖率: >= 50 % share | 规上企业研发活动覆盖率: >= 60 % share",
            ),
            ("规划>技术合同成交额年均翻一番", "技术合同成交额: >= 100 % growth_rate 2021/2025"),
        ),
    ),
    Phrase(
        "分别 over levels",
        ("分别达到2家和9家",),
        "names and numbers pair in order",
        examples(
            (
                "实绩>东城区、西江县完成率分别为85.3%和79.6%",
                "东城区完成率: = 85.3 % share actual 2023 | 西江县完成率: = 79.6 % share actual 2023",
            ),
            (
                "实绩>石坪、枫林2个镇完成率不足三成,分别为28.5%和21%",
                "石坪、枫林2个镇完成率: <= 30 % share actual 2023 | 石坪镇完成率: = 28.5 % share actual 2023 | "
                "枫林镇完成率: = 21 % share actual 2023",
            ),
            (
                "实绩>吸纳、输出技术合同成交额分别达到12亿元和18亿元",
                "吸纳技术合同成交额: = 12 亿元 level actual 2023 | 输出技术合同成交额: = 18 亿元 level actual 2023",
            ),
            (
                "装备制造、粮食加工两个主导产业的研发机构覆盖率分别达到60%和40%",
                "装备制造产业研发机构覆盖率: >= 60 % share | 粮食加工产业研发机构覆盖率: >= 40 % share",
            ),
            (
                "实绩>临川县登记额9.3亿元、石门县登记额8.8亿元,分列第二、第三位",
                "临川县登记额: = 9.3 亿元 level actual 2023 | 石门县登记额: = 8.8 亿元 level actual 2023 | "
                "临川县登记额位次: = 2 位 rank actual 2023 | 石门县登记额位次: = 3 位 rank actual 2023",
            ),
            (
                "实绩>石桥镇申报18家;河东镇、南湾镇各12家;北塘镇仅3家",
                "石桥镇申报: = 18 家 count actual 2023 | 河东镇、南湾镇申报: = 12 家 count actual 2023 | "
                "北塘镇申报: = 3 家 count actual 2023",
            ),
            (
                "建成研究院2家、工作站3家、孵化器5家,累计分别达到8家、20家和41家",
                "建成研究院: >= 2 家 increase | 建成工作站: >= 3 家 increase | 建成孵化器: >= 5 家 increase | "
                "研究院: >= 8 家 cumulative | 工作站: >= 20 家 cumulative | 孵化器: >= 41 家 cumulative",
            ),
            ("新增国家级、省级平台分别达到2家和9家", "国家级平台: >= 2 家 increase | 省级平台: >= 9 家 increase"),
            (
                "选认科技特派员110名,其中省、市、县级分别为18名、32名和60名",
                "科技特派员: >= 110 名 level | 省级科技特派员: >= 18 名 level | 市级科技特派员: >= 32 名 level | "
                "县级科技特派员: >= 60 名 level",
            ),
            ("第一、二批分别组织申报12家、9家", "第一批申报: >= 12 家 count | 第二批申报: >= 9 家 count"),
        ),
    ),
    Phrase(
        "分别 pointing back",
        ("两项指标分别增长21%和35%", ",分别列全省第4位和第5位"),
        "the two counted right before, in order",
        examples(
            (
                "实绩>登记技术合同900项、成交额20亿元,两项指标分别增长11%和16%",
                "登记技术合同: = 900 项 count actual 2023 | 技术合同成交额: = 20 亿元 level actual 2023 | "
                "登记技术合同: = 11 % growth_rate actual 2023 | 技术合同成交额: = 16 % growth_rate actual 2023",
            ),
            (
                "实绩>新增专精特新企业7家、瞪羚企业12家,分别列全省第4位和第5位",
                "新增专精特新企业: = 7 家 increase actual 2023 | 新增瞪羚企业: = 12 家 increase actual 2023 | "
                "新增专精特新企业全省位次: = 4 位 rank actual 2023 | 新增瞪羚企业全省位次: = 5 位 rank actual 2023",
            ),
            (
                "实绩>兴科农机、大成食品两家企业分别投入560万元和420万元",
                "兴科农机投入: = 560 万元 level actual 2023 | 大成食品投入: = 420 万元 level actual 2023",
            ),
            (
                "南屏县、云门县要对照年度任务,倒排工期,四季度分别新增入库15家、12家以上",
                "南屏县新增入库: >= 15 家 increase 2024-Q4 | 云门县新增入库: >= 12 家 increase 2024-Q4",
            ),
            (
                "实绩>南屏县、云门县进度滞后,分别落后序时进度32个和37.5个百分点",
                "南屏县落后序时进度: = 32 百分点 increase actual 2023 | "
                "云门县落后序时进度: = 37.5 百分点 increase actual 2023",
            ),
            (
                "实绩>认定高企120家。其中,清溪区、白石县分别认定96家、71家",
                "认定高企: = 120 家 increase actual 2023 | 清溪区高企认定: = 96 家 increase actual 2023 | "
                "白石县高企认定: = 71 家 increase actual 2023",
            ),
            (
                "实绩>高企数、发明专利量分别列全市第二、第三",
                "高企数全市位次: = 2 位 rank actual 2023 | 发明专利量全市位次: = 3 位 rank actual 2023",
            ),
            (
                "实绩>申报省、市科技奖分别为6项和11项",
                "申报省科技奖: = 6 项 count actual 2023 | 申报市科技奖: = 11 项 count actual 2023",
            ),
        ),
    ),
    Phrase(
        "分别 over indicators",
        ("申请量、授权量分别为900件、510件",),
        "likewise; a growth behind it pairs again",
        examples(
            (
                "实绩>全年专利申请量、授权量分别为900件、510件,分别增长8%、12%",
                "专利申请量: = 900 件 count actual 2023 | 专利授权量: = 510 件 count actual 2023 | "
                "专利申请量: = 8 % growth_rate actual 2023 | 专利授权量: = 12 % growth_rate actual 2023",
            ),
        ),
    ),
)
