"""Who may do what with plans. Each verb returns nothing, or raises ``Refused`` with a sentence for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import PlanState

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

# Values of bureau's Role and OrganisationKind; the models behind them are that app's own.
PLANNING_ROLES = ("leader", "planner")
OFFICE_ROLES = ("office_head", "clerk")
COUNTY_KINDS = ("county", "park")
OFFICE_KINDS = ("office", "unit")
BUREAU_KINDS = ("city", "bureau", "office", "unit", "department")


def is_keeper(user: User, organisation: Organisation) -> bool:
    """Whether `user` keeps the plans of `organisation`.

    The planning office and the leaders keep those of the bureau and its offices, an office's people those of their office,
    a county clerk those of the own county or park. Auditors change nothing, whatever else they are.
    """
    roles = user.scope.roles
    if "auditor" in roles:
        return False
    if organisation.kind in COUNTY_KINDS:
        return "county_clerk" in roles and organisation.pk in user.scope.organisation_ids
    if organisation.kind not in BUREAU_KINDS:
        return False
    if roles.intersection(PLANNING_ROLES):
        return True
    own_office = organisation.kind in OFFICE_KINDS and organisation.pk in user.scope.organisation_ids
    return own_office and bool(roles.intersection(OFFICE_ROLES))


def can_import_plan(user: User, organisation: Organisation) -> None:
    """Keepers of the organisation's plans."""
    if not is_keeper(user, organisation):
        raise Refused(
            f"您不能为“{organisation}”导入工作要点。科技局的由规划办公室导入，县区、园区的由本单位经办人导入。"
        )


def can_see_draft(user: User, plan: WorkPlan) -> None:
    """Whole-site roles, and the people of the issuing organisation."""
    scope = user.scope
    if not (scope.is_everything or plan.organisation_id in scope.organisation_ids):
        raise Refused("这份文件还在核对，发布之后才能查看。")


def can_review_plan(user: User, plan: WorkPlan) -> None:
    """Keepers, while the plan is under review."""
    if not is_keeper(user, plan.organisation):
        raise Refused(f"您不能核对“{plan.organisation}”的文件，请联系该单位的规划办公室或经办人。")
    if plan.state != PlanState.REVIEWING:
        raise Refused(f"这份文件{plan.get_state_display()}，不能再改。需要更正时，请以新版导入。")


def can_publish_plan(user: User, plan: WorkPlan) -> None:
    """Keepers; an office's clerk prepares the office's plan, its head publishes it."""
    roles = user.scope.roles
    clerk_of_office = plan.organisation.kind in OFFICE_KINDS and not roles.intersection(
        (*PLANNING_ROLES, "office_head")
    )
    if not is_keeper(user, plan.organisation) or clerk_of_office:
        raise Refused(
            f"您不能发布“{plan.organisation}”的文件。科技局的由局领导或规划办公室发布，县区、园区的由本单位经办人发布。"
        )


def can_withdraw_plan(user: User, plan: WorkPlan) -> None:
    """Whoever may publish it."""
    can_publish_plan(user, plan)


def can_delete_draft(user: User, plan: WorkPlan) -> None:
    """Keepers of the organisation's plans."""
    if not is_keeper(user, plan.organisation):
        raise Refused(f"您不能删除“{plan.organisation}”的草稿。")


def can_export(user: User, plan: WorkPlan) -> None:
    """Government people, of what they may see."""
    if not (user.scope.is_government or user.scope.is_everything):
        raise Refused("只有政府部门的人员可以导出工作台账。")
    if plan.state in (PlanState.REVIEWING, PlanState.DISCARDED):
        can_see_draft(user, plan)


def can_see_plan(user: User, plan: WorkPlan) -> None:
    """Drafts and withdrawn plans: as `can_see_draft`; published ones and those they superseded: all of government."""
    if plan.state in (PlanState.PUBLISHED, PlanState.SUPERSEDED) and user.scope.is_government:
        return
    can_see_draft(user, plan)
