"""Gaps and surpluses: how far a figure lies from its goal (尚差4家, 超目标2项, 较年初目标少5人). Never the figure itself."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import naming
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.engines.plandoc.claims.tiers import GAP_CUE
from keshu.engines.plandoc.claims.wording import clean_name

AGAINST_GOAL = Phrase(
    "against the goal",
    ("超目标", "较目标少", "比年初目标少", "超年初目标"),
    "how far the figure lies from its goal: actual, an indicator of its own",
    examples(
        (
            "实绩>新增高新技术企业41家,超年初目标6家",
            "新增高新技术企业: = 41 家 increase actual 2023 | 高新技术企业超目标: = 6 家 level actual 2023",
        ),
        (
            "实绩>实施科技计划项目28项,较目标少2项",
            "实施科技计划项目: = 28 项 count actual 2023 | 科技计划项目较目标少: = 2 项 level actual 2023",
        ),
        (
            "实绩>新增省级创新平台7家,距年度目标尚差3家",
            "省级创新平台: = 7 家 increase actual 2023 | 省级创新平台差距: = 3 家 level actual 2023",
        ),
        (
            "实绩>发明专利授权112件,与目标相差8件",
            "发明专利授权: = 112 件 count actual 2023 | 发明专利授权差距: = 8 件 level actual 2023",
        ),
        ("实绩>高层次人才引进数比年初目标少5人", "高层次人才引进数较目标少: = 5 人 level actual 2023"),
        (
            "实绩>新产品产值增速低于年度目标0.9个百分点",
            "新产品产值增速低于年度目标: = 0.9 百分点 increase actual 2023",
        ),
        ("实绩>技术合同成交额年度目标40亿元", "技术合同成交额: >= 40 亿元 level 2023"),
    ),
)
PHRASES = (AGAINST_GOAL,)

_AGAINST = re.compile(
    r"(?P<how>较|比|低于|少于|超额?|超过|超出|高于|多于)(?:了)?(?:全年|年度|年初|既定|预期|预定|考核|序时)?"
    r"(?:目标任务|目标|任务|计划)(?:任务|值|数)?(?P<side>少|多|低|高|差|超)?(?:完成)?(?:了)?$"
)
#: The characters that it ends in.
_AGAINST_LAST = frozenset("标务划值数少多低高差超成了")
_BEYOND = re.compile(r"(?:超出|超过|超额|超)[^,;。]{0,6}(?:目标|任务)\([^()]*\)$")
_TO_TARGET = re.compile(r"(?:距离?|与)[^差]{0,8}?(?:目标|任务)")


def against_goal(before: str) -> re.Match[str] | None:
    """Do the words before the number set it against a goal (超目标, 较目标少)?

    Examples
    --------
    >>> bool(against_goal("带动投入超目标")), bool(against_goal("完成年度目标"))
    (True, False)
    """
    return _AGAINST.search(before) if before[-1:] in _AGAINST_LAST else None


def name_against(before: str, match: re.Match[str], subject: str) -> str:
    """The name of such a number: what it is about and on which side of the goal."""
    own = clean_name(before[: match.start()])
    short = match["side"] in ("少", "低", "差") or match["how"] in ("低于", "少于")
    return naming.merge(own or subject, "较目标少" if short else "超目标")


def name_of_gap(name: str, before: str, ahead: str, *, own: bool) -> str:
    """尚差, 缺口 and 超额 stand behind the name; `ahead` are the words up to the number, brackets kept."""
    if ahead.endswith(")") and _BEYOND.search(ahead):
        name = naming.merge(name, "超出目标")
    if GAP_CUE.search(before) and not name.endswith(("差距", "缺口")):
        name = _TO_TARGET.sub("", name)
        if name.endswith("差"):
            return name[:-1].rstrip("尚还仍相") + "差距"
        if not own:
            return naming.merge(name, "超额" if "超额" in before else "差距")
    return name
