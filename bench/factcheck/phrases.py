"""What writers who are not the bureau call the demo city's indicators, and further ways of printing a figure: in Chinese
numerals, with thousands set apart, bare in a cell, rounded up or about, as a difference, a growth or a lead."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import partial

from bench.factcheck.items import Item, Slot

from keshu.engines.factcheck import Fact

# name in the ledger -> as a subject (X达N), and as a deed around the number
WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "全社会研发投入强度": (("全社会研发投入强度", "研发投入强度", "全社会研发经费投入强度", "R&D经费占GDP比重"), ()),
    "有效期内高新技术企业总数": (
        ("有效期内高新技术企业", "高新技术企业总数", "有效高企数", "高企保有量"),
        ("拥有有效期内高新技术企业{n}",),
    ),
    "科技型中小企业评价入库": (
        ("科技型中小企业入库数", "科技型中小企业评价入库数"),
        ("评价入库科技型中小企业{n}", "入库科技型中小企业{n}"),
    ),
    "技术合同成交额": (("技术合同成交额", "技术合同成交总额"), ("实现技术合同成交额{n}", "登记技术合同成交额{n}")),
    "新增后备库企业": (("高企后备库新增企业", "新增后备库企业"), ("新增高企后备库企业{n}", "后备库新增企业{n}")),
    "开展申报辅导": (("申报辅导", "高企申报辅导"), ("开展高企申报辅导{n}", "举办申报辅导{n}")),
    "重新认定通过率": (("高企重新认定通过率", "重新认定通过率"), ()),
    "新建市级企业工程技术研究中心": (
        ("新建市级企业工程技术研究中心",),
        ("新建市级企业工程技术研究中心{n}", "新增市级企业工程技术研究中心{n}"),
    ),
    "规上工业企业研发机构建有率": (
        ("规上工业企业研发机构建有率", "规模以上工业企业研发机构建有率", "规上企业研发机构建有率"),
        (),
    ),
    "兑现研发后补助资金": (
        ("研发后补助资金兑现额", "研发后补助资金兑现"),
        ("兑现研发后补助资金{n}", "兑现企业研发后补助{n}"),
    ),
    "大型科研仪器入网率": (("大型科研仪器入网率", "大型科研仪器设备入网率"), ()),
    "征集发布企业技术需求": (
        ("企业技术需求征集发布数", "征集发布企业技术需求"),
        ("征集发布企业技术需求{n}", "发布企业技术需求{n}"),
    ),
    "达成合作协议": (("达成合作协议",), ("达成合作协议{n}", "签订合作协议{n}", "促成合作协议{n}")),
    "发放科技创新券": (("科技创新券发放额", "科技创新券发放"), ("发放科技创新券{n}", "发出科技创新券{n}")),
    "培养技术经纪人": (("技术经纪人培养数", "培养技术经纪人"), ("培养技术经纪人{n}", "新培养技术经纪人{n}")),
    "发放“云科贷”": (("“云科贷”发放额", "“云科贷”投放额"), ("发放“云科贷”{n}", "“云科贷”放款{n}")),
    "惠及科技型企业": (("惠及科技型企业",), ("惠及科技型企业{n}",)),
    "引进高层次科技人才团队": (("引进高层次科技人才团队", "高层次科技人才团队引进数"), ("引进高层次科技人才团队{n}",)),
    "引进外国专家": (("引进外国专家", "外国专家引进数"), ("引进外国专家{n}",)),
    "资助青年科技人才": (("资助青年科技人才", "青年科技人才资助数"), ("资助青年科技人才{n}", "支持青年科技人才{n}")),
}
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Printed(Slot):
    """A figure printed otherwise than with plain digits and its unit; an error in it is printed the same way.

    ``form``: spoken (Chinese numerals), grouped (thousands set apart), bare (no unit, as in a cell under a head that
    names it), signed (a growth with its sign).
    """

    form: str = "spoken"

    @property
    def text(self) -> str:
        before, behind = self.rough or ("", "")
        unit = f"{'个' if self.unit == '百分点' else ''}{self.unit}"
        if self.form == "bare":
            return f"{self.value:f}"
        if self.form == "signed":
            return f"{self.value:+f}{unit}"
        if self.form == "grouped":
            return f"{before}{self.value:,f}{behind}{unit}"
        if self.unit == "%":
            return f"{before}百分之{numeral(self.value)}{behind}"
        return f"{before}{numeral(self.value)}{behind}{unit}"


def numeral(value: Decimal) -> str:
    """As it is said: 503 五百零三, 60.5 六十点五.

    >>> numeral(Decimal("1085")), numeral(Decimal("60.50")), numeral(Decimal("16")), numeral(Decimal("3013.4"))
    ('一千零八十五', '六十点五零', '十六', '三千零一十三点四')
    """
    whole, _, rest = f"{value:f}".partition(".")
    said = "".join(_thousands(int(whole)))
    if 10 <= int(whole) < 20:
        said = said.removeprefix("一")
    return said + ("点" + "".join(DIGITS[int(digit)] for digit in rest) if rest else "")


def _thousands(number: int) -> str:
    if number >= 10000:
        rest = number % 10000
        return f"{_thousands(number // 10000)}万{'零' if 0 < rest < 1000 else ''}{_thousands(rest) if rest else ''}"
    if number == 0:
        return "零"
    said, gap = "", False
    for power, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            said, gap = f"{said}{'零' if gap and said else ''}{DIGITS[digit]}{mark}", False
        else:
            gap = True
    return said


def printed(slot: Slot, form: str) -> Slot:
    """The same figure, printed in this form."""
    return Printed(slot.role, slot.fact, slot.value, slot.unit, slot.wrong, slot.rough, form)


spoken, bare, grouped, signed = (partial(printed, form=form) for form in ("spoken", "bare", "grouped", "signed"))


def noun(item: Item, chance: random.Random) -> str:
    return chance.choice(WORDS[item.name][0])


def said(item: Item, slot: Slot, chance: random.Random, *, verbs: tuple[str, ...]) -> list[str | Slot]:
    """One figure as a deed, or as a subject with one of the verbs."""
    forms = [*WORDS[item.name][1], *(f"{each}{verb}{{n}}" for each in WORDS[item.name][0] for verb in verbs)]
    before, _, behind = chance.choice(forms).partition("{n}")
    return [before, slot, behind]


def is_count(item: Item) -> bool:
    """Whether what is achieved adds up over the year, so that one speaks of the month's own figure."""
    return item.now.unit != "%" and item.name not in ("有效期内高新技术企业总数", "科技型中小企业评价入库")


