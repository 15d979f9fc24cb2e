"""Bulletins that write themselves: sections are declared here, each composed from the facts of a period by its own rules.

Composing is a function of the facts and the sections chosen: the same always gives the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keshu.apps.briefings.services.composing import bodies, figures, progress, work, year_end
from keshu.apps.briefings.services.composing.passages import Composed, Passage, Section
from keshu.apps.briefings.services.composing.sources import SourceBook
from keshu.apps.plans.services.fact_rows import PeriodFacts

Writer = Callable[[PeriodFacts, Mapping[str, Any], SourceBook], tuple[Passage, ...]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule of a section that an office may change: a whole number between ends, yes and no, or words."""

    key: str
    label: str
    default: int | bool | str
    least: int = 0
    most: int = 100
    unit: str = ""

    @property
    def is_switch(self) -> bool:
        return isinstance(self.default, bool)

    @property
    def is_words(self) -> bool:
        return isinstance(self.default, str)


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A section that bulletins may have; ``kinds`` are those of bulletins in which it stands unless taken out."""

    key: str
    title: str
    about: str
    write: Writer
    kinds: tuple[str, ...]
    settings: tuple[Setting, ...] = ()


_MOST = Setting("most", "最多列出", 20, 1, 200, "项")
SECTIONS: tuple[SectionKind, ...] = (
    SectionKind("overview", "总体情况", "目标、任务、报送和督办的总数。", figures.overview,
        ("monthly", "quarterly", "annual", "summary", "one_page")),
    SectionKind("goals", "主要目标完成情况", "完成最快的几项成句，全部目标列表。", figures.goals,
        ("monthly", "quarterly", "annual", "summary"),
        (Setting("highlights", "成句说明", 3, 0, 20, "项"), Setting("lists_all", "没有数据的目标也列入表中", True))),
    SectionKind("rates", "目标完成率", "完成率排行图。", figures.rates, ("quarterly", "annual", "one_page"),
        (Setting("most", "最多列出", 12, 1, 30, "项"),)),
    SectionKind("tasks", "重点任务进展", "按章节写各牵头单位审签的进展。", progress.tasks, ("monthly", "quarterly", "summary"),
        (Setting("most", "每章最多写", 8, 1, 50, "项"), Setting("tells_counts", "每章先写目标和任务的总数", False))),
    SectionKind("highlights", "特色亮点", "超额完成、提前完成和增长较快的目标。", year_end.highlights, ("summary",),
        (Setting("most", "每类最多列出", 8, 1, 50, "项"), Setting("growth_from", "同比增长达到", 10, 1, 100, "%"))),
    SectionKind("risks", "需要关注的目标", "滞后和有风险的目标，写明原因和预测。", figures.risks,
        ("monthly", "quarterly", "annual", "one_page"),
        (Setting("most", "最多列出", 10, 1, 100, "项"), Setting("tells_forecast", "写预测和完成可能性", True))),
    SectionKind("late_tasks", "滞后任务", "滞后任务列表。", work.late_tasks, ("quarterly", "annual"), (_MOST,)),
    SectionKind("counties", "县区、园区情况", "县区、园区分别填报的目标，列表并作图。", bodies.counties,
        ("quarterly", "annual", "one_page"), (Setting("most", "最多列出目标", 4, 1, 8, "项"),)),
    SectionKind("offices", "各单位报送情况", "按时率位次，表扬和通报。", bodies.offices, ("monthly", "quarterly", "annual"),
        (Setting("praises", "表扬按时率高的单位", True), Setting("praise_from", "按时率达到", 100, 50, 100, "%"),
         Setting("names_late", "通报迟报、未报的单位", True), Setting("named_from", "迟报和未报达到", 3, 1, 100, "项"),
         Setting("most_named", "最多点名", 8, 1, 50, "个"))),
    SectionKind("supervision", "督办情况", "督办单签发、办结和逾期。", bodies.supervision, ("quarterly", "annual")),
    SectionKind("issues", "存在问题", "问题清单和需要协调的事项。", work.issues, ("monthly", "quarterly"), (_MOST,)),
    SectionKind("shortfalls", "存在的主要问题", "没有完成、滞后和有风险的目标任务，正在整改的问题。", year_end.shortfalls,
        ("summary",), (_MOST,)),
    SectionKind("coming", "下一步工作", "下期到期的任务和要补上的工作。", work.coming, ("monthly", "quarterly"), (_MOST,)),
    SectionKind("ahead", "下一步工作打算", "补上滞后、盯紧风险、整改问题和到期任务。", year_end.ahead, ("summary",), (_MOST,)),
    SectionKind("own", "自拟内容", "本单位自己写的段落。", work.own, (), (Setting("words", "内容", ""),)),
)  # fmt: skip
# Rules that bulletins of a kind begin with otherwise than the section says.
OF_KIND: Mapping[tuple[str, str], Mapping[str, Any]] = {("summary", "tasks"): {"tells_counts": True}}
BY_KEY = {each.key: each for each in SECTIONS}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A section in a bulletin: its title as the office writes it, and its rules. ``id`` stays where sections are moved."""

    id: str
    key: str
    title: str
    settings: Mapping[str, Any]


def chosen_by_default(kind: str) -> tuple[Chosen, ...]:
    """The sections that a bulletin of this kind begins with."""
    return tuple(
        Chosen(each.key, each.key, each.title, _beginning(kind, each)) for each in SECTIONS if kind in each.kinds
    )


def _beginning(kind: str, section: SectionKind) -> dict[str, Any]:
    return {one.key: one.default for one in section.settings} | dict(OF_KIND.get((kind, section.key), {}))


def compose(facts: PeriodFacts, sections: Sequence[Chosen]) -> Composed:
    """The words of a bulletin; sections that have nothing to say are left out."""
    book = SourceBook(facts)
    written = []
    for chosen in sections:
        declared = BY_KEY[chosen.key]
        settings = {one.key: one.default for one in declared.settings} | dict(chosen.settings)
        if passages := declared.write(facts, settings, book):
            written.append(Section(chosen.id, chosen.title, passages))
    return Composed(tuple(written), book.kept)
