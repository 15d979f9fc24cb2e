"""What the operations of the area share: whom they are for, a row or 404, where a row comes from."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from ninja import Field, Schema

from keshu.apps.bureau.services import rest
from keshu.apps.plans.models import PlanNode, Target, WorkPlan
from keshu.apps.plans.queries.sources import source_sentence

REFUSAL = "工作要点和台账供科技部门及各责任单位使用，您的账号不能查看。"


class Source(Schema):
    """Where a row comes from: the sentence of the document, and the headings down to it."""

    plan: rest.Named = Field(
        description="文件。The document's plan.", examples=[{"id": 3, "name": "2026年全市科技工作要点"}]
    )
    file_name: str = Field(description="原文件名。", examples=["要点.docx"])
    doc_number: str = Field(description="文号。", examples=["云科发〔2026〕3号"])
    revision: int = Field(description="版次。Revision.", examples=[1])
    path: list[str] = Field(description="所在标题，由外到内。Headings.", examples=[["一、总体要求"]])
    sentence: str = Field(description="原句。The sentence.", examples=["高新技术企业总数达到420家以上。"])
    quote: str = Field(
        description="原句中读出这一行的文字。The words read.", examples=["高新技术企业总数达到420家以上"]
    )
    start: int = Field(description="引文在原文中的起点（字）。", examples=[120])
    end: int = Field(description="引文在原文中的终点（不含）。", examples=[136])


def admit(request: rest.ApiRequest) -> date:
    """Refused for those outside government; else the local day of the request."""
    rest.government_only(request.user, REFUSAL)
    return timezone.localdate(request.at)


def plan_asked(request: rest.ApiRequest, pk: int | None) -> WorkPlan | None:
    """The plan named, or None for all in force; 404 for one that the person may not see."""
    if pk is None:
        return None
    return rest.row_or_404(WorkPlan.objects.visible_to(request.user).kept().select_related("organisation"), pk)


def source_of(row: Target | PlanNode, *, request: rest.ApiRequest) -> Source:
    found = source_sentence(row, user=request.user)
    return Source(
        plan=rest.Named(id=found.plan_id, name=found.plan_title),
        file_name=found.file_name,
        doc_number=found.doc_number,
        revision=found.revision,
        path=list(found.path),
        sentence=found.sentence,
        quote=found.quote,
        start=found.start,
        end=found.end,
    )


def choices(*ids: int | None) -> tuple[tuple[str, str], ...]:
    """What a ledger's filter by organisation admits here: any, so that one without rows finds none."""
    return tuple((str(pk), str(pk)) for pk in ids if pk is not None)