def reckoned(value: Decimal, unit: str, *, places: str = "") -> Slot:
    """A figure that the ledger bears out by reckoning."""
    return Slot("rate", None, value.quantize(Decimal(places), ROUND_HALF_UP) if places else value, unit)


def number(fact: Fact | None) -> Decimal:
    """A fact's figure without idle zeros."""
    assert fact is not None
    assert fact.value is not None
    plain = f"{fact.value:f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def last_month(item: Item) -> Slot:
    """What stood at the end of the month before."""
    fact = item.wrong["stale"][-1]
    return Slot("earlier", fact, number(fact), fact.unit, {"period": (item.now,)})


def gained(item: Item) -> Slot:
    """What the last month added; in 百分点 where the figure is a share."""
    value = number(item.now) - number(item.wrong["stale"][-1])
    return reckoned(value, "百分点" if item.now.unit == "%" else item.now.unit)


def year_on_year(item: Item) -> Slot | None:
    """How much more than a year ago, in the same unit or in 百分点."""
    if item.year_ago is None:
        return None
    value = number(item.now) - number(item.year_ago)
    return reckoned(abs(value), "百分点" if item.now.unit == "%" else item.now.unit)


def growth(item: Item) -> Slot | None:
    """By how many per cent more than a year ago; shares are not told so."""
    if item.year_ago is None or item.now.unit == "%":
        return None
    return reckoned((number(item.now) / number(item.year_ago) - 1) * 100, "%", places="0.1")


def ahead_of_time(item: Item, month: int) -> Slot:
    """How far the completion is ahead of (or behind) the share of the year that is gone, in 百分点 without a sign."""
    share = number(item.now) / number(item.floor) * 100 - Decimal(month) / 12 * 100
    return reckoned(abs(share), "百分点", places="0.1")


def is_ahead(item: Item, month: int) -> bool:
    return number(item.now) / number(item.floor) >= Decimal(month) / 12


def short_of_target(item: Item) -> Slot:
    """The gap to the year's target, or the lead over it, without a sign."""
    value = abs(number(item.floor) - number(item.now))
    return reckoned(value, "百分点" if item.now.unit == "%" else item.now.unit)


def nearly(item: Item, chance: random.Random) -> Slot:
    """近 of the next round figure, where that lies within a twenty-fifth; else the figure itself."""
    exact = number(item.now)
    for step in (Decimal(1000), Decimal(100), Decimal(10), Decimal(1)):
        rounded = (exact / step).to_integral_value(ROUND_CEILING) * step
        if exact >= 20 and exact < rounded <= exact * Decimal("1.04") and item.now.unit != "%":
            return Slot("achieved", item.now, rounded, item.now.unit, {}, ("近", ""))
    return item.achieved(chance)


def about(item: Item, chance: random.Random) -> Slot:
    """约 the nearest round figure, where that lies within a thirtieth; else the figure itself."""
    exact = number(item.now)
    for step in (Decimal(1000), Decimal(100), Decimal(10), Decimal(1)):
        rounded = (exact / step).to_integral_value(ROUND_HALF_UP) * step
        if exact >= 20 and rounded != exact and abs(rounded - exact) * 30 <= exact and item.now.unit != "%":
            return Slot("achieved", item.now, rounded, item.now.unit, {}, ("约", ""))
    return item.achieved(chance)
