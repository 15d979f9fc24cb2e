"""What the pages of check-ins share: the row asked for, a line of it, and how an action answers the page it came from."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.plans.models import CheckIn
from keshu.apps.plans.queries.checkin_pages.lines import CheckInLine, lines_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order
from keshu.apps.plans.services.checkins import checkin_buttons

if TYPE_CHECKING:
    from keshu.apps.plans.forms.checkins import CheckInForm

# Where a row is put back in its place instead of the page being read anew.
GRID = "plans:checkin-own"


def check_in_for(request: Request, pk: int) -> CheckIn:
    """A check-in the person may see; 404 otherwise."""
    return get_object_or_404(in_plan_order(CheckIn.objects.visible_to(request.user)), pk=pk)


def line_for(request: Request, pk: int, *, on: date) -> CheckInLine:
    return lines_of([check_in_for(request, pk)], on=on, calendar=work_calendar())[0]


def row_html(request: Request, line: CheckInLine) -> str:
    """The row of the grid."""
    context = {"line": line, "buttons": moves_of(line.row, request), "request": request}
    return render_to_string("plans/checkins/_row.html", context, request=request)


def moves_of(row: CheckIn, request: Request) -> dict[str, Any]:
    """The buttons of a check-in by their move."""
    return {button.move: button for button in checkin_buttons(row, user=request.user)}


def is_from_grid(request: Request) -> bool:
    """Whether htmx asks from the grid of my forms."""
    address = request.htmx.current_url_abs_path if request.htmx else None
    return bool(address) and str(address).partition("?")[0] == reverse(GRID)


def done(request: Request, pk: int, said: str, *, back: str) -> HttpResponse:
    """After an action: the grid puts the row back in its place, other pages are read anew, a plain form is led back."""
    if is_from_grid(request):
        response = HttpResponse()
        toast = {"message": said, "tone": "done"}
        response["HX-Trigger"] = json.dumps({"toast": toast, "checkin-changed": {"pk": pk}})
        return response
    messages.success(request, said)
    response = HttpResponse(status=204 if request.htmx else 302)
    if request.htmx:
        response["HX-Refresh"] = "true"
    else:
        response["Location"] = back
    return response


def wrong(form: CheckInForm, *, status: int = 422) -> JsonResponse:
    """What cannot be kept, at its field."""
    errors = {name: " ".join(map(str, said)) for name, said in form.errors.items()}
    return JsonResponse({"errors": errors}, status=status)


def contents_now(line: CheckInLine) -> dict[str, str]:
    """What stands in the form, by field."""
    row = line.row
    return {
        "number": line.number,
        "progress": row.progress,
        "problems": row.problems,
        "help_needed": row.help_needed,
    }


def clock() -> str:
    return f"{timezone.localtime():%H:%M}"
