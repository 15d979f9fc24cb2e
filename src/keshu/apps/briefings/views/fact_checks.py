"""Drafts held against the ledger: one's own, from the form to the findings beside the text, the Word file with comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.briefings.forms.fact_checks import DraftForm
from keshu.apps.briefings.models import FactCheck, FactCheckResult, FactCheckState
from keshu.apps.briefings.queries.fact_checks import (
    CHECK_MARKS,
    FACT_CHECKS,
    KINDS,
    Order,
    Show,
    board,
    checked_years,
    fact_check_rows,
    row_of,
    text_of,
)
from keshu.apps.briefings.services import fact_checks
from keshu.apps.bureau.queries.job_progress import with_progress
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.requests import Request, government_only, split_of
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.queries.wording import period_text
from keshu.apps.plans.services.ledger_answers import taken_out

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

for_government = government_only("核对稿件供科技部门及各责任单位使用，您的账号不能查看台账。")
KEYS = (
    ("J 或 ↓", "下一处"),
    ("K 或 ↑", "上一处"),
    ("Enter", "标为已处理，到下一处"),
    ("X", "标为不算，到下一处"),
    ("U", "撤销这一处的标记"),
    ("O", "打开这一处的数据来源"),
    ("?", "本说明"),
)


@require_safe
@for_government
def fact_check_list(request: Request) -> HttpResponse:
    """One's own checks; on screen, as Excel, as CSV, printed."""
    rows = fact_check_rows(request.user)
    years = [
        (str(year), f"{year}年") for year in sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    ]
    ledger = FACT_CHECKS.with_choices(year=years)
    if answer := taken_out(request, ledger, rows, title="核对稿件", at=timezone.now()):
        return answer
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    return render(request, "briefings/fact_checks/list.html", {"title": "核对稿件", "ledger": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def fact_check_create(request: Request) -> HttpResponse:
    """Paste words or choose a file; the check itself is a job."""
    years = checked_years(request.user)
    limit_mb = settings.UPLOAD_LIMIT // (1024 * 1024)
    form = DraftForm(
        request.POST or None, request.FILES or None, years=years, limit_mb=limit_mb,
        initial={"year": request.session.get("year", timezone.localdate().year)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            check = fact_checks.receive_draft(
                text=data["text"],
                file=data["file"],
                year=data["year"],
                as_of=form.as_of,
                by=request.user,
                at=timezone.now(),
            )
        except Unacceptable as refusal:
            field = {"as_of": "month"}.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            return redirect("briefings:fact-check-detail", pk=check.pk)
    context = {"title": "核对一份稿件", "form": form, "years": years}
    return render(request, "briefings/fact_checks/form.html", context, status=422 if form.errors else 200)


class _Wish(NamedTuple):
    """What the address asks to see. ``result`` 0: the latest."""

    show: Show
    kind: str
    order: Order
    result: int

    def href(self, check: FactCheck, **changes: Any) -> str:
        wish = self._replace(**changes)
        asked = {name: str(value) for name, value in wish._asdict().items() if value}
        address = reverse("briefings:fact-check-detail", args=[check.pk])
        return f"{address}?{urlencode(asked)}" if asked else address


def _wish(query: QueryDict) -> _Wish:
    show, order, number = query.get("show", ""), query.get("order", ""), query.get("result", "")
    return _Wish(
        Show(show) if show in set(Show) else Show.PROBLEMS,
        query.get("kind", "") if query.get("kind") in KINDS else "",
        Order(order) if order in set(Order) else Order.WORST,
        int(number) if number.isdecimal() and len(number) < 6 else 0,
    )


@require_safe
@for_government
def fact_check_detail(request: Request, pk: int) -> HttpResponse:
    """The draft with its figures marked, beside it what is to be said of them; to htmx the findings alone."""
    check, wish = _check_of(request, pk), _wish(request.GET)
    result, earlier, results = _results(check, wish.result, request.user)
    context: dict[str, Any] = {
        "title": check.title,
        "check": check,
        "mark": CHECK_MARKS[check.state],
        "job": None if check.job is None else with_progress(check.job),
        "result": result,
        "period": period_text(check.as_of or (result.as_of if result else "")),
        "keys": KEYS,
        "split": split_of(request),
    }
    if result is not None:
        context |= _findings(check, wish, result, earlier, results)
    if request.htmx and result is not None:
        response = render(request, "briefings/fact_checks/_findings.html", {**context, "is_fragment": True})
    else:
        context["blocks"] = () if result is None else text_of(result)
        context["text_end"] = 0 if result is None else len(result.text)
        response = render(request, "briefings/fact_checks/detail.html", context)
    response["Vary"] = "HX-Request"
    return response


def _findings(
    check: FactCheck,
    wish: _Wish,
    result: FactCheckResult,
    earlier: FactCheckResult | None,
    results: list[FactCheckResult],
) -> dict[str, Any]:
    shown = board(result, earlier=earlier, show=wish.show, kind=wish.kind, order=wish.order)
    words = {
        Show.PROBLEMS: ("有问题", shown.problems),
        Show.OPEN: ("待处理", shown.open),
        Show.CHANGED: ("比上次有变化", shown.changed),
        Show.ALL: ("全部", shown.figures),
    }
    return {
        "board": shown,
        "earlier": earlier,
        "is_latest": result == results[0],
        "may_judge": result == results[0] and check.state != FactCheckState.CHECKING,
        "shows": [
            (*words[each], wish.href(check, show=each, kind=""), each == wish.show and not wish.kind)
            for each in Show
            if each is not Show.CHANGED or shown.changed
        ],
        "legend": [(each, wish.href(check, kind=each.kind), each.kind == wish.kind) for each in shown.kinds],
        "orders": [
            (word, wish.href(check, order=each), each == wish.order)
            for each, word in ((Order.WORST, "按轻重"), (Order.TEXT, "按位置"))
        ],
        "results": [(each, wish.href(check, result=each.number, kind="", show=""), each == result) for each in results],
        "latest_href": wish.href(check, result=0),
    }


def _check_of(request: Request, pk: int) -> FactCheck:
    return get_object_or_404(FactCheck.objects.visible_to(request.user).select_related("job", "attachment"), pk=pk)


def _results(
    check: FactCheck, number: int, user: User
) -> tuple[FactCheckResult | None, FactCheckResult | None, list[FactCheckResult]]:
    """The result asked for (0: the latest), the one before it, and all of them, the latest first, without their words."""
    rows = FactCheckResult.objects.visible_to(user).filter(fact_check=check)
    every = list(rows.defer("text", "findings", "judgements").order_by("-number"))
    wanted = number or (every[0].number if every else 0)
    near = rows.filter(number__in=(wanted, wanted - 1)).select_related("fact_check")
    found = {each.number: each for each in near}
    if number and wanted not in found:
        raise Http404("没有这一次核对")
    return found.get(wanted), found.get(wanted - 1), every


@require_safe
@for_government
def fact_check_progress(request: Request, pk: int) -> HttpResponse:
    """Asked every second while the draft is checked; when that has ended, sends the page on to what was found."""
    check = _check_of(request, pk)
    if check.state == FactCheckState.CHECKING:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Redirect": reverse("briefings:fact-check-detail", args=[check.pk])})


@require_POST
@for_government
def fact_check_judge(request: Request, pk: int, number: int) -> HttpResponse:
    """Mark a finding as dealt with or no fault, or take that back."""
    check = _check_of(request, pk)
    fact_checks.judge_finding(
        check, number=number, judgement=request.POST.get("judgement", ""), note=request.POST.get("note", ""),
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    if not request.htmx:
        return redirect(f"{reverse('briefings:fact-check-detail', args=[pk])}#finding-{number}")
    check.refresh_from_db()
    result, earlier, results = _results(check, 0, request.user)
    assert result is not None
    context = {
        "check": check,
        "result": result,
        "row": row_of(result, number, earlier=earlier),
        **_findings(check, _wish(_address_of(request)), result, earlier, results),
    }
    return render(request, "briefings/fact_checks/_judged.html", context)


def _address_of(request: Request) -> QueryDict:
    """What the page that htmx asks from shows."""
    return QueryDict(urlsplit(request.htmx.current_url or "").query)


@require_POST
@for_government
def fact_check_again(request: Request, pk: int) -> HttpResponse:
    """Check against the ledger as it stands now."""
    fact_checks.check_again(_check_of(request, pk), by=request.user, at=timezone.now())
    return redirect("briefings:fact-check-detail", pk=pk)


@require_POST
@for_government
def fact_check_remove(request: Request, pk: int) -> HttpResponse:
    check = _check_of(request, pk)
    fact_checks.remove_check(check, by=request.user, at=timezone.now())
    messages.success(request, f"“{check.title}”和核对结果已删除。")
    return redirect("briefings:fact-check-list")


@require_safe
@for_government
def fact_check_paper(request: Request, pk: int) -> HttpResponse:
    """The draft as a Word file with comments."""
    return file_response(fact_checks.commented_copy(_shown(request, pk), by=request.user, at=timezone.now()))


@require_safe
@for_government
def fact_check_workbook(request: Request, pk: int) -> HttpResponse:
    """The findings as Excel."""
    return file_response(fact_checks.findings_workbook(_shown(request, pk), by=request.user, at=timezone.now()))


def _shown(request: Request, pk: int) -> FactCheckResult:
    """The result that the address names."""
    found, _, _ = _results(_check_of(request, pk), _wish(request.GET).result, request.user)
    if found is None:
        raise Unacceptable("还没有核对结果。")
    return found
