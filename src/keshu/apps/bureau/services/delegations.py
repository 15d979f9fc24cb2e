"""Delegation (授权代理): a person lends one of their roles to a deputy for some days; it ends by itself or is withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from keshu.apps.bureau.models import Membership, Role, User
from keshu.apps.bureau.permissions import DELEGABLE_ROLES, can_delegate
from keshu.apps.bureau.queries.delegations import LONGEST, own_body
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.personal_notices import tell_delegated, tell_withdrawn
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import MembershipQuerySet


def delegate_role(
    membership: Membership,
    *,
    deputy: User,
    from_on: date,
    until_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> Membership:
    """Lend a role to a deputy from that day until before `until_on`. The person themself, a leader or the operator.

    Unacceptable: a role that is lent itself or may not be lent, more than 90 days, a day gone by, a deputy outside the same
    body, one who has the role, or a second deputy for the same days.
    """
    can_delegate(by, membership)
    today = timezone.localtime(at).date()
    if not reason.strip():
        raise Unacceptable("请写明事由，例如：赴外地学习。", field="reason")
    _check_role(membership)
    _check_days(membership, from_on, until_on, today=today)
    with transaction.atomic():
        _check_deputy(membership, deputy, from_on, until_on, by=by, today=today)
        row = Membership(
            user=deputy, organisation=membership.organisation, role=membership.role, from_on=from_on, until_on=until_on,
            on_behalf_of=membership, reason=reason.strip(),
        )  # fmt: skip
        audit.Recorder(by=by, at=at, why=reason.strip()).create(row, organisation=membership.organisation)
        tell_delegated(row, by=by, at=at)
    deputy.__dict__.pop("scope", None)
    return row


def withdraw_delegation(delegation: Membership, *, by: User, at: datetime, why: str = "") -> Membership:
    """End a delegation at once (收回). Its principal, a leader or the operator. Unacceptable when it is over already."""
    if delegation.on_behalf_of is None:
        raise Unacceptable("这不是代理，不能收回。")
    can_delegate(by, delegation.on_behalf_of)
    today = timezone.localtime(at).date()
    if delegation.until_on is not None and delegation.until_on <= max(today, delegation.from_on):
        raise Unacceptable("这项代理已经结束，不用收回。")
    with transaction.atomic():
        end_delegation(delegation, on=today, log=audit.Recorder(by=by, at=at, why=why or "收回代理"))
        tell_withdrawn(delegation, by=by, at=at)
    return delegation


def end_delegations(membership: Membership, *, on: date, log: audit.Recorder) -> None:
    """End what was lent of a role that itself ends on that day. For use inside its transaction."""
    for row in membership.delegations.filter(until_on__gt=on).select_related("user", "organisation"):
        if row.until_on is not None and row.until_on > row.from_on:
            end_delegation(row, on=on, log=log)


def end_delegation(delegation: Membership, *, on: date, log: audit.Recorder) -> None:
    """From that day on the deputy has the role no longer; one that had not begun never begins."""
    log.update(delegation, organisation=delegation.organisation, until_on=max(on, delegation.from_on))
    delegation.user.__dict__.pop("scope", None)


def _check_role(membership: Membership) -> None:
    if membership.on_behalf_of_id is not None:
        raise Unacceptable("代理来的角色不能再转授给别人。", field="membership")
    if membership.role not in DELEGABLE_ROLES:
        raise Unacceptable(f"“{Role(membership.role).label}”不能授权代理。", field="membership")


def _check_days(membership: Membership, from_on: date, until_on: date, *, today: date) -> None:
    if from_on < today:
        raise Unacceptable(f"代理不能从过去开始，最早填今天（{today:%Y-%m-%d}）。", field="from_on")
    if until_on <= from_on:
        raise Unacceptable("代理最后一天不能早于开始的日期。", field="until_on")
    if (days := (until_on - from_on).days) > LONGEST:
        raise Unacceptable(f"共 {days} 天，一次代理最长 {LONGEST} 天。到期后可以再办。", field="until_on")
    if membership.from_on > from_on or (membership.until_on is not None and membership.until_on < until_on):
        raise Unacceptable("代理的日期超出了本人的任职时间。", field="until_on")


def _check_deputy(
    membership: Membership, deputy: User, from_on: date, until_on: date, *, by: User, today: date
) -> None:
    if deputy.pk == membership.user_id:
        raise Unacceptable("不能由本人代理本人，请选择另一个人。", field="deputy")
    if deputy.pk == by.pk:
        raise Unacceptable("替别人办理时，不能指定自己代理，请由本人办理。", field="deputy")
    held = deputy.memberships.current(today)
    body = own_body(membership.organisation)
    if not deputy.is_active or not held.filter(organisation__path__startswith=body.path).exists():
        raise Unacceptable(f"代理人应是“{body}”现有的人员，请重新选择。", field="deputy")
    if held.filter(role=Role.AUDITOR).exists():
        raise Unacceptable("审计监督人员只能查看，不能作代理人。", field="deputy")
    same = Membership.objects.filter(organisation=membership.organisation, role=membership.role)
    if _meeting(same.filter(user=deputy), from_on, until_on).exists():
        raise Unacceptable(f"{deputy}这段时间已有这个角色，不用代理。", field="deputy")
    if other := _meeting(membership.delegations.all(), from_on, until_on).select_related("user").first():
        raise Unacceptable(f"这段时间已由{other.user}代理，请先收回。", field="from_on")


def _meeting(rows: MembershipQuerySet, from_on: date, until_on: date) -> MembershipQuerySet:
    """Those that hold on any of the days."""
    some = Q(until_on__isnull=True) | Q(until_on__gt=from_on)
    return rows.filter(some, from_on__lt=until_on)
