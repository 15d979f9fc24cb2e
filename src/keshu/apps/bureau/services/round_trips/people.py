"""Staff to Excel and back: a row for each role somebody holds, with the person's card."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.models import ImportRow, ImportRun, Membership, Role, User
from keshu.apps.bureau.permissions import can_manage_people
from keshu.apps.bureau.services.exchange import (
    Access,
    CurrentRow,
    Do,
    Field,
    FieldKind,
    FollowUp,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    register,
)
from keshu.apps.bureau.services.people import (
    PersonFields,
    change_person,
    check_end,
    check_role,
    create_person,
    end_role,
    grant_role,
    person_faults,
)
from keshu.apps.bureau.services.refusals import Refusals, Unacceptable, refuse_all
from keshu.apps.bureau.services.round_trips.sittings import Seat
from keshu.apps.bureau.services.unique_values import let_go

CARD = ("username", "name", "phone", "email")
MOVE = "换岗位：在这一行填“任职止”，另起一行登记新的任职。"
FIELDS = (
    Field(
        "username", "用户名", is_required=True, width=16, longest=30,
        help="登录用，英文字母、数字、点、横线或下划线，例如 linjing。",
    ),
    Field("name", "姓名", is_required=True, width=12, longest=60),
    Field("phone", "联系电话", width=16, longest=30),
    Field("email", "邮箱", width=24, longest=254),
    Field(
        "organisation", "任职单位", FieldKind.ORGANISATION, Access.CREATE, is_required=True, width=30, wrap=True, fixed=MOVE,
        help="写单位的全称或简称；有重名时写“上级／名称”。",
    ),
    Field(
        "role", "角色", FieldKind.CHOICE, Access.CREATE, is_required=True, width=18, fixed=MOVE,
        choices=tuple((str(value), str(label)) for value, label in Role.choices),
    ),
    Field("from_on", "任职起", FieldKind.DATE, Access.CREATE, width=13, fixed=MOVE, help="不填则为导入当天。"),
    Field("until_on", "任职止", FieldKind.DATE, width=13, help="从这一天起不再担任；在任的不填。"),
    Field("account", "账号", access=Access.READ, width=10, help="停用和启用账号请在人员页办理，需要写明原因。"),
)  # fmt: skip


class _People(Seat):
    title = "人员"

    @property
    def back(self) -> str:
        return reverse("bureau:person-list")

    def current(self) -> list[CurrentRow]:
        """A row for each role, ended ones unlisted; and one for each person, listed where they hold none."""
        people = {row.pk: row for row in User.objects.visible_to(self.by).order_by("name", "pk")}
        held = Membership.objects.filter(user__in=User.objects.visible_to(self.by)).order_by(
            "user__name", "user_id", "-from_on", "pk"
        )
        found, seated = [], set()
        for row in held:
            person, ended = people[row.user_id], row.until_on is not None and row.until_on <= self.on
            seated.add(row.user_id)
            seat = self.names.text_of(row.organisation_id)
            values = {
                **_card(person), "organisation": seat, "role": row.role, "from_on": row.from_on, "until_on": row.until_on,
            }  # fmt: skip
            label = f"{person.name}（{seat} {row.get_role_display()}）"
            exact, open_one = (
                (_key(person.username), seat, row.role, row.from_on),
                (_key(person.username), seat, row.role),
            )
            known = (exact,) if ended else (exact, open_one)
            found.append(CurrentRow(f"m{row.pk}", values, label, (person, row), is_listed=not ended, identities=known))
        for person in people.values():
            values = {**_card(person), "organisation": "", "role": "", "from_on": None, "until_on": None}
            is_seated = person.pk in seated
            found.append(
                CurrentRow(
                    f"u{person.pk}", values, person.name, (person, None), is_listed=not is_seated, has_token=False
                )
            )
        return found

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        person, seat, role = _key(values["username"]), values["organisation"], values["role"]
        if not person:
            return []
        if not seat and not role:
            return [(person,)]
        exact = [(person, seat, role, values["from_on"])] if values["from_on"] else []
        return [*exact, (person, seat, role)]

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        with transaction.atomic():
            work = _Work(self, task)
            with let_go(work.leaving, "username"):
                yield work.do


@dataclass
class _Work:
    """The changes of one workbook as they are carried out, row by row, by the services for people."""

    sitting: _People
    task: Task
    people: dict[str, User] = field(default_factory=dict)
    by_number: dict[int, User] = field(default_factory=dict)
    leaving: list[User] = field(default_factory=list)
    told: dict[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Who is leaving a user name that another row takes up bears it no longer."""
        self.by_number = {person.pk: person for person in User.objects.visible_to(self.sitting.by)}
        changes = self.task.changes
        wanted = {_key(each.values["username"]) for each in changes if each.is_new or "username" in each.changed}
        numbers = {each.current.subject[0].pk for each in self.task.leaving("username") if each.current}
        self.leaving = [person for pk, person in self.by_number.items() if pk in numbers]
        self.leaving = [person for person in self.leaving if _key(person.username) in wanted]
        away = {person.pk for person in self.leaving}
        self.people = {_key(person.username): person for pk, person in self.by_number.items() if pk not in away}

    @property
    def at(self) -> datetime:
        return self.task.at

    @property
    def why(self) -> str:
        return self.task.why

    def do(self, change: RowChange) -> None:
        with transaction.atomic():
            if change.current is None:
                self._enter(change)
            else:
                person, membership = change.current.subject
                faults = Refusals()
                with faults.trying():
                    self._correct(self.by_number.get(person.pk, person), change, change.changed)
                if "until_on" in change.changed:
                    with faults.trying():
                        self._end(membership, change.values["until_on"])
                faults.settle()

    def _enter(self, change: RowChange) -> None:
        """A new role, with a new account where there is none."""
        values, by = change.values, self.sitting.by
        person = self.people.get(_key(values["username"]))
        card = PersonFields(values["name"], values["username"], values["phone"], values["email"])
        from_on = values["from_on"] or self.sitting.on
        faults = Refusals()
        with faults.trying():
            self._check_told(change)
        with faults.trying():
            if person is None:
                refuse_all(person_faults(card))
            else:
                self._correct(person, change, [key for key in CARD if values[key]])
        with faults.trying():
            if not values["organisation"]:
                raise Unacceptable("请填写任职单位。", field="organisation")
            organisation = self.sitting.organisation_named(values["organisation"])
            check_role(values["role"], organisation=organisation, from_on=from_on, by=by)
        with faults.trying():
            if values["until_on"]:
                check_end(from_on=from_on, until_on=values["until_on"])
        faults.settle()
        if person is None:
            person = create_person(card, password=None, by=by, at=self.at)
            self.people[_key(person.username)] = person
        membership = grant_role(
            person, organisation=organisation, role=values["role"], from_on=from_on, by=by, at=self.at, why=self.why
        )
        if values["until_on"]:
            self._end(membership, values["until_on"])

    def _check_told(self, change: RowChange) -> None:
        """Rows of one new person must agree about the card."""
        number, card = self.told.setdefault(_key(change.values["username"]), (change.number, change.values))
        for key, label in (("name", "姓名"), ("phone", "联系电话"), ("email", "邮箱")):
            if change.values[key] and card[key] and change.values[key] != card[key]:
                raise Unacceptable(
                    f"与第 {number} 行同是“{change.values['username']}”，但{label}不同（那一行是“{card[key]}”），请改成一致。",
                    field=key,
                )

    def _correct(self, person: User, change: RowChange, keys: Any) -> None:
        wanted = {key: change.values[key] for key in CARD if key in keys}
        present = _card(person)
        if any(present[key] != value for key, value in wanted.items()):
            fields = PersonFields(**{key: wanted.get(key, present[key]) for key in CARD})
            before = _key(person.username)
            changed = change_person(person, fields, by=self.sitting.by, at=self.at)
            if self.people.get(before) is person:
                del self.people[before]
            self.people[_key(changed.username)] = changed

    def _end(self, membership: Membership | None, until_on: date | None) -> None:
        if membership is None:
            raise Unacceptable("这个人还没有任职，请先填任职单位和角色。", field="until_on")
        if until_on is None:
            raise Unacceptable("已经登记的任职止不能清空；重新任职请另起一行登记。", field="until_on")
        end_role(membership, until_on=until_on, by=self.sitting.by, at=self.at, why=self.why)


