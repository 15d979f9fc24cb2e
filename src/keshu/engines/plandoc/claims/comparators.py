"""Words around a number that say how it binds: at least, more than, at most, about."""

from __future__ import annotations

from keshu.engines.plandoc.claims.phrases import Endings, Phrase, examples, words
from keshu.engines.plandoc.document import Op

AT_LEAST = Phrase(
    "at least",
    words(
        "不少于 不低于 不得少于 不得低于 不小于 至少 最少 最低 不下于 不弱于 起码 不能少于 不能低于 不短于 "
        "至少达到 ≥ >= 大于等于 大于或等于"
    ),
    "the number is a floor",
    examples(
        ("新建众创空间不少于4家", "众创空间: >= 4 家 increase"),
        ("项目抽查比例不低于15%", "项目抽查比例: >= 15 % share"),
        ("每个乡镇至少有2名科技专员", "每个乡镇科技专员: >= 2 名 level"),
        ("重点项目≥12项", "重点项目: >= 12 项 level"),
    ),
)
REACH = Phrase(
    "reach",
    words(
        "达到 达 完成 实现 增至 增加到 增长到 提高到 提高至 提升到 提升至 扩大到 扩大至 保持在 保持 稳定在 "
        "维持在 上升到 上升至 升至 升到 发展到 跨上 冲上 迈上 站上 登上 增加至 扩展到 扩展至 壮大到 累积到 为 "
        "至 到 是 有 共有 占到 高达 多达 升级到 恢复到 回升到 回升至 攀升至 攀升到 跃升到 集聚到 跃升至 拓展到 "
        "拓展至 ： : = 等于 已达 已达到 可达 可达到 将达 将达到 均达到 都达到 均达 总计 合计 共计 计 要达到 "
        "要达 到达 增长至 增到 增为 干到 冲到 做到 跑到 拉到 放到 投到 扩面到 过 提至 提到 摸到 够到 扩至 扩到 扩增到 扩增至"
    ),
    "a goal to be reached or passed (>=, also =); in results the figure itself (=)",
    examples(
        ("成果转化达到30项", "成果转化: >= 30 项 count"),
        ("科技进步贡献率提高到62%", "科技进步贡献率: >= 62 % share"),
        ("有效高企增至260家", "有效高企: >= 260 家 level"),
        ("实绩>有效高企达到230家", "有效高企: = 230 家 level actual 2023"),
        ("实绩>完成技术合同成交额18亿元", "技术合同成交额: = 18 亿元 level actual 2023"),
        ("选派特派员90名", "特派员: >= 90 名 count"),
    ),
)
MORE = Phrase(
    "more than",
    words(
        "突破 超过 超 大于 多于 高于 逾 破 突破到 大幅超过 超出 已超过 已超 已突破 不止 > 要破 冲破 "
        "跨过 跨越 越过 迈过 闯过 冲过 破了 突破了 头一回过了 第一次过了 首次过了 历史性过了 终于过了 "
        "一举过了 已经过了 已过了 都过了 就过了 头一回过 第一次过 首次过"
    ),
    "the number must be passed; with 以上 it may just be reached",
    examples(
        ("高企总数突破300家", "高企总数: > 300 家 cumulative"),
        ("科技贷款余额超12亿元", "科技贷款余额: > 12 亿元 level"),
        ("科技型中小企业入库突破800家以上", "科技型中小企业入库: >= 800 家 level"),
        ("孵化器内企业超过90家以上", "孵化器内企业: >= 90 家 level"),
        ("实绩>技术合同登记额逾6亿元", "技术合同登记额: > 6 亿元 level actual 2023"),
        ("有效高企总量跨过200家大关", "有效高企总量: > 200 家 cumulative"),
        ("实绩>全县研发投入头一回过了两个亿", "研发投入: > 2 亿元 level actual 2023"),
        ("实绩>研发经费跨过9个亿的关口", "研发经费: > 9 亿元 level actual 2023"),
    ),
)
AT_MOST = Phrase(
    "at most",
    words(
        "不超过 不高于 不多于 不大于 低于 不足 压减至 压减到 缩短至 缩短到 压缩至 压缩到 控制在 最高 最多 最长 "
        "小于 少于 ≤ <= < 降至 降到 下降到 下降至 减少到 减少至 减至 降低到 降低至 不到 小于等于 不得超过 "
        "不得高于 至多 严控在 限制在 稳控在 压降至 压降到 压到 压至 压低到 压低至 控制到 减到 守在 压控在 缩减至 缩减到 "
        "精简到 精简至"
    ),
    "the number is a ceiling",
    examples(
        ("不良率控制在1.2%以内", "不良率: <= 1.2 % share"),
        ("审批时限压缩至3个工作日以内", "审批时限: <= 3 个工作日 level"),
        ("科技贷款平均利率最高4.5%", "科技贷款平均利率: <= 4.5 % share"),
        ("贷款不良率守在1.5%以内", "贷款不良率: <= 1.5 % share"),
        ("万元GDP能耗不高于0.4吨标准煤", "万元GDP能耗: <= 0.4 吨标准煤 level"),
        ("项目逾期率低于5%", "项目逾期率: <= 5 % share"),
    ),
)
ABOUT = Phrase(
    "about",
    words("约 近 接近 将近 大约 约为 大概 基本达到 约占 约达 在"),
    "the number is approximate; 近 and 接近 alike",
    examples(
        ("研发费用加计扣除额约9亿元", "研发费用加计扣除额: ~ 9 亿元 level"),
        ("实绩>培训技术人员近800人次", "培训技术人员: ~ 800 人次 count actual 2023"),
        ("实绩>孵化面积大约6万平方米", "孵化面积: ~ 6 万平方米 level actual 2023"),
    ),
)

