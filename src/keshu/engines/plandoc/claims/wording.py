"""Reads the words in front of a number: comparator, tier, direction, verb, and what is left, the name of the indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from keshu.engines.plandoc.claims.comparators import BEFORE
from keshu.engines.plandoc.claims.deadlines import RHYTHM, has_rhythm
from keshu.engines.plandoc.claims.measures import FALL, GROWTH, VERB
from keshu.engines.plandoc.claims.phrases import Endings, longest_first, words
from keshu.engines.plandoc.claims.tiers import TIER, TIERS
from keshu.engines.plandoc.document import Op, Tier

_GROWING = set(
    words(
        "同比增长 增长 增速 增幅 年均增长 递增 年均递增 同比上升 增长率 年均增速 同比增加 同比增 涨幅 增加 提高 "
        "上升 提升 增 多增 净增长 同比提高 环比增长 可比增长 名义增长 年均增幅 同比增速 同比增幅 增长了 增加了 "
        "提高了 提升了 涨 再涨 上涨 猛增 激增 大增 再添 新添 再增加 往上涨了 蹿了 往上蹿了 涨了 再增 "
        "再增长 高出 扩大 年均提高 累计提高 累计增长 快于 多出 高 快 累计提升 年均提升 提质 新提高 "
        "加快 再提 再涨 再提升 上升了 增长幅度 增长速度 年增长 年递增 超出 年均增长率 年均增速达 递增率 多"
    )
)
_FALLING = set(FALL.words) | set(
    words("放缓 下降了 减少了 回落了 同比回落 年均下降 累计下降 降 低 低了 同比降低 累计降低 压降")
)
_SHARING = ("占到", "约占", "占", "仅占")
_RANKING = words(
    "并列 稳居 位居 位列 排名 排在 名列 跃居 跃升至 上升至 升至 进入 居于 居 列 排 位 获 进位 前进 前移 "
    "挺进 晋位 提升 上升 跻身 跻入 稳定在 保持在 保持 迈入 迈进 排位 重返 达到 为 在 综合排名 总体排名 提高 "
    "晋升 跃升 继续 排第 进"
)
_FROM = (
    "由最初的",
    "从最初的",
    "由起步时的",
    "从起步时的",
    "由原先的",
    "从原先的",
    "由年初的",
    "从年初的",
    "由",
    "从",
    "由原来的",
    "从原来的",
    "由去年的",
    "由上年的",
    "由现有的",
    "从现有的",
    "由目前的",
    "从目前的",
)
_EMPTY = words(
    "分别 各 均 都 将 要 再 仅 就 只 约有 的 也 总共 共 先后 超额 已 已经 其中 有 拥有 建有 设有 具有 另有 "
    "连续 朝着 奔着 向着 瞄准 这一块 这块 这一项 年初目标 全年目标 既定目标 预期目标 全年任务 年度任务 "
    "年初任务 全年计划 年度计划 每 还有 能够 能 应 需 可 不断 由此 总体 同步 平均 年均 历史性 基本 "
    "全面 全部 实际 预计 预期 累计 累计达到 "
    "累计达 距 距离 终于 首次 总算 至今 仍 仍然 依然 "
    "向 给 替 现 还 尚 仅 只 只有 仅有 在 数量 目标 目标值 任务 任务数 年度目标 为 · / 了 过 到 入 ： "
    "距全年 距年度 年初确定 年初设定 年初下达 "
    "初步安排 初步确定 暂定 拟定 初定 定在 定为 一举 稳稳 率先 如期 一跃 双双 牢牢"
)
_TOTALING = words("累计 共 累计达到 累计达 总计 合计 共计 总共 累计数 共有 累计超过 累计超 累计突破 累计完成 累计实现")

_KIND: dict[str, str] = {}
for _words, _kind in (
    (_EMPTY, "skip"),
    (tuple(BEFORE), "bind"),
    (tuple(TIERS), "tier"),
    (tuple(_GROWING), "grow"),
    (tuple(_FALLING), "fall"),
    (_SHARING, "share"),
    (_FROM, "from"),
    (_TOTALING, "total"),
):
    _KIND.update(dict.fromkeys(_words, _kind))
for _word in words("在 为 有 至 到 是 计 得 保持 完成 实现"):
    _KIND[_word] = "bind"
_ENDINGS = Endings(_KIND)
_RANK_ENDINGS = Endings(
    dict.fromkeys(_RANKING) | dict.fromkeys(words("力争 争取 确保 均 分别 都 ， 的 中 继续 也 首次 再次 连续 已 稳步"))
)
#: Words that end in a binding word and are none: 统计, 行为, 潜在.
_WHOLE = words(
    "新增 净增 倍增 拥有量 行为 潜在 统计 设计 审计 会计 所有 作为 认为 领域 存在 甚至 乃至 团圆 目的 标的 "
    "及时达 下达 表达 抵达 发达 最近 附近 临近 能力 签约 节约 合约 预约 契约 履约 条约 违约 大约 超高 新高 现有 "
    "国有 民有 提高到 共建 中高 升高 小升高 独有 特有 直播到 周到 独到 投入 收入 增强 之中 迁入 转入 流入 "
    "融入 纳入 列入 导入 加入 接入 引入 并入 获得 取得 心得 所得 推进 引进 先进 "
    "促进 改进 最低 通过 超过 渗透到 位次 职称 名称 人均 户均 亩均 占地 个人 法人 工人 新人 企业家数 自由 "
    "理由 缘由 人数 农民人 带头人 经纪人 负责人 特派员人 国际一流 行列 系列 前列 编排 减排 安排 彩排 单位 "
    "呈现 发现 展现 体现 涌现 兑现 出现 方向 面向 投向 导向 转向 趋向 意向 走向 流向 供给 补给 定位 学位 岗位 部位 席位"
)

_WHOLE_ENDINGS = Endings(dict.fromkeys(_WHOLE))
_REGION = (
    r"全省|全市|全区|全县|全国|全州|全域|全镇|全乡|全街道|全园|我镇|我市|我区|我县|我省|我州|本市|本区|本县|市本级|区域内|"
    r"辖区内?|(?:区内|市内|县内|省内|境内)(?!转化|配套|采购|吸纳)"
)
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_FILLER = re.compile(
    rf"""(?:其中|起码|一律|统统|从中(?=[挑选遴评推])|对(?=剩余|其余)|拟(?=[新建引培组开举])|但是?(?=[\u4e00-\u9fff])|首次(?!认定|入库|申报|获批|评价)|终于|至今|(?:仅|只)(?=[引完建认新获举培实签占授申登转组选推])|可(?=[净新达实完增])|计划(?=[新建引培选发组实投开举完])|要求(?=[新建引培选发组实投开举完])|年度目标(?=[新建引培选发组实投开举完])|每?(?:十|百|10|100)[家个户名人](?:里头?|中|当中)?|咱们|我们|全[市县区]上下|大家|\d{{1,2}}[.、)](?!\d)|仍有?|尚有|尚(?!差)|半数以上即|即|各(?=组织|举办|开展)|实际(?!完成$)|先行|用(?:时间)?(?=实现)|集中(?=引进|采购|开展|$)|分[\d一二两三四五]批|并且|并(?!购)|同时|且|此外|另外|另有|以及|及(?!时)|和(?!谐)|与|或|还要?|也|又|则|将|要(?!素|求)|须|均|共(?!同|建|享|性|识|青|有|创|赢|育)|已经?|先后|陆续|累计|预计|预期|目前为止|到?目前|现有|
    确保|力争|争取|努力|力求|冲刺|奋斗(?=目标)|务必|必须|保证|奋力|积极|大力|着力|加快|持续|继续|进一步|不断|主要|切实|全面(?!覆盖)|深入|扎实|稳步|(?:有|具备|符合)条件的(?=企业|单位|高校|园区)|(?:[省市县区州]科(?:技|学技术)局|我局|全局)(?:在|已|共)?(?=[走举组培引征办])|有效(?!期|高|发明|专利|数)|逐步|加大|推动|推进(?!会)|实现|完成(?!率)|做好|抓好|抓实|使(?!用)得?|让|把|将|
    (?:{_REGION})(?!位次)|年度(?!目标)|到时|届时|全部|各类|各种|一大?批|更多|组织(?=实施|申报|开展|参加|举办|召开|走访|企业)|具体(?:为|是)?|主要(?:预期)?目标(?:是|为)?|工作目标(?:是|为)?|分别|至少|力促|促使|大约|约|近(?![年期三五])|超(?![期前高声长算级大导硬强额目序])|[\d一二两三四五六]批次?(?=共|合计|累计|先后)|全年(?:共|累计)?(?:完成)?(?!目标|任务)|
    [xX×*]{{2,4}}年度?|按照?[“"][^”"]{{1,8}}[”"](?:标准|要求|模式|原则)(?:推动|推进)?|
    再(?=布局|组建|培育|引进)|一是|二是|三是|四是|五是|六是|
    十[一二三四五六]五[”"]?(?:期间|时期|以来)|以后|此后|今后|随后|之后|(?:一|三|五)年(?=净|新|内)|再(?=[前进提升增上])|往(?=前)|先(?=落地|建成?|引|落户)|盘子里|拥有(?!量)|建有(?!率)|(?:剔除|扣除|去除|除去)[^,、]{{2,10}}后|
    同比|环比|按可比口径|可比口径|按?同口径|按?现价|(?:[较比](?:上年度?(?:同期|末)?|去年(?:同期|底)?|同期|(?:19|20)\d\d年(?:末|底|同期)?|年初|上年末|往年|前年|基期|期初|[“"]?十[一二三四五][”"]?五末?))|年均(?=增|递|提|新)|
    [——·•\-\s“"'|]|今年|(?:[一二三四五两\d]|前[一二两三\d])批次?(?=通过|获批|认定|入库|立项|公示)|对(?=口径)|目标(?:为|是)?|指标|任务(?:为|是)?|年内|现(?=建|有))+""",
    re.VERBOSE,
)
#: The characters that it begins with; most names begin with none of them.
_FILLER_OPENS = frozenset(
    "一三不与且统从但前两主之也争二五仅今仍以任使促保做先全六共其具再冲分切则到剔力加务努区十半即去县又及另只可各同和咱四均境大奋完实对将尚届"
    "州工已市年并建往必我或扎扣把抓拥持指按拟推更有本此每比深环现用百盘目省着确积稳符累约组终继至要计让超较辖近还进逐陆除随集须预首"
    f"0123456789xX×*·•“\"'|—-{_BLANKS}"
)
_CAUSE = re.compile(
    r"^(?:依托|围绕|通过|联合|会同|鼓励|引导|帮助|协助|面向|聚焦|针对|按照|根据|结合|会商|利用|发挥|"
    r"立足|坚持|以|在(?!孵|研|校|册|建|职|岗|线|库|"
    r"营)|向|从|由|用好|力促|支持|推动|推进|重点|指导|组织|落实|加强|强化|借助|充分|配合|为(?!企))"
)
#: The characters that it begins with.
_CAUSE_OPENS = frozenset("为从以会依借充利力加协发向围在坚帮引强指按推支根用由立组结联聚落通配重针面鼓")
_STRONG = re.compile(
    "(?:"
    + longest_first(
        words(
            "新增 新建 净增 举办 选派 培训 建成 签订 签署 发布 新引进 组建 开展 召开 达成 促成 攻克 征集 新认定 "
            "培育 引进 转化 走访 获批 新布局 服务企业 惠及 覆盖企业 吸引 孵化企业 解决 布局建设 新设立 打造 建设 "
            "创建 认定 集聚 带动 撬动 发放 推广 实施 投放 储备 设立 申报 登记"
        )
    )
    + ")"
    r"(?!率|量|额|数|库|计划|行动|体系|机制|专项|工作|期|会员|人才专?项|时|工程(?!技术)|项目的|成功率|"
    r"通过率|难度|力度|的|对象|资金(?=占))"
)
_ETC = re.compile(
    r"^(?P<verb>(?:新?(?:引进|接待|开展|举办|组织|参加|参加了|签约|入选|建成|新建|培育|引育)|"
    r"组织参加了?)*)[^等]*?[、][^等]*(?:[^等]*)等(?!级|次|待|于|奖)(?:各类|多家|"
    r"单位的?)?(?P<noun>[\u4e00-\u9fff、()]{2,})$"
)
#: 科技周、科普日等活动: the examples say more than the noun.
_ANY_NOUN = frozenset(["活动", "会议", "项目", "平台", "企业", "单位", "赛事", "工作", "培训", "任务"])
_SHARE_OF = re.compile(r"(?:超过|突破|达到?|接近|不到|约为|约|近)(?P<whole>全[省市国区县州][\u4e00-\u9fff]{0,4})的$")
_WITHIN = re.compile(r"在(?P<whole>.+?)[中里]?$")
_CLAUSE_NOUN = re.compile("的(?:企业|单位|平台|机构|县区|村|人员|比例|高校院所)$")
_TRIMMED = f"的“\"',、和与及以之·—-|:{_BLANKS}"
#: Words that end in one of these marks and are whole.
_WHOLE_LAST = ("参与", "涉及", "普及", "兼及", "授与")
_INNER = re.compile(
    r"各类(?<=[\u4e00-\u9fff)]各类)|各种(?<=[\u4e00-\u9fff)]各种)|"
    r"各项(?=目标)(?<=[\u4e00-\u9fff)]各项)|各(?=项目)(?<=[\u4e00-\u9fff)]各)|已(?=集聚|引进|建成)(?<=[\u4e00-\u9fff)]已)|目标(?=新|完成|净)(?<=[\u4e00-\u9fff)]目标)|"
    r"力争(?<=[^全努大奋]力争)(?!取)(?:实现|完成|达到)?|确保(?<=[\u4e00-\u9fff]确保)(?:实现|完成|达到)?"
)
_PARTNER = re.compile(
    r"(?:与|同(?!比|期|类|步)|会同|携手)[^,:]{2,30}?(?=共建|合作|签订|签署|签约|共同|建立|开展|组建|达成|联合|设立|共享)"
)
_PARTNER_OPENS = frozenset("与同会携")
_LED = f"“”\"',、和与及的·—-|:.{_BLANKS}"
_LEADTRIM = re.compile(r"^[“”\"'\s,、和与及的·—\-|:.]+(?=[^“])")


#: 成果科要(登记额达到…), 各县区要在(10月底前…): who is to do it.
_CHARGED = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:[科处股局办委室]|中心|部门|单位|县区|各地|镇街)要(?![素求点]|在全)(?:在|确保|力争)?"
)
#: Alone in front of a number these name nothing: 其中2024年建20家、2025年建30家.
_BARE_ACTS = frozenset(
    [
        "但",
        "但是",
        "去年同期",
        "上年同期",
        *"中里建办带抓搞派引落增达有要再新先一二三四五六七八九十才往",
        "要往",
        "先要",
        "要先",
        "同期",
        "同期相比",
    ]
)


