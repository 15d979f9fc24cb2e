"""Files out: the whole workbook of a plan, its papers as Word files, and its source document."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.requests import Request, taker
from keshu.apps.bureau.services.downloads import attachment_response, file_response
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.queries.library import plan_by_id
from keshu.apps.plans.services.export import plan_workbook, workbook_name
from keshu.apps.plans.services.ledger_files import MEDIA_TYPES, FileForm, LedgerFile
from keshu.apps.plans.services.papers import Paper, paper_file
from keshu.apps.plans.views.framing import for_government, number_in


@require_safe
@for_government
def export(request: Request, pk: int) -> HttpResponse:
    """The workbook an office keeps: targets, decomposition, matrix."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation", "source"), pk=pk)
    content = plan_workbook(plan, by=request.user, at=timezone.now())
    return file_response(LedgerFile(workbook_name(plan), content, MEDIA_TYPES[FileForm.XLSX]))


@require_safe
@for_government
def paper(request: Request, pk: int, kind: str) -> HttpResponse:
    """A paper of the plan; of one office where the address names it, else of all, in an archive."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    if kind not in set(Paper):
        raise Http404("没有这种文书")
    made = paper_file(Paper(kind), plan, office_id=number_in(request, "office"), by=request.user, at=timezone.now())
    return file_response(made)


@require_safe
@for_government
def plan_file(request: Request, pk: int) -> FileResponse:
    """The document the plan was read from, to all who may see the plan; always as a download."""
    plan = get_object_or_404(plan_by_id(request.user), pk=pk)
    attachment = plan.source.attachment
    return attachment_response(attachment, name=plan.source.file_name, by=taker(request), at=timezone.now())