#: Word before the number -> what it does. ``在`` and the copulas bind nothing by themselves.
BEFORE: dict[str, Op | None] = {}
for _phrase, _op in (
    (REACH, None),
    (AT_LEAST, Op.AT_LEAST),
    (MORE, Op.MORE_THAN),
    (AT_MOST, Op.AT_MOST),
    (ABOUT, Op.ABOUT),
):
    BEFORE.update(dict.fromkeys(_phrase.words, _op))
BEFORE["在"] = None

AFTER_AT_LEAST = Phrase(
    "or more",
    ("以上", "及以上", "之上", "起", "或以上", "(含)以上", "(含)及以上", "(含以上)"),
    "after the number: it is a floor",
    examples(
        ("新增后备企业60家以上", "后备企业: >= 60 家 increase"),
        ("举办路演活动10场及以上", "路演活动: >= 10 场 count"),
        ("实绩>带动就业200人以上", "带动就业: >= 200 人 count actual 2023"),
    ),
)
AFTER_AT_MOST = Phrase(
    "or less",
    ("以内", "以下", "之内", "及以下", "内", "之下"),
    "after the number: it is a ceiling",
    examples(
        ("市级实验室总数控制在40家以内", "市级实验室总数: <= 40 家 cumulative"),
        ("平均办理时限压缩到5个工作日以内", "平均办理时限: <= 5 个工作日 level"),
        ("不良率保持在2%以下", "不良率: <= 2 % share"),
    ),
)
AFTER_ABOUT = Phrase(
    "or so",
    ("左右", "上下", "前后"),
    "after the number: it is approximate",
    examples(
        ("技术合同成交额增长15%左右", "技术合同成交额: ~ 15 % growth_rate"),
        ("新签合作协议30项上下", "合作协议: ~ 30 项 increase"),
        ("占比稳定在三成左右", "占比: ~ 30 % share"),
    ),
)
INNER_MORE = Phrase(
    "and some",
    ("余", "多", "来"),
    "between number and unit: a little more than the number",
    examples(
        ("实绩>走访企业200余家", "走访企业: > 200 家 count actual 2023"),
        ("实绩>收集需求130多项", "收集需求: > 130 项 count actual 2023"),
        ("实绩>发放资料3000多份", "发放资料: > 3000 份 count actual 2023"),
    ),
)

AFTER: dict[str, Op | None] = dict.fromkeys(AFTER_AT_LEAST.words, Op.AT_LEAST)
AFTER.update(dict.fromkeys(AFTER_AT_MOST.words, Op.AT_MOST))
AFTER.update(dict.fromkeys(AFTER_ABOUT.words, Op.ABOUT))
AFTER.update(dict.fromkeys(words("大关 台阶 关口 的关口 目标 的目标 的水平 水平 的规模 的台阶 的大关"), None))
AFTER["还多"] = Op.MORE_THAN

BEFORE_ENDINGS = Endings(BEFORE)

