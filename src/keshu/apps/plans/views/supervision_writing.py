"""Writing notices: one from a target, a task, an issue or freely; several at once by lead office; the quarter's table."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.ledger import selected_rows
from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import file_response
from keshu.apps.plans.forms.supervision import DemandForm, NoticeForm
from keshu.apps.plans.models import Issue, PlanNode, SupervisionState, Target
from keshu.apps.plans.permissions.supervision import can_write_notice
from keshu.apps.plans.queries.choosing import chosen_plan
from keshu.apps.plans.queries.ledger import task_ledger
from keshu.apps.plans.queries.supervision.cards import notice_by_id
from keshu.apps.plans.queries.supervision.matters import (
    Matter,
    by_lead,
    leads_of,
    matter_of_node,
    matter_of_target,
    title_for,
)
from keshu.apps.plans.queries.supervision.summary import quarter_summary
from keshu.apps.plans.queries.target_ledgers import involved_offices, target_rows, targets_ledger
from keshu.apps.plans.queries.task_pages import tasks_ledger
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision.lifecycle import Move, check
from keshu.apps.plans.services.supervision.papers import summary_file
from keshu.apps.plans.services.supervision.writing import ANSWERABLE, NoticeFields, issuer_of
from keshu.apps.plans.views.framing import number_in
from keshu.apps.plans.views.supervision import for_supervised

T = TypeVar("T")
DEMAND = "请对照年度目标任务逐项查找差距、分析原因，制定措施并抓好落实，在办理时限前报送办理情况和佐证材料。"
# So many working days a new notice gives.
GIVEN = 10
MOST_ROWS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervised
def create(request: Request) -> HttpResponse:
    """A new draft; ``?target=``, ``?task=`` or ``?issue=`` names what it is about."""
    can_write_notice(request.user)
    matters = _linked(request, request.GET if request.method != "POST" else request.POST)
    issue = _issue(request)
    form = NoticeForm(request.POST or None, organisations=_organisations(request), initial=_initial(matters, issue))
    if request.method == "POST" and form.is_valid():
        made = carried_out(
            form,
            lambda: supervision.write_notice(
                _fields(form, matters), issue_id=None if issue is None else issue.pk, by=request.user, at=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, "草稿已保存，签发后承办单位才会收到。")
            return redirect("plans:supervision-detail", pk=made.pk)
    context = {"title": "起草督办单", "back": reverse("plans:supervision-list"), "issue": issue}
    return _form_page(request, form, matters, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervised
def edit(request: Request, pk: int) -> HttpResponse:
    """A draft written anew."""
    row = get_object_or_404(notice_by_id(request.user), pk=pk)
    check(Move.CHANGE, row, user=request.user)
    held = [Matter(item.text, item.target_id, item.node_id) for item in row.items.all()]
    linked = [each for each in held if each.target_id is not None or each.node_id is not None]
    if request.method == "POST":
        kept = set(request.POST.getlist("matters"))
        linked = [each for each in linked if each.key in kept]
    free = [each.text for each in held if each.target_id is None and each.node_id is None]
    lines = "\n".join(free) if linked or free != [row.title] else ""
    initial = {
        "title": row.title,
        "demand": row.demand,
        "due_on": row.due_on,
        "addressee_id": row.addressee_id,
        "lines": lines,
    }
    form = NoticeForm(request.POST or None, organisations=_organisations(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = carried_out(
            form,
            lambda: supervision.change_notice(row, _fields(form, linked), by=request.user, at=timezone.now()),
        )
        if made is not None:
            messages.success(request, "草稿已修改。")
            return redirect("plans:supervision-detail", pk=row.pk)
    back = reverse("plans:supervision-detail", args=[row.pk])
    return _form_page(request, form, linked, title="修改督办单", back=back, row=row)


@require_POST
@for_supervised
def bulk(request: Request) -> HttpResponse:
    """The ticked rows of the ledger of targets or tasks: shown by lead office first, then written as drafts."""
    can_write_notice(request.user)
    is_saving = "demand" in request.POST
    matters = _linked(request, request.POST) if is_saving else _ticked(request)
    if not matters:
        raise Unacceptable("没有选中任何一条，请在表格左侧勾选要督办的目标或任务。")
    shares, alone = by_lead(matters)
    initial = {"demand": DEMAND, "due_on": work_calendar().after(timezone.localdate(), GIVEN)}
    form = DemandForm(request.POST if is_saving else None, initial=initial)
    if is_saving and form.is_valid():
        chosen = set(request.POST.getlist("offices"))
        wanted = [share for share in shares if str(share.office.id) in chosen]
        made = carried_out(
            form, lambda: supervision.write_notices(wanted, **form.cleaned_data, by=request.user, at=timezone.now())
        )
        if made is not None:
            messages.success(request, f"已起草 {len(made)} 份督办单，请核对后签发。")
            return redirect(f"{reverse('plans:supervision-list')}?state={SupervisionState.DRAFT}")
    context = {"title": "批量起草督办单", "form": form, "shares": shares, "alone": alone, "matters": matters}
    return render(request, "plans/supervision/bulk.html", context, status=422 if form.errors else 200)


@require_safe
@for_supervised
def summary(request: Request) -> HttpResponse:
    """季督办情况 of a quarter, on screen and as a Word file."""
    today = timezone.localdate()
    year = number_in(request, "year") or today.year
    year = year if 2000 <= year <= 2100 else today.year
    quarter = number_in(request, "quarter") or (today.month + 2) // 3
    quarter = quarter if 1 <= quarter <= 4 else (today.month + 2) // 3
    if request.GET.get("form") == "docx":
        made = summary_file(
            year=year, quarter=quarter, issuer=issuer_of(request.user), by=request.user, at=timezone.now()
        )
        return file_response(made)
    found = quarter_summary(request.user, year=year, quarter=quarter, on=today)
    context = {
        "title": "季督办情况",
        "summary": found,
        "years": range(today.year - 4, today.year + 1),
        "quarters": [(number, f"第{word}季度") for number, word in enumerate("一二三四", start=1)],
    }
    return render(request, "plans/supervision/summary.html", context)


def _form_page(request: Request, form: NoticeForm, matters: list[Matter], **more: Any) -> HttpResponse:
    context = {"form": form, "matters": matters, **more}
    return render(request, "plans/supervision/form.html", context, status=422 if form.errors else 200)


def _fields(form: NoticeForm, matters: list[Matter]) -> NoticeFields:
    data = form.cleaned_data
    free = [Matter(line.strip()) for line in data["lines"].splitlines() if line.strip()]
    return NoticeFields(
        data["title"], data["demand"], data["addressee_id"], data["due_on"], (*matters, *free)
    )  # fmt: skip


def _linked(request: Request, data: QueryDict) -> list[Matter]:
    """The targets and tasks that the address or the form names, of those the person may see."""
    keys = [*data.getlist("matters"), *(f"{kind}-{pk}" for kind in ("target", "task") for pk in data.getlist(kind))]
    numbers: dict[str, list[int]] = {"target": [], "task": []}
    for key in dict.fromkeys(keys):
        kind, _, pk = key.partition("-")
        if kind in numbers and pk.isascii() and pk.isdigit() and len(pk) < 15:
            numbers[kind].append(int(pk))
    targets = Target.objects.visible_to(request.user).kept().filter(pk__in=numbers["target"]).defer("reading")
    nodes = PlanNode.objects.visible_to(request.user).kept().filter(pk__in=numbers["task"]).defer("reading")
    found = [
        *map(matter_of_target, targets.order_by("position", "pk")),
        *map(matter_of_node, nodes.order_by("position", "pk")),
    ]
    return found[:MOST_ROWS]


def _ticked(request: Request) -> list[Matter]:
    """The rows ticked in a ledger: ``of`` says in which, ``query`` how it was narrowed."""
    query = QueryDict(request.POST.get("query", ""))
    year = request.session.get("year")
    today = timezone.localdate()
    chosen = chosen_plan(
        request.user,
        asked=query.get("plan", ""),
        year=year if isinstance(year, int) else None,
        on=today,
        may_be_all=True,
    )
    offices = involved_offices(request.user, plan=chosen.plan)
    plans = chosen.published_choices if chosen.is_all else ()
    if request.GET.get("of") == "task":
        tasks = selected_rows(tasks_ledger(on=today, offices=offices, plans=plans), task_ledger(request.user, plan=chosen.plan),
                              request.POST)  # fmt: skip
        return [matter_of_node(row) for row in _no_more(list(tasks[: MOST_ROWS + 1]))]
    years = chosen.published_years if chosen.is_all else ()
    ledger = targets_ledger(on=today, offices=offices, plans=plans, years=years)
    rows = selected_rows(ledger, target_rows(request.user, plan=chosen.plan), request.POST)
    return [matter_of_target(row) for row in _no_more(list(rows[: MOST_ROWS + 1]))]


def _no_more(rows: list[T]) -> list[T]:
    if len(rows) > MOST_ROWS:
        raise Unacceptable(f"选中的条目超过 {MOST_ROWS} 条，请分批督办。")
    return rows


def _issue(request: Request) -> Issue | None:
    text = request.POST.get("issue") or request.GET.get("issue") or ""
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        return None
    return get_object_or_404(Issue.objects.visible_to(request.user).select_related("owner"), pk=int(text))


def _initial(matters: list[Matter], issue: Issue | None) -> dict[str, Any]:
    under = [each.node_under for each in matters if each.node_under is not None]
    leads = leads_of(under) if under else {}
    first = next((office for each in under for office in leads.get(each, ())), None)
    title, lines = title_for(matters), ""
    if issue is not None and not matters:
        title, lines, first = f"关于“{issue.title[:60]}”的督办", issue.title, issue.owner_id
    due_on = work_calendar().after(timezone.localdate(), GIVEN)
    return {"title": title, "demand": DEMAND, "due_on": due_on, "addressee_id": first, "lines": lines}


def _organisations(request: Request) -> list[tuple[int, str]]:
    return [(ref.id, ref.name) for ref in choosable(request.user, on=timezone.localdate(), kinds=ANSWERABLE)]
