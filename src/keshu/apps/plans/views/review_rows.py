"""The forms of the review page for figures and headings: correct, split, add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.review import NodeForm, TargetForm
from keshu.apps.plans.models import NodeKind, PlanNode, Target, WorkPlan, titled
from keshu.apps.plans.queries.suggestions import suggested_target
from keshu.apps.plans.queries.wording import figure, unit_word
from keshu.apps.plans.services import nodes, targets
from keshu.apps.plans.services.steps import ReviewResult
from keshu.apps.plans.services.targets import DEFAULTS, FIELDS, node_around
from keshu.apps.plans.views.answers import answered, place_in, refuse, review_action, version_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

MOST_PARTS = 6
TARGET_FIELDS = sorted(FIELDS - {"floor_id"})
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
@review_action
def target_edit(request: Request, plan: WorkPlan, *, target_id: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user), plan=plan, pk=target_id)
    form = TargetForm(request.POST or None, initial=_present(target), headings=headings(plan, request.user))

    def save(fields: dict[str, Any]) -> ReviewResult:
        return targets.correct_target(
            plan, target_id=target_id, fields=fields, by=request.user, at=timezone.now(), version=version_of(request)
        )

    def show(status: int = 200) -> HttpResponse:
        context = {"plan": plan, "form": form, "row_ref": f"target-{target_id}", "fields_template": TARGET_TEMPLATE}
        return render(request, "plans/review/_form_row.html", context, status=status)

    return _saved(request, plan, form, save=save, show=show)


@form_view
@review_action
def target_split(request: Request, plan: WorkPlan, *, target_id: int) -> HttpResponse:
    """Two parts or more over the same words; a press on 再加一条 brings another."""
    target = get_object_or_404(Target.objects.visible_to(request.user), plan=plan, pk=target_id)
    count = _part_count(request)
    chosen = headings(plan, request.user)
    parts = [
        TargetForm(_given(request, number), initial=_present(target), headings=chosen, prefix=f"part{number}")
        for number in range(count)
    ]
    context = {"plan": plan, "parts": parts, "row_ref": f"target-{target_id}", "fields_template": TARGET_TEMPLATE}
    context["may_add_part"] = count < MOST_PARTS
    if request.method != "POST" or "more" in request.POST:
        return render(request, "plans/review/_split_row.html", context)
    wrong = [part for part in parts if not part.is_valid()]
    if not wrong:
        try:
            result = targets.split_target(
                plan, target_id=target_id, parts=[part.cleaned_data for part in parts],
                by=request.user, at=timezone.now(), version=version_of(request),
            )  # fmt: skip
        except Unacceptable as refusal:
            if hasattr(refusal, "rows"):
                raise
            context["error"] = str(refusal)
        else:
            return answered(request, plan, result)
    return render(request, "plans/review/_split_row.html", context, status=422)


@form_view
@review_action
def target_add(request: Request, plan: WorkPlan) -> HttpResponse:
    """From selected words: the engine's reading of them is filled in, the person puts it right."""
    start, end = selection(request)
    initial = {**DEFAULTS, "period": str(plan.year or "")}
    if request.method != "POST":
        initial |= suggested_target(plan, user=request.user, start=start, end=end)
        initial |= {"node_id": node_around(plan.pk, start=start)}
        for name in ("value", "value_high"):
            initial[name] = figure(initial[name])
    form = TargetForm(request.POST or None, initial=initial, headings=headings(plan, request.user))

    def save(fields: dict[str, Any]) -> ReviewResult:
        return targets.add_target(
            plan, start=start, end=end, fields=fields, by=request.user, at=timezone.now(), version=version_of(request)
        )

    def show(status: int = 200) -> HttpResponse:
        return _drawer(
            request, plan, form, title="补录指标数据", place=(start, end), template=TARGET_TEMPLATE, status=status
        )

    return _saved(request, plan, form, save=save, show=show, closes_drawer=True)


