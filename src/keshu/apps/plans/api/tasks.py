"""Tasks over the API, as their flat ledger lists them, and one with its owners and source sentence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.api.asking import Source, admit, choices, plan_asked, source_of
from keshu.apps.plans.api.rows import Organisations, StandingShape, holders, organisations_of, standing_shape
from keshu.apps.plans.api.targets import FLAG, Office
from keshu.apps.plans.models import Light, NodeKind, PlanNode, PlanState, Review
from keshu.apps.plans.queries.ledger import task_ledger
from keshu.apps.plans.queries.light_columns import with_standing
from keshu.apps.plans.queries.task_pages import task_by_id, tasks_ledger
from keshu.apps.plans.queries.wording import deadline_text

router = Router(tags=["任务 tasks"])


class TaskRow(Schema):
    """A task, a measure, or another heading of a plan that names an owner."""

    id: int = Field(description="编号。Id.", examples=[9])
    plan: rest.Named = Field(description="文件。Plan.", examples=[{"id": 3, "name": "2026年全市科技工作要点"}])
    parent: rest.Named | None = Field(
        description="上一级标题。Heading above.", examples=[{"id": 8, "name": "一、培育企业"}]
    )
    label: str = Field(description="序号，如文件所印。Printed number.", examples=["1."])
    heading: str = Field(description="内容。Heading.", examples=["实施高企倍增行动"])
    kind: NodeKind = Field(description="类别。Kind.", examples=["action"])
    level: int = Field(description="层级。Level.", examples=[2])
    deadline: str = Field(description="完成时限，用文字写出。Deadline in words.", examples=["2026年12月"])
    due_on: date | None = Field(description="截止日期。", examples=["2026-12-31"])
    review: Review = Field(description="核对。Review.", examples=["accepted"])
    version: int = Field(description="最后一次改动时计划的改动次数。", examples=[14])
    standing: StandingShape | None = Field(description="推进状态。Standing.", examples=[None])


class TaskLine(TaskRow):
    """A task in the ledger."""

    lead_names: str = Field(description="牵头（责任）单位，与页面相同。Leads.", examples=["高新处"])
    support_names: str = Field(description="配合单位。Supports.", examples=[""])
    target_count: int = Field(description="目标数。Targets.", examples=[2])


class TaskDetail(TaskRow):
    """A task with its owners and where it comes from."""

    owners: Organisations = Field(
        description="责任单位。Owners.", examples=[{"leads": [], "supports": [], "is_inherited": False}]
    )
    source: Source = Field(description="原文。Where it comes from.")
    reviewed_by: str | None = Field(description="核对人。", examples=["林静"])
    reviewed_at: datetime | None = Field(description="核对时间。", examples=["2026-02-12T02:00:00Z"])


class TaskPage(rest.Page):
    rows: list[TaskLine] = Field(description="任务。")


class TasksAsked(rest.Asked):
    plan: int | None = Field(
        None, ge=1, le=rest.LARGEST_ID, description="计划的编号；不填为全部已发布的。Plan; without it all in force."
    )
    lead: Office = Field(None, description="牵头单位的编号。Lead.")
    support: Office = Field(None, description="配合单位的编号。Support.")
    office: Office = Field(None, description="参与单位的编号。Any part.")
    light: rest.Several[Light] = Field([], description="状态，可多个。Lights.")
    due: Literal["soon", "overdue", "later", "none"] | None = Field(
        None, description="期限：30 天内、已到期、以后、没有。"
    )
    kind: Literal["action", "measure"] | None = Field(None, description="类别。")
    ownerless: bool | None = Field(None, description=f"没有牵头单位。{FLAG}")
    targets: bool | None = Field(None, description=f"有目标。{FLAG}")


@rest.operation(
    router,
    "GET",
    "/tasks",
    name="task-list",
    scope=rest.TokenScope.PLANS_READ,
    summary="任务清单",
    about=(
        "一份计划（plan）的任务和措施，不填 plan 为全部已发布的。筛选和排序与“任务分解”页面的清单相同。"
        "可排序：task、light、percent、parent、lead_names、support_names、deadline、due_on、target_count、kind、review、plan__title。"
    ),
    english="Tasks and measures of one plan or of all in force, as the flat ledger lists them.",
    answer=TaskPage,
)
def task_list(request: rest.ApiRequest, asked: Query[TasksAsked]) -> TaskPage:
    on = admit(request)
    plan = plan_asked(request, asked.plan)
    is_in_force = plan is None or plan.state in (PlanState.PUBLISHED, PlanState.SUPERSEDED)
    offices = choices(asked.lead, asked.support, asked.office)
    ledger = tasks_ledger(on=on, offices=offices, lights=is_in_force)
    rows = with_standing(task_ledger(request.user, plan=plan))
    found = rest.listed(request, ledger, rows, asked, apart=("plan",))
    return TaskPage(**found.head, rows=[_line(row) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/tasks/{pk}",
    name="task-detail",
    scope=rest.TokenScope.PLANS_READ,
    summary="一项任务",
    about="一项任务，连同责任单位、原句和核对经过。",
    english="One task with its owners, its source sentence and its review.",
    answer=TaskDetail,
)
def task_detail(request: rest.ApiRequest, pk: rest.RowId) -> TaskDetail:
    admit(request)
    row: PlanNode = rest.row_or_404(with_standing(task_by_id(request.user)), pk)
    return TaskDetail(
        **_fields(row),
        owners=organisations_of(row.pk),
        source=source_of(row, request=request),
        reviewed_by=rest.person(row.reviewed_by),
        reviewed_at=row.reviewed_at,
    )


def _line(row: Any) -> TaskLine:
    return TaskLine(**_fields(row), **holders(row), target_count=row.target_count)


def _fields(row: PlanNode) -> dict[str, Any]:
    return {
        "id": row.pk,
        "plan": rest.named(row.plan),
        "parent": rest.named(row.parent),
        "label": row.label,
        "heading": row.heading,
        "kind": row.kind,
        "level": row.level,
        "deadline": deadline_text(row.due_on, period=row.due_period, printed=row.due_text),
        "due_on": row.due_on,
        "review": row.review,
        "version": row.version,
        "standing": standing_shape(row),
    }
