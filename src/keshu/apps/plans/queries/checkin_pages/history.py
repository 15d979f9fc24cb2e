"""What was reported on one subject in earlier rounds, and the files of one check-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import CheckIn, CheckInRound, Evidence, Part, PlanNode, Target
from keshu.apps.plans.queries.checkin_pages.lines import PART_WORDS, STATE_MARKS, figure_of
from keshu.apps.plans.queries.checkins.progress import history_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many reports of earlier rounds are shown beside a form.
SHOWN = 12


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

    round: CheckInRound
    reports: tuple[Report, ...]

    @property
    def leads(self) -> tuple[Report, ...]:
        return tuple(each for each in self.reports if each.row.part == Part.LEAD)


def earlier_of(row: CheckIn, *, user: User) -> tuple[Report, ...]:
    """What the organisation itself reported on the same subject before, the latest first. One query."""
    rows = CheckIn.objects.visible_to(user).select_related("round", "target").defer("target__reading")
    rows = rows.filter(target=row.target_id, node=row.node_id, organisation=row.organisation_id)
    rows = rows.filter(round__first_on__lt=row.round.first_on).order_by("-round__first_on", "-pk")
    return tuple(Report(each) for each in rows[:SHOWN])


def reports_on(subject: Target | PlanNode, *, user: User) -> tuple[RoundReports, ...]:
    """The reports on a target or task that the person may see, by round, the latest first. Two queries."""
    is_target = isinstance(subject, Target)
    rows = history_of(user, **{"target_id" if is_target else "node_id": subject.pk})
    found: dict[int, list[CheckIn]] = {}
    for row in rows:
        row.target = subject if isinstance(subject, Target) else None
        found.setdefault(row.round_id, []).append(row)
    return tuple(RoundReports(of[0].round, tuple(map(Report, of))) for of in found.values())


def files_of(row: CheckIn) -> Sequence[Evidence]:
    """The files of a check-in. One query."""
    return tuple(row.evidence.select_related("attachment__file").order_by("pk"))
