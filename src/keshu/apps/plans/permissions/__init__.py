"""Who may do what with plans and the work of their year. Each verb returns nothing, or raises ``Refused`` with a sentence."""

from keshu.apps.plans.permissions.checkins import (
    can_file_checkin,
    can_manage_rounds,
    can_sign_checkin,
    is_filer,
    is_round_keeper,
    is_signer,
    signing_roles,
)
from keshu.apps.plans.permissions.plans import (
    BUREAU_KINDS,
    COUNTY_KINDS,
    OFFICE_KINDS,
    OFFICE_ROLES,
    PLANNING_ROLES,
    can_delete_draft,
    can_export,
    can_import_plan,
    can_publish_plan,
    can_review_plan,
    can_see_draft,
    can_see_plan,
    can_withdraw_plan,
    is_keeper,
)

__all__ = [
    "BUREAU_KINDS", "COUNTY_KINDS", "OFFICE_KINDS", "OFFICE_ROLES", "PLANNING_ROLES", "can_delete_draft", "can_export",
    "can_file_checkin", "can_import_plan", "can_manage_rounds", "can_publish_plan", "can_review_plan", "can_see_draft",
    "can_see_plan", "can_sign_checkin", "can_withdraw_plan", "is_filer", "is_keeper",
    "is_round_keeper", "is_signer", "signing_roles",
]  # fmt: skip
