"""The three lists, an issue's drawer and page, raising one, and the file of a proof."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.import_pages import exchange_links
from keshu.apps.bureau.queries.ledger import read_ledger, selected_rows
from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.queries.requests import Request, taker
from keshu.apps.bureau.services import Refused
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.downloads import attachment_response, file_response
from keshu.apps.plans.forms.issues import IssueForm, IssueWordsForm
from keshu.apps.plans.models import CheckIn, Issue, IssueOrigin, PlanNode, Proof, Target
from keshu.apps.plans.permissions.issues import (
    GOVERNMENT_KINDS,
    can_correct_issue,
    is_planning,
    may_raise_issues,
)
from keshu.apps.plans.queries.issues.cards import (
    MOST_OFFERED,
    check_in_for,
    issue_by_id,
    issue_card,
    issues_about,
    offered_problems,
)
from keshu.apps.plans.queries.issues.lists import (
    ISSUE_MARKS,
    LIST_NAMES,
    IssueList,
    issue_rows,
    issues_ledger,
    number_of,
    state_of,
)
from keshu.apps.plans.services import issues
from keshu.apps.plans.services.issues.tables import tables_document, tables_workbook
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.views.framing import for_government, number_in
from keshu.apps.plans.views.issue_moves import owners_for, sent

SHOWN_TITLE = 60


def _list_of(request: Request) -> IssueList:
    asked = request.GET.get("list", "")
    return IssueList(asked) if asked in set(IssueList) else IssueList.PROBLEMS


@require_safe
@for_government
def issue_list(request: Request) -> HttpResponse:
    """One of the three lists; on screen, as Excel, as CSV."""
    shown, on = _list_of(request), timezone.localdate()
    rows = issue_rows(request.user)
    ledger = issues_ledger(shown, on=on, user=request.user, rows=rows)
    if answer := taken_out(request, ledger, rows, title=LIST_NAMES[shown], at=timezone.now()):
        return answer
    page = read_ledger(ledger, rows, request.GET, user=request.user)
    may_raise = may_raise_issues(request.user)
    context = {
        "title": LIST_NAMES[shown],
        "ledger": page,
        "tabs": _tabs(shown),
        "may_raise": may_raise,
        "exchange": exchange_links("plans.issues", may=may_raise),
        "query": page.query,
        "shown": shown.value,
    }
    return render(request, "plans/issues/list.html", context)


def _tabs(shown: IssueList | None) -> list[dict[str, Any]]:
    address = reverse("plans:issue-list")
    tabs: list[dict[str, Any]] = [
        {"label": name, "href": f"{address}?list={each}", "current": each is shown, "count": None}
        for each, name in LIST_NAMES.items()
    ]
    offers = {"label": "填报反映的问题", "href": reverse("plans:issue-offers"), "current": shown is None, "count": None}
    return [*tabs, offers]


@require_safe
@for_government
def issue_tables(request: Request) -> HttpResponse:
    """The bureau's three tables of what the address finds: a workbook of three sheets, or one list as an official Word table."""
    shown, now = _list_of(request), timezone.now()
    rows = issue_rows(request.user)
    ledger = issues_ledger(shown, on=timezone.localdate(), user=request.user, rows=rows)
    query = urlencode([(key, value) for key, values in request.GET.lists() for value in values if key != "form"])
    found = selected_rows(ledger, rows, {"everything": "1", "query": query})
    if request.GET.get("form") == "docx":
        return file_response(tables_document(shown, found, by=request.user, at=now))
    return file_response(tables_workbook(found, by=request.user, at=now))


@require_safe
@for_government
def issue_offers(request: Request) -> HttpResponse:
    """Problems told in signed check-ins of which nobody has made an issue."""
    rows = list(offered_problems(request.user, on=timezone.localdate())[:MOST_OFFERED])
    context = {
        "title": "填报反映的问题", "rows": rows, "tabs": _tabs(None), "may_raise": may_raise_issues(request.user),
    }  # fmt: skip
    return render(request, "plans/issues/offers.html", context)


