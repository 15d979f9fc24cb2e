"""When organisations are reorganised, forms that are not yet signed pass to who takes over; signed ones keep the old name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, Reorganisation
from keshu.apps.plans.models import CheckIn, CheckInRound, CheckInState, Part, PlanState
from keshu.apps.plans.queries.checkins import asked_of
from keshu.apps.plans.services.checkins.following import PENDING_FORMS

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

Subject = tuple[int | None, int | None]


@transaction.atomic
def hand_over_check_ins(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Pass the predecessors' open forms on, after their tasks have been passed on. Recorded form by form.

    To those successors that now hold the subject; where none does (a plan of an earlier year) to the first. One that has a
    form on the same subject already keeps its own: the predecessor's is excused and stays to be read.
    """
    log = audit.Recorder(by=by, at=at, why=change.reason)
    names = {pk: str(organisation_by_id(pk)) for pk in (*change.predecessor_ids, *change.successor_ids)}
    lines: Counter[tuple[str, str, int, int]] = Counter()
    rounds = CheckInRound.objects.filter(closed_at=None, plan__state=PlanState.PUBLISHED)
    rounds = rounds.filter(checkins__organisation__in=change.predecessor_ids, checkins__state__in=PENDING_FORMS)
    holders: dict[int, Mapping[Subject, dict[int, Part]]] = {}
    for each in rounds.select_related("plan").distinct().order_by("plan_id", "first_on", "pk"):
        if each.plan_id not in holders:
            holders[each.plan_id] = _holders(each, change)
        for was, to in _pass_on(each, change, holders[each.plan_id], names, log):
            lines[each.plan.title, each.label, was, to] += 1
    return [
        HandedOver("调度填报", f"{names[was]}的{label} {count} 项", title, names[to])
        for (title, label, was, to), count in lines.items()
    ]


def _holders(of: CheckInRound, change: Reorganisation) -> dict[Subject, dict[int, Part]]:
    """Which successors are asked about which subject of the plan from now on."""
    found: dict[Subject, dict[int, Part]] = {}
    for each in asked_of(of.plan, asks_supports=True, on=change.on):
        if each.organisation_id in change.successor_ids:
            found.setdefault(each.subject, {})[each.organisation_id] = each.part
    return found


def _pass_on(
    of: CheckInRound,
    change: Reorganisation,
    holders: Mapping[Subject, dict[int, Part]],
    names: Mapping[int, str],
    log: audit.Recorder,
) -> Iterable[tuple[int, int]]:
    """From whom to whom each form of the round went. Leads first: where two become one, the lead's words are kept."""
    rows = list(
        CheckIn.objects.filter(
            round=of, organisation__in=change.predecessor_ids, state__in=PENDING_FORMS
        ).select_related("round", "target", "node").order_by("part", "pk")
    )  # fmt: skip
    there: set[tuple[int | None, int | None, int]] = set(
        CheckIn.objects.filter(round=of, organisation__in=change.successor_ids).values_list(
            "target_id", "node_id", "organisation_id"
        )
    )
    changes: list[tuple[CheckIn, dict[str, Any]]] = []
    new: list[CheckIn] = []
    went: list[tuple[int, int]] = []
    for row in rows:
        was, subject = row.organisation_id, (row.target_id, row.node_id)
        heirs = holders.get(subject) or {change.successor_ids[0]: Part(row.part)}
        wanted = [pk for pk in heirs if pk == was or (*subject, pk) not in there]
        if was in wanted:
            wanted.remove(was)
        elif not wanted:
            remark = f"已并入{names[next(iter(heirs))]}，由其填报。"
            changes.append((row, {"state": CheckInState.EXCUSED, "remark": remark, "version": row.version + 1}))
            continue
        else:
            first = wanted.pop(0)
            changes.append((row, {"organisation_id": first, "part": heirs[first], "version": row.version + 1}))
            there.add((*subject, first))
            went.append((was, first))
        for pk in wanted:
            new.append(_another(row, pk, heirs[pk]))
            there.add((*subject, pk))
            went.append((was, pk))
    log.update_each(changes, organisation=lambda row: row.organisation_id)
    log.create_each(new, organisation=lambda row: row.organisation_id)
    return went


def _another(row: CheckIn, organisation_id: int, part: Part) -> CheckIn:
    """An empty form beside the one that passed to the first heir."""
    return CheckIn(
        round=row.round, target=row.target, node=row.node, organisation_id=organisation_id, part=part, due_on=row.due_on
    )
