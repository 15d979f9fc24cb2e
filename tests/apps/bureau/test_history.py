"""The history of a row in pages, long values, and earlier states put back as new changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, Organisation, User
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.recorded_words import sections_told
from keshu.apps.bureau.services import Unacceptable, audit, organisations, owners, people
from keshu.apps.bureau.services.restoring import earlier_state, restore_state

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def renamed(office: Organisation, name: str, *, by: User, day: int = 0) -> AuditEntry:
    at = AT + timedelta(days=day)
    organisations.rename_organisation(office, name=name, short_name=name, by=by, at=at, why="机构改革")
    return AuditEntry.objects.order_by("-number")[0]


def test_a_long_history_comes_in_parts() -> None:
    planner, office = make.person("planner"), make.office(name="甲处")
    for number in range(45):
        renamed(office, f"甲{number}处", by=planner)
    client = client_of(planner)
    page = client.get(reverse("bureau:organisation-detail", args=[office.pk])).content.decode()
    assert page.count("修改</strong>") == 20
    first = history_of(office, planner)
    second = client.get(first.older).content.decode()
    assert second.count("修改</strong>") == 20
    assert "甲24处</del> → 甲25处" not in second
    assert "<del>甲23处</del> → 甲24处" in second
    last = history_of(office, planner, before=AuditEntry.objects.order_by("number")[4].number)
    assert (len(last), last.older) == (4, "")


def test_a_line_says_field_before_after_who_when_why() -> None:
    planner, office = make.person("planner", name="林静"), make.office(name="甲处", short_name="甲处")
    renamed(office, "乙处", by=planner)
    page = client_of(planner).get(reverse("bureau:organisation-detail", args=[office.pk])).content.decode()
    for words in ("名称", "<del>甲处</del> → 乙处", "林静", "2026-03-05 09:30", "机构改革", "恢复到此前状态"):
        assert words in page


def test_a_long_value_is_opened_on_demand() -> None:
    planner, office = make.person("planner"), make.office(name="甲处")
    audit.Recorder(by=planner, at=AT).note(
        action=AuditAction.UPDATE, subject=office, organisation=office, before={"name": "甲" * 70}, after={"name": "乙"}
    )
    page = client_of(planner).get(reverse("bureau:organisation-detail", args=[office.pk])).content.decode()
    assert "展开" in page
    assert "改前：" + "甲" * 70 in page


def test_who_sees_the_row_sees_its_history_but_not_who_signed_in_or_took_it_out() -> None:
    site = make.site()
    log = audit.Recorder(by=site.people["planner"], at=AT)
    log.update(site.gaoxin, organisation=site.gaoxin, name="高新技术与产业处")
    log.note(action=AuditAction.EXPORT, subject=site.gaoxin, organisation=site.gaoxin)
    assert [line.action for line in history_of(site.gaoxin, site.people["county_clerk"])] == ["修改"]
    assert [line.action for line in history_of(site.gaoxin, site.people["auditor"])] == ["导出", "修改"]
    assert len(history_of(site.people["planner"], site.people["county_clerk"])) == 0
    hidden = reverse("bureau:history", args=["bureau.organisation", site.other_enterprise.pk])
    assert client_of(site.people["enterprise"]).get(hidden).status_code == 404


def test_an_organisation_is_put_back_as_a_new_change() -> None:
    planner, office = make.person("planner"), make.office(name="甲处", short_name="甲处")
    entry = renamed(office, "乙处", by=planner)
    renamed(office, "丙处", by=planner, day=1)
    client = client_of(planner)
    address = reverse("bureau:entry-restore", args=[entry.pk])
    assert "<td>丙处</td><td>甲处</td>" in client.get(address).content.decode()
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "改错了"}).status_code == 302
    office.refresh_from_db()
    assert (office.name, office.short_name) == ("甲处", "甲处")
    last = AuditEntry.objects.about("bureau.organisation", office.pk)[0]
    assert (last.why, last.before["name"], last.after["name"]) == ("恢复到此前状态：改错了", "丙处", "甲处")
    assert AuditEntry.objects.about("bureau.organisation", office.pk).count() == 3


def test_a_closed_organisation_is_opened_again() -> None:
    planner, office = make.person("planner"), make.office(name="甲处")
    organisations.close_organisation(office, on=date(2026, 3, 5), by=planner, at=AT, why="撤并")
    restore_state(AuditEntry.objects.order_by("-number")[0], why="撤并有误", by=planner, at=AT)
    office.refresh_from_db()
    assert office.closed_on is None


def test_what_today_forbids_is_refused_with_a_reason() -> None:
    planner, office = make.person("planner"), make.office(name="甲处")
    entry = renamed(office, "乙处", by=planner)
    make.office(name="甲处")
    with pytest.raises(Unacceptable, match="已有“甲处”"):
        restore_state(entry, why="改错了", by=planner, at=AT)
    office.refresh_from_db()
    assert office.name == "乙处"


def test_an_alias_and_a_person_are_put_back() -> None:
    planner, office = make.person("planner"), make.office(name="甲处")
    alias = make.alias("甲科", office)
    owners.change_alias(alias, text="甲科室", group=("county",), by=planner, at=AT)
    restore_state(AuditEntry.objects.order_by("-number")[0], why="改错了", by=planner, at=AT)
    alias.refresh_from_db()
    assert (alias.text, alias.organisation, alias.group) == ("甲科", office, [])
    clerk = make.person("clerk", office, name="许诺")
    card = people.PersonFields("许诺诺", clerk.username, "0511-88880000")
    people.change_person(clerk, card, by=planner, at=AT)
    restore_state(AuditEntry.objects.order_by("-number")[0], why="改错了", by=planner, at=AT)
    clerk.refresh_from_db()
    assert (clerk.name, clerk.phone) == ("许诺", "")


def test_nothing_is_put_back_twice_or_without_right(client: Client) -> None:
    site = make.site()
    planner = site.people["planner"]
    entry = renamed(site.gaoxin, "乙处", by=planner)
    restore_state(entry, why="改错了", by=planner, at=AT)
    with pytest.raises(Unacceptable, match="不必恢复"):
        restore_state(entry, why="改错了", by=planner, at=AT)
    assert earlier_state(entry).changes == ()
    for role in ("auditor", "clerk", "leader"):
        address = reverse("bureau:entry-restore", args=[entry.pk])
        assert client_of(site.people[role]).post(address, {"why": "试试"}).status_code == 404


def test_a_download_a_reset_and_the_address_are_in_the_trail(settings: Any) -> None:
    site = make.site()
    attachment = make.attachment(organisation=site.gaoxin, by=site.people["clerk"], name="甲.txt")
    client = client_of(site.people["clerk"])
    assert client.get(reverse("bureau:attachment-download", args=[attachment.pk])).status_code == 200
    entry = AuditEntry.objects.order_by("-number")[0]
    assert (entry.action, entry.by, entry.subject_name) == ("download", site.people["clerk"], "甲.txt")
    people.set_password(site.people["clerk"], password="qingling-2026!", by=site.people["operator"], at=AT)
    assert AuditEntry.objects.order_by("-number")[0].why == "重设密码"


SECTIONS = [{"id": key, "title": title, "settings": {}} for key, title in zip("abcd", "甲乙丙丁", strict=True)]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("bacd", "“乙”上移到第 1 位"),
        ("acdb", "“乙”下移到第 4 位"),
        ("dabc", "“丁”上移到第 1 位"),
        ("acd", "删去“乙”"),
        ("abcd", ""),
    ],
)
def test_sections_tell_what_moved(order: str, told: str) -> None:
    assert sections_told(SECTIONS, [SECTIONS["abcd".index(key)] for key in order]) == told


def test_sections_tell_what_was_added_renamed_or_reckoned_otherwise() -> None:
    first, second, *rest = SECTIONS
    after = [{**first, "title": "戊"}, {**second, "settings": {"highlights": 5}}, {"id": "e", "title": "己"}, *rest]
    assert sections_told(SECTIONS, after) == "“甲”改名为“戊”；“乙”的取数规则改动；增加“己”，在第 3 位"
