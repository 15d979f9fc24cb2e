"""Organisations over the API: the list as the page of organisations has it, and one of them; the files of all areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from keshu.apps.bureau.models import Attachment, Organisation, OrganisationKind, TokenScope
from keshu.apps.bureau.queries.ledgers import organisations_ledger
from keshu.apps.bureau.services import exporting, rest
from keshu.apps.bureau.services.attachments import read_attachment

router = Router(tags=["单位 organisations"])
files = Router(tags=["附件 files"])
REFUSAL = "单位、人员和单位别名的名册供科技部门及各责任单位使用，您的账号不能查看。"
SORTS = "可排序：short_name、name、kind、parent、closed_on。"


class OrganisationRow(Schema):
    """An organisation of the register."""

    id: int = Field(description="编号。Id.", examples=[12])
    name: str = Field(description="全称。Full name.", examples=["高新技术处"])
    short_name: str = Field(description="简称。Short name.", examples=["高新处"])
    kind: OrganisationKind = Field(description="类别。Kind.", examples=["office"])
    kind_name: str = Field(description="类别的名称。", examples=["处室"])
    parent: rest.Named | None = Field(description="上级单位。The one above.", examples=[{"id": 2, "name": "市科技局"}])
    closed_on: date | None = Field(description="撤并日期；null 表示在用。Day it was closed.", examples=[None])
    is_demo: bool = Field(description="是否演示数据。Demo data.", examples=[False])


class OrganisationPage(rest.Page):
    rows: list[OrganisationRow] = Field(description="单位。")


class OrganisationsAsked(rest.Asked):
    kind: rest.Several[OrganisationKind] = Field([], description="类别，可多个。Kinds.")
    state: Annotated[str | None, Field(pattern="^(open|closed)$", description="open 在用，closed 已撤并。")] = None


@rest.operation(
    router,
    "GET",
    "/organisations",
    name="organisation-list",
    scope=TokenScope.ORGANISATIONS_READ,
    summary="单位名册",
    about=f"您能看到的单位。筛选和排序与“单位”页面相同。{SORTS}",
    english="Organisations one may see, with the filters and orders of the page.",
    answer=OrganisationPage,
)
def organisation_list(request: rest.ApiRequest, asked: Query[OrganisationsAsked]) -> OrganisationPage:
    rest.government_only(request.user, REFUSAL)
    ledger = organisations_ledger(on=timezone.localdate(request.at))
    rows = Organisation.objects.visible_to(request.user).select_related("parent")
    found = rest.listed(request, ledger, rows, asked)
    return OrganisationPage(**found.head, rows=[_row(row) for row in found.rows])


@rest.operation(
    router,
    "GET",
    "/organisations/{pk}",
    name="organisation-detail",
    scope=TokenScope.ORGANISATIONS_READ,
    summary="一个单位",
    about="一个单位。不存在或您不能查看的，答复 404。",
    english="One organisation; 404 where there is none that one may see.",
    answer=OrganisationRow,
)
def organisation_detail(request: rest.ApiRequest, pk: rest.RowId) -> OrganisationRow:
    row = Organisation.objects.visible_to(request.user).select_related("parent").filter(pk=pk).first()
    if row is None:
        raise Http404
    return _row(row)


def _row(row: Organisation) -> OrganisationRow:
    return OrganisationRow(
        id=row.pk,
        name=row.name,
        short_name=row.short_name,
        kind=OrganisationKind(row.kind),
        kind_name=row.get_kind_display(),
        parent=rest.named(row.parent),
        closed_on=row.closed_on,
        is_demo=row.is_demo,
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    name: str
    content: bytes
    media_type: str


@rest.operation(
    files,
    "GET",
    "/files/{pk}",
    name="file-download",
    scope=TokenScope.FILES_READ,
    summary="下载附件",
    about="您能看到的附件，编号见填报、督办单和问题的 files。下载记入日志。",
    english="A file one may see, by the id that a row names; the download is recorded.",
    answer=None,
)
def file_download(request: rest.ApiRequest, pk: rest.RowId) -> HttpResponse:
    row = rest.row_or_404(Attachment.objects.visible_to(request.user).select_related("file"), pk)
    try:
        content = read_attachment(row.pk)
    except FileNotFoundError:
        raise Http404 from None
    exporting.record_download(row, by=request.user, at=request.at)
    return rest.file_answer(request, _Stored(row.name, content, row.file.media_type))