@form_view
@review_action
def node_edit(request: Request, plan: WorkPlan, *, node_id: int) -> HttpResponse:
    node = get_object_or_404(PlanNode.objects.visible_to(request.user), plan=plan, pk=node_id)
    due = node.due_period or (f"{node.due_on:%Y-%m-%d}" if node.due_on else "")
    initial = {"label": node.label, "heading": node.heading, "kind": node.kind, "due": due, "parent_id": node.parent_id}
    form = NodeForm(request.POST or None, initial=initial, headings=headings(plan, request.user, but=node_id))

    def save(fields: dict[str, Any]) -> ReviewResult:
        return nodes.correct_node(
            plan, node_id=node_id, fields=fields, by=request.user, at=timezone.now(), version=version_of(request)
        )

    def show(status: int = 200) -> HttpResponse:
        context = {"plan": plan, "form": form, "row_ref": f"node-{node_id}", "fields_template": NODE_TEMPLATE}
        return render(request, "plans/review/_form_row.html", context, status=status)

    return _saved(request, plan, form, save=save, show=show)


@form_view
@review_action
def node_add(request: Request, plan: WorkPlan) -> HttpResponse:
    start, end = selection(request)
    words = " ".join(plan.source.text[start:end].split())
    initial = {"heading": words, "kind": NodeKind.ACTION, "parent_id": node_around(plan.pk, start=start)}
    form = NodeForm(request.POST or None, initial=initial, headings=headings(plan, request.user))

    def save(fields: dict[str, Any]) -> ReviewResult:
        return nodes.add_node(
            plan, start=start, end=end, fields=fields, by=request.user, at=timezone.now(), version=version_of(request)
        )

    def show(status: int = 200) -> HttpResponse:
        return _drawer(request, plan, form, title="补录任务", place=(start, end), template=NODE_TEMPLATE, status=status)

    return _saved(request, plan, form, save=save, show=show, closes_drawer=True)


def headings(plan: WorkPlan, user: User, *, but: int | None = None) -> list[tuple[int, str]]:
    """The headings of the plan for a selection list, indented by level."""
    rows = PlanNode.objects.visible_to(user).kept().filter(plan=plan).order_by("start", "pk")
    return [
        (pk, f"{'　' * (level - 1)}{titled(label, heading)}"[:60])
        for pk, level, label, heading in rows.values_list("pk", "level", "label", "heading")
        if pk != but
    ]


def _saved(
    request: Request,
    plan: WorkPlan,
    form: forms.Form,
    *,
    save: Any,
    show: Any,
    closes_drawer: bool = False,
) -> HttpResponse:
    """Show the form, or save it; refused, it comes back with the reason at the field."""
    if request.method != "POST":
        return show()
    if form.is_valid():
        try:
            result = save(form.cleaned_data)
        except Unacceptable as refusal:
            if hasattr(refusal, "rows"):
                raise
            refuse(form, refusal)
        else:
            events = {"keshu:close-drawer": True} if closes_drawer else {}
            return answered(request, plan, result, events=events)
    return show(422)


def _drawer(
    request: Request,
    plan: WorkPlan,
    form: forms.Form,
    *,
    title: str,
    place: tuple[int, int],
    template: str,
    status: int,
) -> HttpResponse:
    start, end = place
    context = {
        "plan": plan,
        "form": form,
        "drawer_title": title,
        "start": start,
        "end": end,
        "quote": plan.source.text[start:end],
        "fields_template": template,
    }
    return render(request, "plans/review/_form_drawer.html", context, status=status)


def selection(request: Request) -> tuple[int, int]:
    data = request.POST if request.method == "POST" else request.GET
    start, end = place_in(request, "start", data=data), place_in(request, "end", data=data)
    if not 0 <= start < end:
        raise Unacceptable("请先在左侧原文中选中要补录的文字。")
    return start, end


def _present(target: Target) -> dict[str, Any]:
    values = {name: getattr(target, name) for name in TARGET_FIELDS}
    figures = {"value": figure(target.value), "value_high": figure(target.value_high)}
    return {**values, **figures, "unit": unit_word(target.unit)}


def _part_count(request: Request) -> int:
    text = request.POST.get("parts", "2")
    count = int(text) if text.isdecimal() else 2
    return max(2, min(MOST_PARTS, count + ("more" in request.POST)))


def _given(request: Request, number: int) -> Any:
    """What was typed for this part; nothing for one just added."""
    typed = any(name.startswith(f"part{number}-") for name in request.POST)
    return request.POST if typed else None


TARGET_TEMPLATE = "plans/review/_target_fields.html"
NODE_TEMPLATE = "plans/review/_node_fields.html"
