"""Word files checked against the standard of official documents: one's own, from upload to the mended copy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.models import PaperCheck, PaperCheckState
from keshu.apps.bureau.queries.job_progress import with_progress
from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable, paper_checks
from keshu.apps.bureau.services.downloads import disposition
from keshu.apps.bureau.views.exporting import XLSX, dated

SHOWN = 20
MARKS = {
    PaperCheckState.CHECKING.value: Mark("检查中", Tone.ON_TRACK),
    PaperCheckState.CHECKED.value: Mark("已检查", Tone.DONE),
    PaperCheckState.FAILED.value: Mark("没有检查成", Tone.LATE),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """The page to drop a Word file on, and one's earlier checks; a POST receives a file."""
    if request.method == "POST":
        return _receive(request)
    return render(request, "bureau/paper_checks/list.html", _context(request))


def _receive(request: Request) -> HttpResponse:
    """By script: a fragment for the file's line, or a sentence. By a plain form: on to what is found."""
    by_script = "X-Upload" in request.headers
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Unacceptable("请先选择文件。")
        check = paper_checks.receive_paper(file, by=request.user, at=timezone.now())
    except (Refused, Unacceptable) as refusal:
        status = 403 if isinstance(refusal, Refused) else 422
        if by_script:
            return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
        context = {**_context(request), "error": str(refusal)}
        return render(request, "bureau/paper_checks/list.html", context, status=status)
    if by_script:
        return render(request, "bureau/paper_checks/_job.html", {"check": check, "job": check.job})
    return redirect("bureau:paper-check-detail", pk=check.pk)


def _context(request: Request) -> dict[str, Any]:
    checks = PaperCheck.objects.visible_to(request.user)[:SHOWN]
    return {
        "title": "公文检查",
        "action": reverse("bureau:paper-check-list"),
        "accept": ".docx",
        "limit_mb": settings.UPLOAD_LIMIT // (1024 * 1024),
        "checks": [(check, MARKS[check.state], *_figures(check)) for check in checks],
    }


def _figures(check: PaperCheck) -> tuple[int, int]:
    return check.count("left"), check.count("mended")


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """Every deviation: what is left to its author, and what the mended copy has put right."""
    check = get_object_or_404(PaperCheck.objects.visible_to(request.user).select_related("job", "mended"), pk=pk)
    left, mended = _figures(check)
    context = {
        "title": "公文检查结果",
        "check": check,
        "mark": MARKS[check.state],
        "job": None if check.job is None else with_progress(check.job),
        "left": [each for each in check.findings if each["outcome"] == "left"],
        "mended": [each for each in check.findings if each["outcome"] == "mended"],
        "unchecked": [each for each in check.findings if each["outcome"] == "unchecked"],
        "left_count": left,
        "mended_count": mended,
    }
    return render(request, "bureau/paper_checks/detail.html", context)


@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """Asked every second while the file is checked; when that has ended, sends the page on to what was found."""
    check = get_object_or_404(PaperCheck.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(status=204)
    if check.state != PaperCheckState.CHECKING:
        response["HX-Redirect"] = reverse("bureau:paper-check-detail", args=[check.pk])
        response.status_code = 200
    return response


@require_safe
def findings(request: Request, pk: int) -> HttpResponse:
    """The findings as Excel."""
    check = get_object_or_404(PaperCheck.objects.visible_to(request.user), pk=pk)
    at = timezone.now()
    response = HttpResponse(paper_checks.findings_workbook(check, by=request.user, at=at), content_type=XLSX)
    response["Content-Disposition"] = disposition(dated("公文格式检查意见", at, "xlsx"))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    check = get_object_or_404(PaperCheck.objects.visible_to(request.user), pk=pk)
    paper_checks.remove_check(check, by=request.user, at=timezone.now())
    messages.success(request, f"“{check.file_name}”和检查结果已删除。")
    return redirect("bureau:paper-check-list")
