"""A meeting called, put right, held, cancelled; its agenda drawn from the ledger and edited by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from keshu.apps.bureau.services import Unacceptable, audit, trail
from keshu.apps.bureau.services.lifecycle import check, transition
from keshu.apps.plans.models import AgendaItem, AgendaSection, Meeting, MeetingState
from keshu.apps.plans.permissions.meetings import can_call_meeting
from keshu.apps.plans.queries.meetings.agenda import OfficeReport, reports_of
from keshu.apps.plans.queries.meetings.drawing import drawn_lines, missing_lines
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.meetings.lifecycle import MEETING_TRANSITIONS, MeetingMove, check_preparing
from keshu.apps.plans.services.meetings.telling import tell_decided
from keshu.apps.plans.signals import meeting_held

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

LONGEST_TITLE, LONGEST_TEXT = 200, 4000


@dataclass(frozen=True, slots=True)
class MeetingFields:
    """What a person says of a meeting. Changes since the day `since` are told as new."""

    title: str
    held_on: date
    since: date
    place: str = ""
    host: str = ""
    attendees: str = ""


@transaction.atomic
def call_meeting(plan: WorkPlan, fields: MeetingFields, *, by: User, at: datetime, is_demo: bool = False) -> Meeting:
    """A meeting of the plan's organisation, its agenda drawn at once. Keepers of the organisation's plans."""
    can_call_meeting(by, plan)
    values = _checked(fields)
    meeting = Meeting(organisation=plan.organisation, plan=plan, called_by=by, is_demo=is_demo, **values)
    audit.Recorder(by=by, at=at).create(meeting, organisation=plan.organisation)
    draw_agenda(meeting, by=by, at=at)
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, fields: MeetingFields, *, by: User, at: datetime) -> Meeting:
    """Its day, place and people; while it is being prepared."""
    row = held(meeting.pk)
    check_preparing(row, by=by)
    return audit.Recorder(by=by, at=at).update(row, organisation=row.organisation_id, **_checked(fields))


@transaction.atomic
def draw_agenda(meeting: Meeting, *, by: User, at: datetime) -> int:
    """Add what the ledger has for the meeting and is not on the agenda yet, dropped lines left dropped; how many were added."""
    row = held(meeting.pk)
    check_preparing(row, by=by)
    there = list(row.items.all())
    drawn = missing_lines(drawn_lines(row, user=by, on=local_day(at)), there)
    place = max((item.position for item in there), default=0)
    items = [
        AgendaItem(
            meeting=row, section=line.section, title=line.title, text=line.text, organisation_id=line.organisation_id,
            target_id=line.target_id, node_id=line.node_id, issue_id=line.issue_id, notice_id=line.notice_id,
            check_in_id=line.check_in_id, position=place + number,
        )
        for number, line in enumerate(drawn, start=1)
    ]  # fmt: skip
    if items:
        audit.Recorder(by=by, at=at).create_many(
            AgendaItem, items, organisation=row.organisation, summary={"会议": row.title}, subject=row
        )
    return len(items)


@transaction.atomic
def move_meeting(meeting: Meeting, move: MeetingMove, *, why: str = "", by: User, at: datetime) -> Meeting:
    """Hold it, take it back to be prepared, cancel it; see ``MEETING_TRANSITIONS``."""
    row = held(meeting.pk)
    declared = transition(MEETING_TRANSITIONS, move)
    check(declared, row, state=row.state, state_label=row.get_state_display(), user=by, why=why)
    if move is MeetingMove.HOLD and row.held_on > local_day(at):
        raise Unacceptable(f"召开日期是 {row.held_on:%Y-%m-%d}，还没有到。日期有变化请先修改。")
    before = row.state
    row.state = declared.target
    row.released_at = at if row.state == MeetingState.HELD else None
    row.save(update_fields=["state", "released_at"])
    audit.Recorder(by=by, at=at, why=why).note(
        action=audit.AuditAction.TRANSITION, subject=row, organisation=row.organisation_id,
        before={"state": before}, after={"办理": declared.label, "state": row.state},
    )  # fmt: skip
    if row.state == MeetingState.HELD:
        tell_decided(row, row.decisions.order_by("position", "pk"), by=by, at=at)
        meeting_held.send(sender=None, meeting_id=row.pk, plan_id=row.plan_id, by_id=by.pk, at=at)
    return row


@transaction.atomic
def add_item(
    meeting: Meeting, *, section: str, title: str, text: str, organisation: Organisation | None, by: User, at: datetime
) -> AgendaItem:
    """A line of one's own."""
    row = held(meeting.pk)
    check_preparing(row, by=by)
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(
        meeting=row, section=_section(section), title=_title(title), text=_text(text), organisation=organisation,
        position=last + 1,
    )  # fmt: skip
    return audit.Recorder(by=by, at=at).create(item, organisation=row.organisation)


