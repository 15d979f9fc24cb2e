"""Work plans over the API: the library as its page lists it, and one plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.api.asking import admit
from keshu.apps.plans.models import PlanKind, PlanState
from keshu.apps.plans.queries.library import library_choices, library_ledger, plan_by_id
from keshu.apps.plans.queries.plans import plans_of

router = Router(tags=["计划 plans"])


class PlanRow(Schema):
    """A plan or summary of one organisation."""

    id: int = Field(description="编号。Id.", examples=[3])
    title: str = Field(description="标题。Title.", examples=["2026年全市科技工作要点"])
    year: int | None = Field(description="年度。Year.", examples=[2026])
    kind: PlanKind = Field(description="类型。Kind.", examples=["plan"])
    kind_name: str = Field(description="类型的名称。", examples=["工作要点"])
    organisation: rest.Named = Field(description="制定单位。Issuer.", examples=[{"id": 2, "name": "市科技局"}])
    doc_number: str = Field(description="文号。Number of the document.", examples=["云科发〔2026〕3号"])
    published_on: date | None = Field(description="发文日期。", examples=["2026-02-10"])
    state: PlanState = Field(description="状态。State.", examples=["published"])
    state_name: str = Field(description="状态的名称。", examples=["已发布"])
    revision: int = Field(description="版次。Revision.", examples=[1])
    version: int = Field(description="改动次数，每次核对改动加一。Grows with every change.", examples=[14])
    is_demo: bool = Field(description="是否演示数据。", examples=[False])


class PlanLine(PlanRow):
    """A plan in the list."""

    figure_count: int = Field(description="指标数：目标和完成情况合计。Targets and achieved figures.", examples=[36])


class PlanDetail(PlanRow):
    """A plan with where it comes from."""

    issuer: str = Field(description="文件署名单位。", examples=["云澜市科学技术局"])
    target_count: int = Field(description="目标条数，确保和力争两档算一条。Targets.", examples=[34])
    achieved_count: int = Field(description="完成情况条数。Achieved figures.", examples=[0])
    task_count: int = Field(description="任务项数。Tasks.", examples=[58])
    supersedes: rest.Named | None = Field(description="替代的前一版。The revision it replaces.", examples=[None])
    file_name: str = Field(description="来源文件名。File it was read from.", examples=["要点.docx"])
    file_sha256: str = Field(description="来源文件的 SHA-256。", examples=["9f86d081884c7d65"])
    created_by: str | None = Field(description="导入人。", examples=["林静"])
    created_at: datetime = Field(description="导入时间。", examples=["2026-02-11T01:30:00Z"])
    released_by: str | None = Field(description="发布人。", examples=["林静"])
    released_at: datetime | None = Field(description="发布时间。", examples=["2026-02-12T08:00:00Z"])


class PlanPage(rest.Page):
    rows: list[PlanLine] = Field(description="计划。")


class PlansAsked(rest.Asked):
    year: int | None = Field(None, ge=1900, le=9999, description="年度。Year.")
    kind: PlanKind | None = Field(None, description="类型。Kind.")
    state: rest.Several[PlanState] = Field([], description="状态，可多个。States.")
    organisation: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="制定单位的编号。Issuer.")


@rest.operation(
    router,
    "GET",
    "/plans",
    name="plan-list",
    scope=rest.TokenScope.PLANS_READ,
    summary="计划库",
    about=(
        "您能看到的工作要点、总结和方案。筛选和排序与“计划库”页面相同。"
        "可排序：title、year、kind、organisation、doc_number、published_on、revision、state、target_count、created_by、"
        "created_at、released_by、released_at。"
    ),
    english="Plans and summaries one may see; drafts belong to their issuers.",
    answer=PlanPage,
)
def plan_list(request: rest.ApiRequest, asked: Query[PlansAsked]) -> PlanPage:
    admit(request)
    organisations, years = library_choices(request.user)
    ledger = library_ledger(request.user, organisations=organisations, years=years)
    found = rest.listed(request, ledger, plans_of(request.user), asked)
    return PlanPage(**found.head, rows=[PlanLine(**_fields(row), figure_count=row.target_count) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/plans/{pk}",
    name="plan-detail",
    scope=rest.TokenScope.PLANS_READ,
    summary="一份计划",
    about="一份计划，连同来源文件、版次和发布经过。",
    english="One plan with its source file, revision and release.",
    answer=PlanDetail,
)
def plan_detail(request: rest.ApiRequest, pk: rest.RowId) -> PlanDetail:
    admit(request)
    row: Any = rest.row_or_404(plan_by_id(request.user), pk)
    return PlanDetail(
        **_fields(row),
        issuer=row.issuer,
        target_count=row.target_count,
        achieved_count=row.achieved_count,
        task_count=row.node_count,
        supersedes=rest.named(row.supersedes),
        file_name=row.source.file_name,
        file_sha256=row.source.sha256,
        created_by=rest.person(row.created_by),
        created_at=row.created_at,
        released_by=rest.person(row.released_by),
        released_at=row.released_at,
    )


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "year": row.year,
        "kind": row.kind,
        "kind_name": row.get_kind_display(),
        "organisation": rest.named(row.organisation),
        "doc_number": row.doc_number,
        "published_on": row.published_on,
        "state": row.state,
        "state_name": row.get_state_display(),
        "revision": row.revision,
        "version": row.version,
        "is_demo": row.is_demo,
    }
