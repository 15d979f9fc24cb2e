"""审签: what waits for a head, and the two tabs of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from keshu.apps.plans.permissions.checkins import COUNTY_SIGNING_ROLES, SIGNING_ROLES
from keshu.apps.plans.queries.checkin_pages.lines import CheckInLine, lines_of
from keshu.apps.plans.queries.checkins.forms import sign_queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import CheckIn
    from keshu.kernel.workdays import WorkCalendar

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """``total`` waits in all; the other counts are of the lines shown. ``is_all`` where a leader looks at every office."""

    lines: tuple[CheckInLine, ...]
    total: int
    late: int
    problems: int
    is_signer: bool
    may_see_all: bool
    is_all: bool

    @property
    def rest(self) -> int:
        return self.total - len(self.lines)


def waiting_rows(user: User, *, is_all: bool = False) -> QuerySet[CheckIn]:
    """What waits for the person's signature; of a leader, unless asked for all, only that of the organisations they sit in."""
    rows = sign_queue(user)
    if signs_for_all(user) and not is_all:
        rows = rows.filter(organisation_id__in=user.scope.organisation_ids)
    return rows


def signs_for_all(user: User) -> bool:
    """Whether the person may sign for every office of the bureau."""
    return "leader" in user.scope.roles and "auditor" not in user.scope.roles


def signs(user: User) -> bool:
    """Whether anything can ever wait for the person's signature."""
    signing = {*SIGNING_ROLES, *COUNTY_SIGNING_ROLES}
    return "auditor" not in user.scope.roles and bool(signing & user.scope.roles)


def queue_of(user: User, query: Mapping[str, str], *, on: date, calendar: WorkCalendar) -> Queue:
    """The head's queue, what fell due first on top. Two queries."""
    is_all = query.get("all") == "1" and signs_for_all(user)
    rows = waiting_rows(user, is_all=is_all)
    if (asked := query.get("round", "")).isdecimal() and len(asked) < 10:
        rows = rows.filter(round_id=int(asked))
    found = list(rows[: SHOWN + 1])
    total = len(found) if len(found) <= SHOWN else rows.count()
    lines = tuple(lines_of(found[:SHOWN], on=on, calendar=calendar))
    return Queue(
        lines,
        total,
        late=sum(line.row.due_on < on for line in lines),
        problems=sum(bool(line.row.problems or line.row.help_needed) for line in lines),
        is_signer=signs(user),
        may_see_all=signs_for_all(user),
        is_all=is_all,
    )


def tabs_of(
    user: User, *, waiting: int | None = None, to_sign: int | None = None, is_signing: bool
) -> list[dict[str, Any]]:
    """填报 and, for those who sign, 审签 with its count. One query for signers when `to_sign` is not given."""
    tabs: list[dict[str, Any]] = [
        {"label": "填报", "href": reverse("plans:checkin-own"), "current": not is_signing, "count": waiting}
    ]
    if signs(user):
        count = waiting_rows(user).count() if to_sign is None else to_sign
        address = reverse("plans:checkin-sign-list")
        tabs.append({"label": "审签", "href": address, "current": is_signing, "count": count})
    return tabs