BREAKTHROUGH = Phrase(
    "first of its kind",
    ("零的突破", "零突破", "“零”突破", "破零", "破了零", "实现突破", "从无到有的突破"),
    "breakthrough, without a number; 突破 + number is none",
    examples(
        ("国家级孵化器实现零的突破", "国家级孵化器: breakthrough - - count"),
        ("省级星创天地实现“零”的突破", "省级星创天地: breakthrough - - count"),
        ("院士工作站力争破零", "院士工作站: breakthrough - - count stretch"),
        ("实绩>省级实验室实现从无到有的突破", "省级实验室: breakthrough - - count actual 2023"),
        ("省级中试基地,今年要破零", "省级中试基地: breakthrough - - count"),
        ("实绩>省级中试平台终于破了零", "省级中试平台: breakthrough - - count actual 2023"),
        ("实绩>国家级孵化器尚未实现零的突破", ""),
        ("实绩>省级技术发明奖实现突破", "省级技术发明奖: breakthrough - - count actual 2023"),
        ("在建设国家级平台上实现零的突破", "国家级平台: breakthrough - - count"),
        ("国家重点研发计划项目实现零突破", "国家重点研发计划项目: breakthrough - - count"),
    ),
)
ALL = Phrase(
    "all of them",
    ("全覆盖", "100%", "应建尽建", "人人", "家家", "每个…都", "100%完成"),
    "all: 100 % share",
    examples(
        ("规上企业研发机构全覆盖", "规上企业研发机构: all 100 % share"),
        ("实现行政村科技特派员服务全覆盖", "行政村科技特派员服务: all 100 % share"),
        ("在研项目绩效跟踪率100%", "在研项目绩效跟踪率: all 100 % share"),
        ("规上高新企业研发机构应建尽建", "规上高新企业研发机构: all 100 % share"),
        ("技术合同登记服务实现县区全面覆盖", "技术合同登记服务县区: all 100 % share"),
        ("开展规上企业研发活动全覆盖攻坚行动", ""),
        ("规上企业负责人人人轮训一遍", ""),
        ("规上企业“一把手”人人轮训一遍", "规上企业一把手: all 100 % share"),
        (
            "科技特派员联系乡镇12个全覆盖",
            "科技特派员联系乡镇: >= 12 个 level | 科技特派员联系乡镇覆盖率: all 100 % share",
        ),
    ),
)
NONE_LEFT = Phrase(
    "none left",
    ("清零", "归零"),
    "= 0",
    examples(
        ("无研发活动规上企业清零", "无研发活动规上企业: = 0 - level"),
        ("超期未结题项目全部清零", "超期未结题项目: = 0 - level"),
        ("大中型企业没有研发机构的,年底前一律清零", "大中型企业没有研发机构: = 0 - level"),
        ("开展研发活动“清零”行动", ""),
    ),
)
REFERENCE = Phrase(
    "against a reference",
    ("高于全省平均", "低于", "达到全省平均水平", "快于"),
    "the reference is part of the goal: benchmark",
    examples(
        ("高新产业增速高于全省平均1个百分点", "高新产业增速: >= 1 百分点 increase"),
        ("高新技术产业产值增速高于全省平均水平", "高新技术产业产值增速: > - - growth_rate"),
        ("研发投入强度达到全省平均水平", "研发投入强度: >= - - share"),
        ("实绩>研发投入强度低于全省平均0.4个百分点", "研发投入强度: <= 0.4 百分点 increase actual 2023"),
        ("高新技术产业增加值增速快于规上工业2个百分点以上", "高新技术产业增加值增速: >= 2 百分点 increase"),
    ),
)
QUALITATIVE = Phrase(
    "no number at all",
    ("只增不减", "稳中有升", "持续提高", "大幅提升", "走在前列"),
    "qualitative goals are no claims",
    examples(
        ("研发投入强度稳中有升", ""),
        ("创新主体数量只增不减,综合评价走在前列", ""),
    ),
)

PHRASES = (
    AT_LEAST,
    REACH,
    MORE,
    AT_MOST,
    ABOUT,
    AFTER_AT_LEAST,
    AFTER_AT_MOST,
    AFTER_ABOUT,
    INNER_MORE,
    BREAKTHROUGH,
    ALL,
    NONE_LEFT,
    REFERENCE,
    QUALITATIVE,
)
