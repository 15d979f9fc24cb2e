"""Who overrules a status light and enters figures of earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import PlanState
from keshu.apps.plans.permissions.plans import COUNTY_KINDS, is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import Target, WorkPlan


def can_choose_light(user: User, plan: WorkPlan) -> None:
    """Planning office and leaders; a head for the office's own plan, a county's clerk for the county's; of plans in force."""
    is_planning = bool(user.scope.roles.intersection(("leader", "planner", "office_head")))
    if not is_keeper(user, plan.organisation) or not (is_planning or plan.organisation.kind in COUNTY_KINDS):
        raise Refused(f"您不能改“{plan.organisation}”工作要点的状态，请联系局领导、规划办公室或该县区经办人。")
    if plan.state != PlanState.PUBLISHED:
        raise Refused(f"这份文件{plan.get_state_display()}，状态不再改动。")


def can_enter_past_figures(user: User, target: Target, *, lead_ids: frozenset[int]) -> None:
    """The keepers of the plan, and the people of the organisations that lead the target. In force only."""
    plan = target.plan
    near = user.scope.organisation_ids & lead_ids
    if not is_keeper(user, plan.organisation) and (not near or "auditor" in user.scope.roles):
        raise Refused("往年数据由规划办公室或这条目标的牵头单位录入。")
    if plan.state != PlanState.PUBLISHED:
        raise Refused(f"这份文件{plan.get_state_display()}，不能再录入往年数据。")
