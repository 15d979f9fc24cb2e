"""The papers of a plan as official documents: plain lines in, a block model out; no database.

任务分解表 and 责任清单 are landscape tables; 目标任务书 is what a county and the bureau sign.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keshu.apps.plans.models import NodeKind, Tense
from keshu.apps.plans.queries.holders import OfficeRef
from keshu.apps.plans.queries.lines import OwnerLine, PlanLines, TargetLine, TaskLine
from keshu.engines.gongwen import (
    Align,
    Cell,
    Column,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    Run,
    Table,
    TableText,
)
from keshu.engines.gongwen.blocks import Block, chinese_date

DEMO_REMARK = "演示数据，单位、人员和数字均为虚构"
NOTHING = "—"
_FULL_WIDTH = str.maketrans("();", "（）；")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMMA = re.compile(r",(?!\d{3})")


@dataclass(frozen=True, slots=True)
class Issue:
    """What stands on every paper of a plan: the plan's title and year, who issues it, the day, the mark of demonstration data."""

    title: str
    year: int | None
    issuer: str
    on: date
    is_demo: bool

    @property
    def year_text(self) -> str:
        return "" if self.year is None else f"{self.year}年"

    @property
    def line(self) -> str:
        """Who drew a table up, and when: above it, as behind a long table a signature could come to stand alone on a page."""
        return drawn_up(self.issuer, self.on, is_demo=self.is_demo)

    @property
    def remark(self) -> str:
        return DEMO_REMARK if self.is_demo else ""


def drawn_up(issuer: str, on: date, *, is_demo: bool) -> str:
    """The line above a table that says who drew it up, and when."""
    return "　".join(filter(None, [f"制表单位：{issuer}", chinese_date(on), DEMO_REMARK if is_demo else ""]))


def decomposition(issue: Issue, lines: PlanLines) -> OfficialDocument:
    """任务分解表 of the whole plan: the targets that belong to no task, then the tasks in reading order under their chapters.

    A line of goals that only says again, with an owner, what a target said before gives that target its owner.
    """
    listed = {task.id for task in lines.work}
    goals = [goal for goal in lines.goals if goal.node_id not in listed and goal.restates_id is None]
    told = {goal.id for goal in goals}
    again = [task for task in lines.work if _says_again(task, told)]
    owners = {goal.restates_id: task for task in again for goal in _goals(task)}
    tasks = [task for task in lines.work if task not in again]
    places = _places(goals, tasks)
    blocks = [_tasks_table(lines, tasks, places, caption="表2　任务" if goals else "")]
    if goals:
        blocks.insert(0, _goals_table(goals, lines, places, owners=owners, caption="表1　目标"))
    return OfficialDocument(
        title=f"{issue.title}\n任务分解表",
        blocks=tuple(with_line(blocks, issue.line)),
        orientation=Orientation.LANDSCAPE,
    )


def office_decomposition(issue: Issue, lines: PlanLines, office: OfficeRef) -> OfficialDocument:
    """任务分解表 of one office: its targets, what it leads or answers for, what it supports."""
    led, supported = _held(lines, office)
    goals = [goal for task in led for goal in _goals(task)]
    owners: dict[int | None, TaskLine] = {goal.id: task for task in led for goal in _goals(task)}
    places = _places(goals, [*led, *supported])
    blocks: list[Block] = []
    if goals:
        blocks += [Heading(1, "承担的目标"), _goals_table(goals, lines, places, owners=owners)]
    if led:
        blocks += [Heading(1, "牵头（责任）任务"), _tasks_table(lines, led, places)]
    if supported:
        blocks += [Heading(1, "配合任务"), _tasks_table(lines, supported, places)]
    return OfficialDocument(
        title=f"{office.name}{issue.year_text}任务分解表",
        blocks=(
            Paragraph(f"根据《{issue.title}》，{_sum(office, goals, led, supported)}"),
            *with_line(blocks, issue.line),
        ),
        orientation=Orientation.LANDSCAPE,
    )


