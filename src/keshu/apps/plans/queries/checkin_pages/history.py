"""What was reported on one subject in earlier rounds, and the files of one check-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import CheckIn, CheckInState, Evidence, PlanNode, Target
from keshu.apps.plans.queries.checkin_pages.lines import PART_WORDS, STATE_MARKS, figure_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from keshu.apps.bureau.models import User

# So many reports of earlier rounds are shown beside a form.
SHOWN = 12
# Of a subject that sixty offices report on, so many reports.
MOST = 400


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one organisation in one round."""

    row: CheckIn

    @property
    def figure(self) -> str:
        return figure_of(self.row)

    @property
    def mark(self) -> Mark:
        return STATE_MARKS[self.row.state]

    @property
    def part(self) -> str:
        return PART_WORDS[self.row.part]


@dataclass(frozen=True, slots=True)
class RoundReports:
    """All that may be seen of one round on the subject, leads first."""

    label: str
    reports: tuple[Report, ...]


def earlier_of(row: CheckIn, *, user: User) -> tuple[Report, ...]:
    """What the organisation itself reported on the same subject before, the latest first. One query."""
    rows = _reports(CheckIn.objects.visible_to(user))
    rows = rows.filter(target_id=row.target_id, node_id=row.node_id, organisation_id=row.organisation_id)
    rows = rows.filter(round__first_on__lt=row.round.first_on).order_by("-round__first_on", "-pk")
    return tuple(Report(each) for each in rows[:SHOWN])


def reports_on(subject: Target | PlanNode, *, user: User) -> tuple[RoundReports, ...]:
    """The reports on a target or task that the person may see, by round, the latest first. One query."""
    rows = _reports(CheckIn.objects.visible_to(user))
    rows = rows.filter(target=subject) if isinstance(subject, Target) else rows.filter(node=subject)
    found: dict[int, list[CheckIn]] = {}
    ordered = rows.order_by("-round__first_on", "-round_id", "part", "organisation__position", "pk")
    for row in ordered[:MOST]:
        found.setdefault(row.round_id, []).append(row)
    return tuple(RoundReports(rows[0].round.label, tuple(map(Report, rows))) for rows in found.values())


def report_count(subject: Target | PlanNode, *, user: User) -> int:
    """How many reports there are, for the tab. One query."""
    rows = CheckIn.objects.visible_to(user).exclude(state=CheckInState.EXCUSED)
    return (rows.filter(target=subject) if isinstance(subject, Target) else rows.filter(node=subject)).count()


def files_of(row: CheckIn) -> Sequence[Evidence]:
    """The files of a check-in. One query."""
    return tuple(row.evidence.select_related("attachment__file").order_by("pk"))


def _reports(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    related = rows.select_related("round", "organisation", "target", "signed_by", "filed_by")
    return related.defer("target__reading")
