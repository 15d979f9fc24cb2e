"""Bulletins over the API: listed, read with their figures and where these come from, taken as Word, signed off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from keshu.apps.briefings.models import Bulletin, BulletinKind, BulletinState
from keshu.apps.briefings.queries.bulletins import BULLETINS, bulletin_rows, source_address
from keshu.apps.briefings.services import bulletins
from keshu.apps.briefings.services.bulletins.papers import bulletin_paper
from keshu.apps.briefings.services.composing.passages import Chart, Composed, Grid, Heading, Line, Passage
from keshu.apps.bureau.services import rest
from keshu.apps.plans.queries.wording import period_text

router = Router(tags=["通报 bulletins"])
REFUSAL = "通报供科技部门及各责任单位使用，您的账号不能查看。"
# Where a program reads the row behind a figure: the word before the number, or the name of a ledger.
ROWS = {"checkin": "checkins", "target": "targets", "node": "tasks"}
LEDGERS = {
    "targets": "targets", "tasks": "tasks", "forms": "checkins", "notices": "supervision", "issues": "issues",
}  # fmt: skip


class BulletinRow(Schema):
    """A bulletin of one organisation on one period."""

    id: int = Field(description="编号。Id.", examples=[4])
    title: str = Field(description="标题。Title.", examples=["2026年一季度科技工作要点完成情况季报"])
    kind: BulletinKind = Field(description="类型。Kind.", examples=["quarterly"])
    kind_name: str = Field(description="类型的名称。", examples=["季报"])
    period: str = Field(description="时期。Period.", examples=["2026-Q1"])
    period_name: str = Field(description="时期的名称。", examples=["2026年一季度"])
    year: int = Field(description="年度。Year.", examples=[2026])
    number: int | None = Field(description="期号；签发以前为 null。Number within kind and year.", examples=[1])
    organisation: rest.Named = Field(description="发布单位。Issuer.", examples=[{"id": 2, "name": "市科技局"}])
    plan: rest.Named = Field(description="所据工作要点。Plan.", examples=[{"id": 3, "name": "2026年全市科技工作要点"}])
    state: BulletinState = Field(description="状态。State.", examples=["released"])
    state_name: str = Field(description="状态的名称。", examples=["已发布"])
    composed_at: datetime = Field(description="取数时间。Figures as of.", examples=["2026-04-08T01:30:00Z"])
    composed_by: str | None = Field(description="拟稿人。", examples=["林静"])
    released_at: datetime | None = Field(description="发布时间。", examples=["2026-04-09T08:00:00Z"])
    released_by: str | None = Field(description="签发人。", examples=["周启明"])
    version: int = Field(description="改动次数；送签和签发时带上。Send it with the next step.", examples=[3])
    is_demo: bool = Field(description="是否演示数据。", examples=[False])


class WordsShape(Schema):
    """A stretch of text."""

    text: str = Field(description="文字。Words.", examples=["82家"])
    source: str = Field(description="来源的键，见 sources；空为没有来源。Key of its source.", examples=["t12"])


class PassageShape(Schema):
    """A heading, a paragraph, a table or a chart; the fields that do not belong to it are empty."""

    kind: str = Field(description="heading 小标题、text 段落、grid 表、chart 图。", examples=["text"])
    title: str = Field(description="小标题、段首、表题或图题。", examples=[""])
    words: list[WordsShape] = Field(description="段落的文字。", examples=[[{"text": "82家", "source": "t12"}]])
    header: list[str] = Field(description="表头。", examples=[[]])
    rows: list[list[list[WordsShape]]] = Field(description="表的各行。", examples=[[]])
    labels: list[str] = Field(description="图的类别。", examples=[[]])
    values: list[float] = Field(description="图的数值。", examples=[[]])
    unit: str = Field(description="表或图的单位。", examples=[""])
    note: str = Field(description="表注。", examples=[""])


class SectionShape(Schema):
    """A section as it reads."""

    id: str = Field(description="栏目的编号。", examples=["goals"])
    title: str = Field(description="栏目名称。", examples=["主要目标完成情况"])
    passages: list[PassageShape] = Field(description="内容，按先后。", examples=[[]])


class SourceShape(Schema):
    """Where a figure comes from."""

    key: str = Field(description="来源的键。", examples=["t12"])
    said: str = Field(description="来源的说明，与 Word 脚注相同。", examples=["2026年3月调度，高新处填报、审签"])
    page: str = Field(description="网页的地址。", examples=["/check-ins/7/"])
    api: str | None = Field(description="数据接口的地址；null 为没有。", examples=["/api/v1/checkins/7"])


class BulletinDetail(BulletinRow):
    """A bulletin with its words and their sources. Of a released one both are frozen, and ``digest`` is of ``text``."""

    remark: str = Field(description="退回或撤回的理由。", examples=[""])
    corrects: rest.Named | None = Field(description="所更正的通报。", examples=[None])
    sections: list[SectionShape] = Field(description="正文。", examples=[[]])
    sources: list[SourceShape] = Field(description="数字的来源。", examples=[[]])
    text: str = Field(description="正文的全部文字，一段一行。All words.", examples=["总体情况"])
    digest: str = Field(description="发布时正文的 SHA-256；未发布为空。", examples=[""])


class BulletinPage(rest.Page):
    rows: list[BulletinRow] = Field(description="通报。")


class BulletinsAsked(rest.Asked):
    kind: rest.Several[BulletinKind] = Field([], description="类型，可多个。Kinds.")
    state: rest.Several[BulletinState] = Field([], description="状态，可多个。States.")
    released_from: date | None = Field(None, description="发布日期不早于。")
    released_until: date | None = Field(None, description="发布日期不晚于。")


class VersionGiven(rest.Given):
    """What the program has read."""

    version: int = Field(ge=0, le=2**31 - 1, description="读到的改动次数。The version read.", examples=[3])


class ReasonGiven(rest.Given):
    why: str = Field(min_length=1, max_length=400, description="理由。Why.", examples=["请补充县区情况。"])


@rest.operation(
    router,
    "GET",
    "/bulletins",
    name="bulletin-list",
    scope=rest.TokenScope.BULLETINS_READ,
    summary="通报台账",
    about=(
        "您能看到的通报。筛选和排序与“通报”页面相同。"
        "可排序：title、kind、period、number、organisation、state、released_at、composed_by。"
    ),
    english="Bulletins one may see; drafts belong to their issuers.",
    answer=BulletinPage,
)
def bulletin_list(request: rest.ApiRequest, asked: Query[BulletinsAsked]) -> BulletinPage:
    rest.government_only(request.user, REFUSAL)
    found = rest.listed(request, BULLETINS, bulletin_rows(request.user), asked)
    return BulletinPage(**found.head, rows=[BulletinRow(**_fields(row)) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/bulletins/{pk}",
    name="bulletin-detail",
    scope=rest.TokenScope.BULLETINS_READ,
    summary="一份通报",
    about="一份通报的正文，数字带着来源。",
    english="One bulletin with its sections, its figures and the source of each.",
    answer=BulletinDetail,
)
def bulletin_detail(request: rest.ApiRequest, pk: rest.RowId) -> BulletinDetail:
    return _shown(_row(request, pk))


@rest.operation(
    router,
    "GET",
    "/bulletins/{pk}/paper",
    name="bulletin-paper",
    scope=rest.TokenScope.BULLETINS_READ,
    summary="通报的 Word 文件",
    about="公文格式的 .docx，数字的来源写在脚注里。下载记入日志。",
    english="The bulletin as an official document in Word; the download is recorded.",
    answer=None,
)
def bulletin_paper_file(request: rest.ApiRequest, pk: rest.RowId) -> HttpResponse:
    return rest.file_answer(request, bulletin_paper(_row(request, pk), by=request.user, at=request.at))


@rest.operation(
    router,
    "POST",
    "/bulletins/{pk}/submit",
    name="bulletin-submit",
    scope=rest.TokenScope.BULLETINS_WRITE,
    summary="送签",
    about="编写人送签；读到以后又被改动的，答复 409。",
    english="Hand a draft to the leader. 409 when it was changed since it was read.",
    answer=BulletinDetail,
    body=VersionGiven,
)
def bulletin_submit(request: rest.ApiRequest, pk: rest.RowId, given: VersionGiven) -> Any:
    return _moved(request, pk, bulletins.submit_bulletin, version=given.version)


@rest.operation(
    router,
    "POST",
    "/bulletins/{pk}/return",
    name="bulletin-return",
    scope=rest.TokenScope.BULLETINS_WRITE,
    summary="退回修改",
    about="待签发的通报退回拟稿人，写明理由。",
    english="Send it back to the desk with a reason.",
    answer=BulletinDetail,
    body=ReasonGiven,
)
def bulletin_return(request: rest.ApiRequest, pk: rest.RowId, given: ReasonGiven) -> Any:
    return _moved(request, pk, bulletins.return_bulletin, why=given.why)


@rest.operation(
    router,
    "POST",
    "/bulletins/{pk}/release",
    name="bulletin-release",
    scope=rest.TokenScope.BULLETINS_WRITE,
    summary="签发",
    about="局领导签发，县区、园区由本单位经办人签发；编号发布，内容和数据就此固定。",
    english="Release it under the next number and freeze its words and data. Leaders; a county by its clerk.",
    answer=BulletinDetail,
    body=VersionGiven,
)
def bulletin_release(request: rest.ApiRequest, pk: rest.RowId, given: VersionGiven) -> Any:
    return _moved(request, pk, bulletins.release_bulletin, version=given.version)


@rest.operation(
    router,
    "POST",
    "/bulletins/{pk}/withdraw",
    name="bulletin-withdraw",
    scope=rest.TokenScope.BULLETINS_WRITE,
    summary="撤回",
    about="撤回已发布的通报，写明理由；正文仍可查看。",
    english="Withdraw a released bulletin with a reason; it stays readable.",
    answer=BulletinDetail,
    body=ReasonGiven,
)
def bulletin_withdraw(request: rest.ApiRequest, pk: rest.RowId, given: ReasonGiven) -> Any:
    return _moved(request, pk, bulletins.withdraw_bulletin, why=given.why)


def _row(request: rest.ApiRequest, pk: int) -> Bulletin:
    rest.government_only(request.user, REFUSAL)
    rows = Bulletin.objects.visible_to(request.user).kept()
    found: Bulletin = rest.row_or_404(
        rows.select_related("organisation", "plan__organisation", "corrects", "composed_by", "released_by"), pk
    )
    return found


def _moved(request: rest.ApiRequest, pk: int, move: Callable[..., Bulletin], **given: Any) -> Any:
    row = _row(request, pk)

    def act() -> BulletinDetail:
        move(row, **given, by=request.user, at=request.at)
        return _shown(_row(request, pk))

    return rest.once(request, act)


def _fields(row: Bulletin) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "kind": row.kind,
        "kind_name": row.get_kind_display(),
        "period": row.period,
        "period_name": period_text(row.period),
        "year": row.year,
        "number": row.number,
        "organisation": rest.named(row.organisation),
        "plan": rest.named(row.plan),
        "state": row.state,
        "state_name": row.get_state_display(),
        "composed_at": row.composed_at,
        "composed_by": rest.person(row.composed_by),
        "released_at": row.released_at,
        "released_by": rest.person(row.released_by),
        "version": row.version,
        "is_demo": row.is_demo,
    }


def _shown(row: Bulletin) -> BulletinDetail:
    composed = bulletins.words_of(row)
    return BulletinDetail(
        **_fields(row),
        remark=row.remark,
        corrects=rest.named(row.corrects),
        sections=[
            SectionShape(id=each.key, title=each.title, passages=[_passage(one) for one in each.passages])
            for each in composed.sections
        ],
        sources=_sources(composed, plan_id=row.plan_id),
        text=composed.plain,
        digest=row.digest,
    )


def _sources(composed: Composed, *, plan_id: int) -> list[SourceShape]:
    return [
        SourceShape(key=key, said=each.told, page=source_address(each.row, plan_id=plan_id), api=_api_address(each.row))
        for key, each in composed.sources.items()
    ]


def _api_address(row: str) -> str | None:
    """Where the row behind a figure is read over the API.

    >>> _api_address("checkin-7"), _api_address("notices"), _api_address("office-3")
    ('/api/v1/checkins/7', '/api/v1/supervision', None)
    """
    word, _, number = row.partition("-")
    if row in LEDGERS:
        return f"/api/v1/{LEDGERS[row]}"
    return f"/api/v1/{ROWS[word]}/{number}" if word in ROWS else None


def _passage(passage: Passage) -> PassageShape:
    parts: dict[str, Any] = {
        "title": "", "words": [], "header": [], "rows": [], "labels": [], "values": [], "unit": "", "note": "",
    }  # fmt: skip
    if isinstance(passage, Heading):
        parts |= {"title": passage.text}
    elif isinstance(passage, Grid):
        rows = [[_words(cell) for cell in row] for row in passage.rows]
        parts |= {"title": passage.caption, "header": list(passage.header), "rows": rows}
        parts |= {"unit": passage.unit, "note": passage.note}
    elif isinstance(passage, Chart):
        parts |= {"title": passage.title, "labels": list(passage.labels), "values": list(passage.values)}
        parts |= {"unit": passage.unit}
    else:
        parts |= {"title": passage.lead, "words": _words(passage.line)}
    return PassageShape(kind=passage.kind, **parts)


def _words(line: Line) -> list[WordsShape]:
    return [WordsShape(text=each.text, source=each.source) for each in line]
