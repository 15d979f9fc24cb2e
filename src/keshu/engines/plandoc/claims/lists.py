"""Lists that share a head or a tail: 省级、市级平台; 专利申请量、授权量; 研发机构、研发活动覆盖率; and the places in them."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.naming import LEVEL
from keshu.engines.plandoc.claims.wording import clean_name, leading_verb

_SPLIT = re.compile(r"[、]|和|及|与|以及")
_ORDINALS = re.compile(
    r"^(?P<head>.*?)第(?P<first>[一二三四五六七八九\d])(?P<more>(?:[、和]第?[一二三四五六七八九\d])+)(?P<noun>批次?|"
    r"季度|阶段|期|轮|类|组)$"
)
_REGION = re.compile(
    r"^(?!(?:核心|示范|辐射|拓展|试验|功能)区)[\u4e00-\u9fff]{2,6}(?:市|县|区|州|镇|乡|街道)"
    r"(?:[、和][\u4e00-\u9fff]{2,5}(?:市|县|区|州|镇|乡|街道))*$"
)
#: The characters that it ends in.
_REGION_LAST = frozenset("市县区州镇乡道\n")
_REGION_HEAD = re.compile(r"[\u4e00-\u9fff]{1,5}?(?:经开区|高新区|开发区|园区|街道|市|县|区|州|镇|乡)")
_REGIONS_HEAD = re.compile(rf"{_REGION_HEAD.pattern}(?:[、和]{_REGION_HEAD.pattern})*")
_COUNTED_REGIONS = re.compile(
    r"(?P<last>[\u4e00-\u9fff]{1,6}?)等?[\d两三四五六七八九十]{1,2}个(?P<kind>街道|园区|镇|乡|县|市|区)(?P<tail>.*)$"
)
#: 装备制造、农产品加工两个主导产业的研发机构覆盖率
_COUNTED_KINDS = re.compile(
    r"(?P<last>[\u4e00-\u9fff]{2,10}?)等?[两二三四五\d][个大类条](?:主导|重点|支柱|特色|优势|新兴)?"
    r"(?P<kind>产业链?|行业|领域|园区|平台|集群)的?(?P<tail>[\u4e00-\u9fff]{2,})$"
)
#: 申报省、市科技计划项目
_LEVEL_WORDS = frozenset(["国家", "国", "省", "市", "县", "区", "州", "部"])
_ATTRIBUTE = re.compile(
    r"(?:增加值|总产值|产值|销售额|成交额|投资额|申请量|授权量|拥有量|登记额|登记量|设置率|覆盖率|总量|总数|数量)$"
)
_SHARED_TAIL = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:覆盖率|普及率|满意率|满意度|入库率|转化率|占比|比重|增加值|总产值|产值|营业收入|投资额?|成交额|数量|总量|总数)$"
)
_OWN_TAIL = re.compile(r"(?:率|占比|比重|比例|数量?|总量|量|额|值|度|收入|投入|经费|投资|增速|增幅|规模|支出)$")
_EACH = re.compile(r"[均都](?:要|应|须)?(?:达到?|为|在|超过?|突破|不低于|不少于|保持在?|增长|提高到?|实现)*$")
_MEASURED = re.compile(r"(?:[^效]率|占比|比重|量|额|产值|增加值|收入|[业台家构]数)$")
_LIST_OF_ALL = re.compile(r"^(?P<list>.+?)(?:[两三四五六七八九十\d]+[大个项类])$")


def is_region(name: str) -> bool:
    """Is the name no more than a place?"""
    return name[-1:] in _REGION_LAST and _REGION.match(name) is not None


def behind_region(name: str) -> str:
    """What is counted of the place before (东城区净增 leaves 净增); "" where that named no place."""
    match = _REGIONS_HEAD.match(name)
    return name[match.end() :] if match else ""


def expand(text: str) -> list[str]:
    """The full names of a list that shares a head or a tail.

    Examples
    --------
    >>> expand("新增省级、市级新型研发机构")
    ['新增省级新型研发机构', '新增市级新型研发机构']
    >>> expand("专利申请量、授权量")
    ['专利申请量', '专利授权量']
    """
    text = clean_name(text)
    if ordinals := _ORDINALS.match(text):
        digits = [ordinals["first"], *re.findall(r"[一二三四五六七八九\d]", ordinals["more"])]
        return [f"{ordinals['head']}第{digit}{ordinals['noun']}" for digit in digits]
    parts = [part for part in _SPLIT.split(text) if part]
    if len(parts) < 2:
        return parts
    if parts[-1].endswith("级") and all(part in ("国家", "省", "市", "县", "区", "乡") for part in parts[:-1]):
        return [*(part + "级" for part in parts[:-1]), parts[-1]]
    parts = _of_regions(parts)
    verb = leading_verb(parts[0])
    if verb == parts[0] and (noun := parts[-1][len(leading_verb(parts[-1])) :]) != parts[-1]:
        return [part + noun if leading_verb(part) == part else part for part in parts]
    first, last = parts[0][len(verb) :] if len(parts[0]) > len(verb) else parts[0], parts[-1]
    parts = [first, *parts[1:]]
    if len(last) > 3 and _LEVEL_WORDS.issuperset(parts[:-1]) and last[0] in _LEVEL_WORDS and last[1] != "级":
        return [verb + part + last[1:] for part in (*parts[:-1], last[0])]
    level = LEVEL.match(last)
    noun = last[level.end() :] if level else ""
    names = []
    for part in parts:
        whole = LEVEL.fullmatch(part)
        if whole and noun:
            part = part + noun
        elif len(part) <= 4 and part[-1] == first[-1] and part is not first and len(first) > len(part) + 1:
            part = first[: -len(part)] + part
        elif part is not first and _ATTRIBUTE.fullmatch(part) and (owner := _ATTRIBUTE.sub("", first)) != first:
            part = owner + part
        names.append(part)
    return [verb + name for name in _with_tail(_with_head(names))]


def _with_head(names: list[str]) -> list[str]:
    """规上企业研发机构、研发活动: whose things they are is said once, before the word that the others begin with."""
    first = names[0]
    found = [first.find(name[:2], 2) if len(name) > 2 else -1 for name in names[1:]]
    if len(set(found)) != 1 or found[0] < 0:
        return names
    return [first, *(first[: found[0]] + name for name in names[1:])]


def _with_tail(names: list[str]) -> list[str]:
    """研发机构、研发活动覆盖率: the rate or value of all, where the others tell none of their own."""
    tail = _SHARED_TAIL.search(names[-1])
    if tail is None or any(_OWN_TAIL.search(name) for name in names[:-1]):
        return names
    return [*(name + tail[0] for name in names[:-1]), names[-1]]


def _of_regions(parts: list[str]) -> list[str]:
    """东城区、西江县完成率 and 石坪、枫林2个镇完成率: what the last says holds of each place."""
    last = parts[-1]
    kinds = _COUNTED_KINDS.match(last)
    if kinds:
        return [part + kinds["kind"] + kinds["tail"] for part in [*parts[:-1], kinds["last"]]]
    counted = _COUNTED_REGIONS.match(last)
    if counted:
        kind, tail = counted["kind"], counted["tail"]
        return [(part if part.endswith(kind) else part + kind) + tail for part in [*parts[:-1], counted["last"]]]
    head = _REGION_HEAD.match(last)
    if head is None or not all(is_region(part) for part in parts[:-1]):
        return parts
    return [*(part + last[head.end() :] for part in parts[:-1]), last]


def of_each(before: str) -> bool:
    """办结率、满意率均达: does the number hold of each that is named before it?"""
    return _EACH.search(before) is not None


def measured(name: str) -> list[str]:
    """The names of a list in which each tells what is measured (办结率、满意率); empty for a list of things or places.

    Examples
    --------
    >>> measured("咨询办结率和满意率"), measured("孵化器、众创空间")
    (['咨询办结率', '咨询满意率'], [])
    """
    parts = [] if any(map(is_region, _SPLIT.split(name))) else expand(name)
    return parts if len(parts) > 1 and all(_MEASURED.search(part) for part in parts) else []


def all_of_list(name: str) -> list[str]:
    """A、B、C三大全覆盖 is one claim each."""
    match = _LIST_OF_ALL.match(name)
    if match is None:
        return []
    parts = [part for part in match["list"].rstrip("“").split("、") if part]
    return [clean_name(part) for part in parts] if len(parts) > 1 else []
