"""The clause without a number that stands in front of a nameless one: whether it opens a piece of work, and what it is about."""

from __future__ import annotations

import re

_OPENING = re.compile(
    r"^(?:分[两三]期|启动(?:建设)?|开工(?:建设)?|谋划(?:建设)?|筹建|续建|做好|抓好|支持|推动|推进|加快|(?<=加快)建设|重组|整合|组建|建强|建好|打造|对|设立|围绕|开展|完成|办好|用好|鼓励|引导|"
    r"(?:市|县|区|各级|本级)?财政(?!资金|科技|投入|支出|专项))*(?:设立)?"
)
_QUALITY = re.compile(
    r"(?:连续[\u4e00-\u9fff\d]{1,2}年)?(?:持续|稳步|不断|大幅|明显|进一步|显著|实现|稳中|"
    r"保持|两位数|高速|平稳|稳定|较快)*(?:奔着[^,]*去|只增不减|提升|增长|提高|上升|扩大|壮大|"
    r"改善|下降|攀升|偏低|偏少|偏小|偏弱|不高|不强|不足|不够|较低|较少|较慢|较弱|滞后|增强|突破|向好|增加|活跃|领先|加快|下降|最快|最高|最低|最慢|居前|靠前|要?再?往上走|再上台阶|走在前列)?$"
)
_OPENER = re.compile(
    r"(?:启动|开工|谋划|筹建|续建|加快|推进|建强|建好|打造|受理|做好|抓好|支持|推动|对(?!照|标|接)|市财政|县财政|"
    r"区财政|财政|设立|开展|办好|鼓励|引导|实施|重组|整合|组建|分[两三]期)"
)
#: 财政资金要四两拨千斤: what it is to do is no part of the name.
_MODAL = re.compile(r"(?<=[\u4e00-\u9fff]{4})(?:要|须|必须|应当|将)[\u4e00-\u9fff]{2,12}$|中$")


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
    return _OPENING.sub("", _MODAL.sub("", _QUALITY.sub("", clause)) if bare else clause)
