"""Numbers that are no figures: ordinals, names, slogans, scope of work, sizes inside nouns, rules, rewards, dates, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from keshu.engines.plandoc.claims import kinds, makeup
from keshu.engines.plandoc.claims.phrases import Phrase, examples, words
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import DURATIONS, is_money
from keshu.engines.plandoc.passage import Role

NAMES = Phrase(
    "names, versions, programmes",
    ("第八届", "55580计划", "5G", "985/211", "《…20条》", "95后", "24小时"),
    "part of a name",
    examples(
        ("办好第八届科技成果直通车", ""),
        ("深入实施55580人才计划", ""),
        ("用好“科创新政30条”,布局5G场景", ""),
        ("面向985/211高校引才,关注95后创业者", ""),
        ("落实《促进成果转化18项措施》", ""),
        ("实行24小时线上受理和7×24小时值守", ""),
        ("组织第三批揭榜挂帅榜单论证", ""),
    ),
)
SLOGANS = Phrase(
    "slogans",
    ("一院一园一基金", "七个一", "四个全面", "十百千工程"),
    "structure of speech, not a quantity",
    examples(
        ("推进“一园一院一基金”建设", ""),
        ("实施“十百千”工程", ""),
        ("抓好五个一活动", ""),
        ("聚焦3个方面、五大领域发力", ""),
        ("做好四项重点工作", ""),
        ("围绕两大主导产业和三条产业链布局", ""),
        ("健全三级联动机制", ""),
        ("实绩>列入考核的9项科技指标中,研发投入增长12%", "研发投入: = 12 % growth_rate actual 2023"),
        ("本办法共6个部分21条", ""),
        ("同先进地区比,差距不是一点半点", ""),
        ("申报材料一式三份", ""),
    ),
)
SCOPE_OF_WORK = Phrase(
    "scope of work",
    ("推动7家…高质量建设", "对到期的78家企业建档"),
    "a stock to be worked on, not a goal to be reached",
    examples(
        ("推动6家省级实验室高质量建设", ""),
        ("推动6家省级实验室高质量建设,新建市级实验室3家", "市级实验室: >= 3 家 increase"),
        ("督促逾期的9个项目抓紧结题", ""),
        ("依托5家共性技术平台开展服务", ""),
        ("盯紧已申报的198家企业", ""),
        ("对证书到期的52家企业建立台账", ""),
        ("指导4家筹建的平台按期建设", ""),
        ("落实与3家银行的合作协议", ""),
    ),
)
SIZE_IN_NOUN = Phrase(
    "size inside a noun",
    ("年产值2亿元以上的企业", "45岁以下人才", "单个10万元以上的合同"),
    "part of the indicator's name",
    examples(
        ("培育年产值2亿元以上的企业15家", "培育年产值2亿元以上的企业: >= 15 家 count"),
        ("资助40岁以下青年人才30名", "资助40岁以下青年人才: >= 30 名 count"),
        ("登记单个10万元以上的合同200份", "单个10万元以上的合同: >= 200 份 count"),
        ("实现营收5000万元以上企业研发机构全覆盖", "营收5000万元以上企业研发机构: all 100 % share"),
        (
            "建立示范基地12个,其中百亩以上种植基地4个",
            "示范基地: >= 12 个 increase | 百亩以上种植基地: >= 4 个 increase",
        ),
        ("认定2亿元以上项目6个", "认定2亿元以上项目: >= 6 个 increase"),
        ("年产值5亿元以上的高企达到30家", "年产值5亿元以上的高企: >= 30 家 level"),
    ),
)
RULES = Phrase(
    "rules and sanctions",
    ("须提前5日报告", "完成率不到七成的通报", "连续两年优秀的加分"),
    "how the work is run, not what it reaches",
    examples(
        ("重大事项须提前5日报告", ""),
        ("对完成率不到七成的县区予以通报", ""),
        ("对落后序时进度5个百分点以上的亮黄牌", ""),
        ("对进度滞后10个百分点以上的发提示函", ""),
        ("连续两年优秀的单位年终加2分", ""),
        ("凡逾期30天未结题的取消两年申报资格", ""),
        ("考核得分占绩效总分的30%", ""),
        ("每月25日前报送进展,5个工作日内反馈", ""),
    ),
)
REWARDS = Phrase(
    "rewards",
    ("给予20万元奖励", "最高补助50万元", "按10%给予补贴"),
    "what a rule pays, not a goal",
    examples(
        ("对首次认定的高企给予20万元奖励", ""),
        ("按实际投入的10%给予补助,最高不超过50万元", ""),
        ("对每家新建平台一次性奖励30万元", ""),
        ("对完成任务好的县区,拿出300万元奖励", ""),
        ("单个项目资助额度最高不超过300万元", ""),
    ),
)
PLACES_AND_DATES = Phrase(
    "dates, addresses, furniture",
    ("3月15日前", "科技路12号", "共印60份", "浏览次数387"),
    "when and where, never how much",
    examples(
        ("各科室于3月15日前报送材料", ""),
        ("联系地址:科技路12号3楼", ""),
        ("联系电话0000-1234567", ""),
    ),
)
SAFEGUARD_RHYTHM = Phrase(
    "rhythm of reports",
    ("每季度通报一次", "按月调度"),
    "how the work is watched",
    examples(("保障>对重点指标每季度通报一次", ""), ("保障>实行月调度、季通报", "")),
)
PHRASES = (
    NAMES,
    SLOGANS,
    SCOPE_OF_WORK,
    SIZE_IN_NOUN,
    RULES,
    REWARDS,
    PLACES_AND_DATES,
    SAFEGUARD_RHYTHM,
)

#: Nouns that a small number only structures: 三大领域, 两项工作, 四个方面.
_STRUCTURAL = re.compile(
    r"^(?:大?(?:件)?(?:大)?事(?!业)|以上|主要|重点|关键|核心|考核|定量|定性|主导|重大|专项|特色|优势|"
    r"支柱|新兴|战略性|战略|传统|具体|基本|"
    r"突出|方面的?|中心|[一二三四]级)*(?:领域|方面|工作|任务|指标|机制|体系|名单|行动|工程|计划|主线|环节|阶段|"
    r"层次|层面|抓手|定位|目标|导向|转变|原则|要求|措施|"
    r"举措|产业|"
    r"维度|板块|部门|区域|高地|高|关口|角度|能力|短板|清单|步骤|渠道|方向|难题|难点|痛点|关系|意识|"
    r"优势|支撑|保障|主体|要素|链条|链|集群|赛道|"
    r"品牌|文件|办法|必须|坚持|强化|突出|全面|一批|一|确保|"
    r"到位|统一|结合|创建|覆盖|示范县|园区|片区|市|县|乡镇|街道|责任|问题|因素|环|梯队|层级|节点|文明|"
    r"部分|章节|设区市|地级市|地市|州市|建设|县区|地区|字|重|类别|类型|专题|试点|支柱|"
    r"特色|转型|方式|模式|百分点|体|库|跨越|百强)|^(?:大?事(?!业)|关键$|重点$|关键[,、。])"
)
#: 石坪、枫林2个镇: the number only counts the names in front of it.
_PLACES_NAMED = re.compile(r"(?:县|市|区|镇|乡|街道|园区|县区|镇街|乡镇|单位|部门|科室)(?!级)")
_PLACE_LIST = re.compile(r"(?:^|[,:])[\u4e00-\u9fff]{2,6}(?:、[\u4e00-\u9fff]{2,6})+等?$")
_CHORES = re.compile(r"硬仗|(?:民生|惠民|便民|科技)?实事|好事|难事|大事|口子|(?:大)?文章|攻坚战|组合拳|关$|底线|红线")
_ORDINALS = (*words("第 之 No. 编号 共印 印 印发 表 图 附件 专栏"), "第 ")
_ORDINAL_LAST = frozenset(word[-1] for word in _ORDINALS)
_PART_LAST = frozenset("分按属辖后末成为")
_PARTED = ("分", "分成", "分为", "编成", "按", "所属", "下属", "下辖", "后", "末")
_LED_BY = re.compile("带队|牵头|负责|组成|共同|联合")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_POLICY = re.compile(r"(?:新政|政策|意见|措施|办法|方案|规定|条例|计划|十条|科改|科创|人才|创新|惠企|改革)$")
_SIZE_TAIL = re.compile(
    r"^(?:以上|以下|以内|及以上|及以下|左右)?(?:的)?(?:[规中小微大][\u4e00-\u9fff]{0,4})?(?:工业|民营|"
    r"科技型?|高新技术|规上|青年|"
    r"高层次|优秀|重点|骨干|制造业?|服务业|独角兽|成长型|农业|龙头|领军|专业|科研|大型|科学|技术|重大|"
    r"产业|单体|创新|研发|外国|博士|拔尖|先进|示范|种植|养殖|生态|标准化|规模化|特色|连片|高标准|家庭|大额)*"
    r"(?:企业|高企|项目|合同|人才|单位|设备|仪器|平台|机构|园区|地块|县区|专家|产品|群体|基地|团队|贷款|"
    r"工业|科技人员|干部|人员|学者|专利|载体|工程|主体|农户|大户|农场|大棚|果园|茶园|订单|奖项|厂房|实验室|装置)"
)
#: 千亩以上示范基地3个: what is counted stands behind.
_COUNTED_BEHIND = re.compile(r"[各共达到]{0,2}[\d一二两三四五六七八九十百]+[家个项名处座户块只支份件]")
_SIZE_HEAD = re.compile(
    r"(?:产值|投入|收入|占比|强度|规模|资产|营收|销售额?|费用|投资额?|单个|单项|单笔|单台|单体|年薪|"
    r"面积|金额|额度|比例|比重|价值|原值|资金|支出|税收|"
    r"经费|增速|总额|年龄|超|达|达到|人数|人员|注册资本)(?:在|达到?|超过?|为)?$"
)
_MARKS = r"[\d一二两三四五]+(?:\.\d+)?分"
_PAID = r"(?:[\d.]+|[一二三四五六七八九十百]+)(?:万?元|%)"
_RULE = re.compile(
    r"给予(?!重点|优先|倾斜|精准|“一企)|予以(?!重点|优先|倾斜)|给与每|取消[\u4e00-\u9fff]{0,6}资格|约谈|一票否决|"
    rf"扣{_MARKS}|加{_MARKS}|减{_MARKS}|计{_MARKS}|分值|满分|总分|权重|"
    r"单[个项家户笔](?:项目|企业|主体|单位)?[\u4e00-\u9fff]{0,4}(?:资助|支持|补助|补贴|奖励|奖补|授信|贴息)[\u4e00-\u9fff]{0,4}最高不超过|"
    r"拿出[\d一二三四五六七八九十百千万.]+万?元[^,]{0,4}奖|"
    r"不得申报|一次性(?!通过|验收)|视为|凡(?<![\s\S]凡)|提前[\d一二三五七十]+(?:个工作)?[日天]|补贴标准|"
    r"奖[\u4e00-\u9fff]{0,4}最高|补[\u4e00-\u9fff]{0,4}最高|最高(?:可|不超过)?(?:资助|奖|补|支持|给|容忍|享受|获得)|容忍|同一(?:企业|单位|项目|主体|申报)|"
    r"按(?:不[超低]过|实际)?[\d.]+%(?:的比例)?(?:给予|予以)?(?:[补奖]|资助|支持|分担|贴息|返还)|"
    r"填写得?分|核定得?分|计算得?分|折算得?分|"
    r"缓拨|追回|退回|压减[\u4e00-\u9fff]{0,4}预算|预算压减|"
    rf"奖励{_PAID}|补助{_PAID}|补贴{_PAID}|资助{_PAID}|按(?<![\u4e00-\u9fff]按)(?!期|时|计划|"
    r"要求)[\u4e00-\u9fff\d.]{0,12}[\d.]+%|每[家项个户人名件](?:支持|补助|奖励|给予|资助)?[\d.]+万?元|面额|收取"
)
_RULE_REACH = re.compile(
    r"兑[现付]|发放|拨付|支付|安排|争取|落实[\u4e00-\u9fff]{0,8}(?:奖|补)|到位|受理|"
    r"带动|达到|总额|共|累计|惠及"
)
_RULE_AFTER = re.compile(
    r"^(?:以上|以下|以内)?的(?:各?县区|各?区县|指标|[镇乡][街镇]|街镇|下发|下达|由|将|单位|企业|部门|科室|项目|地区|平台|园区|街道|乡镇|,|、|予以|"
    r"给予|一律|不予|通报|亮[红黄]?牌|[红黄]牌|发|下发|提醒|预警|约谈|督办|加|扣|取消|按|县|要|应|须|可|在)"
)
#: The characters that it begins with.
_RULE_AFTER_OPENS = frozenset("以的")
_SANCTION = re.compile(
    "通报|约谈|扣|加分|取消|予以|给予|一律|不予|奖|督办|问责|考核|整改|暂停|收回|限期|压减|说明原因|"
    "预警|提醒|提示函|督[办促]函|亮[红黄]?牌|[红黄]牌|退出|摘牌|调整|申报|享受|派员|派驻|驻点|蹲点|包抓|帮扶|说明|检讨|表态"
)
_WEIGHT = re.compile(
    r"(?:总分|权重|分值|计分)(?:的|占比?|为)*$|(?:绩效|考核|考评)[\u4e00-\u9fff]{0,4}(?:的|占比?)$|"
    r"(?:考核|考评),占比?$"
)
_TARGETED = re.compile(
    r"[^,]{0,30}的(?:企业|单位|项目|平台|机构|个人|团队|创新联合体),(?:按|给予|予以|一次性|最高|每|再|"
    r"由|市|县|区|省|财政)"
)
_CONDITION = re.compile(r"条件|哪些(?:企业|单位|人员?|主体|项目|情形)|可以申[报请领]|如何申|怎[么样]申")
_GRANT = re.compile(
    r"(?:如何|怎[么样]|哪些|多少|什么)[\u4e00-\u9fff]{0,6}(?:奖|补[助贴]?|资助|支持|扶持|享受)|"
    r"(?:补偿|贴息|担保|补[助贴])(?:政策|标准|比例)?[\u4e00-\u9fff]{0,4}(?:变化|调整|不同)|(?:奖励|补[助贴]|资助|支持|扶持|优惠|标准|享受)[\u4e00-\u9fff]{0,8}(?:如何|怎[么样]|哪些|多少|什么|几)"
)
#: What an answer promises to reach, even where the question asks for conditions.
_PROMISE = re.compile("每年安排|年度安排|目标|力争|计划|到20\\d\\d|承诺|兑现率|办结率|时限|压[减缩]|缩短|增长|达到20")
_SCOPE_HEAD = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,12}(?:继续|不断|积极|重点|抓好|扎实|持续|大力|全力))?(?:推动|推进|指导|"
    r"督促|对|加强|做好|抓好|服务好|"
    r"用好|依托|围绕|落实与|聚焦|跟踪|支持(?=现有|已)|组织好|巩固|督导|帮助(?=现有|已)|按照|统筹)"
)
_SCOPE_TAIL = re.compile(
    r"(?:高质量|高标准|加快|按期|提质|优化|规范|分类|动态|常态化)?(?:建设|发展|提质|增效|升级|重组|整合|管理|"
    r"服务工作|工作|建立台账|建档|建设进度|运行|提升|整改|"
    r"协议|实施|逐[户一家个](?:走访|上门|辅导|约谈|摸排|核查|督办|跟踪)|复审|跟踪|监测|评估|按期[\u4e00-\u9fff]+|达标|进度)$"
)
#: 依托5家平台…, 督促逾期的9个项目…: what the work is done with or on.
_INSTRUMENTS = words("依托 借助 立足 围绕 聚焦 对照 针对 瞄准")
_STOCK = re.compile(
    r"(?:盯紧|紧盯|盯住|组织|督促|指导|跟踪|服务|做好|抓好|推进|推动|统筹|协调|盘活|帮助|逐[一户个]\S{0,4})[\u4e00-\u9fff]{0,6}"
    r"(?:到期|逾期|超期|在建|在研|续建|筹建|现有|已[\u4e00-\u9fff]{2,3})的$"
)
_DURATION_HEAD = re.compile(
    r"压[减缩]|缩短|时限|时间|控制|平均|不超过|减[至到少]|不少于|周期|服务|下乡|天数|工作日|延长|办结|"
    r"不低于|至少|提速|培训|轮训|学习"
)
_REPORT = re.compile(
    r"通报|报送|报告|汇报|调度|(?<!专项)督查(?!室)|督导|(?<!专项)检查|考核|例会|会商会|总结|点评|研判|上报|反馈|晾晒|盘点|听取|(?<!专题)研究|专报|自查|巡查|碰头"
)
#: A small number before a noun counts something where one of these stands before it.
_COUNTED = re.compile(
    r"新|净增|拿下|落地|招|有|培育|建成|建立|引进|举办|组织|攻克|取得|获|签|达成|转化|实施|选派|"
    r"不少于|不低于|不得少于|至少|达到|达|超过|突破|力争|争取|"
    r"确保|争创|完成|创建|布局|打造|设立|组建|建设|提出|征集|发布|支持|推荐|认定|推出|筛选|遴选|储备|"
    r"解决|分别|每|再|开展|和|、"
)
_ENUMERATED = re.compile(r"第[一二三四五六七八九\d](?:[、和][一二三四五六七八九\d])*[、和]$")


#: Units in which a text counts its own parts, and those of them that Chinese numerals count.
_PARTS = frozenset("个项条件张类种大点步级支座层段集题股门")
_CHINESE_PARTS = frozenset("个项条张类种点支级层步")


def is_name(quantity: Quantity, before: str, after: str) -> bool:
    """Is the number an ordinal, a version, a policy's short name or a slogan?"""
    if quantity.kind is kinds.PERCENT and quantity.text in ("半数", "一半") and after.startswith(("以上即", "即")):
        return True
    if quantity.kind not in (kinds.NUMBER, kinds.BARE, kinds.RATIO):
        return False
    last = before[-1:]
    if last in _LETTERS or (last in _ORDINAL_LAST and before.endswith(_ORDINALS)):
        return True
    if last == "届" and quantity.unit == "次" and after.startswith(("全会", "全体会议", "会议", "常委")):
        return True
    if makeup.is_made_of(quantity, before, after):
        return True
    if quantity.unit in ("份", "点", "条", "节") and before.endswith(("一式", "一点", "部分", "章", "篇")):
        return True
    if quantity.unit in ("条", "项") and (
        (quantity.unit == "条" and not after and _POLICY.search(before))
        or after.startswith(("政策", "措施", "举措", "规定", "清单", "制度", "纪律"))
    ):
        return True
    bare = quantity.kind is kinds.BARE and quantity.unit is None and quantity.about != "争"
    if bare and (last == "-" or _is_latin_or_digit(last)):
        return True
    if (last == "续" and before.endswith("连续")) or (last == "由" and _LED_BY.search(after)):
        return True
    enumerated = last in ("、", "和") and _ENUMERATED.search(before) is not None
    if enumerated or (last in _PART_LAST and before.endswith(_PARTED) and not before.endswith("博士后")):
        return quantity.unit != "元" and (
            quantity.unit in ("批", "位", "家", "个", "名") or enumerated or quantity.kind is kinds.RATIO
        )
    return after != "" and after.startswith(("后", "计划", "工程建设", "G", "届", "版", "见正文", "见附件"))


