"""The sections about targets: the whole in a paragraph, the table, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keshu.apps.briefings.services.composing.passages import Chart, Grid, Passage, Text
from keshu.apps.briefings.services.composing.sources import (
    LIGHT_WORDS,
    SourceBook,
    by_light,
    cell,
    change_words,
    day_words,
    percent_of,
    text,
)
from keshu.apps.plans.services.fact_rows import PeriodFacts, TargetFact

NOTHING = "—"
BEHIND = ("late", "missed")


def overview(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """总体情况: targets and tasks by light, reporting, supervision, in three sentences."""
    passages: list[Passage] = [_counted_targets(facts, book)]
    if facts.tasks:
        done, behind = len(by_light(facts.tasks, "done")), len(by_light(facts.tasks, *BEHIND))
        total = book.counted("tasks", f"{len(facts.tasks)}项", told="任务分解台账", row="tasks")
        passages.append(text("重点任务", total, f"，已完成{done}项，滞后或到期未完成{behind}项。"))
    if facts.rounds:
        passages.append(_reporting(facts, book))
    if facts.notices_issued or facts.notices_closed or facts.notices_open:
        issued = book.counted("notices", f"{facts.notices_issued}件", told="督办单台账", row="notices")
        told = f"，办结{facts.notices_closed}件，在办{facts.notices_open}件"
        late = f"，其中逾期{facts.notices_late}件" if facts.notices_late else ""
        passages.append(text(f"{facts.period_words}新发督办单", issued, told, late, "。"))
    return tuple(passages)


def _counted_targets(facts: PeriodFacts, book: SourceBook) -> Text:
    total = book.counted("targets", f"{len(facts.targets)}项", told="目标台账", row="targets")
    parts = [
        f"{LIGHT_WORDS[light]}{len(found)}项"
        for light in ("done", "on_track", "at_risk", "late", "missed", "unknown")
        if (found := by_light(facts.targets, light))
    ]
    opening = f"截至{facts.year}年{day_words(facts.until)}，《{facts.plan_title}》确定的目标共"
    return text(opening, total, f"，{'，'.join(parts)}。" if parts else "。")


def _reporting(facts: PeriodFacts, book: SourceBook) -> Text:
    asked, on_time = sum(each.asked for each in facts.offices), sum(each.on_time for each in facts.offices)
    rate = percent_of(on_time, asked)
    told = book.counted("forms", f"{asked}项", told="月调度填报台账", row="forms")
    return text(
        f"{facts.period_words}各单位应报送进展", told, f"，按时报送{on_time}项", f"，按时率{rate}" if rate else "", "。"
    )


def goals(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """主要目标完成情况: sentences on those furthest ahead, then every target in a table."""
    shown = [each for each in facts.targets if each.value]
    best = sorted((each for each in shown if each.percent), key=lambda each: -float(each.percent))
    passages: list[Passage] = [text(*_sentence(each, book)) for each in best[: int(settings["highlights"])]]
    rows = facts.targets if settings["lists_all"] else shown
    if rows:
        passages.append(_table(rows, facts, book))
    elif not passages:
        passages.append(text("本期还没有审签的目标数据。"))
    return tuple(passages)


def _sentence(target: TargetFact, book: SourceBook) -> tuple[Any, ...]:
    change = change_words(target.growth, target.growth_unit)
    return (
        f"{target.indicator}",
        book.of_target(target, target.told),
        f"，{change}" if change else "",
        f"，完成年度目标（{target.asked}）的{target.percent}%。",
    )


def _table(rows: tuple[TargetFact, ...] | list[TargetFact], facts: PeriodFacts, book: SourceBook) -> Grid:
    has_change = any(each.growth for each in rows)
    header = ("序号", "指标", "年度目标", "完成数", "完成率", *(("同比",) if has_change else ()), "状态", "牵头单位")
    widths = (1.0, 4.6, 3.4, 2.4, 1.7, *((2.0,) if has_change else ()), 1.8, 2.6)
    body = []
    for number, each in enumerate(rows, start=1):
        change = change_words(each.growth, each.growth_unit).removeprefix("同比")
        body.append(
            (
                cell(str(number)), cell(each.indicator), cell(book.asked(each, each.asked)),
                cell(book.of_target(each, each.told) if each.told else NOTHING),
                cell(f"{each.percent}%" if each.percent else NOTHING),
                *((cell(change or NOTHING),) if has_change else ()),
                cell(LIGHT_WORDS[each.light]), cell(each.leads or NOTHING),
            )
        )  # fmt: skip
    dated = sorted({each.as_of for each in rows if each.as_of})
    note = f"完成数截至{day_words(dated[-1])}，为各牵头单位填报、审签的年内累计数或期末数。" if dated else ""
    return Grid("主要目标完成情况", header, tuple(body), widths, numbers=(3, 4), note=note)


def risks(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """需要关注的目标: those late, missed or at risk, with the reason and what is expected."""
    order = ("missed", "late", "at_risk")
    found = sorted(by_light(facts.targets, *order), key=lambda each: order.index(each.light))
    if not found:
        return (text("目前没有滞后或者有风险的目标。"),)
    passages: list[Passage] = []
    for each in found[: int(settings["most"])]:
        assert isinstance(each, TargetFact)
        reached = ("，目前", book.of_target(each, each.told)) if each.told else ("，尚无数据",)
        rate = f"，完成率{each.percent}%" if each.percent else ""
        is_told = "预计" in each.reason or not settings["tells_forecast"]
        expected = f"，预计年末{each.forecast}" if each.forecast and not is_told else ""
        likely = f"，完成的可能性{each.chance}" if each.chance and expected else ""
        who = f"牵头单位：{each.leads}。" if each.leads else ""
        asked = book.asked(each, each.asked)
        closing = f"。{_closed(each.reason)}{who}"
        lead = f"{each.indicator}（{LIGHT_WORDS[each.light]}）。"
        passages.append(text("年度目标", asked, *reached, rate, expected, likely, closing, lead=lead))
    if left := len(found) - len(passages):
        passages.append(text(f"此外还有{left}项目标滞后或者有风险，见目标台账。"))
    return tuple(passages)


def _closed(reason: str) -> str:
    return "" if not reason else f"{reason.rstrip('。')}。"


def rates(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """完成率排行: a chart of how far the targets have come."""
    found = sorted((each for each in facts.targets if each.percent), key=lambda each: -float(each.percent))
    found = found[: int(settings["most"])]
    if not found:
        return ()
    met = sum(float(each.percent) >= 100 for each in facts.targets if each.percent)
    title = f"{met}项目标已达到年度要求" if met else f"完成最快的目标达到{found[0].percent}%"
    labels, values = tuple(each.indicator for each in found), tuple(float(each.percent) for each in found)
    return (Chart("ranking", title, labels, values, "%"),)
