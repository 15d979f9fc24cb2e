"""Confirming what the engine read: accept, reject, restore, and all that is clear in one go.

Each call takes the `version` the person saw and returns a :class:`ReviewResult`; a row that somebody else changed since
raises :class:`ChangedMeanwhile`, and nothing is saved. Keepers of a plan under review only (Refused).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import Certainty, OwnerMention, OwnerRole, PlanNode, Responsibility, Review, Target
from keshu.apps.plans.services.rows import Row, RowRef
from keshu.apps.plans.services.steps import ChangedMeanwhile, ReviewResult, Step, describe, review_step
from keshu.apps.plans.services.targets import free_stretches, pair_again

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

__all__ = [
    "ChangedMeanwhile",
    "ReviewResult",
    "accept_all_clear",
    "accept_rows",
    "reject_rows",
    "restore_rows",
]


def accept_rows(plan: WorkPlan, *, rows: Sequence[RowRef], by: User, at: datetime, version: int | None) -> ReviewResult:
    """Confirm rows as they stand. Rows already decided stay as they are."""
    with review_step(plan, by=by, at=at, version=version) as step:
        chosen = _chosen(step, rows)
        for row in chosen:
            if row.review == Review.PENDING:
                step.decide(row, Review.ACCEPTED)
        step.summary = f"核对通过{describe(chosen)}"
    return step.outcome


def reject_rows(
    plan: WorkPlan, *, rows: Sequence[RowRef], reason: str, by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Strike rows out, with the reason. What hangs on a rejected heading moves to the heading above it."""
    if not reason.strip():
        raise Unacceptable("请写明剔除的原因，例如：不是指标。", field="reason")
    with review_step(plan, by=by, at=at, version=version) as step:
        chosen = _chosen(step, rows)
        for row in chosen:
            strike_out(step, row, reason=reason)
        step.summary = f"剔除{describe(chosen)}：{reason.strip()}"
    return step.outcome


def strike_out(step: Step, row: Row, *, reason: str) -> None:
    """The part of `reject_rows` that a step of many decisions shares."""
    if isinstance(row, PlanNode):
        _lift_contents(step, row)
    if isinstance(row, OwnerMention):
        step.assign(row, ())
    if isinstance(row, Target):
        free_stretches(step, row)
    step.decide(row, Review.REJECTED, remark=reason.strip()[:200])
    step.tree_changed = step.tree_changed or not isinstance(row, Target)


def restore_rows(
    plan: WorkPlan, *, rows: Sequence[RowRef], by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Bring rejected rows back, to be decided anew. An owner mention comes back unresolved."""
    with review_step(plan, by=by, at=at, version=version) as step:
        chosen = _chosen(step, rows)
        for row in chosen:
            fields: dict[str, Any] = {"merged_into_id": None} if isinstance(row, Target) else {}
            if isinstance(row, OwnerMention):
                fields = {"certainty": Certainty.UNKNOWN, "is_outside": False}
            step.decide(row, Review.PENDING, remark="", **fields)
            if isinstance(row, Target):
                pair_again(step, row)
        step.tree_changed = any(not isinstance(row, Target) for row in chosen)
        step.summary = f"恢复{describe(chosen)}"
    return step.outcome


def accept_all_clear(plan: WorkPlan, *, by: User, at: datetime, version: int | None) -> ReviewResult:
    """Confirm every pending row without a doubt: targets read for certain, tasks, and owners that were recognised."""
    with review_step(plan, by=by, at=at, version=version) as step:
        rows = [row for row in clear_rows(step.plan.pk) if row.version <= step.seen]
        for row in rows:
            step.decide(row, Review.ACCEPTED)
        step.summary = f"核对通过全部无疑问的行：{describe(rows)}" if rows else "没有无疑问的待核行"
    return step.outcome


def clear_rows(plan_id: int) -> list[Row]:
    """Pending rows that hold no doubt."""
    targets = Target.objects.pending().filter(plan_id=plan_id, doubts=[]).defer("reading")
    nodes = PlanNode.objects.pending().filter(plan_id=plan_id).defer("reading")
    resolved = set(
        Responsibility.objects.filter(node__plan_id=plan_id, is_inherited=False).values_list("mention_id", flat=True)
    )
    mentions = [
        mention
        for mention in OwnerMention.objects.pending().filter(plan_id=plan_id).defer("reading")
        if mention.role == OwnerRole.PERSON
        or mention.is_outside
        or (mention.pk in resolved and mention.certainty != Certainty.GUESS)
    ]
    return [*targets, *nodes, *mentions]


def _chosen(step: Step, rows: Iterable[RowRef]) -> list[Row]:
    chosen = step.rows(rows)
    if not chosen:
        raise Unacceptable("没有选中任何行。")
    return chosen


def _lift_contents(step: Step, node: PlanNode) -> None:
    """Children, targets and owners of a rejected heading belong to the one above; without one above, owners are struck out."""
    for child in PlanNode.objects.filter(parent=node):
        step.change(child, parent_id=node.parent_id)
    for target in Target.objects.filter(node=node):
        step.change(target, node_id=node.parent_id)
    for mention in OwnerMention.objects.kept().filter(node=node):
        if node.parent_id is None:
            step.assign(mention, ())
            step.decide(mention, Review.REJECTED, remark="所在标题已剔除")
        else:
            held = Responsibility.objects.filter(mention=mention, is_inherited=False)
            organisations = list(held.values_list("organisation_id", flat=True))
            step.change(mention, node_id=node.parent_id)
            step.assign(mention, organisations)
