"""Excel both ways: the workbooks to fill in, the page to bring one back, and what the dry run found until a person decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.models import ImportRow, ImportRun, ImportState
from keshu.apps.bureau.permissions import can_decide_import
from keshu.apps.bureau.queries.import_pages import FIRST, IMPORT_ROWS, row_mark, run_mark
from keshu.apps.bureau.queries.job_progress import with_progress
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.downloads import disposition
from keshu.apps.bureau.services.exchange import (
    RoundTrip,
    Sheet,
    SheetColumn,
    Sitting,
    filling,
    round_trip_named,
    running,
    write_workbook,
)
from keshu.apps.bureau.services.people import give_first_passwords
from keshu.apps.bureau.services.round_trips.people import people_without_password
from keshu.apps.bureau.views.exporting import XLSX, dated, exported

ACCEPTED = ".xlsx,.xls,.csv,.xlsm"
SHOWN_RUNS = 10
STOP_ASKING = 286  # by which htmx ends its polling


@require_safe
def template(request: Request, key: str) -> HttpResponse:
    """The empty workbook of a ledger."""
    return _workbook(request, key, is_template=True)


@require_safe
def workbook(request: Request, key: str) -> HttpResponse:
    """The rows that the person may change, to be filled in and brought back; many by a job, whose page it leads to."""
    return _workbook(request, key, is_template=False)


def _workbook(request: Request, key: str, *, is_template: bool) -> HttpResponse:
    at = timezone.now()
    round_trip, _ = _sitting(request, key, at)
    if is_template and round_trip.no_adding:
        raise Http404("这本台账不能新增行")
    params = request.GET.dict()
    if not is_template and filling.is_large(key, params, by=request.user, at=at):
        job = filling.start_filling(key, params, by=request.user, at=at)
        return redirect("bureau:job-detail", pk=job.pk)
    name, content = filling.workbook_to_fill(key, params, is_template=is_template, by=request.user, at=at)
    return _file(content, name, at)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: Request, key: str) -> HttpResponse:
    """The page to drop a workbook on; a POST receives one."""
    round_trip, sitting = _sitting(request, key, timezone.now())
    if request.method == "POST":
        return _receive(request, round_trip, sitting)
    return render(request, "bureau/imports/page.html", _page(request, round_trip, sitting))


def _receive(request: Request, round_trip: RoundTrip, sitting: Sitting) -> HttpResponse:
    """By script: a fragment for the file's line, or a sentence. By a plain form: on to the run."""
    by_script = "X-Upload" in request.headers
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Unacceptable("请先选择文件。")
        run = running.receive_workbook(
            file, key=round_trip.key, params=request.GET.dict(), by=request.user, at=timezone.now()
        )
    except Unacceptable as refusal:
        if by_script:
            return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
        context = {**_page(request, round_trip, sitting), "error": str(refusal)}
        return render(request, "bureau/imports/page.html", context, status=422)
    if by_script:
        return render(request, "bureau/imports/_job.html", {"run": run, "job": run.job})
    return redirect("bureau:import-detail", pk=run.pk)


def _page(request: Request, round_trip: RoundTrip, sitting: Sitting) -> dict[str, Any]:
    query = _query(round_trip, request.GET.dict())
    kept = {name: request.GET[name] for name in round_trip.needs}
    runs = ImportRun.objects.visible_to(request.user).filter(
        created_by=request.user, ledger=round_trip.key, params=kept
    )
    return {
        "title": f"从 Excel 导入{sitting.title}",
        "round_trip": round_trip,
        "subject": sitting.title,
        "back": sitting.back,
        "action": reverse("bureau:exchange-import", args=[round_trip.key]) + query,
        "template_href": reverse("bureau:exchange-template", args=[round_trip.key]) + query,
        "workbook_href": reverse("bureau:exchange-workbook", args=[round_trip.key]) + query,
        "accept": ACCEPTED,
        "limit_mb": settings.UPLOAD_LIMIT // (1024 * 1024),
        "runs": [(run, run_mark(run), running.told(run)) for run in runs[:SHOWN_RUNS]],
    }


