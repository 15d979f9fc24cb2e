"""Delegations: what one lent and stands in for, a new one, and taking one back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.forms import DelegationForm
from keshu.apps.bureau.models import Membership, User
from keshu.apps.bureau.permissions import Refused, may_delegate_for_others
from keshu.apps.bureau.queries.delegations import delegations_of, lendable_roles, possible_deputies
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import delegations as services
from keshu.apps.bureau.services.answers import carried_out

CRUMB = ("授权代理", "bureau:delegation-list")


@require_safe
def index(request: Request) -> HttpResponse:
    """One's own; those who may act for others see everybody's below."""
    user, today = request.user, timezone.localdate()
    own = delegations_of(user, on=today, viewer=user)
    mine = {line.id for line in own}
    all_lines = delegations_of(user, on=today, viewer=user, everybodys=True) if may_delegate_for_others(user) else []
    context = {
        "title": "授权代理",
        "own": own,
        "others": [line for line in all_lines if line.id not in mine],
        "may_create": bool(lendable_roles(user, on=today)),
    }
    return render(request, "bureau/delegations/list.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    roles = {row.pk: row for row in lendable_roles(user, on=today)}
    if not roles:
        raise Refused("您没有可以授权代理的角色。局领导、规划办公室、处室和县区（园区）人员可以办理。")
    deputies = possible_deputies(list(roles.values()), but=user, on=today)
    form = DelegationForm(
        request.POST or None,
        roles=[(row.pk, f"{row.user}：{row.organisation} {row.get_role_display()}") for row in roles.values()],
        deputies=[(person.pk, f"{person}（{person.username}）") for person in deputies],
        initial={"from_on": today, "membership": next(iter(roles)) if len(roles) == 1 else None},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = carried_out(
            form,
            lambda: services.delegate_role(
                roles[data["membership"]],
                deputy=get_object_or_404(User.objects.visible_to(user), pk=data["deputy"]),
                from_on=data["from_on"],
                until_on=data["until_on"] + timedelta(days=1),
                reason=data["reason"],
                by=user,
                at=timezone.now(),
            ),
        )
        if made is not None:
            messages.success(request, f"已授权{made.user}代理，到 {data['until_on']:%Y-%m-%d} 为止。")
            return redirect("bureau:delegation-list")
    context = {
        "form": form,
        "title": "新增授权代理",
        "back": reverse("bureau:delegation-list"),
        "submit": "授权代理",
        "crumb": CRUMB,
    }
    return render(request, "bureau/form.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    rows = Membership.objects.visible_to(request.user).delegated()
    row = get_object_or_404(rows.select_related("user", "organisation", "on_behalf_of__user"), pk=pk)
    services.withdraw_delegation(row, by=request.user, at=timezone.now())
    messages.success(request, f"已收回，{row.user}不再代理。")
    return redirect("bureau:delegation-list")
