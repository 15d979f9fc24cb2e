"""The answer in plain official Chinese: reasons one by one, and the paragraph for the page."""

from __future__ import annotations

from keshu.engines.outlook.answer import Method, Outlook, Prospect, Reason, ReasonCode, Standing
from keshu.engines.outlook.months import Calendar
from keshu.engines.outlook.question import Goal, Kind, Op, Question
from keshu.engines.outlook.smoothing import Form
from keshu.kernel.counting import about, is_counted, to_whole
from keshu.kernel.period import Period

_METHODS = (
    ("share", ReasonCode.SHARE_OF_YEAR, "份额法（今年至今占全年的比重同往年）"),
    ("level", ReasonCode.RECENT_LEVEL, "近期水平法（剔除季节因素后保持近期水平）"),
    ("trend", ReasonCode.DAMPED_TREND, "阻尼趋势法（近期水平加逐步减弱的增长）"),
)
_OPS = {
    Op.AT_LEAST: "不低于{}",
    Op.MORE_THAN: "超过{}",
    Op.AT_MOST: "不超过{}",
    Op.LESS_THAN: "低于{}",
    Op.EQUAL: "达到{}",
    Op.BETWEEN: "在{}至{}之间",
}


def reasons(
    question: Question, calendar: Calendar, method: Method, by_method: dict[str, float], form: Form | None
) -> tuple[Reason, ...]:
    """Why this method, from which figures, and what each method says by itself."""
    found: list[Reason] = []
    unit = question.unit
    if calendar.marks:
        until = period_words(_slot_period(question, calendar, calendar.marks[-1][0]))
        said = "累计" if question.kind.adds_up else "为"
        text = f"截至{until}{said}{number(calendar.certain, unit)}"
        found.append(Reason(ReasonCode.REPORTED, {"until": until, "value": calendar.certain}, text))
    else:
        found.append(Reason(ReasonCode.NO_FIGURES, {"year": question.year}, f"{question.year}年还没有数据"))
    if calendar.filled:
        text = f"今年缺{len(calendar.filled)}期数据，已按相邻数据补足"
        found.append(Reason(ReasonCode.GAPS_FILLED, {"count": len(calendar.filled)}, text))
    if method is Method.CLOSED:
        return (*found, Reason(ReasonCode.YEAR_OVER, {"year": question.year}, f"{question.year}年已经结束"))
    if calendar.incomplete:
        named = "、".join(f"{year}年" for year in calendar.incomplete)
        text = f"{named}数据不全或不连续，没有使用"
        found.append(Reason(ReasonCode.YEAR_INCOMPLETE, {"years": named}, text))
    if method is Method.COMBINED:
        return (*found, *_of_methods(question, calendar, by_method, form))
    if len(calendar.years) >= 2:
        found.append(Reason(ReasonCode.ALL_ZERO, {}, "往年都是零，不能据以推算完成的可能性"))
    else:
        count = len(calendar.years)
        text = f"往年完整数据{f'只有{count}年' if count else '一年也没有'}，至少要有2年才能估计完成的可能性"
        found.append(Reason(ReasonCode.TOO_FEW_YEARS, {"count": count}, text))
    if method is Method.STRAIGHT_LINE:
        found.append(Reason(ReasonCode.STRAIGHT_LINE, {}, "以下只按今年至今的平均进度推算"))
    return tuple(found)


def _of_methods(question: Question, calendar: Calendar, by_method: dict[str, float], form: Form | None) -> list[Reason]:
    unit = question.unit
    first, last = calendar.years[0], calendar.years[-1]
    text = f"参照{first}年至{last}年共{len(calendar.years)}年的数据"
    found = [Reason(ReasonCode.YEARS_USED, {"first": first, "last": last, "count": len(calendar.years)}, text)]
    if form in (Form.COUNTED, Form.DIFFERENCE):
        found.append(Reason(ReasonCode.ADDITIVE, {}, "有的月份为零或负，按绝对量而不按比例推算"))
    for name, code, said in _METHODS:
        if name in by_method:
            found.append(Reason(code, {"value": by_method[name]}, f"{said}预计{expected(by_method[name], unit)}"))
    return found


def explanation(outlook: Outlook) -> str:
    """The paragraph: where the figures come from, what is expected, how each goal stands."""
    sentences = [f"{'；'.join(each.text for each in outlook.reasons)}。", *_expected(outlook)]
    for name, each in (("确保", outlook.floor), ("力争", outlook.stretch)):
        if each is not None:
            sentences.append(_of_goal(name, each, outlook))
    return "".join(sentences)


