"""The words by which documents name organisations: contractions, suffixes, group words. A catalogue, no logic of its own.

Names are compared after folding: full-width forms and spaces undone, long official forms contracted (科学技术局 -> 科技局), the
home region replaced by its level (云澜市财政局 -> 市财政局).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from keshu.apps.bureau.models import OrganisationKind as Kind

# Long official forms and the short ones documents use; applied to both sides, in this order.
CONTRACTIONS: tuple[tuple[str, str], ...] = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("管理委员会", "管委会"),
    ("科学技术局", "科技局"),
    ("科学技术厅", "科技厅"),
    ("科学技术和工业信息化局", "科工局"),
    ("科技和工业信息化局", "科工局"),
    ("科学技术协会", "科协"),
    ("工业和信息化局", "工信局"),
    ("工业与信息化局", "工信局"),
    ("发展和改革委员会", "发改委"),
    ("发展改革委员会", "发改委"),
    ("发展改革委", "发改委"),
    ("发展和改革局", "发改局"),
    ("人力资源和社会保障局", "人社局"),
    ("人力资源社会保障局", "人社局"),
    ("市场监督管理局", "市场监管局"),
    ("自然资源和规划局", "自然资源局"),
    ("国有资产监督管理委员会", "国资委"),
    ("住房和城乡建设局", "住建局"),
    ("卫生健康委员会", "卫健委"),
    ("文化和旅游局", "文旅局"),
    ("文化广电和旅游局", "文旅局"),
    ("地方金融监督管理局", "金融监管局"),
    ("行政审批服务局", "行政审批局"),
    ("机关党组织", "机关党委"),
)
# What may stand before a name without changing who is meant.
PREFIXES = ("国家税务总局", "中国共产党", "中共")
# What may stand at the end of an office's name; a stem without it is what abbreviations shorten.
OFFICE_SUFFIXES = ("办公室", "科室", "处", "科", "股", "室", "局", "办", "部", "中心")
# What may follow the name of a county or park without changing who is meant.
AREA_SUFFIXES = (
    "科技主管部门", "科技管理部门", "科技行政部门", "科技部门", "科技和经济发展局", "科技创新局", "科技发展局",
    "科技局", "科工局", "科经局", "经发局", "人民政府", "政府", "管委会", "党工委管委会",
)  # fmt: skip
LEVELS = "市县区州盟旗"
OWN_BUREAU = ("本局", "我局", "局机关", "局", "市局", "县局", "区局")


@dataclass(frozen=True, slots=True)
class GroupWord:
    """A phrase that stands for all organisations of some kinds; `among` are words of which the names must hold one."""

    pattern: str
    kinds: tuple[Kind, ...]
    example: str
    is_vague: bool = False
    among: tuple[str, ...] = ()


_SOME = r"(?:有关|相关|业务|职能)?"
_OFFICES = r"(?:处室|科室|股室|处|科|内设机构)"
_COUNTIES = r"(?:县市区|市县区|区县市|县区市|市区县|区市县|县区|区县|县市|市县|区市|市区|县|区)"
_SCIENCE = r"(?:级)?(?:科技(?:主管|管理|行政)?部门|科技局|科工局|科经局|人民政府|政府|管委会|主管部门)?"
_PARKS = r"(?:园区|功能区|开发区|产业园区|科技园区|功能园区|开发园区)"

GROUPS: tuple[GroupWord, ...] = (
    GroupWord(rf"各{_SOME}{_OFFICES}(?:和|、|及)?(?:各)?(?:直属)?单位", (Kind.OFFICE, Kind.UNIT), "各处室、直属单位"),
    GroupWord(rf"(?:局)?(?:机关)?各{_SOME}{_OFFICES}", (Kind.OFFICE,), "局机关各科室"),
    GroupWord(r"(?:局)?机关(?:处室|科室)", (Kind.OFFICE,), "机关处室"),
    GroupWord(rf"{_SOME}(?:处室|科室|股室)", (Kind.OFFICE,), "相关处室", is_vague=True),
    GroupWord(r"(?:各)?(?:局)?(?:直属|所属|局属|下属)(?:事业)?单位", (Kind.UNIT,), "各直属单位"),
    GroupWord(r"各(?:有关|相关|责任)?单位", (Kind.OFFICE, Kind.UNIT), "各有关单位", is_vague=True),
    GroupWord(r"市直(?:各)?(?:有关|相关)?(?:部门|单位)", (Kind.DEPARTMENT,), "市直有关部门", is_vague=True),
    GroupWord(r"各高新区(?:管委会)?", (Kind.PARK,), "各高新区", among=("高新区", "高新技术产业")),
    GroupWord(r"各经开区(?:管委会)?", (Kind.PARK,), "各经开区", among=("经开区", "经济开发区", "经济技术开发区")),
    GroupWord(
        r"各(?:国家级|省级|省级以上)高新区(?:管委会)?",
        (Kind.PARK,),
        "各省级以上高新区",
        is_vague=True,
        among=("高新区", "高新技术产业"),
    ),
    GroupWord(r"各板块", (Kind.COUNTY, Kind.PARK), "各板块"),
    GroupWord(
        rf"(?:(?:全市)?各{_SOME}{_COUNTIES}|县市区|县区|区县)(?:和|、|及|与)?{_PARKS}{_SCIENCE}",
        (Kind.COUNTY, Kind.PARK),
        "各县区、园区",
    ),
    GroupWord(rf"(?:全市)?各{_SOME}{_COUNTIES}{_SCIENCE}", (Kind.COUNTY,), "各县（市、区）科技主管部门"),
    GroupWord(rf"(?:有关|相关)(?:县市区|县区|区县|县市|市县){_SCIENCE}", (Kind.COUNTY,), "有关县区", is_vague=True),
    GroupWord(rf"(?:县市区|县区|区县){_SCIENCE}", (Kind.COUNTY,), "县区科技局"),
    GroupWord(rf"(?:全市)?各{_SOME}{_PARKS}{_SCIENCE}", (Kind.PARK,), "各园区"),
    GroupWord(rf"(?:有关|相关){_PARKS}{_SCIENCE}", (Kind.PARK,), "有关园区", is_vague=True),
    GroupWord(rf"{_PARKS}{_SCIENCE}", (Kind.PARK,), "园区"),
)
_COMPILED = tuple((re.compile(word.pattern), word) for word in GROUPS)
# 县（市、区）, 县〔市、区〕, 县 (区): the bracket belongs to the word.
_BRACKETED = re.compile(r"(县|区|市)[(\[〔【]([市县区、,和]{1,5})[)\]〕】]")
_BRACKETED_PARKS = re.compile(rf"({_COUNTIES})[(\[〔【]({_PARKS})[)\]〕】]")
_BETWEEN = re.compile(r"[、,，;；/及和与以]*")
SEPARATORS = re.compile(r"[、,，;；/]|以及|及|和|与")


def clean(text: str) -> str:
    """Full-width forms and spaces undone; how a name is stored as an alias and looked up."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """A name in its short form: cleaned, without quotes and prefixes, official forms contracted."""
    folded = re.sub(r"[\"'“”‘’《》·]", "", clean(text))
    for prefix in PREFIXES:
        folded = folded.removeprefix(prefix)
    for long, short in CONTRACTIONS:
        folded = folded.replace(long, short)
    return folded


def group_words(text: str) -> list[GroupWord]:
    """The group words that make up the whole of the text, in order; empty when anything else is in it."""
    rest = _BRACKETED.sub(lambda m: m[1] + re.sub("[、,和]", "", m[2]), fold(text))
    rest = _BRACKETED_PARKS.sub(r"\1\2", rest)
    found: list[GroupWord] = []
    while rest:
        matches = [(match.end(), word) for pattern, word in _COMPILED if (match := pattern.match(rest))]
        if not matches:
            return []
        length, word = max(matches, key=lambda item: item[0])
        found.append(word)
        rest = rest[length:]
        if rest:
            rest = rest[_BETWEEN.match(rest).end() :]  # type: ignore[union-attr]
    return found


def stem(name: str) -> str:
    """A folded name without the suffix that says what kind of office it is."""
    for suffix in OFFICE_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name
