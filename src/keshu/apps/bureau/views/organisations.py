"""Organisations: the ledger, one of them, and the forms that set up, change and close one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.forms import ClosingForm, OrganisationForm
from keshu.apps.bureau.models import Membership, Organisation
from keshu.apps.bureau.permissions import can_manage_organisations, is_keeper
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.ledgers import organisations_ledger
from keshu.apps.bureau.queries.lineage import lineage_of
from keshu.apps.bureau.queries.organisations import tree_choices
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import organisations as services
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.audience import for_government
from keshu.apps.bureau.views.exporting import exported

CRUMB = ("单位", "bureau:organisation-list")


@require_safe
@for_government
def index(request: Request) -> HttpResponseBase:
    ledger = organisations_ledger(on=timezone.localdate())
    rows = Organisation.objects.visible_to(request.user).select_related("parent")
    if "export" in request.GET:
        return exported(ledger, rows, request, title="单位")
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    may_manage = is_keeper(request.user)
    exchange = exchange_links("bureau.organisations", may=may_manage)
    context = {"title": "单位", "ledger": page, "may_manage": may_manage, "exchange": exchange}
    return render(request, "bureau/organisations/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    today, user = timezone.localdate(), request.user
    row = get_object_or_404(Organisation.objects.visible_to(user).select_related("parent"), pk=pk)
    people = Membership.objects.visible_to(user).current(today).filter(organisation=row, user__is_active=True)
    context = {
        "title": str(row),
        "organisation": row,
        "facts": [
            ("全称", row.name),
            ("类别", row.get_kind_display()),
            ("上级单位", row.parent),
            ("撤并日期", row.closed_on),
        ],
        "children": Organisation.objects.visible_to(user).active(today).filter(parent=row),
        "people": people.select_related("user"),
        "aliases": row.aliases.visible_to(user),
        "lineage": lineage_of(row.pk),
        "entries": history_of(row, user),
        "may_manage": is_keeper(user),
    }
    return render(request, "bureau/organisations/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    can_manage_organisations(request.user)
    form = OrganisationForm(request.POST or None, parents=_parents(request), is_new=True, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = services.OrganisationFields(data["name"], data["short_name"], data["kind"], data["parent"])
        row = carried_out(form, lambda: services.create_organisation(fields, by=request.user, at=timezone.now()))
        if row is not None:
            messages.success(request, f"已新增单位“{row}”。")
            return redirect("bureau:organisation-detail", pk=row.pk)
    return _form_page(request, form, title="新增单位", back=reverse("bureau:organisation-list"))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Name, short name and place in the tree."""
    row = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk)
    can_manage_organisations(request.user)
    initial = {"name": row.name, "short_name": row.short_name, "parent": row.parent_id}
    form = OrganisationForm(request.POST or None, parents=_parents(request, row), is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = services.OrganisationFields(data["name"], data["short_name"], row.kind, data["parent"])
        changed = carried_out(
            form,
            lambda: services.change_organisation(row, fields, by=request.user, at=timezone.now(), why=data["why"]),
        )
        if changed is not None:
            messages.success(request, "单位信息已修改。")
            return redirect("bureau:organisation-detail", pk=pk)
    return _form_page(request, form, title=f"修改“{row}”", back=reverse("bureau:organisation-detail", args=[pk]))


@require_http_methods(["GET", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    can_manage_organisations(request.user)
    form = ClosingForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        closed = carried_out(
            form, lambda: services.close_organisation(row, **form.cleaned_data, by=request.user, at=at)
        )
        if closed is not None:
            messages.success(request, f"“{row}”已登记撤并。")
            return redirect("bureau:organisation-detail", pk=pk)
    back = reverse("bureau:organisation-detail", args=[pk])
    return _form_page(request, form, title=f"撤并“{row}”", back=back, submit="登记撤并", danger=True)


def _parents(request: Request, but: Organisation | None = None) -> list[tuple[int, str]]:
    """Where an organisation may be put: anywhere but beneath itself, shown by its place in the tree."""
    kinds = ("city", "bureau", "county", "park")
    return tree_choices(request.user, on=timezone.localdate(), kinds=kinds, but=but)


def _form_page(
    request: Request,
    form: OrganisationForm | ClosingForm,
    *,
    title: str,
    back: str,
    submit: str = "保存",
    danger: bool = False,
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "submit": submit, "danger": danger, "crumb": CRUMB}
    return render(request, "bureau/form.html", context, status=422 if form.errors else 200)