@transaction.atomic
def change_item(
    item: AgendaItem, *, section: str, title: str, text: str, organisation: Organisation | None, by: User, at: datetime
) -> AgendaItem:
    """Reword a line, or put it into another section."""
    row = held(item.meeting_id)
    check_preparing(row, by=by)
    # A column called organisation is set by its number: the recorder's own word means whose row it is.
    values: dict[str, object] = {"section": _section(section), "title": _title(title), "text": _text(text)}
    values["organisation_id"] = None if organisation is None else organisation.pk
    return audit.Recorder(by=by, at=at).update(item, organisation=row.organisation_id, **values)


@transaction.atomic
def keep_item(item: AgendaItem, *, is_kept: bool, by: User, at: datetime) -> AgendaItem:
    """Drop a line from the agenda, or take it back."""
    row = held(item.meeting_id)
    check_preparing(row, by=by)
    return audit.Recorder(by=by, at=at).update(item, organisation=row.organisation_id, is_kept=is_kept)


@transaction.atomic
def shift_item(item: AgendaItem, *, up: bool, by: User, at: datetime) -> None:
    """One place up or down among what its office reports on in its section."""
    row = held(item.meeting_id)
    check_preparing(row, by=by)
    reports = [list(report.lines) for report in _reports(row, item.section)]
    for lines in reports:
        place = next((number for number, line in enumerate(lines) if line.item.pk == item.pk), None)
        if place is not None:
            _swap(lines, place, up=up)
    _arrange(row, [line.item for lines in reports for line in lines], by=by, at=at)


@transaction.atomic
def shift_report(item: AgendaItem, *, up: bool, by: User, at: datetime) -> None:
    """The office of a line, with all it reports on in the section, before or behind the next."""
    row = held(item.meeting_id)
    check_preparing(row, by=by)
    reports = [[line.item for line in report.lines] for report in _reports(row, item.section)]
    place = next((number for number, items in enumerate(reports) if item in items), None)
    if place is not None:
        _swap(reports, place, up=up)
    _arrange(row, [each for items in reports for each in items], by=by, at=at)


def _reports(meeting: Meeting, section: str) -> tuple[OfficeReport, ...]:
    kept = meeting.items.filter(is_kept=True).select_related("organisation", "issue").order_by("position", "pk")
    return reports_of(list(kept)).get(section, ())


def _swap(rows: list[Any], place: int, *, up: bool) -> None:
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]


def _arrange(meeting: Meeting, items: Sequence[AgendaItem], *, by: User, at: datetime) -> None:
    """Give the lines of a section the places they have together, in this order; what keeps its place is not recorded."""
    places = sorted(each.position for each in items)
    changes = [(each, {"position": position}) for each, position in zip(items, places, strict=True)]
    audit.Recorder(by=by, at=at).update_each(changes, organisation=lambda _: meeting.organisation_id)


def held(pk: int) -> Meeting:
    """The meeting as it is now, nobody else's until the transaction ends."""
    trail.hold_head()
    rows = Meeting.objects.select_related("organisation", "plan__organisation").select_for_update(of=("self",))
    return rows.get(pk=pk)


def _checked(fields: MeetingFields) -> dict[str, object]:
    title = " ".join(fields.title.split())
    if not title or len(title) > 120:
        raise Unacceptable("请填写会议名称，最多 120 个字。", field="title")
    if fields.since > fields.held_on:
        raise Unacceptable("“上次会议”不能晚于召开日期。", field="since")
    return {
        "title": title, "held_on": fields.held_on, "since": fields.since, "place": " ".join(fields.place.split())[:80],
        "host": " ".join(fields.host.split())[:60], "attendees": _text(fields.attendees),
    }  # fmt: skip


def _section(section: str) -> str:
    if section not in AgendaSection.values:
        raise Unacceptable(f"没有“{section[:20]}”这一类议题。", field="section")
    return section


def _title(title: str) -> str:
    title = " ".join(title.replace("\0", "").split())
    if not title or len(title) > LONGEST_TITLE:
        raise Unacceptable(f"请填写议题，最多 {LONGEST_TITLE} 个字。", field="title")
    return title


def _text(text: str) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise Unacceptable(f"这里有 {len(text)} 个字，最多 {LONGEST_TEXT} 个字。", field="text")
    return text
