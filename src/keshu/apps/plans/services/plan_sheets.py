"""The sheets of a plan's workbook: 目标台账, 完成情况, 任务分解表, 责任矩阵. Plain rows in, sheets out; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from keshu.apps.bureau.services.exchange import Align, Sheet, SheetColumn, SheetRow

LEGEND = "● 牵头　○ 配合　△ 责任"
# A sheet of A4 across holds some 140 characters at full size; what is wider goes on a second sheet, not into smaller type.
OFFICES_PER_PAGE = 25
OFFICE_WIDTH = 3.6
NARROWEST = 96.0  # a matrix of few offices gives its room to the tasks


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above each sheet: the plan's title, one line of facts, and the mark of demonstration data."""

    title: str
    facts: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A target with its stretch and its baseline in one row; a range is written out as text."""

    indicator: str
    requirement: str
    floor: Decimal | str | None
    stretch: Decimal | str | None
    unit: str
    baseline: Decimal | None
    baseline_period: str
    period: str
    leads: str
    supports: str
    section: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ActualRow:
    """An achieved figure."""

    indicator: str
    reading: str
    value: Decimal | str | None
    unit: str
    period: str
    section: str
    sentence: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A heading of the task tree."""

    depth: int
    label: str
    heading: str
    kind: str
    leads: str
    supports: str
    deadline: str
    targets: str
    remark: str
    is_section: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A task and, office by office, the mark of its part in it; `others` are bodies that are no office of the register.

    `is_section`: a heading above the tasks that follow, without marks.
    """

    label: str
    heading: str
    marks: tuple[str, ...]
    others: str = ""
    is_section: bool = False


def goal_sheet(banner: Banner, rows: Sequence[GoalRow]) -> Sheet:
    columns = (
        _column("number", "序号", 5.5, align=Align.CENTER),
        _column("indicator", "指标", 24),
        _column("requirement", "要求", 15),
        _column("floor", "目标值\n（确保）", 9.5, align=Align.RIGHT),
        _column("stretch", "目标值\n（力争）", 9.5, align=Align.RIGHT),
        _column("unit", "单位", 7.5, align=Align.CENTER),
        _column("baseline", "基期值", 9, align=Align.RIGHT),
        _column("baseline_period", "基期", 10, align=Align.CENTER),
        _column("period", "时期", 12, align=Align.CENTER),
        _column("leads", "牵头（责任）单位", 15),
        _column("supports", "配合单位", 17),
        _column("section", "所在章节", 36),
        _column("sentence", "原文", 74),
    )
    body = [
        SheetRow(
            (
                number, row.indicator, row.requirement, row.floor, row.stretch, row.unit, row.baseline,
                row.baseline_period, row.period, row.leads, row.supports, row.section, row.sentence,
            )
        )
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    # The figures on the first sheet of paper, where they come from on the second.
    return _sheet("目标台账", banner, columns, body, pages_wide=2, empty="这份文件没有目标。")


def actual_sheet(banner: Banner, rows: Sequence[ActualRow]) -> Sheet:
    columns = (
        _column("number", "序号", 5.5, align=Align.CENTER),
        _column("indicator", "指标", 22),
        _column("reading", "完成情况", 18),
        _column("value", "数值", 10, align=Align.RIGHT),
        _column("unit", "单位", 8, align=Align.CENTER),
        _column("period", "时期", 13, align=Align.CENTER),
        _column("section", "所在章节", 22),
        _column("sentence", "原文", 42),
    )
    body = [
        SheetRow((number, row.indicator, row.reading, row.value, row.unit, row.period, row.section, row.sentence))
        for number, row in enumerate(rows, start=1)
    ]
    return _sheet("完成情况", banner, columns, body)


def work_sheet(banner: Banner, rows: Sequence[WorkRow]) -> Sheet:
    columns = (
        _column("label", "序号", 7, align=Align.CENTER),
        _column("heading", "任务", 35),
        _column("kind", "类别", 8, align=Align.CENTER),
        _column("leads", "牵头（责任）单位", 14),
        _column("supports", "配合单位", 20),
        _column("deadline", "完成时限", 12, align=Align.CENTER),
        _column("targets", "目标", 33),
        _column("remark", "备注", 13),
    )
    body = [
        SheetRow(
            (row.label, row.heading, row.kind, row.leads, row.supports, row.deadline, row.targets, row.remark),
            indent=row.depth,
            is_section=row.is_section,
        )
        for row in rows
    ]
    return _sheet("任务分解表", banner, columns, body, tree_column=1, empty="这份文件没有任务。")


def duty_sheet(
    banner: Banner, offices: Sequence[str], rows: Sequence[DutyRow], totals: Sequence[tuple[int, int, int]]
) -> Sheet:
    """`totals` counts for each office what it leads, supports and answers for."""
    has_others = any(row.others for row in rows)
    columns = (
        _column("label", "序号", 7, align=Align.CENTER),
        _column("heading", "任务", max(32.0, NARROWEST - OFFICE_WIDTH * len(offices))),
        *(
            SheetColumn(f"office_{number}", office, OFFICE_WIDTH, align=Align.CENTER, is_upright=True)
            for number, office in enumerate(offices)
        ),
        *([_column("others", "其他单位", 14)] if has_others else []),
    )
    body = [
        SheetRow(
            (row.label, row.heading, *(row.marks or [""] * len(offices)), *([row.others] if has_others else [])),
            is_section=row.is_section,
        )
        for row in rows
    ]
    sums = [
        SheetRow(
            ("", f"合计：{word}", *(_count(total[index]) for total in totals), *([""] if has_others else [])),
            is_section=True,
        )
        for index, word in enumerate(("牵头 ●", "配合 ○", "责任 △"))
    ]
    pages = max(1, -(-len(offices) // OFFICES_PER_PAGE))
    return _sheet(
        "责任矩阵", banner, columns, body, legend=LEGEND, pages_wide=pages, totals=sums if body else (),
        empty="任务还没有对应到责任单位。",
    )  # fmt: skip


def _count(number: int) -> int | None:
    return number or None


def _column(key: str, label: str, width: float, *, align: Align = Align.LEFT) -> SheetColumn:
    """A column of words: what does not fit in a line is wrapped."""
    return SheetColumn(key, label, width, wrap=True, align=align)


def _sheet(
    name: str,
    banner: Banner,
    columns: Sequence[SheetColumn],
    rows: Sequence[SheetRow],
    *,
    legend: str = "",
    empty: str = "没有可列出的内容。",
    tree_column: int | None = None,
    pages_wide: int = 1,
    totals: Sequence[SheetRow] = (),
) -> Sheet:
    return Sheet(
        name=name,
        title=f"{banner.title}　{name}",
        columns=columns,
        rows=rows,
        note="　".join(filter(None, [banner.facts, legend])),
        mark=banner.mark,
        frozen_columns=2,
        tree_column=tree_column,
        pages_wide=pages_wide,
        totals=totals,
        empty=empty,
    )
