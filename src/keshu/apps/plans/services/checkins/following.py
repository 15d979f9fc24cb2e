"""What the year has brought follows a plan's new revision; a plan taken out of force ends its rounds.

Rhythm, rounds, check-ins, lights, past figures, issues, supervision notices and meetings pass to the rows that the matching
finds. What was said on a row that the revision dropped stays with that row; what is still open on it is excused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q

from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import (
    UNFILED,
    AgendaItem,
    CheckIn,
    CheckInRound,
    CheckInState,
    Decision,
    Issue,
    Meeting,
    PastFigure,
    Rhythm,
    Standing,
    SupervisionNotice,
    WorkPlan,
)
from keshu.apps.plans.queries.checkins import asked_of
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.checkins.matching import Matches, match_rows
from keshu.apps.plans.services.checkins.opening import make_forms
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Nothing is settled yet: the form may be excused, or pass to another office.
PENDING_FORMS = (*UNFILED, CheckInState.FILED)
DROPPED = "新版中没有这一项，不再填报。"
PASSED_ON = "新版中不再由本单位承担，不再填报。"


def follow_revision(plan_id: int, *, by: User, at: datetime) -> bool:
    """Pass the year of the plan before to its new revision; whether there was one. A part of publishing it, by whoever may."""
    plan = WorkPlan.objects.select_related("organisation", "source", "supersedes__source").get(pk=plan_id)
    earlier = plan.supersedes
    if earlier is None or plan.revision == 1 or not _has_a_year(earlier):
        return False
    with transaction.atomic():
        matches = match_rows(earlier, plan)
        log = audit.Recorder(by=by, at=at, why=f"随第 {plan.revision} 版")
        for rhythm in Rhythm.objects.filter(plan=earlier):
            log.update(rhythm, organisation=plan.organisation, plan=plan)
        CheckInRound.objects.filter(plan=earlier).update(plan=plan)
        moved = _move_forms(matches)
        dropped = _excuse_dropped(plan)
        _move_others(earlier, plan, matches)
        supervision.follow_rows(targets=matches.targets, nodes=matches.nodes, by=by, at=at)
        added, excused = _ask_anew(plan, log, at=at)
        counts = {"随行转入": moved, "新增": added, "免报": dropped + excused}
        log.note(
            action=audit.AuditAction.UPDATE, subject=plan, organisation=plan.organisation, after={"调度填报": counts}
        )
    return True


def end_rounds(plan_id: int, *, by: User, at: datetime, why: str) -> None:
    """No round opens any more and none takes reports. A part of withdrawing the plan, which decides who may."""
    with transaction.atomic():
        log = audit.Recorder(by=by, at=at, why=why)
        for rhythm in Rhythm.objects.filter(plan=plan_id).select_related("plan"):
            log.update(rhythm, organisation=rhythm.plan.organisation_id, is_running=False)
        for each in CheckInRound.objects.filter(plan=plan_id, closed_at=None).select_related("plan"):
            log.update(each, organisation=each.plan.organisation_id, closed_at=at)


def _has_a_year(plan: WorkPlan) -> bool:
    """Whether anything hangs on the plan that could follow."""
    of_plan = (Rhythm, CheckInRound, Standing, Issue, SupervisionNotice, Meeting)
    return (
        any(model._default_manager.filter(plan=plan).exists() for model in of_plan)
        or PastFigure.objects.filter(target__plan=plan).exists()
    )


def _move_forms(matches: Matches) -> int:
    return _repoint(CheckIn, "target", matches.targets) + _repoint(CheckIn, "node", matches.nodes)


def _repoint(model: type[models.Model], field: str, ids: Mapping[int, int], **more: Any) -> int:
    """The rows of the model that name an old row name the new one; how many."""
    there = set(model._default_manager.filter(**{f"{field}__in": ids.keys()}).order_by().values_list(field, flat=True))
    return sum(
        model._default_manager.filter(**{field: old}).update(**{field: ids[old]}, **more) for old in sorted(there)
    )


def _excuse_dropped(plan: WorkPlan) -> int:
    """Open forms of the plan's rounds on rows that are not the plan's."""
    elsewhere = (Q(target__isnull=False) & ~Q(target__plan=plan)) | (Q(node__isnull=False) & ~Q(node__plan=plan))
    rows = CheckIn.objects.filter(elsewhere, round__plan=plan, state__in=PENDING_FORMS)
    return _excuse(list(rows.values_list("pk", flat=True)), DROPPED)


def _excuse(ids: list[int], remark: str) -> int:
    return CheckIn.objects.filter(pk__in=ids).update(
        state=CheckInState.EXCUSED, remark=remark, version=F("version") + 1
    )


def _move_others(earlier: WorkPlan, plan: WorkPlan, matches: Matches) -> None:
    """Lights and past figures go with their row, where the new one has none of its own; the rest by what it names."""
    with_figures = set(PastFigure.objects.filter(target__plan=plan).values_list("target_id", flat=True))
    _repoint(PastFigure, "target", {old: new for old, new in matches.targets.items() if new not in with_figures})
    judged = Standing.objects.filter(plan=plan)
    for field, ids in (("target", matches.targets), ("node", matches.nodes)):
        has_own = set(judged.filter(**{f"{field}__isnull": False}).values_list(field, flat=True))
        _repoint(Standing, field, {old: new for old, new in ids.items() if new not in has_own}, plan=plan)
        _repoint(Issue, field, ids, plan=plan)
        _repoint(AgendaItem, field, ids)
    _repoint(Decision, "task", matches.nodes)
    Issue.objects.filter(plan=earlier, target=None, node=None).update(plan=plan)
    SupervisionNotice.objects.in_hand().filter(plan=earlier).update(plan=plan)
    Meeting.objects.filter(plan=earlier).update(plan=plan)


def _ask_anew(plan: WorkPlan, log: audit.Recorder, *, at: datetime) -> tuple[int, int]:
    """Rounds that are not yet due ask what the new revision asks; how many forms were added, how many excused."""
    on = local_day(at)
    rounds = list(CheckInRound.objects.filter(plan=plan, closed_at=None, due_on__gte=on).select_related("plan"))
    rhythm = Rhythm.objects.filter(plan=plan).first()
    if not rounds or rhythm is None:
        return 0, 0
    asked = asked_of(plan, asks_supports=rhythm.asks_supports, on=on)
    added = excused = 0
    for each in rounds:
        there = {
            (target, node, office): (pk, state)
            for pk, target, node, office, state in CheckIn.objects.filter(round=each).values_list(
                "pk", "target_id", "node_id", "organisation_id", "state"
            )
        }
        wanted = {(one.target_id, one.node_id, one.organisation_id) for one in asked}
        new = [one for one in asked if (one.target_id, one.node_id, one.organisation_id) not in there]
        make_forms(each, new, log)
        gone = [pk for key, (pk, state) in there.items() if key not in wanted and state in PENDING_FORMS]
        added, excused = added + len(new), excused + _excuse(gone, PASSED_ON)
    return added, excused
