"""What every ledger page of the area needs first: that the reader may be here, and which plan the address means."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused
from keshu.apps.plans.queries.choosing import ChosenPlan, chosen_plan
from keshu.apps.plans.queries.library import may_import

View = Callable[..., HttpResponseBase]


def for_government(view: View) -> View:
    """Work plans are the government's own; everybody else is refused in words."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        scope = request.user.scope
        if not (scope.is_government or scope.is_everything):
            raise Refused("工作要点和台账供科技部门及各责任单位使用，您的账号不能查看。")
        return view(request, *args, **kwargs)

    return checked


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


def page_context(request: Request, chosen: ChosenPlan, **more: Any) -> dict[str, Any]:
    """The context every ledger page shares."""
    return {"chosen": chosen, "plan": chosen.plan, "may_import": may_import(request.user), **more}


def number_in(request: Request, name: str) -> int | None:
    """A whole number of the address, None where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
