"""What was reported on one subject in earlier rounds, and the files of one check-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import CheckIn, CheckInRound, Evidence, Part, PlanNode, Target
from keshu.apps.plans.queries.checkin_pages.lines import PART_WORDS, STATE_MARKS, figure_of
from keshu.apps.plans.queries.checkins.progress import history_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many reports of earlier rounds are shown beside a form.
SHOWN = 12
# So many reports on one subject are listed together; of more, those who lead and one round in full.
TOGETHER = 100


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
    """What is listed of one round on the subject, leads first; ``count`` may be seen in all."""

    round: CheckInRound
    reports: tuple[Report, ...]
    count: int

    @property
    def is_full(self) -> bool:
        return len(self.reports) == self.count

    @property
    def leads(self) -> tuple[Report, ...]:
        return tuple(each for each in self.reports if each.row.part == Part.LEAD)


def earlier_of(row: CheckIn, *, user: User) -> tuple[Report, ...]:
    """What the organisation itself reported on the same subject before, the latest first. One query."""
    rows = CheckIn.objects.visible_to(user).select_related("round", "target").defer("target__reading")
    rows = rows.filter(target=row.target_id, node=row.node_id, organisation=row.organisation_id)
    rows = rows.filter(round__first_on__lt=row.round.first_on).order_by("-round__first_on", "-pk")
    return tuple(Report(each) for each in rows[:SHOWN])


def reports_on(subject: Target | PlanNode, *, user: User, round_id: int | None = None) -> tuple[RoundReports, ...]:
    """The reports on a target or task that the person may see, by round, the latest first. Four queries.

    Where sixty offices report every month, of each round those who lead, and all of the round asked for (else of the latest).
    """
    name = "target_id" if isinstance(subject, Target) else "node_id"
    seen = CheckIn.objects.visible_to(user).filter(**{name: subject.pk}).order_by()
    counts = dict(seen.values_list("round_id").annotate(n=Count("pk")))
    rounds = list(CheckInRound.objects.filter(pk__in=counts).order_by("-first_on", "-pk"))
    only = None
    if sum(counts.values()) > TOGETHER:
        full = round_id if round_id in counts else rounds[0].pk
        only = Q(part=Part.LEAD) | Q(round_id=full)
    found: dict[int, list[Report]] = {each.pk: [] for each in rounds}
    for row in history_of(user, **{name: subject.pk}, only=only):
        row.target = subject if isinstance(subject, Target) else None
        found[row.round_id].append(Report(row))
    return tuple(RoundReports(each, tuple(found[each.pk]), counts[each.pk]) for each in rounds)


def files_of(row: CheckIn) -> Sequence[Evidence]:
    """The files of a check-in. One query."""
    return tuple(row.evidence.select_related("attachment__file").order_by("pk"))
