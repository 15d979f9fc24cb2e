"""What a clause takes its bearings from: what the sentence looks at, a topic set in front, another's figure, a sum."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds, naming, wholes
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.naming import Subject
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.units import is_money
from keshu.engines.plandoc.claims.wording import Wording, leading_verb
from keshu.engines.plandoc.document import Op

_VIEW = re.compile(
    r"(?:从(?!(?:总体|整体|面上|全[国省市区县州]|各?(?:县市?区|镇街|乡镇)|各[地县区镇乡]|各(?:街道|园区|单位|部门)|[上下]半年|前?[一二三四]个?季度|全年|[今去]年|目前|"
    r"当前|近期|调度|通报|监测|统计|考核|表中?|实际|横向|纵向)(?:的)?(?:情况|结果|数据)?(?:来)?看)(?P<what>[\u4e00-\u9fff]{2,16}?)(?:情况)?(?:来)?看|(?P<field>(?!一方面|另一)[\u4e00-\u9fff]{3,12}?)方面),"
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

#: 目标:登记额3.5亿元。完成情况:完成3.2亿元
_RESULT_OF = re.compile(r"(?:实际)?(?:完成情况|完成|实绩|实际|结果)[::]|(?:实际|已)完成\d")
#: 财政科技支出5亿元,占比3.2%,增速9%: the sum grows, not its share.
_GREW = re.compile(r"(?:同比|年均|较上年)?(?:增速|增幅|增长|涨幅)(?:为|达到?|约)?")
#: 新增高企35家(累计达到200家)
_IN_ALL = re.compile(r"(?:[全][市县区省州])?(?:现|已|总数)?累计(?:总数)?(?:已|达到?|超过?|突破|为|有|至|约|近)*")
_COUNTED_UP = re.compile("累计|总数|总量|总额|保有量")
_GATHERED = re.compile(r"(?:集聚|聚集|汇聚|拥有|吸纳|承载|贡献)了?全[国省市县区州]的?$")
#: 党组成员每人联系(3家企业)、(1个项目)
_EACH_DOES = re.compile(
    r"[\u4e00-\u9fff]{0,10}每[人名][\u4e00-\u9fff]{0,5}(?:联系|包联|挂联|挂钩|结对|帮扶|服务|走访|指导|帮带)"
)
_EACH_PLACE = re.compile(
    r"(?P<place>每个?(?:乡镇|镇街|街道|县区|县市区|县\(市、区\)|村|行政村|社区|园区|基地|站点|股室|科室|批次?|期|场次?|轮))(?:全年|每年|年均|年内)?"
)
_SIGNED = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6})(?:协议|合同|签约|意向|认缴)(?:引进)?(?:资金|金额|投资额?)(?:实际)?到位$"
)
#: 规上工业企业里头,还有一半多没有研发活动
_AMONG = re.compile(r"(?:[全我][省市区县州]|我们)?(?:的)?(?P<what>[\u4e00-\u9fff]{2,10}?)(?:里头?|里面|当中|中)")
#: 高新区是主战场,要在全国排名中前进5位
_DECLARED = re.compile(r"(?P<what>[\u4e00-\u9fff]{2,8}?)(?:是|作为)[\u4e00-\u9fff]{2,12}")
#: 成交额48.9亿元,为年度目标60亿元的81.5%
_ITS_GOAL = re.compile(r"(?:完成|为|是|占|相当于)(?:全年|年度|年初|既定)?(?:目标|任务|计划)(?:任务|值|数)?$")
_PEOPLE = re.compile(r"(?:员|人才|专家|干部|队员|团|师|副总|经纪人|博士|志愿者)$")


def seen(context: Context) -> str:
    """What the sentence looks at (从净增数看, 研发投入方面), or ""."""
    if view := _VIEW.match(context.text, context.start):
        seen = view["what"] or view["field"]
        context.history["看"] = Subject("", seen, seen)
    return context.history["看"].text if "看" in context.history else ""


def speaks_of_earlier(context: Context, item: Item) -> bool:
    """Is the number of the figure in the sentence before: its gap, or what came of its goal (完成情况:完成3.2亿元)?"""
    if GAP_OF.search(item.before) or GAP_OF.match(item.after):
        return True
    if context.text.startswith("其中", context.start):
        return True
    return _RESULT_OF.match(context.text, context.start) is not None


def completed(context: Context, item: Item, name: str) -> str:
    """A name that lacks what its clause leaves to others: who each one is, whose part, what is done in each place."""
    if item.quantity.unit == "%":
        if item.after and _GATHERED.search(name) and (noun := naming.noun_after(item.after)):
            return name + noun + "占比"
        if item.lead == "," and "占" in name[2:] and _GREW.fullmatch(item.before):
            return name[:2] + name[2:].partition("占")[0]
    if item.lead == "、" and not item.before and context.latest and (does := _EACH_DOES.match(context.latest.text)):
        return does[0] + name
    if context.behind and item.quantity.unit == "%" and item.lead == "," and (of := _front(context, item, _AMONG)):
        return of + name
    if item.quantity.unit == "位" and name.startswith(("要在全", "在全")) and context.subject is None:
        return _front(context, item, _DECLARED) + name
    behind = context.text[item.quantity.end : item.quantity.end + 1]
    if item.quantity.unit == "%":
        leaves = bool(item.after) or "占" in item.before or name[:1] == "各"
    else:
        leaves = behind >= "\u4e00" or "净增" in name
    if leaves and (told := wholes.told(context, item, name, rate=rate_before(context) if name[:1] == "各" else "")):
        return told
    if "累计" in item.before and _IN_ALL.fullmatch(item.before) and not _COUNTED_UP.search(name):
        return name.removeprefix(leading_verb(name)) + "累计数"
    if "到位" in name and _SIGNED.match(name):
        return "实际到位资金"
    if not name.startswith("每"):
        return (
            name + naming.noun_after(item.after) if item.after and "每" in name and _EACH_DOES.fullmatch(name) else name
        )
    subject = context.subject
    if (place := _EACH_PLACE.fullmatch(name)) and subject is not None and item.lead == ",":
        return place["place"] + subject.core
    if name.startswith(("每人", "每名")):
        if item.after and _EACH_DOES.fullmatch(name):
            return name + naming.noun_after(item.after)
        owner = subject.core if subject is not None and item.lead == "," and _PEOPLE.search(subject.core) else ""
        return owner + name + ("天数" if item.quantity.unit == "天" and not name.endswith("数") else "")
    return name


def is_sum(name: str, subject: Subject) -> bool:
    """Is the name that of a sum which stands beside the subject (成交额, 到位资金)?"""
    return naming.is_generic(name) or subject.core in ("资金", "投入", "经费")


def entered(context: Context, item: Item, name: str) -> str:
    """What the clause in front says was entered, for a breakthrough that names no more than its field; "" for none."""
    if name and not THIS_FIELD.fullmatch(name):
        return ""
    match = ENTERED.search(context.text, context.start, item.before_start)
    return match["what"] if match else ""


def says_more_of_money(item: Item, wording: Wording) -> bool:
    """Is a nameless number behind a sum a growth or multiple of it, or its goal in a bracket?"""
    growth = item.lead == "," and (wording.growth or item.quantity.kind is kinds.TIMES)
    goal = is_money(item.quantity.unit) and _ITS_GOAL.search(item.before) is not None
    return growth or goal or (item.lead == "(" and is_money(item.quantity.unit))


def topic(context: Context, item: Item) -> str:
    """What a speech sets in front by itself: 高企里,年营收过亿的不到两成; 高校的成果,落地的不少于六十项."""
    if item.lead != "," or context.measured_at > context.start:
        return ""
    front = context.text[context.start : item.before_start - 1].rpartition(",")[2]
    match = _TOPIC.fullmatch(front)
    return match["what"] if match and not naming.starts_with_verb(match["what"]) else ""


def _front(context: Context, item: Item, pattern: re.Pattern[str]) -> str:
    """What `pattern` names in the clause in front, where no number stands in it; "" for none."""
    if item.lead != "," or context.measured_at > context.start:
        return ""
    match = pattern.fullmatch(context.text[context.start : item.before_start - 1].rpartition(",")[2])
    return match["what"] if match else ""


def rate_before(context: Context) -> str:
    """The rate that points gained right behind it are of: 机械化率提高到85%,较上年提高7个百分点."""
    told = context.latest.text if context.latest is not None else ""
    return told if told.endswith(("率", "比重", "占比", "比例", "强度", "覆盖面")) else ""


def last_told(context: Context, op: Op) -> Subject | None:
    """What a comparison right behind it is of: a pace (快于序时进度) of the sum named last, all others of the rate."""
    if op is Op.EQUAL:
        return context.money
    rate = rate_before(context)
    return Subject("", rate) if rate else None


def share_of(context: Context, wording: Wording) -> str:
    """A bare 占15% is a share of what was counted last, be it a part (其中发明专利297件,占16%)."""
    clause = context.text.rfind(",", context.start, context.measured_at) + 1
    if wording.share and clause and context.text.startswith("其中", clause) and context.recent:
        return f"{context.recent[-1]}占比"
    return f"{context.latest.text}占比" if wording.share and context.latest is not None else ""


PHRASES = (
    Phrase(
        "more of money that came in",
        ("到位资金2860万元,比上年增加740万元",),
        "a growth right behind a sum of money is of that sum",
        examples(
            (
                "实绩>向上争取科技项目34项,到位资金2860万元,比上年增加740万元",
                "向上争取科技项目: = 34 项 level actual 2023 | 到位资金: = 2860 万元 level actual 2023 | "
                "到位资金: = 740 万元 increase actual 2023",
            ),
            (
                "实绩>技术合同登记额24.6亿元,但距全年36亿元目标仍有11.4亿元缺口",
                "技术合同登记额: = 24.6 亿元 level actual 2023 | 技术合同登记额: >= 36 亿元 level 2023 | "
                "技术合同登记额缺口: = 11.4 亿元 level actual 2023",
            ),
        ),
    ),
    Phrase(
        "goal and pace of a sum",
        ("为年度目标60亿元的81.5%,低于时间进度1.8个百分点",),
        "goal, completion and pace right behind a sum are those of the sum",
        examples(
            (
                "实绩>登记技术合同1268份,成交额48.9亿元,为年度目标60亿元的81.5%,低于时间进度1.8个百分点",
                "登记技术合同: = 1268 份 count actual 2023 | 技术合同成交额: = 48.9 亿元 level actual 2023 | "
                "技术合同成交额: >= 60 亿元 level 2023 | 技术合同成交额完成率: = 81.5 % share actual 2023 | "
                "技术合同成交额低于时间进度: = 1.8 百分点 increase actual 2023",
            ),
        ),
    ),
    Phrase(
        "who is spoken of",
        ("规上企业里头,还有一半多没有研发活动", "高新区是主战场,要在全国排名中前进5位"),
        "the clause in front tells of whom",
        examples(
            (
                "实绩>规上工业企业里头,还有一半多没有研发活动",
                "规上工业企业没有研发活动: > 50 % share actual 2023",
            ),
            (
                "高新区是主战场,要在全国排名中前进5位,进入前80名",
                "高新区全国排名: >= 5 位 increase | 高新区全国排名: rank<= 80 位 rank",
            ),
        ),
    ),
    Phrase(
        "what a sentence looks at",
        ("从净增数看,", "研发投入方面,"),
        "places counted behind it are counted in that",
        examples(
            (
                "实绩>研发投入方面,城东街道1.8亿元、柳河镇1.5亿元",
                "城东街道研发投入: = 1.8 亿元 level actual 2023 | 柳河镇研发投入: = 1.5 亿元 level actual 2023",
            ),
            (
                "实绩>从高企净增数看,兰渡镇(6家)、望溪街道(5家)居前",
                "兰渡镇高企净增数: = 6 家 increase actual 2023 | 望溪街道高企净增数: = 5 家 increase actual 2023",
            ),
            (
                "实绩>东城区(85.3%)、西江县(79.6%)完成率居前",
                "东城区完成率: = 85.3 % share actual 2023 | 西江县完成率: = 79.6 % share actual 2023",
            ),
        ),
    ),
    Phrase(
        "relation to others",
        ("只有全省平均水平的八成", "不到兄弟市的一半"),
        "a share of another's figure, no level of its own",
        examples(
            ("实绩>研发强度只有全省平均水平的八成", "研发强度相当于全省平均水平比例: = 80 % share actual 2023"),
        ),
    ),
    Phrase(
        "more of a sum",
        ("成交额9.8亿元,同比增长12%", "完成年度目标的54%"),
        "a growth or a completion right behind a sum is that of the sum, not of the count before it",
        examples(
            (
                "实绩>技术合同登记312项,成交额9.8亿元,同比增长12%,完成全年目标的54%",
                "技术合同登记: = 312 项 count actual 2023 | 技术合同成交额: = 9.8 亿元 level actual 2023 | "
                "技术合同成交额: = 12 % growth_rate actual 2023 | 技术合同成交额完成率: = 54 % share actual 2023",
            ),
        ),
    ),
    Phrase(
        "first of its field",
        ("被列为省级新型研发机构,实现该领域零的突破",),
        "named by what was entered in the clause in front",
        examples(
            (
                "实绩>区医药研究院获批省级新型研发机构,实现该领域零的突破",
                "省级新型研发机构: breakthrough - - count actual 2023",
            ),
        ),
    ),
    Phrase(
        "topic set in front",
        ("三百家高企里,年营收过亿的不到两成",),
        "speech sets the noun in front by itself",
        examples(
            ("实绩>高企里,年营收过亿的还不到两成", "年营收过亿高企: <= 20 % share actual 2023"),
        ),
    ),
    Phrase(
        "what each one does",
        ("每人联系3家企业、1个项目", "每人服务不少于80天", "每个乡镇不少于2场"),
        "the name tells whose, whom, and what is counted in each place",
        examples(
            (
                "班子成员每人联系3家企业、1个项目",
                "班子成员每人联系企业: >= 3 家 level | 班子成员每人联系项目: >= 1 个 level",
            ),
            (
                "选派科技特派员60名,每人全年服务不少于50天",
                "科技特派员: >= 60 名 count | 科技特派员每人服务天数: >= 50 天 level",
            ),
            (
                "开展农技培训3000人次,每个行政村不少于1场",
                "农技培训: >= 3000 人次 count | 每个行政村农技培训: >= 1 场 count",
            ),
            (
                "发布揭榜榜单两批,每批不少于40项",
                "发布揭榜榜单: >= 2 批 count | 每批榜单: >= 40 项 level",
            ),
            ("三年新增博士、博士后600名", "新增博士、博士后: >= 600 名 increase"),
            ("每月至少走访联系企业两遍", "走访联系企业: >= 2 遍 count"),
            ("每个县区都要设立科技服务中心", "县区科技服务中心: all 100 % share"),
            ("每个街道都应建有科普阵地", "街道科普阵地: all 100 % share"),
            ("把科技政策送到每一家企业", ""),
        ),
    ),
    Phrase(
        "what came of a goal",
        ("目标:…。完成情况:完成3.2亿元",),
        "a result without a name is that of the goal in the sentence before",
        examples(
            (
                "实绩>目标:技术合同登记额4亿元以上。完成情况:完成3.6亿元,为目标的九成",
                "技术合同登记额: >= 4 亿元 level 2023 | 技术合同登记额: = 3.6 亿元 level actual 2023 | "
                "技术合同登记额完成率: = 90 % share actual 2023",
            ),
            (
                "实绩>任务:培训农民2000人次。完成情况:已完成2150人次",
                "培训农民: >= 2000 人次 count 2023 | 培训农民: = 2150 人次 count actual 2023",
            ),
            (
                "实绩>签约项目5个,合同资金3.1亿元,实际到位0.9亿元",
                "签约项目: = 5 个 count actual 2023 | 合同资金: = 3.1 亿元 level actual 2023 | "
                "实际到位资金: = 0.9 亿元 level actual 2023",
            ),
            (
                "实绩>下达科技经费260万元,已支出241万元",
                "科技经费: = 260 万元 level actual 2023 | 科技经费支出: = 241 万元 level actual 2023",
            ),
        ),
    ),
    Phrase(
        "gathered in one place",
        ("走廊集聚全区六成以上高新技术企业",),
        "the share of what stands behind the number",
        examples(
            ("科创走廊集聚全市七成以上高企", "科创走廊集聚全市高企占比: >= 70 % share"),
            ("高新区汇聚全省1/4的研发机构", "高新区汇聚全省研发机构占比: >= 25 % share"),
            ("产业园吸纳全县半数以上科技型中小企业", "产业园吸纳全县科技型中小企业占比: >= 50 % share"),
        ),
    ),
    Phrase(
        "work under way, its figure behind it",
        ("启动建设创新中心,完成投资2亿元",),
        "the clause in front names the sum",
        examples(
            ("启动建设先进材料创新中心,完成投资1.5亿元", "先进材料创新中心投资: >= 1.5 亿元 level"),
            ("开工建设中试基地,完成投资8000万元", "中试基地投资: >= 8000 万元 level"),
            ("筹建量子实验室,完成投资3000万元", "量子实验室投资: >= 3000 万元 level"),
        ),
    ),
    Phrase(
        "for whom",
        ("为37家在孵企业减免房租265万元",),
        "who is served is counted, then what was done",
        examples(
            (
                "实绩>为37家在孵企业减免房租265万元",
                "在孵企业: = 37 家 level actual 2023 | 减免房租: = 265 万元 level actual 2023",
            ),
            (
                "举办科普活动60场、线上线下参与80万人次",
                "科普活动: >= 60 场 count | 科普活动线上线下参与: >= 80 万人次 count",
            ),
            (
                "实绩>现12家研究院已集聚各项目团队30个",
                "研究院: = 12 家 level actual 2023 | 集聚项目团队: = 30 个 count actual 2023",
            ),
            (
                "申报科技型中小企业90家,累计达到300家",
                "申报科技型中小企业: >= 90 家 count | 科技型中小企业累计数: >= 300 家 cumulative",
            ),
            ("高新产业产值同比增速高于全省平均水平", "高新产业产值增速: > - - growth_rate"),
            ("按照“四有”标准推动全市规上工业企业研发活动实现全覆盖", "规上工业企业研发活动覆盖率: all 100 % share"),
            ("实绩>xxxx年度R&D经费支出达xx亿元", "R&D经费支出: = - 亿元 level actual masked 2023"),
            (
                "实绩>向15家科技企业发放贷款1.2亿元",
                "科技企业: = 15 家 level actual 2023 | 发放贷款: = 1.2 亿元 level actual 2023",
            ),
            (
                "实绩>帮助60户农户户均增收1800元",
                "帮助农户: = 60 户 count actual 2023 | 户均增收: = 1800 元 increase actual 2023",
            ),
            ("20家逾期项目全部清零", "逾期项目: >= 20 家 level | 逾期项目: = 0 家 level"),
            ("存量超期项目12个,9月底前清零", "超期项目: >= 12 个 cumulative | 超期项目: = 0 个 level 2024-09"),
            (
                "实绩>带动1.2万户茶农户均增收2800元",
                "带动茶农: = 1.2 万户 count actual 2023 | 户均增收: = 2800 元 increase actual 2023",
            ),
        ),
    ),
)