def _is_latin_or_digit(letter: str) -> bool:
    return letter.isdecimal() or (letter.isascii() and letter.isalpha())


def is_structure(quantity: Quantity, before: str, after: str) -> bool:
    """Is a small number before a noun mere structure (三大领域, 两项工作, 一套制度)?"""
    if quantity.kind is not kinds.NUMBER or quantity.masked or quantity.unit is None:
        return False
    if quantity.ranged or quantity.about in ("余", "多", "几"):
        return False
    small = quantity.value is not None and quantity.value <= 20
    if small and quantity.unit in _PARTS and _STRUCTURAL.match(after):
        return True
    if small and _CHORES.match(after):
        return True
    if quantity.unit == "个" and before.endswith("的有") and _PLACES_NAMED.match(after):
        return True
    if quantity.unit == "个" and "、" in before and _PLACES_NAMED.match(after) and _PLACE_LIST.search(before):
        return True
    if not quantity.chinese:
        return False
    if quantity.text[0] == "一" and quantity.value == 1 and after and not after.startswith(("以上", "左右")):
        return not re.search(r"每|不少于|至少|不低于|力争|争创|新[增建]|完成", before)
    bound = _COUNTED.search(before) is not None
    return bool(after) and after[0] not in "以左及的" and quantity.unit in _CHINESE_PARTS and not bound


