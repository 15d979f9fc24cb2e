"""The frame of the pages: navigation without dead links, search within one's scope, the year in the top bar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from tests.apps.plans.factories import make_plan, points
from tests.factories import make

from keshu.apps.bureau.queries.frame import page_frame
from keshu.site.navigation import AREAS, Area, Audience, Place, navigation


@dataclass(frozen=True)
class Somebody:
    roles: frozenset[str] = frozenset()
    is_government: bool = False


def labels(reader: Somebody, *areas: Area) -> list[str]:
    return [link.label for group in navigation(reader, view_name="", areas=areas) for link in group.links]


def test_places_that_are_not_built_are_left_out_with_their_area() -> None:
    built = Area("甲", (Place("首页", "home", "home"), Place("未建", "home", "nowhere:page-list")))
    unbuilt = Area("乙", (Place("未建", "home", "nowhere:page-list"),))
    groups = navigation(Somebody(), view_name="home", areas=(built, unbuilt))
    assert [(group.label, [link.label for link in group.links]) for group in groups] == [("甲", ["首页"])]


def test_a_place_is_current_on_all_pages_of_its_noun() -> None:
    place = Place("目标台账", "target", "plans:target-list")
    assert place.holds("plans:target-list")
    assert place.holds("plans:target-detail")
    assert not place.holds("plans:task-list")
    library = Place("计划库", "archive", "plans:plan-list", also=("plans:review",))
    assert library.holds("plans:review")
    assert library.holds("plans:review-target-edit")
    assert not library.holds("plans:reviewers")
    assert not Place("首页", "home", "home").holds("health")


@pytest.mark.parametrize(
    ("reader", "government", "stewards"),
    [
        (Somebody(frozenset({"enterprise"})), False, False),
        (Somebody(frozenset({"clerk"}), is_government=True), True, False),
        (Somebody(frozenset({"planner"}), is_government=True), True, True),
        (Somebody(frozenset({"auditor"})), True, True),
    ],
)
def test_places_are_shown_to_those_they_are_for(reader: Somebody, government: bool, stewards: bool) -> None:
    assert bool(labels(reader, Area("", (Place("单位", "home", "home", Audience.GOVERNMENT),)))) is government
    assert bool(labels(reader, Area("", (Place("人员", "home", "home", Audience.STEWARDS),)))) is stewards


def test_everybody_reaches_home() -> None:
    assert labels(Somebody(), *AREAS)[0] == "首页"


@pytest.mark.django_db
class TestPages:
    def test_search_finds_what_one_may_see(self, client: Client) -> None:
        site = make.site()
        client.force_login(site.people["clerk"] if isinstance(site.people, dict) else site.people.clerk)
        page = client.get(reverse("search"), {"q": "云澜 财政"}).content.decode()
        assert "云澜市财政局" in page
        assert site.enterprise.name not in client.get(reverse("search"), {"q": "装备有限公司"}).content.decode()

    def test_a_target_is_found_with_its_figures_year_and_lead(self, client: Client) -> None:
        site = make.site()
        plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
        client.force_login(site.people["clerk"])
        groups = {g.label: g for g in client.get(reverse("search"), {"q": "科技型中小企业"}).context["groups"]}
        (hit,) = groups["目标"].hits
        assert hit.note == f"新增不少于120家　2026年　牵头：高新处　{plan.title}"

    def test_the_rest_of_what_is_found_is_one_click_away(self, client: Client) -> None:
        site = make.site()
        for year in range(2020, 2027):
            make_plan.published(points(year=year), organisation=site.bureau, by=site.people["planner"])
        client.force_login(site.people["clerk"])
        response = client.get(reverse("search"), {"q": "企业"})
        address = f"{reverse('plans:target-list')}?plan=all&q=%E4%BC%81%E4%B8%9A&tense=target"
        assert f'href="{escape(address)}">查看全部' in response.content.decode()
        found = client.get(address).context["ledger"]
        assert found.total > len(response.context["groups"][0].hits)
        assert "2026年" in response.context["groups"][0].hits[0].note  # the newest year first

    @pytest.mark.parametrize("q", ["", "   ", "%", "\x00", "'; drop table", "长" * 5000])
    def test_search_bears_anything(self, client: Client, q: str) -> None:
        client.force_login(make.person("clerk"))
        assert client.get(reverse("search"), {"q": q}).status_code == 200

    def test_the_year_is_kept_and_one_returns_to_the_page(self, client: Client) -> None:
        client.force_login(make.person("clerk"))
        year = client.get(reverse("search")).context["shell"].years[-1]
        answer = client.post(reverse("year-choose"), {"year": year, "next": "/search/?q=a"})
        assert answer["Location"] == "/search/?q=a"
        assert client.get(reverse("search")).context["shell"].year == year

    @pytest.mark.parametrize("year", ["1066", "二〇二六", "", "99999999999999999999"])
    def test_a_year_that_is_not_offered_changes_nothing(self, client: Client, year: str) -> None:
        client.force_login(make.person("clerk"))
        before = client.get(reverse("search")).context["shell"].year
        client.post(reverse("year-choose"), {"year": year, "next": "https://example.org/"})
        assert client.get(reverse("search")).context["shell"].year == before

    def test_choosing_a_year_never_leads_off_the_site(self, client: Client) -> None:
        client.force_login(make.person("clerk"))
        answer = client.post(reverse("year-choose"), {"year": "", "next": "https://example.org/"})
        assert answer["Location"] == reverse("home")

    def test_demo_data_are_marked_and_real_ones_are_not(self, client: Client) -> None:
        planner = make.person("planner", make.bureau())
        client.force_login(planner)
        assert "演示数据" not in client.get(reverse("search")).content.decode()
        make.office(is_demo=True)
        page = client.get(reverse("search")).content.decode()
        assert "演示数据" in page
        assert "云澜市科学技术局" in page

    def test_what_is_not_there_is_said_in_chinese(self, client: Client) -> None:
        client.force_login(make.person("clerk"))
        answer = client.get("/no/such/page/")
        page = answer.content.decode()
        assert (answer.status_code, "没有找到这个页面" in page, 'id="nav"' in page) == (404, True, True)
        assert "在上方的查找框里按名称找" in page

    def test_the_frame_costs_one_query_and_counts_ones_own_running_jobs(self, django_assert_num_queries: Any) -> None:
        planner = make.person("planner", make.bureau())
        make.job(by=planner, state="running")
        make.job(by=planner, state="queued")
        make.job(by=planner, state="done")
        make.job(state="running")
        assert planner.scope.roles == {"planner"}  # which the navigation has read on every page
        with django_assert_num_queries(1):
            shown = page_frame(planner)
        assert (shown.bureau, shown.is_demo, shown.jobs) == ("云澜市科学技术局", False, 2)
        assert page_frame(None).jobs == 0

    def test_short_and_full_names_find_each_other(self, client: Client) -> None:
        site = make.site()
        plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
        client.force_login(site.people["clerk"])
        groups = {g.label: g for g in client.get(reverse("search"), {"q": "高企"}).context["groups"]}
        (hit,) = groups["目标"].hits
        assert (hit.title, plan.title in hit.note) == ("高新技术企业总数", True)
        for text in ("科技局", "科学技术局"):
            found = client.get(reverse("search"), {"q": f"云澜市{text}"}).context["groups"]
            assert site.bureau.name in [hit.title for group in found if group.label == "单位" for hit in group.hits]

    def test_hits_appear_while_one_types(self, client: Client) -> None:
        site = make.site()
        for year in range(2020, 2027):
            make_plan.published(points(year=year), organisation=site.bureau, by=site.people["planner"])
        client.force_login(site.people["clerk"])
        answer = client.get(reverse("search-live"), {"q": "高新技术企业"}, headers={"HX-Request": "true"})
        page = answer.content.decode()
        assert "<html" not in page
        assert "确保320家 / 力争340家" in page
        (group,) = [group for group in answer.context["groups"] if group.label == "目标"]
        assert (len(group.hits), group.is_more) == (4, True)
        assert "查看全部目标" in page
        assert client.get(reverse("search-live"), {"q": " "}).content.decode().strip() == ""
        assert "没有找到" in client.get(reverse("search-live"), {"q": "没有的词"}).content.decode()

    def test_on_a_page_of_one_plan_the_year_is_the_plans(self, client: Client) -> None:
        site = make.site()
        planner = site.people["planner"]
        old, new = (
            make_plan.published(points(year=year), organisation=site.bureau, by=planner) for year in (2019, 2026)
        )
        client.force_login(planner)

        def shown(address: str) -> list[str]:
            page = client.get(address).content.decode()
            return re.findall(r'<option value="(\d{4})" selected>', page)

        for address in (
            reverse("plans:plan-detail", args=[old.pk]),
            reverse("plans:document", args=[old.pk]),
            f"{reverse('plans:target-list')}?plan={old.pk}",
            reverse("plans:target-detail", args=[make_plan.target(old, "对接会").pk]),
        ):
            assert shown(address) == ["2019", "2019"], address  # in the bar, and in the navigation of a telephone
        assert shown(reverse("plans:plan-detail", args=[new.pk])) == ["2026", "2026"]

    @pytest.mark.parametrize(
        ("page", "goes_to"),
        [
            ("/plans/targets/?plan=1&q=a&page=3", "/plans/targets/?q=a"),
            ("/plans/targets/5/", "/plans/targets/"),
            ("/plans/tasks/5/", "/plans/tasks/"),
            ("/plans/5/?tab=history", "/"),
            ("/plans/offices/5/?plan=1", "/plans/offices/5/"),
            ("/nowhere/", "/"),
        ],
    )
    def test_another_year_leaves_the_page_of_one_plan(self, client: Client, page: str, goes_to: str) -> None:
        client.force_login(make.person("clerk"))
        year = client.get(reverse("search")).context["shell"].years[0]
        assert client.post(reverse("year-choose"), {"year": year, "next": page})["Location"] == goes_to

    def test_the_operator_of_an_empty_site_is_told_where_to_begin(self, client: Client) -> None:
        client.force_login(make.person("operator"))
        page = client.get(reverse("home")).content.decode()
        assert "先登记单位和人员" in page
        assert reverse("bureau:organisation-create") in page
