"""What the ledger puts on an agenda: late, at risk, newly done, and what somebody asks of the meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from keshu.apps.plans.models import (
    AgendaItem,
    AgendaSection,
    CheckIn,
    CheckInState,
    Issue,
    Light,
    Meeting,
    MeetingState,
    Standing,
    SupervisionNotice,
)
from keshu.apps.plans.queries.issues.lists import number_of
from keshu.apps.plans.queries.meetings.agenda import ASKED
from keshu.apps.plans.queries.supervision.matters import leads_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

SECTION_OF = {
    Light.LATE: AgendaSection.LATE,
    Light.MISSED: AgendaSection.LATE,
    Light.AT_RISK: AgendaSection.AT_RISK,
    Light.DONE: AgendaSection.DONE,
}
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line for the agenda; what it is about tells whether it stands there already.

    A notice is known by its number in the title; one line speaks for all check-ins on a subject.
    """

    section: AgendaSection
    title: str
    text: str
    organisation_id: int | None
    target_id: int | None = None
    node_id: int | None = None
    issue_id: int | None = None
    notice_id: int | None = None
    check_in_id: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        return key_of(self)


def key_of(line: DrawnLine | AgendaItem) -> tuple[Any, ...]:
    """By what a line is recognised: its section and its subject, or its words where it has none."""
    subject = (line.target_id, line.node_id, line.issue_id)
    return (str(line.section), *subject) if any(subject) else (str(line.section), line.title)


def drawn_lines(meeting: Meeting, *, user: User, on: date) -> list[DrawnLine]:
    """All that belongs on the agenda today, section by section, as far as the person may know of it. Eight queries."""
    standings = _standings(meeting)
    said = _last_said(meeting, user)
    leads = leads_of({node for row in standings if (node := _node_of(row)) is not None})
    lines = [_of_standing(row, said, leads) for row in standings]
    lines += _asked(meeting, user)
    lines += _overdue_issues(meeting, user, on=on)
    lines += _overdue_notices(meeting, user, on=on)
    order = list(AgendaSection)
    return sorted(lines, key=lambda line: order.index(line.section))


def _standings(meeting: Meeting) -> list[Any]:
    """Lights that a meeting speaks of; what is done only if it is new since the last meeting and was not told before."""
    rows = Standing.objects.filter(plan=meeting.plan, shown__in=SECTION_OF)
    told = AgendaItem.objects.filter(
        meeting__plan=meeting.plan, meeting__state=MeetingState.HELD, section=AgendaSection.DONE, is_kept=True
    ).exclude(meeting=meeting)
    done_before = Q(target__in=told.filter(target__isnull=False).values("target"))
    done_before |= Q(node__in=told.filter(node__isnull=False).values("node"))
    old = Q(shown=Light.DONE) & (Q(as_of__lt=meeting.since) | Q(as_of=None, judged_at__date__lt=meeting.since))
    rows = rows.exclude(old).exclude(Q(shown=Light.DONE) & done_before)
    rows = rows.select_related("target", "node").defer("target__reading", "node__reading")
    return sorted(rows, key=lambda row: ((row.target or row.node).position, row.pk))


def _node_of(row: Standing) -> int | None:
    return row.node_id if row.target is None else row.target.node_id


def _last_said(meeting: Meeting, user: User) -> dict[tuple[str, int], CheckIn]:
    """The last signed check-in on each target and task."""
    rows = CheckIn.objects.visible_to(user).filter(round__plan=meeting.plan, state=CheckInState.SIGNED)
    found: dict[tuple[str, int], CheckIn] = {}
    for row in rows.order_by("round__first_on", "part", "pk"):
        found[_subject(row)] = row
    return found


def _subject(row: CheckIn | Standing) -> tuple[str, int]:
    return ("target", row.target_id) if row.target_id is not None else ("node", row.node_id or 0)


def _of_standing(row: Any, said: dict[tuple[str, int], CheckIn], leads: dict[int, tuple[int, ...]]) -> DrawnLine:
    node_id = _node_of(row)
    first = next(iter(leads.get(node_id or 0, ())), None)
    reason = row.chosen_reason if row.chosen else row.reason
    check_in = said.get(_subject(row))
    parts = [reason]
    if check_in is not None:
        parts += [f"进展：{check_in.progress}" if check_in.progress else ""]
        parts += [f"问题：{check_in.problems}" if check_in.problems else ""]
    return DrawnLine(
        SECTION_OF[Light(row.shown)], str(row.target or row.node)[:LONGEST_TITLE], joined(parts), first,
        target_id=row.target_id, node_id=row.node_id,
    )  # fmt: skip


def joined(parts: Iterable[str]) -> str:
    """Pieces as sentences, each with its full stop."""
    kept = [part.strip().rstrip("。；;") for part in parts if part and part.strip()]
    return "".join(f"{part}。" for part in kept)


def _asked(meeting: Meeting, user: User) -> Iterator[DrawnLine]:
    """Help that signed check-ins asked for since the last meeting."""
    rows = CheckIn.objects.visible_to(user).filter(round__plan=meeting.plan, state=CheckInState.SIGNED)
    rows = rows.filter(signed_at__date__gte=meeting.since).exclude(help_needed="")
    for row in rows.select_related("target", "node").order_by("organisation__position", "pk"):
        subject = {"target_id": row.target_id, "node_id": row.node_id}
        title = f"{row.target or row.node}"[: LONGEST_TITLE - len(ASKED)] + ASKED
        yield DrawnLine(
            AgendaSection.ASKED, title, joined([row.help_needed]), row.organisation_id, **subject, check_in_id=row.pk
        )


def _overdue_issues(meeting: Meeting, user: User, *, on: date) -> Iterator[DrawnLine]:
    rows = Issue.objects.visible_to(user).overdue(on)
    for row in rows.filter(Q(plan=meeting.plan) | Q(plan=None)).order_by("due_on", "pk"):
        words = joined(
            [row.detail, f"整改时限 {row.due_on:%Y-%m-%d}，已逾期", f"措施：{row.measure}" if row.measure else ""]
        )
        title = f"问题清单 {number_of(row)}：{row.title}"[:LONGEST_TITLE]
        yield DrawnLine(AgendaSection.ASKED, title, words, row.owner_id or row.raised_for_id, issue_id=row.pk)


def _overdue_notices(meeting: Meeting, user: User, *, on: date) -> Iterator[DrawnLine]:
    rows = SupervisionNotice.objects.visible_to(user).overdue(on)
    for row in rows.filter(Q(plan=meeting.plan) | Q(plan=None)).order_by("due_on", "pk"):
        words = joined([row.demand, f"办理时限 {row.due_on:%Y-%m-%d}，已逾期"])
        title = f"督办单 {row.year}-{row.number or 0:03d}：{row.title}"[:LONGEST_TITLE]
        yield DrawnLine(AgendaSection.ASKED, title, words, row.addressee_id, notice_id=row.pk)


def missing_lines(drawn: Collection[DrawnLine], there: Collection[AgendaItem]) -> list[DrawnLine]:
    """Those not on the agenda yet, dropped ones included; each subject once."""
    held = {key_of(item) for item in there}
    found = []
    for line in drawn:
        if line.key not in held:
            held.add(line.key)
            found.append(line)
    return found
