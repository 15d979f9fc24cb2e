"""Who writes, issues, answers and closes supervision notices (督办单). What counts is the role held in the very organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import Verdict

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import SupervisionNotice

# Values of bureau's Role. The first supervise; the others answer where they sit, and the last of them are told when it is late.
SUPERVISING_ROLES = ("leader", "planner")
ANSWERING_ROLES = ("clerk", "office_head", "county_clerk", "planner", "leader")
HEAD_ROLES = ("office_head", "county_clerk")


def is_supervisor(user: User) -> bool:
    """The planning office and the leaders; auditors change nothing, whatever else they are."""
    roles = user.scope.roles
    return "auditor" not in roles and bool(roles.intersection(SUPERVISING_ROLES))


def is_answering(user: User, organisation: Organisation) -> bool:
    """Whether the person answers for the organisation, also as a deputy."""
    return "auditor" not in user.scope.roles and user.scope.sits_in(organisation.pk, *ANSWERING_ROLES)


def can_write_notice(user: User) -> None:
    """The planning office and the leaders."""
    if not is_supervisor(user):
        raise Refused("督办单由规划办公室或局领导起草、签发，您不能办理。")


def can_keep_notice(user: User, notice: SupervisionNotice) -> None:
    """Change, issue, extend, close, cancel: the planning office and the leaders."""
    can_write_notice(user)


def can_answer_notice(user: User, notice: SupervisionNotice) -> None:
    """Sign for and reply: the people of the addressee."""
    if not is_answering(user, notice.addressee):
        raise Refused(f"这份督办单由“{notice.addressee}”签收、办理，您不能代办。")


def can_judge_reply(user: User, notice: SupervisionNotice) -> None:
    """Accept or return: the planning office and the leaders, but never one's own reply."""
    can_write_notice(user)
    if any(reply.by_id == user.pk for reply in notice.replies.all() if reply.verdict == Verdict.WAITING):
        raise Refused("您报送的办理情况须由规划办公室或局领导中的另一人审核。")