@require_safe
def detail(request: Request, pk: int) -> HttpResponseBase:
    """What the dry run found, row by row; afterwards what was saved."""
    run = get_object_or_404(
        ImportRun.objects.visible_to(request.user).select_related("job", "created_by", "marked"), pk=pk
    )
    round_trip = round_trip_named(run.ledger)
    rows = ImportRow.objects.visible_to(request.user).filter(run=run).order_by(FIRST, "number")
    if "export" in request.GET:
        return exported(IMPORT_ROWS, rows, request, title=f"{run.title}导入检查结果")
    has_rows = run.state in (ImportState.CHECKED, ImportState.SAVING, ImportState.APPLIED)
    is_own = run.created_by_id == request.user.pk
    faulty = run.figures.get("faulty", 0)
    changes = sum(run.figures.get(state, 0) for state in running.CHANGING)
    is_applied = run.state == ImportState.APPLIED
    follow_up = round_trip.follow_up if round_trip and is_applied and is_own else None
    context = {
        "title": f"导入{run.title}",
        "job": None if run.job is None else with_progress(run.job),
        "run": run,
        "mark": run_mark(run),
        "told": running.told(run),
        "ledger": read_ledger(IMPORT_ROWS, rows, request.GET, user=request.user) if has_rows else None,
        "may_decide": is_own and run.state == ImportState.CHECKED and (changes or faulty or run.error),
        "may_confirm": is_own and run.state == ImportState.CHECKED and changes and not faulty,
        "changes": changes,
        "faulty": faulty,
        "again": reverse("bureau:exchange-import", args=[run.ledger])
        + (f"?{urlencode(run.params)}" if run.params else ""),
        "back": _back(request, run) if is_own else "",
        "noun": round_trip.noun if round_trip else run.title,
        "follow_up": follow_up(run, request.user) if follow_up else None,
    }
    return render(request, "bureau/imports/detail.html", context)


@require_safe
def row_drawer(request: Request, pk: int) -> HttpResponse:
    """One row of a workbook: each difference and each fault in full."""
    row = get_object_or_404(ImportRow.objects.visible_to(request.user).select_related("run"), pk=pk)
    return render(request, "bureau/imports/_drawer.html", {"row": row, "mark": row_mark(row)})


@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """Asked every second while a run's job works; when it has ended, sends the page on to what came of it."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user).select_related("job"), pk=pk)
    response = HttpResponse(status=204)
    if run.state == ImportState.DISCARDED:
        response.status_code = STOP_ASKING
    elif run.job is not None and run.job.is_finished:
        if run.state == ImportState.APPLIED:
            messages.success(request, f"已导入：{running.told(run)}。")
        response["HX-Redirect"] = reverse("bureau:import-detail", args=[run.pk])
        response.status_code = 200
    return response


@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    run = _run(request, pk)
    running.confirm_run(run, why=request.POST.get("why", ""), by=request.user, at=timezone.now())
    return redirect("bureau:import-detail", pk=pk)


@require_POST
def check_again(request: Request, pk: int) -> HttpResponse:
    running.check_again(_run(request, pk), by=request.user, at=timezone.now())
    return redirect("bureau:import-detail", pk=pk)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    run = _run(request, pk)
    running.discard_run(run, by=request.user, at=timezone.now())
    messages.success(request, f"已放弃导入“{run.file_name}”，台账没有改动。")
    return redirect(_back(request, run) or reverse("home"))


@require_POST
@sensitive_variables()
def passwords(request: Request, pk: int) -> HttpResponse:
    """The list of first passwords of the accounts a saved import opened: given out once, kept nowhere."""
    run, at = _run(request, pk), timezone.now()
    can_decide_import(request.user, run)
    people = people_without_password(run, request.user) if run.state == ImportState.APPLIED else []
    given = give_first_passwords(people, by=request.user, at=at)
    if not given:
        raise Unacceptable("这次导入没有等待初始密码的账号；名单只能生成一次，忘记的请在人员页重设密码。")
    columns = [
        SheetColumn("name", "姓名", width=14),
        SheetColumn("username", "用户名", width=20, number_format="@"),
        SheetColumn("password", "初始密码", width=20, number_format="@"),
    ]
    rows = [(person.name, person.username, password) for person, password in given]
    note = "请逐人告知，首次登录须改密码。系统不保存这份名单，用后请销毁。"
    content = write_workbook([Sheet("初始密码", "初始密码名单", columns, rows, note=note)], title="初始密码名单")
    return _file(content, "初始密码名单", at)


def _run(request: Request, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)


def _back(request: Request, run: ImportRun) -> str:
    """The ledger's page, while the person may still change its rows."""
    try:
        return running.sitting_for(run.ledger, run.params, by=request.user, at=timezone.now())[1].back
    except (LookupError, Refused):
        return ""


def _sitting(request: Request, key: str, at: datetime) -> tuple[RoundTrip, Sitting]:
    try:
        return running.sitting_for(key, request.GET.dict(), by=request.user, at=at)
    except LookupError:
        raise Http404("没有这本可以导入的台账") from None


def _query(round_trip: RoundTrip, params: dict[str, str]) -> str:
    kept = {name: params[name] for name in round_trip.needs}
    return f"?{urlencode(kept)}" if kept else ""


def _file(content: bytes, name: str, at: datetime) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = disposition(dated(name, at, "xlsx"))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
