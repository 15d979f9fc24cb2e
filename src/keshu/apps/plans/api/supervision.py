"""Supervision notices over the API: listed, read, signed for, replied to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.api.asking import choices
from keshu.apps.plans.api.checkins import FileRef
from keshu.apps.plans.models import SupervisionNotice, SupervisionState, Verdict
from keshu.apps.plans.queries.supervision.cards import notice_by_id
from keshu.apps.plans.queries.supervision.ledger import notice_rows, notices_ledger
from keshu.apps.plans.services import supervision

router = Router(tags=["督办单 supervision notices"])
REFUSAL = "督办单供科技部门及各承办单位使用，您的账号不能查看。"


class NoticeRow(Schema):
    """A demand with a deadline to one organisation."""

    id: int = Field(description="编号。Id.", examples=[6])
    number: str = Field(description="文号；草稿为空。Number.", examples=["〔2026〕3号"])
    year: int = Field(description="年度。Year.", examples=[2026])
    title: str = Field(description="督办事项。Title.", examples=["关于高新技术企业培育工作的督办"])
    demand: str = Field(description="办理要求。Demand.", examples=["请于月底前报送培育名单。"])
    issuer: rest.Named = Field(description="督办单位。Issuer.", examples=[{"id": 4, "name": "规划处"}])
    addressee: rest.Named = Field(description="承办单位。Addressee.", examples=[{"id": 20, "name": "云湖县"}])
    state: SupervisionState = Field(description="状态。State.", examples=["issued"])
    state_name: str = Field(description="状态的名称。", examples=["待签收"])
    due_on: date = Field(description="办理时限。", examples=["2026-03-20"])
    issued_at: datetime | None = Field(description="签发时间。", examples=["2026-03-05T01:30:00Z"])
    signed_for_at: datetime | None = Field(description="签收时间。", examples=[None])
    closed_at: datetime | None = Field(description="办结（撤销）时间。", examples=[None])


class ReplyShape(Schema):
    """What the addressee answered."""

    id: int = Field(description="编号。", examples=[2])
    text: str = Field(description="办理情况。", examples=["已走访 12 家企业，名单附后。"])
    by: str | None = Field(description="报送人。", examples=["吴芸"])
    at: datetime = Field(description="报送时间。", examples=["2026-03-10T03:00:00Z"])
    verdict: Verdict = Field(description="审核结果。Verdict.", examples=["waiting"])
    verdict_text: str = Field(description="审核意见。", examples=[""])
    files: list[FileRef] = Field(description="附件。", examples=[[]])


class StepShape(Schema):
    """What happened to a notice."""

    label: str = Field(description="经过。", examples=["签发"])
    text: str = Field(description="说明。", examples=[""])
    by: str | None = Field(description="办理人；null 为系统。", examples=["林静"])
    at: datetime = Field(description="时间。", examples=["2026-03-05T01:30:00Z"])


class NoticeDetail(NoticeRow):
    """A notice with its matters, replies and course."""

    matters: list[str] = Field(description="督办内容。Matters.", examples=[["高新技术企业总数"]])
    plan: rest.Named | None = Field(description="所据计划。Plan.", examples=[None])
    written_by: str | None = Field(description="拟稿人。", examples=["林静"])
    issued_by: str | None = Field(description="签发人。", examples=["林静"])
    signed_for_by: str | None = Field(description="签收人。", examples=[None])
    replies: list[ReplyShape] = Field(description="办理情况，先报送的在前。Replies.", examples=[[]])
    steps: list[StepShape] = Field(description="办理经过。Course.", examples=[[]])


class NoticePage(rest.Page):
    rows: list[NoticeRow] = Field(description="督办单。")


class NoticesAsked(rest.Asked):
    state: rest.Several[SupervisionState] = Field([], description="状态，可多个。States.")
    late: bool | None = Field(None, description="逾期。Late.")
    office: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="承办单位的编号。Addressee.")
    year: int | None = Field(None, ge=1900, le=9999, description="年度。Year.")
    plan: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="所据计划的编号。Plan.")
    due_from: date | None = Field(None, description="办理时限不早于。")
    due_until: date | None = Field(None, description="办理时限不晚于。")
    issued_from: date | None = Field(None, description="签发日期不早于。")
    issued_until: date | None = Field(None, description="签发日期不晚于。")


class ReplyGiven(rest.Given):
    """What was done."""

    text: str = Field(
        min_length=1,
        max_length=4000,
        description="办理情况：做了什么、结果如何。",
        examples=["已走访 12 家企业，名单见附件。"],
    )


@rest.operation(
    router,
    "GET",
    "/supervision",
    name="supervision-list",
    scope=rest.TokenScope.SUPERVISION_READ,
    summary="督办台账",
    about=(
        "您能看到的督办单。筛选和排序与“督办单”页面相同。可排序：title、number、state、addressee、due_on、issued_at、"
        "signed_for_at、replied_at、closed_at、issuer、written_by、issued_by。"
    ),
    english="Supervision notices one may see; a draft belongs to its writers.",
    answer=NoticePage,
)
def supervision_list(request: rest.ApiRequest, asked: Query[NoticesAsked]) -> NoticePage:
    rest.government_only(request.user, REFUSAL)
    shown: dict[str, Any] = {
        "addressees": choices(asked.office),
        "years": choices(asked.year),
        "plans": choices(asked.plan),
    }
    ledger = notices_ledger(on=timezone.localdate(request.at), sees_drafts=True, **shown)
    found = rest.listed(request, ledger, notice_rows(request.user), asked)
    return NoticePage(**found.head, rows=[NoticeRow(**_fields(row)) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/supervision/{pk}",
    name="supervision-detail",
    scope=rest.TokenScope.SUPERVISION_READ,
    summary="一份督办单",
    about="一份督办单，连同督办内容、办理情况和经过。",
    english="One notice with its matters, replies and course.",
    answer=NoticeDetail,
)
def supervision_detail(request: rest.ApiRequest, pk: rest.RowId) -> NoticeDetail:
    rest.government_only(request.user, REFUSAL)
    return _shown(request, pk)


@rest.operation(
    router,
    "POST",
    "/supervision/{pk}/sign-for",
    name="supervision-sign-for",
    scope=rest.TokenScope.SUPERVISION_WRITE,
    summary="签收督办单",
    about="承办单位的人员签收。",
    english="The addressee's people confirm that they have it.",
    answer=NoticeDetail,
)
def supervision_sign_for(request: rest.ApiRequest, pk: rest.RowId) -> Any:
    rest.government_only(request.user, REFUSAL)
    row: SupervisionNotice = rest.row_or_404(notice_by_id(request.user), pk)

    def act() -> NoticeDetail:
        supervision.sign_for(row, by=request.user, at=request.at)
        return _shown(request, pk)

    return rest.once(request, act)


@rest.operation(
    router,
    "POST",
    "/supervision/{pk}/reply",
    name="supervision-reply",
    scope=rest.TokenScope.SUPERVISION_WRITE,
    summary="报送办理情况",
    about="承办单位报送办理情况，等待督办单位审核。附件请在页面上传。",
    english="The addressee answers; files are added on the page.",
    answer=NoticeDetail,
    body=ReplyGiven,
    status=201,
)
def supervision_reply(request: rest.ApiRequest, pk: rest.RowId, given: ReplyGiven) -> Any:
    rest.government_only(request.user, REFUSAL)
    row: SupervisionNotice = rest.row_or_404(notice_by_id(request.user), pk)

    def act() -> NoticeDetail:
        supervision.reply(row, text=given.text, by=request.user, at=request.at)
        return _shown(request, pk)

    return rest.once(request, act, status=201)


def _shown(request: rest.ApiRequest, pk: int) -> NoticeDetail:
    row: SupervisionNotice = rest.row_or_404(notice_by_id(request.user), pk)
    return NoticeDetail(
        **_fields(row),
        matters=[item.text for item in row.items.all()],
        plan=rest.named(row.plan),
        written_by=rest.person(row.written_by),
        issued_by=rest.person(row.issued_by),
        signed_for_by=rest.person(row.signed_for_by),
        replies=[_reply(each) for each in row.replies.all()],
        steps=[
            StepShape(label=each.label, text=each.text, by=rest.person(each.by), at=each.at) for each in row.steps.all()
        ],
    )


def _reply(row: Any) -> ReplyShape:
    return ReplyShape(
        id=row.pk,
        text=row.text,
        by=rest.person(row.by),
        at=row.at,
        verdict=row.verdict,
        verdict_text=row.verdict_text,
        files=[FileRef(id=each.pk, name=each.name) for each in row.attachments.all()],
    )


def _fields(row: SupervisionNotice) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number_text,
        "year": row.year,
        "title": row.title,
        "demand": row.demand,
        "issuer": rest.named(row.issuer),
        "addressee": rest.named(row.addressee),
        "state": row.state,
        "state_name": row.get_state_display(),
        "due_on": row.due_on,
        "issued_at": row.issued_at,
        "signed_for_at": row.signed_for_at,
        "closed_at": row.closed_at,
    }
