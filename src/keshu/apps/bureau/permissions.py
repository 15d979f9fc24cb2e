"""Who may do what in the house itself. Each verb returns nothing, or raises ``Refused`` with a sentence for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied

from keshu.apps.bureau.models import ROBOT_ROLES, OrganisationKind, Role

if TYPE_CHECKING:
    from keshu.apps.bureau.models import GroupRobot, ImportRun, Job, Membership, Organisation, PaperCheck, User

# Who keeps the register of organisations, people and names: the planning office and the operator.
KEEPERS = (Role.PLANNER, Role.OPERATOR)
# Roles that only the operator gives and takes.
RESERVED_ROLES = (Role.LEADER, Role.AUDITOR, Role.OPERATOR)
# Whose word on what a document means by a name counts for the whole site.
NAMERS = (Role.LEADER, Role.PLANNER, Role.OPERATOR, Role.OFFICE_HEAD, Role.CLERK)
# Roles that may be lent to a deputy: those of the bureau's own work, never the operator's or the auditor's.
DELEGABLE_ROLES = (Role.LEADER, Role.PLANNER, Role.OFFICE_HEAD, Role.CLERK, Role.COUNTY_CLERK)

# Who may have the trail checked.
CHECKERS = (Role.AUDITOR, Role.OPERATOR)


class Refused(PermissionDenied):
    """The person may not do this. The message is Chinese and says who may."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def is_keeper(user: User) -> bool:
    """Planning office and operator; never an auditor, who only reads."""
    return user.scope.has(*KEEPERS) and not user.scope.has(Role.AUDITOR)


def can_manage_organisations(user: User) -> None:
    """Planning office and operator."""
    if not is_keeper(user):
        raise Refused("您不能修改单位信息，请联系规划办公室或系统管理员。")


def can_manage_people(user: User) -> None:
    """Planning office and operator."""
    if not is_keeper(user):
        raise Refused("您不能修改人员信息，请联系规划办公室或系统管理员。")


def can_grant_role(user: User, role: str) -> None:
    """As for people; leaders', auditors' and operators' roles are given by the operator alone."""
    can_manage_people(user)
    if role in RESERVED_ROLES and not user.scope.has(Role.OPERATOR):
        raise Refused(f"“{Role(role).label}”只能由系统管理员授予或收回。")


def grantable_roles(user: User) -> list[tuple[str, str]]:
    """The roles a person may give, with their names."""
    if not is_keeper(user):
        return []
    is_operator = user.scope.has(Role.OPERATOR)
    return [(value, str(label)) for value, label in Role.choices if is_operator or value not in RESERVED_ROLES]


def can_set_password(user: User, person: User) -> None:
    """Everybody their own; the operator anyone's; the planning office those of people without a reserved role."""
    if user.pk == person.pk or (user.scope.has(Role.OPERATOR) and not user.scope.has(Role.AUDITOR)):
        return
    can_manage_people(user)
    if person.scope.has(*RESERVED_ROLES):
        raise Refused("局领导、审计监督和系统管理员的密码只能由系统管理员重设。")


def is_operator(user: User) -> bool:
    return user.scope.has(Role.OPERATOR) and not user.scope.has(Role.AUDITOR)


def can_end_sessions(user: User, person: User) -> None:
    """Everybody their own; the operator anyone's."""
    if user.pk != person.pk and not is_operator(user):
        raise Refused("只能结束自己的登录；结束他人的登录，请联系系统管理员。")


def must_have_second_factor(user: User) -> bool:
    """Whether one of the person's roles is named in KESHU_TOTP_ROLES."""
    return bool(user.scope.roles & settings.TOTP_ROLES)


def can_reset_second_factor(user: User, person: User) -> None:
    """The operator, for others: one's own is switched off with password and code."""
    if not is_operator(user):
        raise Refused("两步验证只能由系统管理员重设。")
    if user.pk == person.pk:
        raise Refused("不能重设自己的两步验证。请在“个人设置”中关闭，或请另一位系统管理员办理。")


def is_namer(user: User) -> bool:
    return user.scope.has(*NAMERS) and not user.scope.has(Role.AUDITOR)


def can_remember_alias(user: User) -> None:
    """Leaders, planning office, operator and the bureau's offices: an alias holds for everybody's documents."""
    if user.scope.has(Role.AUDITOR):
        raise Refused("审计监督人员可以查看单位别名，不能登记、修改或导入。发现有误的，请告知规划办公室。")
    if not is_namer(user):
        raise Refused("单位别名对全局文件生效，只能由局机关人员登记。核对文件时，可以只为那一份文件指定单位。")


def may_share_with_everyone(user: User) -> bool:
    return user.scope.has(Role.LEADER, Role.PLANNER, Role.OPERATOR)


def may_delegate_for_others(user: User) -> bool:
    """Leaders and operators in their own right; one who only stands in for a leader may not lend on."""
    return bool(user.scope.own_roles & {Role.LEADER, Role.OPERATOR}) and not user.scope.has(Role.AUDITOR)


