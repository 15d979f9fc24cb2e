"""Who files, signs and runs check-ins (月调度). What counts is the role held in the very organisation that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.permissions.plans import BUREAU_KINDS, COUNTY_KINDS, is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import CheckIn, WorkPlan

# Values of bureau's Role. Whoever sits in the asked organisation with one of these fills its forms; signers sign them.
FILING_ROLES = ("clerk", "office_head", "county_clerk", "planner", "leader")
SIGNING_ROLES = ("office_head", "leader")
COUNTY_SIGNING_ROLES = ("county_clerk",)


def signing_roles(organisation: Organisation) -> tuple[str, ...]:
    """The roles that sign for an organisation: its head; in a county or park a second one of its people."""
    return COUNTY_SIGNING_ROLES if organisation.kind in COUNTY_KINDS else SIGNING_ROLES


def is_filer(user: User, organisation: Organisation) -> bool:
    """Whether the person fills forms for the organisation, also as a deputy."""
    return "auditor" not in user.scope.roles and user.scope.sits_in(organisation.pk, *FILING_ROLES)


def is_signer(user: User, organisation: Organisation) -> bool:
    """Whether the person signs for the organisation, also as a deputy; leaders of the bureau for all of its parts."""
    if "auditor" in user.scope.roles:
        return False
    is_leader = "leader" in user.scope.roles and organisation.kind in BUREAU_KINDS
    return is_leader or user.scope.sits_in(organisation.pk, *signing_roles(organisation))


def is_round_keeper(user: User, plan: WorkPlan) -> bool:
    """Whether the person runs the rounds of a plan: its keepers, but no clerk of an office."""
    is_clerk_alone = plan.organisation.kind not in COUNTY_KINDS and not user.scope.roles.intersection(
        ("planner", "leader", "office_head")
    )
    return is_keeper(user, plan.organisation) and not is_clerk_alone


def can_file_checkin(user: User, check_in: CheckIn) -> None:
    """The people of the organisation that is asked: clerks, heads, clerks of counties and parks."""
    if not is_filer(user, check_in.organisation):
        raise Refused(f"这一项由“{check_in.organisation}”填报，您不能代填。")


def can_sign_checkin(user: User, check_in: CheckIn) -> None:
    """The head of the organisation, or a leader; in a county or park somebody other than who filed it."""
    if not is_signer(user, check_in.organisation):
        raise Refused(f"这一项由“{check_in.organisation}”的负责人审签，您不能办理。")
    if check_in.organisation.kind in COUNTY_KINDS and check_in.filed_by_id == user.pk:
        raise Refused("您填报的内容须由本单位另一位经办人审签。")


def can_manage_rounds(user: User, plan: WorkPlan) -> None:
    """Whoever keeps the plan: planning office and leaders, a head for the office's own, a county's clerk for the county's."""
    if not is_round_keeper(user, plan):
        raise Refused(
            f"您不能办理“{plan.organisation}”的调度安排。科技局的由规划办公室办理，县区、园区的由本单位经办人办理。"
        )
