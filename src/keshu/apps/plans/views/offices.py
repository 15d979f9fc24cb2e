"""The list of offices with what each carries, and an office's own page."""

from __future__ import annotations

from operator import attrgetter
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.queries.lineage import organisation_and_line
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.glance import OfficeShare, shares_of_plan
from keshu.apps.plans.queries.matrix_pages import in_paper_order, kinds_of
from keshu.apps.plans.queries.office_pages import Part, office_card, plans_naming, rest_of
from keshu.apps.plans.queries.plan_lights import has_lights
from keshu.apps.plans.services.ledger_files import sheet_file
from keshu.apps.plans.views.framing import chosen_for, for_government, page_context, searched

OWN_PAGE_ROLES = frozenset({"office_head", "clerk", "county_clerk"})
# Whose page this can be: bodies of the government tree.
PAGED_KINDS = frozenset({"city", "bureau", "office", "unit", "department", "county", "park"})
SORTS = {
    "name": attrgetter("office"), "leads": attrgetter("leads"), "supports": attrgetter("supports"),
    "targets": attrgetter("targets"), "due_soon": attrgetter("due_soon"), "overdue": attrgetter("overdue"),
}  # fmt: skip
COLUMNS = (
    ("name", "单位"), ("leads", "牵头任务"), ("supports", "配合任务"), ("targets", "目标"), ("due_soon", "30 天内到期"),
    ("overdue", "已到期"),
)  # fmt: skip


@require_safe
@for_government
def office_own(request: Request) -> HttpResponse:
    """To one's own page for those who work in an office or county, to the list for everybody else."""
    scope = request.user.scope
    if scope.roles & OWN_PAGE_ROLES and len(scope.organisation_ids) == 1:
        return redirect("plans:office-detail", pk=next(iter(scope.organisation_ids)))
    return redirect("plans:office-list")


@require_safe
@for_government
def office_list(request: Request) -> HttpResponse:
    """Every organisation that the plan names, sorted and searched by the address; on screen, as Excel, as CSV."""
    chosen = chosen_for(request)
    if chosen.plan is None:
        return render(request, "plans/offices/list.html", page_context(request, chosen, title="处室页"))
    q = searched(request)
    sort = request.GET.get("sort", "name")
    everything = shares_of_plan(chosen.plan, user=request.user, on=timezone.localdate())
    shares = [
        share for share in everything if q.casefold() in f"{share.office.name} {share.office.full_name}".casefold()
    ]
    key = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    if key is SORTS["name"]:
        ordered = in_paper_order([share.office for share in shares], kinds=kinds_of(share.office for share in shares))
        places = {office.id: place for place, office in enumerate(ordered)}
        shares.sort(key=lambda share: places[share.office.id])
    else:
        shares.sort(key=key)
    if sort.startswith("-"):
        shares.reverse()
    if form := request.GET.get("export"):
        return _list_file(request, chosen, shares, form)
    return render(
        request,
        "plans/offices/list.html",
        page_context(
            request, chosen, title="处室页", shares=shares, total=len(everything), q=q, heads=_heads(request, sort)
        ),
    )


@require_safe
@for_government
def office_detail(request: Request, pk: int) -> HttpResponse:
    """What the plan asks of one organisation."""
    try:
        organisation, lineage = organisation_and_line(pk)
    except LookupError:
        raise Http404("没有这个单位") from None
    if organisation.kind not in PAGED_KINDS:
        raise Http404("这个单位没有处室页")
    chosen = chosen_for(request)
    context = page_context(request, chosen, title=organisation.name, organisation=organisation, lineage=lineage)
    if chosen.plan is not None:
        if (part := request.GET.get("part", "")) in set(Part):
            return _rest(request, chosen.plan, organisation.pk, Part(part))
        if lineage.ended is not None:
            context["past_plans"] = plans_naming(pk, user=request.user)
        context["lit"] = has_lights(chosen.plan)
        context["card"] = office_card(organisation, plan=chosen.plan, user=request.user, on=timezone.localdate())
    return render(request, "plans/offices/detail.html", context)


def _rest(request: Request, plan: WorkPlan, pk: int, part: Part) -> HttpResponse:
    """The rows of a section beyond the first, to be put below them."""
    rows = rest_of(part, pk, plan=plan, user=request.user, on=timezone.localdate())
    template = "plans/offices/_target_rows.html" if part == Part.TARGETS else "plans/offices/_task_rows.html"
    return render(request, template, {"items": rows, "plan": plan, "lit": has_lights(plan)})


def _heads(request: Request, sort: str) -> list[dict[str, str]]:
    """The column heads with the address that sorts by each: numbers largest first, then the other way round."""
    kept = {key: value for key, value in request.GET.items() if key in ("plan", "q") and value}
    heads = []
    for key, label in COLUMNS:
        first, second = (key, f"-{key}") if key == "name" else (f"-{key}", key)
        wanted = second if sort == first else first
        direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "none")
        heads.append(
            {"label": label, "href": "?" + urlencode({**kept, "sort": wanted}), "direction": direction, "key": key}
        )
    return heads


def _list_file(request: Request, chosen: ChosenPlan, shares: list[OfficeShare], form: str) -> HttpResponse:
    made = sheet_file(
        [("单位", "text", 260), *((label, "number", 100) for _, label in COLUMNS[1:])],
        [(s.office.full_name, s.leads, s.supports, s.targets, s.due_soon, s.overdue) for s in shares],
        form=form,
        name="处室任务量",
        title=f"{chosen.plan}各单位任务量",
        plan=chosen.plan,
        by=request.user,
        at=timezone.now(),
    )
    return file_response(made)
