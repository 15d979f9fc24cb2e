"""Whose share it is: parts of a whole, what a number's own clause denies, places that share a rate, what is covered."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds, naming
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.phrases import Phrase, examples

PARTS = Phrase(
    "part of a whole",
    ("规上企业中有研发活动的占58%,设有研发机构的占43%",),
    "a share; the whole is named once for all its parts",
    examples(
        (
            "实绩>规上工业企业中有研发活动的占58.3%,设有研发机构的占43.7%",
            "规上工业企业中有研发活动占比: = 58.3 % share actual 2023 | "
            "规上工业企业设有研发机构占比: = 43.7 % share actual 2023",
        ),
        (
            "实绩>19家科技型中小企业中仅有7家设立研发准备金",
            "科技型中小企业: = 19 家 level actual 2023 | 科技型中小企业设立研发准备金: = 7 家 increase actual 2023",
        ),
        (
            "实绩>发放创新券1120万元,惠及企业241家,其中首次使用的占38%",
            "发放创新券: = 1120 万元 level actual 2023 | 创新券惠及企业: = 241 家 count actual 2023 | "
            "创新券使用占比: = 38 % share actual 2023",
        ),
    ),
)
DENIED = Phrase(
    "those that lack it",
    ("规上企业仍有四成多没有开展研发活动",),
    "what the clause denies belongs to the name",
    examples(
        ("实绩>规上企业仍有四成多没有开展研发活动", "规上企业没有开展研发活动: > 40 % share actual 2023"),
        ("实绩>规上工业企业近六成尚未建立研发机构", "规上工业企业建立研发机构: ~ 60 % share actual 2023"),
    ),
)
EVERYWHERE = Phrase(
    "a floor for every place",
    ("覆盖率要提到六成,各县区不能低于五成五",),
    "the rate named before, in each of them",
    examples(
        (
            "研发活动覆盖率年底前要提到六成,各县区不能低于五成五",
            "研发活动覆盖率: >= 60 % share | 各县区研发活动覆盖率: >= 55 % share",
        ),
    ),
)
COVERED = Phrase(
    "so many covered",
    ("实现80个脱贫村全覆盖",),
    "what is covered is what is counted",
    examples(
        (
            "实绩>选派科技特派员90名,实现80个脱贫村全覆盖",
            "科技特派员: = 90 名 count actual 2023 | 脱贫村: = 80 个 count actual 2023 | "
            "脱贫村覆盖率: all 100 % share actual 2023",
        ),
        ("实绩>实现321个脱贫村“全覆盖”", "脱贫村: = 321 个 level actual 2023"),
    ),
)
BESIDE = Phrase(
    "side by side",
    ("新增产值10亿元、税收6000万元", "每县建立不少于50家的培育库"),
    "yields of one kind share the act in front; what each place builds stands behind the number",
    examples(
        (
            "每县(市、区)建立不少于50家的高企培育库,对入库企业开展不少于2轮辅导",
            "每县(市、区)建立高企培育库: >= 50 家 increase | 对入库企业开展辅导: >= 2 轮 count",
        ),
        (
            "实绩>新增产值10亿元、税收6000万元",
            "新增产值: = 10 亿元 increase actual 2023 | 新增税收: = 6000 万元 increase actual 2023",
        ),
    ),
)
GROWN = Phrase(
    "what some of them became",
    ("毕业企业里有3户长成了“小巨人”",),
    "counted is what they became, or what they were entered in",
    examples(
        ("实绩>毕业企业里有3户长成了“小巨人”", "“小巨人”: = 3 户 count actual 2023"),
        ("实绩>大黄鱼育种等3个项目列入省级科技计划", "项目列入省级科技计划: = 3 个 level actual 2023"),
        ("推广节水技术10项,辐射面积2.5万亩", "节水技术: >= 10 项 count | 辐射面积: >= 2.5 万亩 level"),
        (
            "驻村服务不少于50天,至少办1个示范点、带5户示范户",
            "驻村服务: >= 50 天 level | 示范点: >= 1 个 level | 示范户: >= 5 户 level",
        ),
        ("从中挑出不少于200家纳入培育库", "纳入培育库: >= 200 家 count"),
    ),
)
STOCK = Phrase(
    "the stock behind a net gain",
    ("高企净增9户,达到47户",),
    "what is reached is the stock, not the gain",
    examples(
        ("实绩>高企净增9户,达到47户", "高企净增: = 9 户 increase actual 2023 | 高企: = 47 户 level actual 2023"),
    ),
)
POINTS = Phrase(
    "points of a rate",
    ("机械化率提高到85%,较上年提高7个百分点",),
    "points gained right behind a rate are of that rate",
    examples(
        (
            "建成制种基地40万亩,机械化率提高到85%,较上年提高7个百分点",
            "制种基地: >= 40 万亩 level | 制种基地机械化率: >= 85 % share | 制种基地机械化率: >= 7 百分点 increase",
        ),
        (
            "建成科创园二期,入园企业达到25家,入驻率不低于七成",
            "入园企业: >= 25 家 level | 入驻率: >= 70 % share",
        ),
    ),
)
PHRASES = (POINTS, STOCK, PARTS, DENIED, EVERYWHERE, COVERED, BESIDE, GROWN)

_AMONG = ("里", "里头", "里面", "中", "当中")
_GREW_INTO = re.compile(r"(?:长成|成长为|发展成?为|成为|晋升为|升级为|变成)了?(?P<what>[\u4e00-\u9fff“”]{2,12})")
_DENIALS = ("没有", "多没有", "未", "尚未", "还没", "尚无", "的没有", "左右没有")
_EVERY_PLACE = re.compile(r"各(?:县市?区|县\(市、区\)|县|区|地|镇街?|街镇|乡镇|园区|街道|单位)")
_OF_ALL = re.compile(r"^全[省市县区州]")
_PART_OF = re.compile(r"的(?:仅|只|约|已|才|还|就|都)*占(?:到|比|了)?(?:约|近|超过?)?$")
#: 净增9户,达到47户: what is reached is the stock.
_REACHED = re.compile(r"(?:总数|总量|现|已)*(?:达到?|增至|增加到|增到)(?:了)?")
#: 农业领域占三成
_SHARES = re.compile(r"[^的例较]占(?:到|比)?(?:约|近|超过?)?$")
_SAYS_SO = re.compile("占|率|比|强度|份额|贡献|覆盖面")
_WHOLE = re.compile(
    r"(?:^|[,。;:])(?:全[省市县区州])?(?P<what>[\u4e00-\u9fff]{2,10}?)(?:中|里|当中|里头|里面),?"
    r"(?=[\u4e00-\u9fff]{1,12}的)"
)
_COVERED = re.compile(r"(?P<what>[\u4e00-\u9fff]{2,8}?)(?:基本|已|都|均|实现)*全(?:面|部)?覆盖")


def told(context: Context, item: Item, name: str, *, rate: str) -> str:
    """The full name of a figure that leaves to its clause whose it is, "" for all else; ``rate`` is the one named last."""
    if item.quantity.kind is kinds.NUMBER:
        if name.endswith(_AMONG) and (grown := _GREW_INTO.match(item.after)):
            return grown["what"]
        if "净增" in name[-4:] and _REACHED.fullmatch(item.before):
            return name.replace("净增", "")
        covered = None if item.after else _COVERED.match(context.text, item.quantity.end)
        return covered["what"] if covered else ""
    if item.quantity.unit != "%" or not name:
        return ""
    if item.after.startswith(_DENIALS) and item.lead != "、" and not context.behind:
        return name + naming.noun_after(item.after)
    if rate and _EVERY_PLACE.fullmatch(name):
        return name + _OF_ALL.sub("", rate)
    if "占" in item.before and _SHARES.search(item.before) and not _SAYS_SO.search(name):
        return name + "占比"
    if "占" in item.before and _PART_OF.search(item.before):
        wholes = list(_WHOLE.finditer(context.text, context.start, item.before_start))
        of = wholes[-1]["what"] if wholes and not _WHOLE.search(item.before) else ""
        return f"{of}{name}占比"
    return ""
