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
from keshu.apps.plans.permissions.standings import can_choose_light, can_enter_past_figures
from keshu.apps.plans.permissions.supervision import (
    can_answer_notice,
    can_judge_reply,
    can_keep_notice,
    can_write_notice,
    is_answering,
    is_supervisor,
)

__all__ = [
    "BUREAU_KINDS", "COUNTY_KINDS", "OFFICE_KINDS", "OFFICE_ROLES", "PLANNING_ROLES", "can_answer_notice",
    "can_choose_light", "can_delete_draft", "can_enter_past_figures", "can_export", "can_file_checkin",
    "can_import_plan", "can_judge_reply", "can_keep_notice", "can_manage_rounds", "can_publish_plan",
    "can_review_plan", "can_see_draft", "can_see_plan", "can_sign_checkin", "can_withdraw_plan", "can_write_notice",
    "is_answering", "is_filer", "is_keeper", "is_round_keeper", "is_signer", "is_supervisor", "signing_roles",
]  # fmt: skip
