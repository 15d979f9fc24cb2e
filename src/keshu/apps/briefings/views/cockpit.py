"""The cockpit as a page, as the large screen of a meeting room, and as the piece that the screen asks for every minute."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.briefings.queries.cockpit import cockpit
from keshu.apps.briefings.services.visits import FIRST, begin_visit
from keshu.apps.bureau.queries.requests import Request, government_only

for_government = government_only("驾驶舱供科技部门及各责任单位使用，您的账号不能查看。")


class Rows(NamedTuple):
    """How many lines each list shows; targets that will be missed stand before those at risk."""

    targets: int
    changes: int
    duties: int


PAGE = Rows(targets=20, changes=10, duties=14)
SCREEN = Rows(targets=6, changes=2, duties=6)  # a screen on the wall cannot be scrolled


@require_safe
@for_government
def page(request: Request) -> HttpResponse:
    """The cockpit; as a large screen with ``?screen=1``."""
    now = timezone.now()
    is_screen = request.GET.get("screen") == "1"
    since = now - FIRST if is_screen else begin_visit(request.user, at=now)
    context = _context(request, since=since, is_screen=is_screen)
    return render(request, "briefings/cockpit/page.html", context)


@require_safe
@for_government
def refresh(request: Request) -> HttpResponse:
    """The body of the large screen as it is now; nobody is there, so it is no visit and keeps no session alive."""
    context = _context(request, since=timezone.now() - FIRST, is_screen=True)
    return render(request, "briefings/cockpit/_body.html", context)


def _context(request: Request, *, since: Any, is_screen: bool) -> dict[str, Any]:
    year = request.session.get("year")
    found = cockpit(
        request.user,
        asked=request.GET.get("plan", ""),
        year=year if isinstance(year, int) else None,
        since=since,
        on=timezone.localdate(),
    )
    rows = SCREEN if is_screen else PAGE
    missed = found.prospects.missed[: rows.targets]
    return {
        "missed": missed,
        "risky": found.prospects.risky[: rows.targets - len(missed)],
        "changes": found.changes[: rows.changes],
        "acting": found.acting[: rows.duties],
        "more_duties": len(found.acting) - rows.duties,
        "more_changes": len(found.changes) - rows.changes,
        "title": "驾驶舱",
        "cockpit": found,
        "chosen": found.chosen,
        "plan": found.chosen.plan,
        "is_screen": is_screen,
        "now": timezone.localtime(),
    }