@require_safe
@for_government
def issue_drawer(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(issue_by_id(request.user), pk=pk)
    return render(request, "plans/issues/_drawer.html", _card(request, row))


@require_safe
@for_government
def issue_detail(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(issue_by_id(request.user), pk=pk)
    context = _card(request, row) | {"title": row.title, "history": history_of(row, request.user, taken=False)}
    return render(request, "plans/issues/detail.html", context)


@require_safe
@for_government
def issue_about(request: Request, ref: str) -> HttpResponse:
    """The issues and supervision notices on a target or task that the person sees, to be put on its page."""
    asked = RowRef.parse(ref)
    models: dict[str, Any] = {"target": Target, "node": PlanNode}
    if asked.kind not in models:
        raise Http404("没有这一行")
    row = get_object_or_404(models[asked.kind].objects.visible_to(request.user).defer("reading"), pk=asked.id)
    on = timezone.localdate()
    found = [
        (each, number_of(each), ISSUE_MARKS[state_of(each, on=on)]) for each in issues_about(row, user=request.user)
    ]
    return render(request, "plans/issues/_about.html", {"issues": found, "row": row})


def _card(request: Request, row: Issue) -> dict[str, Any]:
    on = timezone.localdate()
    return {
        "row": row,
        "plan": row.plan,
        "card": issue_card(row, on=on),
        "buttons": issues.issue_buttons(row, user=request.user, on=on),
        "may_correct": row.state in ("raised", "assigned") and _may_correct(request, row),
    }


def _may_correct(request: Request, row: Issue) -> bool:
    try:
        can_correct_issue(request.user, row)
    except Refused:
        return False
    return True


@require_http_methods(["GET", "POST"])
@for_government
def issue_create(request: Request) -> HttpResponse:
    """A new issue; the address may name the target, task or check-in it is about."""
    if not may_raise_issues(request.user):
        raise Refused("登记问题由科技部门和各责任单位的工作人员办理，您的账号只能查看。")
    about = _about(request)
    sides = _sides(request)
    if not sides:
        raise Refused("您还没有在政府部门任职，不能登记问题。")
    own = [(pk, name) for pk, name in owners_for(request.user) if is_planning(request.user) or pk in dict(sides)]
    form = IssueForm(sent(request), sides=sides, owners=own, initial=_first(about))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        side = issues.organisation_for(data.pop("raised_for"), field="raised_for")
        owner = issues.organisation_for(data.pop("owner"))
        assert side is not None
        made = carried_out(
            form,
            lambda: issues.raise_issue(
                **data, **about, raised_for=side, owner=owner, by=request.user, at=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, f"已登记，编号 {made.year}-{made.number:03d}。")
            return redirect("plans:issue-detail", pk=made.pk)
    context = {"title": "登记问题", "form": form, "about": next(iter(about.values()), None), "submit": "登记"}
    return render(request, "plans/issues/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_government
def issue_edit(request: Request, pk: int) -> HttpResponse:
    """Put the words of an open issue right."""
    row = get_object_or_404(issue_by_id(request.user), pk=pk)
    can_correct_issue(request.user, row)
    form = IssueWordsForm(sent(request), initial={"title": row.title, "detail": row.detail})
    if request.method == "POST" and form.is_valid():
        done = carried_out(
            form, lambda: issues.correct_issue(row, **form.cleaned_data, by=request.user, at=timezone.now())
        )
        if done is not None:
            messages.success(request, "已修改。")
            return redirect("plans:issue-detail", pk=pk)
    context = {"title": "修改问题表述", "form": form, "row": row, "submit": "保存"}
    return render(request, "plans/issues/form.html", context, status=422 if form.errors else 200)


def _about(request: Request) -> dict[str, Any]:
    """What the address says the issue is about, as far as the person may see it."""
    if pk := number_in(request, "check_in"):
        found = check_in_for(request.user, pk)
        if found is None:
            raise Http404("没有这份填报")
        return {"check_in": found}
    models: tuple[tuple[str, Any], ...] = (("target", Target), ("node", PlanNode))
    for name, model in models:
        if pk := number_in(request, name):
            return {name: get_object_or_404(model.objects.visible_to(request.user).defer("reading"), pk=pk)}
    return {}


def _first(about: dict[str, Any]) -> dict[str, Any]:
    """What a form begins with: the words of the check-in's problem."""
    check_in: CheckIn | None = about.get("check_in")
    if check_in is None:
        return {"origin": IssueOrigin.TYPED}
    words = check_in.problems.strip()
    title = words.split("\n")[0].split("。")[0][:SHOWN_TITLE]
    detail = words if words != title else ""
    origin_text = f"{check_in.organisation} {check_in.round.key} 调度：{check_in.target or check_in.node}"[:200]
    return {
        "origin": IssueOrigin.CHECK_IN, "title": title, "detail": detail, "origin_text": origin_text,
        "raised_for": check_in.organisation_id,
    }  # fmt: skip


def _sides(request: Request) -> list[tuple[int, str]]:
    """The organisations the person may speak for, their own first."""
    user = request.user
    own = user.scope.organisation_ids
    refs = [
        ref
        for ref in choosable(user, on=timezone.localdate(), kinds=GOVERNMENT_KINDS)
        if ref.id in own or (is_planning(user) and ref.kind == "bureau")
    ]
    return [(ref.id, ref.short_name or ref.name) for ref in sorted(refs, key=lambda ref: ref.id not in own)]


@require_safe
@for_government
def proof_file(request: Request, pk: int, attachment: int) -> FileResponse:
    """A file of a proof, to all who see the issue; always as a download."""
    proof = get_object_or_404(Proof.objects.visible_to(request.user), pk=pk)
    held = get_object_or_404(proof.attachments.select_related("file"), pk=attachment)
    return attachment_response(held, by=taker(request), at=timezone.now())
