"""What the operator does for somebody's sign-in: take a lost second factor away, end their sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.bureau.models import User
from keshu.apps.bureau.permissions import can_reset_second_factor
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import second_factor, sign_in_sessions
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.reasons import ReasonForm
from keshu.apps.bureau.views.people import CRUMB


@require_http_methods(["GET", "POST"])
def reset_second_factor(request: Request, pk: int) -> HttpResponse:
    """Take a person's second factor away, with a reason."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    can_reset_second_factor(request.user, person)
    form, back = ReasonForm(request.POST or None), reverse("bureau:person-detail", args=[person.pk])
    form.fields["why"].help_text = "例如：手机遗失，本人来电核实。"
    if request.method == "POST" and form.is_valid():
        why, at = form.cleaned_data["why"], timezone.now()
        if carried_out(form, lambda: second_factor.reset(person, by=request.user, at=at, why=why)) is not None:
            messages.success(request, "两步验证已重设，登录已全部结束。本人下次登录时会看到提示。")
            return redirect(back)
    title = f"重设“{person}”的两步验证"
    context = {"form": form, "title": title, "back": back, "submit": "重设两步验证", "crumb": CRUMB}
    return render(request, "bureau/form.html", context, status=422 if form.errors else 200)


@require_POST
def end_sessions(request: Request, pk: int) -> HttpResponse:
    """Sign all of a person's browsers out."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    count = sign_in_sessions.end_sessions(person, by=request.user, at=timezone.now(), why="系统管理员结束全部登录")
    messages.success(request, f"已结束“{person}”的 {count} 处登录。" if count else f"“{person}”现在没有登录。")
    return redirect("bureau:person-detail", pk=person.pk)
