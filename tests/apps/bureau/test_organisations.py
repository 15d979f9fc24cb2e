"""The tree of organisations: set up, renamed, moved, closed; its path follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, Organisation
from keshu.apps.bureau.queries import organisations as queries
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.organisations import (
    OrganisationFields,
    close_organisation,
    create_organisation,
    move_organisation,
    rename_organisation,
    reopen_organisation,
)

pytestmark = pytest.mark.django_db


def test_a_new_organisation_stands_last_under_its_parent() -> None:
    planner, bureau = make.person("planner"), make.bureau()
    make.office(name="高新技术处")
    row = create_organisation(OrganisationFields("  成果转化处 ", "", "office", bureau.pk), by=planner, at=AT)
    assert (row.name, row.short_name, row.path) == ("成果转化处", "成果转化处", f"{bureau.path}{row.pk}/")
    assert [ref.name for ref in queries.of_kinds(["office"], home=bureau, on=ON)] == ["高新技术处", "成果转化处"]
    entry = AuditEntry.objects.get(subject_type="bureau.organisation", action=AuditAction.CREATE)
    assert (entry.by, entry.organisation, entry.after["name"]) == (planner, row, "成果转化处")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (("", "", "office"), "name", "请填写单位全称"),
        (("高新技术处", "", "office"), "name", "已有“高新技术处”"),
        (("长" * 121, "短", "office"), "name", "最多 120 个字"),
        (("某企业", "", "enterprise"), "parent", "应设在市之下、县区之下、园区之下"),
        (("某市", "", "city"), "parent", "最上级"),
        (("某处", "", "planet"), "kind", "没有“planet”"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(fields: tuple[str, str, str], field: str, said: str) -> None:
    bureau = make.bureau()
    make.office(name="高新技术处")
    with pytest.raises(Unacceptable, match=said) as refusal:
        create_organisation(OrganisationFields(*fields, bureau.pk), by=make.person("planner"), at=AT)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "role", ["leader", "office_head", "clerk", "county_clerk", "enterprise", "expert", "bank", "auditor"]
)
def test_only_planning_office_and_operator_keep_the_tree(role: str) -> None:
    person, office = make.person(role), make.office()
    with pytest.raises(Refused, match="规划办公室"):
        create_organisation(OrganisationFields("成果转化处", "", "office", make.bureau().pk), by=person, at=AT)
    with pytest.raises(Refused, match="规划办公室"):
        rename_organisation(office, name="新名", short_name="", by=person, at=AT)
    with pytest.raises(Refused, match="规划办公室"):
        close_organisation(office, on=ON, by=person, at=AT, why="撤并")


def test_an_auditor_changes_nothing_whatever_else_they_are() -> None:
    person = make.person("auditor")
    person.memberships.create(organisation=make.bureau(), role="operator", from_on=ON)
    with pytest.raises(Refused, match="规划办公室"):
        rename_organisation(make.office(), name="新名", short_name="", by=person, at=AT)


def test_moving_takes_everything_beneath_along() -> None:
    city, operator = make.city(), make.person("operator")
    county, other = make.county(city=city), make.county(city=city)
    park = make.park(parent=county)
    firm = make.enterprise(parent=park)
    move_organisation(park, parent_id=other.pk, by=operator, at=AT, why="区划调整")
    firm.refresh_from_db()
    assert (park.path, firm.path) == (f"{other.path}{park.pk}/", f"{other.path}{park.pk}/{firm.pk}/")
    entry = AuditEntry.objects.get(action=AuditAction.UPDATE)
    assert (entry.before, entry.after, entry.why) == ({"parent": county.pk}, {"parent": other.pk}, "区划调整")


def test_an_organisation_cannot_stand_beneath_itself() -> None:
    operator = make.person("operator")
    county = make.county()
    park = make.park(parent=county)
    with pytest.raises(Unacceptable, match="应设在"):
        move_organisation(county, parent_id=park.pk, by=operator, at=AT)


def test_closing_waits_until_it_is_empty() -> None:
    operator, office = make.person("operator"), make.office(name="外国专家处")
    clerk = make.person("clerk", office)
    with pytest.raises(Unacceptable, match="请写明撤并的原因"):
        close_organisation(office, on=ON, by=operator, at=AT, why=" ")
    with pytest.raises(Unacceptable, match="还在“外国专家处”任职"):
        close_organisation(office, on=ON, by=operator, at=AT, why="机构改革")
    clerk.memberships.update(until_on=ON)
    close_organisation(office, on=ON, by=operator, at=AT, why="机构改革")
    assert office not in Organisation.objects.active(ON)
    assert office in Organisation.objects.active(date(2026, 3, 4))
    with pytest.raises(Unacceptable, match="已于 2026-03-05 撤并"):
        close_organisation(office, on=ON, by=operator, at=AT, why="再来一次")
    reopen_organisation(office, by=operator, at=AT, why="登记有误")
    assert office in Organisation.objects.active(ON)
    with pytest.raises(Unacceptable, match="请先调整或撤并它"):
        close_organisation(make.bureau(), on=ON, by=operator, at=AT, why="机构改革")


def test_a_bureau_set_up_alone_is_put_under_its_city_later() -> None:
    bureau = create_organisation(OrganisationFields("云澜市科学技术局", "市科技局", "bureau"), by=None, at=AT)
    operator = make.person("operator", bureau)
    office = create_organisation(OrganisationFields("高新技术处", "高新处", "office", bureau.pk), by=operator, at=AT)
    city = create_organisation(OrganisationFields("云澜市", "", "city"), by=operator, at=AT)
    move_organisation(bureau, parent_id=city.pk, by=operator, at=AT)
    office.refresh_from_db()
    assert office.path == f"/{city.pk}/{bureau.pk}/{office.pk}/"


def test_the_tree_and_its_members() -> None:
    site = make.site()
    (top,) = queries.organisation_tree(site.people["planner"], on=ON)
    assert top.organisation == site.city
    assert [str(node.organisation) for node in top.children][:1] == ["市科技局"]
    assert [str(ref) for ref in queries.of_kinds(["county"], home=site.gaoxin, on=ON)] == ["青岭县", "云湖区"]
    assert [str(ref) for ref in queries.of_kinds(["park"], home=site.bureau, on=ON)] == ["云澜高新区"]
    assert [str(row) for row in queries.ancestors_of(site.gaoxin)] == ["云澜市", "市科技局"]
    assert queries.organisation_by_id(site.park.pk) == site.park
    with pytest.raises(LookupError, match="no organisation 0"):
        queries.organisation_by_id(0)
    # An enterprise sees itself and the bureau; its parent is hidden, so both stand at the top.
    own = queries.organisation_tree(site.people["enterprise"], on=ON)
    assert {node.organisation for node in own} == {site.enterprise, site.bureau}


def test_the_pages_set_up_change_and_close(client: Client) -> None:
    bureau = make.bureau()
    client.force_login(make.person("planner"))
    page = client.post(
        reverse("bureau:organisation-create"),
        {"name": "成果转化处", "short_name": "成果处", "kind": "office", "parent": bureau.pk},
    )
    row = Organisation.objects.get(name="成果转化处")
    assert page["Location"] == reverse("bureau:organisation-detail", args=[row.pk])
    bad = client.post(reverse("bureau:organisation-create"), {"name": "", "kind": "office", "parent": ""})
    assert bad.status_code == 422
    assert "请填写单位全称" in bad.content.decode()
    client.post(
        reverse("bureau:organisation-edit", args=[row.pk]),
        {"name": "成果转化与区域处", "short_name": "成果处", "parent": bureau.pk, "why": "编办〔2026〕5号"},
    )
    row.refresh_from_db()
    assert row.name == "成果转化与区域处"
    detail = client.get(reverse("bureau:organisation-detail", args=[row.pk])).content.decode()
    assert "编办〔2026〕5号" in detail
    client.post(reverse("bureau:organisation-close", args=[row.pk]), {"on": "2026-03-05", "why": "机构改革"})
    row.refresh_from_db()
    assert row.closed_on == ON


def test_the_ledger_is_exported_as_shown_and_recorded(client: Client) -> None:
    make.office(name="高新技术处")
    person = make.person("planner")
    client.force_login(person)
    answer: Any = client.get(reverse("bureau:organisation-list"), {"kind": "office", "export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "高新技术处" in lines[1]
    entry = AuditEntry.objects.get(action=AuditAction.EXPORT)
    assert (entry.by, entry.subject_name, entry.after["台账"]) == (person, "单位", "bureau.organisations")
    answer = client.get(reverse("bureau:organisation-list"), {"export": "xlsx"})
    assert answer.content.startswith(b"PK")
    assert "filename*=UTF-8''%E5%8D%95%E4%BD%8D-" in answer["Content-Disposition"]


def test_a_list_to_choose_from_is_in_the_order_of_the_tree() -> None:
    """Twelve offices: by their paths, /1/10/ would stand before /1/2/."""
    site = make.site()
    for number in range(12):
        make.organisation("office", name=f"第{number:02}处", parent=site.bureau)
    found = queries.tree_choices(site.people["planner"], on=ON)
    names = [name for _, name in found]
    assert names[:2] == ["云澜市", f"　{site.bureau.name}"]
    offices = [name for name in names if name.startswith("　　第")]
    assert offices == [f"　　第{number:02}处" for number in range(12)]
    assert names.index(f"　　{site.gaoxin.name}") < names.index("　　第00处") < names.index(f"　{site.qingling.name}")
    kinds = [name for _, name in queries.tree_choices(site.people["planner"], on=ON, kinds=["bureau", "office"])]
    assert kinds[0] == site.bureau.name
    assert f"　{site.gaoxin.name}" in kinds


def test_selection_lists_follow_the_tree() -> None:
    site = make.site()
    fields = OrganisationFields("青岭县科技股", "", "office", site.qingling.pk)
    below = create_organisation(fields, by=site.people["planner"], at=AT)
    refs = [ref.id for ref in queries.choosable(site.people["operator"], on=ON, kinds=["county", "office"])]
    assert refs.index(below.pk) == refs.index(site.qingling.pk) + 1
    assert refs.index(site.guihua.pk) < refs.index(site.qingling.pk)
