"""What the words around a number do to its value and unit: multiples of a base, and the base of a per-X figure."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.quantities import Quantity

_PER = re.compile(
    r"每(?P<many>[万千百]?)(?:[名个户亩家](?!至[少多]|要|都|须|应|不[少低]|牵头|新增))?(?P<what>园区|孵化器|县区|乡镇|街道|行政村|贫困村|脱贫村|企业|项目|学会|协会|单位|部门|科室|高校|院所|社区|团队|实验室|"
    r"基地|平台|载体|特派员|专家|劳动力|就业人员|常住人口|人口|人|亩|平方公里|家企业|家|村|户|"
    r"[\u4e00-\u9fff]{1,5}?)(?=[\u4e00-\u9fff])|(?P<short>户均|亩均|人均|地均|村均|万人)|每(?P<amount>\d{1,4}万?元)"
)


def read_times(quantity: Quantity, before: str, growth: bool) -> None:
    """增长2倍 is +200 %, 是…的2倍 is +100 %; without either the number stays a multiple."""
    if quantity.unit == "%" or not (quantity.unit or "").endswith("倍"):
        return
    if re.search(r"平均(?:水平|值|数)?的?$|标杆[^,]{0,6}的?$|同类[^,]{0,6}的?$", before):
        quantity.kind = kinds.RATIO
    elif growth or re.search(r"增长|增加|提高|扩大$", before):
        quantity.value = None if quantity.value is None else quantity.value * 100
        quantity.unit = "%"
    elif re.search(r"(?:年|上年|去年|基期|末|同期|[“”]?十[二三四五][“”]?五[”]?[末期]?)(?:的|时的)?$|的$", before):
        quantity.value = None if quantity.value is None else round((quantity.value - 1) * 100, 6)
        quantity.unit = "%"
    else:
        quantity.kind = kinds.RATIO


def per_of(words: str, item: Item) -> str | None:
    if item.per:
        return item.per
    found = list(_PER.finditer(words)) if "每" in words or "均" in words or "万人" in words else []
    if not found:
        return None
    match = found[-1]
    if match["short"]:
        return {"户均": "户", "亩均": "亩", "人均": "人", "地均": "亩", "村均": "村", "万人": "万人"}[match["short"]]
    if match["amount"]:
        return match["amount"]
    return match["many"] + {"人口": "人", "常住人口": "人", "就业人员": "人"}.get(match["what"], match["what"])


_STOCK = re.compile(
    r"\d+(?P<unit>[家户个项件名])[^,;:、\d]{2,24}(?:全[部面]?|动态|年底前|年内)*$|"
    r"\d+(?P<last>[家户个项件名])(?:以[内下])?,(?:\d{1,2}月)?[^\d]{0,12}$"
)


def unit_before(text: str, start: int, number: int) -> str | None:
    """The unit of the stock that is to vanish (50家未开展研发活动的企业全部清零), None where none is told."""
    match = _STOCK.search(text[start:number])
    return (match["unit"] or match["last"]) if match else None