def is_size(quantity: Quantity, before: str, after: str, *, named: Callable[[str], bool]) -> bool:
    """Does the quantity size a noun (年产值2亿元以上的企业)? ``named`` tells whether words other than a verb stand before it."""
    unit = quantity.unit or ""
    if not (
        is_money(unit)
        or unit in ("%", "人", "平方米", "万平方米", "年", "亩", "万", "亿", "倍")
        or quantity.kind is kinds.BARE
    ):
        return False
    if is_money(unit) and re.match(r"(?:以上|以下)?的(?:有)?\d[\d,]*[家户个名项件所]", after):
        return True
    if not (tail := _SIZE_TAIL.match(after)):
        return False
    if after[:2] in ("以上", "以下", "以内") and _COUNTED_BEHIND.match(after, tail.end()):
        return True
    if unit == "%" or unit == "人":
        return _SIZE_HEAD.search(before) is not None
    return _SIZE_HEAD.search(before) is not None or (after.startswith(("以上", "以下", "的", "及以")) and named(before))


def is_rule(quantity: Quantity, clause: str, before: str, after: str) -> bool:
    """Does the number belong to a rule, a sanction, a reward or a weight? ``clause`` is the one it stands in."""
    if is_sanctioned(after):
        return True
    if "的" in after and _TARGETED.match(after):
        return True
    if quantity.unit == "%" and (_WEIGHT.search(before) or makeup.is_distributed(before, after)):
        return True
    return _RULE_REACH.search(before) is None and _RULE.search(clause) is not None


