"""People, their roles and passwords: who may give what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import AT, ON, PASSWORD, make

from keshu.apps.bureau.models import AuditEntry, Role, User
from keshu.apps.bureau.queries.people import demo_accounts, people_of
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.people import (
    PersonFields,
    change_person,
    create_person,
    end_role,
    grant_role,
    open_account,
    set_password,
    switch_account,
)

pytestmark = pytest.mark.django_db

LINJING = PersonFields("林静", "linjing", "0511-88880000", "linjing@example.cn")


def test_an_account_is_opened_and_its_password_never_written_down() -> None:
    planner = make.person("planner")
    person = create_person(LINJING, password=PASSWORD, by=planner, at=AT)
    assert person.check_password(PASSWORD)
    assert person.must_change_password
    entry = AuditEntry.objects.get(subject_id=str(person.pk))
    assert (entry.by, entry.after["username"], entry.after["password"]) == (planner, "linjing", "（不记录）")


@pytest.mark.parametrize(
    ("fields", "password", "field", "said"),
    [
        (PersonFields("", "linjing"), PASSWORD, "name", "请填写姓名"),
        (PersonFields("林静", "林静"), PASSWORD, "username", "英文字母"),
        (PersonFields("林静", "TAKEN"), PASSWORD, "username", "已有人使用"),
        (PersonFields("林静", "linjing", "八八八八"), PASSWORD, "phone", "填写的电话是“八八八八”"),
        (PersonFields("林静", "linjing", "", "linjing"), PASSWORD, "email", "填写的邮箱是“linjing”"),
        (PersonFields("林静", "linjing"), "short", "new_password1", "10"),
        (PersonFields("林静", "linjing"), "password123", "new_password1", "常见"),
        (PersonFields("林静", "linjing"), "LinJing12345", "new_password1", "与姓名、用户名或邮箱相近"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(fields: PersonFields, password: str, field: str, said: str) -> None:
    make.person("clerk", username="taken")
    with pytest.raises(Unacceptable, match=said) as refusal:
        create_person(fields, password=password, by=make.person("planner"), at=AT)
    assert refusal.value.field == field


def test_an_account_and_its_first_role_come_together_or_not_at_all() -> None:
    with pytest.raises(Unacceptable, match="应在处室"):
        open_account(
            LINJING,
            password=PASSWORD,
            organisation=make.county(),
            role="clerk",
            by=make.person("planner"),
            at=AT,
            on=ON,
        )
    assert not User.objects.filter(username="linjing").exists()


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ("planner", "operator")])
def test_only_planning_office_and_operator_keep_people(role: str) -> None:
    by, other = make.person(role), make.person("clerk")
    for act in (
        lambda: create_person(LINJING, password=PASSWORD, by=by, at=AT),
        lambda: change_person(other, LINJING, by=by, at=AT),
        lambda: set_password(other, password=PASSWORD, by=by, at=AT),
        lambda: switch_account(other, is_active=False, by=by, at=AT, why="调离"),
        lambda: grant_role(other, organisation=make.bureau(), role="planner", from_on=ON, by=by, at=AT),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.parametrize("role", ["leader", "auditor", "operator"])
def test_high_roles_are_the_operators_to_give_and_to_take(role: str) -> None:
    planner, operator, person, bureau = (
        make.person("planner"),
        make.person("operator"),
        make.person(None),
        make.bureau(),
    )
    with pytest.raises(Refused, match="只能由系统管理员"):
        grant_role(person, organisation=bureau, role=role, from_on=ON, by=planner, at=AT)
    row = grant_role(
        person, organisation=bureau, role=role, from_on=date(2020, 1, 1), by=operator, at=AT, why="任免通知"
    )
    assert role in person.scope.roles
    with pytest.raises(Refused, match="只能由系统管理员"):
        end_role(row, until_on=ON + timedelta(days=1), by=planner, at=AT)
    with pytest.raises(Refused, match="只能由系统管理员"):
        switch_account(person, is_active=False, by=planner, at=AT, why="调离")
    with pytest.raises(Refused, match="只能由系统管理员"):
        set_password(person, password=PASSWORD, by=planner, at=AT)
    end_role(row, until_on=ON + timedelta(days=1), by=operator, at=AT)
    assert row.until_on == date(2026, 3, 6)


def test_a_role_is_held_once_and_where_it_belongs() -> None:
    planner, office, person = make.person("planner"), make.office(name="高新技术处"), make.person(None)
    grant_role(person, organisation=office, role="clerk", from_on=ON, by=planner, at=AT)
    with pytest.raises(Unacceptable, match="已在“高新技术处”任处室经办"):
        grant_role(person, organisation=office, role="clerk", from_on=ON + timedelta(days=9), by=planner, at=AT)
    with pytest.raises(Unacceptable, match=r"应在县区、园区任职，“高新技术处”是处室"):
        grant_role(person, organisation=office, role="county_clerk", from_on=ON, by=planner, at=AT)
    closed = make.office(closed_on=ON)
    with pytest.raises(Unacceptable, match="已撤并"):
        grant_role(person, organisation=closed, role="clerk", from_on=ON, by=planner, at=AT)


def test_the_last_operator_stays() -> None:
    operator = make.person("operator")
    (row,) = operator.memberships.all()
    with pytest.raises(Unacceptable, match="最后一位系统管理员"):
        end_role(row, until_on=ON, by=operator, at=AT)
    make.person("operator")
    end_role(row, until_on=ON, by=operator, at=AT)


def test_the_form_that_ends_a_role_begun_today_proposes_a_day_that_is_accepted(client: Client) -> None:
    today = timezone.localdate()
    person = make.person(None)
    operator, office = make.person("operator"), make.office(name="高新技术处")
    row = grant_role(person, organisation=office, role="clerk", from_on=today, by=operator, at=AT)
    client.force_login(operator)
    address = reverse("bureau:role-end", args=[row.pk])
    proposed = client.get(address).context["form"].initial["until_on"]
    assert proposed == today + timedelta(days=1)
    with pytest.raises(Unacceptable, match=f"最早填 {proposed:%Y-%m-%d}。登错了的要当天停下，请先停用账号"):
        end_role(row, until_on=today, by=operator, at=AT)
    assert client.post(address, {"until_on": f"{proposed:%Y-%m-%d}", "why": ""}).status_code == 302
    row.refresh_from_db()
    assert row.until_on == proposed


def test_an_ended_role_gives_no_scope_any_more() -> None:
    office = make.office()
    yesterday = date.today() - timedelta(days=1)
    person = make.person("clerk", office, until_on=yesterday)
    assert person.scope.roles == frozenset()
    future = make.person("clerk", office, from_on=date.today() + timedelta(days=1))
    assert future.scope.organisation_ids == frozenset()


def test_a_password_given_is_changed_by_its_person() -> None:
    planner, clerk = make.person("planner"), make.person("clerk")
    set_password(clerk, password="qingling-2026!", by=planner, at=AT)
    assert (clerk.must_change_password, clerk.check_password("qingling-2026!")) == (True, True)
    set_password(clerk, password="yunhu-2026-keshu", by=clerk, at=AT)
    assert (clerk.must_change_password, clerk.check_password("yunhu-2026-keshu")) == (False, True)
    assert not AuditEntry.objects.filter(after__icontains="qingling-2026").exists()


def test_an_account_is_switched_off_with_a_reason_and_never_ones_own() -> None:
    operator, clerk = make.person("operator"), make.person("clerk")
    with pytest.raises(Unacceptable, match="请写明"):
        switch_account(clerk, is_active=False, by=operator, at=AT, why="")
    with pytest.raises(Unacceptable, match="自己的账号"):
        switch_account(operator, is_active=False, by=operator, at=AT, why="试试")
    switch_account(clerk, is_active=False, by=operator, at=AT, why="调离本局")
    clerk.refresh_from_db()
    assert not clerk.is_active


def test_who_works_in_an_office() -> None:
    office = make.office(name="高新技术处", short_name="高新处")
    head, clerk = make.person("office_head", office, name="陈立"), make.person("clerk", office, name="吴小芸")
    make.person("clerk", office, is_active=False)
    refs = people_of([office.pk], on=ON)
    assert [(ref.id, ref.name, ref.organisation) for ref in refs] == [
        (head.pk, "陈立", "高新处"),
        (clerk.pk, "吴小芸", "高新处"),
    ]
    assert [ref.name for ref in people_of([office.pk], on=ON, roles=["office_head"])] == ["陈立"]


def test_demo_accounts_are_named_only_where_data_are_demo() -> None:
    make.person("clerk")
    assert demo_accounts(on=ON) == ()
    make.person("office_head", make.office(is_demo=True), username="head", name="陈立", is_demo=True)
    assert [(a.username, a.name, a.role) for a in demo_accounts(on=ON)] == [("head", "陈立", "处室负责人")]


def test_the_pages_open_change_and_end(client: Client) -> None:
    office, planner = make.office(), make.person("planner")
    client.force_login(planner)
    data = {
        "name": "林静",
        "username": "linjing",
        "new_password1": PASSWORD,
        "organisation": office.pk,
        "role": "clerk",
    }
    answer = client.post(reverse("bureau:person-create"), data)
    person = User.objects.get(username="linjing")
    assert answer["Location"] == reverse("bureau:person-detail", args=[person.pk])
    again = client.post(reverse("bureau:person-create"), data)
    assert again.status_code == 422
    assert "已有人使用" in again.content.decode()
    offered = dict(again.context["form"].fields["role"].choices)
    assert "operator" not in offered
    client.post(
        reverse("bureau:person-edit", args=[person.pk]),
        {"name": "林静宜", "username": "linjing", "phone": "", "email": ""},
    )
    person.refresh_from_db()
    assert person.name == "林静宜"
    grant = {"organisation": office.pk, "role": "office_head", "from_on": "2026-03-01"}
    assert client.post(reverse("bureau:role-create", args=[person.pk]), grant).status_code == 302
    row = person.memberships.get(role="office_head")
    assert client.post(reverse("bureau:role-end", args=[row.pk]), {"until_on": "2026-02-01"}).status_code == 422
    assert client.post(reverse("bureau:role-end", args=[row.pk]), {"until_on": "2026-04-01"}).status_code == 302
    answer = client.post(reverse("bureau:person-switch", args=[person.pk]), {"why": "调离本局"})
    assert answer.status_code == 302
    page = client.get(reverse("bureau:person-detail", args=[person.pk])).content.decode()
    assert "已停用" in page
    assert "调离本局" in page


def test_a_form_tells_everything_that_is_wrong_at_once(client: Client) -> None:
    client.force_login(make.person("operator"))
    given = {"name": "", "username": "a b", "phone": "abc", "email": "x", "new_password1": "123", "role": ""}
    page = client.post(reverse("bureau:person-create"), given)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {
        "name", "username", "phone", "email", "new_password1", "organisation", "role",
    }  # fmt: skip
    page = client.post(reverse("bureau:account"), {"phone": "abc", "email": "x"})
    assert set(page.context["form"].errors) == {"phone", "email"}


def test_a_new_accounts_history_speaks_of_no_framework(client: Client) -> None:
    operator, office = make.person("operator"), make.office()
    client.force_login(operator)
    given = {"name": "何新", "username": "hexin", "new_password1": "yunlan-office-77", "organisation": office.pk}
    client.post(reverse("bureau:person-create"), {**given, "role": "clerk"})
    person = User.objects.get(username="hexin")
    text = client.get(reverse("bureau:person-detail", args=[person.pk])).content.decode()
    assert "账号可以登录" in text
    assert not any(word in text for word in ("超级用户状态", "工作人员状态", "加入日期", "有效</"))