def _card(person: User) -> dict[str, str]:
    state = "可登录" if person.is_active else "已停用"
    return {
        "username": person.username, "name": person.name, "phone": person.phone, "email": person.email, "account": state,
    }  # fmt: skip


def _key(username: str) -> str:
    return username.strip().lower()


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    can_manage_people(by)
    return _People(by, at)


def people_without_password(run: ImportRun, user: User) -> list[User]:
    """Those whose accounts a saved import opened and who have no password yet."""
    rows = ImportRow.objects.filter(run=run, state="new").values_list("differences", flat=True)
    label = FIELDS[0].label
    names = {after for differences in rows for word, _, after in differences if word == label}
    found = User.objects.visible_to(user).filter(username__in=names, is_active=True).order_by("name", "pk")
    return [person for person in found if not person.has_usable_password()]


def follow_up(run: ImportRun, user: User) -> FollowUp | None:
    count = len(people_without_password(run, user))
    if not count:
        return None
    text = f"新开通的 {count} 个账号还没有初始密码。名单只给出一次，系统不保存密码，请下载后分发给本人。"
    return FollowUp(text, "生成初始密码名单", reverse("bureau:import-passwords", args=[run.pk]))


PEOPLE = register(
    RoundTrip(
        key="bureau.people", noun="人员", fields=FIELDS, keys=("username",), sit=sit, follow_up=follow_up,
        hints="一个人有几个任职就写几行。新开通的账号在导入后统一生成初始密码。",
    )
)  # fmt: skip
