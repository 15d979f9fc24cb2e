"""One's background jobs: the list, one of them, its panel that looks again by itself, and cancelling."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.models import Job
from keshu.apps.bureau.queries.job_progress import with_progress
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.ledgers import JOBS
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.views.exporting import exported


@require_safe
def index(request: Request) -> HttpResponseBase:
    rows = Job.objects.visible_to(request.user).select_related("created_by")
    if "export" in request.GET:
        return exported(JOBS, rows, request, title="后台任务")
    ledger = read_ledger(JOBS, rows, request.GET, user=request.user)
    return render(request, "bureau/jobs/list.html", {"title": "后台任务", "ledger": ledger})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("created_by"), pk=pk)
    return render(request, "bureau/jobs/detail.html", {"title": job.title, "job": with_progress(job)})


@require_safe
def panel(request: Request, pk: int) -> HttpResponse:
    """The fragment that a page shows while the job runs; finished, it asks no more."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "bureau/jobs/_panel.html", {"job": with_progress(job)})


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    job = jobs.cancel_job(job, by=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "bureau/jobs/_panel.html", {"job": with_progress(job)})
    return redirect("bureau:job-detail", pk=job.pk)