@dataclass(slots=True)
class Wording:
    """What the words before a number say. ``name`` is what remains once all that is said elsewhere is taken off."""

    name: str
    verb: str = ""
    op: Op | None = None
    tier: Tier | None = None
    reached: bool = False
    growth: bool = False
    fall: bool = False
    share: bool = False
    total: bool = False
    start_value: bool = False
    each: bool = False
    level: str = ""


def read_words(before: str, *, rank: bool = False) -> Wording:
    """Peel comparators and directions off the end of `before`, fillers off its front, and find the verb."""
    wording = Wording(before)
    if not before:
        return wording
    before = before.rstrip().rstrip("-－−")
    before, whole = _of_region(before) if before.endswith("的") else (before, "")
    rest = _peel(before, wording, rank=rank)
    if has_rhythm(rest):
        rest = RHYTHM.sub("", rest)
    wording.total = wording.total or "累计" in rest
    if tier := _tier_within(rest):
        wording.tier = wording.tier or tier
    if "要" in rest and (charged := _CHARGED.match(rest)) is not None:
        rest = rest[charged.end() :]
    rest = clean_name(rest)
    cut = _STRONG.search(rest) if rest[:1] in _CAUSE_OPENS and _CAUSE.match(rest) else None
    if cut and cut.start() > 1 and cut.end() < len(rest):
        rest = rest[cut.start() :]
    if wording.share and (within := _WITHIN.match(rest)):
        rest = f"占{within['whole']}比重"
    if rest in _BARE_ACTS:
        rest = ""
    if "等" in rest and "、" in rest:
        rest = _shortened(rest)
    rest = rest.replace("引进并推广", "引进推广")
    wording.verb = "" if (wording.reached or wording.op) and _CLAUSE_NOUN.search(rest) else leading_verb(rest)
    wording.name = f"{rest}占{whole}比重" if whole else rest
    return wording


