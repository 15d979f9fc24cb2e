"""A plan's workbook: 目标台账, 任务分解表 and 责任矩阵, as an office keeps and prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.exchange import write_workbook
from keshu.apps.plans.models import OwnerRole, PlanState, Target, Tense, Tier, WorkPlan
from keshu.apps.plans.permissions import can_export
from keshu.apps.plans.queries.ledger import target_ledger, with_baselines
from keshu.apps.plans.queries.lines import OfficeRef, PlanLines, TargetLine, TaskLine, plan_lines
from keshu.apps.plans.queries.sentences import sentence
from keshu.apps.plans.queries.tasks import MARKS, Matrix, matrix_of
from keshu.apps.plans.queries.wording import figure, period_text, unit_word
from keshu.apps.plans.services.plan_sheets import (
    ActualRow,
    Banner,
    DutyRow,
    GoalRow,
    WorkRow,
    actual_sheet,
    duty_sheet,
    goal_sheet,
    work_sheet,
)

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DEMO_MARK = "【演示数据】"


def plan_workbook(plan: WorkPlan, *, by: User, at: datetime) -> bytes:
    """The workbook, recorded as an export. Government people, of what they may see (Refused)."""
    can_export(by, plan)
    lines = plan_lines(plan)
    text = plan.source.text
    banner = Banner(plan.title, _facts(plan, by=by, at=at), DEMO_MARK if plan.is_demo else "")
    actuals = _actual_rows(lines, text)
    matrix = matrix_of(lines.work)
    sheets = [goal_sheet(banner, _goal_rows(plan, lines, text, by=by))]
    if actuals:
        sheets.append(actual_sheet(banner, actuals))
    sheets.append(work_sheet(banner, [_work_row(task) for task in lines.tasks]))
    duties = _duty_rows(lines, matrix)
    sheets.append(duty_sheet(banner, [office.name for office in matrix.offices], duties, matrix.totals))
    data = write_workbook(sheets, title=plan.title, author=str(by))
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=plan,
            organisation=plan.organisation,
            after={
                "文件": workbook_name(plan),
                "目标": len(lines.goals),
                "任务": len(lines.tasks),
                "字节数": len(data),
            },
        )
    return data


def _marks(roles: Mapping[int, OwnerRole], offices: Sequence[OfficeRef]) -> tuple[str, ...]:
    return tuple(MARKS[roles[office.id]] if office.id in roles else "" for office in offices)


def workbook_name(plan: WorkPlan) -> str:
    """The file's name: title and revision, without what file systems refuse."""
    title = re.sub(r'[\\/:*?"<>|\s]+', "", plan.title)[:60] or "工作要点"
    return f"{title}-台账-第{plan.revision}版.xlsx"


def _facts(plan: WorkPlan, *, by: User, at: datetime) -> str:
    exported = timezone.localtime(at)
    state = "" if plan.state == PlanState.PUBLISHED else f"（{PlanState(plan.state).label}）"
    return "　".join(
        filter(
            None,
            [
                f"制定单位：{plan.organisation.name}",
                f"年度：{plan.year}" if plan.year else "",
                f"文号：{plan.doc_number}" if plan.doc_number else "",
                f"第 {plan.revision} 版{state}",
                f"导出：{exported:%Y-%m-%d %H:%M} {by}",
            ],
        )
    )


def _goal_rows(plan: WorkPlan, lines: PlanLines, text: str, *, by: User) -> list[GoalRow]:
    compared: dict[int, Any] = {row.pk: row for row in target_ledger(by, plan=plan)}
    baselines = with_baselines(compared.values())
    rows = []
    for target in lines.goals:
        row = compared[target.id]
        task = lines.by_id.get(target.node_id) if target.node_id is not None else None
        rows.append(
            _goal_row(
                target,
                task,
                baselines.get(row.baseline_id),
                elsewhere=row.leads_elsewhere,
                section="\n".join(each.title for each in lines.path_of(target.node_id)),
                text=text,
            )
        )
    return rows


def _goal_row(
    target: TargetLine, task: TaskLine | None, baseline: Target | None, *, elsewhere: str, section: str, text: str
) -> GoalRow:
    stretch, is_stretch = target.stretch, target.tier == Tier.STRETCH
    return GoalRow(
        indicator=target.indicator,
        requirement=target.phrase,
        floor=None if is_stretch else _amount(target),
        stretch=_amount(target) if is_stretch else None if stretch is None else _amount(stretch),
        unit=unit_word(target.unit),
        baseline=None if baseline is None else baseline.value,
        baseline_period="" if baseline is None else period_text(baseline.period),
        period=target.period_label,
        leads=("" if task is None else task.lead_words) or (f"{elsewhere}（见另一行）" if elsewhere else ""),
        supports="" if task is None else task.support_words,
        section=section,
        sentence=sentence(text, target.start, target.end),
    )


def _amount(target: TargetLine) -> Decimal | str | None:
    return target.value if target.value_high is None else figure(target.value, target.value_high)


def _actual_rows(lines: PlanLines, text: str) -> list[ActualRow]:
    return [
        ActualRow(
            indicator=target.indicator,
            reading=target.requirement,
            value=_amount(target),
            unit=unit_word(target.unit),
            period=target.period_label,
            section="\n".join(each.title for each in lines.path_of(target.node_id)),
            sentence=sentence(text, target.start, target.end),
        )
        for target in lines.targets
        if target.tense == Tense.ACTUAL
    ]


def _duty_rows(lines: PlanLines, matrix: Matrix[TaskLine]) -> list[DutyRow]:
    """The tasks of the matrix under their chapters and headings, as the Word paper has them."""
    rows: list[DutyRow] = []
    above: tuple[TaskLine, ...] = ()
    listed = {row.task.id for row in matrix.rows}
    for row in matrix.rows:
        task, path = row.task, lines.path_of(row.task.parent_id)
        new = [each for place, each in enumerate(path) if path[: place + 1] != above[: place + 1]]
        above = path
        rows += [DutyRow(each.label, each.heading, (), is_section=True) for each in new if each.id not in listed]
        others = "、".join(dict.fromkeys((*task.outside, *task.unresolved)))
        rows.append(DutyRow(task.label, task.heading, _marks(row.roles, matrix.offices), others))
    return rows


def _work_row(task: TaskLine) -> WorkRow:
    goals = [target for target in task.targets if target.tense == Tense.TARGET and target.floor_id is None]
    remarks = [
        f"责任人：{'、'.join(task.persons)}" if task.persons else "",
        f"系统外：{'、'.join(task.outside)}" if task.outside else "",
        f"未对应：{'、'.join(task.unresolved)}" if task.unresolved else "",
        "责任沿用上级" if task.is_inherited else "",
    ]
    return WorkRow(
        depth=task.depth,
        label=task.label,
        heading=task.heading,
        kind=task.kind_label,
        leads=task.lead_words,
        supports=task.support_words,
        deadline=task.deadline,
        targets="\n".join(f"{goal.indicator}：{goal.phrase}" for goal in goals),
        remark="\n".join(filter(None, remarks)),
        is_section=task.kind == "section",
    )