def responsibility_list(issue: Issue, lines: PlanLines, offices: Sequence[OfficeRef]) -> OfficialDocument:
    """责任清单 of the whole plan: office by office, under a row that names it, what it leads and what it supports."""
    rows: list[tuple[Cell | str, ...]] = []
    for place, office in enumerate(offices, start=1):
        led, supported = _held(lines, office)
        counts = "，".join(f"{word}{len(held)}项" for word, held in (("牵头", led), ("配合", supported)) if held)
        rows.append((Cell((Run(f"{place}.{office.name}（{counts}）", is_bold=True),), columns=5),))
        duties = [("牵头", task) for task in led] + [("配合", task) for task in supported]
        rows += [
            (str(number), printed(task.title), _wanted(task), role, _deadline(task) or NOTHING)
            for number, (role, task) in enumerate(duties, start=1)
        ]
    table = Table(
        columns=(_centred(1.3), Column(8), Column(8), _centred(1.4), _centred(2.6)),
        header=(("序号", "任务", "目标", "责任", "完成时限"),),
        rows=tuple(rows),
        text=TableText.SMALL,
    )
    return OfficialDocument(
        title=f"{issue.title}\n责任清单",
        blocks=(replace(table, unit=issue.line),),
        orientation=Orientation.LANDSCAPE,
    )


def with_line(blocks: Sequence[Block], line: str) -> Iterable[Block]:
    """The blocks, the first table with the line that says who drew it up."""
    first = next((place for place, each in enumerate(blocks) if isinstance(each, Table)), -1)
    for place, each in enumerate(blocks):
        yield replace(each, unit=line) if isinstance(each, Table) and place == first else each


def target_letter(issue: Issue, lines: PlanLines, county: OfficeRef) -> OfficialDocument:
    """目标任务书 that the bureau and a county or park sign: the county's share of each target is left to be agreed."""
    led, supported = _held(lines, county)
    goals = [
        (goal, role) for role, held in (("牵头", led), ("配合", supported)) for task in held for goal in _goals(task)
    ]
    work = [each for each in (*led, *supported) if each.kind != NodeKind.GOAL]
    name = county.full_name or county.name
    opening = f"为落实《{issue.title}》，{issue.issuer}（以下简称甲方）与{name}（以下简称乙方）商定，由乙方承担以下目标和任务。"
    blocks: list[Block] = [Paragraph(opening)]
    if goals:
        blocks += [Heading(1, "目标"), _shares_table(goals)]
    if work:
        blocks += [Heading(1, "重点任务")]
        blocks += [Paragraph(_duty(number, task, county)) for number, task in enumerate(work, start=1)]
    blocks += [
        Heading(1, "双方责任"),
        Paragraph("甲方负责工作指导、政策支持和督促检查，按月调度、按季通报进展情况。"),
        Paragraph(
            "乙方负责组织实施，按时报送进展情况，对报送数据的真实性负责，于年底前完成本任务书确定的各项目标和任务。"
        ),
        Paragraph("本任务书一式两份，双方各执一份，自签字盖章之日起生效。"),
        # the remark stands above the signatures, or it would be alone on a last page
        *([Paragraph(f"（{issue.remark}）")] if issue.remark else []),
        _signing(issue.issuer, name),
    ]
    return OfficialDocument(title=f"{name}{issue.year_text}\n科技创新目标任务书", blocks=tuple(blocks))


def _shares_table(goals: Sequence[tuple[TargetLine, str]]) -> Table:
    return Table(
        columns=(_centred(1.2), Column(5.2), Column(4), _centred(1.4), Column(2.2), _centred(2.4)),
        header=(("序号", "指标", "全市目标", "责任", "承担数", "完成时限"),),
        rows=tuple(
            (str(number), printed(goal.indicator), goal.phrase, role, "", goal.period_label or NOTHING)
            for number, (goal, role) in enumerate(goals, start=1)
        ),
        note="“承担数”由双方商定后填写。",
    )


