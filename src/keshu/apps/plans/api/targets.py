"""Targets and achieved figures over the API, as their ledgers list them, and one with its source sentence."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.api.asking import Source, admit, choices, plan_asked, source_of
from keshu.apps.plans.api.rows import Organisations, StandingShape, holders, organisations_of, standing_shape
from keshu.apps.plans.models import Light, Measure, Op, PlanState, Review, Target, Tense, Tier, WorkPlan
from keshu.apps.plans.queries.light_columns import with_standing
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.target_cards import target_by_id
from keshu.apps.plans.queries.target_ledgers import achieved_ledger, achieved_rows, target_rows, targets_ledger

router = Router(tags=["目标 targets"])
APART = ("plan", "tense")
FLAG = "1（true）只要是的，0（false）只要不是的。"


class TargetRow(Schema):
    """One figure of a document. Numbers are given as text, so that no digit is lost."""

    id: int = Field(description="编号。Id.", examples=[41])
    plan: rest.Named = Field(description="文件。Plan.", examples=[{"id": 3, "name": "2026年全市科技工作要点"}])
    task: rest.Named | None = Field(
        description="所在任务或章节。Heading.", examples=[{"id": 9, "name": "一、培育企业"}]
    )
    indicator: str = Field(description="指标。Indicator.", examples=["高新技术企业总数"])
    requirement: str = Field(description="要求，用文字写出。Requirement in words.", examples=["420家以上"])
    op: Op = Field(description="要求的方式。", examples=[">="])
    value: Decimal | None = Field(description="数值；null 表示数字被隐去或没有数。", examples=["420"])
    value_high: Decimal | None = Field(description="区间的上限。", examples=[None])
    unit: str = Field(description="单位。Unit.", examples=["家"])
    measure: Measure = Field(description="口径。", examples=["level"])
    tier: Tier = Field(description="档次：base 确保，stretch 力争。", examples=["base"])
    tense: Tense = Field(description="target 目标，actual 完成情况。", examples=["target"])
    period: str = Field(description="时期，例如 2026、2026-Q1。Period.", examples=["2026"])
    due_on: date | None = Field(description="截止日期。", examples=["2026-12-31"])
    masked: bool = Field(description="数字是否被隐去。Masked.", examples=[False])
    review: Review = Field(description="核对。Review.", examples=["accepted"])
    doubts: list[str] = Field(description="存疑的理由。Doubts.", examples=[[]])
    version: int = Field(description="最后一次改动时计划的改动次数。", examples=[14])
    standing: StandingShape | None = Field(description="推进状态；没有判定过的为 null。Standing.", examples=[None])


class TargetLine(TargetRow):
    """A target in the ledger; a floor and its stretch in one row."""

    lead_names: str = Field(description="牵头（责任）单位，与页面相同。Leads.", examples=["高新处"])
    support_names: str = Field(description="配合单位。Supports.", examples=[""])
    stretch_value: Decimal | None = Field(description="同一指标的力争值。Stretch.", examples=["450"])


class TargetDetail(TargetRow):
    """A target with its owners and where it comes from."""

    owners: Organisations = Field(
        description="责任单位。Owners.", examples=[{"leads": [], "supports": [], "is_inherited": False}]
    )
    source: Source = Field(description="原文。Where it comes from.")
    reviewed_by: str | None = Field(description="核对人。", examples=["林静"])
    reviewed_at: datetime | None = Field(description="核对时间。", examples=["2026-02-12T02:00:00Z"])


class TargetPage(rest.Page):
    rows: list[TargetLine] = Field(description="目标或完成情况。")


Office = Annotated[int | None, Field(ge=1, le=rest.LARGEST_ID, description="单位的编号。Organisation.")]


class TargetsAsked(rest.Asked):
    plan: int | None = Field(
        None, ge=1, le=rest.LARGEST_ID, description="计划的编号；不填为全部已发布的。Plan; without it all in force."
    )
    tense: Literal["target", "actual"] = Field("target", description="target 目标，actual 完成情况。")
    year: int | None = Field(None, ge=1900, le=9999, description="年度，不填 plan 时可用。Year, without plan.")
    lead: Office = Field(None, description="牵头单位的编号。Lead.")
    support: Office = Field(None, description="配合单位的编号。Support.")
    office: Office = Field(None, description="参与单位的编号。Any part.")
    light: rest.Several[Light] = Field([], description="状态，可多个（目标）。Lights.")
    prospect: Literal["miss", "at_risk", "safe", "unknown"] | None = Field(None, description="预测（目标）。Prospect.")
    due: Literal["soon", "overdue", "later", "none"] | None = Field(
        None, description="期限（目标）：30 天内、已到期、以后、没有。"
    )
    tier: Literal["both", "base", "stretch"] | None = Field(None, description="档次（目标）。")
    measure: Measure | None = Field(None, description="口径。")
    review: Review | None = Field(None, description="核对。")
    ownerless: bool | None = Field(None, description=f"没有牵头单位（目标）。{FLAG}")
    masked: bool | None = Field(None, description=f"数字被隐去。{FLAG}")
    restated: bool | None = Field(None, description=f"重申前文。{FLAG}")
    doubt: bool | None = Field(None, description=f"存疑。{FLAG}")


@rest.operation(
    router,
    "GET",
    "/targets",
    name="target-list",
    scope=rest.TokenScope.PLANS_READ,
    summary="目标台账",
    about=(
        "一份计划（plan）的目标或完成情况（tense），不填 plan 为全部已发布的。筛选和排序与“目标台账”页面相同。"
        "可排序（目标）：indicator、requirement、light、reached、percent、expected、chance、expected_on、reached_value、"
        "period、due_on、lead_names、support_names、node、review、value、stretch_value、unit、measure、tier、plan__title、"
        "plan__year、plan__organisation；完成情况没有其中关于状态、期限和力争的列。"
    ),
    english="Targets, or achieved figures, of one plan or of all in force, as the ledger lists them.",
    answer=TargetPage,
)
def target_list(request: rest.ApiRequest, asked: Query[TargetsAsked]) -> TargetPage:
    on = admit(request)
    plan = plan_asked(request, asked.plan)
    is_in_force = plan is None or plan.state in (PlanState.PUBLISHED, PlanState.SUPERSEDED)
    shown: dict[str, Any] = {
        "on": on,
        "offices": choices(asked.lead, asked.support, asked.office),
        "plans": _choice_of(plan) if plan is None else (),
        "years": choices(asked.year),
    }
    if asked.tense == Tense.ACTUAL:
        ledger, rows = achieved_ledger(**shown), with_standing(achieved_rows(request.user, plan=plan))
    else:
        ledger = targets_ledger(**shown, lights=is_in_force)
        rows = target_rows(request.user, plan=plan)
    found = rest.listed(request, ledger, rows, asked, apart=APART)
    return TargetPage(**found.head, rows=[_line(row) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/targets/{pk}",
    name="target-detail",
    scope=rest.TokenScope.PLANS_READ,
    summary="一个目标",
    about="一个目标或完成情况，连同责任单位、原句和核对经过。",
    english="One target or achieved figure with its owners, its source sentence and its review.",
    answer=TargetDetail,
)
def target_detail(request: rest.ApiRequest, pk: rest.RowId) -> TargetDetail:
    admit(request)
    row: Target = rest.row_or_404(with_standing(target_by_id(request.user)), pk)
    return TargetDetail(
        **_fields(row),
        owners=organisations_of(row.node_id),
        source=source_of(row, request=request),
        reviewed_by=rest.person(row.reviewed_by),
        reviewed_at=row.reviewed_at,
    )


def _choice_of(plan: WorkPlan | None) -> tuple[tuple[str, str], ...]:
    """The ledger offers its filters of many plans where it is told of any; the filter itself is the parameter ``plan``."""
    return (("0", ""),) if plan is None else ()


def _line(row: Any) -> TargetLine:
    return TargetLine(**_fields(row), **holders(row), stretch_value=rest.plain(getattr(row, "stretch_value", None)))


def _fields(row: Target) -> dict[str, Any]:
    return {
        "id": row.pk,
        "plan": rest.named(row.plan),
        "task": rest.named(row.node),
        "indicator": row.indicator,
        "requirement": requirement_of(row),
        "op": row.op,
        "value": rest.plain(row.value),
        "value_high": rest.plain(row.value_high),
        "unit": row.unit,
        "measure": row.measure,
        "tier": row.tier,
        "tense": row.tense,
        "period": row.period,
        "due_on": row.due_on,
        "masked": row.masked,
        "review": row.review,
        "doubts": [str(each) for each in row.doubts],
        "version": row.version,
        "standing": standing_shape(row),
    }
