"""Check-ins as pages list them: what is asked, what was reported, what stood there last time, how late it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, Part
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
    """What the organisation reported on the same subject in the last round for which it was signed."""

    label: str
    progress: str
    figure: str
    number: str
    problems: str
    help_needed: str


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One form for one row of a page. ``days_late`` counts working days since the due day while nothing is
    filed, at least one, also on the weekend after it; 0 when it is not late."""

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


def lines_of(rows: Sequence[CheckIn], *, on: date, calendar: WorkCalendar) -> list[CheckInLine]:
    """The rows out of `in_plan_order` as lines; they may be of several rounds. Two queries, for what was said last time."""
    said = _said_before([row for row in rows if row.state in UNFILED])
    days = {day: max(1, calendar.between(day, on)) for day in {row.due_on for row in rows} if day < on}
    return [CheckInLine(row, said.get(row.pk), days.get(row.due_on, 0) if row.state in UNFILED else 0) for row in rows]


def _said_before(rows: Sequence[CheckIn]) -> dict[int, Before]:
    """By the form's id what its organisation last had signed on the subject, before the form's own round."""
    if not rows:
        return {}
    told: dict[tuple[int | None, int | None, int], list[tuple[int, date]]] = {}
    signed = CheckIn.objects.filter(
        Q(target__in={row.target_id for row in rows if row.target_id})
        | Q(node__in={row.node_id for row in rows if row.node_id}),
        organisation__in={row.organisation_id for row in rows},
        state=CheckInState.SIGNED,
        round__first_on__lt=max(row.round.first_on for row in rows),
    )
    names = ("pk", "round__first_on", "target_id", "node_id", "organisation_id")
    for pk, first_on, *subject in signed.order_by("-round__first_on", "-pk").values_list(*names):
        told.setdefault((subject[0], subject[1], subject[2]), []).append((pk, first_on))
    last: dict[int, int] = {}
    for row in rows:
        earlier = told.get((row.target_id, row.node_id, row.organisation_id), ())
        pk = next((pk for pk, first_on in earlier if first_on < row.round.first_on), None)
        if pk is not None:
            last[row.pk] = pk
    full = CheckIn.objects.select_related("round", "target").defer("target__reading").in_bulk(last.values())
    return {pk: _before(full[before]) for pk, before in last.items()}


def _before(last: CheckIn) -> Before:
    return Before(last.round.label, last.progress, figure_of(last), number_of(last), last.problems, last.help_needed)
