"""The anchors: one compiled pattern finds every number with its unit and every phrase that stands for a number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.kinds import Kind
from keshu.engines.plandoc.claims.numbers import (
    DIGIT,
    MASK,
    NUMBER,
    NUMERAL,
    is_masked,
    number_value,
    share_value,
    tenths_value,
)
from keshu.engines.plandoc.claims.units import SCALES, UNIT, UNIT_OPENS


@dataclass(slots=True)
class Quantity:
    """A number with its unit, clean offsets ``start`` to ``end``; ``about`` is 余, 多, 近 … inside it, ``text`` as printed."""

    kind: Kind
    start: int
    end: int
    text: str
    value: float | None = None
    high: float | None = None
    unit: str | None = None
    masked: bool = False
    ranged: bool = False
    about: str = ""
    chinese: bool = False
    benchmark: str | None = None


_M = re.escape(MASK)
_DASH = r"(?:-{1,2}|—{1,2}|–|~|～|至|到|或)"
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_REGION = "全省|全市|全县|全区|全国|全州|省|市|县|区|国家|同类|规上工业|GDP|地区生产总值|上年|去年"

_DIGITS = rf"\dlIO{_M}{NUMERAL}半"
#: What behind the first character of a phrase shows that it is none: 达到3, 不低于5, 突破8, 全面推进, 实现增长, 动态管理, 覆盖率.
_NO_PHRASE = rf"[到于过][\d{_M}]|[低高]于[\d{_M}]|破[1-9{_M}]|[面部][^覆]|现[^历重突]|态[^清归销]|盖[^全所]"
#: Where an anchor may open: a digit (that of 1. 2、 三是 2024年 aside), or the first two characters of a phrase. A class of
#: characters comes first and the look behind it second: so the search is fast. ANCHOR is tried nowhere else.
_OPENING = re.compile(
    rf"""[{_DIGITS}"“‘突破从实全应人家户动清归销翻双倍过每亿万高低快优超达不好覆](?<![\d.{_M}{NUMERAL}第].)"""
    rf"""(?:(?<=[{_DIGITS}])(?![、是月a-km-wyz]|\d{{0,3}}年(?!倍)|\.(?![\d%％{_M}]))"""
    rf"""|(?<=翻)|(?<=超)(?!过?[\d{_M}])|(?<=应)(?=..?尽)|(?<![{_DIGITS}])(?=[破零0〇无现面部覆盖人家户态号倍增半个所名元于到低高了])(?!{_NO_PHRASE}))"""
)
#: What may stand behind a number that is an anchor: the first characters of all that ANCHOR looks for there.
_BEHIND = r"余多来几把%％个\-—–~～至到或,。;)" + "".join(sorted({*UNIT_OPENS, *(scale[0] for scale in SCALES)}))
ANCHOR = re.compile(
    rf"""(?=[\dlIO{_M}{NUMERAL}半"“‘突破从实全应人家户动清归销翻双倍过每亿万高低快优超达不好覆])(?<![\d.{_M}{NUMERAL}第])(?!(?<=[A-Za-z])[\dlIO{_M}])(?:(?=[{_DIGITS}])(?:
    (?P<ratio>[1一](?:[:：]|比)(?P<ratio_to>\d{{1,4}}(?:\.\d{{1,2}})?|[{_M}]{{1,3}}|[{NUMERAL}]{{1,3}})(?!\d))
    |(?P<percent_words>百分之(?P<percent_value>[{NUMERAL}点]{{1,9}}|\d{{1,3}}(?:\.\d{{1,3}})?))(?:至百分之(?P<percent_high>[{NUMERAL}点]{{1,9}}))?
    |(?P<fraction>(?P<whole>[一二两三四五六七八九十]{{1,2}})分之(?P<part>[一二两三四五六七八九]))
    |(?P<slash>(?P<slash_part>[1-9])/(?P<slash_whole>[2-9]|10)(?![\d/]))
    |(?P<tenths>(?:[一二两三四五六七八九]|\d)成(?:半|[一二三四五六七八九])?)(?:(?P<tenths_dash>至|到|—|-)(?P<tenths_high>[一二两三四五六七八九]成(?:半|[一二三四五六七八九])?))?(?![果立为效本功长员熟绩交型都人分就品套活列片家行])
    |(?P<half>一半|半数)
    |(?P<mixed>(?P<mixed_yi>[{NUMERAL}]{{1,5}})亿(?P<mixed_wan>[{NUMERAL}]{{1,6}})万(?:元|(?=[,。;、)]|\Z)))
    |(?P<spoken>(?P<spoken_yi>[{NUMERAL}]{{1,5}})亿(?P<spoken_tenth>[一二三四五六七八九])(?=[,。;、)]|\Z))
    |(?P<number>{NUMBER})(?=[{_BEHIND}]|\Z)(?P<about>余|多|来|几|(?<=[十百千万])把(?=[人家个项]))?(?:%(?={_DASH}))?
      (?:{_DASH}(?P<high>(?:\d{{1,12}}(?:\.\d{{1,4}})?|[{_M}]{{1,6}}(?:\.[{_M}]{{1,3}})?|[{NUMERAL}]{{1,6}})))?
      (?P<late>余|多)?
      (?:(?P<percent>[%％])(?!\d)
        |(?P<points>个?百分点|个点(?![的位]))
        |个(?:以上|以内)?(?:位次|名次|排位)
        |(?P<yi>个[亿](?:元|美元)?)
        |(?P<scale>{_SCALE})?(?P<late2>余|多|来)?(?:(?P<unit>{UNIT})|(?:(?<=[万亿])|(?<=[万亿][余多]))(?=[,、。;:()左以，；的之或和]|\Z|大关)|(?P<after>(?<=[\d{_M}{NUMERAL}])(?=[,。;)]|\Z)))))
    |(?P<breakthrough>["“‘]?[零0〇]["”’]?的?突破|突破["“‘]?[零0]["”’]?(?=[,。;、)]|\Z)|破了?[零0〇](?!散)|从无到有的?(?:突破|跨越)|实现(?:历史性|重大)?突破(?=[,。;、)]|\Z))
    |(?P<all>全(?:面|部)?覆盖(?!率)|覆盖(?:全[市县区])?(?:所有|全部)[\u4e00-\u9fff]{{1,8}}(?=[,。;)]|\Z)|应(?!享)[\u4e00-\u9fff]{{1,2}}尽[\u4e00-\u9fff]{{1,2}}|(?<![\u4e00-\u9fff])(?:人人|家家|户户)(?!均))
    |(?P<zero>(?<!逐[个项一条户家件])(?:动态)?(?:清零|归零|销号)(?=[”"’]?(?:[,。;、)]|\Z)))
    |(?P<double>翻[了上]?一?番|翻[了上]?两番|翻[了上]?三番|翻了?一倍|翻倍|(?:双|三年|五年)?倍增(?=[,、。;)以]|\Z))
    |(?P<every>每(?:个|家|户|所|名)(?P<whose>[\u4e00-\u9fff]{{1,8}}?)(?:至少)?都(?:至少|要|应|须|将|必须|已)?(?:有|能|建有|设有|设立|配备|配有|建起|拥有)(?P<what>[\u4e00-\u9fff]{{2,14}})(?=[,。;)]|\Z))
    |(?P<lone>(?<=[超过破近逾])(?P<lone_unit>亿元|万元|万(?:人次?|名|户|亩|件|册)))
    |(?P<over_half>过半数?(?=的?[规企业县乡项平高行村]|[,。;、)]|\Z))
    |(?P<benchmark>(?P<compare>高于|低于|快于|优于|超过|超|达到|不低于|好于|不高于)(?P<reference>[\u4e00-\u9fff]{{0,8}}?(?:平均(?:水平|增速|值|数)?|(?<=全[省市国县区])水平|上年(?:水平|同期)))(?=[,。;、)以]|\Z))
    )""",
    re.VERBOSE,
)
#: By far the most common anchor, tried before ANCHOR and read in the same way: plain digits with a percent sign or a unit,
#: where none of the rarer forms can begin (个百分点, 个亿, ranges).
_PLAIN = re.compile(
    rf"(?<![A-Za-z])(?P<number>\d{{1,15}}(?:\.\d{{1,6}})?)(?:(?P<percent>%)(?!{_DASH}|\d)|"
    rf"(?!个[百点以位名排亿])(?:(?P<scale>[万亿])(?!亿))?(?P<unit>{UNIT}))"
)
RANK = re.compile(
    rf"""第(?P<rank>\d{{1,4}}|[{_M}]{{1,4}}|[{NUMERAL}]{{1,4}})(?:(?P<sign>位|名)(?!单)|(?=[,。;、)(]|\Z))
    |前(?P<within>\d{{1,4}}|[{NUMERAL}]{{1,3}}|[{_M}]{{1,3}})(?:(?P<sign2>位|名|强)(?!单)|(?=[,。;、)行]|\Z))
    |(?<![摆放]在)(?<=[居列为获占排第市省国区县街镇乡园州在])(?P<first>首位|榜首|首名)
    |(?:前进|前移|进位|晋位|晋升|提升|上升|跃升|提高|(?<![引新招])进|后移|下降)(?P<steps>\d{{1,3}}|[{_M}]{{1,3}}|[{NUMERAL}]{{1,3}})(?:个)?(?:以上)?(?:位次|名次|位(?!于|置)|名(?!单))""",
    re.VERBOSE,
)