def _signing(bureau: str, county: str) -> Table:
    """Where both sign, side by side, without lines."""
    return Table(
        columns=(Column(1), Column(1)),
        rows=(
            ("", ""),
            ("甲方（盖章）：", "乙方（盖章）："),
            (bureau, county),
            ("负责人（签字）：", "负责人（签字）："),
            ("　　　　年　　月　　日", "　　　　年　　月　　日"),
        ),
        is_ruled=False,
    )


def _held(lines: PlanLines, office: OfficeRef) -> tuple[list[TaskLine], list[TaskLine]]:
    """The tasks the office leads or answers for, and those it supports without leading them."""
    led = [task for task in lines.work if _is_among(office, (*task.leads, *task.responsibles))]
    taken = {task.id for task in led}
    return led, [task for task in lines.work if task.id not in taken and _is_among(office, task.supports)]


def _is_among(office: OfficeRef, offices: Iterable[OfficeRef]) -> bool:
    return any(each.id == office.id for each in offices)


def _goals(task: TaskLine) -> list[TargetLine]:
    return [each for each in task.targets if each.tense == Tense.TARGET and each.floor_id is None]


def _says_again(task: TaskLine, told: Collection[int]) -> bool:
    goals = _goals(task)
    return task.kind == NodeKind.GOAL and bool(goals) and all(goal.restates_id in told for goal in goals)


def _wanted(task: TaskLine) -> str:
    """The targets of a task, a line each; a line of goals has its indicator for a heading already."""
    goals = _goals(task)
    if task.kind == NodeKind.GOAL and len(goals) == 1:
        return goals[0].phrase
    return "\n".join(f"{printed(goal.indicator)}：{goal.phrase}" for goal in goals) or NOTHING


def _duty(number: int, task: TaskLine, county: OfficeRef) -> str:
    """A task of a letter, numbered anew whatever its mark in the plan: 1.推进研发机构建设。乙方为责任单位。"""
    until = f"，完成时限：{_deadline(task)}" if task.deadline else ""
    return f"{number}.{printed(task.heading).rstrip('。')}。乙方为{_part(task, county)}单位{until}。"


def _deadline(task: TaskLine) -> str:
    """As a paper says it: 6月底前, or a day in words."""
    return _DAY.sub(lambda day: chinese_date(date.fromisoformat(day[0])), printed(task.deadline))


def printed(text: str) -> str:
    """Words of the ledger as an official document sets them: brackets and commas full-width.

    >>> printed("(一)培育企业,建平台")
    '（一）培育企业，建平台'
    """
    return _COMMA.sub("，", text.translate(_FULL_WIDTH))


def _part(task: TaskLine, office: OfficeRef) -> str:
    if _is_among(office, task.leads):
        return "牵头"
    return "责任" if _is_among(office, task.responsibles) else "配合"


def _sum(office: OfficeRef, goals: Sequence[TargetLine], led: Sequence[TaskLine], supported: Sequence[TaskLine]) -> str:
    """How much it is, in a sentence."""
    parts = ((len(goals), "承担目标{}项"), (len(led), "牵头（责任）任务{}项"), (len(supported), "配合任务{}项"))
    told = "，".join(words.format(count) for count, words in parts if count)
    return f"{office.name}{told or '没有分到任务'}，分解如下。" if told else f"没有分给{office.name}的任务。"


def _centred(width: float) -> Column:
    return Column(width, Align.CENTRE)


# One grid for all tables of a paper: what stands in each place of a table of goals, and of one of tasks.
_GRID = (_centred(1.3), Column(6.2), Column(6.3), Column(2.8), Column(3.6), _centred(2.2))
_GOAL_HEADER = ("序号", "指标", "目标", "牵头单位", "所在章节", "时期")
_TASK_HEADER = ("序号", "任务", "目标", "牵头单位", "配合单位", "完成时限")
_ALWAYS, _SUPPORT, _UNTIL = (0, 1, 2, 3), 4, 5


