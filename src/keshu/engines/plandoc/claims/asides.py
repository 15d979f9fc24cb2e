"""Numbers said in passing: meetings, anecdotes, sources, explanations, who is put in charge, project phases. Never figures."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import is_money

MEETING = Phrase(
    "the meeting itself",
    ("刚才,3家单位作了发言", "主会场和8个分会场", "讲三点意见"),
    "who sits and speaks in the room",
    examples(
        ("刚才,5家单位作了交流发言", ""),
        ("会议设9个分会场,共有600多人参会", ""),
        ("下面,我讲四点意见", ""),
        ("这里我再强调两点", ""),
    ),
)
ANECDOTE = Phrase(
    "anecdote",
    ("该企业…300万元", "某某…两个月", "这家企业"),
    "what happened to one firm or one person",
    examples(
        ("实绩>专员上门帮助该企业归集研发费用800多万元,减税120万元", ""),
        ("实绩>42岁的赵某某把中试线搬进车间,使产品合格率从90%提升到97%", ""),
        (
            "实绩>全年走访企业300家次,帮助企业融资2亿元",
            "走访企业: = 300 家次 count actual 2023 | 帮助企业融资: = 2 亿元 level actual 2023",
        ),
    ),
)
SOURCE = Phrase(
    "where something comes from",
    ("从12所高校引进", "由2名干部包联"),
    "the number counts the source, not what is reached",
    examples(
        ("从12所高校选派科技副总40名", "科技副总: >= 40 名 count"),
        ("由2名干部包联1家企业", ""),
        ("实绩>高企从六十家干到了九十五家", "高企: = 60 家 level actual - | 高企: = 95 家 level actual 2023"),
        ("规划>孵化器由6家增至15家", "孵化器: = 6 家 level actual - | 孵化器: >= 15 家 level 2025"),
    ),
)
EXPLANATION = Phrase(
    "why a goal was missed",
    ("主要是2家企业搬迁", "1个项目因企业停产终止"),
    "reasons in a self-check",
    examples(("实绩>主要是2家依托单位搬迁", ""), ("实绩>1个项目因企业停产终止", "")),
)
IN_CHARGE = Phrase(
    "who is put in charge",
    ("明确1名联络员", "确定2名专人"),
    "an arrangement of the work",
    examples(("各单位须明确1名联络员", ""), ("落实2名专人负责统计", ""), ("选派特派员20名", "特派员: >= 20 名 count")),
)
PHASE = Phrase(
    "phase of a project",
    ("科创园二期", "实验室一期工程"),
    "an ordinal without 第; 两期 and 举办三期 count",
    examples(
        ("科创园二期完成投资2亿元", "科创园二期完成投资: >= 2 亿元 level"),
        ("加快总投资6亿元的智造谷建设", ""),
        ("推进占地200亩的科创园建设,一期3万平方米年底前投用", "科创园一期: >= 3 万平方米 level"),
        ("举办专题研修班三期", "专题研修班: >= 3 期 count"),
    ),
)
RIVAL = Phrase(
    "a rival's figure",
    ("是我们的1.8倍",),
    "how another place compares with us, no figure of ours",
    examples(
        ("邻区的专利授权量是我们的一点八倍", ""),
    ),
)
POINTING = Phrase(
    "pointing back",
    ("这两个口子", "上述3项"),
    "the number only counts what was named",
    examples(("看好这两个口子", ""), ("对上述3项逐一销号管理", "")),
)
BUDGET = Phrase(
    "rows of the budget",
    ("年初预算数", "全年执行数"),
    "the account of a performance table, not a goal",
    examples(
        ("实绩>年初预算数900万元,全年执行数870万元", ""),
    ),
)
ROUND = Phrase(
    "rounds of a procedure",
    ("分2批受理", "分三批兑现"),
    "how often a window opens",
    examples(
        ("全年分2批受理", ""),
        ("实绩>三批共推荐高企28家", "共推荐高企: = 28 家 count actual 2023"),
        ("资金分三批兑现", ""),
        ("实绩>前两批通过公示163家", "通过公示: = 163 家 count actual 2023"),
        ("发布揭榜挂帅榜单3批", "揭榜挂帅榜单: >= 3 批 count"),
    ),
)
SCORE = Phrase(
    "scores",
    ("综合评价得86分", "自评得分95分", "扣2分"),
    "a score that the place was given counts, marks of the appraisal itself do not",
    examples(
        (
            "实绩>全省科技创新综合评价中,我市得82.5分,列第5位",
            "全省科技创新综合评价: = 82.5 分 level actual 2023 | 全省科技创新综合评价位次: = 5 位 rank actual 2023",
        ),
        ("实绩>绩效自评得分96分", ""),
        ("群众满意度达到98分以上", "群众满意度: >= 98 分 level"),
    ),
)
REQUIREMENT = Phrase(
    "what applicants must be",
    ("申报单位须注册满2年", "申请企业应具有10名以上研发人员"),
    "a condition of a call, not a goal of the bureau",
    examples(("申请单位须注册满2年且上年度营业收入不低于500万元", ""), ("申报企业应拥有研发人员10名以上", "")),
)
SURVEY = Phrase(
    "survey",
    ("发放问卷200份", "回收193份", "有效样本180个"),
    "how a rate was measured",
    examples(
        ("实绩>发放问卷150份,回收146份,满意率97%", "满意率: = 97 % share actual 2023"),
        ("实绩>发放宣传资料600份", "宣传资料: = 600 份 count actual 2023"),
    ),
)
THRESHOLD = Phrase(
    "threshold of a count",
    ("3个县区低于50%", "有6个县区完成率超过80%"),
    "the percentage only says which places are counted",
    examples(
        ("实绩>3个县区低于50%", ""),
        ("实绩>有6个县区完成率超过80%", ""),
        ("实绩>郾河区、汝陂县、许坊市增速高于全市平均水平", ""),
        ("实绩>研发投入强度1.2%,依然低于全国平均", "研发投入强度: = 1.2 % share actual 2023"),
    ),
)
PHRASES = (
    *(MEETING, ANECDOTE, SOURCE, EXPLANATION, IN_CHARGE, PHASE, POINTING, BUDGET, ROUND, SCORE, REQUIREMENT),
    SURVEY,
    THRESHOLD,
    RIVAL,
)

_MEETING = re.compile(r"作了?(?:[\u4e00-\u9fff]{2})?发言|进行了?(?:[\u4e00-\u9fff]{2})?发言|分会场|主会场|参会|到会")
_SOMEBODY = re.compile(
    r"某某|该家?(?:企业|公司|团队|单位|项目)(?!以|数)|这家?(?:企业|公司|团队|单位|项目)(?!以|数)|"
    r"有[一家]?(?:企业|家企业)(?:反映|负责人)|小[\u4e00-\u9fff](?=一[周天年月])"
)
_REQUIRED = re.compile(
    r"(?:申[报请]|参[评选赛]|依托)(?:单位|主体|企业|者|人|项目|机构|"
    r"平台)[\u4e00-\u9fff]{0,4}(?:须|应|需|必须|不得)"
)
_RISING = re.compile(
    r"^(?:左右|以上|多|余)?(?:的)?(?:增|升|提|上升|扩|发展|壮大|下降|降|压|缩|减|跃|攀|达|干(?!部)|冲|做|拉|跑|变|一路|大幅|稳步|快速|迅速|猛|到|至|跌|回|跨|起底|翻|拓)"
)
_BY = re.compile(r"由[\d两一二三四五]{1,2}[名位个家][\u4e00-\u9fff]{1,8}(?:包联|联系|负责|牵头|领办|挂钩|结对)$")
_REASON_HEAD = re.compile(r"(?:主要是|主要因|原因(?:是|为|:)|系因|由于|受|因为)$")
_REASON_TAIL = re.compile(r"^[\u4e00-\u9fff]{0,6}(?:因(?!地|材|子)|由于|受)[\u4e00-\u9fff]{2,}")
_IN_CHARGE = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,4})(?:联络员|联系人|专人|分管(?:领导|负责)|负责同志|责任人|信息员|经办人)"
)
#: 两批共申报13家
_ROUND_HEAD = re.compile(r"(?:^|[,:]|今年|全年|去年|年内)$")
_IN_ALL = ("共", "合计", "累计", "总共", "先后")
_PHASE_COUNTED = re.compile(
    r"(?:举办|开办|组织|开展|办好?|印发|编发|刊发|不少于|至少|"
    r"每[\u4e00-\u9fff]{1,3}|培训|[班刊报营会坛][次数]?)$"
)
#: 10家龙头企业研发费用占全县一半: how many hold the share, not how many there are to be.
_HOLDERS = re.compile(
    r"[\u4e00-\u9fff]{2,16}?占(?:到)?(?:全|规|总|比|GDP|研)|"
    r"^[\u4e00-\u9fff]{1,8}?(?:全部|均已?|都已?)(?=[建设有实完配])"
)
#: 综合评价得86分 is a figure of the place, 自评得分 and weights are none.
_SCORED = re.compile(r"综合评价|评价得|指数|竞争力|满意度|监测得分|水平得分")
_SCORE_SAID = re.compile(r"(?:得分?|满意度|评分|指数|分数)(?:为|达到?|提高到)?$")
_RATED = re.compile(r"自评|满分|权重|分值|[扣加减计][\d.]+分|考核|总分")
_POINTING = re.compile(r"(?:[这那]|上述|上面|以上|前述|其余|其他|另外的?)$")
_SIZED = re.compile(r"(?:总投资|概算|占地|占地面积|建筑面积|规划面积|总面积|总建面)(?:约|近|达)?$")
_PLACES_OVER = re.compile(
    r"(?:^|[有,])[\d一二两三四五六七八九十]{1,3}个(?:县区|县市区|县|区|镇街|镇|乡镇|街道|园区|单位|部门|指标)[^,\d]{0,8}(?:低于|超过|高于|不足|不到|未达)(?:到)?$|"
    r"中,?有[\d一二两三四五六七八九十]{1,3}个[^,\d]{0,10}(?:低于|超过|高于|不足|不到|未达)(?:到)?$"
)
#: 完成率超过30%的有4个镇街
_SO_MANY = re.compile(r"的(?:还|仅|只|共)?有[\d一二两三四五六七八九十]+个(?=县|市|区|镇|乡|街道|园区|单位|部门|,|。)")
#: 甲区、乙县增速(高于全市平均水平): some places beside the whole, no figure.
_PLACES_BESIDE = re.compile(
    r"(?:[\u4e00-\u9fff]{1,5}[市县区镇乡](?:[、和]|等(?:[\d一二三四五六七八九]个?(?:县|区|县区|县市区))?)?){2,}(?:的)?"
    r"(?:(?!要|须|应|将|力争|确保)[\u4e00-\u9fff]){0,10}"
)
#: 仍低于全省平均水平: a weakness told, no figure.
_STILL = ("仍", "还", "尚", "仍然", "依然", "始终", "一直", "长期", "普遍")
_SURVEYED = re.compile(r"(?:问卷|调查表|样本)(?:共)?$|回收(?:有效)?(?:问卷)?$")
#: 考核指标共12项,完成11项: a tally of the yardsticks.
_TALLY = re.compile(r"(?:其中)?(?:已|基本|全部|超额|未)?(?:完成|达标)(?:或超额完成|或基本完成)?")
_KEPT_PACE = re.compile(r"(?:完成|达到|超|快于|慢于|滞后|未|基本|实现|落后|持平|提前|进度)")
_ACCOUNT = re.compile(r"(?:预算|执行|决算|调整)数$")
#: The characters that the patterns above end in: a look at the last one spares most searches.
_BY_LAST = frozenset("联系责头办钩对")
_SOURCE_LAST = _BY_LAST | {"从", "由"}
_REASON_LAST = frozenset("是因为:于受")
_POINTING_LAST = frozenset("这那述面上余他外的")


def is_aside(text: str, start: int, quantity: Quantity, before: str, after: str) -> bool:
    """Is the number said in passing? ``start`` opens its sentence; `before` and `after` are the words of its clause."""
    if text.startswith("刚才", start) or before.startswith("刚才") or after.startswith("刚才"):
        return True
    if _MEETING.search(before) or _MEETING.search(after):
        return True
    if before.endswith(("是我们的", "是咱们的", "相当于我们的")):
        return True
    if quantity.text.startswith("过半") and before.endswith(("时间", "任务")):
        return True
    if _REQUIRED.search(text, start, quantity.start):
        return True
    return _SOMEBODY.search(text, max(start, quantity.start - 80), quantity.start) is not None


def is_threshold(quantity: Quantity, before: str, after: str) -> bool:
    """Does the percentage only say which places are counted (3个县区低于50%)?"""
    if quantity.kind is kinds.BENCHMARK:
        return before.endswith(_STILL) or _PLACES_BESIDE.fullmatch(before) is not None
    return quantity.unit == "%" and (
        ("个" in before and _PLACES_OVER.search(before) is not None) or _SO_MANY.match(after) is not None
    )


def is_passing(text: str, start: int, quantity: Quantity, before: str, after: str) -> bool:
    """Is the counted number a score of the appraisal, a source, an arrangement, an account or the size of something?"""
    if quantity.unit == "点" and before.endswith(("强调", "讲", "谈", "提", "说")):
        return True
    if quantity.unit == "分":
        return (
            _SCORED.search(text, start, quantity.start) is None
            or _SCORE_SAID.search(before) is None
            or _RATED.search(text, start, quantity.end) is not None
        )
    last = before[-1:]
    return (
        (last in _SOURCE_LAST and _is_source(quantity, before, after))
        or _is_arrangement(quantity, before, after)
        or (last == "数" and _ACCOUNT.search(before) is not None)
        or (
            quantity.unit == "项"
            and (
                _TALLY.fullmatch(before) is not None
                or (not before.rpartition(",")[2].strip() and _KEPT_PACE.match(after) is not None)
            )
            and "指标" in text[start : quantity.start]
        )
        or (quantity.unit in ("份", "个", "张") and _SURVEYED.search(before) is not None)
        or (after[:1] == "的" and _SIZED.search(before) is not None)
        or (before.endswith(("编制", "修编")) and "规划" in after)
        or (after != "" and len(before.rpartition(",")[2]) <= 8 and _HOLDERS.match(after) is not None)
    )


def _is_source(quantity: Quantity, before: str, after: str) -> bool:
    """从12所高校引进, 由2名干部包联1家企业; 由6家增至15家 is none."""
    last = before[-1:]
    if last in _BY_LAST and _BY.search(before):
        return True
    return last in ("从", "由") and len(after) >= 3 and _RISING.match(after) is None and not is_money(quantity.unit)


def _is_arrangement(quantity: Quantity, before: str, after: str) -> bool:
    """Reasons, persons in charge, phases, rounds and numbers that point back."""
    if quantity.unit == "期" and quantity.chinese and quantity.text[0] != "两" and not quantity.about:
        return len(before) > 1 and _PHASE_COUNTED.search(before) is None and (quantity.value or 0) <= 5
    if quantity.unit in ("批", "批次") and (
        before.endswith(("分", "前")) or (_ROUND_HEAD.search(before) is not None and after.startswith(_IN_ALL))
    ):
        return True
    if quantity.unit in ("名", "人", "位") and _IN_CHARGE.match(after):
        return True
    small = quantity.value is not None and quantity.value <= 20
    last = before[-1:]
    return small and (
        (last in _REASON_LAST and _REASON_HEAD.search(before) is not None)
        or (after != "" and _REASON_TAIL.match(after) is not None)
        or (last in _POINTING_LAST and _POINTING.search(before) is not None)
    )
