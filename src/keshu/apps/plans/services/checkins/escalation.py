"""Late forms are told of step by step: who fills them, the head, the planning office, the leaders, each step once.

A step is taken when so many working days have passed since the due day; what was taken and the notices of it are saved
together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Count, Min, Q

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.queries.people import people_of, people_with_role
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.bureau.services.robots import Line
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, CheckInState, PlanState
from keshu.apps.plans.permissions import COUNTY_KINDS
from keshu.apps.plans.permissions.checkins import COUNTY_SIGNING_ROLES, FILING_ROLES, SIGNING_ROLES
from keshu.apps.plans.services import group_messages
from keshu.apps.plans.services.checkins.checkin_notices import by_seats, own_forms, page
from keshu.apps.plans.services.meanings import local_day
from keshu.kernel.workdays import WorkCalendar

LATE_STATES = (*UNFILED, CheckInState.FILED)
# So many organisations are named in a notice before the rest is only counted.
NAMED = 6


class Step(IntEnum):
    """How far up a late form has been told; the value is ``CheckIn.told``."""

    FILLER = 1
    HEAD = 2
    PLANNER = 3
    LEADER = 4

    @property
    def label(self) -> str:
        return ("填报人", "单位负责人", "规划办公室", "局领导")[self - 1]


# After so many working days late; the filler on the day after, worked or not.
WORKDAYS_LATE = {Step.FILLER: 0, Step.HEAD: 1, Step.PLANNER: 3, Step.LEADER: 5}

LATE = register(
    NoticeKind(
        "plans.checkin_late",
        "调度填报逾期",
        "逾期当天提醒填报人，满 1、3、5 个工作日依次告知单位负责人、规划办公室、局领导。",
        Ways(mail=True),
        may_be_off=False,
        sight=rows_seen(CheckInRound),
        for_whom=lambda user: user.scope.is_government or user.scope.is_everything,
    )
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Late forms of one organisation in one round that reach a step together. ``first_id`` names the group for ever."""

    step: Step
    organisation_id: int
    due_on: date
    unfiled: int
    unsigned: int
    first_id: int


def escalate(*, at: datetime) -> int:
    """Take every step that is due; how many forms went a step up. By the clock, for no person.

    Round by round, each a transaction of its own with the round locked, so that two processes tell nobody twice.
    """
    on = local_day(at)
    edges = due_before(on, calendar=work_calendar())
    behind = CheckIn.objects.filter(_reaching(edges)).order_by()
    rounds = behind.filter(round__closed_at=None, round__plan__state=PlanState.PUBLISHED)
    return sum(_escalate_round(pk, edges, at=at) for pk in sorted(set(rounds.values_list("round_id", flat=True))))


def due_before(on: date, *, calendar: WorkCalendar) -> dict[Step, date]:
    """For each step, the day before which a form must have been due for the step to be taken on that day."""
    last = calendar.on_or_before(on)
    return {step: calendar.after(last, 1 - days) if days else on for step, days in WORKDAYS_LATE.items()}


def _reaching(edges: dict[Step, date]) -> Q:
    """Forms for which a step is due that has not been taken."""
    found = Q()
    for step, edge in edges.items():
        found |= Q(told__lt=step, due_on__lt=edge)
    return Q(state__in=LATE_STATES) & found


def _escalate_round(round_id: int, edges: dict[Step, date], *, at: datetime) -> int:
    with transaction.atomic():
        rows = CheckInRound.objects.select_for_update(of=("self",)).select_related("plan__organisation")
        late = rows.get(pk=round_id)
        groups = list(_overdue(late, edges))
        moved = sum(
            CheckIn.objects.filter(_reaching({step: edges[step]}), round=late).update(told=step)
            for step in reversed(Step)
        )
        if moved:
            _record(late, groups, at=at)
            tell(_messages(late, groups, on=local_day(at)), at=at)
            _announce(late, groups, at=at)
    return moved


def _overdue(late: CheckInRound, edges: dict[Step, date]) -> Iterator[Overdue]:
    """The groups of the round that reach a step now, by step and organisation. One query."""
    rows = CheckIn.objects.filter(_reaching(edges), round=late).order_by()
    counted = list(
        rows.values_list("organisation_id", "due_on", "told", "state").annotate(n=Count("pk"), first=Min("pk"))
    )
    for step in Step:
        due = sorted(row for row in counted if row[2] < step and row[1] < edges[step])
        for organisation_id, group in groupby(due, key=itemgetter(0)):
            held = list(group)
            unsigned = sum(n for _, _, _, state, n, _ in held if state == CheckInState.FILED)
            first_on, first_id = min((due_on, first) for _, due_on, _, _, _, first in held)
            counts = sum(row[4] for row in held) - unsigned, unsigned
            yield Overdue(step, organisation_id, first_on, *counts, first_id)