_FLOOR_AND_AIM = re.compile(
    rf"保第?(?P<floor>\d{{1,3}}|[{NUMERAL}]{{1,3}})[位名]?、?[争冲进]第?(?P<aim>\d{{1,3}}|"
    rf"[{NUMERAL}]{{1,3}})[位名]?(?=[,。;、)]|\Z)"
)
#: 评价在全市保三争二: places, not pieces.
_AMONG = re.compile(r"(?:全[国省市县区州]|全系统|排名|位次|名次|评价|考核|评比|考评)(?:里|中)?$")
#: Where a rank may open; RANK is tried nowhere else.
_RANK_OPENING = re.compile(rf"[第前首榜晋提上跃进后下](?=[\d{_M}{NUMERAL}位名首]|[进移位升高降][\d{_M}{NUMERAL}])")
_DOUBLES = {"翻番": 100.0, "翻一番": 100.0, "翻一倍": 100.0, "翻倍": 100.0, "翻两番": 300.0, "翻三番": 700.0}


def find_quantities(text: str, start: int, end: int) -> list[Quantity]:
    """Every anchor of `text` between `start` and `end`, in order, look-alikes not yet taken out."""
    found = [quantity for match in anchors(text, start, end) if (quantity := _quantity(match)) is not None]
    ranks = [_rank(match) for match in _matches(_RANK_OPENING, RANK, text, start, end)]
    if len(found) > 1:
        for first, second in itertools.pairwise(found):
            if second.kind is kinds.POINTS and first.unit == "个" and text[first.end : second.start] in ("、", "和"):
                first.kind, first.unit = kinds.POINTS, "百分点"
        if text.find("有", start, end) >= 0:
            found = list(_of_ten(text, found))
    if paired := list(_floor_and_aim(text, start, end)):
        found = sorted([*_outside(found, paired), *paired], key=lambda quantity: quantity.start)
        ranks = list(_outside(ranks, paired))
    if ranks:
        found = sorted([*_outside(found, ranks), *ranks], key=lambda quantity: quantity.start)
    return found