def is_sanctioned(after: str) -> bool:
    """…的县区予以通报: what stands before 的 is the condition of a sanction or a reward."""
    return (
        after[:1] in _RULE_AFTER_OPENS and _RULE_AFTER.match(after) is not None and _SANCTION.search(after) is not None
    )


@lru_cache(maxsize=256)
def asks(heading: str, *, paid: bool) -> bool:
    """Does a heading ask 哪些企业可以申报 or, of money and percentages (``paid``), 如何奖励?"""
    return _CONDITION.search(heading) is not None or (paid and _GRANT.search(heading) is not None)


def is_condition(clause: str) -> bool:
    """The answer to such a heading is no goal of the bureau, unless it makes a promise."""
    return _PROMISE.search(clause) is None


def is_duration(quantity: Quantity, before: str, after: str) -> bool:
    """A stretch of time that is no time limit (3天, 两年, 24小时), or an age."""
    unit = quantity.unit
    if unit not in DURATIONS:
        return unit in ("岁", "周岁")
    if "公示" in before or after.startswith(("前", "内报", "内反馈", "内向", "后", "内完成", "内办", "内提", "内予")):
        return True
    return _DURATION_HEAD.search(before) is None


def is_scope(quantity: Quantity, before: str, after: str, tail: str) -> bool:
    """A stock to be worked on: 推动7家省级实验室高质量建设."""
    if quantity.kind is not kinds.NUMBER or quantity.ranged or tail or not after:
        return False
    if before.endswith("的") and "对" in before and re.search(r"(?:对|与|为)[\u4e00-\u9fff\d]{0,14}的$", before):
        return True
    if before.endswith(_INSTRUMENTS) or _STOCK.search(before) is not None:
        return True
    if not _SCOPE_HEAD.match(before):
        return False
    return (
        _SCOPE_TAIL.search(after) is not None or (before.endswith("与") and after.endswith("协议")) or "筹建" in after
    )


def is_report(quantity: Quantity, clause: str, role: Role) -> bool:
    """The rhythm of reports in the requirements (每季度通报一次)."""
    return (
        role is Role.SAFEGUARD
        and (quantity.unit or "") in ("次", "期", "份", "篇", "轮", "个")
        and _REPORT.search(clause) is not None
    )


def is_reward(clause: str) -> bool:
    """Does a clause lay down what a rule pays?"""
    return re.search(r"给予|予以|奖励|补助|补贴|资助", clause) is not None
