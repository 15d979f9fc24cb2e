"""Drafts checked against the ledger over the API: handed in as text, listed, read with the findings, taken as Word."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from keshu.apps.briefings.models import FactCheck, FactCheckResult, FactCheckState, Judgement
from keshu.apps.briefings.queries.fact_checks import FACT_CHECKS, KINDS, fact_check_rows
from keshu.apps.briefings.services import fact_checks
from keshu.apps.bureau.services import Unacceptable, rest

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

router = Router(tags=["核对稿件 fact checks"])
REFUSAL = "核对稿件供科技部门及各责任单位使用，您的账号不能查看台账。"


class FactCheckRow(Schema):
    """A draft that was brought, and what its latest check found."""

    id: int = Field(description="编号。Id.", examples=[6])
    title: str = Field(description="稿件。Draft.", examples=["全市科技工作讲话"])
    year: int = Field(description="对照年度。Year of the ledger.", examples=[2026])
    as_of: str = Field(
        description="稿件所说的时期；空为台账最近一个月。Time it speaks of.", examples=["2026-01/2026-10"]
    )
    state: FactCheckState = Field(description="状态。State.", examples=["open"])
    state_name: str = Field(description="状态的名称。", examples=["有问题待处理"])
    error: str = Field(description="未成功的原因。", examples=[""])
    figures: int = Field(description="数字。Figures.", examples=[48])
    problems: int = Field(description="有问题的。Findings to look at.", examples=[12])
    open: int = Field(description="待处理的。Not judged yet.", examples=[9])
    checked_at: datetime | None = Field(description="核对时间；没有核对成为 null。", examples=["2026-11-05T01:30:00Z"])
    created_at: datetime = Field(description="提交时间。", examples=["2026-11-05T01:29:50Z"])


class FactShape(Schema):
    """A figure of the ledger."""

    name: str = Field(description="指标。Indicator.", examples=["技术合同成交额"])
    period: str = Field(description="时期。", examples=["2026年1—10月"])
    value: str = Field(description="数值。", examples=["60.48亿元"])
    source: str = Field(description="来源。Source.", examples=["2026年10月调度，成果处填报，11月4日审签"])
    link: str = Field(description="网页的地址；空为没有。", examples=["/plans/checkins/7/"])


class FindingShape(Schema):
    """What is said of one figure of the draft. ``start`` and ``end`` count characters of ``text``."""

    number: int = Field(description="序号，按稿件的先后。", examples=[3])
    start: int = Field(description="起于第几字，从 0 数。", examples=[120])
    end: int = Field(description="止于第几字之前。", examples=[126])
    quote: str = Field(description="稿中数字。As printed.", examples=["61.5亿元"])
    name: str = Field(description="指标。", examples=["技术合同成交额"])
    kind: str = Field(description="结论。Verdict.", examples=["differs"])
    kind_name: str = Field(description="结论的名称。", examples=["与台账不符"])
    is_sound: bool = Field(description="是否不用看。Nobody need look.", examples=[False])
    sentence: str = Field(description="说明。", examples=["与台账不符：稿中为61.5亿元，多1.02亿元；……"])
    difference: str = Field(description="相差。", examples=["多1.02亿元"])
    fact: FactShape | None = Field(description="所对照的台账数据。Held against.", examples=[None])
    expected: FactShape | None = Field(
        description="应为；与 fact 不同时才有。What should stand there.", examples=[None]
    )
    candidates: list[FactShape] = Field(description="可能所指的数据。What it may mean.", examples=[[]])
    others: list[int] = Field(description="与之不一致的各处的序号。", examples=[[]])
    judgement: Judgement | None = Field(description="处理；null 为没有。Judgement.", examples=[None])
    note: str = Field(description="处理说明。", examples=[""])


class FactCheckDetail(FactCheckRow):
    """A check with the text and the findings of its latest result; both empty until there is one."""

    text: str = Field(description="稿件的正文。Text.", examples=["1—10月，技术合同成交额61.5亿元。"])
    findings: list[FindingShape] = Field(description="核对意见，按稿件的先后。Findings.", examples=[[]])


class FactCheckPage(rest.Page):
    rows: list[FactCheckRow] = Field(description="核对稿件。")


class FactChecksAsked(rest.Asked):
    year: int | None = Field(None, ge=1900, le=9999, description="对照年度。Year.")
    state: rest.Several[FactCheckState] = Field([], description="状态，可多个。States.")
    created_from: date | None = Field(None, description="提交日期不早于。")
    created_until: date | None = Field(None, description="提交日期不晚于。")


class DraftGiven(rest.Given):
    """A draft as plain text."""

    text: str = Field(
        min_length=1,
        max_length=200_000,
        description="稿件的文字。Words.",
        examples=["1—10月，技术合同成交额61.5亿元。"],
    )
    year: int = Field(ge=1900, le=9999, description="对照哪一年的台账。Year.", examples=[2026])
    as_of: str = Field(
        "", max_length=20, description="稿件所说的时期；不填为台账最近一个月。", examples=["2026-01/2026-10"]
    )


@rest.operation(
    router,
    "GET",
    "/fact-checks",
    name="fact-check-list",
    scope=rest.TokenScope.FACT_CHECKS_READ,
    summary="核对稿件台账",
    about=(
        "本人提交核对的稿件。筛选和排序与“核对稿件”页面相同。"
        "可排序：title、state、year、figure_count、problem_count、open_count、checked_at、created_at。"
    ),
    english="The drafts one has brought oneself.",
    answer=FactCheckPage,
)
def fact_check_list(request: rest.ApiRequest, asked: Query[FactChecksAsked]) -> FactCheckPage:
    rest.government_only(request.user, REFUSAL)
    rows = fact_check_rows(request.user)
    years = [(str(year), str(year)) for year in set(rows.order_by().values_list("year", flat=True))]
    found = rest.listed(request, FACT_CHECKS.with_choices(year=years), rows, asked)
    return FactCheckPage(**found.head, rows=[FactCheckRow(**_fields(row)) for row in found.rows])


@rest.operation(
    router,
    "POST",
    "/fact-checks",
    name="fact-check-create",
    scope=rest.TokenScope.FACT_CHECKS_WRITE,
    summary="核对一份稿件",
    about="提交文字，在后台与您能看到的台账核对；state 不再是 checking 时，结果已出。",
    english="Hand in a draft. It is checked by a job; read it again until its state is no longer checking.",
    answer=FactCheckDetail,
    body=DraftGiven,
    status=201,
)
def fact_check_create(request: rest.ApiRequest, given: DraftGiven) -> Any:
    rest.government_only(request.user, REFUSAL)

    def act() -> FactCheckDetail:
        check = fact_checks.receive_draft(
            text=given.text, year=given.year, as_of=given.as_of, by=request.user, at=request.at
        )
        return _shown(request, check.pk)

    return rest.once(request, act, status=201)


@rest.operation(
    router,
    "GET",
    "/fact-checks/{pk}",
    name="fact-check-detail",
    scope=rest.TokenScope.FACT_CHECKS_READ,
    summary="一份稿件的核对结果",
    about="稿件的正文和最近一次核对的意见，每处写明台账数据及来源。",
    english="The draft with what its latest check says of every figure.",
    answer=FactCheckDetail,
)
def fact_check_detail(request: rest.ApiRequest, pk: rest.RowId) -> FactCheckDetail:
    return _shown(request, pk)


@rest.operation(
    router,
    "POST",
    "/fact-checks/{pk}/again",
    name="fact-check-again",
    scope=rest.TokenScope.FACT_CHECKS_WRITE,
    summary="重新核对",
    about="用现在的台账再核对一次，以前的结果留着。",
    english="Check the same draft against the ledger of today.",
    answer=FactCheckDetail,
)
def fact_check_again(request: rest.ApiRequest, pk: rest.RowId) -> Any:
    row = _row(request, pk)

    def act() -> FactCheckDetail:
        fact_checks.check_again(row, by=request.user, at=request.at)
        return _shown(request, pk)

    return rest.once(request, act)


@rest.operation(
    router,
    "GET",
    "/fact-checks/{pk}/paper",
    name="fact-check-paper",
    scope=rest.TokenScope.FACT_CHECKS_READ,
    summary="批注稿",
    about="写有批注的 .docx。下载记入日志。",
    english="The draft as a Word file with comments; the download is recorded.",
    answer=None,
)
def fact_check_paper(request: rest.ApiRequest, pk: rest.RowId) -> HttpResponse:
    result = _latest(_row(request, pk), request.user)
    if result is None:
        raise Unacceptable("还没有核对结果。")
    return rest.file_answer(request, fact_checks.commented_copy(result, by=request.user, at=request.at))


def _row(request: rest.ApiRequest, pk: int) -> FactCheck:
    rest.government_only(request.user, REFUSAL)
    found: FactCheck = rest.row_or_404(fact_check_rows(request.user), pk)
    return found


def _latest(row: FactCheck, user: User) -> FactCheckResult | None:
    rows = FactCheckResult.objects.visible_to(user).filter(fact_check=row)
    return rows.select_related("fact_check").order_by("-number").first()


def _shown(request: rest.ApiRequest, pk: int) -> FactCheckDetail:
    row = _row(request, pk)
    result = _latest(row, request.user)
    findings = [] if result is None else [_finding(each, result) for each in result.findings]
    return FactCheckDetail(**_fields(row), text="" if result is None else result.text, findings=findings)


def _finding(each: dict[str, Any], result: FactCheckResult) -> FindingShape:
    said = result.judgements.get(str(each["number"]), {})
    judged = {"judgement": said.get("judgement"), "note": said.get("note", "")}
    return FindingShape(**each, **judged, kind_name=KINDS[each["kind"]].word)


def _fields(row: FactCheck) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "year": row.year, "as_of": row.as_of, "state": row.state,
        "state_name": row.get_state_display(), "error": row.error, "figures": row.figure_count,
        "problems": row.problem_count, "open": row.open_count, "checked_at": row.checked_at, "created_at": row.created_at,
    }  # fmt: skip
