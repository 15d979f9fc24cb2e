"""Numbers of a procedure: sanctions, limits of changes, delays, public notice, sittings, grades, page counters. Never figures."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import is_money

SANCTION = Phrase(
    "sanction below a bar",
    ("完成率低于60%的不得分", "不足80%的予以通报"),
    "the bar below which something is withheld, not a goal",
    examples(
        ("完成率低于60%的不得分", ""),
        ("年度考核不足80%的,取消评优资格", ""),
        ("单项完成率低于50%的,该项不得分", ""),
    ),
)
LIMIT = Phrase(
    "limit of changes",
    ("调整不得超过1次", "延期不超过2次"),
    "how often an applicant may change something",
    examples(("每年调整不得超过1次", ""), ("行政处罚不超过2次", "行政处罚: <= 2 次 count")),
)
DELAY = Phrase(
    "delay told",
    ("晚于规定时间2天以上", "逾期5天"),
    "how late something was handed in",
    examples(
        ("实绩>个别单位报表晚于规定时间2天以上", ""),
        ("实绩>个别县信息迟报3次以上", ""),
    ),
)
NOTICE = Phrase(
    "public notice and sittings",
    ("公示5天", "集中受理两次"),
    "steps of handling an application",
    examples(("审核后公示5天", ""), ("每年3月、9月集中受理两次", ""), ("公示企业5家", "公示企业: >= 5 家 level")),
)
GRADES = Phrase(
    "share of a grade",
    ("A档比例不超过20%",),
    "how marks are handed out",
    examples(("A档比例不超过20%", ""), ("不良率不超过2%", "不良率: <= 2 % share")),
)
REWARD = Phrase(
    "each one that earns a grant",
    ("每孵化出1家高新技术企业,再奖励5万元",),
    "what a grant is counted by, and what is granted on top",
    examples(
        ("每孵化出1家高新技术企业,再奖励运营单位5万元", ""),
        ("每家企业至少牵头1个攻关项目", "企业牵头攻关项目: >= 1 个 count"),
    ),
)
COUNTER = Phrase(
    "page counter",
    ("累计访问:2087431次",),
    "visits of the web page",
    examples(("累计访问:2087431次", ""), ("实绩>平台累计访问2万次", "平台累计访问: = 2 万次 cumulative actual 2023")),
)
IN_THE_ROOM = Phrase(
    "people in the room",
    ("三家行长都表了态",),
    "who sits there, counted by the house they come from",
    examples(
        ("三家行长都表了态", ""),
    ),
)
CEILING = Phrase(
    "the most that one case gets",
    ("单笔贴息最高50万元", "对单个项目最高出资500万元", "可享受最高300万元安家补贴", "各奖励工作经费5万元"),
    "a rule of payment: so much for each firm, project or person, no sum of the work",
    examples(
        ("单笔贴息最高40万元", ""),
        ("对单个初创项目最高出资300万元", ""),
        ("领军人才可享受最高200万元购房补贴", ""),
        ("对前三名单位各奖励工作经费8万元", ""),
        ("天使基金最高规模达到5亿元", "天使基金最高规模: >= 5 亿元 level"),
    ),
)
INSPECTION = Phrase(
    "inspections of their own",
    ("年内开展专项督查2轮", "每半年至少专题研究1次科技工作"),
    "work that is counted, no rhythm of reports (每季度通报一次)",
    examples(("保障>年内开展专项督查2轮", "专项督查: >= 2 轮 count 2024"), ("保障>每季度督查通报一次", "")),
)
FIELD = Phrase(
    "how many are ranked",
    ("在全国178家高新区中列第63位",),
    "the field of a ranking",
    examples(
        ("实绩>高新区综合评价在全国178家高新区中列第63位", "高新区综合评价全国位次: = 63 位 rank actual 2023"),
        ("实绩>综合评价在全省12家中排第4", "综合评价全省位次: = 4 位 rank actual 2023"),
    ),
)
ADDRESS = Phrase(
    "where the counter is",
    ("市民中心3号楼2层",),
    "a floor of a building",
    examples(("受理窗口设在创新大厦2号楼3层", ""), ("新建孵化大楼12层", "孵化大楼: >= 12 层 increase")),
)
PHRASES = (SANCTION, LIMIT, DELAY, NOTICE, GRADES, REWARD, COUNTER, IN_THE_ROOM, CEILING, INSPECTION, FIELD, ADDRESS)

_BELOW = ("低于", "不足", "不到", "未达到", "达不到", "未达", "少于", "超过", "高于")
_WITHHELD = re.compile(
    r"(?:以上|以下)?的?[\u4e00-\u9fff]{0,4},?(?:[该此本](?:项|单位|指标|任务)?)?(?:一律|均|年度)?"
    r"(?:不得分|不予|不再|取消|一票否决|予以(?:通报|约谈|退出)|约谈|通报批评|全市通报|摘牌|退出)"
)
_CHANGES = re.compile(r"(?:调整|变更|延期|展期|续期|整改)(?:次数)?(?:最多)?(?:不得|不)(?:超过|多于)$")
_LATE = re.compile(r"(?:晚于|迟于|逾期|超期|拖延|延误)[\u4e00-\u9fff]{0,6}$")
_FIELDS = frozenset({"家", "个"})
_WHOLES = ("全国", "全省", "全市", "全区", "全县", "全州", "自治区")
_AMISS = ("迟报", "漏报", "瞒报", "误报", "错报", "缺席", "迟到")
_STEP = re.compile(r"(?:公示(?:期|时间)?(?:不少于)?|集中(?:受理|申报|评审|办理|审批))$")
_GRADE = re.compile(
    r"[A-D甲乙丙]档(?:单位|人员)?(?:的)?(?:比例|占比|数量|名额)?(?:原则上)?(?:不得?超过|控制在|不高于)$"
)
_EARNING = re.compile(r"每(?:新增|新认定|认定|孵化|培育|引进|获批|新建|转化|促成|达成)出?$")
_GRANT = re.compile(r"[^。;]{0,24}(?:奖励|补助|补贴|奖补|给予|资助)")
_VISITED = re.compile(r"(?:访问|浏览|点击|阅读)(?:量|次数|人数)?:$")
_CHIEFS = re.compile(r"(?:行长|董事长|总经理|老总|厂长|校长|院长|负责人|负责同志|企业家|代表)")
_ON_TOP = re.compile(r"(?:再|另行?)(?:一次性)?(?:给予)?(?:奖励|补助|补贴|奖补)[\u4e00-\u9fff]{0,12}$")
_MOST = re.compile(
    r"(?:单[个笔户家项台]|每[家项个户笔人名]|享受|申[领请])[^,。;]{0,16}?(?<!额度)最高(?:可达?|不超过|出资|投资|授信|补贴|给予|支持)?$"
)
_EACH_PAID = re.compile(r"(?:各|分别)(?:给予)?(?:奖励|奖补|补助|补贴)[\u4e00-\u9fff]{0,8}$")
_RANKED = re.compile(r"[\u4e00-\u9fff]{0,8}?(?:中|里)?(?:排名?|列|居|位列|位居)第?")
_DAYS = frozenset({"天", "日", "个工作日", "工作日"})


def is_procedure(text: str, quantity: Quantity, before: str, after: str) -> bool:
    """Is the number one of a procedure? `before` and `after` are the words of its clause in `text`."""
    unit = quantity.unit
    if unit == "%":
        if before.endswith(_BELOW) and _WITHHELD.match(text, quantity.end) is not None:
            return True
        return before.endswith(("过", "在", "于")) and _GRADE.search(before) is not None
    if unit in _DAYS:
        return _LATE.search(before) is not None or _STEP.search(before) is not None
    if unit == "次":
        return before.endswith(_AMISS) or (
            before != "" and any(sign.search(before) for sign in (_CHANGES, _STEP, _VISITED))
        )
    if unit in _FIELDS and before.endswith(_WHOLES) and _RANKED.match(after) is not None:
        return True
    if unit == "家":
        if _CHIEFS.match(after) is not None:
            return True
        return _EARNING.fullmatch(before) is not None and _GRANT.match(text, quantity.end) is not None
    if unit == "层":
        return before.endswith(("号楼", "大厦", "号"))
    if not is_money(unit) or before == "":
        return False
    capped = "最高" in before[-8:] and _MOST.search(before) is not None
    return capped or _ON_TOP.match(before) is not None or _EACH_PAID.search(before) is not None
