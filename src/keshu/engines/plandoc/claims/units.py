"""Units of bureau documents, and the characters after which a unit is none (``人`` in 人才, ``家`` in 家庭)."""

from __future__ import annotations

from keshu.engines.plandoc.claims.phrases import Phrase, branching, examples, words

MONEY = ("元", "美元", "欧元")

#: Units that stand for an act: what they count has been done, not owned.
ACTS = frozenset(
    [
        "场",
        "场次",
        "次",
        "人次",
        "家次",
        "户次",
        "件次",
        "台次",
        "车次",
        "课次",
        "批次",
        "期",
        "轮",
        "轮次",
        "批",
        "课时",
        "学时",
        "讲",
        "节",
        "篇",
        "单",
        "笔",
        "起",
        "例",
        "人天",
        "站次",
        "趟",
        "遍",
    ]
)

#: Units of time. They make a claim only where a time limit is the goal itself.
DURATIONS = frozenset(["个工作日", "工作日", "天", "小时", "分钟", "个月", "日", "周"])

#: Unit -> what must not follow it, as the inside of a character class or an alternation.
_GUARDS = {
    "人": "才|员|大|事|民|类|工|物|选|群|均|口|社|身|力|文|士|生|体|气|家|数|次|年|天|心|间|防|机|脸|为",
    "家": "庭|长|属|电|具|居|园|乡|级|次|禽|畜|风|国|装|校",
    "个": "人|性|体|别|月|税|股|工作日|小时|百分点|点|亿|位次|名次|省|市(?!级|场|州|外)|县(?!级|域)",
    "项": "目(?!标)|链",
    "名": "单|称|录|校|牌|师|企|优|誉|列|医|次|额|城|家|胜|词|义|片|著|门|茶|品|老|为|利",
    "场": "所|地|景|馆|合|次|外|内|强|面",
    "次": "序|数|日|年|要|级|生|于|第",
    "条": "件|例|款|线|码|目|链",
    "件": "数|次",
    "期": "间|限|满|内|末|刊|望|待|货|权|工程|项目|建设|投资|规划|工期",
    "批": "次|复|准|量|评|发|示|办|文|省|重|国|市|优",
    "轮": "次|换|流|训|岗|动|驱|胎|值",
    "台": "账|阶|湾|商|资|企|胞|风|州|式|次|北|海|地",
    "只": "要|有|是|能|增|减|得|需",
    "位": "数|于|置|列|居|次|移|的",
    "处": "理|于|罚|室|长|级|置|分|在|科|方",
    "点": "位|击|名|评|燃|多|面|子|亮",
    "本": "市|县|区|级|科|年|地|次|着|届|行|省|轮|底|土|部|报|领|身|公|书|质",
    "部": "门|分|署|长|委|级|省|队|位|件|属|落|市",
    "例": "如|会|外|行|证",
    "单": "位|个|项|体|元|独|一|列|品|张|产|纯|晶|细",
    "节": "能|点|约|水|目|省|日|庆|课|俭|假",
    "门": "户|槛|类|店|诊|球",
    "讲": "座|解|话|述|师|习|堂|好|政|究",
    "天": "然|津|使|地|下|空|文|气|线",
    "所": "有|在|需|属|得|以(?!上|下|内)|长|谓|能|示|列",
    "座": "谈|位|右|城",
    "间": "隔|接|断|作|伐",
    "支": "持|部|付|出|撑|行|柱|点|线|委|援|局|配|农",
    "户": "外|籍|均|口|次|用|数",
    "头": "部|等|雁|企|衔|条",
    "种": "植|子|业|类|质|苗|源|养|粮|畜|群|猪|树|田",
    "类": "别|型|似|脑|人",
    "套": "餐|利|现|种",
    "起": "草|来|步|点|到|重|飞|源|航|始|诉|势|跳|好|止|算|用|了|着|动|实|施|底|码",
    "张": "榜|贴|开|家",
    "亩": "均",
    "元": "旦|素|器|宇|件|年|首|化|月",
    "倍": "增|数|速",
    "米": "粉|线",
    "份": "额|子",
    "组": "织|建|长|成|合|团|部|件|网",
    "村": "庄|民|级|镇|两|委|集|务|屯",
    "日": "前|常|益|期|内|起|至|报|均|晚|产",
    "周": "边|期|岁|年|报|末|密|转|调|前|内|一|二|三|四|五",
    "度": "假|电",
    "笔": "记|试|者",
    "题": "库|目|材|为",
    "员": "工|会",
    "集": "中|聚|成|团|群|体|约|散|合|训",
    "款": "项",
    "块": "链",
    "层": "次|级|面",
    "股": "份|权|室|东|票",
    "团": "队|体|结|员|委|伙",
    "队": "伍|员|长",
    "幅": "度",
    "段": "时",
    "分": "别|钟|之|类|解|工|布|析|支|管|级|批|行|公|期|配|数|担|成|局|档|赛|会|中|校|院|阶|步|区|片|散|"
    "享|流|子|红|明|层|店|园|馆|所|段|头|辨|给|值|组|[一二两三四五六]",
    "站": "位|点|在|长|稳|台|次",
    "柜": "台",
    "遍": "布|及|地|野|历|访",
}
_PLAIN = [
    "人次",
    "场次",
    "家次",
    "户次",
    "件次",
    "台次",
    "车次",
    "课次",
    "轮次",
    "批次",
    "站次",
    "趟",
    "平米",
    "人年",
    "人天",
    "人日",
    "课时",
    "学时",
    "平方米",
    "平方公里",
    "立方米",
    "公里",
    "公顷",
    "吨",
    "千瓦时",
    "千瓦",
    "兆瓦",
    "千米",
    "千克",
    "公斤",
    "吨标准煤",
    "台套",
    "台/套",
    "篇",
    "册",
    "枚",
    "辆",
    "艘",
    "架",
    "株",
    "幢",
    "栋",
    "宗",
    "张",
    "颗",
    "羽",
    "尾",
    "箱",
    "瓶",
    "盒",
    "个工作日",
    "个小时",
    "个月",
    "工作日",
    "小时",
    "分钟",
    "岁",
    "周岁",
    "人/年",
    "篇次",
    "字",
    "期次",
    "组次",
    "具",
    "盏",
    "把",
    "家企业",
    "门次",
    "席",
    "间次",
    "床",
    "亿只",
    "平方千米",
    "亩次",
    "MW",
    "GW",
    "TB",
    "PB",
    "P",
    "Eflops",
    "MWh",
    "Pflops",
]

