"""Who may do what with issues. Each verb returns nothing, or raises ``Refused`` with a sentence for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.delegations import deputies_of
from keshu.apps.bureau.services import Refused
from keshu.apps.plans.permissions.plans import BUREAU_KINDS, COUNTY_KINDS, PLANNING_ROLES

if TYPE_CHECKING:
    from datetime import date

    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import Issue

# Whose work it is to raise, to answer for and to close issues; the operator keeps the system, the auditor reads.
WORKING_ROLES = frozenset({"leader", "planner", "office_head", "clerk", "county_clerk"})
# Who speaks for an organisation where whoever raised an issue cannot.
HEAD_ROLES = frozenset({"leader", "planner", "office_head", "county_clerk"})
GOVERNMENT_KINDS = (*BUREAU_KINDS, *COUNTY_KINDS)


def is_working(user: User) -> bool:
    return bool(user.scope.roles & WORKING_ROLES) and "auditor" not in user.scope.roles


def is_planning(user: User) -> bool:
    """Leaders and the planning office."""
    return bool(user.scope.roles.intersection(PLANNING_ROLES)) and "auditor" not in user.scope.roles


def speaks_for(user: User, organisation: Organisation) -> bool:
    """Whether the person works in the organisation; leaders and the planning office speak for the bureau too."""
    if not is_working(user):
        return False
    return organisation.pk in user.scope.organisation_ids or (is_planning(user) and organisation.kind == "bureau")


def can_raise_issue(user: User, organisation: Organisation) -> None:
    """The people of a government organisation, in its name."""
    if not is_working(user):
        raise Refused("登记问题由科技部门和各责任单位的工作人员办理，您的账号只能查看。")
    if organisation.kind not in GOVERNMENT_KINDS or not speaks_for(user, organisation):
        raise Refused(f"您不在“{organisation}”任职，不能以它的名义登记问题。")


def can_assign_issue(user: User, issue: Issue) -> None:
    """Leaders and the planning office; whoever raised it, within the organisation it was raised for."""
    if not (is_planning(user) or speaks_for(user, issue.raised_for)):
        raise Refused("责任单位由规划办公室或局领导明确；提出单位只能在本单位内部明确责任。")


def can_assign_to(user: User, issue: Issue, owner: Organisation) -> None:
    """As `can_assign_issue`; outside the organisation it was raised for, only leaders and the planning office."""
    can_assign_issue(user, issue)
    if owner.kind not in GOVERNMENT_KINDS:
        raise Refused(f"“{owner}”不是政府部门，不能作为责任单位。")
    if not (is_planning(user) or owner.path.startswith(issue.raised_for.path)):
        raise Refused(f"“{owner}”不属于“{issue.raised_for}”，请由规划办公室或局领导明确责任单位。")


def can_correct_issue(user: User, issue: Issue) -> None:
    """The side that raised it, and the planning office."""
    if not (is_planning(user) or speaks_for(user, issue.raised_for)):
        raise Refused("问题的表述由提出单位或规划办公室修改。")


def can_fulfil_issue(user: User, issue: Issue) -> None:
    """The people of the organisation that answers for it."""
    sits = issue.owner_id is not None and user.scope.sits_in(issue.owner_id, *WORKING_ROLES)
    if not sits or not is_working(user):
        raise Refused(f"落实情况由责任单位“{issue.owner or '（未明确）'}”报送。")


def can_confirm_issue(user: User, issue: Issue, *, on: date) -> None:
    """Whoever raised it, never of their own proof; their deputy; where they have left or cannot, the head or planner."""
    author = author_of(issue)
    if user.pk == author:
        raise Refused("落实情况由您报送，请由提出单位的其他人确认。")
    is_present = issue.raised_by.is_active and speaks_for(issue.raised_by, issue.raised_for)
    if user.pk == issue.raised_by_id and is_present:
        return
    deputies = deputies_of(issue.raised_by_id, organisation_id=issue.raised_for_id, on=on)
    if user.pk in deputies and is_working(user):
        return
    is_head = is_working(user) and user.scope.sits_in(issue.raised_for_id, *HEAD_ROLES)
    stands_in = is_planning(user) or is_head
    if stands_in and (not is_present or deputies or author == issue.raised_by_id):
        return
    raise Refused(
        f"由提出人{issue.raised_by}确认；提出人离任、授权代理或本人报送落实情况的，由提出单位负责人或规划办公室确认。"
    )


def author_of(issue: Issue) -> int | None:
    """Who filed the last proof; asked for anew where it was not read along with the issue."""
    if hasattr(issue, "author_id"):
        return issue.author_id
    return issue.proofs.order_by("-pk").values_list("by_id", flat=True).first()


def can_cancel_issue(user: User, issue: Issue) -> None:
    """The side that raised it, and leaders and the planning office."""
    if not (is_planning(user) or speaks_for(user, issue.raised_for)):
        raise Refused("撤销问题由提出单位或规划办公室办理。")


def can_extend_issue(user: User, issue: Issue) -> None:
    """As for assigning; the organisation that answers for it asks for more time, it does not take it."""
    if is_planning(user):
        return
    if not speaks_for(user, issue.raised_for) or (
        issue.owner_id in user.scope.organisation_ids and issue.owner_id != issue.raised_for_id
    ):
        raise Refused("延期由规划办公室、局领导或提出单位办理，责任单位可以联系他们。")


def may_raise_issues(user: User) -> bool:
    """Whether to offer it at all."""
    return is_working(user) and user.scope.is_government
