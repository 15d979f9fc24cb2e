"""Reports that were made on paper or in chat before the system was there (补录往期): many at once, signed as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, CheckInState
from keshu.apps.plans.permissions import can_manage_rounds
from keshu.apps.plans.services.checkins.contents import Contents, acceptable, check_complete
from keshu.apps.plans.services.checkins.states import is_late

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class PastReport:
    """What a form of the round said, who filed and who signed it; not yet signed without ``signed_at``."""

    check_in_id: int
    contents: Contents
    filed_by_id: int
    filed_at: datetime
    signed_by_id: int | None = None
    signed_at: datetime | None = None


def enter_past_reports(round_id: int, reports: Sequence[PastReport], *, by: User, at: datetime) -> int:
    """Enter the reports of one round; how many. Whoever keeps the plan (Refused). Each is in the trail by itself.

    Unacceptable where a form is not the round's or has been filed, and as for any report. Nobody is told, and no light is
    judged: the next round of the clock does that.
    """
    with transaction.atomic():
        row = CheckInRound.objects.select_for_update(of=("self",)).select_related("plan__organisation").get(pk=round_id)
        can_manage_rounds(by, row.plan)
        forms = CheckIn.objects.filter(round=row, state__in=UNFILED).select_related("round", "target", "node")
        waiting = forms.in_bulk([report.check_in_id for report in reports])
        if missing := len({report.check_in_id for report in reports}) - len(waiting):
            raise Unacceptable(f"有 {missing} 项不在{row.label}的待填报中，可能已经填报，请刷新后再补录。")
        changes = [(waiting[report.check_in_id], _fields(report, waiting[report.check_in_id])) for report in reports]
        log = audit.Recorder(by=by, at=at, why=f"补录{row.label}调度")
        log.update_each(changes, organisation=lambda form: form.organisation_id)
    return len(changes)


def _fields(report: PastReport, form: CheckIn) -> dict[str, Any]:
    contents = acceptable(report.contents, check_in=form)
    check_complete(contents, check_in=form)
    return {
        **contents.fields(),
        "state": CheckInState.FILED if report.signed_at is None else CheckInState.SIGNED,
        "filed_by_id": report.filed_by_id,
        "filed_at": report.filed_at,
        "filed_late": is_late(report.filed_at, due_on=form.due_on),
        "signed_by_id": report.signed_by_id,
        "signed_at": report.signed_at,
        "version": form.version + 1,
    }
