"""The sections about targets: the whole in a paragraph, the table, what is at risk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from keshu.apps.briefings.services.composing.passages import Chart, Grid, Passage, Text, Words
from keshu.apps.briefings.services.composing.sources import (
    LIGHT_WORDS,
    SourceBook,
    by_light,
    cell,
    change_words,
    counts,
    dated,
    day_words,
    if_older,
    newest,
    percent_of,
    runs_of,
    short_leads,
    signed,
    span_words,
    text,
)
from keshu.apps.plans.services.fact_rows import PeriodFacts, TargetFact

NOTHING = "—"
BEHIND = ("late", "missed")
# So many finished targets are told by name in one sentence.
MOST_TOLD = 12
# What a light's reason repeats of the figure that was told just before.
_PACE = re.compile(r"(?:(?:比|与)上年末[^，]*，)?应达时间进度([\d.]+%)，实际[\d.]+%")
_REACHED = re.compile(r"截至[^，。]*?(?:累计|为)[^，。]*，")


def overview(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """总体情况: targets and tasks by light, reporting, supervision, in a sentence each."""
    passages: list[Passage] = [_counted_targets(facts, book)]
    if facts.tasks:
        total = book.counted("tasks", f"{len(facts.tasks)}项", told="任务分解台账", row="tasks")
        done, behind = len(by_light(facts.tasks, "done")), len(by_light(facts.tasks, *BEHIND))
        told = counts(("已完成", done), ("滞后或者到期未完成", behind), unit="项")
        passages.append(text("重点任务", total, f"，其中{told}。" if told else "。"))
    if facts.rounds:
        passages.append(_reporting(facts, book))
    if sentence := supervised(facts, book):
        passages.append(sentence)
    return tuple(passages)


def supervised(facts: PeriodFacts, book: SourceBook) -> Text | None:
    """How many supervision notices were issued and how they stand; none where there were none."""
    held = counts(("办结", facts.notices_closed), ("在办", facts.notices_open), unit="件")
    late = f"，其中逾期{facts.notices_late}件" if facts.notices_late else ""
    when = span_words(facts.period, until=facts.until)
    if facts.notices_issued:
        issued = book.counted("notices", f"{facts.notices_issued}件", told="督办单台账", row="notices")
        return text(f"{when}，新发督办单", issued, f"，{held}" if held else "", late, "。")
    return text(f"{when}，督办单{held}{late}。") if held else None


def _counted_targets(facts: PeriodFacts, book: SourceBook) -> Text:
    total = book.counted("targets", f"{len(facts.targets)}项", told="目标台账", row="targets")
    lights = ("done", "on_track", "at_risk", "late", "missed", "unknown")
    told = counts(*((LIGHT_WORDS[light], len(by_light(facts.targets, light))) for light in lights), unit="项")
    opening = f"截至{facts.year}年{day_words(facts.until)}，《{facts.plan_title}》确定的目标共"
    return text(opening, total, f"，其中{told}。" if told else "。")


def _reporting(facts: PeriodFacts, book: SourceBook) -> Text:
    asked, on_time = sum(each.asked for each in facts.offices), sum(each.on_time for each in facts.offices)
    rate = percent_of(on_time, asked)
    told = book.counted("forms", f"{asked:,}项", told="月调度填报台账", row="forms")
    when = span_words(facts.period, until=facts.until)
    return text(
        f"{when}，各单位应报送调度进展", told, f"，按时报送{on_time:,}项", f"，按时率{rate}" if rate else "", "。"
    )


def goals(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """主要目标完成情况: those that are done in a sentence, those furthest ahead in one each, then all in a table."""
    shown = [each for each in facts.targets if each.value]
    passages: list[Passage] = []
    if done := [each for each in shown if each.light == "done"]:
        passages.append(_finished(done, book, when=_when(facts)))
    ahead = sorted(
        (each for each in shown if each.light != "done" and each.has_share), key=lambda each: -float(each.percent)
    )
    told = ahead[: int(settings["highlights"])]
    passages += [
        text(*_sentence(each, book, when="" if passages or at else _when(facts))) for at, each in enumerate(told)
    ]
    rows = facts.targets if settings["lists_all"] else shown
    if rows:
        passages.append(_table(rows, book))
    elif not passages:
        passages.append(text("本期还没有审签的目标数据。"))
    return tuple(passages)


def _when(facts: PeriodFacts) -> str:
    """The day that the figures are of, where it is not the day that the bulletin speaks of."""
    day = newest(facts)
    return f"{dated(day, year=facts.year)}，" if day and day != facts.until else ""


def _finished(done: Sequence[TargetFact], book: SourceBook, *, when: str) -> Text:
    """Those whose target is reached, each with its figure."""
    parts: list[Words | str] = []
    for each in done[:MOST_TOLD]:
        older = if_older(each, book.facts)
        parts += ["、" if parts else "", _named(each), book.of_target(each, each.told), f"（{older}）" if older else ""]
    more = "等" if len(done) > MOST_TOLD else ""
    return text(f"{when}{len(done)}项目标已达到年度要求：", *parts, f"{more}。")


def _named(target: TargetFact) -> str:
    """The indicator, before its figure.

    A rank that is to rise is told by how much it rose; a name that ends in a digit would run into the figure.
    """
    risen = "提高" if target.unit == "位" and target.asked.startswith("提高") else ""
    return f"{target.indicator}{risen}{' ' if not risen and target.indicator[-1:].isdigit() else ''}"


def _sentence(target: TargetFact, book: SourceBook, *, when: str) -> tuple[Any, ...]:
    change = change_words(target.growth, target.growth_unit)
    older = if_older(target, book.facts)
    return (
        f"{older}，" if older else when,
        _named(target),
        book.of_target(target, target.told),
        f"，{change}" if change else "",
        f"，完成年度目标（{target.asked}）的{target.percent}%。",
    )


def _table(rows: Sequence[TargetFact], book: SourceBook) -> Grid:
    has_change = any(each.growth for each in rows)
    header = ("序号", "指标", "年度目标", "完成数", "完成率", *(("同比",) if has_change else ()), "状态", "牵头单位")
    widths = (0.95, 3.3, 2.5, 2.2, 1.65, *((1.75,) if has_change else ()), 2.1, 2.2)
    body = []
    for number, each in enumerate(rows, start=1):
        body.append(
            (
                cell(str(number)), cell(each.indicator), cell(book.asked(each, each.asked)),
                cell(book.of_target(each, each.told) if each.told else NOTHING),
                cell(f"{each.percent}%" if each.has_share else NOTHING),
                *((cell(signed(each.growth, each.growth_unit) or NOTHING),) if has_change else ()),
                cell(LIGHT_WORDS[each.light]), cell(short_leads(each.leads) or NOTHING),
            )
        )  # fmt: skip
    numbers = (3, 4, *((5,) if has_change else ()))
    return Grid("目标完成情况表", header, tuple(body), widths, numbers=numbers, note=_dates(rows, book.facts))


def _dates(rows: Sequence[TargetFact], facts: PeriodFacts) -> str:
    """Of which day the figures of the table are, and which of them are older."""
    day = max((each.as_of for each in rows if each.as_of), default="")
    if not day:
        return ""
    older: dict[str, list[int]] = {}
    for place, each in enumerate(rows, start=1):
        if each.as_of and each.as_of < day:
            older.setdefault(each.as_of, []).append(place)
    told = "，".join(f"{runs_of(older[one])}为{dated(one, year=facts.year)}数" for one in sorted(older, reverse=True))
    return (
        f"完成数{dated(day, year=facts.year)}{f'（其中{told}）' if told else ''}，"
        "为各牵头单位填报、审签的年内累计数或期末数。"
    )


def risks(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """需要关注的目标: those late, missed or at risk, with the reason and what is expected."""
    order = ("missed", "late", "at_risk")
    found = sorted(by_light(facts.targets, *order), key=lambda each: order.index(each.light))
    if not found:
        return (text("目前没有滞后或者有风险的目标。"),)
    passages: list[Passage] = []
    for each in found[: int(settings["most"])]:
        assert isinstance(each, TargetFact)
        now = if_older(each, facts) or "目前"
        reached = (f"，{now}", book.of_target(each, each.told)) if each.told else ("，尚无数据",)
        rate = f"，完成率{each.percent}%" if each.has_share else ""
        reason = _PACE.sub(r"按时间进度应达到\1", _REACHED.sub("", each.reason))
        is_told = "预计" in reason or not settings["tells_forecast"]
        expected = f"，预计年末{each.forecast}" if each.forecast and not is_told else ""
        likely = f"，完成的可能性{each.chance}" if each.chance and expected else ""
        who = f"牵头单位：{each.leads}。" if each.leads else ""
        asked = book.asked(each, each.asked)
        closing = f"。{_closed(reason)}{who}"
        lead = f"{each.indicator}（{LIGHT_WORDS[each.light]}）。"
        passages.append(text("年度目标", asked, *reached, rate, expected, likely, closing, lead=lead))
    if left := len(found) - len(passages):
        passages.append(text(f"此外还有{left}项目标滞后或者有风险，见目标台账。"))
    return tuple(passages)


def _closed(reason: str) -> str:
    return "" if not reason else f"{reason.rstrip('。')}。"


def rates(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """完成率排行: a chart of how far the targets have come that are counts and sums."""
    found = sorted((each for each in facts.targets if each.has_share), key=lambda each: -float(each.percent))
    if not found:
        return ()
    met = sum(float(each.percent) >= 100 for each in found)
    found = found[: int(settings["most"])]
    title = f"{met}项目标完成率达到100%" if met else f"完成最快的目标达到{found[0].percent}%"
    labels, values = tuple(each.indicator for each in found), tuple(float(each.percent) for each in found)
    return (Chart("ranking", title, labels, values, "%"),)
