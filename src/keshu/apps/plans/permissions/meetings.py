"""Who may call, prepare and hold meetings. Each verb returns nothing, or raises ``Refused`` with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import PlanState
from keshu.apps.plans.permissions.plans import is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import Meeting, WorkPlan


def may_call_meetings(user: User, organisation: Organisation) -> bool:
    """Whether to offer it: keepers of the organisation's plans."""
    return is_keeper(user, organisation)


def can_call_meeting(user: User, plan: WorkPlan) -> None:
    """Keepers of the plan's organisation, on a plan in force."""
    if not is_keeper(user, plan.organisation):
        raise Refused(f"“{plan.organisation}”的会议由规划办公室、局领导或本单位经办人准备。")
    if plan.state != PlanState.PUBLISHED:
        raise Refused("会议只能依据已发布的工作要点准备。")


def can_prepare_meeting(user: User, meeting: Meeting) -> None:
    """Keepers of the plans of the organisation that called it."""
    if not is_keeper(user, meeting.organisation):
        raise Refused(f"“{meeting.organisation}”的会议由规划办公室、局领导或本单位经办人准备，您可以查看。")


def may_prepare(user: User, meeting: Meeting) -> bool:
    return is_keeper(user, meeting.organisation)
