"""Who is told what of check-ins: offices of their forms, heads of what waits for them, and everybody in turn of what is late."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.people import Seat, people_of, seats_in
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.plans.models import CheckIn, CheckInRound
from keshu.apps.plans.permissions import signing_roles
from keshu.apps.plans.permissions.checkins import FILING_ROLES
from keshu.apps.plans.queries.checkins import Asked
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def _works_for_government(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


def _own_forms_of(user: User) -> QuerySet[CheckIn]:
    """Notices of single forms are for those who are of the organisation now; every page asks this, so without a query."""
    if user.scope.is_everything:
        return CheckIn.objects.all()
    return CheckIn.objects.filter(organisation__in=user.scope.organisation_ids)


OPENED = register(
    NoticeKind(
        "plans.round_opened",
        "调度填报开放",
        "新一期调度开放填报，写明本单位的项数和截止日期。",
        Ways(mail=True),
        sight=rows_seen(CheckInRound),
        for_whom=_works_for_government,
    )
)
WAITING = register(
    NoticeKind(
        "plans.checkin_waiting",
        "调度填报待审签",
        "本单位有填报等候审签；每期每天提醒一次。",
        sight=_own_forms_of,
        for_whom=_works_for_government,
    )
)
RETURNED = register(
    NoticeKind(
        "plans.checkin_returned",
        "调度填报退回",
        "填报被退回修改或更正，写明理由。",
        Ways(mail=True),
        sight=_own_forms_of,
        for_whom=_works_for_government,
    )
)
EASED = register(
    NoticeKind(
        "plans.checkin_eased",
        "调度免报和延期",
        "规划办公室准予本单位某项免报、延期，或办结后重新开放。",
        sight=_own_forms_of,
        for_whom=_works_for_government,
    )
)


def tell_opened(opened: CheckInRound, asked: Sequence[Asked], *, at: datetime) -> int:
    """Those who fill forms, each of what their organisations are asked. How many were told."""
    counts = Counter(each.organisation_id for each in asked)
    messages = [
        Message(
            OPENED.key,
            people,
            f"《{opened.plan}》{opened.label}调度开始填报",
            f"{_counted(seats, counts)}，{opened.due_on:%Y-%m-%d} 前报送。",
            own_forms(opened),
            str(opened.pk),
            opened.plan.organisation_id,
            opened.pk,
        )
        for seats, people in by_seats(list(counts), on=local_day(at), roles=FILING_ROLES)
    ]
    return tell(messages, at=at)


def tell_waiting(check_in: CheckIn, *, by: User, at: datetime) -> int:
    """Those who sign for the organisation, once a day for each round. How many were told."""
    organisation, on = check_in.organisation, local_day(at)
    signers = people_of([organisation.pk], on=on, roles=signing_roles(organisation))
    message = Message(
        WAITING.key,
        [person.id for person in signers if person.id != by.pk],
        f"{organisation}有{check_in.round.label}调度填报待审签",
        f"《{check_in.round.plan}》，由{by}报送，{check_in.due_on:%Y-%m-%d} 截止。",
        page("checkin-sign-list", check_in.round),
        f"{check_in.round_id}:{organisation.pk}:{on}",
        organisation.pk,
        check_in.pk,
    )
    return tell([message], at=at)


def tell_returned(check_in: CheckIn, *, by: User, at: datetime) -> int:
    """Whoever filed it and is still there, else all who fill forms for the organisation. How many were told."""
    fillers = fillers_of(check_in.organisation_id, on=local_day(at))
    to = {check_in.filed_by_id} & fillers or fillers
    message = Message(
        RETURNED.key,
        [pk for pk in to if pk not in (None, by.pk)],
        f"“{check_in}”被退回",
        f"{by}：{check_in.remark} {_time_left(check_in, on=local_day(at))}",
        own_forms(check_in.round),
        f"{check_in.pk}:{check_in.version}",
        check_in.organisation_id,
        check_in.pk,
    )
    return tell([message], at=at)


def tell_eased(check_in: CheckIn, text: str, *, by: User, at: datetime) -> int:
    """All who fill forms for the organisation. How many were told."""
    message = Message(
        EASED.key,
        fillers_of(check_in.organisation_id, on=local_day(at)) - {by.pk},
        str(check_in),
        text,
        own_forms(check_in.round),
        f"{check_in.pk}:{check_in.version}",
        check_in.organisation_id,
        check_in.pk,
    )
    return tell([message], at=at)


def _time_left(check_in: CheckIn, *, on: date) -> str:
    if check_in.due_on < on:
        return "已过截止日期，请尽快改好重报。"
    return f"请在 {check_in.due_on:%Y-%m-%d} 前改好重报。"


def fillers_of(organisation_id: int, *, on: date) -> set[int]:
    return {person.id for person in people_of([organisation_id], on=on, roles=FILING_ROLES)}


def by_seats(
    organisation_ids: Collection[int], *, on: date, roles: Collection[str]
) -> Iterable[tuple[tuple[Seat, ...], list[int]]]:
    """The people with these roles in these organisations, those of the same seats together."""
    groups: dict[tuple[Seat, ...], list[int]] = defaultdict(list)
    for person_id, seats in seats_in(organisation_ids, on=on, roles=roles).items():
        groups[seats].append(person_id)
    return groups.items()


def own_forms(of: CheckInRound) -> str:
    """Where an office finds its forms of the round."""
    return page("checkin-own", of)


def page(name: str, of: CheckInRound) -> str:
    """The page of that name, showing the round."""
    return f"{reverse(f'plans:{name}')}?round={of.pk}"


def _counted(seats: Sequence[Seat], counts: Counter[int]) -> str:
    if len(seats) == 1:
        return f"本单位 {counts[seats[0].id]} 项"
    return "，".join(f"{seat.name} {counts[seat.id]} 项" for seat in seats)
