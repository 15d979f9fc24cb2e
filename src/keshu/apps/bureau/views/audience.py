"""Whom a page is for, where the navigation shows it to some people only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Refused

View = Callable[..., HttpResponseBase]


def for_government(view: View) -> View:
    """The registers are kept and read by the government; people outside it see their own rows through their own pages."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        scope = request.user.scope
        if not (scope.is_government or scope.is_everything):
            raise Refused("单位、人员和单位别名的名册供科技部门及各责任单位使用，您的账号不能查看。")
        return view(request, *args, **kwargs)

    return checked