def _places(goals: Sequence[TargetLine], tasks: Sequence[TaskLine]) -> tuple[int, ...]:
    """The places of the grid that a paper uses: no column of dashes, and none that says the plan's year in every row."""
    told = [_told(task, 1) for task in tasks]
    has_supports = any(row[_SUPPORT] != NOTHING for row in told) or not tasks
    has_days = any(row[_UNTIL] != NOTHING for row in told) or len({goal.period_label for goal in goals}) > 1
    return (*_ALWAYS, *((_SUPPORT,) if has_supports else ()), *((_UNTIL,) if has_days else ()))


def _table(
    header: tuple[str, ...], rows: Sequence[tuple[Cell | str, ...]], places: Sequence[int], caption: str = ""
) -> Table:
    return Table(
        columns=tuple(_GRID[place] for place in places),
        header=(tuple(header[place] for place in places),),
        rows=tuple(rows) or (tuple("没有任务" if place == 1 else "" for place in places),),
        caption=caption,
        text=TableText.SMALL,
    )


def _tasks_table(lines: PlanLines, tasks: Sequence[TaskLine], places: Sequence[int], *, caption: str = "") -> Table:
    """Tasks with their targets, owners and deadlines; each chapter and heading above them opens with a row of its own."""
    rows: list[tuple[Cell | str, ...]] = []
    above: tuple[TaskLine, ...] = ()
    listed = {task.id for task in tasks}
    for number, task in enumerate(tasks, start=1):
        path = lines.path_of(task.parent_id)
        new = [each for place, each in enumerate(path) if path[: place + 1] != above[: place + 1]]
        above = path
        rows += [
            (Cell((Run(printed(each.title), is_bold=each.parent_id is None),), columns=len(places)),)
            for each in new
            if each.id not in listed
        ]
        told = _told(task, number)
        rows.append(tuple(told[place] for place in places))
    return _table(_TASK_HEADER, rows, places, caption)


def _told(task: TaskLine, number: int) -> tuple[str, ...]:
    """The cells of a task, in the order of the columns."""
    supports = (task.support_text, *(each.name for each in _others(task) if each.is_support))
    return (
        str(number), printed(task.title), _wanted(task), _leads(task), _named(supports), _deadline(task) or NOTHING,
    )  # fmt: skip


def _leads(task: TaskLine) -> str:
    return _named((task.accountable_text, *(each.name for each in _others(task) if not each.is_support)))


def _others(task: TaskLine) -> list[OwnerLine]:
    """Printed names outside the register, or that mean nobody in it: the paper names them as the document does."""
    return [each for each in task.mentions if each.is_outside or each.is_unresolved]


def _named(names: Iterable[str]) -> str:
    return printed("、".join(dict.fromkeys(filter(None, names)))) or NOTHING


def _goals_table(
    goals: Sequence[TargetLine],
    lines: PlanLines,
    places: Sequence[int],
    *,
    owners: Mapping[int | None, TaskLine],
    caption: str = "",
) -> Table:
    """Targets with who leads each (`owners`, by the target's id), heading and period."""
    rows: list[tuple[Cell | str, ...]] = []
    for number, goal in enumerate(goals, start=1):
        heading = "" if goal.node_id is None else printed(lines.by_id[goal.node_id].title)
        told = (
            str(number), printed(goal.indicator), goal.phrase, _owner(goal, owners), heading,
            goal.period_label or NOTHING,
        )  # fmt: skip
        rows.append(tuple(told[place] for place in places))
    return _table(_GOAL_HEADER, rows, places, caption)


def _owner(goal: TargetLine, owners: Mapping[int | None, TaskLine]) -> str:
    task = owners.get(goal.id)
    return NOTHING if task is None else _leads(task)
