"""From draft to ledger and out of it again: publish, withdraw, delete and restore a draft."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import OwnerMention, PlanNode, PlanState, Review, Target, WorkPlan
from keshu.apps.plans.queries.plans import replaced_by
from keshu.apps.plans.services.lifecycle import Hindrance, Move, Transition, check_state, transition_named
from keshu.apps.plans.signals import plan_published, plan_withdrawn

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


class NotReady(Unacceptable):
    """A plan that cannot be published yet; ``hindrances`` says all that stands against it."""

    def __init__(self, hindrances: tuple[Hindrance, ...]) -> None:
        super().__init__("还不能发布：" + "".join(map(str, hindrances)))
        self.hindrances = hindrances


def publish_plan(plan: WorkPlan, *, accept_rest: bool = False, by: User, at: datetime) -> WorkPlan:
    """Publish a reviewed draft; an earlier published plan of the same organisation, year and kind is superseded by it.

    Leaders and planners; an office's head or a county's clerk for their own (Refused). NotReady while the year is
    missing, a lead owner means nobody, rows raise doubt or an owner is a guess, or rows are undecided; `accept_rest` confirms
    undecided rows that raise no doubt.
    """
    with transaction.atomic():
        draft, declared = _locked(plan, Move.PUBLISH, by=by)
        hindrances = declared.hindrances(draft, None)
        if accept_rest:
            hindrances = tuple(each for each in hindrances if not each.is_liftable)
        if hindrances:
            raise NotReady(hindrances)
        if accept_rest:
            _accept_rest(draft, by=by, at=at)
        replaced, earlier = draft.supersedes, _supersede(draft, by=by, at=at)
        _record(
            draft,
            by=by,
            at=at,
            state=PlanState.PUBLISHED,
            supersedes=earlier or draft.supersedes,
            revision=earlier.revision + 1 if earlier else draft.revision,
            released_by=by,
            released_at=at,
        )
        _put_away_replaced(draft, replaced, by=by, at=at)
        plan_published.send(sender=WorkPlan, **_announced(draft), by_id=by.pk, at=at)
    return draft


def withdraw_plan(plan: WorkPlan, *, why: str, by: User, at: datetime) -> WorkPlan:
    """Take a published plan out of force, with the reason. Whoever may publish it; Unacceptable without a reason."""
    if not why.strip():
        raise Unacceptable("请写明作废的原因。", field="why")
    with transaction.atomic():
        published, _ = _locked(plan, Move.WITHDRAW, by=by)
        _record(published, by=by, at=at, why=why.strip(), state=PlanState.WITHDRAWN)
        plan_withdrawn.send(sender=WorkPlan, **_announced(published), by_id=by.pk, at=at, why=why.strip())
    return published


def delete_draft(plan: WorkPlan, *, by: User, at: datetime) -> WorkPlan:
    """Put a draft away; its rows and history stay. Keepers of the organisation's plans."""
    return _move(plan, Move.DELETE_DRAFT, by=by, at=at)


def restore_draft(plan: WorkPlan, *, by: User, at: datetime) -> WorkPlan:
    """Bring a deleted draft back. Keepers of the organisation's plans."""
    return _move(plan, Move.RESTORE_DRAFT, by=by, at=at)


def _move(plan: WorkPlan, move: Move, *, by: User, at: datetime) -> WorkPlan:
    with transaction.atomic():
        locked, declared = _locked(plan, move, by=by)
        _record(locked, by=by, at=at, state=declared.target)
    return locked


def _locked(plan: WorkPlan, move: Move, *, by: User) -> tuple[WorkPlan, Transition]:
    """A fresh, locked copy of the plan, and the transition if the person may make it and the state allows it.

    The organisation is locked with it, so that two drafts of one year cannot be published in the same moment.
    """
    rows = WorkPlan.objects.select_for_update(of=("self", "organisation"), no_key=True)
    locked = rows.select_related("organisation").get(pk=plan.pk)
    declared = transition_named(move)
    declared.may(by, locked)
    check_state(declared, locked)
    return locked, declared


def _accept_rest(plan: WorkPlan, *, by: User, at: datetime) -> None:
    """Confirm what is left under the publisher's name; the number of rows goes into the history."""
    accepted = {}
    for model in (Target, PlanNode, OwnerMention):
        rows = model.objects.pending().filter(plan=plan)
        accepted[model._meta.model_name] = rows.update(review=Review.ACCEPTED, reviewed_by=by, reviewed_at=at)
    audit.Recorder(by=by, at=at, why="发布时确认其余未核对的行").note(
        action=audit.AuditAction.UPDATE, subject=plan, organisation=plan.organisation, after={"accepted": accepted}
    )


def _supersede(draft: WorkPlan, *, by: User, at: datetime) -> WorkPlan | None:
    """The published plan of the same organisation, year and kind steps back; before the draft steps up, for the constraint."""
    earlier = replaced_by(draft).select_for_update(of=("self",)).select_related("organisation").first()
    if earlier is not None:
        _record(earlier, by=by, at=at, why="被新版替代", state=PlanState.SUPERSEDED)
    return earlier


def _put_away_replaced(published: WorkPlan, replaced: WorkPlan | None, *, by: User, at: datetime) -> None:
    """A draft that this plan was a new revision of needs no more review."""
    if replaced is not None and replaced.state == PlanState.REVIEWING:
        _record(replaced, by=by, at=at, why=f"已由第 {published.revision} 版替代", state=PlanState.DISCARDED)


def _record(plan: WorkPlan, *, by: User, at: datetime, why: str = "", **fields: Any) -> None:
    """Save the new state and enter the transition in the history."""
    before = PlanState(plan.state).label
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(fields))
    audit.Recorder(by=by, at=at, why=why).note(
        action=audit.AuditAction.TRANSITION,
        subject=plan,
        organisation=plan.organisation,
        after={"from": before, "state": PlanState(plan.state).label, "revision": plan.revision},
    )


def _announced(plan: WorkPlan) -> dict[str, Any]:
    return {
        "plan_id": plan.pk,
        "organisation_id": plan.organisation_id,
        "year": plan.year,
        "kind": plan.kind,
        "revision": plan.revision,
    }
