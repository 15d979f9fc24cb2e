"""Which period a figure belongs to: the words of its clause, else what the sentence carries, else the place."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.deadlines import Moment
from keshu.engines.plandoc.claims.wording import Wording
from keshu.engines.plandoc.document import Measure, Tense
from keshu.engines.plandoc.passage import Passage
from keshu.kernel.period import Period

#: Names of their own, found faster than through the enum (see `kinds`).
_ACTUAL, _TARGET = Tense.ACTUAL, Tense.TARGET
_FLOWS = frozenset({Measure.INCREASE, Measure.COUNT, Measure.GROWTH_RATE})
_SPAN_WORDS = re.compile(r"[三四五两]年(?:间|内|累计|来|共)?|年均|每年|累计(?!达|超|突破)")
_STOCK_WORDS = re.compile("总数|总量|保有量|达到|累计")
_WHOLE_YEAR = re.compile(r"(?:全年|年度|年初|当年)(?:预期|考核|工作)?(?:目标|任务|计划)")
_UNDATED = "已完成数未写明截止时间"


def period_of(
    context: Context, item: Item, moments: list[Moment], measure: Measure, tense: Tense, wording: Wording
) -> tuple[Period | None, list[str]]:
    """The period of a claim, and doubts about it."""
    passage = context.passage
    before = context.text[item.start : item.quantity.start]
    if not moments and context.carried is None:
        return (None, []) if wording.start_value else _of_place(passage, None, measure, tense, before)
    usable = moments and [m for m in moments if m.start < item.quantity.start and not (m.plan and tense is _ACTUAL)]
    base = next((m for m in reversed(usable) if m.base and m.start >= item.start), None) if usable else None
    governing = _governing(context, item, [m for m in usable if not m.base], wording) if usable else None
    if wording.start_value:
        own = governing if governing is not None and governing.start >= item.start else None
        return (own.period if own is not None else None), []
    if governing is None and context.carried is not None:
        governing = context.carried
    if governing is not None and not (governing.past and tense is _TARGET):
        period = governing.period
        if tense is _ACTUAL and period.months > 12 and measure not in _FLOWS and not _SPAN_WORDS.search(before):
            return Period.year(period.last // 12), []
        if (
            tense is _TARGET
            and passage.tense is _ACTUAL
            and period.months < 12
            and _WHOLE_YEAR.search(context.text, max(context.start, item.start - 8), item.quantity.start)
        ):
            return Period.year(period.last // 12), []
        if (governing.over_years is not None and measure is Measure.GROWTH_RATE) or (
            "年均" in before and governing.over_years is not None
        ):
            return governing.over_years, []
        if "年均" in before and governing.year_level and passage.period is not None and passage.period.months > 12:
            return passage.period, []
        if (
            tense is _ACTUAL
            and _is_deadline(governing, context.text)
            and passage.period is not None
            and passage.period.contains(period)
        ):
            return passage.period, []
        return (period if base is None else _from_base(period, base, measure, before)), []
    return _of_place(passage, base, measure, tense, before)


def _governing(context: Context, item: Item, moments: list[Moment], wording: Wording) -> Moment | None:
    """The last time expression that reaches the number.

    A year reaches to the end of the sentence, a part of the year to the end of its own clause and to trailing clauses that
    name nothing; where its own clause had no number, to the next one.
    """
    for moment in reversed(moments):
        if moment.start >= item.start or moment.year_level:
            break
        between = context.text[moment.end : item.before_start]
        own_words = wording.name and item.lead == "," and not item.bracket
        if not own_words or context.measured_at <= moment.start or context.passage.tense is _ACTUAL:
            break
        if between.count(",") and context.measured_at > moment.start:
            return None
    else:
        return None
    return moment


def _is_deadline(moment: Moment, text: str) -> bool:
    """截至10月底, 12月20日前: the date of a figure in results, not the stretch it covers."""
    return moment.period.months == 1 and (
        text[moment.start : moment.end].startswith(("截", "至", "到")) or text[moment.end - 1] in "前底末"
    )


def _of_place(
    passage: Passage, base: Moment | None, measure: Measure, tense: Tense, before: str
) -> tuple[Period | None, list[str]]:
    period = passage.period
    if period is None:
        return None, []
    if passage.tense is _TARGET and tense is _ACTUAL:
        return None, [_UNDATED]
    if passage.tense is _ACTUAL and tense is _TARGET and period.months < 12:
        return Period.year(period.last // 12), []
    if period.months <= 12:
        return (period if base is None else _from_base(period, base, measure, before)), []
    stock = measure is Measure.CUMULATIVE and _STOCK_WORDS.search(before) and not _SPAN_WORDS.search(before)
    if measure in _FLOWS or _SPAN_WORDS.search(before) or (measure is Measure.CUMULATIVE and not stock):
        return period, []
    return Period.year(period.last // 12), []


def _from_base(period: Period, base: Moment, measure: Measure, before: str) -> Period:
    """Growth over several years (较2015年提高) covers the years after its base."""
    if not (measure in (Measure.INCREASE, Measure.GROWTH_RATE) or "年均" in before) or period.months != 12:
        return period
    first, last = base.period.last // 12 + 1, period.last // 12
    return Period.years(first, last) if first < last else period
