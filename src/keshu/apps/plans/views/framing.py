"""What every ledger page of the area needs: that the reader may be here, which plan the address means, the page or the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.import_pages import ExchangeLinks, exchange_links
from keshu.apps.bureau.queries.ledger import BulkAction, Ledger, read_ledger, selected_rows
from keshu.apps.bureau.queries.requests import Request, government_only
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import PlanState, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.permissions.supervision import is_supervisor
from keshu.apps.plans.queries.choosing import ChosenPlan, chosen_plan
from keshu.apps.plans.queries.library import may_import
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.ledger_files import FileForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Work plans are the government's own; everybody else is refused in words.
for_government = government_only("工作要点和台账供科技部门及各责任单位使用，您的账号不能查看。")


def chosen_for(request: Request, *, may_be_all: bool = False) -> ChosenPlan:
    """The plan that the address names, else the one in force for the year chosen in the top bar."""
    year = request.session.get("year")
    return chosen_plan(
        request.user,
        asked=request.GET.get("plan", ""),
        year=year if isinstance(year, int) else None,
        on=timezone.localdate(),
        may_be_all=may_be_all,
    )


def may_have_lights(chosen: ChosenPlan) -> bool:
    """Whether the plans shown were put in force, so that their targets and tasks have lights."""
    is_in_force = chosen.plan is not None and chosen.plan.state in (PlanState.PUBLISHED, PlanState.SUPERSEDED)
    return chosen.is_all or is_in_force


def page_context(request: Request, chosen: ChosenPlan, **more: Any) -> dict[str, Any]:
    """The context every ledger page shares."""
    return {"chosen": chosen, "plan": chosen.plan, "may_import": may_import(request.user), **more}


def ledger_answer(
    request: Request,
    ledger: Ledger,
    rows: QuerySet[Any],
    *,
    template: str,
    chosen: ChosenPlan,
    file_title: str,
    round_trip: str = "",
    supervise: str = "",
    **context: Any,
) -> HttpResponse:
    """A ledger as its address asks for it: on screen, as Excel, as CSV; posted, the rows ticked as Excel.

    `supervise` says what its rows are (target, task) where notices can be written of those ticked.
    """
    is_chosen = request.method == "POST"
    if is_chosen:
        rows = selected_rows(ledger, rows, request.POST)
        if not rows.exists():
            raise Unacceptable("没有选中任何一条，请在表格左侧勾选要导出的条目。")
    title = f"{chosen.plan.title if chosen.plan else '全部已发布文件'}{file_title}"
    form = FileForm.XLSX if is_chosen else ""
    answer = taken_out(request, ledger, rows, title=title, plan=chosen.plan, form=form, at=timezone.now())
    if answer is not None:
        return answer
    bulk = [BulkAction("导出所选", request.get_full_path(), icon="file-spreadsheet")]
    if supervise and is_supervisor(request.user):
        bulk.append(BulkAction("起草督办单", f"{reverse('plans:supervision-bulk')}?of={supervise}", icon="report"))
    page = read_ledger(ledger, rows, request.GET, user=request.user, bulk=bulk)
    exchange = draft_links(request, chosen.plan, round_trip) if chosen.plan is not None and round_trip else None
    return render(request, template, page_context(request, chosen, ledger=page, exchange=exchange, **context))


def draft_links(request: Request, plan: WorkPlan, key: str) -> ExchangeLinks | None:
    """The way to Excel and back, while the plan is a draft and the reader keeps it."""
    may = plan.state == PlanState.REVIEWING and is_keeper(request.user, plan.organisation)
    return exchange_links(key, may=may, params={"plan": plan.pk})


def searched(request: Request) -> str:
    """The words of the search box."""
    return " ".join(request.GET.get("q", "").split())[:100]


def number_in(request: Request, name: str) -> int | None:
    """A whole number of the address, None where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def is_checkins(request: Request) -> bool:
    """Whether the page of a target or task shows what was reported on it."""
    return request.GET.get("tab") == "checkins"