_GUARDED = {unit: f"{unit}(?!{guard})" for unit, guard in _GUARDS.items()}
_GUARDED["美元"], _GUARDED["欧元"] = "美元", "欧元"
#: Reduced list of plain units: those that are safe as printed.
_SAFE = {unit: unit.replace("(", r"\(").replace(")", r"\)") for unit in _PLAIN if unit not in {"家企业", "字", "P"}}

_ALL = _GUARDED | _SAFE
#: An alternation of all counting units, the longest first.
UNIT = branching({unit: pattern.removeprefix(unit) if unit in _GUARDED else "" for unit, pattern in _ALL.items()})
#: The first characters of all counting units.
UNIT_OPENS = frozenset(unit[0] for unit in _ALL)

#: Scales stay in front of their unit as printed: 万元, 亿元, 万人次.
SCALES = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "万": 1e4,
}

#: What an indicator is measured in when speech leaves the unit out.
IMPLIED = (
    ("%", ("率", "比重", "占比", "比例", "强度", "覆盖面", "贡献率")),
    (
        "元",
        words("额 产值 投入 余额 收入 资金 经费 贷款 投资 增加值 总值 规模 税收 成交"),
    ),
    ("家", words("企业 高企 平台 机构 孵化器 众创空间 园区 实验室 中心 载体 单位")),
    ("名", ("人才", "特派员", "经纪人", "专家", "团队")),
    ("项", ("项目", "成果", "技术", "课题")),
    ("件", ("专利", "拥有量", "授权量", "申请量")),
)


def implied_unit(indicator: str) -> str | None:
    """The unit that `indicator` is counted in, or None."""
    for unit, endings in IMPLIED:
        if indicator.endswith(endings):
            return unit
    return None


def is_money(unit: str | None) -> bool:
    """Is `unit` an amount of money (元, 万元, 亿元)?"""
    return unit is not None and unit[-1:] == "元"


PHRASES = (
    Phrase(
        "unit as printed",
        (UNIT,),
        "a number means something only with its unit; 万 and 亿 stay in the unit",
        examples(
            ("服务企业300家次", "服务企业: >= 300 家次 count"),
            ("走访高校12所以上", "走访高校: >= 12 所 count"),
            ("培训农技人员0.6万人次", "培训农技人员: >= 0.6 万人次 count"),
            ("建成孵化面积12万平方米", "孵化面积: >= 12 万平方米 increase"),
            ("技术交易额达到80亿元", "技术交易额: >= 80 亿元 level"),
            ("推广测土配方示范3万亩", "推广测土配方示范: >= 3 万亩 count"),
            ("研发人员投入达到2600人年", "研发人员投入: >= 2600 人年 level"),
            ("入网共享仪器达到150台(套)", "入网共享仪器: >= 150 台 level"),
            ("发表科普文章80篇", "发表科普文章: >= 80 篇 count"),
        ),
        pattern=True,
    ),
    Phrase(
        "no unit",
        ("人才", "家庭", "个人", "项目", "条件"),
        "a measure word inside a longer word is none",
        examples(
            ("落实十万人才计划", ""),
            ("关爱科技工作者,评选五好家庭", ""),
            ("抓好3个人大代表建议办理之外的工作", ""),
        ),
    ),
    Phrase(
        "unit left out",
        tuple(word for _, words in IMPLIED for word in words),
        "speech leaves the unit out: it is that of the indicator, and the claim is marked doubtful",
        examples(
            ("规上企业研发机构覆盖率要破六十", "规上企业研发机构覆盖率: > 60 % share"),
            ("国家科技型中小企业入库破百", "国家科技型中小企业入库: > 100 家 level"),
            ("科技贷款余额冲上五十亿", "科技贷款余额: >= 50 亿元 level"),
            ("技术合同成交额突破8000万", "技术合同成交额: > 8000 万元 level"),
        ),
    ),
)
