"""工作日历: the year at a glance, and the bureau's own days off and working days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.forms import CalendarDayForm
from keshu.apps.bureau.models import CalendarDay
from keshu.apps.bureau.permissions import can_keep_calendar, is_keeper
from keshu.apps.bureau.queries.calendar import year_sheet
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services import calendar as services
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.audience import for_government


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def page(request: Request) -> HttpResponse:
    """The year of the address, this one without; a POST enters a day."""
    today = timezone.localdate()
    year = _year(request.GET.get("year"), default=today.year)
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST":
        can_keep_calendar(request.user)
        if form.is_valid():
            data = form.cleaned_data
            row = carried_out(form, lambda: services.enter_day(**data, by=request.user, at=timezone.now()))
            if row is not None:
                messages.success(request, f"已录入 {row.day:%Y-%m-%d} {'上班' if row.is_workday else '放假'}。")
                return _back(row.day.year)
    context = {
        "title": "工作日历",
        "sheet": year_sheet(year, on=today),
        "own": CalendarDay.objects.visible_to(request.user).filter(day__year=year),
        "form": form,
        "may_keep": is_keeper(request.user),
        "earlier": year - 1 if year - 1 in services.YEARS else None,
        "later": year + 1 if year + 1 in services.YEARS else None,
    }
    return render(request, "bureau/calendar/page.html", context, status=422 if form.errors else 200)


@require_POST
@for_government
def remove(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(CalendarDay.objects.visible_to(request.user), pk=pk)
    day = row.day
    services.remove_day(row, by=request.user, at=timezone.now())
    messages.success(request, f"已删除 {day:%Y-%m-%d} 的调整。")
    return _back(day.year)


@require_POST
@for_government
def mark(request: Request) -> HttpResponse:
    """Say that a year is entered in full, or take it back (`undo`)."""
    can_keep_calendar(request.user)
    year = _year(request.POST.get("year"), default=None)
    if "undo" in request.POST:
        services.unmark_year(year, by=request.user, at=timezone.now())
        messages.success(request, f"已改为 {year} 年尚未录全。")
    else:
        services.mark_year(year, by=request.user, at=timezone.now())
        messages.success(request, f"已标记 {year} 年全年录入完毕。")
    return _back(year)


def _year(text: str | None, *, default: int | None) -> int:
    if text is not None and text.isascii() and text.isdigit() and len(text) == 4 and int(text) in services.YEARS:
        return int(text)
    if default is None:
        raise Unacceptable(f"请给出年度，{services.YEARS[0]} 至 {services.YEARS[-1]}。", field="year")
    return default


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('bureau:calendar')}?year={year}")
