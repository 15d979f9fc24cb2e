"""What happens elsewhere and moves notices in hand: an addressee is reorganised, a plan revised. Ended ones stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, Reorganisation
from keshu.apps.plans.models import (
    ENDED,
    PlanNode,
    Responsibility,
    SupervisionItem,
    SupervisionNotice,
    SupervisionState,
    SupervisionStep,
    Target,
)
from keshu.apps.plans.queries.ledger import ACCOUNTABLE
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.steps import tell_others

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LABEL = "机构调整"


@transaction.atomic
def pass_notices(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Notices in hand pass to the successor: of a split, to the one that now leads what the notice is about, else the first.

    Who may: decided where the reorganisation was. Called after the tasks themselves have passed.
    """
    log = audit.Recorder(by=by, at=at, why=change.reason)
    rows = SupervisionNotice.objects.in_hand().filter(addressee__in=change.predecessor_ids)
    lines = []
    for notice in rows.select_related("addressee").prefetch_related("items__target").order_by("pk"):
        heir = organisation_by_id(_heir(notice, change))
        was = notice.addressee
        log.update(notice, organisation=notice.issuer_id, addressee=heir)
        if notice.state != SupervisionState.DRAFT:
            text = f"由“{was}”转“{heir}”承办。{change.reason}"[:400]
            step = SupervisionStep(notice=notice, label=LABEL, text=text, by=by, at=at)
            log.create(step, organisation=notice.issuer_id)
            telling.tell_moved(notice, step)
            tell_others(notice, by=by, at=at)
        lines.append(HandedOver("督办单", f"{notice.number_text}{notice.title}", "督办单", str(heir)))
    for notice in SupervisionNotice.objects.in_hand().filter(issuer__in=change.predecessor_ids).order_by("pk"):
        log.update(notice, organisation=change.successor_ids[0], issuer_id=change.successor_ids[0])
    return lines


@transaction.atomic
def follow_rows(*, targets: Mapping[int, int], nodes: Mapping[int, int], by: User | None, at: datetime) -> int:
    """A plan was revised: what notices in hand are about are now these rows of the new revision. How many matters moved.

    The words of the notice stay as they were issued; so do closed and cancelled notices altogether.
    """
    rows = SupervisionItem.objects.filter(Q(target_id__in=targets) | Q(node_id__in=nodes))
    rows = rows.exclude(notice__state__in=ENDED).select_related("notice").order_by("pk")
    log = audit.Recorder(by=by, at=at, why="随工作要点新版")
    plans = {
        **{
            ("target", pk): plan
            for pk, plan in Target.objects.filter(pk__in=targets.values()).values_list("pk", "plan_id")
        },
        **{
            ("node", pk): plan
            for pk, plan in PlanNode.objects.filter(pk__in=nodes.values()).values_list("pk", "plan_id")
        },
    }
    moved: list[SupervisionItem] = list(rows)
    for item in moved:
        target = None if item.target_id is None else targets.get(item.target_id, item.target_id)
        node = None if item.node_id is None else nodes.get(item.node_id, item.node_id)
        log.update(item, organisation=item.notice.issuer_id, target_id=target, node_id=node)
        plan = plans.get(("target", target or 0)) or plans.get(("node", node or 0))
        if plan is not None:
            log.update(item.notice, organisation=item.notice.issuer_id, plan_id=plan)
    return len(moved)


def _heir(notice: SupervisionNotice, change: Reorganisation) -> int:
    if len(change.successor_ids) == 1:
        return change.successor_ids[0]
    under = [item.node_id or (item.target.node_id if item.target is not None else None) for item in notice.items.all()]
    leads = Responsibility.objects.filter(
        node_id__in=[pk for pk in under if pk is not None],
        role__in=ACCOUNTABLE,
        organisation_id__in=change.successor_ids,
    )
    found = set(leads.values_list("organisation_id", flat=True))
    return next((pk for pk in change.successor_ids if pk in found), change.successor_ids[0])
