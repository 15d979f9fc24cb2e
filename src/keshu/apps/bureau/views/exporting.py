"""A ledger as a file: what is shown, all pages, and an entry in the trail that says who took it. Printing takes it out too."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from keshu.apps.bureau.queries.ledger import csv_lines, export_rows, printed_ledger
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import exporting
from keshu.apps.bureau.services.downloads import disposition
from keshu.apps.bureau.services.exchange import ledger_sheet, write_workbook

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

    from keshu.apps.bureau.queries.ledger import Ledger

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def exported(ledger: Ledger, rows: QuerySet[Any], request: Request, *, title: str) -> HttpResponseBase:
    """The rows the address shows: as Excel (``export=xlsx``), CSV, or a page to print; already ``visible_to`` the reader."""
    at = timezone.now()
    is_csv = request.GET.get("export") == "csv"
    exporting.record_export(title=title, ledger=ledger.key, query=request.GET.urlencode(), by=request.user, at=at)
    if request.GET.get("export") == "print":
        context = {"title": title, "printed": printed_ledger(ledger, rows, request.GET)}
        return render(request, "components/ledger_print.html", context)
    export = export_rows(ledger, rows, request.GET)
    response: HttpResponseBase
    if is_csv:
        response = StreamingHttpResponse(csv_lines(export), content_type="text/csv; charset=utf-8")
    else:
        note = f"{request.user} {timezone.localtime(at):%Y-%m-%d %H:%M} 导出"
        data = write_workbook([ledger_sheet(export, name=title, title=title, note=note)])
        response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = disposition(dated(title, at, "csv" if is_csv else "xlsx"))
    return response


def dated(title: str, at: datetime, extension: str) -> str:
    """The name of a file of that moment."""
    return f"{title}-{timezone.localtime(at):%Y%m%d-%H%M}.{extension}"
