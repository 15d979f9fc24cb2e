"""Monthly check-ins over the API: listed, read, saved, filed, taken back, signed, returned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.services import Unacceptable, rest
from keshu.apps.plans.api.asking import admit, choices
from keshu.apps.plans.models import CheckIn, CheckInState, Part
from keshu.apps.plans.queries.checkin_pages.history import files_of
from keshu.apps.plans.queries.checkin_pages.rounds import forms_ledger
from keshu.apps.plans.queries.checkins.forms import in_plan_order, own_organisation_ids
from keshu.apps.plans.services.checkins import (
    file_check_in,
    recall_check_in,
    return_check_in,
    save_check_in,
    sign_check_in,
)

router = Router(tags=["月调度 check-ins"])
APART = ("plan", "round", "own")


class RoundRef(Schema):
    """The period that is reported."""

    id: int = Field(description="期次的编号。", examples=[5])
    key: str = Field(description="期次，例如 2026-03。Period.", examples=["2026-03"])
    plan: rest.Named = Field(description="计划。Plan.", examples=[{"id": 3, "name": "2026年全市科技工作要点"}])


class CheckInRow(Schema):
    """What one organisation reports on one target or task in one round."""

    id: int = Field(description="编号。Id.", examples=[77])
    round: RoundRef = Field(description="期次。Round.")
    organisation: rest.Named = Field(description="填报单位。", examples=[{"id": 12, "name": "高新处"}])
    target: rest.Named | None = Field(
        description="目标；任务的填报为 null。Target.", examples=[{"id": 41, "name": "高企总数"}]
    )
    task: rest.Named | None = Field(description="任务；目标的填报为 null。Task.", examples=[None])
    part: Part = Field(description="责任：lead 牵头，support 配合。", examples=["lead"])
    state: CheckInState = Field(description="状态。State.", examples=["open"])
    state_name: str = Field(description="状态的名称。", examples=["待填报"])
    due_on: date = Field(description="截止日期。", examples=["2026-04-03"])
    value: Decimal | None = Field(
        description="完成数，年内累计（存量为期末数），单位同目标。Reached.", examples=["310"]
    )
    unit: str = Field(description="完成数的单位。Unit.", examples=["家"])
    percent: int | None = Field(description="任务的完成进度，0 到 100。", examples=[None])
    progress: str = Field(description="进展情况。Progress.", examples=["已组织两批申报。"])
    problems: str = Field(description="存在问题。Problems.", examples=[""])
    help_needed: str = Field(description="需协调事项。Help needed.", examples=[""])
    version: int = Field(description="改动次数；保存和报送时带回。Send it back when writing.", examples=[2])
    filed_by: str | None = Field(description="填报人。", examples=["吴芸"])
    filed_at: datetime | None = Field(description="填报时间。", examples=["2026-04-01T02:00:00Z"])
    signed_by: str | None = Field(description="审签人。", examples=[None])
    signed_at: datetime | None = Field(description="审签时间。", examples=[None])


class FileRef(Schema):
    """A file that goes with a row; it is read on its page."""

    id: int = Field(description="附件的编号。", examples=[30])
    name: str = Field(description="文件名。", examples=["申报名单.xlsx"])


class CheckInDetail(CheckInRow):
    """A check-in with its return note and its files."""

    remark: str = Field(description="退回或免报的说明。Note of the return.", examples=[""])
    evidence: list[FileRef] = Field(description="佐证材料。Files.", examples=[[]])


class CheckInPage(rest.Page):
    rows: list[CheckInRow] = Field(description="填报。")


class CheckInsAsked(rest.Asked):
    plan: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="计划的编号。Plan.")
    round: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="期次的编号。Round.")
    own: bool | None = Field(None, description="1（true）只要本单位填报的。Those of one's own organisations.")
    state: rest.Several[CheckInState] = Field([], description="状态，可多个。States.")
    office: int | None = Field(None, ge=1, le=rest.LARGEST_ID, description="填报单位的编号。Organisation.")
    part: Part | None = Field(None, description="责任。")
    late: bool | None = Field(None, description="逾期。Late.")
    asks: bool | None = Field(None, description="有问题或需协调。With problems or asking for help.")


class CheckInContents(rest.Given):
    """What is written into a form; it replaces all that stood there."""

    version: int = Field(ge=0, le=2**31 - 1, description="读到的改动次数；已被他人改动的答复 409。", examples=[2])
    progress: str = Field("", max_length=4000, description="进展情况。", examples=["已组织两批申报。"])
    value: Decimal | None = Field(
        None, max_digits=20, decimal_places=6, description="目标的完成数；任务不填。", examples=["310"]
    )
    percent: int | None = Field(None, ge=0, le=100, description="任务的完成进度；目标不填。", examples=[None])
    problems: str = Field("", max_length=4000, description="存在问题。", examples=[""])
    help_needed: str = Field("", max_length=4000, description="需协调事项。", examples=[""])


class Reason(rest.Given):
    """A move that wants its reason."""

    why: str = Field(
        min_length=1, max_length=400, description="理由。Reason.", examples=["完成数与上期不一致，请核实。"]
    )


@rest.operation(
    router,
    "GET",
    "/checkins",
    name="checkin-list",
    scope=rest.TokenScope.CHECKINS_READ,
    summary="填报清单",
    about=(
        "您能看到的填报：本单位的，和其他单位已审签的。筛选和排序与“调度进度”页面一期的清单相同，另可按计划、期次筛选。"
        "可排序：subject、organisation、part、state、due_on。"
    ),
    english="Check-ins one may see: one's own organisations', and what others have signed.",
    answer=CheckInPage,
)
def checkin_list(request: rest.ApiRequest, asked: Query[CheckInsAsked]) -> CheckInPage:
    on = admit(request)
    rows = CheckIn.objects.visible_to(request.user)
    if asked.plan is not None:
        rows = rows.filter(round__plan=asked.plan)
    if asked.round is not None:
        rows = rows.filter(round=asked.round)
    if asked.own is not None:
        own = rows.filter(organisation__in=own_organisation_ids(request.user))
        rows = own if asked.own else rows.exclude(organisation__in=own_organisation_ids(request.user))
    ledger = forms_ledger(on=on, offices=choices(asked.office))
    found = rest.listed(request, ledger, in_plan_order(rows, "-round__first_on"), asked, apart=APART)
    return CheckInPage(**found.head, rows=[CheckInRow(**_fields(row)) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/checkins/{pk}",
    name="checkin-detail",
    scope=rest.TokenScope.CHECKINS_READ,
    summary="一份填报",
    about="一份填报，连同退回说明和佐证材料的文件名。",
    english="One check-in with the note of its return and the names of its files.",
    answer=CheckInDetail,
)
def checkin_detail(request: rest.ApiRequest, pk: rest.RowId) -> CheckInDetail:
    admit(request)
    return _shown(request, pk)


@rest.operation(
    router,
    "POST",
    "/checkins/{pk}/save",
    name="checkin-save",
    scope=rest.TokenScope.CHECKINS_WRITE,
    summary="保存填报",
    about="保存内容，不报送；本单位以外的人看不到。没有写的字段按空白保存。",
    english="Keep what is written without filing it. Fields left out are saved empty.",
    answer=CheckInDetail,
    body=CheckInContents,
)
def checkin_save(request: rest.ApiRequest, pk: rest.RowId, given: CheckInContents) -> Any:
    return _written(request, pk, given, save_check_in)


@rest.operation(
    router,
    "POST",
    "/checkins/{pk}/file",
    name="checkin-file",
    scope=rest.TokenScope.CHECKINS_WRITE,
    summary="报送填报",
    about="保存内容并送审签人。没有另一位审签人的，报送即审签。",
    english="Keep what is written and hand it to the signer.",
    answer=CheckInDetail,
    body=CheckInContents,
)
def checkin_file(request: rest.ApiRequest, pk: rest.RowId, given: CheckInContents) -> Any:
    return _written(request, pk, given, file_check_in)


@rest.operation(
    router,
    "POST",
    "/checkins/{pk}/recall",
    name="checkin-recall",
    scope=rest.TokenScope.CHECKINS_WRITE,
    summary="撤回填报",
    about="审签之前撤回，改好须重新报送。",
    english="Take a filed form back before it is signed.",
    answer=CheckInDetail,
)
def checkin_recall(request: rest.ApiRequest, pk: rest.RowId) -> Any:
    return _moved(request, pk, recall_check_in)


@rest.operation(
    router,
    "POST",
    "/checkins/{pk}/sign",
    name="checkin-sign",
    scope=rest.TokenScope.CHECKINS_WRITE,
    summary="审签填报",
    about="审签后计入进度，各单位可以看到。",
    english="Sign a filed form; from then on it counts.",
    answer=CheckInDetail,
)
def checkin_sign(request: rest.ApiRequest, pk: rest.RowId) -> Any:
    return _moved(request, pk, sign_check_in)


@rest.operation(
    router,
    "POST",
    "/checkins/{pk}/return",
    name="checkin-return",
    scope=rest.TokenScope.CHECKINS_WRITE,
    summary="退回填报",
    about="退回填报人修改，须写明理由；截止日期不变。",
    english="Send a filed form back with a reason.",
    answer=CheckInDetail,
    body=Reason,
)
def checkin_return(request: rest.ApiRequest, pk: rest.RowId, given: Reason) -> Any:
    return _moved(request, pk, return_check_in, why=given.why)


def _written(request: rest.ApiRequest, pk: int, given: CheckInContents, keep: Callable[..., CheckIn]) -> Any:
    admit(request)
    row = _found(request, pk)
    if row.target_id is not None and given.percent is not None:
        raise Unacceptable("目标填完成数（value），不填完成进度。", field="percent")

    def act() -> CheckInDetail:
        keep(row, **given.model_dump(), by=request.user, at=request.at)
        return _shown(request, pk)

    return rest.once(request, act)


def _moved(request: rest.ApiRequest, pk: int, move: Callable[..., CheckIn], **given: Any) -> Any:
    admit(request)
    row = _found(request, pk)

    def act() -> CheckInDetail:
        move(row, **given, by=request.user, at=request.at)
        return _shown(request, pk)

    return rest.once(request, act)


def _found(request: rest.ApiRequest, pk: int) -> CheckIn:
    return rest.row_or_404(in_plan_order(CheckIn.objects.visible_to(request.user)), pk)


def _shown(request: rest.ApiRequest, pk: int) -> CheckInDetail:
    row = _found(request, pk)
    files = [FileRef(id=each.attachment_id, name=each.attachment.name) for each in files_of(row)]
    return CheckInDetail(**_fields(row), remark=row.remark, evidence=files)


def _fields(row: CheckIn) -> dict[str, Any]:
    return {
        "id": row.pk,
        "round": RoundRef(
            id=row.round_id, key=row.round.key, plan=rest.Named(id=row.round.plan_id, name=str(row.round.plan))
        ),
        "organisation": rest.named(row.organisation),
        "target": rest.named(row.target),
        "task": rest.named(row.node),
        "part": row.part,
        "state": row.state,
        "state_name": row.get_state_display(),
        "due_on": row.due_on,
        "value": rest.plain(row.value),
        "unit": "" if row.target is None else row.target.unit,
        "percent": row.percent,
        "progress": row.progress,
        "problems": row.problems,
        "help_needed": row.help_needed,
        "version": row.version,
        "filed_by": rest.person(row.filed_by),
        "filed_at": row.filed_at,
        "signed_by": rest.person(row.signed_by),
        "signed_at": row.signed_at,
    }