def _of_region(before: str) -> tuple[str, str]:
    """立项数超过全市的 (1/4): the words up to the comparator, and the whole that the share is of."""
    match = _SHARE_OF.search(before)
    return (before[: match.start("whole")], match["whole"]) if match else (before, "")


def _shortened(name: str) -> str:
    """Drop the examples of a list (A、B等X is X); relative clauses keep their noun."""
    match = _ETC.match(name)
    if match is None or match["noun"] in _ANY_NOUN:
        return name
    return match["verb"] + match["noun"]


def _tier_within(text: str) -> Tier | None:
    if TIER.search(text) is None:
        return None
    found = None
    for word, tier in TIERS.items():
        place = text.rfind(word)
        if place >= 0 and (found is None or place > found[0]) and not text.startswith("方", place + len(word)):
            found = (place, tier)
    return found[1] if found else None


def _peel(text: str, wording: Wording, *, rank: bool) -> str:
    endings = _ENDINGS
    for _ in range(12):
        word = (_RANK_ENDINGS.find(text) if rank else None) or endings.find(text)
        if word is None or (_WHOLE_ENDINGS.find(text) and not word.startswith(("提高到",)) and not _longer(text, word)):
            return text
        if word in TIERS:
            wording.tier = wording.tier or TIERS[word]
        elif not rank:
            _note(word, wording, text)
        text = text[: len(text) - len(word)].rstrip()
        if text.endswith(","):
            return text.rstrip(",")
    return text


