"""The trail: who did what, when, from what to what, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from keshu.apps.bureau.permissions import CHECKERS
from keshu.apps.bureau.queries.history import lines_of, subject_label
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.ledgers import audit_ledger, audit_rows
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.views.exporting import exported


@require_safe
def index(request: Request) -> HttpResponseBase:
    """Whole-site roles see everything, others what they did and what happened to rows of their organisations."""
    ledger, rows = audit_ledger(), audit_rows(request.user)
    if "export" in request.GET:
        return exported(ledger, rows, request, title="办理记录")
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    may_check = request.user.scope.has(*CHECKERS)
    return render(request, "bureau/audit/list.html", {"title": "办理记录", "ledger": page, "may_check": may_check})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    entry = get_object_or_404(audit_rows(request.user), pk=pk)
    (line,) = lines_of([entry])
    facts = [
        ("序号", f"第 {entry.number} 号"),
        ("时间", line.at),
        ("办理人", line.by),
        ("动作", line.action),
        ("对象", f"{subject_label(entry.subject_type)} {line.subject_name}"),
        ("所属单位", entry.organisation),
        ("原因", line.why),
    ]
    context = {"title": f"{line.action} {line.subject_name}", "facts": facts, "line": line, "entry": entry}
    return render(request, "bureau/audit/detail.html", context)
