"""The clause without a number that stands in front of a nameless one: whether it opens a piece of work, and what it is about."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.phrases import Phrase, examples

STATE = Phrase(
    "how far a work has come",
    ("创新中心主体封顶,累计完成投资2.3亿元", "资金拨付进度偏慢,拨付率仅为68%"),
    "the clause in front names the figure: a work and its state, or a figure and how it does",
    examples(
        (
            "实绩>量子创新中心主体封顶,完成投资2.3亿元,占总投资的六成",
            "量子创新中心投资: = 2.3 亿元 level actual 2023 | 量子创新中心占总投资比重: = 60 % share actual 2023",
        ),
        ("加计扣除应享尽享,惠及企业2600户以上", "加计扣除惠及企业: >= 2600 户 count"),
        ("实绩>项目资金拨付进度偏慢,拨付率仅为68%", "项目资金拨付率: = 68 % share actual 2023"),
        (
            "实绩>科技服务业增速放缓,距全年10%的目标还有4.9个百分点的差距",
            "科技服务业: >= 10 % share 2023 | 科技服务业: = 4.9 百分点 increase actual 2023",
        ),
        ("落实加计扣除政策,惠及企业2000家以上", "加计扣除政策惠及企业: >= 2000 家 count"),
    ),
)
PHRASES = (STATE,)

_OPENING = re.compile(
    r"^(?:建设|新建|布局|争创|分[两三]期|启动(?:建设)?|开工(?:建设)?|谋划(?:建设)?|筹建|续建|做好|抓好|支持|推动|推进|加快|(?<=加快)建设|重组|整合|组建|建强|建好|打造|对|设立|围绕|开展|完成|办好|用好|鼓励|引导|"
    r"(?:市|县|区|各级|本级)?财政(?!资金|科技|投入|支出|专项))*(?:设立)?"
)
_QUALITY = re.compile(
    r"(?:连续[\u4e00-\u9fff\d]{1,2}年)?(?:持续|稳步|不断|大幅|明显|进一步|显著|实现|稳中|"
    r"保持|两位数|高速|平稳|稳定|较快)*(?:奔着[^,]*去|只增不减|提升|增长|提高|上升|扩大|壮大|"
    r"改善|下降|攀升|偏低|偏少|偏小|偏弱|不高|不强|不足|不够|较低|较少|较慢|较弱|滞后|增强|突破|向好|增加|活跃|领先|加快|下降|最快|最高|最低|最慢|居前|靠前|要?再?往上走|再上台阶|走在前列)?$"
)
_OPENER = re.compile(
    r"(?:建设|新建|布局|争创|启动|开工|谋划|筹建|续建|加快|推进|建强|建好|打造|受理|做好|抓好|支持|推动|对(?!照|标|接)|市财政|县财政|"
    r"区财政|财政|设立|开展|办好|鼓励|引导|实施|落实(?!率|情况|数)|兑现(?!率|金额|资金|数)|执行(?!率|数|情况)|重组|整合|组建|分[两三]期)"
)
#: 财政资金要四两拨千斤: what it is to do is no part of the name.
_MODAL = re.compile(r"(?<=[\u4e00-\u9fff]{4})(?:要|须|必须|应当|将)[\u4e00-\u9fff]{2,12}$|中$")

#: 创新中心主体封顶,累计完成投资2亿元; 资金拨付偏慢,拨付率仅68%: how far a work has come, or how a figure does.
_STATE = re.compile(
    r"(?:项目|工程|[一二三四]期)?(?:正|已|全面|顺利|正式|基本|如期|率先|提前|工作|仍)*(?:主体(?:工程|结构)?(?:完工|封顶|竣工|施工)|封顶|完工|竣工|"
    r"应享尽享|应兑尽兑|开工(?:建设)?|动工|奠基|投用|投入(?:使用|运营|运行)|投产|揭牌|落成|启用|试运行|(?:顺利|加快|有序|稳步|全面)(?:推进|建设|实施)|进展顺利|"
    r"(?:进度|增速|增幅|增势|步伐)?(?:仍|依然|明显|较为|持续)?(?:放缓|趋缓|回落|偏慢|较慢|缓慢|滞后|不够?快|不够?高|不理想|偏低|加快|回升))$"
)

#: 在建设国家级平台上实现零的突破
_WHEREIN = re.compile(r"在(?P<what>[^,、]{4,24}?)(?:上|中|方面|领域)$")

#: The characters that it ends in.
_STATE_LAST = frozenset("享兑工顶竣设动奠基用营行产牌落成启进施展缓落慢后快高想低升")


def tells_state(clause: str) -> bool:
    """Does the clause say how far a work has come (创新中心主体封顶) or how a figure does (拨付进度偏慢)?"""
    match = _STATE.search(clause) if clause[-1:] in _STATE_LAST else None
    return match is not None and match.start() >= 2


def wherein(name: str) -> str:
    """What a breakthrough is made in (在…上实现零的突破); "" where it is not put so.

    Examples
    --------
    >>> wherein("在建设国家级平台上"), wherein("国家级平台")
    ('国家级平台', '')
    """
    match = _WHEREIN.match(name)
    return _OPENING.sub("", match["what"]) if match else ""


def opens_work(clause: str) -> bool:
    """Does the clause open a piece of work, of which the next may tell a figure (加快创新中心建设,完成投资2亿元)?"""
    return _OPENER.match(clause) is not None


def topic_of(clause: str, *, bare: bool) -> str:
    """What it is about: without the light verbs that open it and, before a ``bare`` number, how well it went.

    Examples
    --------
    >>> topic_of("技术合同成交额稳步增长", bare=True), topic_of("启动建设育种创新中心", bare=False)
    ('技术合同成交额', '育种创新中心')
    """
    clause = _STATE.sub("", clause) if tells_state(clause) else clause
    return _OPENING.sub("", _MODAL.sub("", _QUALITY.sub("", clause)) if bare else clause)
