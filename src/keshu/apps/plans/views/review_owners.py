"""Who a printed name means: asked once for all its places, and remembered where the person says so."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from keshu.apps.bureau.queries.organisations import KIND_LABELS, choosable_since
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.review import GROUPS, MentionForm, OwnerForm, ResolveForm
from keshu.apps.plans.models import OwnerMention, OwnerRole, Responsibility, WorkPlan
from keshu.apps.plans.queries.suggestions import may_remember_owner, owner_choices
from keshu.apps.plans.services import owners
from keshu.apps.plans.services.meanings import local_day, naming_day
from keshu.apps.plans.services.targets import node_around
from keshu.apps.plans.views.answers import answered, refuse, review_action, version_of
from keshu.apps.plans.views.review_rows import form_view, headings, selection

# Enterprises answer for no task; the register holds twenty thousand of them.
OWNER_KINDS = (
    "bureau", "office", "unit", "department", "county", "park", "city", "institute", "agency", "bank",
)  # fmt: skip


@form_view
@review_action
def resolve(request: Request, plan: WorkPlan, *, mention_id: int) -> HttpResponse:
    """Choose organisations, a group of them, or say that the body stands outside."""
    alike = OwnerMention.objects.visible_to(request.user).pending().filter(plan=plan, name=OuterRef("name")).order_by()
    mentions = OwnerMention.objects.visible_to(request.user).select_related("plan__organisation")
    same = Coalesce(Subquery(alike.values("name").annotate(n=Count("pk")).values("n")), 0)
    mention: Any = get_object_or_404(mentions.annotate(same=same), plan=plan, pk=mention_id)
    now = timezone.now()
    then, today = naming_day(plan.year, at=now), local_day(now)
    refs, closed = choosable_since(request.user, since=then, on=today, kinds=OWNER_KINDS)
    names = {ref.id: str(ref) for ref in (*refs, *closed)}
    form = ResolveForm(request.POST or None, organisations=names)
    error = ""
    if request.method == "POST":
        if not form.is_valid():
            error = "所选单位不在名录中，请重新选择。"
        else:
            try:
                result = owners.resolve_mention(
                    plan, mention_id=mention_id, **form.cleaned_data,
                    by=request.user, at=timezone.now(), version=version_of(request),
                )  # fmt: skip
            except Unacceptable as refusal:
                if hasattr(refusal, "rows"):
                    raise
                error = str(refusal)
            else:
                return answered(request, plan, result)
    suggested, became = owner_choices(mention, user=request.user, on=then)
    context = {
        "plan": plan,
        "mention": mention,
        "same": mention.same,
        "organisations": _grouped(refs),
        "closed": closed,
        "closed_ids": {ref.id for ref in closed},
        "suggested": suggested,
        "became": became,
        "chosen": _chosen(request, mention),
        "sent": request.POST,
        "sent_groups": request.POST.getlist("group"),
        "groups": GROUPS,
        "may_remember": may_remember_owner(request.user),
        "roles": OwnerRole.choices,
        "error": error,
        "prefix": request.GET.get("from", "row"),
    }
    return render(request, "plans/review/_resolve_row.html", context, status=422 if error else 200)


@form_view
@review_action
def mention_edit(request: Request, plan: WorkPlan, *, mention_id: int) -> HttpResponse:
    """Put the printed name or its role right."""
    mention = get_object_or_404(OwnerMention.objects.visible_to(request.user), plan=plan, pk=mention_id)
    form = MentionForm(request.POST or None, initial={"name": mention.name, "role": mention.role})
    if request.method == "POST" and form.is_valid():
        try:
            result = owners.correct_mention(
                plan, mention_id=mention_id, **form.cleaned_data,
                by=request.user, at=timezone.now(), version=version_of(request),
            )  # fmt: skip
        except Unacceptable as refusal:
            if hasattr(refusal, "rows"):
                raise
            refuse(form, refusal)
        else:
            return answered(request, plan, result)
    context = {
        "plan": plan,
        "form": form,
        "row_ref": f"mention-{mention_id}",
        "fields_template": "plans/review/_mention_fields.html",
    }
    return render(request, "plans/review/_form_row.html", context, status=422 if form.is_bound else 200)


@form_view
@review_action
def owner_add(request: Request, plan: WorkPlan) -> HttpResponse:
    """From selected words, under the task they stand in."""
    start, end = selection(request)
    initial = {
        "name": "".join(plan.source.text[start:end].split()),
        "role": OwnerRole.LEAD,
        "node_id": node_around(plan.pk, start=start),
    }
    form = OwnerForm(request.POST or None, initial=initial, headings=headings(plan, request.user))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            result = owners.add_owner(
                plan, node_id=fields["node_id"] or 0, name=fields["name"], role=fields["role"], start=start, end=end,
                by=request.user, at=timezone.now(), version=version_of(request),
            )  # fmt: skip
        except Unacceptable as refusal:
            refuse(form, refusal)
        else:
            return answered(request, plan, result, events={"keshu:close-drawer": True})
    context = {
        "plan": plan,
        "form": form,
        "drawer_title": "补录责任单位",
        "start": start,
        "end": end,
        "quote": plan.source.text[start:end],
        "fields_template": "plans/review/_owner_fields.html",
    }
    return render(request, "plans/review/_form_drawer.html", context, status=422 if form.is_bound else 200)


def _grouped(refs: Any) -> list[tuple[str, list[Any]]]:
    """Organisations by kind, the kinds in the order a document would name them."""
    by_kind = {kind: [ref for ref in refs if ref.kind == kind] for kind in OWNER_KINDS}
    return [(KIND_LABELS[kind], found) for kind, found in by_kind.items() if found]


def _chosen(request: Request, mention: OwnerMention) -> set[int]:
    """What is ticked: what was just sent, else what the name means now."""
    if request.method == "POST":
        return {int(text) for text in request.POST.getlist("organisation_ids") if text.isdecimal()}
    held = Responsibility.objects.visible_to(request.user).filter(mention=mention, is_inherited=False)
    return set(held.values_list("organisation_id", flat=True))
