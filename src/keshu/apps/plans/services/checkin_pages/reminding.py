"""催报: the planning office reminds organisations of what they have not filed in a round, now and not by the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, PlanState
from keshu.apps.plans.permissions import can_manage_rounds
from keshu.apps.plans.permissions.checkins import FILING_ROLES
from keshu.apps.plans.services.checkins.checkin_notices import by_seats, own_forms
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

REMINDED = register(
    NoticeKind(
        "plans.checkin_reminded",
        "调度催报",
        "规划办公室催报本单位还没有报送的调度填报。",
        Ways(mail=True),
        may_be_off=False,
        sight=rows_seen(CheckInRound),
        for_whom=lambda user: user.scope.is_government or user.scope.is_everything,
    )
)


def remind_of_round(round: CheckInRound, *, organisation_ids: Collection[int] = (), by: User, at: datetime) -> int:
    """Tell those who fill forms what is still missing, in all organisations or in these. How many people were told.

    Whoever keeps the plan (Refused); Unacceptable once the round is closed or the plan out of force, or when nothing is
    missing. The same people are told once an hour at most.
    """
    with transaction.atomic():
        row = CheckInRound.objects.select_for_update(of=("self",)).select_related("plan__organisation").get(pk=round.pk)
        can_manage_rounds(by, row.plan)
        if row.closed_at is not None or row.plan.state != PlanState.PUBLISHED:
            raise Unacceptable(f"{row.label}的调度已办结，不再催报。")
        missing = _missing(row, organisation_ids)
        if not missing:
            raise Unacceptable("没有未报的填报，不需要催报。")
        told = tell(_messages(row, missing, by=by, at=at), at=at)
        audit.Recorder(by=by, at=at, why="催报").note(
            action=audit.AuditAction.TRANSITION,
            subject=row,
            organisation=row.plan.organisation,
            after={"催报": f"{len(missing)} 个单位 {sum(missing.values())} 项，通知 {told} 人"},
        )
    return told


def _missing(row: CheckInRound, organisation_ids: Collection[int]) -> Counter[int]:
    rows = CheckIn.objects.filter(round=row, state__in=UNFILED).order_by()
    if organisation_ids:
        rows = rows.filter(organisation_id__in=organisation_ids)
    return Counter(dict(rows.values_list("organisation_id").annotate(n=Count("pk"))))


def _messages(row: CheckInRound, missing: Counter[int], *, by: User, at: datetime) -> list[Message]:
    hour = f"{timezone.localtime(at):%Y-%m-%d %H}"
    return [
        Message(
            REMINDED.key,
            people,
            f"请尽快报送《{row.plan}》{row.label}调度",
            "，".join(f"{seat.name}还有 {missing[seat.id]} 项未报" for seat in seats)
            + f"，{row.due_on:%Y-%m-%d} 截止。{by}催报。",
            own_forms(row),
            f"{row.pk}:{hour}:{','.join(str(seat.id) for seat in seats)}",
            row.plan.organisation_id,
            row.pk,
        )
        for seats, people in by_seats(list(missing), on=local_day(at), roles=FILING_ROLES)
    ]
