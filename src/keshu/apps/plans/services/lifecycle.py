"""The states of a plan and the ways between them, declared once: who may, under which condition, and what the button says.

Buttons, services and refusals all derive from :data:`TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import PlanState, WorkPlan
from keshu.apps.plans.permissions import can_delete_draft, can_publish_plan, can_withdraw_plan
from keshu.apps.plans.queries.review_board import Board, board_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many names are told before the rest is only counted.
NAMED = 6


class Move(StrEnum):
    """The names of the transitions."""

    PUBLISH = "publish"
    DELETE_DRAFT = "delete_draft"
    RESTORE_DRAFT = "restore_draft"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands against a move, as a sentence; ``look`` asks the review page for the rows that it speaks of.

    One that is liftable a person may wave through where the move asks for it (按现状一并通过).
    """

    message: str
    look: str = ""
    is_liftable: bool = False

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from states to a state. ``hindrances`` lists what stands against it now (empty: nothing)."""

    move: Move
    label: str
    sources: tuple[PlanState, ...]
    target: PlanState
    may: Callable[[User, WorkPlan], None]
    hindrances: Callable[[WorkPlan, Board | None], tuple[Hindrance, ...]]
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
    hindrances: tuple[Hindrance, ...]


def publishing_hindrances(plan: WorkPlan, board: Board | None = None) -> tuple[Hindrance, ...]:
    """What keeps a draft from being published.

    Whom the document means, and rows that raise doubt, a person decides row by row or by choosing rows; only rows without a
    doubt that nobody has looked at can be waved through. Two queries, none where the caller has read the `board`.
    """
    board = board_of(plan) if board is None else board
    found = []
    if plan.year is None:
        found.append(Hindrance("没有填写年度。", look="tab=details"))
    found += _unsettled_owners(board)
    if count := board.targets.doubtful:
        found.append(Hindrance(f"{count} 行指标数据存疑，请逐行核对，或选中后一并通过。", look="show=doubtful"))
    if clear := board.everything.clear:
        tab = "" if board.targets.clear else "tab=tasks&"
        found.append(Hindrance(f"还有 {clear} 行没有核对。", look=f"{tab}show=pending", is_liftable=True))
    return tuple(found)


def _unsettled_owners(board: Board) -> list[Hindrance]:
    """Names that mean nobody: of a lead always, of others while nobody has looked; and names matched by likeness only."""
    pending = {key.name for key in board.tasks_in_order if key.is_doubtful and key.is_unresolved}
    leads = [question.name for question in board.questions if question.is_lead]
    others = [question.name for question in board.questions if not question.is_lead and question.name in pending]
    found = []
    if leads:
        told = f"牵头单位{_quoted(leads)}没有对应到单位，请指定，或确认为系统外单位。"
        found.append(Hindrance(told, look="tab=tasks"))
    if others:
        told = f"责任单位{_quoted(others)}没有对应到单位，请指定，或确认为系统外单位，也可逐行通过。"
        found.append(Hindrance(told, look="tab=tasks&show=doubtful"))
    if board.guesses:
        told = f"责任单位{_quoted(board.guesses)}是按相近名称推测的，请逐行通过，或指定单位（同名的一并更新）。"
        found.append(Hindrance(told, look="tab=tasks&show=doubtful"))
    return found


def _quoted(names: Sequence[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown}等 {len(names)} 个"


def _nothing(plan: WorkPlan, board: Board | None = None) -> tuple[Hindrance, ...]:
    return ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Move.PUBLISH, "发布", (PlanState.REVIEWING,), PlanState.PUBLISHED, can_publish_plan, publishing_hindrances,
        "发布后，政府各单位都能看到这份台账。",
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
        "作废后各单位不再看到这份台账，记录保留。请写明原因，原因会告知有任务的单位。", needs_reason=True, is_destructive=True,
    ),
)  # fmt: skip


def transition_named(move: Move) -> Transition:
    """The declared transition of that name."""
    return next(each for each in TRANSITIONS if each.move == move)


def check_state(declared: Transition, plan: WorkPlan) -> None:
    """Unacceptable where the plan's state does not allow the transition."""
    if plan.state not in declared.sources:
        raise Unacceptable(f"这份文件{PlanState(plan.state).label}，不能{declared.label}。请刷新页面。")


def available_transitions(plan: WorkPlan, *, user: User, board: Board | None = None) -> tuple[AvailableTransition, ...]:
    """The buttons this person gets for this plan; one that is hindered says why."""
    buttons = []
    for each in TRANSITIONS:
        if plan.state not in each.sources or not _may(each, user, plan):
            continue
        buttons.append(
            AvailableTransition(
                each.move,
                each.label,
                each.confirm,
                each.needs_reason,
                each.is_destructive,
                each.hindrances(plan, board),
            )
        )
    return tuple(buttons)


def _may(each: Transition, user: User, plan: WorkPlan) -> bool:
    try:
        each.may(user, plan)
    except Refused:
        return False
    return True