def _record(late: CheckInRound, groups: Sequence[Overdue], *, at: datetime) -> None:
    """One entry in the trail: how many forms of how many organisations went to whom."""
    after = {
        step.label: f"{len(found)} 个单位 {sum(each.unfiled + each.unsigned for each in found)} 项"
        for step in Step
        if (found := [each for each in groups if each.step == step])
    }
    audit.Recorder(by=None, at=at, why="逾期提醒").note(
        action=audit.AuditAction.TRANSITION, subject=late, organisation=late.plan.organisation, after=after
    )


def _messages(late: CheckInRound, groups: Sequence[Overdue], *, on: date) -> list[Message]:
    found: list[Message] = []
    for step in (Step.FILLER, Step.HEAD):
        # Who fills forms has done so where they only wait to be signed.
        of_step = [each for each in groups if each.step == step]
        if step is Step.FILLER:
            of_step = [replace(each, unsigned=0) for each in of_step if each.unfiled]
        found += _to_offices(late, {each.organisation_id: each for each in of_step}, step=step, on=on)
    for step in (Step.PLANNER, Step.LEADER):
        of_step = [each for each in groups if each.step == step]
        if of_step:
            found.append(_to_keepers(late, of_step, step=step, on=on))
    return found


def _announce(late: CheckInRound, groups: Sequence[Overdue], *, at: datetime) -> None:
    """Chat groups hear of each organisation's highest step, from the head's on: before that the filler is told alone."""
    highest = {each.organisation_id: each.step for each in groups}  # the groups come by step
    names = refs_of(highest)
    for step in sorted(set(highest.values()) - {Step.FILLER}):
        overdue = [each for each in groups if each.step == step == highest[each.organisation_id]]
        lines = [Line(each.organisation_id, _counted(str(names[each.organisation_id]), each)) for each in overdue]
        first_on, first_id = min((each.due_on, each.first_id) for each in overdue)
        key = f"{late.pk}:{int(step)}:{first_on}:{first_id}"
        group_messages.announce_round_late(late, lines, days=WORKDAYS_LATE[step], key=key, at=at)


def _to_offices(late: CheckInRound, overdue: dict[int, Overdue], *, step: Step, on: date) -> Iterator[Message]:
    """Each person of their own organisations' forms, and of nobody else's."""
    roles = FILING_ROLES if step is Step.FILLER else (*SIGNING_ROLES, *COUNTY_SIGNING_ROLES)
    for seats, people in by_seats(list(overdue), on=on, roles=roles):
        own = [overdue[seat.id] for seat in seats]
        said = "，".join(_counted("本单位" if len(seats) == 1 else seat.name, overdue[seat.id]) for seat in seats)
        yield _message(late, own, people, said, own_forms(late))


def _to_keepers(late: CheckInRound, overdue: Sequence[Overdue], *, step: Step, on: date) -> Message:
    """The planning office, or the leaders, of all organisations; for a county's plan its own clerks, and nobody above."""
    owner = late.plan.organisation
    if owner.kind in COUNTY_KINDS:
        clerks = people_of([owner.pk], on=on, roles=COUNTY_SIGNING_ROLES) if step is Step.PLANNER else ()
        people = [person.id for person in clerks]
    else:
        people = list(people_with_role("planner" if step is Step.PLANNER else "leader", on=on))
    names = refs_of(each.organisation_id for each in overdue)
    said = "，".join(_counted(str(names[each.organisation_id]), each) for each in overdue[:NAMED])
    rest = f"，另有 {len(overdue) - NAMED} 个单位" if len(overdue) > NAMED else ""
    return _message(late, overdue, people, f"{len(overdue)} 个单位：{said}{rest}", page("round-list", late))


def _message(late: CheckInRound, overdue: Sequence[Overdue], people: list[int], said: str, link: str) -> Message:
    """The key names the first form of the group with its due day: the same for whoever tries to tell it again."""
    step = overdue[0].step
    first_on, first_id = min((each.due_on, each.first_id) for each in overdue)
    days = WORKDAYS_LATE[step]
    when = f"逾期 {days} 个工作日" if days else "逾期"
    return Message(
        LATE.key,
        people,
        f"《{late.plan}》{late.label}调度{when}",
        f"{said}。原定 {first_on:%Y-%m-%d} 截止。",
        link,
        f"{late.pk}:{int(step)}:{first_on}:{first_id}",
        late.plan.organisation_id,
        late.pk,
    )


def _counted(name: str, overdue: Overdue) -> str:
    counts = [f"{n} 项{word}" for n, word in ((overdue.unfiled, "未填报"), (overdue.unsigned, "未审签")) if n]
    return f"{name} {'、'.join(counts)}"
