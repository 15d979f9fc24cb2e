"""What a person adds to a draft: a target as a sentence of its own, a task with its owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import (
    Choice,
    Measure,
    PieceKind,
    PlanProposal,
    ProposalFigure,
    ProposalItem,
    Tier,
)
from keshu.apps.plans.queries.wording import kept_unit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

from keshu.apps.plans.services.proposals.changing import LONGEST, set_owners
from keshu.apps.plans.services.proposals.stepping import Step, begin, fetched, insert


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target that a person adds: what, how much, in which tier."""

    indicator: str
    op: str
    value: Decimal
    unit: str


_OPS = {">=": "达到{}以上", "=": "达到{}", ">": "突破{}", "<=": "控制在{}以内"}


@transaction.atomic
def add_target(
    proposal: PlanProposal, *, behind_id: int, target: NewTarget, version: int, by: User, at: datetime
) -> ProposalItem:
    """A target of its own behind a piece, as a sentence that says name, requirement, number and unit."""
    name, unit = target.indicator.strip().rstrip("。"), target.unit.strip()
    if not name or not unit or target.op not in _OPS:
        raise Unacceptable(
            "请写明指标名称、要求、数值和单位，例如“新增高新技术企业”“达到”“100”“家”。", field="indicator"
        )
    step = begin(proposal, summary=f"新增目标：{name}", by=by, at=at)
    (behind,) = fetched(step, [behind_id], version=version)
    is_line = behind.opens or behind.kind in (PieceKind.TABLE_ROW, PieceKind.OWNERS)
    parent = behind if behind.kind in (PieceKind.HEADING, PieceKind.TASK) else behind.parent
    shown = f"{target.value:f}"
    printed = f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}{unit}"
    words = _OPS[target.op].format(printed)
    item = insert(
        step, behind=behind, kind=PieceKind.TARGET, parent=parent, text=f"{name}{words}", tail="。",
        opens=is_line and behind.kind not in (PieceKind.TASK,) and behind.kind != PieceKind.HEADING, is_decidable=True,
        choice=Choice.ADD, chosen_by=by, chosen_at=at,
    )  # fmt: skip
    _close_before(step, behind, item)
    last = ProposalFigure.objects.filter(proposal=step.proposal).order_by("-position").first()
    ProposalFigure.objects.create(
        item=item, proposal=step.proposal, position=0 if last is None else last.position + 1, indicator=name[:200],
        op=">=" if target.op == "=" else target.op, value=target.value, unit=kept_unit(unit)[:20], measure=Measure.LEVEL,
        tier=Tier.BASE, period=str(step.proposal.year), printed=printed[:80], at=item.text.rfind(printed), rule="新增目标",
    )  # fmt: skip
    step.end([item, behind])
    return item


def _close_before(step: Step, behind: ProposalItem, item: ProposalItem) -> None:
    """A sentence that went on now ends before the new one, which stands where it did."""
    if not item.opens and behind.tail and behind.tail != "。" and behind.kind != PieceKind.OWNERS:
        step.keep([behind])
        item.tail, behind.tail = behind.tail, "，"


@transaction.atomic
def add_task(
    proposal: PlanProposal, *, behind_id: int, title: str, body: str, owners: Mapping[str, str], version: int, by: User,
    at: datetime,
) -> ProposalItem:  # fmt: skip
    """A task behind the one that a piece belongs to: its heading, what is to be done, and who."""
    title, body = title.strip().rstrip("。"), " ".join(body.split())
    if not title:
        raise Unacceptable("请写任务标题，例如“开展科技服务进园区行动”。", field="title")
    step = begin(proposal, summary=f"新增任务：{title}", by=by, at=at)
    (behind,) = fetched(step, [behind_id], version=version)
    while behind.parent is not None and not behind.depth:
        behind = behind.parent
    is_chapter = behind.kind == PieceKind.HEADING and behind.depth <= 1
    item = insert(
        step, behind=behind if is_chapter else _whole(behind), kind=PieceKind.TASK, opens=True, text=title[:400],
        tail="。" if body or any(owners.values()) else "", parent=behind if is_chapter else behind.parent,
        depth=behind.depth + 1 if is_chapter else max(behind.depth, 1), is_decidable=True, choice=Choice.ADD,
        chosen_by=by, chosen_at=at,
    )  # fmt: skip
    last = item
    if body:
        last = insert(step, behind=item, kind=PieceKind.PROSE, parent=item, text=body.rstrip("。")[:LONGEST], tail="。")
    people = set_owners(step, item, owners) if any(owners.values()) else []
    step.end([item, *people])
    return last if last is item else item


def _whole(row: ProposalItem) -> ProposalItem:
    """The last piece under a heading, deeper headings included."""
    last, ids = row, {row.pk}
    for item in ProposalItem.objects.filter(proposal=row.proposal_id, position__gt=row.position).order_by("position"):
        if item.parent_id not in ids:
            break
        ids.add(item.pk)
        last = item
    return last
