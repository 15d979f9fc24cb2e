"""我的填报: the grid that is filled by keyboard, saved row by row, and handed to the signer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.forms.checkins import CheckInForm
from keshu.apps.plans.models import CheckIn
from keshu.apps.plans.queries.checkin_pages.lines import CheckInLine, lines_of
from keshu.apps.plans.queries.checkin_pages.own import own_figures, own_forms
from keshu.apps.plans.queries.checkin_pages.signing import tabs_of
from keshu.apps.plans.queries.checkin_pages.waiting import waiting_for
from keshu.apps.plans.queries.checkins.forms import in_plan_order
from keshu.apps.plans.services.checkins import file_check_in, save_check_in
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.apps.plans.views.checkin_answers import (
    check_in_for,
    clock,
    contents_now,
    line_for,
    moves_of,
    row_html,
    wrong,
)
from keshu.apps.plans.views.framing import for_government

if TYPE_CHECKING:
    from django.core.paginator import Page

# So many rows are filed by one press of the button.
MOST_FILED = 200
Keep = Callable[..., CheckIn]


@require_safe
@for_government
def own(request: Request) -> HttpResponse:
    """The forms of one's organisations."""
    on = timezone.localdate()
    forms = own_forms(request.user, request.GET, on=on, calendar=work_calendar())
    context = {
        "title": "我的填报",
        "forms": forms,
        "rows": [{"line": line, "buttons": moves_of(line.row, request)} for line in forms.lines],
        "tabs": tabs_of(request.user, waiting=forms.waiting, is_signing=False),
        "exchange": exchange_links("plans.checkins", may=forms.is_filer and bool(forms.everything)),
        "pages": _page_links(request, forms.page),
    }
    return render(request, "plans/checkins/own.html", context)


@require_POST
@for_government
def save(request: Request, pk: int) -> JsonResponse:
    """Keep a row of the grid as it stands; with ``file`` hand it to the signer as well."""
    check_in = check_in_for(request, pk)
    form = CheckInForm(request.POST, check_in=check_in)
    if not form.is_valid():
        return wrong(form)
    is_filed = request.POST.get("file") == "1"
    keep: Keep = file_check_in if is_filed else save_check_in
    try:
        row = keep(check_in, version=_version(request), **form.contents(), by=request.user, at=timezone.now())
    except ChangedMeanwhile as refusal:
        return _changed_meanwhile(request, pk, refusal)
    except Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=403)
    except Unacceptable as refusal:
        form.refuse(refusal.message, refusal.field)
        return wrong(form)
    if not is_filed:
        return JsonResponse({"version": row.version, "saved": clock()})
    return JsonResponse({"row": row_html(request, _fresh(request, pk)), "figures": _figures_html(request)})


@require_POST
@for_government
def file_many(request: Request) -> JsonResponse:
    """Hand over every row named, each as it is saved; what cannot be handed over says why and stays."""
    pks = {int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 10}
    if not 0 < len(pks) <= MOST_FILED:
        raise Unacceptable(
            "没有可以报送的行：先填写进展情况或完成数。" if not pks else f"一次最多报送 {MOST_FILED} 行。"
        )
    filed, refused = [], {}
    at = timezone.now()
    for row in in_plan_order(CheckIn.objects.visible_to(request.user).filter(pk__in=pks)):
        try:
            file_check_in(row, version=row.version, **_as_saved(row), by=request.user, at=at)
            filed.append(row.pk)
        except (Refused, Unacceptable) as refusal:
            refused[row.pk] = refusal.message
    found = in_plan_order(CheckIn.objects.visible_to(request.user).filter(pk__in=filed))
    lines = lines_of(list(found), on=timezone.localdate(), calendar=work_calendar())
    rows = {line.pk: row_html(request, line) for line in lines}
    return JsonResponse({"rows": rows, "refused": refused, "figures": _figures_html(request)})


@require_safe
@for_government
def waiting(request: Request) -> HttpResponse:
    """What waits for the person, for the home page."""
    found = waiting_for(request.user, on=timezone.localdate())
    return render(request, "plans/checkins/_waiting.html", {"waiting": found})


@require_safe
@for_government
def row(request: Request, pk: int) -> JsonResponse:
    """The row as it is now, after the drawer has changed it."""
    return JsonResponse({"row": row_html(request, _fresh(request, pk)), "figures": _figures_html(request)})


def _fresh(request: Request, pk: int) -> CheckInLine:
    return line_for(request, pk, on=timezone.localdate())


def _as_saved(row: CheckIn) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("progress", "percent", "value", "problems", "help_needed")}


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise Unacceptable("页面已经过期，请刷新后重试。")
    return int(text)


def _changed_meanwhile(request: Request, pk: int, refusal: ChangedMeanwhile) -> JsonResponse:
    """Somebody else has saved the row: what stands there now, so that the person can choose."""
    line = _fresh(request, pk)
    answer: dict[str, Any] = {"message": refusal.message, "version": line.row.version, "values": contents_now(line)}
    if not line.is_writable:
        answer["row"] = row_html(request, line)
    return JsonResponse(answer, status=409)


def _figures_html(request: Request) -> str:
    figures = own_figures(request.user, request.GET, on=timezone.localdate())
    return render_to_string("plans/checkins/_figures.html", {"figures": figures}, request=request)


def _page_links(request: Request, page: Page[Any]) -> dict[str, Any]:
    """The links of the pages, as the pagination component wants them."""

    def href(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    numbers = [n for n in page.paginator.page_range if abs(n - page.number) < 4]
    return {
        "links": [{"word": str(n), "href": href(n), "chosen": n == page.number} for n in numbers],
        "previous_href": href(page.number - 1) if page.has_previous() else "",
        "next_href": href(page.number + 1) if page.has_next() else "",
        "is_needed": page.paginator.num_pages > 1,
    }
