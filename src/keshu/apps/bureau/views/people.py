"""People: the ledger, one of them, their roles and their account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.forms import (
    EndingForm,
    GivenPasswordForm,
    PersonForm,
    RoleForm,
    SwitchingForm,
    offer,
)
from keshu.apps.bureau.models import Membership, Organisation, User
from keshu.apps.bureau.permissions import can_manage_people, can_set_password, grantable_roles, is_keeper, is_operator
from keshu.apps.bureau.queries.delegations import delegations_of
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.ledgers import people_ledger
from keshu.apps.bureau.queries.organisations import tree_choices
from keshu.apps.bureau.queries.people import people_with_roles, roles_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.sign_in import has_second_factor, live_sessions
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services import people as services
from keshu.apps.bureau.services.answers import carried_out, put_at_fields
from keshu.apps.bureau.views.audience import for_government
from keshu.apps.bureau.views.exporting import exported

CRUMB = ("人员", "bureau:person-list")


@require_safe
@for_government
def index(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    ledger, rows = people_ledger(on=today), people_with_roles(request.user, on=today)
    if "export" in request.GET:
        return exported(ledger, rows, request, title="人员")
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    may_manage = is_keeper(request.user)
    exchange = exchange_links("bureau.people", may=may_manage)
    context = {"title": "人员", "ledger": page, "may_manage": may_manage, "exchange": exchange}
    return render(request, "bureau/people/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    person = _person(request, pk)
    may_manage, may_guard = is_keeper(request.user), is_operator(request.user) and person.pk != request.user.pk
    facts = [
        ("用户名", person.username),
        ("联系电话", person.phone),
        ("邮箱", person.email),
        ("账号", "可登录" if person.is_active else "已停用"),
    ]
    guarded = {"has_second_factor": False, "session_count": 0}
    if may_guard:
        rows = live_sessions(person, user=request.user, at=timezone.now())
        guarded = {"has_second_factor": has_second_factor(person), "session_count": rows.count()}
        facts += [
            ("两步验证", "已启用" if guarded["has_second_factor"] else "未启用"),
            ("现有登录", f"{guarded['session_count']} 处"),
        ]
    context = {
        "title": str(person),
        "person": person,
        "facts": facts,
        **guarded,
        "roles": roles_of(person),
        "delegations": delegations_of(person, on=timezone.localdate(), viewer=request.user),
        "entries": history_of(person, request.user) if may_manage or request.user.scope.is_everything else (),
        "may_manage": may_manage,
        "today": timezone.localdate(),
    }
    return render(request, "bureau/people/detail.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """An account with its first role."""
    can_manage_people(request.user)
    form = PersonForm(
        request.POST or None, organisations=_organisations(request), is_new=True, initial=request.GET.dict()
    )
    offer(form, "role", [("", "请选择"), *grantable_roles(request.user)])
    if request.method == "POST" and not form.is_valid():
        put_at_fields(form, _card_faults(form))
    elif request.method == "POST":
        person = carried_out(form, lambda: _created(request, form.cleaned_data))
        if person is not None:
            messages.success(request, f"已开通“{person}”的账号，请把用户名和初始密码告知本人。")
            return redirect("bureau:person-detail", pk=person.pk)
    return _form_page(request, form, title="新增人员", back=reverse("bureau:person-list"))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    person = _person(request, pk)
    can_manage_people(request.user)
    initial = {"name": person.name, "username": person.username, "phone": person.phone, "email": person.email}
    form = PersonForm(request.POST or None, organisations=(), is_new=False, initial=initial)

    def act() -> User:
        fields = services.PersonFields(**form.cleaned_data)
        return services.change_person(person, fields, by=request.user, at=timezone.now())

    return _acted(request, form, act, person, title=f"修改“{person}”", done="人员信息已修改。")


@require_http_methods(["GET", "POST"])
def grant(request: Request, pk: int) -> HttpResponse:
    """Give another role."""
    person = _person(request, pk)
    can_manage_people(request.user)
    form = RoleForm(
        request.POST or None, organisations=_organisations(request), initial={"from_on": timezone.localdate()}
    )
    offer(form, "role", [("", "请选择"), *grantable_roles(request.user)])

    def act() -> Membership:
        data = form.cleaned_data
        organisation = _chosen(request, data["organisation"])
        return services.grant_role(
            person,
            organisation=organisation,
            role=data["role"],
            from_on=data["from_on"],
            by=request.user,
            at=timezone.now(),
        )

    return _acted(request, form, act, person, title=f"新增“{person}”的任职", done="任职已登记。")


@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """End a role; `pk` is the membership's."""
    row = get_object_or_404(Membership.objects.visible_to(request.user).select_related("user", "organisation"), pk=pk)
    can_manage_people(request.user)
    earliest = row.from_on + timedelta(days=1)
    form = EndingForm(request.POST or None, initial={"until_on": max(timezone.localdate(), earliest)})

    def act() -> Membership:
        return services.end_role(row, **form.cleaned_data, by=request.user, at=timezone.now())

    title = f"结束“{row.user}”在“{row.organisation}”的任职（{row.get_role_display()}）"
    return _acted(request, form, act, row.user, title=title, done="任职已结束。", submit="结束任职")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset_password(request: Request, pk: int) -> HttpResponse:
    """Give somebody a new first password."""
    person = _person(request, pk)
    if person.pk == request.user.pk:
        return redirect("bureau:password")
    can_set_password(request.user, person)
    form = GivenPasswordForm(request.POST or None)

    def act() -> User:
        new = form.cleaned_data["new_password1"]
        return services.set_password(person, password=new, by=request.user, at=timezone.now())

    done = "密码已重设，请告知本人；本人下次登录时须修改。"
    return _acted(request, form, act, person, title=f"重设“{person}”的密码", done=done, submit="重设密码")


