"""The history of a row: its older lines, and putting back what was before one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.forms import RestoringForm
from keshu.apps.bureau.queries.history import history_of, restorable_entry, row_named, subject_label
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.restoring import earlier_state, restore_state

PAGES = {
    "bureau.organisation": "bureau:organisation-detail",
    "bureau.owneralias": "bureau:alias-detail",
    "bureau.user": "bureau:person-detail",
}
TAKEN = {"1": True, "0": False}


@require_safe
def lines(request: Request, subject: str, pk: int) -> HttpResponse:
    """The lines before the one the address names, for the timeline that asks for them."""
    row = row_named(subject, pk, request.user)
    if row is None:
        raise Http404("没有这一条")
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    entries = history_of(row, request.user, before=number, taken=TAKEN.get(request.GET.get("taken", "")))
    return render(request, "components/_timeline_lines.html", {"entries": entries})


@require_http_methods(["GET", "POST"])
def restore(request: Request, pk: int) -> HttpResponse:
    """What would be put back, and the reason for it."""
    entry = restorable_entry(pk, request.user)
    if entry is None:
        raise Http404("没有可以恢复的记录")
    state = earlier_state(entry)
    form = RestoringForm(request.POST or None)
    back = reverse(PAGES[entry.subject_type], args=[entry.subject_id])
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        row = carried_out(form, lambda: restore_state(entry, why=why, by=request.user, at=timezone.now()))
        if row is not None:
            messages.success(request, f"“{row}”已恢复到此前状态，作为一次新的修改记入办理记录。")
            return redirect(back)
    context = {
        "title": f"恢复“{state.row}”到此前状态",
        "form": form,
        "state": state,
        "entry": entry,
        "back": back,
        "noun": subject_label(entry.subject_type),
    }
    return render(request, "bureau/audit/restore.html", context, status=422 if form.errors else 200)
