"""The states of an appraisal and the ways between them, declared once; buttons, refusals and services derive from it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.briefings.models import Appraisal, AppraisalState, ObjectionState
from keshu.apps.briefings.permissions import can_appraise, can_reckon, can_release_appraisal
from keshu.apps.bureau.services import Unacceptable, lifecycle
from keshu.apps.bureau.services.lifecycle import Button, Transition

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

State = AppraisalState
STILL_OPEN = (State.TRIAL, State.SHOWN)
SAME = ""


class Move(StrEnum):
    """The names of the transitions."""

    CHANGE = "change"
    RECKON = "reckon"
    MARK = "mark"
    SHOW = "show"
    RETURN = "return"
    RELEASE = "release"
    WITHDRAW = "withdraw"


MOVES = (Move.SHOW, Move.RETURN, Move.RELEASE, Move.WITHDRAW)


def _without_sheets(appraisal: Appraisal) -> tuple[str, ...]:
    """There must be somebody to be ranked."""
    is_empty = not appraisal.sheets.filter(total__isnull=False).exists()
    return ("没有单位算出得分，请先核对考核办法和台账。",) if is_empty else ()


def _unanswered(appraisal: Appraisal) -> tuple[str, ...]:
    waiting = appraisal.objections.filter(state=ObjectionState.OPEN).count()
    return (f"还有 {waiting} 条异议没有答复，请先答复。",) if waiting else ()


TRANSITIONS: tuple[Transition[Appraisal], ...] = (
    Transition(Move.CHANGE, "修改考核办法", (State.TRIAL,), SAME, can_appraise),
    Transition(Move.RECKON, "重新计算", STILL_OPEN, SAME, can_reckon),
    Transition(Move.MARK, "加减分", STILL_OPEN, SAME, can_appraise),
    Transition(Move.SHOW, "公示", (State.TRIAL,), State.SHOWN, can_appraise,
        "公示后，被考核单位能看到本单位的评分表，可以提出异议；排名在公布前不显示给他们。", hindrances=_without_sheets),
    Transition(Move.RETURN, "退回试算", (State.SHOWN,), State.TRIAL, can_appraise,
        "退回后，被考核单位暂时看不到评分表。", needs_reason=True),
    Transition(Move.RELEASE, "公布", (State.SHOWN,), State.RELEASED, can_release_appraisal,
        "公布后，考核办法、得分和明细就此固定，全部单位都能看到排名。", hindrances=_unanswered),
    Transition(Move.WITHDRAW, "撤回公布", (State.RELEASED,), State.SHOWN, can_release_appraisal,
        "撤回后回到公示：各单位不再看到排名，得分随台账重新计算，可以更正、答复异议后再公布；数据截止日不变，要改的请再退回试算。"
        "撤回和理由会发消息告知各单位。", needs_reason=True, is_destructive=True),
)  # fmt: skip


def held(appraisal_id: int, *, version: int | None = None) -> Appraisal:
    """The appraisal as it stands now, nobody else changing it; Unacceptable where it was changed meanwhile."""
    row = Appraisal.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=appraisal_id)
    if version is not None and row.version != version:
        raise Unacceptable("这次考核刚被别人改过，请刷新页面后再改。")
    return row


def check(move: Move, appraisal: Appraisal, *, user: User, why: str = "") -> Transition[Appraisal]:
    """The declared way, when the person may go it now; else Refused or Unacceptable says why not."""
    declared = lifecycle.transition(TRANSITIONS, move)
    label = f"处于{State(appraisal.state).label}阶段"
    lifecycle.check(declared, appraisal, state=appraisal.state, state_label=label, user=user, why=why)
    return declared


def buttons(appraisal: Appraisal, *, user: User) -> tuple[Button, ...]:
    """The steps this person may take with the appraisal in its state."""
    return tuple(
        each
        for each in lifecycle.buttons(TRANSITIONS, appraisal, state=appraisal.state, user=user)
        if each.move in MOVES
    )
