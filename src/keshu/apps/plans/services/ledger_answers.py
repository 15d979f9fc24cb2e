"""What a ledger's address answers when it asks for more than the page: Excel, CSV, or all its rows to be printed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render

from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.services.ledger_files import ledger_file, ledger_print

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.queries.ledger import Ledger
    from keshu.apps.bureau.queries.requests import Request
    from keshu.apps.plans.models import WorkPlan

#: The form, beside those of ``FileForm``, that is a page and no file.
PRINT = "print"


def taken_out(
    request: Request,
    ledger: Ledger,
    rows: QuerySet[Any],
    *,
    title: str,
    plan: WorkPlan | None = None,
    form: str = "",
    at: datetime,
) -> HttpResponse | None:
    """The rows that the address shows, in `form` or as it asks for them (``export``); None where it asks for the page."""
    form = form or request.GET.get("export", "")
    if not form:
        return None
    if form == PRINT:
        made = ledger_print(ledger, rows, request.GET, title=title, plan=plan, by=request.user, at=at)
        return render(request, "components/ledger_print.html", {"title": title, "printed": made})
    return file_response(
        ledger_file(ledger, rows, request.GET, form=form, title=title, plan=plan, by=request.user, at=at)
    )
