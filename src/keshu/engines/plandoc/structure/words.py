"""The words by which a heading says what stands under it. One entry per sense, each with an example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from keshu.engines.plandoc.document import Tense
from keshu.engines.plandoc.passage import Role


@dataclass(frozen=True, slots=True)
class HeadingSense:
    """What a heading that matches `pattern` says of its section. A None leaves what the place above says."""

    pattern: re.Pattern[str]
    role: Role | None
    tense: Tense | None
    meaning: str
    example: str


def _sense(pattern: str, role: Role | None, tense: Tense | None, meaning: str, example: str) -> HeadingSense:
    return HeadingSense(re.compile(pattern), role, tense, meaning, example)


_NEXT = r"下一?(?:步|阶段)|今后|未来|来年|明年|下年度?"
_VIEW = r"打算|思路|计划|安排|谋划|设想|部署|要点|展望|考虑"

# The first entry that matches wins, so the particular stand before the general.
SENSES: tuple[HeadingSense, ...] = (
    _sense(
        r"(?:问题|不足|差距|短板|困难)[^,。]{0,6}[及和与][^,。]{0,6}(?:下一?步|下一?阶段|打算|思路"
        r"|计划|安排|努力方向|改进)",
        Role.TASK,
        Tense.TARGET,
        "problems and what comes next: the numbered items under it look ahead",
        "三、存在问题及下一步打算",
    ),
    _sense(
        r"(?:目标|指标|任务|计划|工作|要点|规划|责任|项目|政策)[^,。]{0,8}?(?:完成|落实|执行|进展"
        r"|推进|运行|开展)的?(?:主要)?(?:情况|进度)"
        r"|(?:完成|进展|落实|执行|运行|实施|基本|工作|总体|整体)情况(?:[和与及][^,。]{2,10}|(?:如何|怎么?样)[??]?)?$|主要指标完成"
        r"|(?:总体|整体|主要|工作|[上下]半年|[一二三四]季度|各地|目前|最新)的?(?:进展|态势|进度)$",
        Role.RESULT,
        Tense.ACTUAL,
        "how the goals were met",
        "(一)主要指标完成情况",
    ),
    _sense(
        r"(?:存在|面临)[^,。]{0,8}(?:问题|不足|困难|短板|挑战|差距)|(?:问题|不足|短板"
        r"|困难)(?:[和与及][^,。]{2,8})?$|^原因分析$|^(?:问题|不足|短板)|^(?:正视|直面|认清|看清|找准)[^,。]{0,4}(?:问题|差距|不足|短板)",
        Role.RESULT,
        Tense.ACTUAL,
        "problems",
        "三、存在问题",
    ),
    _sense(
        rf"^(?:关于)?(?:{_NEXT})|(?:下半年|第?[二三四]季度)[^,。]{{0,8}}(?:工作|任务|{_VIEW}|重点"
        rf"|措施|举措|要求)$|今年(?:的)?(?:重点)?(?:工作|任务)|(?:{_NEXT})[^,。]{{0,10}}(?:{_VIEW}"
        rf"|工作|重点|举措|措施)$|(?:改进|整改)(?:措施|方向|建议|打算|计划)$|努力方向$",
        Role.TASK,
        Tense.TARGET,
        "what comes next",
        "四、下一步工作打算",
    ),
    _sense(
        r"总结$|回顾$|^(?:充分|全面)?肯定成绩|成绩来之不易|(?:工作|主要|取得的?|总体|改革|建设"
        r"|发展)(?:成效|成绩|成果|亮点|做法|经验|成就)(?:[和与及][^,。]{2,8})?$|(?:发展|工作|现实"
        r"|创新)基础$|基础(?:与|和|条件)[^,。]{0,8}$"
        r"|(?:发展)?现状(?:[和与及][^,。]{2,8})?$|(?:成效|成绩)(?:显著|明显)$|^(?:主要"
        r"|工作)?(?:做法|成效|成绩|亮点)|^发展(?:回顾|成就)|^(?:立项依据|立项背景|项目概况|背景"
        r"|出台背景)|^(?:过去|五年来|一年来|\d{4}年以来|今年以来)",
        Role.RESULT,
        Tense.ACTUAL,
        "looking back",
        "一、2023年工作总结",
    ),
    _sense(
        r"目标(?:任务|指标)?[:是]?$|目标(?:要求|体系|指标)$|预期指标$|^(?:主要|总体|发展|工作|年度"
        r"|预期)?目标|(?:主要|预期)目标",
        Role.GOAL,
        Tense.TARGET,
        "the goals",
        "一、主要目标",
    ),
    _sense(
        r"^(?:主要|核心|约束性|发展|考核|绩效|评价|工作)?指标(?:体系)?$|主要指标$",
        Role.GOAL,
        None,
        "indicators: goals or results, as the place above says",
        "三、绩效指标",
    ),
    _sense(
        r"保障(?:措施|机制|体系)?$|组织(?:实施|领导|保障)|(?:工作|有关|相关|几点|实施)要求$"
        r"|工作措施$|监督(?:检查|评估|考核)$|考核(?:评价|督查|办法)$|监测评估$|责任落实$|(?:推进"
        r"|落实|工作)机制$|要求$",
        Role.SAFEGUARD,
        Tense.TARGET,
        "how the work is organised",
        "三、保障措施",
    ),
    _sense(
        r"指导思想|总体(?:要求|思路|考虑|部署)|基本(?:原则|思路|要求)|形势|发展环境|(?:战略|发展"
        r"|总体)(?:定位|布局)$|基本概况|^总则|^(?:前言|序言|引言)$",
        Role.PREAMBLE,
        None,
        "guiding ideas",
        "(一)指导思想",
    ),
    _sense(
        rf"(?:(?:19|20)\d\d|[xX×*]{{4}}|20[xX×*]{{2}})年[^,。]{{0,14}}(?:{_VIEW}|重点工作|工作重点"
        rf"|主要工作|工作|任务)$|工作(?:打算|思路|计划|安排|谋划|设想|部署)$|半年"
        rf"[^,。]{{0,6}}(?:{_VIEW})$|^展望|(?:工作|对策|措施|意见)建议$|(?:远景|愿景)",
        Role.TASK,
        Tense.TARGET,
        "looking ahead",
        "2024年工作打算",
    ),
    _sense(
        r"任务$|举措$|重点工作$|主要工作$|措施$|重点项目$|重大工程$|行动$", Role.TASK, None, "the work", "二、重点任务"
    ),
)
# A heading that opens with a verb is an action whatever nouns follow (提升成果转化成效), save where it organises the work.
_ACTION = re.compile(
    r"(?:着力|大力|全力|积极|持续|加快|深入|扎实|切实|进一步|不断|努力|稳步|聚焦|紧扣|围绕|坚持"
    r"|突出|统筹|全面|牢牢|坚决|高质量|高水平|精准)"
    r"|(?:提升|增强|夯实|巩固|扩大|提高|强化|加强|深化|做好|做强|做优|做实|抓好|抓实|抓牢|推动|推进"
    r"|完善|健全|优化|构建|打造|建设|建立|布局|推广|营造|培育|壮大|培植|谋划|编制|实施|开展"
    r"|促进|激发|集聚|引进|选派|搭建|支持|引导|拓展|畅通|释放|破解|补齐|严格|规范|落实|制定|改善"
    r"|改革|创新|发展|组织|参与|服务|用好|用足|办好|守牢|严守|争取|向上|加大|活跃|重塑|厘清|明确"
    r"|压实|总结推广|推行|汇集|汇聚|凝聚|牵头|合力|加速|解难|攻克|紧盯|主动|狠抓|聚力|办理|盘活"
    r"|守住"
    r"|[抓强建聚育促优拓扩引提激增稳畅破筑谋争转搭创汇护][\u4e00-\u9fff]{1,4},)"
)
_NOUN_OPENING = re.compile(
    r"(?:创新|发展|服务|改革|建设)(?:主体|要素|平台|生态|能力|载体|底盘|人才|环境|投入|成果|体系|水平|活力|动能)"
)
_ORGANISES = re.compile(r"组织(?:领导|保障|实施)|保障措施$|督查|督导|监督考核|考核(?:问效|评价)$")
_NOUN_HEADING = re.compile(
    r"(?:工作|发展|建设|创新发展|组织(?:领导|实施|保障)?|落实|推进|服务|实施|改革|创新)(?:情况|目标"
    r"|成效|成绩|基础|打算|思路|计划|安排|要求|措施|机制|环境|现状|重点|回顾|总结|保障|经验|定位"
    r"|布局|进展|亮点|成就|谋划)"
)


@lru_cache(maxsize=4096)
def sense_of(heading: str) -> HeadingSense | None:
    """What a heading says of its section, or None when it says nothing of the kind.

    Examples
    --------
    >>> sense_of("主要目标").role.value, sense_of("提升成果转化成效")
    ('goal', None)
    """
    if _ACTION.match(heading) and not _NOUN_HEADING.match(heading):
        return _SAFEGUARD if _ORGANISES.search(heading) else None
    for sense in SENSES:
        if sense.pattern.search(heading):
            return sense
    return None


def opens_with_verb(heading: str) -> bool:
    """Whether a heading tells what is done (坚持靶向服务) rather than what is counted (平台建设成效明显)."""
    return bool(_ACTION.match(heading)) and not _NOUN_OPENING.match(heading)


# A task worded like a safeguard (加强组织领导) sets the role but turns no tense.
_SAFEGUARD = _sense(_ORGANISES.pattern, Role.SAFEGUARD, None, "organising, as an action", "加强组织领导")
