"""Accounts and roles. Nobody is deleted: an account is switched off, a role ends on a day."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from keshu.apps.bureau.models import Membership, Organisation, OrganisationKind, Role, User
from keshu.apps.bureau.permissions import KEEPERS, can_grant_role, can_manage_people, can_set_password
from keshu.apps.bureau.services import audit, personal_notices, sign_in_sessions, token_ends
from keshu.apps.bureau.services.delegations import end_delegations
from keshu.apps.bureau.services.refusals import Refusals, Refused, Unacceptable, refuse_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HOME = (OrganisationKind.CITY, OrganisationKind.BUREAU, OrganisationKind.OFFICE, OrganisationKind.UNIT)
# In which kinds of organisation each role is held.
SEATS: Mapping[str, tuple[str, ...]] = {
    Role.LEADER: (OrganisationKind.BUREAU,),
    Role.PLANNER: (OrganisationKind.BUREAU, OrganisationKind.OFFICE),
    Role.OFFICE_HEAD: (OrganisationKind.OFFICE, OrganisationKind.UNIT),
    Role.CLERK: (OrganisationKind.OFFICE, OrganisationKind.UNIT),
    Role.COUNTY_CLERK: (OrganisationKind.COUNTY, OrganisationKind.PARK),
    Role.ENTERPRISE: (OrganisationKind.ENTERPRISE,),
    Role.INSTITUTE: (OrganisationKind.INSTITUTE,),
    Role.EXPERT: (OrganisationKind.INSTITUTE, OrganisationKind.ENTERPRISE, OrganisationKind.AGENCY, *_HOME),
    Role.BANK: (OrganisationKind.BANK, OrganisationKind.AGENCY),
    Role.AUDITOR: (*_HOME, OrganisationKind.DEPARTMENT),
    Role.OPERATOR: _HOME,
}
PASSWORD_RULES = ("至少 10 个字符", "不能全是数字", "不能是常见密码", "不能与姓名或用户名相近")
PASSWORD_RULE = f"{'，'.join(PASSWORD_RULES)}。"
PASSWORD_FAULTS = {
    "password_too_short": "不足 10 个字符",
    "password_entirely_numeric": "全是数字",
    "password_too_common": "太常见",
    "password_too_similar": "与姓名、用户名或邮箱相近",
}
# Random first passwords: letters and digits that nobody mistakes for another, 69 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY3467"
RANDOM_LENGTH, RANDOM_ITERATIONS = 12, 20_000
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,29}")
PHONE = re.compile(r"[0-9+() -]{5,30}")
TELLING = 4  # a shorter user name stands in many a password by chance


@dataclass(frozen=True, slots=True)
class PersonFields:
    """What a person's card holds."""

    name: str
    username: str
    phone: str = ""
    email: str = ""


def create_person(
    fields: PersonFields,
    *,
    password: str | None,
    by: User | None,
    at: datetime,
    must_change: bool = True,
    is_demo: bool = False,
) -> User:
    """Open an account. Planning office and operator; `by` None: the system itself.

    The password is told to the person, who must change it at the first sign-in unless `must_change` is off. None: nobody can
    sign in until one is given (`give_first_passwords`).
    """
    if by is not None:
        can_manage_people(by)
    refuse_all(person_faults(fields, password=password))
    person = User(**_card(fields), must_change_password=must_change, is_demo=is_demo)
    person.set_password(password)
    with transaction.atomic():
        return audit.Recorder(by=by, at=at).create(person, organisation=None)


def open_account(
    fields: PersonFields,
    *,
    password: str | None,
    organisation: Organisation,
    role: str,
    by: User,
    at: datetime,
    on: date,
) -> User:
    """An account together with its first role from that day; both or neither. Refusals: see the two."""
    can_manage_people(by)
    faults = Refusals()
    with faults.trying():
        refuse_all(person_faults(fields, password=password))
    with faults.trying():
        check_role(role, organisation=organisation, from_on=on, by=by)
    faults.settle()
    with transaction.atomic():
        person = create_person(fields, password=password, by=by, at=at)
        grant_role(person, organisation=organisation, role=role, from_on=on, by=by, at=at)
    return person


def change_person(person: User, fields: PersonFields, *, by: User, at: datetime, why: str = "") -> User:
    """Change the card. Planning office and operator."""
    can_manage_people(by)
    refuse_all(person_faults(fields, but=person.pk))
    return audit.Recorder(by=by, at=at, why=why).update(person, organisation=_seat(person), **_card(fields))


