"""Names indicators: own words where a clause has them, the subject's words where it has not (占比, 其中省级, 同比增长)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from keshu.engines.plandoc.claims.measures import VERB
from keshu.engines.plandoc.claims.phrases import Phrase, examples, words
from keshu.engines.plandoc.claims.wording import clean_name

LEVEL = re.compile(
    r"(?=[新国省市县区州部院校厅乡镇])(?:(?:新)?(?:(?:国家|省|市|县|区|州|部|院|校|厅|乡|镇)级(?:和|及|、)?)+(?:以上|及以上)?|(?:国家|省|"
    r"市|县|区|国际|国内|省部)(?:以上|及以上)|国家(?=$)|省市县?级?(?=$)|省(?=$)|市(?=$)|县(?=$)|区(?=$))"
)
_LEVEL_ONLY = re.compile(rf"(?:{LEVEL.pattern})(?:的)?$")
#: The characters that level words begin with.
_LEVEL_OPENS = frozenset("新国省市县区州部院校厅乡镇")
_GENERIC = re.compile(
    r"(?:(?:有效期?内?|有效|累计|年度|平均|总体|整体|年均|实际|项目|在营|历年)?(?:总数|总量|总额|数量|"
    r"规模|总规模|金额|合同金额|合同额|成交额|成交金额|产值|总产值|投入强度|强度|占比|占比例|比重|比例|增速|增幅|位次|排名|名次|有效数|有效量|"
    r"有效期内?|保有量|存量|面积|余额|质量|效益|单数|户数|人数|家数|件数|项数|笔数|额度|覆盖面|贡献|营收|主营收入|收入|利润|"
    r"利税|税收|涉及金额|涉及资金|交易额|登记额|投资额|"
    r"总投资|贷款额|授信额?|放款额?|获批数|获批|立项数|经费|资金|资助经费|补助资金|签约金额|意向金额|"
    r"投资总额|融资额|数)|(?:已|实际)?到账(?:资金|金额)?|到期|(?:实际|问卷)?(?:测评|调查)(?:结果|得分)?|(?:兑[付现]|补[助贴]|奖补|贷款|放款|授信|融资|担保|拨付|结算|减免|抵扣|"
    r"退税|支持|资助|投放|认购)(?:总?金额|总额|资金总额)"
    r"|[降增涨]幅(?:较|比)[^,]{2,10}|[高多低少]于(?:去年|上年)?同期|(?:已)?公示(?:通过)?|下达|拨付(?:到位)?|[\u4e00-\u9fff]{0,3}率|其余|剩余|(?:同期|上年|上期)(?:数|值)?|(?:实际|已)?(?:支出|列支|执行)|实际(?:完成)?|实绩|完成(?:数|额|量|值|"
    r"年度?目标(?:任务)?|全年(?:目标)?任务|年度任务|目标任务|序时进度|计划)(?:的)?|年度目标(?:任务)?|"
    r"全年目标|目标(?:任务|值|数)?|全年任务|任务(?:数|量)?|计划数|(?:总)?面积|惠及(?:企业|农户|群众|人数)|覆盖(?:企业|群众|农户|人群|率|面)|"
    r"受益(?:企业|农户|群众)|带动(?:企业)?(?:投入|研发投入|投资|社会投资|社会资本|就业|农户|增收)|"
    r"撬动(?:社会|企业|金融)?(?:资本|投入|资金|研发投入)|服务(?:企业|农户|村.{0,4}|群众|人次)|"
    r"参与(?:人次|人数|群众)?|参加(?:人次|人数)?|"
    r"参训(?:人员|人次)?|落户(?:项目|企业)?|前移|进位|前进|仍?占比|(?:总数|总量|数量|总额)占[\u4e00-\u9fff]+?(?:的)?|差|尚差|相差|还差|"
    r"仍差|降幅收窄|增幅回落|上缴税收|涉及(?:企业|项目|人员|金额)|吸引(?:投资|观众|参与)?|户均|人均|亩均|村均|往?前挪|完成投资|投资|首期(?:规模)?|[一二三四]期(?:工程|项目)?|每[万千]人口?拥有量|"
    r"辐射(?:带动)?(?:企业|农户|面积)?|线上线下参与|较目标|差距|缺口|首位|落后序时进度|超(?:额|序时|目标).{0,6}|落后.{0,8}|尚差|还差|"
    r"距.{0,6}|(?:目标|任务)(?:任务|数)?相差|(?:总)?(?:建筑|占地|规划|用地)面积|新增(?:数|量)?|增量|净增量|增加值|贡献率|增长率|投资强度|面积达)$"
)
#: The characters that it ends in, and those that open a name which it lets end in any.
_GENERIC_LAST = frozenset(
    "与业众位余例信值入内出划加务动口名后员均增射差幅年度引成户批挪支收数时期本村标模次款比润献率的益目积移程税窄绩群落行训费资距达进速重量金际面额账评查果分示过付\n"
)
_GENERIC_OPENS = frozenset("超落距服总数降增涨")
_RELATION = re.compile(
    r"^(?:占|对(?!接|外|口|标)|较|比(?!重|例|赛)|居|列(?!入|车)|位居|相当于|(?:是|为)(?=全[国省市]|标杆|同期|上年|去年|先进|同类))"
)
#: The characters that it begins with.
_RELATION_OPENS = frozenset("占对较比居列位相是为")
_ENTERING = words("进入 入选 获 通过 列入 纳入 跻身 上市 成为 来自 落在 用于 集中在")
_CORE_TAIL = re.compile(
    r"(?:的)?(?:(?:年度|评价|首次|到期|区外|市外|县外|重新|新|复审|信息库)*(?:入库(?:企业)?|认定|申报|登记|备案|投放|发放|"
    r"兑现|新增|净增|复审|通过|授权|申请|"
    r"签订|建成|毕业|提交|获批|立项|培育|引进|签约|迁入)(?:数量?|总数)?|累计完成工程量|总数|总量|总额|总计|"
    r"数量|累计数?|人?数|占比|比重|年度|保有量|"
    r"拥有量(?=$)|实有)$"
)
_OF_TARGET = re.compile(
    r"^(?:完成|占|实现)?(?:了)?(?:全年|年度|既定|预期|年初)?(?:目标|任务|计划)(?:任务)?(?:数|量|的)?"
)
_INNER_VERB = re.compile(r"(?:集聚|汇聚|拥有|引进|培育|入驻|带动|吸引)(?=[\u4e00-\u9fff]{3})")
#: 特派员奔走在田间, 群众用上新技术: what the counted ones do.
_DEEDS = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:[种走](?:出|上)(?!去的)|[用吃住过]上|奔走|奔波|活跃|扎根|奋战|穿梭)")
#: 按期办结率100%、满意率98%: a rate is no owner of a rate.
_OTHER_RATE = re.compile(
    r"(?:按期|按时|及时|平均|项目)?(?:办结|满意|通过|合格|验收|存活|毕业|兑现|入驻|回访|完成|达标|知晓)率$"
)
_MARK = re.compile("[、,。;:]")
_RATIOS = ("占比", "比重", "比例")
_JUST_DONE = re.compile(r"(?<=[\u4e00-\u9fff]{3})新(?:获批|认定|增|建|引进|签约)$")
_GAPS = ("尚差", "还差", "仍差", "相差", "差距", "缺口")
#: 到账率 is that of the sum named in full (签约合同额到账率).
_ARRIVED = ("到账率", "到位率")
#: 新增产值10亿元、税收6000万元: gains of one kind stand side by side.
_YIELDS = ("产值", "税收", "利润", "利税", "营收", "主营收入", "销售收入")
_COVERING = re.compile(r"(?<=[\u4e00-\u9fff]{2})[“\"]?全(?:面|部)?覆盖[”\"]?$")
_PAID_SUM = re.compile(r"(?!总|合同|签约|成交|登记|交易)[\u4e00-\u9fff]{2}(?:总?金额|总额|资金总额)")
#: Rates of a house, never of those who live in it.
_OF_PLACES = frozenset(["入驻率", "出租率", "空置率", "去化率"])
_SUM = re.compile(r"(?:(?:累计|当年)?(?:放款|放贷|投放)|面积|(?:加权)?平均利率|利率|余额|金额|总额|额度|规模|数量|数)$")


@dataclass(slots=True, eq=False)
class Subject:
    """What a sentence is talking of: the verb in charge and the noun, and ``core``, the noun that later clauses inherit.

    Few subjects are inherited from, so the core is worked out when it is asked for, unless it was given (``known``).
    """

    verb: str
    text: str
    known: str | None = None
    total: bool = False

    @property
    def core(self) -> str:
        if self.known is None:
            self.known = core_of(self.text, self.verb)
        return self.known

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Subject):
            return NotImplemented
        return (self.verb, self.text, self.total, self.core) == (other.verb, other.text, other.total, other.core)

    __hash__ = None  # type: ignore[assignment]


def subject_of(name: str, verb: str, *, total: bool = False) -> Subject:
    """The subject that a clause leaves behind for the next one."""
    return Subject(verb, name, None, total)


#: The characters that such a tail ends in.
_CORE_LAST = frozenset("库业定报记案放现增审过权请订成交批项育进约入量数额计比重度有\n")


@lru_cache(maxsize=256)
def core_of(name: str, verb: str) -> str:
    """The bare noun of a name: no verb, no level word, no trailing act (技术合同登记额 stays a noun)."""
    noun = name[len(verb) :] if verb and name.startswith(verb) and len(name) > len(verb) + 1 else name
    if not verb and (inner := inner_verb(noun)):
        noun = noun[inner:]
    level = LEVEL.match(noun)
    if level and level.end() < len(noun):
        noun = noun[level.end() :]
    for _ in range(2):
        if noun[-1:] not in _CORE_LAST:
            break
        shorter = _CORE_TAIL.sub("", noun)
        if len(shorter) >= 2:
            noun = shorter
    return noun


def inner_verb(noun: str) -> int:
    """Where the object starts in subject-verb-object names (研究院集聚科研团队)."""
    match = _INNER_VERB.search(noun)
    return match.end() if match and match.start() >= 2 else 0


@lru_cache(maxsize=256)
def is_generic(name: str) -> bool:
    """Does the name say nothing without a subject (总量, 占比, 不良率)?"""
    last = name[-1:] in _GENERIC_LAST or name[:1] in _GENERIC_OPENS
    return (last and _GENERIC.match(name) is not None) or (
        name[:1] in _RELATION_OPENS and _RELATION.match(name) is not None
    )


def level_only(name: str, verb: str) -> str:
    """The level word when the name is no more than that (备案省级), else ""."""
    rest = name[len(verb) :] if verb and name.startswith(verb) else name
    return rest if rest[:1] in _LEVEL_OPENS and _LEVEL_ONLY.match(rest) else ""


def merge(head: str, tail: str) -> str:
    """Put two words together without saying a shared part twice: 研发投入 + 投入强度."""
    if tail in _RATIOS and head.endswith(_RATIOS):
        return head
    for size in range(min(len(head), len(tail)), 1, -1):
        if head.endswith(tail[:size]):
            return head + tail[size:]
    return tail if head and head in tail else head + tail


def of_subject(name: str, subject: Subject, *, verb_only: bool) -> str:
    """The full name of a clause that names nothing by itself."""
    if verb_only:
        whole = name in ("重新认定", "首次认定", "复审", "复审通过")
        return merge(
            subject.text.removeprefix(subject.verb) or subject.core if whole else subject.core.removesuffix("完成率"),
            name,
        )
    if name.startswith(("撬动", "带动", "惠及", "支持")) and subject.core.endswith(("规模", "总规模")):
        return merge(subject.core.removesuffix("规模").removesuffix("总"), name)
    if name in _YIELDS and (last := next((word for word in _YIELDS if subject.text.endswith(word)), "")):
        return subject.text.removesuffix(last) + name
    if name.endswith(_GAPS):
        return merge(_JUST_DONE.sub("", subject.text.removeprefix(subject.verb)) or subject.core, name)
    if name in _OF_PLACES and subject.core.endswith(("企业", "团队", "项目", "机构")):
        return name
    if name.startswith(("每万人", "每千人")) and name.endswith("拥有量"):
        return name.removesuffix("拥有量") + subject.core.removesuffix("拥有量") + "拥有量"
    if name in ("增速", "增幅") and "占" in subject.text:
        return merge(subject.core.partition("占")[0] or subject.core, name)
    if name in _ARRIVED and subject.text.endswith(("额", "资金", "投资")):
        return merge(subject.text, name)
    if name == "剩余" or name.startswith(("是上年", "是去年", "为上年", "为去年")):
        return subject.core
    if name.startswith(("辐射", "带动")) and subject.core.endswith(("技术", "品种", "成果", "产值", "收入")):
        return name
    if name.endswith("率"):
        core = _SUM.sub("", subject.core.partition("较")[0] or subject.core).removeprefix("户均")
        return merge(_OTHER_RATE.sub("", core) or core, name)
    if _OF_TARGET.match(name):
        return merge(subject.core, name.rstrip("的"))
    if name.startswith(("占", "对", "相当于")):
        base = (
            subject.text[len(subject.verb) :]
            if subject.verb and subject.text.startswith(subject.verb)
            else subject.text
        )
        tail = name.rstrip("的")
        return merge(
            base or subject.core,
            tail if tail.endswith(("比重", "比例", "占比", "率", "份额")) or name.startswith("对") else tail + "比重",
        )
    return merge(subject.core, name)


def noun_after(after: str) -> str:
    """The noun behind a number (10家以上高校院所建立联系), trimmed; what they do is no part of it (群众种出好粮)."""
    text = _DEEDS.split(_MARK.split(after, 1)[0], 1)[0]
    text = _COVERING.sub("", text) if "覆盖" in text else text
    return clean_name(text.replace("的", "", 1) if text.startswith("的") else text)[:28]


def is_verb_only(name: str, verb: str) -> bool:
    return bool(verb) and (name == verb or name in (verb + "数", verb + "量"))


def inside_verb(after: str) -> str:
    """The first verb of the words behind a number (研究院入选省级名单)."""
    match = re.search(
        r"入选|获评|获批|进入|建立|建成|完成|开展|承担|申报|达到|通过|联合|参与|共建|合作|设立|成立|上市|"
        r"接入|上云|转化|攻关",
        after,
    )
    return match[0] if match else ""


def names_sum(name: str, subject: Subject | None) -> bool:
    """兑现金额 stands alone where the sentence has no short subject to put in front of it."""
    return _PAID_SUM.fullmatch(name) is not None and (subject is None or len(subject.core) > 4)


def starts_with_verb(text: str) -> bool:
    return VERB.match(text) is not None or text.startswith(_ENTERING)


PHRASES = (
    Phrase(
        "own words",
        ("新增省级平台3家",),
        "the clause's own words name the indicator; 达到, 力争, 全市 fall away",
        examples(
            ("力争全市高新技术产业投资达到60亿元", "高新技术产业投资: >= 60 亿元 level stretch"),
            ("成果科要确保技术合同登记额达到27亿元", "技术合同登记额: >= 27 亿元 level"),
            ("平台科要在10月底前新增市级平台8家", "市级平台: >= 8 家 increase 2024-10"),
            ("依托产业研究院新建中试基地2个", "中试基地: >= 2 个 increase"),
        ),
    ),
    Phrase(
        "其中",
        ("其中", "其中省级"),
        "part of the first claim: its own entry, its noun, never added up",
        examples(
            ("建成平台12家,其中国家级1家", "建成平台: >= 12 家 increase | 建成国家级平台: >= 1 家 increase"),
            (
                "技术合同成交额10亿元,其中吸纳4亿元、输出6亿元",
                "技术合同成交额: >= 10 亿元 level | 技术合同成交额吸纳: >= 4 亿元 level |"
                " 技术合同成交额输出: >= 6 亿元 level",
            ),
            ("新认定高企40家,其中首次认定18家", "新认定高企: >= 40 家 increase | 高企首次认定: >= 18 家 increase"),
        ),
    ),
    Phrase(
        "brackets",
        ("(省级5家,市级13家)", "(累计达60家)"),
        "entries of their own, with the noun in front of the bracket",
        examples(
            (
                "实绩>全区在孵空间18家(省级5家,市级13家)",
                "在孵空间: = 18 家 level actual 2023 | 省级在孵空间: = 5 家 level actual 2023 |"
                " 市级在孵空间: = 13 家 level actual 2023",
            ),
            (
                "新增科技型中小企业80家(累计达600家)",
                "科技型中小企业: >= 80 家 increase | 科技型中小企业累计: >= 600 家 cumulative",
            ),
        ),
    ),
    Phrase(
        "shared noun",
        ("省级中心2家、市级5家",),
        "the second is its level word with the noun of the first",
        examples(("新建省级工程中心2家、市级5家", "省级工程中心: >= 2 家 increase | 市级工程中心: >= 5 家 increase")),
    ),
    Phrase(
        "shared verb",
        ("众创空间3家、孵化器2家",),
        "the verb reaches over 、 to the next noun",
        examples(
            ("新增众创空间3家、孵化器2家", "众创空间: >= 3 家 increase | 孵化器: >= 2 家 increase"),
            ("推广新品种15个、新技术8项", "新品种: >= 15 个 count | 新技术: >= 8 项 count"),
        ),
    ),
    Phrase(
        "verb with two objects",
        ("发布需求120项、达成合作40项",),
        "second verb, second indicator",
        examples(("发布需求120项、达成合作40项", "发布需求: >= 120 项 count | 达成合作: >= 40 项 count")),
    ),
    Phrase(
        "trailing clause",
        ("同比增长9%", "占GDP比重2.6%", "列全市第二"),
        "inherits the subject of its sentence",
        examples(
            (
                "实绩>研发投入28亿元,同比增长9%,占GDP比重2.6%,列全市第二",
                "研发投入: = 28 亿元 level actual 2023 | 研发投入: = 9 % growth_rate actual 2023 | "
                "研发投入占GDP比重: = 2.6 % share actual 2023 | 研发投入占GDP比重全市位次: = 2 位 rank actual 2023",
            ),
            (
                "实绩>受理咨询件90件,按期办结率100%、满意率98%",
                "受理咨询件: = 90 件 count actual 2023 | 咨询件按期办结率: all 100 % share actual 2023 | "
                "咨询件满意率: = 98 % share actual 2023",
            ),
            (
                "实绩>研发投入6亿元,占GDP比重1.6%,增速高于全市平均3个百分点",
                "研发投入: = 6 亿元 level actual 2023 | 研发投入占GDP比重: = 1.6 % share actual 2023 | "
                "研发投入增速: = 3 百分点 increase actual 2023",
            ),
            (
                "实绩>财政科技支出5亿元,占比3.2%,增速9%",
                "财政科技支出: = 5 亿元 level actual 2023 | 财政科技支出占比: = 3.2 % share actual 2023 | "
                "财政科技支出增速: = 9 % growth_rate actual 2023",
            ),
            ("有效高企达90家,占规上企业的三成", "有效高企: >= 90 家 level | 有效高企占规上企业比重: >= 30 % share"),
        ),
    ),
    Phrase(
        "per X",
        ("每万人…件", "户均", "亩均", "人均", "元/人"),
        "the base is `per` and part of the name",
        examples(
            ("每万人口高价值发明专利拥有量达到5件", "每万人口高价值发明专利拥有量: >= 5 件 level"),
            ("示范户户均增收1200元", "示范户户均增收: >= 1200 元 increase"),
            ("万人发明专利拥有量达到8.2件/万人", "万人发明专利拥有量: >= 8.2 件 level"),
            ("人均产值达到80万元/人", "人均产值: >= 80 万元 level"),
            ("每万名就业人员研发人员达到60人年", "每万名就业人员研发人员: >= 60 人年 level"),
        ),
    ),
    Phrase(
        "each",
        ("每家至少牵头1个", "每个村有1名"),
        "per unit; no total is computed",
        examples(
            ("每家企业至少牵头1个攻关项目", "企业牵头攻关项目: >= 1 个 count"),
            ("每个行政村有1名科技特派员", "每个行政村科技特派员: >= 1 名 level"),
            ("每个乡镇都有1个科普基地", "每个乡镇科普基地: >= 1 个 level"),
            ("每千名劳动力拥有科技特派员1.2名", "每千名劳动力拥有科技特派员: >= 1.2 名 level"),
        ),
    ),
    Phrase(
        "of the same kind again",
        ("新增省级平台3家,重新认定5家", "完成首批3家认定", "县级、市级各2个", "到账2800万元"),
        "acts, levels and sums take the noun from the clause in front",
        examples(
            ("新增省级平台3家,重新认定5家", "省级平台: >= 3 家 increase | 省级平台重新认定: >= 5 家 count"),
            (
                "遴选科技领军后备企业5家,上半年完成首批3家认定",
                "科技领军后备企业: >= 5 家 count | 科技领军后备企业认定: >= 3 家 level 2024-H1",
            ),
            ("建设星创天地,县级、市级各2个", "县级、市级星创天地: >= 2 个 level"),
            (
                "实绩>研究院新签横向课题36项,合同金额4200万元,到账2800万元",
                "研究院新签横向课题: = 36 项 level actual 2023 | 研究院新签横向课题合同金额: = 4200 万元 level actual 2023 | "
                "研究院新签横向课题到账: = 2800 万元 level actual 2023",
            ),
            ("到期企业复审≥78家", "到期企业复审: >= 78 家 count"),
            ("新增科技信贷2.5亿元", "新增科技信贷: >= 2.5 亿元 increase"),
        ),
    ),
    Phrase(
        "from A to B",
        ("由A增至B",),
        "B is the value, A an actual of the start",
        examples(
            (
                "规划>高新技术企业由12家增至30家",
                "高新技术企业: = 12 家 level actual - | 高新技术企业: >= 30 家 level 2025",
            ),
        ),
    ),
    Phrase(
        "noun after the number",
        ("与10家以上高校院所建立联系",),
        "the words behind the number name it where none stand before",
        examples(
            ("支持20家以上企业联合高校申报项目", "企业联合高校申报项目: >= 20 家 count"),
            ("举办1场以上专题对接会", "专题对接会: >= 1 场 count"),
        ),
    ),
)

__all__ = words(
    "PHRASES Subject core_of is_generic is_verb_only leading_verb level_only merge noun_after "
    "of_subject inner_verb starts_with_verb subject_of"
)
