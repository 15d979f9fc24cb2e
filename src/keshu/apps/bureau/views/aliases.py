"""Names in documents and what they mean."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.forms import AliasForm
from keshu.apps.bureau.models import OwnerAlias
from keshu.apps.bureau.permissions import can_remember_alias, is_namer
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.ledgers import ALIASES, alias_meaning
from keshu.apps.bureau.queries.lineage import lineage_of
from keshu.apps.bureau.queries.organisations import tree_choices
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import owners
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.audience import for_government
from keshu.apps.bureau.views.exporting import exported

CRUMB = ("单位别名", "bureau:alias-list")


@require_safe
@for_government
def index(request: Request) -> HttpResponseBase:
    rows = OwnerAlias.objects.visible_to(request.user).select_related("organisation")
    if "export" in request.GET:
        return exported(ALIASES, rows, request, title="单位别名")
    page = read_ledger(ALIASES, rows, request.GET, user=request.user)
    may_manage = is_namer(request.user)
    exchange = exchange_links("bureau.aliases", may=may_manage)
    context = {"title": "单位别名", "ledger": page, "may_manage": may_manage, "exchange": exchange}
    return render(request, "bureau/aliases/list.html", context)


@require_safe
@for_government
def detail(request: Request, pk: int) -> HttpResponse:
    """What it means, since when, by whose word."""
    alias = get_object_or_404(OwnerAlias.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    context = {
        "title": str(alias),
        "alias": alias,
        "facts": [("文件中的写法", alias.text), ("对应单位", alias_meaning(alias)), *_ended(alias)],
        "entries": history_of(alias, request.user),
        "may_manage": is_namer(request.user),
    }
    return render(request, "bureau/aliases/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    can_remember_alias(request.user)
    form = AliasForm(request.POST or None, organisations=_organisations(request), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        alias = carried_out(
            form,
            lambda: owners.remember_alias(
                text=data["text"],
                organisation_id=data["organisation"],
                group=data["group"],
                by=request.user,
                at=timezone.now(),
            ),
        )
        if alias is not None:
            messages.success(request, f"已登记“{alias}”。")
            return redirect("bureau:alias-list")
    return _form_page(request, form, title="登记单位别名")


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    alias = get_object_or_404(OwnerAlias.objects.visible_to(request.user), pk=pk)
    can_remember_alias(request.user)
    initial = {"text": alias.text, "organisation": alias.organisation_id, "group": alias.group}
    form = AliasForm(request.POST or None, organisations=_organisations(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changed = carried_out(
            form,
            lambda: owners.change_alias(
                alias,
                text=data["text"],
                organisation_id=data["organisation"],
                group=data["group"],
                by=request.user,
                at=timezone.now(),
            ),
        )
        if changed is not None:
            messages.success(request, f"“{changed}”已修改。")
            return redirect("bureau:alias-list")
    return _form_page(request, form, title=f"修改“{alias}”", delete=reverse("bureau:alias-delete", args=[pk]))


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    alias = get_object_or_404(OwnerAlias.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    owners.forget_alias(alias, by=request.user, at=timezone.now())
    messages.success(request, f"“{alias}”已删除，以后的文件不再照此对应。")
    return redirect("bureau:alias-list")


def _ended(alias: OwnerAlias) -> list[tuple[str, str]]:
    """That the organisation is closed, and who took over from it."""
    unit = alias.organisation
    if unit is None or unit.closed_on is None:
        return []
    heirs = "、".join(map(str, lineage_of(unit.pk).heirs))
    after = f"，由{heirs}承接。文件再用这个写法时，核对时选择其一" if heirs else ""
    return [("状态", f"对应单位已于 {unit.closed_on:%Y-%m-%d} 撤并{after}。")]


def _organisations(request: Request) -> list[tuple[int, str]]:
    return tree_choices(request.user, on=timezone.localdate())


def _form_page(request: Request, form: AliasForm, *, title: str, delete: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": reverse("bureau:alias-list"),
        "submit": "保存",
        "delete": delete,
        "crumb": CRUMB,
    }
    return render(request, "bureau/form.html", context, status=422 if form.errors else 200)
