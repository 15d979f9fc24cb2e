"""The sections of an annual summary (年度总结): what went well, what did not, what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.apps.briefings.services.composing.figures import BEHIND
from keshu.apps.briefings.services.composing.passages import Passage, Text, Words
from keshu.apps.briefings.services.composing.sources import (
    LIGHT_WORDS,
    SourceBook,
    by_light,
    change_words,
    day_words,
    if_older,
    listed,
    short_leads,
    text,
)
from keshu.apps.briefings.services.composing.work import bare, closed, help_needed
from keshu.apps.plans.services.fact_rows import IssueFact, PeriodFacts, TargetFact, TaskFact

LAST_MONTH = 12


def highlights(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """特色亮点: targets that were surpassed, reached before the year's last month, or grew much; none where there are none."""
    most = int(settings["most"])
    over = [each for each in facts.targets if each.light == "done" and each.has_share and Decimal(each.percent) > 100]
    over.sort(key=lambda each: -Decimal(each.percent))
    early = [
        each for each in facts.targets if each.reached_on and date.fromisoformat(each.reached_on).month < LAST_MONTH
    ]
    early.sort(key=lambda each: each.reached_on)
    grown = [
        each for each in facts.targets if each.growth_unit == "%" and Decimal(each.growth) >= settings["growth_from"]
    ]
    grown.sort(key=lambda each: -Decimal(each.growth))
    passages: list[Passage] = []
    if over:
        tails = [f"，为年度目标的{each.percent}%" for each in over]
        passages.append(_told("超额完成目标。", over, tails, book, most=most))
    if early:
        tails = [f"（{day_words(each.reached_on)}前达到）" for each in early]
        passages.append(_told("提前完成目标。", early, tails, book, most=most))
    if grown:
        tails = [f"，{change_words(each.growth, each.growth_unit)}" for each in grown]
        passages.append(_told("主要指标增长较快。", grown, tails, book, most=most))
    return tuple(passages)


def shortfalls(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """存在的主要问题: targets and tasks that are behind, targets without figures, open issues, what is asked for."""
    most = int(settings["most"])
    passages: list[Passage] = [
        _behind(light, rows, book, most=most)
        for light in ("missed", "late", "at_risk")
        if (rows := [each for each in facts.targets if each.light == light])
    ]
    if late := [each for each in facts.tasks if each.light in BEHIND]:
        names = "、".join(_progress(each) for each in late[:most])
        more = f"等{len(late)}项" if len(late) > most else ""
        passages.append(text(f"滞后或者到期没有完成的有{names}{more}。", lead=f"有{len(late)}项任务进度滞后。"))
    if unknown := [each.indicator for each in facts.targets if each.light == "unknown"]:
        passages.append(
            text(f"{listed(unknown, most=most)}还没有审签的数据。", lead=f"有{len(unknown)}项目标缺少数据。")
        )
    if open_ones := [each for each in facts.issues if not each.is_closed]:
        total = book.counted("issues", f"{len(open_ones)}个", told="问题清单", row="issues")
        late_count = sum(each.is_late for each in open_ones)
        names = listed([_line(each.title) for each in open_ones], most=most)
        overdue = f"，其中逾期{late_count}个" if late_count else ""
        passages.append(text("问题清单中正在整改的有", total, f"{overdue}：{names}。", lead="有的问题还在整改。"))
    passages += help_needed(facts, book, most=most)
    return tuple(passages) or (text("目前没有滞后的目标任务和正在整改的问题。"),)


def ahead(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """下一步工作打算: who makes up for what is behind, who watches what is at risk, what is put right, what falls due."""
    most = int(settings["most"])
    passages: list[Passage] = []
    behind: list[TargetFact | TaskFact] = [*by_light(facts.targets, *BEHIND), *by_light(facts.tasks, *BEHIND)]
    if behind:
        passages.append(text(f"{_by_leads(behind, most=most)}。", lead="补上滞后的目标任务。"))
    if risky := by_light(facts.targets, "at_risk"):
        passages.append(text(f"{_by_leads(risky, most=most)}，按月跟踪进度。", lead="盯紧有风险的目标。"))
    if open_ones := [each for each in facts.issues if not each.is_closed]:
        told = "；".join(_remedy(each) for each in open_ones[:most])
        passages.append(text(f"{told}。", lead="抓好问题整改。"))
    if due := sorted((each for each in facts.tasks if _is_due(each, facts)), key=lambda each: each.due_on):
        told = "；".join(
            f"{bare(each.title)}（{short_leads(each.leads) or '牵头单位待明确'}，{day_words(each.due_on)}前完成）"
            for each in due[:most]
        )
        passages.append(text(f"{told}。", lead="按期办结到期任务。"))
    if unknown := [each for each in facts.targets if each.light == "unknown"]:
        passages.append(
            text(f"核实{listed([each.indicator for each in unknown], most=most)}的完成数。", lead="补齐目标数据。")
        )
    passages.append(text("根据今年完成情况，提出来年工作要点的目标和任务建议。", lead="谋划来年工作。"))
    return tuple(passages)


def _told(lead: str, rows: Sequence[TargetFact], tails: Sequence[str], book: SourceBook, *, most: int) -> Text:
    parts: list[Words | str] = []
    for each, tail in list(zip(rows, tails, strict=True))[:most]:
        older = if_older(each, book.facts)
        parts += [
            "；" if parts else "",
            each.indicator,
            book.of_target(each, each.told),
            f"（{older}）" if older else "",
            tail,
        ]
    more = f"等{len(rows)}项" if len(rows) > most else ""
    return text(*parts, f"{more}。", lead=lead)


def _behind(light: str, rows: Sequence[TargetFact], book: SourceBook, *, most: int) -> Text:
    parts: list[Words | str] = []
    for each in rows[:most]:
        older = if_older(each, book.facts)
        figure = (older, book.of_target(each, each.told), "，") if each.told else ("尚无数据，",)
        parts += ["；" if parts else "", each.indicator, *figure, "目标", book.asked(each, each.asked)]
    more = f"等{len(rows)}项" if len(rows) > most else ""
    return text(*parts, f"{more}。", lead=f"有{len(rows)}项目标{LIGHT_WORDS[light]}。")


def _progress(task: TaskFact) -> str:
    told = ("进度" + f"{task.percent}%") if task.percent else ""
    return f"{bare(task.title)}{f'（{told}）' if told else ''}"


def _by_leads(rows: Sequence[TargetFact | TaskFact], *, most: int) -> str:
    """Who is to push on with what; what the same lead together."""
    led: dict[str, list[str]] = {}
    for each in rows:
        name = each.indicator if isinstance(each, TargetFact) else bare(each.title)
        led.setdefault(each.leads, []).append(name)
    return "；".join(
        f"{short_leads(leads) or '有关单位'}负责{listed(list(dict.fromkeys(names)), most=most)}"
        for leads, names in led.items()
    )


def _remedy(issue: IssueFact) -> str:
    when = day_words(issue.due_on) if issue.due_on else ""
    due = "" if not when else f"，原定{when}前完成，已逾期" if issue.is_late else f"，{when}前完成"
    who = f"{issue.owner}负责{due}" if issue.owner else "责任单位待明确"
    measure = _line(issue.measure)
    return f"{_line(issue.title)}{f'，{measure}' if measure else ''}（{who}）"


def _line(words: str) -> str:
    return closed(words).rstrip("。；")


def _is_due(task: TaskFact, facts: PeriodFacts) -> bool:
    """Whether it is still to be done by a day to come."""
    return task.due_on >= facts.until and task.light not in ("done", *BEHIND)
