"""The section about tasks: heading by heading, in the words that the lead offices reported; the same words are told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keshu.apps.briefings.services.composing.figures import BEHIND
from keshu.apps.briefings.services.composing.passages import Heading, Passage, Text, Words
from keshu.apps.briefings.services.composing.sources import SourceBook, by_light, counts, listed, short_leads, text
from keshu.apps.briefings.services.composing.work import bare, closed
from keshu.apps.plans.services.fact_rows import PeriodFacts, TargetFact, TaskFact

# A chapter so named would only say the section's title again: its own headings stand in its place.
TITLE = "重点任务进展"
# So many tasks with the same words are told by name in one sentence.
MOST_JOINED = 8


@dataclass(slots=True)
class _Group:
    """What stands under one heading."""

    targets: list[TargetFact] = field(default_factory=list)
    tasks: list[TaskFact] = field(default_factory=list)
    told: list[TaskFact] = field(default_factory=list)


def tasks(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """重点任务进展: chapter by chapter; what several reported in the same words is told once, under all their names."""
    told = [each for each in facts.tasks if each.words and not _is_goal(each, facts)]
    if not told:
        return (text("本期还没有审签的任务进展。"),)
    groups: dict[str, _Group] = {}
    for each in told:
        groups.setdefault(_heading(each), _Group()).told.append(each)
    for task in facts.tasks:
        if (there := groups.get(_heading(task))) and not _is_goal(task, facts):
            there.tasks.append(task)
    for target in facts.targets:
        if there := groups.get(_heading(target)):
            there.targets.append(target)
    common = _common(groups)
    passages: list[Passage] = []
    for heading, group in groups.items():
        rows = [each for each in group.told if closed(each.words) not in common]
        lines: list[Passage] = [_counted(group)] if settings["tells_counts"] else []
        is_headed = bool(heading) and len(groups) > 1
        lines += _sentences(rows[: int(settings["most"])], book, under=heading if is_headed else "")
        if lines and is_headed:
            passages.append(Heading(2, heading))
        passages += lines
    if common and len(groups) > 1 and passages:
        passages.append(Heading(2, "进展情况相同的任务"))
    shared = [each for each in told if closed(each.words) in common]
    return (*passages, *_sentences(shared, book, under=""))


def _heading(row: TaskFact | TargetFact) -> str:
    return row.part if row.chapter and row.chapter in TITLE else row.chapter


def _is_goal(task: TaskFact, facts: PeriodFacts) -> bool:
    """Whether the line of the plan only names a target, which the section on targets tells."""
    return any(bare(task.title).startswith(target.indicator) for target in facts.targets)


def _common(groups: Mapping[str, _Group]) -> set[str]:
    """Words that stand under more than one heading."""
    under: dict[str, set[str]] = {}
    for heading, group in groups.items():
        for each in group.told:
            under.setdefault(closed(each.words), set()).add(heading)
    return {words for words, headings in under.items() if len(headings) > 1}


def _counted(group: _Group) -> Text:
    """How many targets and tasks there are under a heading, and how they stand."""
    parts = []
    for word, rows in (("目标", group.targets), ("任务", group.tasks)):
        if rows:
            lights = (("已完成", ("done",)), ("有风险", ("at_risk",)), ("滞后或者到期未完成", BEHIND))
            told = counts(*((name, len(by_light(rows, *keys))) for name, keys in lights), unit="项")
            parts.append(f"{word}{len(rows)}项{f'（{told}）' if told else ''}")
    return text(f"{'，'.join(parts)}。")


def _sentences(rows: Sequence[TaskFact], book: SourceBook, *, under: str) -> list[Passage]:
    """One for each wording: a task alone with who leads it, several with how far each has come."""
    alike: dict[str, list[TaskFact]] = {}
    for each in rows:
        alike.setdefault(closed(each.words), []).append(each)
    return [
        _alone(same[0], words, book, under=under) if len(same) == 1 else _joined(same, words, book)
        for words, same in alike.items()
    ]


def _alone(task: TaskFact, words: str, book: SourceBook, *, under: str) -> Text:
    share = book.of_task(task, f"{task.percent}%") if task.percent else ""
    who = f"{short_leads(task.leads)}牵头" if task.leads else ""
    done = (f"{who}，" if who else "", "进度", share, "。") if share else (f"{who}。" if who else "",)
    title = bare(task.title)
    return text("" if title == bare(under) else f"{title}。", *done, words)


def _joined(rows: Sequence[TaskFact], words: str, book: SourceBook) -> Text:
    parts: list[Words | str] = []
    for each in rows[:MOST_JOINED]:
        share = ("（进度", book.of_task(each, f"{each.percent}%"), "）") if each.percent else ()
        parts += ["、" if parts else "", bare(each.title), *share]
    more = f"等{len(rows)}项任务" if len(rows) > MOST_JOINED else ""
    names = list(dict.fromkeys(name for each in rows for name in each.leads.split("、") if name))
    who = f"{listed(names, most=4)}牵头。" if names else ""
    return text(*parts, f"{more}：", who, words)