#: 每十家规上企业就有四家, 十家里头有六家: a share, told by its parts.
_OF_TEN = re.compile(r"[\u4e00-\u9fff]{0,10}?(?P<inside>里头?|里面|当中|中)?[就只仅才还也]{0,2}有$")


def _of_ten(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """The quantities, a count out of ten or a hundred turned into percent."""
    base: Quantity | None = None
    for quantity in found:
        if base is not None and quantity.unit == base.unit and quantity.value and quantity.value < (base.value or 0):
            match = _OF_TEN.match(text[base.end : quantity.start])
            if match is not None and (match["inside"] or text[base.start - 1 : base.start] == "每"):
                quantity.value = share_value(quantity.value, base.value or 1)
                quantity.kind, quantity.unit, base = kinds.PERCENT, "%", None
        if base is not None:
            yield base
        told = quantity.value in (10, 100) or (
            quantity.chinese and quantity.text[0] in "三四五" and text[quantity.start - 1 : quantity.start] == "每"
        )
        base = quantity if told and quantity.unit in _COUNTED_IN else None
        if base is None:
            yield quantity
    if base is not None:
        yield base


_COUNTED_IN = frozenset({"家", "个", "户", "名", "人", "项"})


def _floor_and_aim(text: str, start: int, end: int) -> Iterator[Quantity]:
    """保一争二: two numbers whose unit is that of the indicator, the second the ambitious one."""
    if text.find("保", start, end) < 0:
        return
    for match in _FLOOR_AND_AIM.finditer(text, start, end):
        ranked = "第" in match[0] or _AMONG.search(text, max(start, match.start() - 8), match.start()) is not None
        kind, unit = (kinds.RANK, "位") if ranked else (kinds.BARE, None)
        for part, sign in (("floor", "保"), ("aim", "争")):
            begin, stop = match.start(part) - 1, match.end(part)
            if text[begin] == "第":
                begin -= 1
            yield Quantity(
                kind,
                begin,
                stop,
                text[begin:stop],
                value=number_value(match[part]),
                unit=unit,
                about=sign,
                chinese=True,
            )


def anchors(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The matches of ANCHOR (or of _PLAIN in its place), which are tried at openings only."""
    search, plain, anchor = _OPENING.search, _PLAIN.match, ANCHOR.match
    opening = search(text, start, end)
    while opening is not None:
        place = opening.start()
        match = plain(text, place, end) or anchor(text, place, end)
        if match is not None:
            yield match
            place = match.end()
        opening = search(text, place if match is not None else place + 1, end)


def _matches(
    opening: re.Pattern[str], pattern: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """The matches of `pattern`, tried only where `opening`, a look at one character and the next, allows it."""
    found = opening.search(text, start, end)
    while found is not None:
        match = pattern.match(text, found.start(), end)
        if match is not None:
            yield match
        found = opening.search(text, found.end() if match is None else match.end(), end)


def _outside(found: list[Quantity], ranks: list[Quantity]) -> Iterator[Quantity]:
    """The quantities that overlap no rank; both lists are in order."""
    place = 0
    for quantity in found:
        while place < len(ranks) and ranks[place].end <= quantity.start:
            place += 1
        if place == len(ranks) or ranks[place].start >= quantity.end:
            yield quantity


def _rank(match: re.Match[str]) -> Quantity:
    """第3位, 前五, 首位; moving up by places (进位2位) is a NUMBER of places."""
    text = match[0]
    digits = match["rank"] or match["within"] or match["steps"] or "一"
    value, masked = number_value(digits), is_masked(digits)
    if match["steps"]:
        start = match.start("steps")
        sign = -1.0 if text.startswith(("后移", "下降")) else 1.0
        return Quantity(
            kinds.NUMBER,
            start,
            match.end(),
            match.string[start : match.end()],
            value=None if value is None else sign * value,
            unit="位",
            masked=masked,
            chinese=digits[0] in NUMERAL,
        )
    within = bool(match["within"])
    return Quantity(
        kinds.RANK,
        match.start(),
        match.end(),
        text,
        value=value,
        unit="位",
        masked=masked,
        about="前" if within else "" if match["first"] or match["sign"] else "?",
    )


def _quantity(match: re.Match[str]) -> Quantity | None:
    quantity = Quantity(kinds.NUMBER, match.start(), match.end(), match[0])
    if match.re is _PLAIN:
        return _plain(quantity, match)
    if match["number"] is not None:
        return _number(quantity, match)
    if match["ratio"]:
        quantity.kind, quantity.unit = kinds.RATIO, "倍"
        quantity.value, quantity.masked = number_value(match["ratio_to"]), is_masked(match["ratio_to"])
    elif match["percent_words"]:
        quantity.kind, quantity.unit, quantity.value = kinds.PERCENT, "%", number_value(match["percent_value"])
        if match["percent_high"]:
            quantity.high, quantity.ranged = number_value(match["percent_high"]), True
    elif match["fraction"]:
        quantity.kind, quantity.unit = kinds.PERCENT, "%"
        quantity.value = share_value(number_value(match["part"]) or 0, number_value(match["whole"]) or 0)
    elif match["slash"]:
        quantity.kind, quantity.unit = kinds.PERCENT, "%"
        quantity.value = share_value(float(match["slash_part"]), float(match["slash_whole"]))
    elif match["tenths"]:
        quantity.kind, quantity.unit, quantity.value = kinds.PERCENT, "%", tenths_value(match["tenths"])
        quantity.about = "多" if match.string.startswith(("多", "余"), match.end()) else ""
        if match["tenths_high"]:
            quantity.high, quantity.ranged = tenths_value(match["tenths_high"]), True
    elif match["mixed"]:
        high, low = number_value(match["mixed_yi"]), number_value(match["mixed_wan"])
        if high is None or low is None:
            return None
        quantity.value, quantity.unit = round(high + low / 10000, 6), "亿元"
    elif match["spoken"]:
        quantity.unit, quantity.value = (
            "亿元",
            (number_value(match["spoken_yi"]) or 0) + DIGIT[match["spoken_tenth"]] / 10,
        )
    elif match["half"] or match["over_half"]:
        quantity.kind, quantity.unit, quantity.value = kinds.PERCENT, "%", 50.0
        more = "多" if match.string.startswith("多", match.end()) else ""
        quantity.about = "过" if match["over_half"] else more
    elif match["every"]:
        quantity.kind, quantity.unit, quantity.value = kinds.ALL, "%", 100.0
        quantity.benchmark = match["whose"] + match["what"]
    elif match["lone"]:
        quantity.value, quantity.unit = 1.0, match["lone_unit"]
    elif match["breakthrough"]:
        quantity.kind = kinds.BREAKTHROUGH
    elif match["all"]:
        quantity.kind, quantity.unit, quantity.value = kinds.ALL, "%", 100.0
    elif match["zero"]:
        quantity.kind, quantity.value = kinds.ZERO, 0.0
    elif match["double"]:
        quantity.kind, quantity.unit = kinds.TIMES, "%"
        quantity.value = _DOUBLES.get(match["double"].replace("了", "").replace("上", ""), 100.0)
    elif match["benchmark"]:
        quantity.kind, quantity.benchmark, quantity.about = kinds.BENCHMARK, match["reference"], match["compare"]
    return quantity


def _plain(quantity: Quantity, match: re.Match[str]) -> Quantity | None:
    digits, percent, scale, unit = match.group("number", "percent", "scale", "unit")
    if digits[0] == "0" and digits[1:2].isdigit():
        return None
    quantity.value = float(digits)
    if percent:
        quantity.kind, quantity.unit = kinds.PERCENT, "%"
    else:
        _take_unit(quantity, scale or "", unit)
    return quantity


def _number(quantity: Quantity, match: re.Match[str]) -> Quantity | None:
    digits, high = match["number"], match["high"]
    quantity.masked = is_masked(digits) or bool(high and is_masked(high))
    quantity.value = number_value(digits)
    if quantity.value is None and not quantity.masked:
        return None
    if quantity.masked:
        quantity.value = None
    quantity.chinese = digits[0] in NUMERAL or digits[0] == "半"
    quantity.about = match["about"] or match["late"] or match["late2"] or ""
    if digits[0] == "0" and digits[1:2].isdigit():
        return None
    if digits[0] in "十百千" and match.string[match.start() - 1 : match.start()] in ("数", "几"):
        return None  # 数十条, 几百家 name no number
    if high:
        quantity.ranged = True
        quantity.high = None if quantity.masked else number_value(high)
        if quantity.high is None and not quantity.masked:
            return None
        if match["percent"] and quantity.high is not None and quantity.high < (quantity.value or 0):
            return None
    scale = match["scale"] or ""
    if match["percent"]:
        quantity.kind, quantity.unit = kinds.PERCENT, "%"
    elif match["points"]:
        quantity.kind, quantity.unit = kinds.POINTS, "百分点"
    elif match["yi"]:
        quantity.unit = "亿美元" if match["yi"].endswith("美元") else "亿元"
    elif match["unit"]:
        _take_unit(quantity, scale, match["unit"])
    elif scale:
        quantity.unit, quantity.kind = scale, kinds.BARE
    elif match["after"] is not None:
        if quantity.chinese and match.string[match.start() - 1 : match.start()] not in "破上过到达为保争刺":
            return None
        quantity.kind = kinds.BARE
    else:  # 个名次, 个以上位次
        quantity.unit = "位"
    return quantity


def _take_unit(quantity: Quantity, scale: str, unit: str) -> None:
    """Put scale and unit together; 千 and 百 before 万 count into the value (一千二百万元 is 1200 万元)."""
    factor = 1.0
    if len(scale) == 2 and scale != "万亿":
        factor, scale = {"千": 1e3, "百": 1e2, "十": 1e1}[scale[0]], scale[1]
    if factor != 1.0:
        quantity.value = None if quantity.value is None else quantity.value * factor
        quantity.high = None if quantity.high is None else quantity.high * factor
    quantity.unit = scale + unit
    if unit == "倍":
        quantity.kind = kinds.TIMES