def change_contact(person: User, *, phone: str, email: str, at: datetime) -> User:
    """Change one's own telephone and e-mail address. The name and user name are kept by the planning office and the operator."""
    refuse_all(_contact_faults(phone, email))
    values = {"phone": phone.strip(), "email": email.strip()}
    return audit.Recorder(by=person, at=at).update(person, organisation=_seat(person), **values)


def set_password(person: User, *, password: str, by: User, at: datetime, session_key: str = "") -> User:
    """Set a password: one's own, or another's, who must then change it at the next sign-in. Who may: see ``can_set_password``.

    All sessions of the person end, except the one with `session_key`; set by another, their tokens too.
    """
    can_set_password(by, person)
    refuse_all(_password_faults(password, person))
    is_own = by.pk == person.pk
    if is_own and person.check_password(password):
        raise Unacceptable("新密码与现用密码相同，请换一个。", field="new_password1")
    log = audit.Recorder(by=by, at=at, why="修改本人密码" if is_own else "重设密码")
    fresh = User(username=person.username)
    fresh.set_password(password)
    with transaction.atomic():
        log.update(person, organisation=_seat(person), password=fresh.password, must_change_password=not is_own)
        sign_in_sessions.end_after(person, by=by, at=at, why=log.why, but_key=session_key if is_own else "")
        if not is_own:
            token_ends.revoke_after(person, by=by, at=at, why=log.why)
        personal_notices.tell_password_reset(person, by=by, at=at)
    return person


def give_first_passwords(people: Iterable[User], *, by: User, at: datetime) -> list[tuple[User, str]]:
    """A random first password for each of these who has none yet, told once and kept nowhere. Who may: ``can_set_password``."""
    given, log = [], audit.Recorder(by=by, at=at, why="发放初始密码")
    with transaction.atomic():
        for person in people:
            if person.has_usable_password():
                continue
            can_set_password(by, person)
            password = "".join(secrets.choice(LETTERS) for _ in range(RANDOM_LENGTH))
            log.update(person, organisation=_seat(person), password=_hashed(password), must_change_password=True)
            given.append((person, password))
    return given


