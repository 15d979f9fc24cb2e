"""Who may draft next year's plan: the keepers of the organisation's plans; who may publish the plan makes it final."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.permissions.plans import COUNTY_KINDS, OFFICE_KINDS, PLANNING_ROLES, is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import PlanProposal


def may_propose(user: User, organisation: Organisation) -> bool:
    return is_keeper(user, organisation)


def can_propose(user: User, organisation: Organisation) -> None:
    """Keepers of the organisation's plans."""
    if not may_propose(user, organisation):
        raise Refused(
            f"您不能起草“{organisation}”的来年要点。科技局的由规划办公室或局领导起草，县区、园区的由本单位经办人起草。"
        )


def can_edit_proposal(user: User, proposal: PlanProposal) -> None:
    """As for beginning one."""
    can_propose(user, proposal.organisation)


def can_finish_proposal(user: User, proposal: PlanProposal) -> None:
    """The bureau's is made final by a leader, an office's by its head, a county's by its own clerk."""
    roles, organisation = user.scope.roles, proposal.organisation
    allowed = is_keeper(user, organisation) and (
        organisation.kind in COUNTY_KINDS
        or "leader" in roles
        or (organisation.kind in OFFICE_KINDS and bool(roles.intersection(("office_head", *PLANNING_ROLES))))
    )
    if not allowed:
        raise Refused("来年要点由局领导审定；处室的由处室负责人审定，县区、园区的由本单位审定。")
