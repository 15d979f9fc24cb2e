"""Delegations (授权代理): what a person lent and stands in for, and for whom somebody acted when the trail was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from keshu.apps.bureau.models import AuditAction, AuditEntry, Membership, Organisation, OrganisationKind, Role, User
from keshu.apps.bureau.permissions import DELEGABLE_ROLES, may_delegate_for_others

# The most days that a delegation may last.
LONGEST = 90
SIGNING = (AuditAction.SIGN_IN, AuditAction.SIGN_OUT, AuditAction.SIGN_IN_REFUSED)
BODIES = (OrganisationKind.BUREAU, OrganisationKind.COUNTY, OrganisationKind.PARK, OrganisationKind.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A delegation as a page lists it. `last_on` is its last day; `state` one of 未开始, 代理中, 已结束, 已收回."""

    id: int
    principal: User
    deputy: User
    organisation: Organisation
    role: str
    from_on: date
    last_on: date
    reason: str
    state: str
    may_withdraw: bool

    @property
    def tone(self) -> str:
        return {"代理中": "on-track", "未开始": "unknown"}.get(self.state, "done")


def delegations_of(person: User, *, on: date, viewer: User, everybodys: bool = False) -> list[DelegationLine]:
    """Those the person gave and those given to them, the latest first; with `everybodys` all that `viewer` may see."""
    rows = Membership.objects.visible_to(viewer).delegated()
    if not everybodys:
        rows = rows.filter(Q(user=person) | Q(on_behalf_of__user=person))
    may_all = may_delegate_for_others(viewer)
    rows = rows.select_related("user", "organisation", "on_behalf_of__user").order_by("-from_on", "-pk")
    return [_line(row, on=on, viewer=viewer, may_all=may_all) for row in rows]


def _line(row: Membership, *, on: date, viewer: User, may_all: bool) -> DelegationLine:
    assert row.on_behalf_of is not None  # only delegated rows come here
    assert row.until_on is not None
    is_over = row.until_on <= max(on, row.from_on)
    principal = row.on_behalf_of.user
    return DelegationLine(
        id=row.pk,
        principal=principal,
        deputy=row.user,
        organisation=row.organisation,
        role=str(row.get_role_display()),
        from_on=row.from_on,
        last_on=max(row.until_on - timedelta(days=1), row.from_on),
        reason=row.reason,
        state=_state(row, on=on, is_over=is_over),
        may_withdraw=not is_over and (may_all or principal.pk == viewer.pk),
    )


def _state(row: Membership, *, on: date, is_over: bool) -> str:
    if row.until_on == row.from_on:
        return "已收回"
    if is_over:
        return "已结束"
    return "代理中" if row.from_on <= on else "未开始"


def lendable_roles(user: User, *, on: date) -> list[Membership]:
    """The roles the person may lend: their own, and for leaders and operators everybody's."""
    rows = Membership.objects.visible_to(user).current(on).own().filter(role__in=DELEGABLE_ROLES, user__is_active=True)
    if not may_delegate_for_others(user):
        rows = rows.filter(user=user)
    return list(rows.select_related("user", "organisation").order_by("organisation__position", "user__name", "pk"))


def possible_deputies(memberships: Sequence[Membership], *, but: User, on: date) -> list[User]:
    """People of the same bodies who could stand in: not the one who asks, nor those who only watch or run the site."""
    paths = {own_body(row.organisation).path for row in memberships}
    near = Q(pk__in=[])
    for path in paths:
        near |= Q(organisation__path__startswith=path)
    seats = Membership.objects.current(on).filter(near).order_by()
    watching = Membership.objects.current(on).filter(role__in=[Role.AUDITOR, Role.OPERATOR]).order_by()
    people = User.objects.filter(is_active=True, pk__in=seats.values("user")).exclude(pk__in=watching.values("user"))
    return list(people.exclude(pk=but.pk).order_by("name", "pk"))


def own_body(organisation: Organisation) -> Organisation:
    """The bureau, county, park or department that an organisation belongs to; itself where there is none."""
    if organisation.kind in BODIES:
        return organisation
    ids = [int(part) for part in organisation.path.strip("/").split("/")]
    found = Organisation.objects.filter(pk__in=ids, kind__in=BODIES).order_by("-path").first()
    return found or organisation


def acted_for(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """By entry: for whom its person stood in, in the entry's organisation on that day. One query, none without entries.

    Everybody signs in for themselves.
    """
    entries = [entry for entry in entries if entry.action not in SIGNING]
    people = {entry.by_id for entry in entries if entry.by_id is not None and entry.organisation_id is not None}
    if not people:
        return {}
    rows = Membership.objects.delegated().filter(user__in=people).select_related("on_behalf_of__user")
    held: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    for row in rows:
        held[row.user_id, row.organisation_id].append(row)
    found = {}
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        for row in held.get((entry.by_id or 0, entry.organisation_id or 0), ()):
            if row.from_on <= day < (row.until_on or date.max) or row.from_on == row.until_on == day:
                found[entry.pk] = str(row.on_behalf_of.user) if row.on_behalf_of else ""
    return found


def signed(entry: AuditEntry, acting: dict[int, str]) -> str:
    """Who did it, in words: 李四（代张三）."""
    name = str(entry.by) if entry.by is not None else "系统"
    return f"{name}（代{acting[entry.pk]}）" if acting.get(entry.pk) else name


def deputies_of(person_id: int, *, organisation_id: int, on: date) -> frozenset[int]:
    """The people who hold that person's role in the organisation for them on that day. One query."""
    rows = Membership.objects.current(on).delegated().filter(organisation_id=organisation_id, user__is_active=True)
    return frozenset(rows.filter(on_behalf_of__user_id=person_id).values_list("user_id", flat=True))
