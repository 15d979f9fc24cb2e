"""Check-ins as pages list them: what is asked, what was reported, what stood there last time, how late it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, Evidence, Part, Target
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.wording import amount, figure

if TYPE_CHECKING:
    from keshu.kernel.workdays import WorkCalendar

STATE_MARKS = {
    CheckInState.OPEN.value: Mark("待填报", Tone.AT_RISK, "edit"),
    CheckInState.FILED.value: Mark("待审签", Tone.ON_TRACK),
    CheckInState.RETURNED.value: Mark("退回修改", Tone.LATE, "arrow-back-up"),
    CheckInState.SIGNED.value: Mark("已审签", Tone.DONE),
    CheckInState.EXCUSED.value: Mark("免报", Tone.UNKNOWN, "minus"),
}
PART_WORDS = {Part.LEAD.value: "牵头", Part.SUPPORT.value: "配合"}


@dataclass(frozen=True, slots=True)
class Before:
    """What the organisation reported on the same subject in the last round in which it reported."""

    label: str
    progress: str
    figure: str
    number: str
    problems: str
    help_needed: str


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One form for one row of a page. ``days_late`` counts working days; 0 when it is not late."""

    row: CheckIn
    before: Before | None
    days_late: int

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def title(self) -> str:
        return self.row.target.indicator if self.row.target is not None else str(self.row.node)

    @property
    def requirement(self) -> str:
        return "" if self.row.target is None else requirement_of(self.row.target)

    @property
    def unit(self) -> str:
        return "%" if self.row.target is None else self.row.target.unit

    @property
    def is_target(self) -> bool:
        return self.row.target_id is not None

    @property
    def mark(self) -> Mark:
        return STATE_MARKS[self.row.state]

    @property
    def part(self) -> str:
        return PART_WORDS[self.row.part]

    @property
    def is_writable(self) -> bool:
        return self.row.state in UNFILED

    @property
    def number(self) -> str:
        """The figure as the field holds it: no thousands separators, no needless zeros."""
        return number_of(self.row)

    @property
    def figure(self) -> str:
        return figure_of(self.row)

    @property
    def is_started(self) -> bool:
        return bool(self.row.progress.strip())


def number_of(row: CheckIn) -> str:
    if row.target_id is None:
        return "" if row.percent is None else str(row.percent)
    return figure(row.value).replace(",", "")


def figure_of(row: CheckIn) -> str:
    """The reported figure with its unit; empty for none."""
    if row.target is not None:
        return "" if row.value is None else amount(row.value, unit=row.target.unit, per=row.target.per)
    return "" if row.percent is None else f"{row.percent}%"


def with_subjects(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """With all that a line shows, and the number of its files. One query."""
    related = rows.select_related("round__plan__organisation", "organisation", "target__node", "node", "filed_by", "signed_by")
    files = Evidence.objects.filter(check_in=OuterRef("pk")).order_by().values("check_in")
    heavy = ("target__reading", "target__node__reading", "node__reading", "round__plan__warnings")
    return related.defer(*heavy).annotate(files=Coalesce(Subquery(files.annotate(n=Count("pk")).values("n")), 0))


def in_plan_order(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """The nearest due first, then as the document reads: a task's targets before the task."""
    return rows.annotate(place=Coalesce("target__node__position", "node__position")).order_by(
        "round__due_on", "round_id", "place", F("target__position").asc(nulls_last=True), "organisation__position", "pk"
    )


def lines_of(rows: Sequence[CheckIn], *, on: date, calendar: WorkCalendar) -> list[CheckInLine]:
    """The rows out of `with_subjects` as lines. One query, for what stood there before."""
    before = _before(rows)
    return [
        CheckInLine(
            row,
            before.get((row.target_id, row.node_id, row.organisation_id, row.round_id)),
            days_late(row, on=on, calendar=calendar),
        )
        for row in rows
    ]


def days_late(row: CheckIn, *, on: date, calendar: WorkCalendar) -> int:
    """Working days since the due day while nothing is filed; at least one, also on the weekend after it."""
    if row.state not in UNFILED or row.due_on >= on:
        return 0
    return max(1, calendar.between(row.due_on, on))


def _before(rows: Iterable[CheckIn]) -> dict[tuple[int | None, int | None, int, int], Before]:
    wanted = [row for row in rows if row.state in UNFILED]
    if not wanted:
        return {}
    subjects = Q(target_id__in={row.target_id for row in wanted if row.target_id}) | Q(
        node_id__in={row.node_id for row in wanted if row.node_id}
    )
    told = (
        CheckIn.objects.filter(subjects, organisation_id__in={row.organisation_id for row in wanted})
        .filter(state__in=(CheckInState.FILED, CheckInState.SIGNED))
        .select_related("round", "target")
        .only(
            "target_id", "node_id", "organisation_id", "progress", "percent", "value", "problems", "help_needed",
            "round__key", "round__first_on", "target__unit", "target__per", "round__plan_id",
        )
        .order_by("-round__first_on", "-pk")
    )  # fmt: skip
    by_subject: dict[tuple[int | None, int | None, int], list[CheckIn]] = {}
    for each in told:
        by_subject.setdefault((each.target_id, each.node_id, each.organisation_id), []).append(each)
    found = {}
    for row in wanted:
        subject = (row.target_id, row.node_id, row.organisation_id)
        earlier = (each for each in by_subject.get(subject, ()) if each.round.first_on < row.round.first_on)
        if (each := next(earlier, None)) is not None:
            found[*subject, row.round_id] = Before(
                each.round.label, each.progress, figure_of(each), number_of(each), each.problems, each.help_needed
            )
    return found


def subject_of(target: Target | None, node: object) -> str:
    return target.indicator if target is not None else str(node)
