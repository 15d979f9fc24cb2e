"""How a target stands and what is expected of it; a light chosen by a person; figures of earlier years."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.forms.standings import LightForm, PastFigureForm
from keshu.apps.plans.models import PastFigure, PlanState, Standing, Target
from keshu.apps.plans.permissions import can_enter_past_figures, is_keeper
from keshu.apps.plans.queries.ledger import with_stretches
from keshu.apps.plans.queries.past_figures import lead_ids_of, past_figures_of
from keshu.apps.plans.queries.row_tabs import Tab, target_tabs
from keshu.apps.plans.queries.standings import last_year_of, outlook_chart, series_of, standing_card
from keshu.apps.plans.queries.target_cards import target_by_id
from keshu.apps.plans.queries.target_ledgers import asked_text
from keshu.apps.plans.services import past_figures, standings
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.answers import refuse
from keshu.apps.plans.views.framing import for_government

POINT_COLUMNS = (("时期", "text", 100), ("年内累计（期末）数", "text", 160), ("来源", "text", 200))


@require_safe
@for_government
def target_outlook(request: Request, pk: int) -> HttpResponse:
    """The tab 预测 of a target: its light, what the year's end will be, the chart, the figures behind it."""
    row = _target(request, pk)
    context = _outlook_context(request, row)
    if form := request.GET.get("export"):
        made = sheet_file(
            POINT_COLUMNS, context["chart"].points, form=form, name="数据", title=f"{row.indicator}历年数据", plan=row.plan,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        return file_response(made)
    return render(request, "plans/targets/outlook.html", context)


@require_POST
@for_government
def choose(request: Request, pk: int) -> HttpResponse:
    """Overrule a light; the page it was asked from comes back."""
    standing, form = _standing(request, pk), LightForm(request.POST)
    if not form.is_valid():
        raise Unacceptable("".join(str(error) for errors in form.errors.values() for error in errors))
    given = form.cleaned_data
    standings.choose_light(standing, light=given["light"], why=given["why"], by=request.user, at=timezone.now())
    messages.success(request, "状态已改，理由显示在状态旁边。")
    return redirect(_back(request, standing))


@require_POST
@for_government
def drop(request: Request, pk: int) -> HttpResponse:
    """Let the rules' light hold again."""
    standing = _standing(request, pk)
    standings.drop_choice(standing, by=request.user, at=timezone.now())
    messages.success(request, "已撤销人工判定，状态按规则显示。")
    return redirect(_back(request, standing))


@require_POST
@for_government
def past_figure_add(request: Request, pk: int) -> HttpResponse:
    """Enter one figure of an earlier period; what was refused is shown at its field."""
    row, form = _target(request, pk), PastFigureForm(request.POST)
    if form.is_valid():
        try:
            past_figures.enter_past_figure(row, **form.cleaned_data, by=request.user, at=timezone.now())
        except Unacceptable as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "往年数据已保存。")
            return redirect(reverse("plans:target-outlook", args=[row.pk]) + "#past")
    else:
        can_enter_past_figures(request.user, row, lead_ids=lead_ids_of(row))
    return render(request, "plans/targets/outlook.html", _outlook_context(request, row, form=form), status=422)


@require_POST
@for_government
def past_figure_remove(request: Request, pk: int) -> HttpResponse:
    rows = PastFigure.objects.visible_to(request.user).select_related("target__plan__organisation")
    figure = get_object_or_404(rows, pk=pk)
    past_figures.remove_past_figure(figure, by=request.user, at=timezone.now())
    messages.success(request, "这一期往年数据已删除。")
    return redirect(reverse("plans:target-outlook", args=[figure.target_id]) + "#past")


def _target(request: Request, pk: int) -> Target:
    return get_object_or_404(with_stretches(target_by_id(request.user)), pk=pk)


def _standing(request: Request, pk: int) -> Standing:
    return get_object_or_404(Standing.objects.visible_to(request.user), pk=pk)


def _outlook_context(request: Request, row: Any, *, form: PastFigureForm | None = None) -> dict[str, Any]:
    card = standing_card(row, user=request.user)
    on = timezone.localdate()
    series = series_of(row, on=on)
    chart = outlook_chart(card, series, target=row, asked=asked_text(row), on=on)
    may_exchange = is_keeper(request.user, row.plan.organisation) and row.plan.state == PlanState.PUBLISHED
    return {
        "title": row.indicator,
        "row": row,
        "plan": row.plan,
        "tabs": target_tabs(row, current=Tab.OUTLOOK),
        "asked": asked_text(row),
        "standing": card,
        "light_form": LightForm(initial={"light": card.row.chosen or card.row.light}) if card else None,
        "chart": chart,
        "accrues": series.accrues,
        "last_year": last_year_of(row, series),
        "past": past_figures_of(row),
        "may_enter": _may_enter(request, row),
        "form": form or PastFigureForm(),
        "exchange": exchange_links("plans.past_figures", may=may_exchange, params={"plan": row.plan_id}),
    }


def _may_enter(request: Request, row: Target) -> bool:
    try:
        can_enter_past_figures(request.user, row, lead_ids=lead_ids_of(row))
    except Refused:
        return False
    return True


def _back(request: Request, standing: Standing) -> str:
    """The page the form stood on, else the page of the target or task."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    if standing.target_id is not None:
        return reverse("plans:target-outlook", args=[standing.target_id])
    return reverse("plans:task-detail", args=[standing.node_id])