def _expected(outlook: Outlook) -> list[str]:
    if outlook.forecast is None or outlook.method is Method.CLOSED:
        return []
    value = expected(outlook.forecast, outlook.unit)
    if outlook.low is None or outlook.high is None:
        return [f"按平均进度推算，年底{'累计' if outlook.kind.adds_up else '为'}{value}。"]
    ends = _ends(outlook.low, outlook.high, outlook.unit)
    codes = {code for _, code, _ in _METHODS}
    methods = sum(reason.code in codes for reason in outlook.reasons)
    how = "加权平均" if outlook.method is Method.COMBINED and methods > 1 else ""
    return [f"{how}预计{outlook.year}年{'全年' if outlook.kind.adds_up else '年底'}{value}，八成的可能在{ends}。"]


def _ends(low: float, high: float, unit: str) -> str:
    """The ends of the interval; where whole things leave one number, that."""
    if is_counted(unit):
        low, high = to_whole(low), to_whole(high)
    if low == high:
        return f"{number(low, unit)}左右"
    return f"{number(low, unit)}至{number(high, unit)}之间"


def _of_goal(name: str, each: Prospect, outlook: Outlook) -> str:
    parts = [f"{name}目标{goal_words(each.goal, outlook.unit)}"]
    if each.standing is Standing.MET and each.met_in is not None:
        return f"{parts[0]}，已于{period_words(each.met_in)}实现。"
    if each.standing is Standing.MISSED:
        over = outlook.method is Method.CLOSED
        return f"{parts[0]}，{'没有实现' if over else '已经超出，今年不能实现'}。"
    if each.standing is Standing.MET_FOR_NOW and each.met_in is not None:
        parts.append(f"{period_words(each.met_in)}起已达到，以年底数为准")
    if each.probability is not None:
        parts.append(f"实现的可能性{percent(each.probability)}")
    if each.standing is Standing.OPEN and outlook.forecast is not None:
        parts.append(_when(each, outlook))
    return "，".join([*parts, *_pace_words(each, outlook)]) + "。"


def _when(each: Prospect, outlook: Outlook) -> str:
    if each.expected_in is None:
        return "按预计的走势今年难以实现"
    if each.goal.is_ceiling and outlook.kind.adds_up:
        return "按预计的走势年底不会超出"
    return f"预计{period_words(each.expected_in)}实现"


def _pace_words(each: Prospect, outlook: Outlook) -> list[str]:
    pace = each.pace
    if pace is None or (each.standing is Standing.MET_FOR_NOW and not each.goal.is_ceiling):
        return []
    # so many a month is a mean: of things that are counted it may fall between two whole numbers
    month = "今后每月平均" if is_counted(outlook.unit) else "今后每月"
    need = number(pace.per_month, outlook.unit)
    if each.goal.is_ceiling:
        return [f"{month}最多{need}"] if outlook.kind.adds_up else []
    said = f"{month}需{'' if outlook.kind.adds_up else '增加'}{need}"
    if outlook.kind in (Kind.SHARE, Kind.GROWTH_RATE):
        said = f"今后每月需提高{number(pace.per_month, '个百分点')}"
    if pace.times_last_year is not None:
        return [f"{said}，是去年同期月均的{pace.times_last_year:.2f}倍"]
    return [said]


def goal_words(goal: Goal, unit: str) -> str:
    """The goal as one says it: 不低于120家."""
    return _OPS[goal.op].format(number(float(goal.value), unit), number(float(goal.high or 0), unit))


def period_words(period: Period) -> str:
    """2026年6月, 2026年第2季度."""
    year, month = period.first // 12, period.first % 12 + 1
    return f"{year}年第{month // 3 + 1}季度" if period.months == 3 else f"{year}年{month}月"


def percent(probability: float) -> str:
    """Whole per cents; what is not certain never reads 0% or 100%."""
    if 0 < probability < 0.01:
        return "不到1%"
    return "99%以上" if 0.99 < probability < 1 else f"{probability * 100:.0f}%"


def expected(value: float, unit: str = "") -> str:
    """What is expected; things that are counted are told whole.

    >>> expected(1.33, "个"), expected(1.333, "亿元")
    ('约1个', '1.33亿元')
    """
    return f"{about(value)}{unit}" if is_counted(unit) else number(value, unit)


def number(value: float, unit: str = "") -> str:
    """At most four digits that count, and never fewer than the whole ones."""
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{'0' if text == '-0' else text}{unit}"


def _slot_period(question: Question, calendar: Calendar, slot: int) -> Period:
    year = question.year
    return Period.month(year, slot) if calendar.slots == 12 else Period.quarter(year, slot)
