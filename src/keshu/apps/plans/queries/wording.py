"""Readings put into the words an office uses: requirements, periods, figures. Plain values in, Chinese out; no database."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from keshu.kernel.counting import about, half_up, is_counted, to_whole
from keshu.kernel.period import Period

# In the name of an indicator that counts what is left after losses: 净增, 净新增; of 净增加 the reader leaves 净 at the end.
NET = ("净增", "净新增")
NET_TAIL = "净"
_OPS = {
    ">=": "不少于{}",
    ">": "突破{}",
    "<=": "不超过{}",
    "=": "{}",
    "~": "{}左右",
    "between": "{}",
    "rank<=": "进入前{}",
}
# Shares that documents print as fractions; the engine reads them in per cent, to two places.
_FRACTIONS = {
    Decimal("16.67"): "六分之一",
    Decimal("33.33"): "三分之一",
    Decimal("66.67"): "三分之二",
    Decimal("83.33"): "六分之五",
}
_PRINTED_NUMBER = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d+(?:、|[.．](?!\d)))\s*"
)
_HALVES = {1: "上半年", 2: "下半年"}
_QUARTERS = {1: "一季度", 2: "二季度", 3: "三季度", 4: "四季度"}


def counts_net(indicator: str) -> bool:
    """Whether the indicator counts what is left after losses; 新增 and 新认定 do not say so.

    >>> counts_net("净新增高新技术企业"), counts_net("高新技术企业净增"), counts_net("新认定高新技术企业")
    (True, True, False)
    """
    return any(word in indicator for word in NET) or indicator.endswith(NET_TAIL)


def figure(value: Decimal | float | None, value_high: Decimal | float | None = None) -> str:
    """A number without needless zeros, with thousands separators; a range as 6—8; empty for none.

    >>> figure(Decimal("1286.400000")), figure(Decimal("6"), Decimal("8")), figure(None)
    ('1,286.4', '6—8', '')
    """
    if value is None:
        return ""
    shown = f"{Decimal(str(value)):,f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown if value_high is None else f"{shown}—{figure(value_high)}"


POINT, POINTS = "百分点", "个百分点"


def unit_word(unit: str) -> str:
    """The unit as people read it behind a figure; `kept_unit` is its inverse."""
    return POINTS if unit == POINT else unit


def kept_unit(text: str) -> str:
    """The unit as it is stored, however it was typed.

    >>> kept_unit("个百分点"), kept_unit(" 家 "), unit_word(kept_unit("百分点"))
    ('百分点', '家', '个百分点')
    """
    unit = text.strip()
    return POINT if unit == POINTS else unit


def amount(
    value: Decimal | float | None, value_high: Decimal | float | None = None, *, unit: str = "", per: str = ""
) -> str:
    """A value with its unit: the one place where the two are put together.

    >>> amount(Decimal("33.33"), unit="%"), amount(Decimal("1.2"), unit="百分点"), amount(Decimal("7.8"), unit="件", per="万人")
    ('三分之一（33.33%）', '1.2个百分点', '7.8件/万人')
    """
    shown = figure(value, value_high) + unit_word(unit) + (f"/{per}" if per else "")
    is_share = unit == "%" and value is not None and value_high is None
    fraction = _FRACTIONS.get(round(Decimal(str(value)), 2)) if is_share else None
    return f"{fraction}（{shown}）" if fraction else shown


def requirement(
    *,
    op: str,
    value: Decimal | float | None,
    value_high: Decimal | float | None = None,
    unit: str = "",
    measure: str = "level",
    per: str = "",
    benchmark: str = "",
    masked: bool = False,
    is_net: bool = False,
) -> str:
    """What is asked for, in a phrase. `is_net`: what is left after losses.

    >>> requirement(op=">=", value=30, unit="家", measure="increase")
    '新增不少于30家'
    >>> requirement(op=">=", value=30, unit="家", measure="increase", is_net=True)
    '净增不少于30家'
    >>> requirement(op="rank<=", value=3, unit="位", measure="rank")
    '进入前3位'
    >>> requirement(op=">=", value=1, unit="个百分点", measure="increase", benchmark="全省平均")
    '高于全省平均1个百分点'
    """
    if op == "breakthrough":
        return "实现零的突破"
    if op == "all":
        return "全覆盖" if value is None or value == 100 else f"全部（{amount(value, unit=unit)}）"
    if benchmark:
        relation = "低于" if op == "<=" else "高于" if value is not None else "达到"
        return f"{relation}{benchmark}{'' if value is None else amount(value, unit=unit, per=per)}"
    if value is None:
        return f"（原文数字隐去）{unit}" if masked else "—"
    prefix, shown_value, shown_high = _direction(measure, unit, value, value_high)
    prefix = "净增" if is_net and prefix == "新增" else prefix
    shown = amount(shown_value, shown_high, unit=unit, per=per)
    phrase = f"第{shown}" if measure == "rank" and op == "=" else _OPS.get(op, "{}").format(shown)
    return prefix + phrase


def _direction(
    measure: str, unit: str, value: Decimal | float, value_high: Decimal | float | None
) -> tuple[str, Decimal | float, Decimal | float | None]:
    """The verb of a change, and the number without a sign where the verb already says down."""
    if measure not in ("increase", "growth_rate"):
        return "", value, value_high
    if value < 0:
        return "下降", -value, None if value_high is None else -value_high
    if measure == "growth_rate":
        return "增长", value, value_high
    return ("提高" if "百分点" in unit or unit in ("%", "位") else "新增"), value, value_high


def period_text(period: str) -> str:
    """A period as spoken; empty stays empty.

    >>> period_text("2026-Q2"), period_text("2026-H1"), period_text("2021/2025"), period_text("2026-01/2026-11")
    ('2026年二季度', '2026年上半年', '2021—2025年', '2026年1—11月')
    """
    if not period:
        return ""
    first, _, last = period.partition("/")
    if last:
        if len(first) == 4 and len(last) == 4:
            return f"{first}—{last}年"
        if len(first) == 7 and len(last) == 7 and first[:4] == last[:4] and "Q" not in period and "H" not in period:
            return f"{first[:4]}年{int(first[5:])}—{int(last[5:])}月"
        return f"{period_text(first)}至{period_text(last)}"
    year, _, part = first.partition("-")
    if part.startswith("H"):
        return f"{year}年{_HALVES[int(part[1])]}"
    if part.startswith("Q"):
        return f"{year}年{_QUARTERS[int(part[1])]}"
    return f"{year}年{int(part)}月" if part else f"{year}年"


def deadline_text(due_on: date | None, *, period: str = "", printed: str = "") -> str:
    """A deadline as printed, else as a period, else as a date."""
    if printed:
        return printed
    if period:
        return period_text(period)
    return "" if due_on is None else f"{due_on:%Y-%m-%d}"


def last_day(period: str) -> date | None:
    """The day a period ends on."""
    return Period.parse(period).last_day if period else None


def day_words(day: date) -> str:
    """3月底 for a month's last day, else 3月15日.

    >>> day_words(date(2026, 3, 31)), day_words(date(2026, 3, 15))
    ('3月底', '3月15日')
    """
    is_last = (day + timedelta(days=1)).day == 1
    return f"{day.month}月底" if is_last else f"{day.month}月{day.day}日"


def chance(probability: Decimal | None) -> str:
    """A probability as one says it: 35%; what is not certain never reads 0% or 100%.

    >>> chance(Decimal("0.354")), chance(Decimal("0.001")), chance(Decimal("0.999")), chance(Decimal(1)), chance(None)
    ('35%', '不到1%', '99%以上', '100%', '')
    """
    if probability is None:
        return ""
    if 0 < probability < Decimal("0.01"):
        return "不到1%"
    return "99%以上" if Decimal("0.99") < probability < 1 else f"{probability * 100:.0f}%"


def rounded(value: Decimal) -> Decimal:
    """A forecast without digits that say nothing: whole from a hundred upwards."""
    return half_up(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def foretold(value: Decimal, value_high: Decimal | None = None, *, unit: str, per: str = "") -> str:
    """What is expected, or between which ends: things that are counted whole, the rest without digits that say nothing.

    >>> foretold(Decimal("1.33"), unit="个"), foretold(Decimal("0.6"), Decimal("3.2"), unit="个")
    ('约1个', '1—3个')
    >>> foretold(Decimal("1.333"), unit="亿元"), foretold(Decimal("7.84"), unit="件", per="万人")
    ('1.33亿元', '7.84件/万人')
    """
    if per or not is_counted(unit):
        return amount(rounded(value), None if value_high is None else rounded(value_high), unit=unit, per=per)
    if value_high is None:
        return f"{about(value)}{unit}"
    low, high = Decimal(to_whole(value)), Decimal(to_whole(value_high))
    return amount(low, None if low == high else high, unit=unit)


def monthly(value: Decimal, *, unit: str, per: str = "") -> str:
    """So much a month; of things that are counted a mean, which may fall between two whole numbers.

    >>> monthly(Decimal("1.333"), unit="个"), monthly(Decimal("1.333"), unit="亿元")
    ('平均1.3个', '1.33亿元')
    """
    if per or not is_counted(unit):
        return amount(rounded(value), unit=unit, per=per)
    return f"平均{amount(half_up(value, 1) if value >= Decimal('0.1') else rounded(value), unit=unit)}"


def since_words(value: Decimal | None, start: Decimal | None, *, unit: str, per: str = "") -> str:
    """What a stock has gained since last year's end, as a clause that follows the figure; empty where that end is not known.

    >>> since_words(Decimal(305), Decimal(300), unit="家"), since_words(Decimal(300), Decimal(300), unit="家")
    ('，比上年末300家增加5家', '，与上年末持平')
    """
    if value is None or start is None:
        return ""
    if value == start:
        return "，与上年末持平"
    before, more = (amount(each, unit=unit, per=per) for each in (start, abs(value - start)))
    return f"，比上年末{before}{'增加' if value > start else '减少'}{more}"


def unnumbered(title: str) -> str:
    """A heading without the number it has in its document, for a list that numbers anew.

    >>> unnumbered("（一）培育企业"), unnumbered("2.推进机构建设"), unnumbered("一、总体要求"), unnumbered("2.5亿元基金")
    ('培育企业', '推进机构建设', '总体要求', '2.5亿元基金')
    """
    return _PRINTED_NUMBER.sub("", title)
