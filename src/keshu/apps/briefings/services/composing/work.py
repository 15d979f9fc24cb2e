"""The sections about tasks, problems and what comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from keshu.apps.briefings.services.composing.figures import BEHIND, NOTHING
from keshu.apps.briefings.services.composing.passages import Grid, Heading, Passage
from keshu.apps.briefings.services.composing.sources import (
    LIGHT_WORDS,
    SourceBook,
    by_light,
    cell,
    day_words,
    listed,
    short_leads,
    span_words,
    text,
)
from keshu.apps.plans.queries.wording import unnumbered
from keshu.apps.plans.services.fact_rows import PeriodFacts, TaskFact
from keshu.kernel.period import Period

_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
_ORDINAL = re.compile(r"^[一二三四五六七八九十]+是")


def late_tasks(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """滞后任务: a table with the reason and who leads."""
    found = by_light(facts.tasks, *BEHIND)
    if not found:
        return (text("目前没有滞后的任务。"),)
    rows = []
    for number, each in enumerate(found[: int(settings["most"])], start=1):
        assert isinstance(each, TaskFact)
        share = book.of_task(each, f"{each.percent}%") if each.percent else NOTHING
        rows.append(
            (
                cell(str(number)), cell(bare(each.title)), cell(share), cell(LIGHT_WORDS[each.light]),
                cell(each.reason or NOTHING), cell(short_leads(each.leads) or NOTHING),
            )
        )  # fmt: skip
    header = ("序号", "任务", "进度", "状态", "情况", "牵头单位")
    return (Grid("滞后任务表", header, tuple(rows), (1.0, 5.4, 1.4, 1.7, 5.4, 2.6), numbers=(2,)),)


def issues(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """存在问题和需协调事项: open issues, and what the offices asked for in their reports."""
    passages: list[Passage] = []
    open_ones = [each for each in facts.issues if not each.is_closed]
    gone = len(facts.issues) - len(open_ones)
    if facts.issues:
        total = book.counted("issues", f"{len(open_ones)}个", told="问题清单", row="issues")
        late = sum(each.is_late for each in open_ones)
        passages.append(
            text(
                "问题清单中正在整改的问题有",
                total,
                f"，其中逾期{late}个" if late else "",
                f"；{span_words(facts.period, until=facts.until)}销号{gone}个。" if gone else "。",
            )
        )
    for each in open_ones[: int(settings["most"])]:
        when = day_words(each.due_on) if each.due_on else ""
        due = "" if not when else f"，应于{when}前完成，已逾期" if each.is_late else f"，{when}前完成"
        owner = f"责任单位：{each.owner}{due}。" if each.owner else "责任单位待明确。"
        passages.append(text(closed(each.measure), owner, lead=closed(each.title)))
    passages += help_needed(facts, book, most=int(settings["most"]))
    return tuple(passages) or (text("目前没有需要协调的问题。"),)


def help_needed(facts: PeriodFacts, book: SourceBook, *, most: int) -> list[Passage]:
    """What offices ask for; the same of several stands once, under all their names."""
    asked: dict[str, list[TaskFact]] = {}
    for each in facts.tasks:
        if each.help_needed:
            asked.setdefault(each.help_needed.rstrip("。"), []).append(each)
    passages: list[Passage] = [Heading(2, "需要协调的事项")] if asked else []
    for words, rows in list(asked.items())[:most]:
        names = dict.fromkeys(name for each in rows for name in each.leads.split("、") if name)
        who = listed(list(names), most=6) or "牵头单位"
        matter = f"（{bare(rows[0].title)}）" if len(rows) == 1 else ""
        passages.append(text(f"{who}{matter}：", book.of_task(rows[0], words), "。"))
    return passages


def coming(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """下一步工作: what falls due in the next period, then what is behind."""
    period = Period.parse(facts.period)
    following = period.next()
    due = [
        each
        for each in facts.tasks
        if each.due_on
        and each.light != "done"
        and following.first_day <= date.fromisoformat(each.due_on) <= following.last_day
    ]
    due.sort(key=lambda each: each.due_on)
    behind = [*by_light(facts.targets, *BEHIND), *by_light(facts.tasks, *BEHIND)]
    passages: list[Passage] = []
    if behind:
        names = dict.fromkeys(name for each in behind for name in each.leads.split("、") if name)
        who = f"请{listed(list(names), most=8)}" if names else "请有关单位"
        passages.append(
            text(f"抓紧补上滞后的{len(behind)}项目标任务。{who}逐项分析原因，明确措施和时限，在下期调度中报告结果。")
        )
    if due:
        passages.append(text(f"以下{len(due)}项任务将陆续到期，牵头单位要倒排工期、按时完成："))
        for each in due[: int(settings["most"])]:
            who = f"{each.leads or '牵头单位待明确'}，{day_words(each.due_on)}前完成。"
            passages.append(text(who, lead=f"{bare(each.title)}。"))
    passages.append(text("各单位要按时报送调度进展，完成数须与统计口径一致，佐证材料随表上传。"))
    return tuple(passages)


def own(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """What the office wrote itself, a line a paragraph."""
    return tuple(text(line.strip()) for line in str(settings["words"]).splitlines() if line.strip())


def bare(title: str) -> str:
    """A task's heading without its printed number and full stop.

    >>> bare("（一）培育科技企业。"), bare("12.建设平台"), bare("二是抓好复审")
    ('培育科技企业', '建设平台', '抓好复审')
    """
    return _ORDINAL.sub("", unnumbered(title)).rstrip("。；")


def closed(words: str) -> str:
    """A sentence with its full stop, figures set close as in an official document.

    >>> closed("招聘 3 人"), closed("已办。"), closed("")
    ('招聘3人。', '已办。', '')
    """
    close = _GAP.sub("", words)
    return "" if not close else close if close[-1] in "。！？；" else f"{close}。"
