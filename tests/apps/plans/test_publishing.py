"""From draft to ledger: what stands against it, who may, what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import OwnerMention, PlanState, Review, Target, WorkPlan
from keshu.apps.plans.services import owners, review
from keshu.apps.plans.services.details import correct_details
from keshu.apps.plans.services.lifecycle import Move, available_transitions
from keshu.apps.plans.services.publishing import NotReady, delete_draft, publish_plan, restore_draft, withdraw_plan
from keshu.apps.plans.signals import plan_published, plan_withdrawn

pytestmark = pytest.mark.django_db


def heard(signal: Any) -> list[dict[str, Any]]:
    """What a listener gets, kept alive by its own list."""
    calls: list[dict[str, Any]] = []

    def listen(sender: Any, **given: Any) -> None:
        calls.append(given)

    calls.append({"listener": listen})
    signal.connect(listen)
    return calls


def ready(plan: WorkPlan, planner: Any) -> None:
    """Settle the one owner the register does not know."""
    mention = make_plan.mention(plan, "成果转化处")
    owners.resolve_mention(plan, mention_id=mention.pk, is_outside=True, by=planner, at=AT, version=None)


def test_an_undecided_draft_is_not_published_and_says_everything_that_is_missing() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(year=None), organisation=site.bureau, by=planner)
    with pytest.raises(NotReady) as refusal:
        publish_plan(plan, by=planner, at=AT)
    told = " ".join(map(str, refusal.value.hindrances))
    assert "没有填写年度" in told
    assert "成果转化处" in told
    assert "行没有核对" in told
    plan.refresh_from_db()
    assert plan.state == PlanState.REVIEWING


def test_accept_rest_confirms_the_rest_but_not_an_unknown_lead() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(), organisation=site.bureau, by=planner)
    with pytest.raises(NotReady, match="成果转化处"):
        publish_plan(plan, accept_rest=True, by=planner, at=AT)
    assert Target.objects.pending().filter(plan=plan).exists()
    ready(plan, planner)
    published = publish_plan(plan, accept_rest=True, by=planner, at=AT)
    assert (published.state, published.released_by, published.released_at) == ("published", planner, AT)
    assert not Target.objects.pending().filter(plan=plan).exists()
    entry = AuditEntry.objects.about("plans.workplan", plan.pk).filter(action="transition").get()
    assert entry.after["state"] == "已发布"


def test_a_fully_reviewed_draft_is_published_and_announced() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(), organisation=site.bureau, by=planner)
    ready(plan, planner)
    review.accept_all_clear(plan, by=planner, at=AT, version=None)
    calls = heard(plan_published)
    publish_plan(plan, by=planner, at=AT)
    assert [call["plan_id"] for call in calls[1:]] == [plan.pk]
    assert calls[1]["year"] == 2026


def test_a_new_revision_supersedes_the_published_one() -> None:
    site = make.site()
    planner = site.people["planner"]
    first = make_plan.published(organisation=site.bureau, by=planner)
    second = make_plan.published(organisation=site.bureau, by=planner)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    assert (second.revision, second.supersedes) == (2, first)
    other_year = make_plan.published(points(year=2027), organisation=site.bureau, by=planner)
    second.refresh_from_db()
    assert (second.state, other_year.revision) == ("published", 1)


def test_the_dialog_names_the_plan_that_publishing_replaces(client: Client) -> None:
    site = make.site()
    planner = site.people["planner"]
    client.force_login(planner)
    draft = make_plan.draft(organisation=site.bureau, by=planner)
    asked = reverse("plans:review-move", args=[draft.pk, "publish"])
    assert "将被替代的" not in client.get(asked).content.decode()
    earlier = make_plan.published(organisation=site.bureau, by=planner)
    WorkPlan.objects.filter(pk=earlier.pk).update(title="科技创新要点甲本")
    told = client.get(asked).content.decode()
    assert "《科技创新要点甲本》" in told
    assert "两份不是同一份文件的，请不要发布" in told


def test_a_replaced_draft_is_put_away_when_its_revision_is_published() -> None:
    site = make.site()
    planner = site.people["planner"]
    first = make_plan.draft(organisation=site.bureau, by=planner)
    second = make_plan.draft(organisation=site.bureau, by=planner, revises=first)
    OwnerMention.objects.filter(plan=second, name="成果转化处").update(is_outside=True)
    publish_plan(second, accept_rest=True, by=planner, at=AT)
    first.refresh_from_db()
    assert first.state == PlanState.DISCARDED


def test_the_database_holds_one_published_plan_per_year_and_kind() -> None:
    site = make.site()
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    draft = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkPlan.objects.filter(pk=draft.pk).update(state=PlanState.PUBLISHED)


@pytest.mark.parametrize(
    "role", ["office_head", "clerk", "county_clerk", "auditor", "operator", "enterprise", "expert"]
)
def test_others_do_not_publish_the_bureaus_plan(role: str) -> None:
    site = make.site()
    plan = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    with pytest.raises(Refused, match="不能发布"):
        publish_plan(plan, accept_rest=True, by=site.people[role], at=AT)
    assert available_transitions(plan, user=site.people[role]) == ()


def test_a_county_clerk_publishes_the_own_countys_plan_and_nobody_elses() -> None:
    site = make.site()
    clerk = site.people["county_clerk"]
    own = make_plan.draft(organisation=site.qingling, by=clerk)
    other = make_plan.draft(organisation=site.yunhu, by=make.person("county_clerk", site.yunhu))
    OwnerMention.objects.filter(name="成果转化处").update(is_outside=True)
    OwnerMention.objects.filter(name="高新处").update(is_outside=True)
    assert publish_plan(own, accept_rest=True, by=clerk, at=AT).state == "published"
    with pytest.raises(Refused):
        publish_plan(other, accept_rest=True, by=clerk, at=AT)
    with pytest.raises(Refused):
        publish_plan(other, accept_rest=True, by=site.people["planner"], at=AT)


def test_an_offices_clerk_prepares_and_its_head_publishes() -> None:
    site = make.site()
    clerk, head = site.people["clerk"], site.people["office_head"]
    plan = make_plan.draft(organisation=site.gaoxin, by=clerk)
    OwnerMention.objects.filter(plan=plan, name="成果转化处").update(is_outside=True)
    review.accept_all_clear(plan, by=clerk, at=AT, version=None)
    with pytest.raises(Refused):
        publish_plan(plan, accept_rest=True, by=clerk, at=AT)
    assert publish_plan(plan, accept_rest=True, by=head, at=AT).state == "published"


def test_withdrawing_needs_a_reason_and_is_announced() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.published(organisation=site.bureau, by=planner)
    with pytest.raises(Unacceptable) as refusal:
        withdraw_plan(plan, why=" ", by=planner, at=AT)
    assert refusal.value.field == "why"
    calls = heard(plan_withdrawn)
    withdraw_plan(plan, why="文件印发有误", by=planner, at=AT)
    plan.refresh_from_db()
    assert plan.state == PlanState.WITHDRAWN
    assert calls[1]["why"] == "文件印发有误"
    assert AuditEntry.objects.about("plans.workplan", plan.pk).filter(action="transition", why="文件印发有误").exists()
    with pytest.raises(Unacceptable, match="已作废，不能作废"):
        withdraw_plan(plan, why="再来", by=planner, at=AT)


def test_a_deleted_draft_keeps_its_rows_and_can_come_back() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    delete_draft(plan, by=planner, at=AT)
    assert WorkPlan.objects.visible_to(planner).kept().count() == 0
    assert Target.objects.filter(plan=plan).count() == 7
    assert [each.move for each in available_transitions(WorkPlan.objects.get(pk=plan.pk), user=planner)] == [
        Move.RESTORE_DRAFT
    ]
    restore_draft(plan, by=planner, at=AT)
    plan.refresh_from_db()
    assert plan.state == PlanState.REVIEWING
    with pytest.raises(Refused):
        delete_draft(plan, by=site.people["clerk"], at=AT)


def test_buttons_say_what_stands_against_them() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    publish, delete = available_transitions(plan, user=planner)
    assert (publish.move, publish.label, delete.move) == (Move.PUBLISH, "发布", Move.DELETE_DRAFT)
    assert any("成果转化处" in str(hindrance) for hindrance in publish.hindrances)
    assert delete.hindrances == ()
    published = make_plan.published(organisation=site.bureau, by=planner)
    (withdraw,) = available_transitions(published, user=planner)
    assert (withdraw.move, withdraw.needs_reason, withdraw.is_destructive) == (Move.WITHDRAW, True, True)


def test_details_are_corrected_while_under_review() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(year=None), organisation=site.bureau, by=planner)
    changed = correct_details(plan, fields={"year": 2026, "title": " 新标题 "}, by=planner, at=AT)
    assert (changed.year, changed.title) == (2026, "新标题")
    for fields, field in (({"year": 26}, "year"), ({"title": ""}, "title"), ({"kind": "essay"}, "kind")):
        with pytest.raises(Unacceptable) as refusal:
            correct_details(plan, fields=fields, by=planner, at=AT)
        assert refusal.value.field == field
    published = make_plan.published(organisation=site.bureau, by=planner)
    with pytest.raises(Refused):
        correct_details(published, fields={"title": "改"}, by=planner, at=AT + timedelta(days=1))


def test_a_leader_may_publish_too() -> None:
    site = make.site()
    plan = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    OwnerMention.objects.filter(plan=plan, name="成果转化处").update(is_outside=True)
    assert publish_plan(plan, accept_rest=True, by=site.people["leader"], at=AT).released_by == site.people["leader"]
    assert not Target.objects.filter(plan=plan, review=Review.PENDING).exists()
