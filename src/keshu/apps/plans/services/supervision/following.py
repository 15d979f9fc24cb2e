"""What happens elsewhere and moves notices in hand: an addressee is reorganised, a plan revised. Ended ones stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.signals import HandedOver, Reorganisation
from keshu.apps.plans.models import (
    ENDED,
    Issue,
    PlanNode,
    SupervisionItem,
    SupervisionNotice,
    SupervisionState,
    SupervisionStep,
    Target,
)
from keshu.apps.plans.services.heirs import Heirs, Keys
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.steps import tell_others

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LABEL = "机构调整"


@transaction.atomic
def pass_notices(change: Reorganisation, *, by: User, at: datetime) -> list[HandedOver]:
    """Notices in hand, received and sent, pass on: in a split to who took the task they are about, else to who was chosen.

    Who may: decided where the reorganisation was. Called after the tasks and issues themselves have passed.
    """
    log, heirs, lines = audit.Recorder(by=by, at=at, why=change.reason), Heirs(change), []
    for notice in _in_hand().filter(addressee__in=change.predecessor_ids):
        was = notice.addressee
        beside = None if notice.issue is None else notice.issue.owner_id
        taker = heirs.of(Keys.NOTICES_HELD + notice.pk, _about(notice), beside=beside)
        heir = organisation_by_id(taker.organisation_id)
        log.update(notice, organisation=notice.issuer_id, addressee=heir)
        if notice.state != SupervisionState.DRAFT:
            text = f"由“{was}”转“{heir}”承办。{change.reason}"[:400]
            step = SupervisionStep(notice=notice, label=LABEL, text=text, by=by, at=at)
            log.create(step, organisation=notice.issuer_id)
            telling.tell_moved(notice, step)
            tell_others(notice, by=by, at=at)
        lines.append(HandedOver("督办单", _named(notice), taker.why, taker.name, str(was), taker.key))
    for notice in _in_hand().filter(issuer__in=change.predecessor_ids):
        was, taker = notice.issuer, heirs.of(Keys.NOTICES_SENT + notice.pk, _about(notice))
        log.update(notice, organisation=taker.organisation_id, issuer_id=taker.organisation_id)
        lines.append(HandedOver("发出的督办单", _named(notice), taker.why, taker.name, str(was), taker.key))
    return lines


def _in_hand() -> QuerySet[SupervisionNotice]:
    rows = SupervisionNotice.objects.in_hand().select_related("addressee", "issuer", "issue__target")
    return rows.prefetch_related("items__target").order_by("pk")


def _named(notice: SupervisionNotice) -> str:
    return f"{notice.number_text}{notice.title}"


def _about(notice: SupervisionNotice) -> list[int | None]:
    """The nodes that its matters are under, and that of its issue."""
    rows: list[SupervisionItem | Issue] = list(notice.items.all())
    if notice.issue is not None:
        rows.append(notice.issue)
    return [row.node_id or (row.target.node_id if row.target is not None else None) for row in rows]


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