def _hashed(password: str) -> str:
    """Of a random password: it cannot be guessed at any speed, so that a long list need not take minutes; the first sign-in
    hashes it anew.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=RANDOM_ITERATIONS)
    return make_password(password)


def switch_account(person: User, *, is_active: bool, by: User, at: datetime, why: str) -> User:
    """Switch an account off (nobody can sign in with it, its sessions and tokens end) or on again. Planning office and operator.

    A reason is required.
    """
    can_manage_people(by)
    for membership in person.memberships.current(at.date()):
        can_grant_role(by, membership.role)
    if not why.strip():
        raise Unacceptable("请写明停用或启用的原因，例如：调离本局。", field="why")
    if person.pk == by.pk and not is_active:
        raise Unacceptable("不能停用自己的账号，请由另一位管理员办理。", field="why")
    with transaction.atomic():
        audit.Recorder(by=by, at=at, why=why).update(person, organisation=_seat(person), is_active=is_active)
        if not is_active:
            sign_in_sessions.end_after(person, by=by, at=at, why="停用账号")
            token_ends.revoke_after(person, by=by, at=at, why="停用账号")
    return person


def grant_role(
    person: User, *, organisation: Organisation, role: str, from_on: date, by: User | None, at: datetime, why: str = ""
) -> Membership:
    """Give a role in an organisation from that day. Planning office and operator; some roles the operator alone.

    Unacceptable when the role is not held in that kind of organisation, or the person holds it already.
    """
    if by is not None and by.pk == person.pk and not by.scope.own_roles & set(KEEPERS):
        raise Refused("代理期间不能给自己授予角色，请由委托人或另一位管理员办理。")
    check_role(role, organisation=organisation, from_on=from_on, by=by)
    with transaction.atomic():
        held = person.memberships.own().filter(organisation=organisation, role=role)
        if held.current(from_on).exists() or held.filter(from_on__gte=from_on).exists():
            raise Unacceptable(f"{person}已在“{organisation}”任{Role(role).label}。", field="role")
        row = Membership(user=person, organisation=organisation, role=role, from_on=from_on)
        audit.Recorder(by=by, at=at, why=why).create(row, organisation=organisation)
        personal_notices.tell_role_granted(row, by=by, at=at)
    person.__dict__.pop("scope", None)
    return row


def check_role(role: str, *, organisation: Organisation, from_on: date, by: User | None) -> None:
    """Whether the role may be given there at all, to whomever; `grant_role` says what it refuses."""
    if role not in Role.values:
        raise Unacceptable(f"没有“{role}”这个角色，请重新选择。", field="role")
    if by is not None:
        can_grant_role(by, role)
    if organisation.kind not in SEATS[role]:
        places = "、".join(OrganisationKind(kind).label for kind in SEATS[role])
        raise Unacceptable(
            f"“{Role(role).label}”应在{places}任职，“{organisation}”是{organisation.get_kind_display()}。",
            field="organisation",
        )
    if organisation.closed_on is not None and organisation.closed_on <= from_on:
        raise Unacceptable(f"“{organisation}”已撤并，请选择现有单位。", field="organisation")


def check_end(*, from_on: date, until_on: date) -> None:
    """A role ends after the day it began."""
    if until_on <= from_on:
        earliest = from_on + timedelta(days=1)
        raise Unacceptable(
            f"任职从 {from_on:%Y-%m-%d} 开始，最早填 {earliest:%Y-%m-%d}。登错了的要当天停下，请先停用账号。",
            field="until_on",
        )


def end_role(membership: Membership, *, until_on: date, by: User, at: datetime, why: str = "") -> Membership:
    """End a role; `until_on` is the first day without it. Who may give the role may end it."""
    can_grant_role(by, membership.role)
    if membership.on_behalf_of_id is not None:
        raise Unacceptable("这是授权代理，请在“授权代理”中收回。", field="until_on")
    check_end(from_on=membership.from_on, until_on=until_on)
    if membership.role == Role.OPERATOR and not _other_operators(membership, on=until_on):
        raise Unacceptable("这是最后一位系统管理员，请先授予另一人。", field="until_on")
    log = audit.Recorder(by=by, at=at, why=why)
    with transaction.atomic():
        log.update(membership, organisation=membership.organisation, until_on=until_on)
        end_delegations(membership, on=until_on, log=log)
        personal_notices.tell_role_ended(membership, by=by, at=at)
    membership.user.__dict__.pop("scope", None)
    return membership


def _other_operators(membership: Membership, *, on: date) -> bool:
    others = Membership.objects.current(on).filter(role=Role.OPERATOR, user__is_active=True)
    return others.exclude(user_id=membership.user_id).exists()


def person_faults(fields: PersonFields, *, password: str | None = None, but: int | None = None) -> list[Unacceptable]:
    """All that is wrong with a card, and with a password for it; `but` is the person whose card it is."""
    name, username = fields.name.strip(), fields.username.strip()
    found = []
    if not name:
        found.append(Unacceptable("请填写姓名。", field="name"))
    elif len(name) > 60:
        found.append(Unacceptable(f"姓名有 {len(name)} 个字，最多 60 个字。", field="name"))
    if not USERNAME.fullmatch(username):
        told = "用户名用 2 到 30 个英文字母、数字、点、横线或下划线，以字母或数字开头，例如 linjing。"
        found.append(Unacceptable(told, field="username"))
    elif User.objects.filter(username__iexact=username).exclude(pk=but).exists():
        found.append(Unacceptable(f"用户名“{username}”已有人使用，请换一个。", field="username"))
    found += _contact_faults(fields.phone, fields.email)
    if password is not None:
        found += _password_faults(password, User(name=name, username=username, email=fields.email.strip()))
    return found


def _contact_faults(phone: str, email: str) -> list[Unacceptable]:
    phone, email, found = phone.strip(), email.strip(), []
    if phone and not PHONE.fullmatch(phone):
        told = f"填写的电话是“{phone}”，请只填数字和 + - ( )，例如 0511-88880000。"
        found.append(Unacceptable(told, field="phone"))
    try:
        if email:
            validate_email(email)
    except ValidationError:
        found.append(Unacceptable(f"填写的邮箱是“{email}”，格式应如 linjing@example.cn。", field="email"))
    return found


def _card(fields: PersonFields) -> dict[str, str]:
    return {
        "name": fields.name.strip(), "username": fields.username.strip(), "phone": fields.phone.strip(),
        "email": fields.email.strip(),
    }  # fmt: skip


def _password_faults(password: str, person: User) -> list[Unacceptable]:
    codes = []
    try:
        validate_password(password, person)
    except ValidationError as error:
        codes = [each.code or "" for each in error.error_list]
    # Django measures likeness over the whole length and lets clerk12345 pass for the user clerk.
    holds_username = len(person.username) >= TELLING and person.username.lower() in password.lower()
    if holds_username and "password_too_similar" not in codes:
        codes.append("password_too_similar")
    if not codes:
        return []
    faults = "、".join(PASSWORD_FAULTS[code] for code in codes)
    return [Unacceptable(f"这个密码{faults}。请换一个：{PASSWORD_RULE}", field="new_password1")]


def _seat(person: User) -> int | None:
    """Whose row a person's card is, for the trail: the organisation of their latest role."""
    return person.memberships.order_by("-from_on", "-pk").values_list("organisation_id", flat=True).first()
