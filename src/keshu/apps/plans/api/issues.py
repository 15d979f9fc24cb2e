"""The three lists over the API: issues listed, read, raised, fulfilled, confirmed, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.services import Unacceptable, rest
from keshu.apps.plans.api.asking import admit
from keshu.apps.plans.api.checkins import FileRef, Reason
from keshu.apps.plans.models import Issue, IssueOrigin, IssueState, PlanNode, Target, Verdict
from keshu.apps.plans.permissions.issues import GOVERNMENT_KINDS
from keshu.apps.plans.queries.issues.cards import check_in_for, issue_by_id, issue_card
from keshu.apps.plans.queries.issues.lists import IssueList, issue_rows, issues_ledger, number_of
from keshu.apps.plans.services import issues

router = Router(tags=["三张清单 issues"])


class IssueRow(Schema):
    """A problem, who answers for it, by which measure and day."""

    id: int = Field(description="编号。Id.", examples=[15])
    number: str = Field(description="序号。Number.", examples=["2026-007"])
    title: str = Field(description="问题。Problem.", examples=["中试基地用地没有落实"])
    detail: str = Field(description="具体表现。", examples=["地块尚未完成征收。"])
    origin: IssueOrigin = Field(description="来源。Origin.", examples=["visit"])
    origin_text: str = Field(description="来源说明。", examples=["3 月 12 日走访云澜精工"])
    raised_for: rest.Named = Field(description="提出单位。Raised for.", examples=[{"id": 12, "name": "高新处"}])
    raised_by: str | None = Field(description="提出人。", examples=["吴芸"])
    raised_at: datetime = Field(description="提出时间。", examples=["2026-03-12T08:00:00Z"])
    owner: rest.Named | None = Field(
        description="责任单位；null 为待明确。Owner.", examples=[{"id": 20, "name": "云湖县"}]
    )
    measure: str = Field(description="整改措施。Measure.", examples=["协调完成征收"])
    due_on: date | None = Field(description="整改时限。", examples=["2026-06-30"])
    state: IssueState = Field(description="状态。State.", examples=["assigned"])
    state_name: str = Field(description="状态的名称。", examples=["整改中"])
    refusals: int = Field(description="退回次数。Times refused.", examples=[0])
    closed_at: datetime | None = Field(description="销号（撤销）时间。", examples=[None])
    is_demo: bool = Field(description="是否演示数据。", examples=[False])


class ProofShape(Schema):
    """What the owner says was done."""

    id: int = Field(description="编号。", examples=[3])
    text: str = Field(description="落实情况。", examples=["征收已完成。"])
    by: str | None = Field(description="报送人。", examples=["沈岚"])
    at: datetime = Field(description="报送时间。", examples=["2026-05-20T02:00:00Z"])
    verdict: Verdict = Field(description="确认结果。Verdict.", examples=["waiting"])
    verdict_text: str = Field(description="确认意见。", examples=[""])
    verdict_by: str | None = Field(description="确认人。", examples=[None])
    files: list[FileRef] = Field(description="佐证材料。", examples=[[]])


class IssueDetail(IssueRow):
    """An issue with what it is about and what was done."""

    plan: rest.Named | None = Field(description="计划。Plan.", examples=[None])
    target: rest.Named | None = Field(description="目标。Target.", examples=[None])
    task: rest.Named | None = Field(description="任务。Task.", examples=[None])
    proofs: list[ProofShape] = Field(description="落实情况，最近的在前。Proofs.", examples=[[]])


class IssuePage(rest.Page):
    rows: list[IssueRow] = Field(description="问题。")


class IssuesAsked(rest.Asked):
    state: rest.Several[IssueState] = Field([], description="状态，可多个。States.")
    owner: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="责任单位的编号。Owner.")
    side: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="提出单位的编号。Raised for.")
    mine: Literal["raised", "owned", "verdict"] | None = Field(
        None, description="raised 我提出的，owned 本单位整改的，verdict 待我确认的。"
    )
    year: int | None = Field(None, ge=1900, le=9999, description="年度。Year.")
    plan: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="计划的编号。Plan.")
    origin: IssueOrigin | None = Field(None, description="来源。")
    overdue: bool | None = Field(None, description="逾期。Overdue.")
    returned: bool | None = Field(None, description="退回过。Refused before.")
    due_from: date | None = Field(None, description="整改时限不早于。")
    due_until: date | None = Field(None, description="整改时限不晚于。")
    raised_from: date | None = Field(None, description="提出日期不早于。")
    raised_until: date | None = Field(None, description="提出日期不晚于。")


class IssueGiven(rest.Given):
    """A new issue; owner, measure and deadline together or not at all."""

    title: str = Field(
        min_length=1, max_length=200, description="问题，一句话写明。", examples=["中试基地用地没有落实"]
    )
    detail: str = Field("", max_length=4000, description="具体表现。", examples=["地块尚未完成征收。"])
    origin: IssueOrigin = Field(IssueOrigin.TYPED, description="来源。", examples=["visit"])
    origin_text: str = Field("", max_length=200, description="来源说明。", examples=["3 月 12 日走访云澜精工"])
    raised_for: int = Field(ge=1, le=rest.LARGEST_ID, description="提出单位的编号，须是您任职的单位。", examples=[12])
    owner: int | None = Field(
        None, ge=1, le=rest.LARGEST_ID, description="责任单位的编号；不填由规划办公室明确。", examples=[None]
    )
    measure: str = Field("", max_length=4000, description="整改措施。", examples=[""])
    due_on: date | None = Field(None, description="整改时限。", examples=[None])
    target: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="有关目标的编号。", examples=[None])
    task: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="有关任务的编号。", examples=[None])
    checkin: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="有关填报的编号。", examples=[None])


class ProofGiven(rest.Given):
    """What was done."""

    text: str = Field(
        min_length=1, max_length=4000, description="落实情况：做了什么、结果如何。", examples=["征收已完成。"]
    )


class VerdictGiven(rest.Given):
    """A word to the confirmation."""

    text: str = Field("", max_length=400, description="确认意见，可不填。", examples=["属实。"])


@rest.operation(
    router,
    "GET",
    "/issues",
    name="issue-list",
    scope=rest.TokenScope.ISSUES_READ,
    summary="三张清单",
    about=(
        "您能看到的问题，三张清单同一批。筛选和排序与“三张清单”页面相同。可排序：number、title、origin、raised_for、raised_by、"
        "raised_at、owner、due_on、refusals、closed_at、state。"
    ),
    english="Issues one may see: those one's organisations raised or answer for, and one's own.",
    answer=IssuePage,
)
def issue_list(request: rest.ApiRequest, asked: Query[IssuesAsked]) -> IssuePage:
    on = admit(request)
    rows = issue_rows(request.user)
    ledger = issues_ledger(IssueList.FULFILMENT, on=on, user=request.user, rows=rows)
    found = rest.listed(request, ledger, rows, asked)
    return IssuePage(**found.head, rows=[IssueRow(**_fields(row)) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/issues/{pk}",
    name="issue-detail",
    scope=rest.TokenScope.ISSUES_READ,
    summary="一个问题",
    about="一个问题，连同有关的目标任务和历次落实情况。",
    english="One issue with what it is about and its proofs.",
    answer=IssueDetail,
)
def issue_detail(request: rest.ApiRequest, pk: rest.RowId) -> IssueDetail:
    return _shown(request, pk, on=admit(request))


@rest.operation(
    router,
    "POST",
    "/issues",
    name="issue-raise",
    scope=rest.TokenScope.ISSUES_WRITE,
    summary="登记问题",
    about="以任职单位的名义登记一个问题。填了责任单位的，须同时填措施和时限。target、task、checkin 最多填一个。",
    english="Raise an issue in the name of one's organisation.",
    answer=IssueDetail,
    body=IssueGiven,
    status=201,
)
def issue_raise(request: rest.ApiRequest, given: IssueGiven) -> Any:
    on = admit(request)
    about = _about(request, given)
    offered = {ref.id for ref in choosable(request.user, on=on, kinds=GOVERNMENT_KINDS)}
    for field, pk in (("raised_for", given.raised_for), ("owner", given.owner)):
        if pk is not None and pk not in offered:
            raise Unacceptable("没有这个单位，或者它不能登记、承办问题，请换一个。", field=field)
    side, owner = issues.organisation_for(given.raised_for), issues.organisation_for(given.owner)
    assert side is not None
    words = given.model_dump(include={"title", "detail", "origin", "origin_text", "measure", "due_on"})

    def act() -> IssueDetail:
        made = issues.raise_issue(**words, **about, raised_for=side, owner=owner, by=request.user, at=request.at)
        return _shown(request, made.pk, on=on)

    return rest.once(request, act, status=201)


@rest.operation(
    router,
    "POST",
    "/issues/{pk}/fulfil",
    name="issue-fulfil",
    scope=rest.TokenScope.ISSUES_WRITE,
    summary="报送落实情况",
    about="责任单位报送落实情况，等待提出人确认。佐证材料请在页面上传。",
    english="The owner says what was done; files are added on the page.",
    answer=IssueDetail,
    body=ProofGiven,
    status=201,
)
def issue_fulfil(request: rest.ApiRequest, pk: rest.RowId, given: ProofGiven) -> Any:
    return _moved(request, pk, issues.fulfil_issue, status=201, text=given.text)


@rest.operation(
    router,
    "POST",
    "/issues/{pk}/confirm",
    name="issue-confirm",
    scope=rest.TokenScope.ISSUES_WRITE,
    summary="确认销号",
    about="提出人认可落实情况，问题销号。",
    english="Whoever raised it accepts the proof; the issue is closed.",
    answer=IssueDetail,
    body=VerdictGiven,
)
def issue_confirm(request: rest.ApiRequest, pk: rest.RowId, given: VerdictGiven) -> Any:
    return _moved(request, pk, issues.confirm_issue, text=given.text)


@rest.operation(
    router,
    "POST",
    "/issues/{pk}/refuse",
    name="issue-refuse",
    scope=rest.TokenScope.ISSUES_WRITE,
    summary="退回整改",
    about="提出人退回落实情况，须写明理由。",
    english="Whoever raised it sends the proof back with a reason.",
    answer=IssueDetail,
    body=Reason,
)
def issue_refuse(request: rest.ApiRequest, pk: rest.RowId, given: Reason) -> Any:
    return _moved(request, pk, issues.refuse_issue, why=given.why)


def _moved(request: rest.ApiRequest, pk: int, move: Callable[..., Issue], *, status: int = 200, **given: Any) -> Any:
    on = admit(request)
    row: Issue = rest.row_or_404(issue_by_id(request.user), pk)

    def act() -> IssueDetail:
        move(row, **given, by=request.user, at=request.at)
        return _shown(request, pk, on=on)

    return rest.once(request, act, status=status)


def _about(request: rest.ApiRequest, given: IssueGiven) -> dict[str, Any]:
    """What the issue is about, as far as the person may see it."""
    named = [name for name in ("target", "task", "checkin") if getattr(given, name) is not None]
    if len(named) > 1:
        raise Unacceptable("target、task、checkin 最多填一个。", field=named[1])
    if given.checkin is not None:
        if (check_in := check_in_for(request.user, given.checkin)) is None:
            raise Unacceptable("没有这份填报，或者您不能查看。", field="checkin")
        return {"check_in": check_in}
    models: tuple[tuple[str, str, Any], ...] = (("target", "target", Target), ("task", "node", PlanNode))
    for field, name, model in models:
        if (pk := getattr(given, field)) is not None:
            row = model.objects.visible_to(request.user).defer("reading").filter(pk=pk).first()
            if row is None:
                raise Unacceptable("没有这一项，或者您不能查看。", field=field)
            return {name: row}
    return {}


def _shown(request: rest.ApiRequest, pk: int, *, on: date) -> IssueDetail:
    row: Issue = rest.row_or_404(issue_by_id(request.user), pk)
    return IssueDetail(
        **_fields(row),
        plan=rest.named(row.plan),
        target=rest.named(row.target),
        task=rest.named(row.node),
        proofs=[_proof(each) for each in issue_card(row, on=on).proofs],
    )


def _proof(row: Any) -> ProofShape:
    return ProofShape(
        id=row.pk,
        text=row.text,
        by=rest.person(row.by),
        at=row.at,
        verdict=row.verdict,
        verdict_text=row.verdict_text,
        verdict_by=rest.person(row.verdict_by),
        files=[FileRef(id=each.pk, name=each.name) for each in row.attachments.all()],
    )


def _fields(row: Issue) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": number_of(row),
        "title": row.title,
        "detail": row.detail,
        "origin": row.origin,
        "origin_text": row.origin_text,
        "raised_for": rest.named(row.raised_for),
        "raised_by": rest.person(row.raised_by),
        "raised_at": row.raised_at,
        "owner": rest.named(row.owner),
        "measure": row.measure,
        "due_on": row.due_on,
        "state": row.state,
        "state_name": row.get_state_display(),
        "refusals": row.refusals,
        "closed_at": row.closed_at,
        "is_demo": row.is_demo,
    }
