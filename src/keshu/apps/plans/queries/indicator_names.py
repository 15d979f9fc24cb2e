"""The same indicator under its several names (高企, 高新技术企业), folded to one key so that years can be compared."""

from __future__ import annotations

import re
import unicodedata

# Longer names first: each is replaced wherever it stands in the folded text.
SYNONYMS: tuple[tuple[str, str], ...] = (
    ("国内生产总值", "地区生产总值"),
    ("gdp", "地区生产总值"),
    ("国家高新技术企业", "高新技术企业"),
    ("国家级高新技术企业", "高新技术企业"),
    ("高企", "高新技术企业"),
    ("国家科技型中小企业", "科技型中小企业"),
    ("科小企业", "科技型中小企业"),
    ("科小", "科技型中小企业"),
    ("研究与试验发展经费", "研发经费"),
    ("研究与试验发展", "研发"),
    ("r&d", "研发"),
    ("研发经费投入", "研发经费"),
    ("研发投入", "研发经费"),
    ("研发经费强度", "研发经费占地区生产总值比重"),
    ("研发强度", "研发经费占地区生产总值比重"),
    ("技术合同成交金额", "技术合同成交额"),
    ("技术合同交易额", "技术合同成交额"),
    ("规模以上", "规上"),
    ("双创", "创新创业"),
    ("比例", "比重"),
)
_OUTER = re.compile(r"^(?:全市|全县|全区|全州|全社会|我市|我县|我区|本市|累计|新增|净增|新建|新认定|有效|力争|确保)+")
_TAIL = re.compile(r"(?:总数量|总数|总量|数量|家数|户数|保有量|存量|数)$")
_NOISE = re.compile(r"[\s、，,。；;：:“”\"'（）()《》〈〉\[\]【】·\-—的]")
FAMILIES = {"level": "stock", "cumulative": "stock", "increase": "flow", "count": "flow"}


def folded_name(indicator: str) -> str:
    """The indicator's name without what varies from one document to the next.

    >>> folded_name("全市高企总数") == folded_name("高新技术企业数量")
    True
    >>> folded_name("R&D经费占GDP的比重") == folded_name("研发投入占地区生产总值比重")
    True
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", indicator).lower())
    text = _OUTER.sub("", text) or text
    for spoken, written in SYNONYMS:
        if spoken in text and not (spoken in written and written in text):
            text = text.replace(spoken, written)
    return _TAIL.sub("", text) or text


def indicator_key(indicator: str, *, measure: str) -> str:
    """Name and family of measure: stocks compare with stocks, flows with flows; at most 200 characters.

    >>> indicator_key("高企", measure="cumulative") == indicator_key("高新技术企业", measure="level")
    True
    """
    return f"{folded_name(indicator)[:180]}|{FAMILIES.get(measure, measure)}"
