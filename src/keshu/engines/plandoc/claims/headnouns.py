"""The noun of a heading, which clauses that name nothing take for their own."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.wording import clean_name

_HEADING_VERB = re.compile(
    r"^(?:确保|稳住|守住|保住|保持|补齐|补上|紧盯(?=[\u4e00-\u9fff]{4})|打好|打赢|开展|实施|推进|推动|加快|加强|强化|深化|做好|做强|做优|做实|抓好|抓实|优化|完善|健全|构建|"
    r"建设|搭建|打造|培育|壮大|培优|提升|促进|布局|突出|"
    r"聚焦|夯实|集聚|引育|落实|持续|深入|大力|全面|办好|用好|激发|增强|扩大|拓展|活跃|支持|提质|发展|"
    r"组建|创建|着力|积极|"
    r"进一步|不断|精准|高质量|高标准|高水平|筑牢|锻造|厚植|释放|畅通|打通|建强|建优|建好|强|做大|"
    r"向上争取|争取|选派|布设|稳步|扎实|规范|科学|统筹)+"
)
_HEADING_LABEL = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]+(?:批次?|[章节条部分]*[、,.]?)|"
    r"[(〔]?[\d一二三四五六七八九十]{1,3}[)〕、.]+|[①-⑳]|[一二三四五六七八九十]是|——)\s*"
)
_HEADING_TAIL = re.compile(
    r"(?:(?:“[^”]*”)?(?:行动|工程|计划|工作|体系|机制|建设|扩容|提质|增效|升级|优化重组|质量|品牌|"
    r"活动|队伍|倍增|能力|水平|生态|发展|管理|"
    r"(?:有|见|创|再添|迈出|取得|实现|再上)新?(?:突破|成效|作为|提升|进展|实效|亮点|变化|台阶|步伐|成绩|佳绩)|成效(?:明显|显著)|"
    r"(?:不断|持续|稳步|扎实|明显|显著|加快|全面)(?:壮大|提升|优化|增强|向好|加力|发力|增长|推进|有效|深化|扩大|完善|见效)|再创新高|稳中有[进升]|"
    r"(?<=[\u4e00-\u9fff]{3})(?:取得|实现|交出|跑出|拿出|展现|呈现|按下|打出|迈出|激发)|扩面提质|提质扩面|走深走实|提速增效|提档升级|有力有效|有声有色|"
    r"(?:全年|年度)?(?:目标)?任务(?:不落空|完成|落地)?|短板|[\u4e00-\u9fff]{2}战|改革|专项|攻坚|服务|力度|攻关|质效|规模)+|优化|重组|升级|提质|提升|扩面|增量|壮大|集聚|争先进位|情况|完成情况)$"
)
#: 总体情况, 各地进展, 逐企上门服务, 紧盯目标不放松: no noun that a figure could be of.
_MUTE = re.compile(
    r"(?:总体|整体|基本|各[地县市区]+|全[市县区]|主要|逐[企户家项个].*|紧盯.*|紧扣.*|.*不放松|.*有声有色|.*再上新?台阶|存在的?(?:主要)?问题.*|.*(?:工作安排|工作打算|工作思路|工作计划|重点工作|工作要求))(?:态势|进展)?"
)
#: 研发投入(20分): what the appraisal gives for it.
_MARKS = re.compile(r"\([\d.]+分\)")


def heading_noun(heading: str) -> str:
    """The noun of a heading, for clauses that name nothing: 培育新型研发机构 gives 新型研发机构.

    Examples
    --------
    >>> heading_noun("实施高企培育“树苗”计划")
    '高企'
    >>> heading_noun("推进实验室优化重组")
    '实验室'
    """
    text = _MARKS.sub("", re.split(r"[,。:;]", heading)[0])
    text = _HEADING_VERB.sub("", _HEADING_LABEL.sub("", text))
    for _ in range(4):
        shorter = re.sub(r"(?:“[^”]*”)$", "", _HEADING_TAIL.sub("", text))
        shorter = re.sub(r"(?:培育|引育|选派|建设|布局|孵化|认定|申报|扩容|梯队|梯次)$", "", shorter)
        if len(shorter) < 2 or shorter == text:
            break
        text = shorter
    return "" if _MUTE.fullmatch(text) else clean_name(text)