def can_delegate(user: User, membership: Membership) -> None:
    """The holder of the role; for them a leader or the operator. Never an auditor."""
    is_own = membership.user_id == user.pk and not user.scope.has(Role.AUDITOR)
    if not is_own and not may_delegate_for_others(user):
        raise Refused("授权代理由本人办理；本人不能办理时，由局领导或系统管理员代办。")


def can_share_with_everyone(user: User) -> None:
    """The planning office, leaders and operators: a view for everyone stands in everybody's menu."""
    if not may_share_with_everyone(user):
        raise Refused("只有局领导、规划办公室和系统管理员可以把视图设为全体人员可用。")


def can_upload(user: User, organisation: Organisation) -> None:
    """For one's own organisations and what lies beneath them; whole-site roles for any; auditors never."""
    scope = user.scope
    if not scope.roles or scope.has(Role.AUDITOR):
        raise Refused("您不能上传文件。审计监督人员只能查看；没有任职的账号请联系系统管理员。")
    is_own = organisation.pk in scope.organisation_ids or organisation.path.startswith(scope.paths)
    if not (scope.is_everything or is_own):
        raise Refused(f"您不能为“{organisation}”上传文件，只能为本单位上传。")


def can_check_paper(user: User) -> None:
    """Everybody with a role, auditors too: the file and what is found in it are for their own eyes."""
    if not user.scope.organisation_ids:
        raise Refused("您的账号还没有任职，不能上传文件，请联系系统管理员。")


def can_decide_paper_check(user: User, check: PaperCheck) -> None:
    """Whoever uploaded the file, and nobody else."""
    if check.created_by_id != user.pk:
        raise Refused("这份文件由他人上传，只有上传人可以查看和办理。")


def can_cancel_job(user: User, job: Job) -> None:
    """Whoever started it, and the operator."""
    if job.created_by_id != user.pk and not user.scope.has(Role.OPERATOR):
        raise Refused("只有发起人和系统管理员可以取消这项任务。")


def can_decide_import(user: User, run: ImportRun) -> None:
    """Whoever uploaded the workbook; what the ledger's own permissions say is asked besides."""
    if run.created_by_id != user.pk:
        raise Refused("这份表由他人上传，只能由上传人确认或放弃。")


def can_check_trail(user: User) -> None:
    """Auditors and the operator."""
    if not user.scope.has(*CHECKERS):
        raise Refused("核对办理记录由审计监督和系统管理员办理，您可以查看办理记录。")


def is_anchor_keeper(user: User) -> bool:
    return user.scope.has(Role.OPERATOR) and not user.scope.has(Role.AUDITOR)


def can_keep_anchor(user: User) -> None:
    """The operator; an auditor prints what is kept."""
    if not is_anchor_keeper(user):
        raise Refused("锚点由系统管理员留存，审计监督人员可以查看和打印。")


def may_resend_mails(user: User) -> bool:
    return user.scope.has(Role.OPERATOR) and not user.scope.has(Role.AUDITOR)


def can_resend_mails(user: User) -> None:
    """The operator, who can also mend what kept them from being sent."""
    if not may_resend_mails(user):
        raise Refused("只有系统管理员可以重新发送消息邮件。")


def can_keep_calendar(user: User) -> None:
    """Planning office and operator: it moves everybody's deadlines."""
    if not is_keeper(user):
        raise Refused("您不能修改工作日历，请联系规划办公室或系统管理员。")


def keeps_all_robots(user: User) -> bool:
    return user.scope.has(Role.PLANNER) and not user.scope.has(Role.AUDITOR)


def keeps_robots(user: User) -> bool:
    """Whether there is an organisation whose group robots the person looks after."""
    is_head = any(role in ROBOT_ROLES for _, role in user.scope.seats)
    return keeps_all_robots(user) or (is_head and not user.scope.has(Role.AUDITOR))


def may_keep_robot(user: User, robot: GroupRobot) -> bool:
    own = user.scope.sits_in(robot.organisation_id, *ROBOT_ROLES) and not user.scope.has(Role.AUDITOR)
    return keeps_all_robots(user) or own


def can_keep_robots(user: User, *, organisation: Organisation, hears: Organisation) -> None:
    """The planning office for every group; heads and county clerks for groups of their own organisation, which hear of it."""
    if keeps_all_robots(user):
        return
    if user.scope.has(Role.AUDITOR) or not user.scope.sits_in(organisation.pk, *ROBOT_ROLES):
        raise Refused("群机器人由规划办公室设置；处室负责人和县区（园区）经办可以设置本单位的。")
    if not hears.path.startswith(organisation.path):
        raise Refused(f"本单位的群只能收到{organisation}及下属单位的消息，不能设为“{hears}”。")


def can_keep_robot(user: User, robot: GroupRobot) -> None:
    can_keep_robots(user, organisation=robot.organisation, hears=robot.hears)


def reaches(organisation: Organisation, hears: Organisation) -> bool:
    """Whether a group of the organisation may hear of the other: itself and beneath; the bureau of its whole city."""
    is_own_city = organisation.kind == OrganisationKind.BUREAU and organisation.path.startswith(hears.path)
    return hears.path.startswith(organisation.path) or is_own_city
