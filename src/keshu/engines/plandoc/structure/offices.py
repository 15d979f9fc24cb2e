"""Names of offices: which words can be one, and how a printed list of them is taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from keshu.engines.plandoc.structure.lines import trimmed

# What an office's name ends in. A bracket that ends otherwise is no owner: (试行), (省级5家), (A类).
_ENDING_WORDS = (
    "局 处 科 股 室 办 委 厅 部 组 站 所 院 馆 队 署 办公室 中心 园区 开发区 高新区 "
    "经开区 新区 示范区 保税区 度假区 管委会 委员会 管理局 政府 部门 单位 机构 县区 区县 "
    "县市区 市县 各县 各市 各区 各镇 各乡 各村 乡镇 街道 镇街 镇(街道) 街道(乡镇) "
    "乡镇(街道) 科室 处室 股室 党委 纪委 党组 支部 工会 总工会 团委 妇联 科协 工商联 "
    "社科联 侨联 残联 学会 协会 联合会 联盟 商会 集团 公司 银行 支行 企业 高校 大学 学院 "
    "学校 医院 法院 检察院 研究院 研究所 电视台 融媒体 服务站 专班 园 镇 乡 社区 国资 "
    "税务 财政 统计 工信 发改 人社 教育 金融 科技"
)
_ENDING = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, _ENDING_WORDS.split()), key=len, reverse=True)) + r")(?:\([^()]{1,12}\))?$"
)
# Stricter, for brackets in front of the full stop: 研究院, 中心 and 企业 there explain a noun.
_STRICT = re.compile(
    r"(?:局|处|科|股|室|办|委|厅|政府|部门|单位|县区|县市区|管委会|委员会|科协|党委|纪委|各园区"
    r"|开发区|高新区)(?:\([^()]{1,12}\))?$"
)
_NOT_OFFICE = re.compile(
    r"\d|^(?:含|不含|其中|即|如|例如|包括|以下|指|简称|详见|见|附|共|占|试行|暂行|省级|市级|国家级"
    r"|县级|区级|重点|新型)|[“”《》%+=:|]|企业研发机构$"
    r"|(?:的|了|和|为|在)[^局处科股室办委厅]{0,6}$"
)
_SEPARATORS = re.compile(r"[、,;/\s|]+")
# 规划科和成果科; 区科技局区教育局 where the blank between two names was lost.
_CONJUNCTION = re.compile(
    r"(?<=[局处科股室办委厅心区府门位会])(?:和|及|与|以及|会同)(?=[\u4e00-\u9fff]{2,})"
    r"|(?<=[局办处科])(?=[区市县省州][\u4e00-\u9fff]{1,8}(?:局|办|处|科|中心))"
)
_AND_OTHERS = re.compile(
    r"等(?:有关|相关|市直|县直|区直|各)?(?:部门|单位|科室|处室|股室|责任单位|职能部门)?(?:\(单位\))?$"
)
_TRAILING = re.compile(
    r"(?:按照?职责分工(?:负责|落实)?|按职责(?:分工)?(?:负责)?|分别负责|共同负责|具体负责|负责落实"
    r"|负责|落实|实施|参与)$"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_EDGES = " 。.:\t\n·"
_NO_SPLIT = re.compile(r"[(〔\[{][^()〔〕\[\]{}]*[)〕\]}]")


class Name(NamedTuple):
    """A name with its place in the text it was printed in (``start`` to ``end``, exclusive)."""

    text: str
    start: int
    end: int


def split_names(text: str, start: int, end: int) -> list[Name]:
    """The names printed between `start` and `end`, brackets inside names protected.

    Examples
    --------
    >>> [name.text for name in split_names("各县(市、区)科技局、市财政局等", 0, 15)]
    ['各县(市、区)科技局', '市财政局']
    """
    shielded = _NO_SPLIT.sub(lambda match: "\0" * len(match[0]), text[start:end])
    joined = _CONJUNCTION.search(shielded) is not None
    names: list[Name] = []
    at = 0
    for stop in [*_SEPARATORS.finditer(shielded), None]:
        upto = len(shielded) if stop is None else stop.start()
        if joined:
            names += _parts(text, shielded, start, at, upto)
        elif (name := _trim(text, start + at, start + upto)) is not None:
            names.append(name)
        at = 0 if stop is None else stop.end()
    return names


def _parts(text: str, shielded: str, offset: int, start: int, end: int) -> list[Name]:
    """A stretch without separators: one name, or two joined by 和."""
    parts: list[Name] = []
    at = start
    for stop in [*_CONJUNCTION.finditer(shielded, start, end), None]:
        upto = end if stop is None else stop.start()
        name = _trim(text, offset + at, offset + upto)
        if name is not None:
            parts.append(name)
        at = end if stop is None else stop.end()
    return parts


def _trim(text: str, start: int, end: int) -> Name | None:
    """Blanks, marks, 等 and 负责 taken off both ends."""
    start, end = trimmed(text, start, end, marks=_EDGES, behind=_EDGES)
    if end > start and text[end - 1] in "责实与":
        end = _without(_TRAILING, text, start, end)
    if "等" in text[start:end]:
        end = _without(_AND_OTHERS, text, start, end)
    if text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    if start >= end or not _HAN.search(text, start, end):
        return None
    return Name(text[start:end], start, end)


def _without(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the name ends once the words of `pattern` at its end are taken off; a name of nothing else stays."""
    match = pattern.search(text[start:end])
    return start + match.start() if match is not None and match.start() > 0 else end


def is_office(name: str, *, strict: bool = False) -> bool:
    """Whether a printed name can be an office; `strict` where the place alone does not say so."""
    bare = _NO_SPLIT.sub("", name)
    if len(name) < 2 or len(name) > 30 or _NOT_OFFICE.search(bare):
        return name in {"各县(市、区)", "各县〔市、区〕"}
    ending = _STRICT if strict else _ENDING
    return bool(ending.search(name) or (bare != name and ending.search(bare)))
