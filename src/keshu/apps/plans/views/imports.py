"""Bringing documents in: several files at once, each with its own answer; and a document read anew as a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import PlanState, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.issuers import Issuer, issuers_of
from keshu.apps.plans.queries.plans import deleted_drafts, plans_of
from keshu.apps.plans.services import intake
from keshu.apps.plans.services.publishing import delete_draft
from keshu.apps.plans.services.revisions import import_revision

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation

ACCEPTED = ".docx,.pdf,.html,.htm,.txt,.md"
SHOWN_DRAFTS = 20
MOST_JOBS = 20


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """The page to drop files on, and the drafts that wait; a POST receives files, one or several."""
    issuers = issuers_of(request.user, on=timezone.localdate())
    if request.method == "POST":
        return _receive(request, issuers)
    return render(request, "plans/imports/page.html", _context(request, issuers))


@require_POST
def revise(request: Request, pk: int) -> HttpResponse:
    """Read a plan anew: from a new file, or (none given) from its own."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation", "source"), pk=pk)
    job_id = import_revision(plan, file=request.FILES.get("file"), by=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "plans/imports/_job.html", {"job_id": job_id})
    return redirect(f"{reverse('plans:import')}?jobs={job_id}")


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Delete the draft that was just made of a wrong file; the answer stands in the place of its job."""
    plan = get_object_or_404(WorkPlan.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    deleted = delete_draft(plan, by=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "plans/imports/_discarded.html", {"plan": deleted})
    return redirect("plans:import")


def _receive(request: Request, issuers: tuple[Issuer, ...]) -> HttpResponse:
    """One file by script: a fragment for its line, or a sentence. Several by a plain form: the page with a line for each."""
    by_script = "X-Upload" in request.headers
    try:
        organisation = _organisation(request, issuers)
        files = request.FILES.getlist("file")
        if not files:
            raise Unacceptable("请先选择文件。")
        received = intake.receive_documents(files, organisation=organisation, by=request.user, at=timezone.now())
    except (Refused, Unacceptable) as refusal:
        status = 403 if isinstance(refusal, Refused) else 422
        if by_script:
            return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
        return render(
            request, "plans/imports/page.html", {**_context(request, issuers), "error": str(refusal)}, status=status
        )
    if not by_script:
        return render(request, "plans/imports/page.html", {**_context(request, issuers), "received": received})
    if received[0].error:
        return HttpResponse(received[0].error, status=422, content_type="text/plain; charset=utf-8")
    return render(request, "plans/imports/_received.html", {"item": received[0]})


def _organisation(request: Request, issuers: tuple[Issuer, ...]) -> Organisation:
    """The issuer chosen; without a choice the most likely one."""
    if not issuers:
        raise Refused("您的账号不能导入工作要点。科技局的由规划办公室导入，县区、园区的由本单位经办人导入。")
    asked = request.POST.get("organisation", "")
    known = {issuer.pk for issuer in issuers}
    if asked and not (asked.isdecimal() and int(asked) in known):
        raise Unacceptable("请在列表中选择制定单位。", field="organisation")
    return organisation_by_id(int(asked) if asked else issuers[0].pk)


def _context(request: Request, issuers: tuple[Issuer, ...]) -> dict[str, object]:
    jobs = [text for text in request.GET.get("jobs", "").split(",") if text.isdecimal()]
    drafts = plans_of(request.user).filter(state=PlanState.REVIEWING).order_by("-created_at", "-pk")
    return {
        "title": "导入工作要点、工作总结",
        "issuers": issuers,
        "accept": ACCEPTED,
        "limit_mb": settings.UPLOAD_LIMIT // (1024 * 1024),
        "job_ids": jobs[:MOST_JOBS],
        "drafts": [(plan, is_keeper(request.user, plan.organisation)) for plan in drafts[:SHOWN_DRAFTS]],
        "reads_scans": intake.reads_scans(),
        "deleted": deleted_drafts(request.user).order_by("-pk")[:SHOWN_DRAFTS],
    }
