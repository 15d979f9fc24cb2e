"""Who sees what, row by row of the table “Who uses it” in the design, as far as its models exist."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db.models import Model
from tests.factories import make

from keshu.apps.bureau.models import Attachment, Job, Membership, Organisation, OwnerAlias, SavedView, StoredFile, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def sees(user: User, row: Model) -> bool:
    return type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["leader", "planner", "auditor", "operator"])
def test_whole_site_roles_see_everything(site: SimpleNamespace, role: str) -> None:
    user = site.people[role]
    file = make.attachment(organisation=site.other_enterprise)
    assert user.scope.is_everything
    assert Organisation.objects.visible_to(user).count() == Organisation.objects.count()
    assert User.objects.visible_to(user).count() == User.objects.count()
    assert sees(user, file)
    assert sees(user, file.file)


def test_a_line_office_does_not_see_another_offices_files(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    own, other = make.attachment(organisation=site.gaoxin), make.attachment(organisation=site.guihua)
    assert (sees(clerk, own), sees(clerk, other)) == (True, False)
    assert list(StoredFile.objects.visible_to(clerk)) == [own.file]


def test_a_county_does_not_see_another_countys_files(site: SimpleNamespace) -> None:
    clerk = site.people["county_clerk"]
    own, other = make.attachment(organisation=site.qingling), make.attachment(organisation=site.yunhu)
    assert (sees(clerk, own), sees(clerk, other)) == (True, False)


@pytest.mark.parametrize("role", ["office_head", "clerk", "county_clerk"])
def test_government_people_know_the_government_tree_and_each_other(site: SimpleNamespace, role: str) -> None:
    user = site.people[role]
    assert sees(user, site.yunhu)
    assert sees(user, site.finance)
    assert not sees(user, site.enterprise)
    assert sees(user, site.people["leader"])
    assert not sees(user, site.people["enterprise"])
    assert OwnerAlias.objects.visible_to(user).count() == OwnerAlias.objects.count()


@pytest.mark.parametrize("role", ["enterprise", "institute", "expert", "bank"])
def test_those_outside_see_themselves_and_the_bureau(site: SimpleNamespace, role: str) -> None:
    user = site.people[role]
    make.alias("各县区", group=("county",))
    (seat,) = user.memberships.all()
    stranger = make.person("enterprise", site.other_enterprise)
    assert set(Organisation.objects.visible_to(user)) == {seat.organisation, site.bureau}
    assert not sees(user, stranger)
    assert not sees(user, site.people["leader"])
    assert not sees(user, make.attachment(organisation=site.other_enterprise))
    assert list(OwnerAlias.objects.visible_to(user)) == []
    assert set(Membership.objects.visible_to(user)) == {seat}


def test_colleagues_of_one_enterprise_share_their_files(site: SimpleNamespace) -> None:
    colleague = make.person("enterprise", site.enterprise)
    file = make.attachment(organisation=site.enterprise, by=site.people["enterprise"])
    assert sees(colleague, file)
    assert sees(colleague, site.people["enterprise"])


def test_experts_of_one_institute_do_not_learn_who_else_reviews(site: SimpleNamespace) -> None:
    """Reviewers know the people of their own institute, as colleagues do, and no expert of another one."""
    first = make.person("expert", make.institute())
    second = make.person("expert", make.institute())
    assert not sees(first, second)


def test_jobs_are_ones_own_but_for_auditor_and_operator(site: SimpleNamespace) -> None:
    job = make.job(by=site.people["clerk"])
    seen = {role for role, person in site.people.items() if sees(person, job)}
    assert seen == {"clerk", "auditor", "operator"}
    assert Job.objects.count() == 1


def test_saved_views_are_shared_within_an_organisation_only(site: SimpleNamespace) -> None:
    owner = site.people["office_head"]
    private = SavedView.objects.create(owner=owner, ledger="x", name="甲", query="")
    shared = SavedView.objects.create(owner=owner, organisation=site.gaoxin, ledger="x", name="乙", query="")
    assert {role for role, person in site.people.items() if sees(person, private)} == {"office_head"}
    assert {role for role, person in site.people.items() if sees(person, shared)} == {"office_head", "clerk"}


def test_nobody_without_a_role_sees_anybody_else(site: SimpleNamespace) -> None:
    nobody = make.person(None)
    assert list(User.objects.visible_to(nobody)) == [nobody]
    assert list(Attachment.objects.visible_to(nobody)) == []
    assert list(Organisation.objects.visible_to(nobody)) == [site.bureau]


def test_the_scope_is_read_once_for_each_person(site: SimpleNamespace, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=site.people["clerk"].pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert user.scope is user.scope
