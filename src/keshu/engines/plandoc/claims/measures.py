"""What a number measures: verbs and nouns that tell an increase from a level, a count from a share."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.phrases import Phrase, branching, examples, words
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import ACTS, is_money
from keshu.engines.plandoc.document import Measure

INCREASE = Phrase(
    "newly added",
    words(
        "新增 新建 净增 新认定 再增加 增加 扩大 新引进 新备案 新布局 新设立 新设 新获批 新签 新签约 新培育 "
        "新入库 新组建 新建成 新注册 新选派 新储备 新增加 再新增 再建 新开工 新立项 新上 新引育 新投用 新成立 "
        "新招引 新授权 新列入 新获 新命名 新推荐 新晋 新落户 新纳统 再布局 新发展 新开发 新研发 新增授权 "
        "新增认定 新增备案 布局新建 建成 备案 创建 组建 设立 布局 争创 获批 认定 获批建设 布局组建 再布局组建 "
        "挂牌 新挂牌 筹建 启动建设 建设 新建设 改造 增收 增设 增建 扩建 开工 投产 竣工 新开工建设 增 多增 "
        "新增长 引进建设 共建 搭建 建立 打造 落成 建好 首次认定 新备案认定 备案认定 重新布局 增长了"
    ),
    "increase: what is added in the period",
    examples(
        ("新增新型研发机构3家", "新型研发机构: >= 3 家 increase"),
        ("净增高新技术企业25家", "高新技术企业: >= 25 家 increase"),
        ("再布局市级实验室4家", "市级实验室: >= 4 家 increase"),
        ("备案省级众创空间2家", "省级众创空间: >= 2 家 increase"),
        ("实绩>新认定技术先进型服务企业6家", "技术先进型服务企业: = 6 家 increase actual 2023"),
        ("户均增收900元", "户均增收: >= 900 元 increase"),
    ),
)
COUNT = Phrase(
    "done",
    words(
        "柔性引进 全职引进 新申报 "
        "举办 组织 走访 培训 征集 申报 发布 签订 签署 签约 召开 开展 选派 服务 培养 培育 引进 转化 实施 储备 "
        "推广 登记 促成 达成 解决 办理 收集 推荐 列入 资助 突破 攻克 取得 获得 获 完成 制定 制订 出台 修订 接待 "
        "鉴定 发放 兑现 支持 惠及 覆盖 带动 撬动 吸引 集聚 汇聚 落实 孵化 毕业 示范 辅导 指导 协助 受理 查处 "
        "抽查 检查 评选 表彰 编制 编印 印发 报送 刊发 发表 承办 参加 参与 开设 开办 入库 评价入库 复审 复审通过 "
        "重新认定 通过 验收 结题 立项 揭榜 对接 采集 摸排 梳理 凝练 形成 开发 研制 引育 招引 引培 派遣 组织实施 "
        "组织申报 组织开展 组织参加 征集发布 引进培育 引进推广 引进并推广 整合 整合撤并 撤并 淘汰 清理 盘活 "
        "投放 争取 争取到 到位 落地 转让 申请 提出 动员 集结 巡回 调研 宣讲 建言 上报 启动 推动 收录 入选 评审 "
        "评估 遴选 挑出 挑选 选出 资助 补助 奖励 培优 输送 派出 邀请 组团 考察 外出考察 会商 汇总通报 调度 发掘 挖掘 挂牌成立 "
        "牵头 主持 承担 参建 受益 服务保障 化解 回访 巡查 发送 推送 转发 发行 创办 组织举办 组织召开 牵头组织 "
        "帮助 吸纳 输出 安排 下达 拨付 列支 招收 招聘 招录 新招 聘请 聘任 授予 颁发 命名 入驻 注册 注销 建档 "
        "核实 核查 诊断 会诊 体检 交付 兑付 结对 上门 轮训 推介 办结 保留 办成 开通"
    ),
    "count: things done in the period",
    examples(
        ("举办对接会12场", "对接会: >= 12 场 count"),
        ("征集技术需求150项", "征集技术需求: >= 150 项 count"),
        ("签订产学研合作协议40项", "产学研合作协议: >= 40 项 count"),
        ("攻克关键核心技术8项", "关键核心技术: >= 8 项 count"),
        ("实绩>办理外国人工作许可76件", "外国人工作许可: = 76 件 count actual 2023"),
        ("突破关键技术15项", "关键技术: >= 15 项 count"),
    ),
)
TOTAL = Phrase(
    "in all",
    words("累计 总数 总量 总额 共有 保有量 存量 总计 累计数 总规模"),
    "cumulative: the whole stock",
    examples(
        ("高企保有量260家", "高企保有量: >= 260 家 cumulative"),
        ("孵化器总数达到15家", "孵化器: >= 15 家 cumulative"),
        ("累计建成工程技术中心42家", "工程技术中心: >= 42 家 cumulative"),
    ),
)
LEVEL = Phrase(
    "stock or amount",
    ("有效高企达到120家", "成交额20亿元"),
    "level: a stock or an amount without the words of the other measures",
    examples(
        ("有效高企达到120家", "有效高企: >= 120 家 level"),
        ("技术合同成交额20亿元", "技术合同成交额: >= 20 亿元 level"),
        ("实绩>在孵企业412家", "在孵企业: = 412 家 level actual 2023"),
        ("发放科技贷款3亿元以上", "科技贷款: >= 3 亿元 level"),
    ),
)
SHARE = Phrase(
    "share",
    ("占…比重", "比例", "占比", "率", "覆盖率", "强度"),
    "share: a ratio",
    examples(
        ("R&D经费占GDP比重2.2%", "R&D经费占GDP比重: >= 2.2 % share"),
        ("高新技术产业产值占规上工业总产值比重达到38%", "高新技术产业产值占规上工业总产值比重: >= 38 % share"),
        ("项目验收合格率不低于95%", "项目验收合格率: >= 95 % share"),
        ("发明专利占授权专利比例提升至20%", "发明专利占授权专利比例: >= 20 % share"),
    ),
)
GROWTH = Phrase(
    "growth",
    words(
        "同比增长 增长 增速 增幅 年均增长 递增 年均递增 同比上升 增长率 年均增速 环比增长 同比增加 年增长 "
        "较上年增长 同比增 涨幅 同比增幅 可比增长 名义增长 同比提高 净增长 年均增幅 同比增速"
    ),
    "growth_rate: percent over the base",
    examples(
        ("技术合同成交额同比增长15%", "技术合同成交额: >= 15 % growth_rate"),
        ("高新产业投资增速12%以上", "高新产业投资: >= 12 % growth_rate"),
        ("规上工业研发费用年均递增9%", "规上工业研发费用: >= 9 % growth_rate"),
        (
            "实绩>技术合同成交额26亿元,增幅8.2%",
            "技术合同成交额: = 26 亿元 level actual 2023 | 技术合同成交额: = 8.2 % growth_rate actual 2023",
        ),
    ),
)
FALL = Phrase(
    "fall",
    words("下降 回落 减少 降低 下滑 同比下降 压减 压降 缩减 同比减少 缩短 压缩"),
    "the sign turns: negative growth, negative points",
    examples(
        ("实绩>技术合同成交额同比下降3%", "技术合同成交额: = -3 % growth_rate actual 2023"),
        ("实绩>入驻率回落0.4个百分点", "入驻率: = -0.4 百分点 increase actual 2023"),
        ("实绩>研发经费投入同比减少2.5%", "研发经费投入: = -2.5 % growth_rate actual 2023"),
    ),
)
POINTS = Phrase(
    "points gained",
    ("提高N个百分点", "上升N个百分点", "提升N个百分点"),
    "increase in 百分点, never percent",
    examples(
        ("高新产业产值占比提高1.5个百分点", "高新产业产值占比: >= 1.5 百分点 increase"),
        ("研发投入强度提升0.1个百分点以上", "研发投入强度: >= 0.1 百分点 increase"),
        (
            "实绩>研发投入强度2.1%,较上年提高0.3个百分点",
            "研发投入强度: = 2.1 % share actual 2023 | 研发投入强度: = 0.3 百分点 increase actual 2023",
        ),
    ),
)
TIMES = Phrase(
    "times",
    ("翻一番", "翻番", "倍增", "翻两番", "增长N倍", "是…的N倍"),
    "growth over the base year: 100, 300, Nx100, (N-1)x100 %",
    examples(
        ("技术合同成交额翻一番", "技术合同成交额: >= 100 % growth_rate"),
        ("规划>高新技术企业数量实现翻两番", "高新技术企业数量: >= 300 % growth_rate 2021/2025"),
        ("规划>高企数量比2020年增长2倍", "高企增速: >= 200 % growth_rate 2021/2025"),
        ("规划>技术合同成交额达到2020年的2倍", "技术合同成交额: >= 100 % growth_rate 2021/2025"),
        ("规划>科技型中小企业实现倍增", "科技型中小企业: >= 100 % growth_rate 2021/2025"),
    ),
)
RANKS = Phrase(
    "rank",
    ("居", "列", "位居", "排名", "第N", "首位", "前N位", "前N强"),
    "rank in 位; in goals rank<=",
    examples(
        ("实绩>综合评价列全省第7", "综合评价全省位次: = 7 位 rank actual 2023"),
        ("综合评价保持全省前5位", "综合评价全省位次: rank<= 5 位 rank"),
        ("科技创新指数进入全市前三", "科技创新指数全市位次: rank<= 3 位 rank"),
        ("实绩>高企增量居全市首位", "高企增量全市位次: = 1 位 rank actual 2023"),
        (
            "科技创新综合评价在全市保三争二",
            "科技创新综合评价全市位次: rank<= 3 位 rank | 科技创新综合评价全市位次: rank<= 2 位 rank stretch",
        ),
        (
            "高质量发展考核保第五、争第四",
            "高质量发展考核位次: rank<= 5 位 rank | 高质量发展考核位次: rank<= 4 位 rank stretch",
        ),
        (
            "创新能力监测在全省保十冲八",
            "创新能力监测全省位次: rank<= 10 位 rank | 创新能力监测位次: rank<= 8 位 rank stretch",
        ),
        ("国家级平台保1争2", "国家级平台: >= 1 家 level | 国家级平台: >= 2 家 level stretch"),
        ("实绩>学习积分位列市直机关第3", "学习积分市直机关位次: = 3 位 rank actual 2023"),
        (
            "实绩>研发费用排名前30位的工业企业占全区总量的六成",
            "研发费用前30位工业企业占全区总量比重: = 60 % share actual 2023",
        ),
        (
            "实绩>科技进步综合评价由全市第6位上升到第4位",
            "科技进步综合评价全市位次: = 6 位 rank actual 2023 | 科技进步综合评价位次: = 4 位 rank actual 2023",
        ),
        (
            "力争在全国高新区综合评价中位次前移5位以上,进入前60强",
            "全国高新区综合评价: >= 5 位 increase stretch | 全国高新区综合评价位次: rank<= 60 位 rank stretch",
        ),
        (
            "实绩>研发经费9.8亿元,增速连续三年居全省前三",
            "研发经费: = 9.8 亿元 level actual 2023 | 研发经费增速全省位次: rank<= 3 位 rank actual 2023",
        ),
        ("实绩>创新能力评价排到全省第9位", "创新能力评价全省位次: = 9 位 rank actual 2023"),
        ("实绩>研发投入强度位居全省第4位", "研发投入强度全省位次: = 4 位 rank actual 2023"),
    ),
)
PLACES = Phrase(
    "places gained",
    ("提升", "前移", "进位", "前进"),
    "increase in 位, no rank",
    examples(
        ("区域创新能力排名前进2位", "区域创新能力排名: >= 2 位 increase"),
        ("科技进步综合评价进位1个以上名次", "科技进步综合评价: >= 1 位 increase"),
        ("年内引进5名", "引进: >= 5 名 count"),
        ("高新区全国排名提升3个位次", "高新区全国排名: >= 3 位 increase"),
    ),
)
PHRASES = (INCREASE, COUNT, TOTAL, LEVEL, SHARE, GROWTH, FALL, POINTS, TIMES, RANKS, PLACES)

#: Verbs that open a name; the longest wins, and verbs may follow one another (组织实施, 征集发布).
VERB = re.compile(
    f"(?=[{''.join(sorted({word[0] for word in (*INCREASE.words, *COUNT.words, '研发')}))}])(?:"
    + branching(
        dict.fromkeys(INCREASE.words + COUNT.words, "") | {"孵化": "(?!器|载体|基地|面积|企业)", "研发": "(?=新)"}
    )
    + ")"
    "(?!率|量|额|数(?!字|据|控)|库|器|费|书|制(?!造|度)|面积|强度|成功率|通过率|合格率|周期|时限|平均时限|到位率)"
)
_INCREASE = re.compile(
    "新(?!品|型|能|材|技|一代|兴|闻|产|业|区|农)|净增|" + branching(dict.fromkeys(INCREASE.words, ""))
)
_ADDED = re.compile(
    r"(?:净增|新增|增加|新建|开工|(?<!重)新认定|新引进)(?:数量?|企业数)?$|"
    r"^(?:[\u4e00-\u9fff]{2,6}[县区市])?[\u4e00-\u9fff]{0,6}(?:净增|新增)(?=[\u4e00-\u9fff]|$)"
)
#: What every such name holds; most hold none of it.
_ADDING = re.compile("增|新建|开工|新认定|新引进")
_ACT_NOUN = re.compile(
    "(?:转化|培训|走访|对接|签约|申报|发布|选派|推广|宣讲|辅导|调研|会商|巡讲|诊断|洽谈|合同登记|认定登记|复审|重新认定|(?<!未)(?:验收|结题))(?:数|数量)?$"
)
_TOTAL = re.compile("累计|总数|总量|总额|共有|保有量|存量|总计|总规模")
_GROWTH = re.compile("增长|增速|增幅|递增|涨幅|同比|环比|翻番|涨|下降|下滑|回落|降幅|减少|降低|增加|上升|年均增")
_SHARE = re.compile("率$|比重|占比|比例|强度$|占")
_FALLING = re.compile(r"(?:下降|回落|减少|降低|下滑|负增长|跌|压减|压降|缩减)(?:了|约|近|超|超过|幅度)?$")
#: The characters that it ends in.
_FALLING_LAST = frozenset("降落少低滑长跌减了约近超过度")


def is_fall(before: str) -> bool:
    """Does the text before the number turn its sign (下降3%)?"""
    return before[-1:] in _FALLING_LAST and _FALLING.search(before) is not None


def measure_of(quantity: Quantity, *, verb: str, name: str, growth: bool, total: bool) -> Measure:
    """What `quantity` measures, from the verb in charge, the indicator's name, and whether growth or totals are spoken of."""
    if quantity.kind is kinds.RANK:
        return Measure.RANK
    if quantity.kind is kinds.POINTS or (quantity.unit == "位"):
        return Measure.INCREASE
    if quantity.kind is kinds.RATIO:
        return Measure.SHARE
    if quantity.kind is kinds.TIMES:
        return Measure.GROWTH_RATE
    if quantity.unit == "%":
        return Measure.GROWTH_RATE if growth else Measure.SHARE
    if total or _TOTAL.search(name):
        return Measure.CUMULATIVE
    if growth or (verb and _INCREASE.match(verb)) or "增收" in name or (_ADDING.search(name) and _ADDED.search(name)):
        added = verb.startswith(("新增", "净增")) or name.endswith(("新增", "净增"))
        flow = growth or added or "增收" in name or not is_money(quantity.unit)
        return Measure.INCREASE if flow else Measure.LEVEL
    if is_money(quantity.unit):
        return Measure.LEVEL
    if quantity.unit in ACTS or (quantity.unit or "").endswith(("人次", "家次", "场次")) or verb:
        return Measure.COUNT
    if _ACT_NOUN.search(name):
        return Measure.COUNT
    if name.endswith(("申请量", "授权量", "登记量", "申请", "授权", "毕业企业", "签约数")):
        return Measure.COUNT
    return Measure.LEVEL


def speaks_of_growth(words: str) -> bool:
    """Do the words before a percentage say that it grew?"""
    return _GROWTH.search(words) is not None
