"""Offices renamed, merged and split: others take over, and everything past stays under the old names."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, Membership, Organisation, OwnerAlias, SavedView, Succession, User
from keshu.apps.bureau.queries.lineage import heirs_of, lineage_of
from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.queries.owners import resolve_owner
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.organisations import OrganisationFields, create_organisation, reopen_organisation
from keshu.apps.bureau.services.reorganisation import Outcome, Shares, Successor, rehearse, reorganise

NONE = Shares()
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def new_office(site: SimpleNamespace, name: str, short: str = "") -> OrganisationFields:
    return OrganisationFields(name, short, "office", site.bureau.pk)


def act(
    site: SimpleNamespace, *before: Organisation, into: list[Successor], on: date = ON, shares: Shares = NONE
) -> Outcome:
    by = site.people["planner"]
    return reorganise(
        predecessors=before, successors=into, on=on, reason="云编〔2026〕8号", by=by, at=AT, shares=shares
    )


def seats(person: User) -> list[tuple[str, str, date, date | None]]:
    rows = Membership.objects.filter(user=person).select_related("organisation").order_by("from_on", "pk")
    return [(str(row.organisation), row.role, row.from_on, row.until_on) for row in rows]


def test_a_renamed_office_is_a_new_row_and_its_people_go_along(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    outcome = act(site, site.gaoxin, into=[new_office(site, "高新技术与产业处", "高产处")])
    (new,) = outcome.successors
    site.gaoxin.refresh_from_db()
    assert (outcome.kind, site.gaoxin.name, site.gaoxin.closed_on) == ("renamed", "高新技术处", ON)
    assert (new.parent, new.position, new.path) == (site.bureau, site.gaoxin.position, f"{site.bureau.path}{new.pk}/")
    assert seats(clerk) == [
        ("高新处", "clerk", date(2020, 1, 1), ON),
        ("高产处", "clerk", ON, None),
    ]
    assert [ref.name for ref in choosable(site.people["planner"], on=ON, kinds=["office"])] == [
        "高新技术与产业处",
        "规划与资源配置处",
    ]


def test_old_names_in_documents_mean_the_successor(site: SimpleNamespace) -> None:
    make.alias("高企处", site.gaoxin)
    (new,) = act(site, site.gaoxin, into=[new_office(site, "科技企业处", "企业处")]).successors
    for text in ("高新技术处", "高新处", "高企处"):
        found = resolve_owner(text, home=site.bureau, on=ON)
        assert [ref.id for ref in found.organisations] == [new.pk], text
        assert found.certainty == "alias"


def test_a_name_that_another_office_bears_becomes_no_alias(site: SimpleNamespace) -> None:
    county_office = make.organisation("office", name="办公室", parent=site.qingling)
    own = make.office(name="办公室")
    act(site, own, into=[new_office(site, "综合处")])
    assert not OwnerAlias.objects.filter(text="办公室").exists()
    assert resolve_owner("办公室", home=site.qingling, on=ON).organisations[0].id == county_office.pk


def test_a_merger_into_an_existing_office_joins_people_names_and_views(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    view = SavedView.objects.create(owner=clerk, organisation=site.gaoxin, ledger="x", name="本处视图", query="q=1")
    outcome = act(site, site.gaoxin, into=[site.guihua])
    view.refresh_from_db()
    assert (outcome.kind, outcome.successors, view.organisation) == ("merged", (site.guihua,), site.guihua)
    assert seats(clerk)[-1] == ("规划处", "clerk", ON, None)
    assert {(line.noun, line.name) for line in outcome.handed_over} >= {
        ("单位别名", "高新处"),
        ("共享视图", "本处视图"),
        ("人员", f"{clerk}（处室经办）"),
    }


def test_who_held_the_same_role_in_both_holds_it_once(site: SimpleNamespace) -> None:
    both = make.person("clerk", site.gaoxin)
    both.memberships.create(organisation=site.guihua, role="clerk", from_on=date(2021, 1, 1))
    act(site, site.gaoxin, site.guihua, into=[new_office(site, "综合规划处")])
    assert [seat for seat in seats(both) if seat[3] is None] == [("综合规划处", "clerk", ON, None)]


def test_a_split_sends_everybody_where_they_were_sent(site: SimpleNamespace) -> None:
    head, clerk = site.people["office_head"], site.people["clerk"]
    moved = clerk.memberships.get()
    shares = Shares(people={moved.pk: 1})
    outcome = act(
        site, site.gaoxin, into=[new_office(site, "高新技术处", "高新处"), new_office(site, "企业处")], shares=shares
    )
    assert outcome.kind == "split"
    assert seats(head)[-1][0] == "高新处"
    assert seats(clerk)[-1][0] == "企业处"
    assert Membership.objects.get(user=head, until_on=None).organisation == outcome.successors[0]
    assert not OwnerAlias.objects.filter(organisation__in=outcome.successors).exists()


def test_those_beneath_follow_with_all_beneath_them(site: SimpleNamespace) -> None:
    park = make.park(parent=site.qingling)
    body = make.enterprise(parent=park)
    county = OrganisationFields("青岭区科学技术局", "青岭区", "county", site.city.pk)
    (new,) = act(site, site.qingling, into=[county]).successors
    body.refresh_from_db()
    assert body.path == f"{new.path}{park.pk}/{body.pk}/"
    assert site.people["county_clerk"].memberships.filter(organisation=new, until_on=None).exists()


def test_a_role_not_begun_yet_begins_in_the_successor(site: SimpleNamespace) -> None:
    person = make.person("clerk", site.gaoxin, from_on=ON + timedelta(days=9))
    act(site, site.gaoxin, into=[new_office(site, "企业处")])
    assert seats(person) == [("企业处", "clerk", ON + timedelta(days=9), None)]


def test_everything_is_in_the_trail_with_the_reason(site: SimpleNamespace) -> None:
    before = AuditEntry.objects.count()
    act(site, site.gaoxin, into=[new_office(site, "企业处")])
    new = AuditEntry.objects.all()[: AuditEntry.objects.count() - before]
    told = [(entry.subject_type, entry.action) for entry in new if entry.why == "云编〔2026〕8号"]
    # closed; the succession; two people out and in; two aliases
    assert sorted(told) == sorted([
        ("bureau.organisation", "update"), ("bureau.succession", "create"), ("bureau.membership", "update"),
        ("bureau.membership", "update"), ("bureau.membership", "create"), ("bureau.membership", "create"),
        ("bureau.owneralias", "create"), ("bureau.owneralias", "create"),
    ])  # fmt: skip


def test_a_rehearsal_tells_all_and_changes_nothing(site: SimpleNamespace) -> None:
    def rows() -> tuple[int, ...]:
        tables = (Organisation, Membership, OwnerAlias, AuditEntry, Succession)
        return tuple(table.objects.count() for table in tables)

    before = rows()
    outcome = rehearse(
        predecessors=[site.gaoxin], successors=[new_office(site, "企业处")], on=ON, reason="改革",
        by=site.people["planner"], at=AT,
    )  # fmt: skip
    site.gaoxin.refresh_from_db()
    assert [line.noun for line in outcome.handed_over] == ["人员", "人员", "单位别名", "单位别名"]
    assert rows() == before
    assert site.gaoxin.closed_on is None


def test_the_line_is_told_from_either_end_and_leads_to_the_living(site: SimpleNamespace) -> None:
    (one,) = act(site, site.gaoxin, into=[new_office(site, "企业处")]).successors
    (two,) = act(site, one, site.guihua, into=[new_office(site, "综合处")]).successors
    parts = act(site, two, into=[new_office(site, "甲处"), new_office(site, "乙处")]).successors
    for end in (site.gaoxin, parts[1]):
        steps = lineage_of(end.pk).steps
        told = [
            (step.kind.label, [str(r) for r in step.predecessors], [str(r) for r in step.successors]) for step in steps
        ]
        assert told == [
            ("更名", ["高新处"], ["企业处"]), ("合并", ["企业处", "规划处"], ["综合处"]), ("拆分", ["综合处"], ["甲处", "乙处"]),
        ]  # fmt: skip
    assert [ref.name for ref in lineage_of(two.pk).origins] == ["企业处", "规划与资源配置处"]
    assert heirs_of([site.gaoxin.pk, site.unit.pk]) == (parts[0].pk, parts[1].pk, site.unit.pk)


def test_the_reverse_takes_the_old_name_up_again(site: SimpleNamespace) -> None:
    (new,) = act(site, site.gaoxin, into=[new_office(site, "企业处")]).successors
    (again,) = act(site, new, into=[new_office(site, "高新技术处", "高新处")]).successors
    assert again.pk != site.gaoxin.pk
    assert resolve_owner("高新处", home=site.bureau, on=ON).organisations[0].id == again.pk
    site.gaoxin.refresh_from_db()
    with pytest.raises(Unacceptable, match="已由“企业处”承接"):
        reopen_organisation(site.gaoxin, by=site.people["planner"], at=AT, why="有误")


def test_what_cannot_be_is_refused(site: SimpleNamespace) -> None:
    closed = make.office(closed_on=ON)
    planner, into = site.people["planner"], [new_office(site, "企业处")]
    wrong = [
        ({"on": ON + timedelta(days=1)}, "还没有到"),
        ({"reason": " "}, "原因和依据"),
        ({"predecessors": [closed]}, "已于 2026-03-05 撤并"),
        ({"successors": [new_office(site, "规划与资源配置处")]}, "已有“规划与资源配置处”"),
        ({"successors": [closed]}, "已撤并，不能承接"),
        ({"successors": [site.gaoxin]}, "不能承接"),
        ({"successors": []}, "请选择更名"),
        ({"predecessors": [site.bureau, site.gaoxin]}, "不能和它一起调整"),
        ({"successors": [site.qingling]}, "没有这个角色"),
    ]
    for given, said in wrong:
        values = {"predecessors": [site.gaoxin], "successors": into, "on": ON, "reason": "改革", **given}
        with pytest.raises(Unacceptable, match=said):
            reorganise(**values, by=planner, at=AT)  # type: ignore[arg-type]
    assert not Succession.objects.exists()
    site.gaoxin.refresh_from_db()
    assert site.gaoxin.closed_on is None


@pytest.mark.parametrize("role", ["leader", "office_head", "county_clerk", "auditor", "enterprise"])
def test_only_those_who_keep_the_register_reorganise(site: SimpleNamespace, role: str) -> None:
    with pytest.raises(Refused, match="规划办公室"):
        reorganise(
            predecessors=[site.gaoxin], successors=[new_office(site, "企业处")], on=ON, reason="改革",
            by=site.people[role], at=AT,
        )  # fmt: skip


def test_what_a_closed_office_left_can_be_read_by_those_who_took_over(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    file = make.attachment(organisation=site.gaoxin, by=site.people["office_head"])
    act(site, site.gaoxin, into=[new_office(site, "企业处")])
    fresh = User.objects.get(pk=clerk.pk)
    Membership.objects.filter(user=fresh).update(from_on=date(2020, 1, 1))  # whatever today is
    assert file in type(file).objects.visible_to(fresh)
    assert AuditEntry.objects.visible_to(fresh).filter(organisation=site.gaoxin).exists()
    assert file not in type(file).objects.visible_to(make.person("clerk"))


def test_two_offices_of_one_name_cannot_both_be_open(site: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="已有“高新技术处”"):
        create_organisation(new_office(site, "高新技术处"), by=site.people["planner"], at=AT)


def asked(**given: Any) -> dict[str, Any]:
    return {"on": timezone.localdate().isoformat(), "reason": "云编〔2026〕8号", **given}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_rehearses_before_it_renames(site: SimpleNamespace) -> None:
    client, address = (
        signed_in(site.people["planner"]),
        reverse("bureau:organisation-reorganise", args=[site.gaoxin.pk]),
    )
    assert "更名" in client.get(address).content.decode()
    given = asked(name="科技企业处", short_name="企业处")
    page = client.post(address, given).content.decode()
    assert "不能自动撤销" in page
    assert "人员（2）" in page
    assert not Succession.objects.exists()
    back = client.post(address, {**given, "back": "1"})
    assert (back.status_code, "科技企业处" in back.content.decode()) == (200, True)
    done = client.post(address, {**given, "confirmed": "1"})
    new = Succession.objects.get().successor
    assert done["Location"] == reverse("bureau:organisation-detail", args=[new.pk])
    assert "科技企业处" in client.get(reverse("bureau:organisation-detail", args=[site.gaoxin.pk])).content.decode()
    page = client.get(done["Location"]).content.decode()
    assert "前身" in page
    assert "改回“高新技术处”" in page


def test_the_page_of_a_split_asks_who_goes_where(site: SimpleNamespace) -> None:
    client, clerk, head = signed_in(site.people["planner"]), site.people["clerk"], site.people["office_head"]
    address = reverse("bureau:organisation-reorganise", args=[site.gaoxin.pk]) + "?kind=split"
    given = asked(name="甲处", name_2="乙处")
    field, other = (f"people-{person.memberships.get().pk}" for person in (clerk, head))
    page = client.post(address, given).content.decode()
    assert f'name="{field}"' in page
    assert " selected" not in page.partition('id="shares-1"')[2]
    half = client.post(address, {**given, "shared": "1", field: "1"})
    assert half.status_code == 422
    assert "还有 1 项没有选归哪个单位" in half.content.decode()
    done = client.post(address, {**given, "shared": "1", field: "1", "confirmed": "1"})
    assert done.status_code == 422
    assert site.gaoxin.successions.count() == 0
    shared = {**given, "shared": "1", field: "1", other: "0", "people-x": "1", "work-9": "y"}
    page = client.post(address, shared).content.decode()
    assert "确认办理" in page
    assert f'name="{field}" value="1"' in page
    client.post(address, {**shared, "confirmed": "1"})
    assert clerk.memberships.get(until_on=None).organisation.name == "乙处"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请选择并入的现有单位"),
        ({"name": "综合处"}, "至少勾选一个"),
        ({"name": "综合处", "into": "规划处"}, "不用再填新设单位"),
        ({"into": "规划处", "others": "规划处"}, "不能同时勾选"),
        ({"into": "规划处", "on": "2999-01-01"}, "还没有到"),
        ({"into": "规划处", "reason": ""}, "请写明原因和依据"),
    ],
)
def test_the_page_of_a_merger_says_what_is_missing(site: SimpleNamespace, given: dict[str, str], said: str) -> None:
    client = signed_in(site.people["planner"])
    address = reverse("bureau:organisation-reorganise", args=[site.gaoxin.pk]) + "?kind=merged"
    keys = {name: site.guihua.pk if value == "规划处" else value for name, value in given.items()}
    answer = client.post(address, asked(**keys))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_page_merges_into_an_office(site: SimpleNamespace) -> None:
    client = signed_in(site.people["planner"])
    address = reverse("bureau:organisation-reorganise", args=[site.gaoxin.pk]) + "?kind=merged"
    client.post(address, {**asked(into=site.guihua.pk, others=[site.unit.pk]), "confirmed": "1"})
    assert sorted(str(row.predecessor) for row in Succession.objects.all()) == ["市生产力促进中心", "高新处"]
    assert client.get(address).status_code == 422
    assert signed_in(site.people["clerk"]).get(address).status_code == 403


def test_an_alias_of_a_divided_office_is_told_marked_and_asks_for_a_part(site: SimpleNamespace) -> None:
    alias = make.alias("星火办", site.gaoxin)
    outcome = act(site, site.gaoxin, into=[new_office(site, "甲处"), new_office(site, "乙处")])
    (line,) = [line for line in outcome.handed_over if line.noun == "单位别名" and line.name == "星火办"]
    assert line.to.startswith("甲处、乙处（")
    found = resolve_owner("星火办", home=site.bureau, on=ON)
    assert (found.organisations, [ref.name for ref in found.candidates]) == ((), ["甲处", "乙处"])
    client = signed_in(site.people["planner"])
    page = client.get(reverse("bureau:alias-list"), {"q": "星火"}).content.decode()
    assert "已撤并" in page
    page = client.get(reverse("bureau:alias-detail", args=[alias.pk])).content.decode()
    assert "撤并，由甲处、乙处承接" in page
