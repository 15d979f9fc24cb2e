"""The states of a plan and the ways between them, declared once: who may, under which condition, and what the button says.

Buttons, services and refusals all derive from :data:`TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import OwnerRole, PlanState, WorkPlan
from keshu.apps.plans.permissions import can_delete_draft, can_publish_plan, can_withdraw_plan
from keshu.apps.plans.queries.progress import review_progress, unresolved_owners

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class Move(StrEnum):
    """The names of the transitions."""

    PUBLISH = "publish"
    DELETE_DRAFT = "delete_draft"
    RESTORE_DRAFT = "restore_draft"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from states to a state. ``hindrances`` lists in Chinese what stands against it now (empty: nothing)."""

    move: Move
    label: str
    sources: tuple[PlanState, ...]
    target: PlanState
    may: Callable[[User, WorkPlan], None]
    hindrances: Callable[[WorkPlan], tuple[str, ...]]
    confirm: str
    needs_reason: bool = False
    is_destructive: bool = False


@dataclass(frozen=True, slots=True)
class AvailableTransition:
    """A button: what it says, what asks before it acts, and what stands against it (``hindrances``, then it is disabled)."""

    move: Move
    label: str
    confirm: str
    needs_reason: bool
    is_destructive: bool
    hindrances: tuple[str, ...]


def publishing_hindrances(plan: WorkPlan) -> tuple[str, ...]:
    """What keeps a draft from being published; rows nobody has decided can be waved through by ``accept_rest``."""
    found = []
    if plan.year is None:
        found.append("没有填写年度。")
    names = [name for name, role in unresolved_owners(plan) if role == OwnerRole.LEAD]
    if names:
        shown = "、".join(dict.fromkeys(names))
        found.append(f"牵头单位“{shown}”没有对应到单位，请指定，或确认为系统外单位。")
    return tuple(found)


def undecided(plan: WorkPlan) -> tuple[str, ...]:
    """The sentence about rows nobody has decided, if any."""
    left = review_progress(plan).pending
    return (f"还有 {left} 行没有核对。",) if left else ()


def _nothing(plan: WorkPlan) -> tuple[str, ...]:
    return ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Move.PUBLISH, "发布", (PlanState.REVIEWING,), PlanState.PUBLISHED, can_publish_plan, publishing_hindrances,
        "发布后，政府各单位都能看到这份台账；同一年度的旧版将被替代。",
    ),
    Transition(
        Move.DELETE_DRAFT, "删除草稿", (PlanState.REVIEWING,), PlanState.DISCARDED, can_delete_draft, _nothing,
        "草稿将从列表中移去，核对记录保留，可以恢复。", is_destructive=True,
    ),
    Transition(
        Move.RESTORE_DRAFT, "恢复草稿", (PlanState.DISCARDED,), PlanState.REVIEWING, can_delete_draft, _nothing,
        "草稿将回到核对列表。",
    ),
    Transition(
        Move.WITHDRAW, "作废", (PlanState.PUBLISHED,), PlanState.WITHDRAWN, can_withdraw_plan, _nothing,
        "作废后各单位不再看到这份台账，记录保留。请写明原因。", needs_reason=True, is_destructive=True,
    ),
)  # fmt: skip


def transition_named(move: Move) -> Transition:
    """The declared transition of that name."""
    return next(each for each in TRANSITIONS if each.move == move)


def check_state(declared: Transition, plan: WorkPlan) -> None:
    """Unacceptable where the plan's state does not allow the transition."""
    if plan.state not in declared.sources:
        raise Unacceptable(f"这份文件{PlanState(plan.state).label}，不能{declared.label}。请刷新页面。")


def available_transitions(plan: WorkPlan, *, user: User) -> tuple[AvailableTransition, ...]:
    """The buttons this person gets for this plan; one that is hindered says why."""
    buttons = []
    for each in TRANSITIONS:
        if plan.state not in each.sources or not _may(each, user, plan):
            continue
        hindrances = each.hindrances(plan) + (undecided(plan) if each.move == Move.PUBLISH else ())
        buttons.append(
            AvailableTransition(each.move, each.label, each.confirm, each.needs_reason, each.is_destructive, hindrances)
        )
    return tuple(buttons)


def _may(each: Transition, user: User, plan: WorkPlan) -> bool:
    try:
        each.may(user, plan)
    except Refused:
        return False
    return True
