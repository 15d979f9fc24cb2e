"""审签: a head's queue; many are signed at once, one is returned with a note."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn
from keshu.apps.plans.queries.checkin_pages.signing import queue_of, tabs_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order
from keshu.apps.plans.services.checkins import sign_check_in
from keshu.apps.plans.views.framing import for_government

MOST_SIGNED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def queue(request: Request) -> HttpResponse:
    """What waits for the person's signature; posted, those ticked are signed."""
    if request.method == "POST":
        return _signed(request)
    on = timezone.localdate()
    found = queue_of(request.user, request.GET, on=on, calendar=work_calendar())
    context = {
        "title": "审签",
        "queue": found,
        "tabs": tabs_of(request.user, to_sign=None if found.is_all else found.total, is_signing=True),
    }
    return render(request, "plans/checkins/sign_list.html", context)


def _signed(request: Request) -> HttpResponse:
    """Each is signed by itself: what cannot be signed says why and stays."""
    pks = {int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 10}
    if not 0 < len(pks) <= MOST_SIGNED:
        raise Unacceptable("没有勾选要审签的项目。" if not pks else f"一次最多审签 {MOST_SIGNED} 项。")
    signed, refused = [], {}
    at = timezone.now()
    rows = in_plan_order(CheckIn.objects.visible_to(request.user).filter(pk__in=pks))
    for row in rows:
        try:
            sign_check_in(row, by=request.user, at=at)
            signed.append(row.pk)
        except (Refused, Unacceptable) as refusal:
            refused[row.pk] = refusal.message
    if request.htmx:
        return JsonResponse({"signed": signed, "refused": refused})
    if signed:
        messages.success(request, f"已审签 {len(signed)} 项。")
    for message in sorted(set(refused.values())):
        messages.error(request, message)
    return redirect(request.get_full_path())
