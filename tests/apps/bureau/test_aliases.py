"""What a name means is said once, kept, corrected and taken back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, OwnerAlias
from keshu.apps.bureau.queries.owners import may_remember, resolve_owner
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.owners import change_alias, forget_alias, remember_alias

pytestmark = pytest.mark.django_db


def test_what_is_remembered_is_resolved_from_then_on() -> None:
    planner, office, bureau = make.person("planner"), make.office(name="科技人才与合作处"), make.bureau()
    assert resolve_owner("外专中心", home=bureau, on=ON).organisations == ()
    alias = remember_alias(text=" 外专　中心", organisation_id=office.pk, by=planner, at=AT)
    assert alias.text == "外专中心"
    found = resolve_owner("外专中心", home=bureau, on=ON)
    assert ([ref.id for ref in found.organisations], found.certainty) == ([office.pk], "alias")
    remember_alias(text="外专中心", group=("county", "park"), by=planner, at=AT)
    assert OwnerAlias.objects.get().group == ["county", "park"]
    assert AuditEntry.objects.filter(subject_type="bureau.owneralias").count() == 2


@pytest.mark.parametrize("role", ["county_clerk", "enterprise", "institute", "expert", "bank", "auditor"])
def test_a_name_for_everybody_is_not_theirs_to_give(role: str) -> None:
    person = make.person(role)
    assert not may_remember(person)
    with pytest.raises(Refused, match="单位别名"):
        remember_alias(text="外专中心", group=("county",), by=person, at=AT)


@pytest.mark.parametrize("role", ["leader", "planner", "operator", "office_head", "clerk"])
def test_the_bureau_names(role: str) -> None:
    assert may_remember(make.person(role))


def test_a_name_means_one_thing() -> None:
    planner, office = make.person("planner"), make.office()
    with pytest.raises(Unacceptable, match="二者选一"):
        remember_alias(text="外专中心", by=planner, at=AT)
    with pytest.raises(Unacceptable, match="二者选一"):
        remember_alias(text="外专中心", organisation_id=office.pk, group=("county",), by=planner, at=AT)
    with pytest.raises(Unacceptable, match="没有“planet”"):
        remember_alias(text="外专中心", group=("planet",), by=planner, at=AT)
    with pytest.raises(Unacceptable, match="不存在"):
        remember_alias(text="外专中心", organisation_id=0, by=planner, at=AT)
    with pytest.raises(Unacceptable, match="请填写"):
        remember_alias(text=" ", organisation_id=office.pk, by=planner, at=AT)


def test_a_name_is_corrected_and_taken_back() -> None:
    planner, office = make.person("planner"), make.office()
    alias, other = make.alias("外专中心", office), make.alias("外专办", office)
    with pytest.raises(Unacceptable, match="已经登记过"):
        change_alias(alias, text="外专办", organisation_id=office.pk, by=planner, at=AT)
    change_alias(alias, text="外国专家中心", group=("unit",), by=planner, at=AT)
    alias.refresh_from_db()
    assert (alias.text, alias.organisation, alias.group) == ("外国专家中心", None, ["unit"])
    forget_alias(other, by=planner, at=AT)
    assert list(OwnerAlias.objects.values_list("text", flat=True)) == ["外国专家中心"]


def test_the_pages(client: Client) -> None:
    office = make.office(name="科技人才与合作处")
    client.force_login(make.person("clerk"))
    assert (
        client.post(reverse("bureau:alias-create"), {"text": "外专中心", "organisation": office.pk}).status_code == 302
    )
    alias = OwnerAlias.objects.get()
    page = client.get(reverse("bureau:alias-list")).content.decode()
    assert "外专中心" in page
    assert "科技人才与合作处" in page
    bad = client.post(reverse("bureau:alias-edit", args=[alias.pk]), {"text": "外专中心"})
    assert (bad.status_code, "二者选一" in bad.content.decode()) == (422, True)
    client.post(reverse("bureau:alias-edit", args=[alias.pk]), {"text": "外专中心", "group": ["county"]})
    assert "全部县区" in client.get(reverse("bureau:alias-list")).content.decode()
    client.post(reverse("bureau:alias-delete", args=[alias.pk]))
    assert not OwnerAlias.objects.exists()


def test_an_auditor_is_told_what_an_auditor_may(client: Client) -> None:
    client.force_login(make.person("auditor"))
    page = client.get(reverse("bureau:exchange-import", args=["bureau.aliases"]))
    assert page.status_code == 403
    assert "审计监督人员可以查看单位别名，不能登记、修改或导入" in page.content.decode()
