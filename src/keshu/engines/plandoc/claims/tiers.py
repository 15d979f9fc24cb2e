"""Words that say how firm a goal is, and words that say a figure is behind us or before us."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.phrases import Phrase, examples, longest_first
from keshu.engines.plandoc.document import Tense, Tier

STRETCH = Phrase(
    "strive for",
    (
        "力争",
        "争取",
        "争创",
        "努力",
        "冲刺",
        "力求",
        "奋力",
        "争",
        "挑战目标",
        "奋斗目标",
        "最好能",
        "最好要",
        "最好达到",
    ),
    "the number is the ambitious tier, up to the next firm word",
    examples(
        ("争取获省级奖励2项", "省级奖励: >= 2 项 count stretch"),
        ("有效高企力争达到120家", "有效高企: >= 120 家 level stretch"),
        ("争创省级技术创新中心1家", "省级技术创新中心: >= 1 家 increase stretch"),
        (
            "研发投入强度要确保2.65%,往2.7%上冲",
            "研发投入强度: >= 2.65 % share | 研发投入强度: >= 2.7 % share stretch",
        ),
        (
            "研发机构覆盖率在一半左右,最好能到55%",
            "研发机构覆盖率: ~ 50 % share | 研发机构覆盖率: >= 55 % share stretch",
        ),
        ("高企数保底目标30家,奋斗目标33家", "高企: >= 30 家 level | 高企: >= 33 家 level stretch"),
        ("高企总数努力突破200家", "高企总数: > 200 家 cumulative stretch"),
        ("力争2家研究院入选省级名单", "研究院入选省级名单: >= 2 家 count stretch"),
    ),
)
FIRM = Phrase(
    "make sure of",
    ("确保", "务必", "必须", "保底", "保证", "底线目标", "预期目标"),
    "the number is the base tier; with 力争 behind it two claims",
    examples(
        ("研发投入强度确保2.1%、力争2.3%", "研发投入强度: >= 2.1 % share | 研发投入强度: >= 2.3 % share stretch"),
        ("新增高新技术企业五家,力争七家", "高新技术企业: >= 5 家 increase | 高新技术企业: >= 7 家 increase stretch"),
        (
            "高新技术企业确保净增180家,力争净增220家,有效数达到1650家",
            "高新技术企业净增: >= 180 家 increase | 高新技术企业净增: >= 220 家 increase stretch | "
            "高新技术企业有效数: >= 1650 家 level",
        ),
        (
            "技术合同成交额确保突破30亿元、冲刺35亿元",
            "技术合同成交额: > 30 亿元 level | 技术合同成交额: >= 35 亿元 level stretch",
        ),
        ("确保新增省级平台3家", "省级平台: >= 3 家 increase"),
    ),
)
SCOPE = Phrase(
    "how far 力争 reaches",
    ("力争A,B", "力争A、B"),
    "items without a verb of their own stay in its reach; a clause with its own verb is base again, in doubt",
    examples(
        (
            "力争到2026年,有效高企达到150家,研发投入强度达到2.5%",
            "有效高企: >= 150 家 level stretch 2026 | 研发投入强度: >= 2.5 % share stretch 2026",
        ),
        ("力争新增省级平台3家、市级6家", "省级平台: >= 3 家 increase stretch | 市级平台: >= 6 家 increase stretch"),
        (
            "力争有效高企达到90家,科技型中小企业达到200家",
            "有效高企: >= 90 家 level stretch | 科技型中小企业: >= 200 家 level",
        ),
    ),
)
ACHIEVED = Phrase(
    "achieved",
    ("截至", "截止", "目前", "今年以来", "现有", "已", "去年", "上年末"),
    "in a plan these words turn the figure into an actual one",
    examples(
        ("目前有效高企86家,力争年底突破100家", "有效高企: = 86 家 level actual - | 有效高企: > 100 家 level stretch"),
        ("截至2023年底,全市有效高企已达410家", "有效高企: = 410 家 level actual 2023"),
        ("去年全市技术合同成交额达到31亿元", "技术合同成交额: = 31 亿元 level actual 2023"),
        (
            "截至目前,有效高企126家,其中规上企业68家",
            "有效高企: = 126 家 level actual - | 规上企业有效高企: = 68 家 level actual -",
        ),
        ("今年以来,登记技术合同320份", "登记技术合同: = 320 份 count actual"),
    ),
)
SHORT = Phrase(
    "short of it",
    ("仅有", "只占", "还不到", "仍有", "偏低", "没有"),
    "words of a shortcoming: in a plan they turn the figure into an actual one",
    examples(
        ("规上工业企业有研发活动的占比只有31%", "规上工业企业有研发活动的占比: = 31 % share actual -"),
        ("研发机构建有率还不到三成", "研发机构建有率: <= 30 % share actual -"),
        ("至今仍有9个签约项目没有落地", "签约项目没有落地: = 9 个 level actual -"),
        ("五成多的规上企业没有研发机构", "规上企业没有研发机构: > 50 % share actual -"),
    ),
)
AIMED = Phrase(
    "aimed at",
    ("力争", "确保", "计划", "目标", "到…年", "下一步"),
    "in a summary these words turn the figure into a goal",
    examples(
        (
            "实绩>技术合同成交额年度目标40亿元,实际完成42亿元",
            "技术合同成交额: >= 40 亿元 level 2023 | 技术合同成交额: = 42 亿元 level actual 2023",
        ),
        ("实绩>力争年底有效高企突破100家", "有效高企: > 100 家 level stretch 2023"),
        (
            "实绩>技术合同成交额34亿元,完成年度目标(40亿元)的85%",
            "技术合同成交额: = 34 亿元 level actual 2023 | 技术合同成交额: >= 40 亿元 level 2023 |"
            " 技术合同成交额完成率: = 85 % share actual 2023",
        ),
    ),
)
GAP = Phrase(
    "gap or surplus",
    ("尚差", "缺口", "落后", "超额", "超目标"),
    "its own indicator, never the value of the indicator itself",
    examples(
        (
            "实绩>发明专利授权完成46件,距目标尚差4件",
            "发明专利授权: = 46 件 count actual 2023 | 发明专利授权差距: = 4 件 level actual 2023",
        ),
        ("实绩>技术合同成交额落后序时进度2个百分点", "技术合同成交额落后序时进度: = 2 百分点 increase actual 2023"),
    ),
)

#: 力争到2025年,… reaches over the whole sentence.
TIER_OPENS = re.compile(r"(?:力争|争取|努力|奋力)(?:到|用|在|通过|经过)?[^,。;]{0,12}(?:年底?|末|时间|努力),")
TIERS: dict[str, Tier] = dict.fromkeys(STRETCH.words, Tier.STRETCH) | dict.fromkeys(FIRM.words, Tier.BASE)
del TIERS["争"]
TIER = re.compile(longest_first(TIERS))

ACTUAL_CUE = re.compile(
    r"截[至止]|目前|今年以来|现有(?!基础|资源|平台|[\d一二三四五六七八九十百]+[家个项所名])|现已|已(?!经?到期|知)|去年(?<![较比同与]去年)|"
    r"实际(?:完成|达到|到位|新增)(?![率数])|上年(?<![较比同与付现放]上年)(?!度?(?:相比|同期|增|提|水平))|上年末|历史|此前|过去|"
    r"仅仅?(?:有|为|占|达|完成|引进|实现|相当于)|只(?:有|为|占|达|完成|引进|实现|相当于)|还(?:不到|不足|没有|没|未|无|有)|"
    r"尚(?:不到|不足|没有|没|未|无|有)|仍(?:不到|不足|没有|没|未|无|有)|至今(?:不到|不足|没有|没|未|无|有)|偏[低少弱小慢]|才(?<=[的率数量额度]才)$"
)
TARGET_CUE = re.compile(
    r"力争|争取(?=到20|达到|实现|年底|年内|突破|完成|新|再|在|零|破|获|实)|确保|冲刺|下一步|下半年(?:要|力|计|将)|明年|计划(?=[\u4e00-\u9fff]{0,3}\d)|计划(?=[新建引培选举开完组发征])(?<![^年原,;]计划)|拟(?=[新建开投])"
)
_AIM = re.compile(
    r"(?P<of>完成|超额?|超出|占|距离?|落后|提前|好于|快于|实现|达到|为)?(?:了)?(?:全年|年度|既定|预期|"
    r"年初|工作|考核)?(?:目标任务|预期目标|"
    r"目标|任务)(?:数|值)?(?P<is>为|是|:)?(?P<rest>[\u4e00-\u9fff]{0,10})$"
)
_STILL_SHORT = ("尚", "相差", "仍有", "还有", "还差", "还缺", "仍差", "仍缺", "差", "缺", "短缺")
#: 计划培训600人次,实际培训635人次: 计划 opens its own clause, whatever was done before.
_PLANNED = re.compile(r"(?:全年|年度|年初|原)?计划(?=[新建引培选举开完组发征])")
_DONE = re.compile(r"完成情况|实际|实绩|截至|已|结果")
#: What a sentence must hold for any word of it to set a tense, an aim or a gap; without, its place decides.
CUES = re.compile(
    "完成情况|实际|实绩|截[至止]|已|结果|目前|今年以来|现有|去年|上年|历史|此前|过去|力争|争取|确保|冲刺|下一步|下半年|"
    "明年|计划|拟|目标|任务|要求|差|短缺|缺|落后|滞后|超额|超前|超序时|欠|仅|只|还|尚|仍|至今|偏|才|没|未|无|眼下|当前|现阶段"
)
#: What 任务是 and 完成情况 set holds until the other comes.
SETTING = re.compile(r"目标[是为:]|任务[是为:]|要求(?:[是为:]|(?=[新建引培选举开完]))|完成情况|实际完成|实际")
#: 截至目前,… opens a sentence of results, whatever the place.
SO_FAR = re.compile(r"(?:截[至止])?(?:目前|当前|现阶段|眼下)(?:为止)?,|截[至止](?:日前|发稿)")
#: Words that make the figure behind them a gap or a surplus.
GAP_CUE = re.compile(
    r"(?:尚差|还差|相差|差距|短缺|缺口|落后|滞后|超额(?:完成)?|超目标|超序时|超前|仍差|欠)[\u4e00-\u9fff]{0,10}$"
)


def pushes(after: str) -> bool:
    """往2.7%上冲: the words behind the number raise it to an ambition."""
    return after.startswith(("上冲", "上拼", "上奔", "上够", "冲刺", "的目标冲", "目标冲", "奋进", "上攀"))


def aims(words: str) -> Tense | None:
    """The tense that 目标, 任务是 or 完成情况 set, or None where neither stands before the number.

    Examples
    --------
    >>> aims("任务是净增"), aims("完成情况:净增"), aims("完成年度目标的")
    (<Tense.TARGET: 'target'>, <Tense.ACTUAL: 'actual'>, None)
    """
    if _DONE.search(words) is not None:
        return Tense.ACTUAL
    match = _AIM.search(words) if "目标" in words or "任务" in words else None
    if match is None or match["rest"].startswith(("的", "完成")):
        return None
    if match["rest"].startswith(_STILL_SHORT):
        return Tense.ACTUAL
    return Tense.TARGET if not match["rest"] or match["of"] in (None, "为") else None


def tense_of(words: str, *, place: Tense, aim: Tense | None) -> Tense:
    """The tense of a clause (`words`, up to its number) in a place of tense `place`; ``aim`` is what 目标 or 任务是 set."""
    if place is Tense.TARGET:
        return Tense.ACTUAL if ACTUAL_CUE.search(words) and not TARGET_CUE.search(words) else Tense.TARGET
    if aim is not None and not (aim is Tense.ACTUAL and _PLANNED.match(words)):
        return aim
    return Tense.TARGET if TARGET_CUE.search(words) else Tense.ACTUAL


PHRASES = (STRETCH, FIRM, SCOPE, ACHIEVED, SHORT, AIMED, GAP)