def _longer(text: str, word: str) -> bool:
    """Is the binding word longer than the whole word it ends in (提高到 in ...到)?"""
    return _WHOLE_ENDINGS.find(text[-len(word) :]) is not None


def _note(word: str, wording: Wording, text: str) -> None:
    kind = _KIND[word]
    if kind == "bind":
        op = BEFORE.get(word)
        wording.reached = wording.reached or op is None
        if op is not None and wording.op is None:
            wording.op = op
        if word.endswith("占"):
            wording.share = True
    elif kind == "grow":
        wording.growth = True
    elif kind == "fall":
        wording.growth = wording.fall = True
    elif kind == "share":
        wording.share = True
    elif kind == "from":
        wording.start_value = True
    elif kind == "total":
        wording.total = True
    elif word == "各":
        wording.each = True


@lru_cache(maxsize=256)
def clean_name(text: str) -> str:
    """Drop fillers and partners (与某高校共建…) from the front of a name and marks from both ends."""
    if text[:1] in _PARTNER_OPENS and (partner := _PARTNER.match(text)) is not None:
        text = text[partner.end() :]
    for _ in range(4):
        match = _FILLER.match(text) if text[:1] in _FILLER_OPENS else None
        if match is None:
            break
        text = text[match.end() :]
    text = text if text.endswith(_WHOLE_LAST) else text.rstrip(_TRIMMED)
    if _INNER.search(text) is not None:  # Hardly ever; a search costs half of a substitution in vain.
        text = _INNER.sub("", text)
    if ("“" in text or "”" in text) and text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if ("(" in text or ")" in text) and text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    return text.lstrip(_LED) or _LEADTRIM.sub("", text)


def leading_verb(text: str) -> str:
    """The verbs that `text` opens with, run together (组织实施), or ""."""
    place = 0
    for _ in range(3):
        match = VERB.match(text, place)
        if match is None:
            break
        place = match.end()
    return text[:place]


def acts_only(verb: str) -> bool:
    """Two verbs that together name an act of their own (举办培训, 组织走访)."""
    return len(verb) >= 4 and verb.startswith(("举办", "组织", "开展", "召开", "参加", "承办"))


__all__ = ["GROWTH", "Wording", "acts_only", "clean_name", "leading_verb", "read_words"]
