"""The states of a check-in and the ways between them, declared once; buttons, refusals and the trail derive from it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.lifecycle import Button, Transition, buttons, check, transition
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, PlanState
from keshu.apps.plans.permissions import can_file_checkin, can_manage_rounds, can_sign_checkin
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# A transition that leaves the state as it is.
SAME = ""


class Move(StrEnum):
    """The names of the transitions."""

    SAVE = "save"
    FILE = "file"
    RECALL = "recall"
    SIGN = "sign"
    RETURN = "return"
    EXCUSE = "excuse"
    EXTEND = "extend"
    REOPEN = "reopen"


def in_force(check_in: CheckIn) -> tuple[str, ...]:
    """What is over keeps what was reported."""
    if check_in.round.plan.state == PlanState.PUBLISHED:
        return ()
    return (f"《{check_in.round.plan}》{check_in.round.plan.get_state_display()}，不再办理调度填报。",)


def open_for_writing(check_in: CheckIn) -> tuple[str, ...]:
    """A closed round takes no new reports; one sent back for correction may still be mended."""
    if found := in_force(check_in):
        return found
    if check_in.round.closed_at is not None and check_in.state == CheckInState.OPEN:
        return (f"{check_in.round.label}的调度已办结，不再接收填报。需要补报的，请联系规划办公室重新开放。",)
    return ()


def _may_manage(user: User, check_in: CheckIn) -> None:
    can_manage_rounds(user, check_in.round.plan)


TRANSITIONS: tuple[Transition[CheckIn], ...] = (
    Transition(Move.SAVE, "保存", UNFILED, SAME, can_file_checkin, hindrances=open_for_writing),
    Transition(Move.FILE, "报送", UNFILED, CheckInState.FILED, can_file_checkin, hindrances=open_for_writing),
    Transition(
        Move.RECALL, "撤回", (CheckInState.FILED,), CheckInState.OPEN, can_file_checkin,
        "撤回后可以修改，改好须重新报送。", hindrances=in_force,
    ),
    Transition(Move.SIGN, "审签", (CheckInState.FILED,), CheckInState.SIGNED, can_sign_checkin, hindrances=in_force),
    Transition(
        Move.RETURN, "退回", (CheckInState.FILED,), CheckInState.RETURNED, can_sign_checkin,
        "退回后由填报人修改，截止日期不变。", needs_reason=True, hindrances=in_force,
    ),
    Transition(
        Move.EXCUSE, "免报", UNFILED, CheckInState.EXCUSED, _may_manage,
        "本期不再要求填报这一项。", needs_reason=True, hindrances=in_force,
    ),
    Transition(Move.EXTEND, "延期", UNFILED, SAME, _may_manage, needs_reason=True, hindrances=in_force),
    Transition(
        Move.REOPEN, "退回更正", (CheckInState.SIGNED, CheckInState.EXCUSED), CheckInState.RETURNED, _may_manage,
        "退回后由填报单位更正并重新审签，原数据留在办理记录中。", needs_reason=True, hindrances=in_force,
    ),
)  # fmt: skip


def checkin_buttons(check_in: CheckIn, *, user: User) -> tuple[Button, ...]:
    """What the person may do with the check-in (with its round, plan and organisation loaded: no query)."""
    return buttons(TRANSITIONS, check_in, state=check_in.state, user=user)


def locked(check_in: CheckIn) -> CheckIn:
    """A fresh, locked copy with all that permissions and words ask of it."""
    rows = CheckIn.objects.select_for_update(of=("self",), no_key=True)
    related = rows.select_related("round__plan__organisation", "organisation", "target", "node")
    return related.defer("target__reading", "node__reading").get(pk=check_in.pk)


def allowed(check_in: CheckIn, move: Move, *, by: User, why: str = "") -> Transition[CheckIn]:
    """The transition, if the person may make it and nothing stands against it (Refused, Unacceptable)."""
    declared = transition(TRANSITIONS, move)
    check(declared, check_in, state=check_in.state, state_label=check_in.get_state_display(), user=by, why=why)
    return declared


def pass_to(check_in: CheckIn, state: str, *, by: User | None, at: datetime, why: str = "", **fields: Any) -> None:
    """Save the new state with what belongs to it, and enter the transition in the trail."""
    before, was_due = check_in.get_state_display(), check_in.due_on
    changes: dict[str, Any] = {"state": state or check_in.state, "version": check_in.version + 1, **fields}
    if "filed_at" in fields:
        changes["filed_late"] = is_late(fields["filed_at"], due_on=fields.get("due_on", was_due))
    for name, value in changes.items():
        setattr(check_in, name, value)
    check_in.save(update_fields=list(changes))
    after: dict[str, Any] = {"from": before, "state": check_in.get_state_display()}
    if check_in.due_on != was_due:
        after |= {"原截止日期": was_due, "截止日期": check_in.due_on}
    audit.Recorder(by=by, at=at, why=why).note(
        action=audit.AuditAction.TRANSITION, subject=check_in, organisation=check_in.organisation_id, after=after
    )


def is_late(filed_at: datetime | None, *, due_on: date) -> bool:
    """Whether it was filed on a later day than due."""
    return filed_at is not None and local_day(filed_at) > due_on
