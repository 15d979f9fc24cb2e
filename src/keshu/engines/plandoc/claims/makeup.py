"""Numbers that tell what something is made of or how it is shared out: offices, texts, gains. Never figures of the work."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.quantities import Quantity

DISTRIBUTION = Phrase(
    "who gets what part",
    ("不低于80%用于奖励成果完成人", "从股份中提取70%"),
    "a rule of distribution, no share to be reached",
    examples(
        ("转化净收益不低于80%用于奖励成果完成人", ""),
        ("转让收入的70%以上归科研团队,其余留单位", ""),
        ("以作价投资方式转化的,可从形成的股份中提取不低于60%奖励发明人", ""),
        ("财政科技资金不低于30%用于基础研究", "财政科技资金用于基础研究: >= 30 % share"),
    ),
)
MADE_OF = Phrase(
    "what an office or a text is made of",
    ("下属事业单位1个", "内设股室4个", "共五个方面16条"),
    "structure, no figure of the work",
    examples(
        ("实绩>局机关内设科室6个,下属事业单位2家", ""),
        ("实绩>所属二级单位共3个", ""),
        ("实绩>机关行政编制18人,实有16人", ""),
        ("《措施》共六大板块22条", ""),
        ("共设六大类18条", ""),
        ("实绩>新设下属研究机构2个", "下属研究机构: = 2 个 increase actual 2023"),
    ),
)
PHRASES = (DISTRIBUTION, MADE_OF)

#: 建立百家重点企业培育清单: how long the list is to be.
_INVENTORY = re.compile(r"[\u4e00-\u9fff“”]{2,12}(?:清单|名单|名录|台账|档案)$")
_KEEPS = re.compile(r"(?:建立|完善|健全|编制|梳理|形成)$")
#: The characters that it ends in.
_KEEPS_LAST = frozenset("立善全制理成")
#: 9项三级指标中,…: how many there are to look at.
_YARDSTICKS = re.compile(r"^[\u4e00-\u9fff]{0,8}(?:指标|任务|目标|事项)(?:中|里|当中|,其中)")
_YARDSTICKS_SAID = re.compile(r"(?:考核|绩效|监测|评价)(?:指标|任务|事项)(?:共计?|合计|为)?$")
#: 兴科农机、大成食品两家企业: the number only counts the names in front of it.
_NAMES_TOLD = re.compile(r"(?:^|[,:])(?:[\u4e00-\u9fff]{2,8}、)+[\u4e00-\u9fff]{2,8}等?$")
_BODIES = ("企业", "公司", "高校", "院所", "单位")
#: 共五个方面16条: how long the text is.
_CHAPTERS = re.compile(
    r"[\d一二两三四五六七八九十]+(?:个|大|项)?(?:方面|类|板块|部分|篇章|大项|章节?)(?:、|,|共|的|计)*$"
)
#: 下属事业单位1个, 内设股室4个: what an office is made of.
_MADE_OF = re.compile(
    r"(?:下属|直属|所属|下设|下辖|内设|设有)(?:的|有)?(?:公益[一二]类|参公|正科级|副科级|事业|二级|企业|预算|职能|内设)*"
    r"(?:单位|机构|科室|股室|处室|部门|中心|站所|支部)(?:共|有|共有|计)?$"
)
#: 编制28人,实有25人: who works in the office.
_STAFFED = re.compile(
    r"(?:^|[,、()])[\u4e00-\u9fff]{0,8}?(?:编制(?:数|总数|人数)?|在编在岗(?:人员)?|在岗在编|实有|实有人员|在编(?:人员)?|在岗(?:人员)?|实有人数)(?:为|共)?$"
)
#: The characters that both end in.
_MADE_LAST = frozenset("位构室门心所部有共计制数员岗编为")
_SHARED_OUT = re.compile(
    r"(?:以上)?(?:的?(?:比例|份额|部分))?(?:,)?(?:可|应|要|须)?(?:用于|用来|作为|归|归属|分配给|奖励给?|划归)(?:对)?"
    r"(?:奖励|分配|奖酬|激励)?(?:给)?"
    r"[\u4e00-\u9fff、]{0,12}(?:完成人|贡献的?人员|科研人员|科技人员|研发团队|科研团队|项目团队|团队成员|发明人|个人)"
)
_TAKEN_FROM = re.compile(
    r"(?:从|在)[^,;]{0,16}(?:收益|股份|收入|股权|利润|出资比例)[^,;]{0,4}"
    r"(?:提取|拿出|划出)(?:不低于|不少于|至少)?$"
)


def is_made_of(quantity: Quantity, before: str, after: str) -> bool:
    """Is the number the length of a text or list (共五个方面16条), or the parts of an office (下属事业单位1个)?"""
    if before[-1:] in _KEEPS_LAST and _KEEPS.search(before) and _INVENTORY.match(after):
        return True
    if quantity.chinese and quantity.unit in ("家", "所") and after.startswith(_BODIES) and _NAMES_TOLD.search(before):
        return before.count("、") + 1 == quantity.value
    exact = not quantity.ranged and not quantity.masked and quantity.about not in ("余", "多", "几")
    if exact and quantity.unit in ("项", "个") and (_YARDSTICKS.match(after) or _YARDSTICKS_SAID.search(before)):
        return True
    if quantity.unit == "条":
        return not after and _CHAPTERS.search(before) is not None
    if quantity.unit in ("人", "名") and before[-1:] in _MADE_LAST and _STAFFED.search(before) is not None:
        return True
    return quantity.unit in ("个", "家") and before[-1:] in _MADE_LAST and _MADE_OF.search(before) is not None


def is_distributed(before: str, after: str) -> bool:
    """不低于80%用于奖励完成人, 从股份中提取不低于70%的比例: who gets what part of a gain."""
    return _SHARED_OUT.match(after) is not None or _TAKEN_FROM.search(before) is not None
