"""Who writes, releases and withdraws bulletins. Each verb returns nothing, or raises ``Refused`` with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused

if TYPE_CHECKING:
    from keshu.apps.briefings.models import Appraisal, Bulletin, FactCheck
    from keshu.apps.bureau.models import Organisation, User

COUNTY_KINDS = ("county", "park")


def is_editor(user: User, organisation: Organisation) -> bool:
    """The planning office and the leaders write the bureau's bulletins, a county clerk those of the own county or park."""
    roles = user.scope.roles
    if "auditor" in roles:
        return False
    if organisation.kind in COUNTY_KINDS:
        return user.scope.sits_in(organisation.pk, "county_clerk")
    return bool(roles.intersection(("planner", "leader")))


def can_compose(user: User, organisation: Organisation) -> None:
    """Editors of the organisation's bulletins."""
    if not is_editor(user, organisation):
        raise Refused(f"“{organisation}”的通报由规划办公室、局领导编写，县区、园区的由本单位经办人编写。")


def can_write(user: User, bulletin: Bulletin) -> None:
    can_compose(user, bulletin.organisation)


def can_release(user: User, bulletin: Bulletin) -> None:
    """A leader; in a county or park its clerk. Not whoever submitted it, where somebody else is asked for."""
    can_compose(user, bulletin.organisation)
    if bulletin.organisation.kind not in COUNTY_KINDS and "leader" not in user.scope.roles:
        raise Refused("通报由局领导签发。")


SCORED_ROLES = ("office_head", "clerk", "county_clerk", "planner", "leader")


def is_appraiser(user: User) -> bool:
    """The planning office and the leaders, never an auditor."""
    return bool(user.scope.roles.intersection(("planner", "leader"))) and "auditor" not in user.scope.roles


def can_appraise(user: User, appraisal: Appraisal | None = None) -> None:
    """Set up the year's appraisal, its scheme and its marks; answer objections."""
    if not is_appraiser(user):
        raise Refused("年度考核由规划办公室、局领导组织，您不能修改。")


def can_release_appraisal(user: User, appraisal: Appraisal) -> None:
    """A leader, as for bulletins."""
    can_appraise(user)
    if "leader" not in user.scope.roles:
        raise Refused("考核结果由局领导公布。")


def can_object(user: User, organisation_id: int) -> None:
    """People of the scored organisation itself."""
    if "auditor" in user.scope.roles or not user.scope.sits_in(organisation_id, *SCORED_ROLES):
        raise Refused("异议由被考核单位的人员提出。")


def can_reckon(user: User, appraisal: Appraisal) -> None:
    """Bring the figures up to date: whoever may see them, auditors only read."""
    if "auditor" in user.scope.roles:
        raise Refused("审计监督人员只能查看，不能重新计算。")


def can_check_facts(user: User) -> None:
    """People of the government tree and those who read everything: the ledger is theirs to see. The result is for themselves."""
    if not (user.scope.is_government or user.scope.is_everything):
        raise Refused("核对稿件供科技部门及各责任单位使用，您的账号不能查看台账。")


def can_decide_fact_check(user: User, check: FactCheck) -> None:
    """Whoever brought the draft, and nobody else."""
    can_check_facts(user)
    if check.created_by_id != user.pk:
        raise Refused("这份稿件由他人提交，只有提交人可以查看和办理。")