@require_http_methods(["GET", "POST"])
def switch(request: Request, pk: int) -> HttpResponse:
    """Switch the account off, or on again."""
    person = _person(request, pk)
    can_manage_people(request.user)
    form, word = SwitchingForm(request.POST or None), "停用" if person.is_active else "启用"

    def act() -> User:
        why = form.cleaned_data["why"]
        return services.switch_account(
            person, is_active=not person.is_active, why=why, by=request.user, at=timezone.now()
        )

    title = f"{word}“{person}”的账号"
    return _acted(request, form, act, person, title=title, done=f"账号已{word}。", submit=f"{word}账号")


def _card_faults(form: forms.Form) -> list[Unacceptable]:
    """What else is wrong with a form in which something is missing, so that all of it is told at once."""
    given = {name: form.data.get(name, "") for name in ("name", "username", "phone", "email")}
    return services.person_faults(services.PersonFields(**given), password=form.data.get("new_password1", ""))


def _created(request: Request, data: dict[str, Any]) -> User:
    fields = services.PersonFields(data["name"], data["username"], data["phone"], data["email"])
    return services.open_account(
        fields,
        password=data["new_password1"],
        organisation=_chosen(request, data["organisation"]),
        role=data["role"],
        by=request.user,
        at=timezone.now(),
        on=timezone.localdate(),
    )


def _person(request: Request, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _chosen(request: Request, organisation_id: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation_id)


def _organisations(request: Request) -> list[tuple[int, str]]:
    return tree_choices(request.user, on=timezone.localdate())


def _acted(
    request: Request, form: forms.Form, act: Any, person: User, *, title: str, done: str, submit: str = "保存"
) -> HttpResponse:
    """Do it when the form is good, say so and go back to the person; else show the form."""
    back = reverse("bureau:person-detail", args=[person.pk])
    if request.method == "POST" and form.is_valid() and carried_out(form, act) is not None:
        messages.success(request, done)
        return redirect(back)
    return _form_page(request, form, title=title, back=back, submit=submit)


def _form_page(request: Request, form: forms.Form, *, title: str, back: str, submit: str = "保存") -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "submit": submit, "crumb": CRUMB}
    return render(request, "bureau/form.html", context, status=422 if form.errors else 200)
