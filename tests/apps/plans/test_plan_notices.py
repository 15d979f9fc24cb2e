"""A plan's publication, revision and withdrawal as its people are told of them; drafts that wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import Membership, Notice, User
from keshu.apps.bureau.queries import notices as inboxes
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.services import plan_notices
from keshu.apps.plans.services.publishing import publish_plan, withdraw_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Any:
    return make.site()


def inbox(person: User) -> list[Notice]:
    return list(inboxes.inbox(User.objects.get(pk=person.pk)).order_by("pk"))


def follow(person: User, notice: Notice) -> int:
    client = Client()
    client.force_login(person)
    return client.get(reverse("bureau:notice-open", args=[notice.pk]), follow=True).status_code


def test_each_office_is_told_of_its_own_part(site: Any) -> None:
    """高新处 leads one task; 规划处 and the two counties support it, and 云湖区 supports another."""
    yunhu = make.person("county_clerk", site.yunhu)
    colleague = make.person("clerk", site.guihua)
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    (to_clerk,) = inbox(site.people["clerk"])
    assert to_clerk.title == f"《{plan}》已发布"
    assert to_clerk.text == "本单位牵头 1 项。"
    assert to_clerk.link == f"/plans/offices/{site.gaoxin.pk}/?plan={plan.pk}"
    assert [n.text for n in inbox(colleague)] == ["本单位配合 1 项。"]
    assert [n.text for n in inbox(site.people["county_clerk"])] == ["本单位配合 1 项。"]
    assert [n.text for n in inbox(yunhu)] == ["本单位配合 2 项。"]
    for person in (site.people["clerk"], colleague, yunhu):
        assert follow(person, inbox(person)[0]) == 200


def test_who_published_and_who_has_no_part_is_not_told(site: Any) -> None:
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    for role in ("planner", "enterprise", "institute", "bank", "expert"):
        assert inbox(site.people[role]) == []


def test_a_person_of_two_offices_is_told_once_of_both(site: Any) -> None:
    clerk = site.people["clerk"]
    Membership.objects.create(user=clerk, organisation=site.guihua, role="clerk", from_on=AT.date())
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    assert [n.text for n in inbox(clerk)] == ["高新处牵头 1 项；规划处配合 1 项。"]


def test_a_new_revision_is_told_also_to_those_who_dropped_out(site: Any) -> None:
    planner, colleague = site.people["planner"], make.person("clerk", site.guihua)
    make_plan.published(organisation=site.bureau, by=planner)
    document = points()
    nodes = [replace(n, owners=tuple(o for o in n.owners if o.name != "规划处")) for n in document.nodes]
    revised = make_plan.published(replace(document, nodes=tuple(nodes)), organisation=site.bureau, by=planner)
    assert revised.revision == 2
    title = f"《{revised}》已发布第 2 版"
    told = {person: inbox(person)[1] for person in (site.people["clerk"], colleague)}
    assert {n.title for n in told.values()} == {title}
    assert {n.kind for n in told.values()} == {"plans.revised"}
    assert told[site.people["clerk"]].text == "本单位牵头 1 项。"
    assert told[colleague].text == "本单位在新版中没有任务。"


def test_a_withdrawal_is_told_with_its_reason_and_takes_the_earlier_notice_away(site: Any) -> None:
    planner, clerk = site.people["planner"], site.people["clerk"]
    plan = make_plan.published(organisation=site.bureau, by=planner)
    withdraw_plan(plan, why="市政府要求重新印发", by=planner, at=AT)
    (notice,) = inbox(clerk)
    assert (notice.title, notice.text) == (f"《{plan}》已作废", "原因：市政府要求重新印发")
    assert follow(clerk, notice) == 200
    assert inbox(planner) == []


def test_a_publication_that_is_undone_was_never_told(site: Any) -> None:
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    with pytest.raises(ValueError, match="还不能发布"):
        publish_plan(plan, by=planner, at=AT)
    assert not Notice.objects.exists()


def test_a_draft_of_three_days_is_remembered_once_while_it_waits(site: Any) -> None:
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    assert plan_notices.remind_of_drafts(at=AT + timedelta(days=2)) == 0
    assert plan_notices.remind_of_drafts(at=AT + timedelta(days=3)) == 1
    assert plan_notices.remind_of_drafts(at=AT + timedelta(days=4)) == 0
    (notice,) = inbox(planner)
    assert notice.title == f"《{plan}》等待核对"
    assert follow(planner, notice) == 200
    WorkPlan.objects.filter(pk=plan.pk).update(state="published")
    assert inbox(planner) == []


def test_nobody_outside_hears_of_a_draft(site: Any) -> None:
    clerk = make.person("county_clerk", site.yunhu)
    make_plan.draft(organisation=site.yunhu, by=clerk)
    plan_notices.remind_of_drafts(at=AT + timedelta(days=3))
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {clerk.pk}
