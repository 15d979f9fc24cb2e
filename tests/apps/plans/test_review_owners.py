"""Owners under review: guesses that must be confirmed, names remembered and forgotten, aliases registered meanwhile."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from tests.apps.plans.factories import make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, OwnerAlias
from keshu.apps.bureau.services.owners import remember_alias
from keshu.apps.plans.models import Certainty, OwnerMention, Responsibility, Review, WorkPlan
from keshu.apps.plans.queries.review_board import board_of
from keshu.apps.plans.services import owners, review, undo
from keshu.apps.plans.services.lifecycle import publishing_hindrances
from keshu.apps.plans.services.publishing import NotReady, publish_plan
from keshu.apps.plans.services.rows import RowRef

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def plan(site: SimpleNamespace) -> WorkPlan:
    return make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])


def doing(site: SimpleNamespace) -> dict[str, Any]:
    return {"by": site.people["planner"], "at": AT, "version": None}


def answer(plan: WorkPlan, site: SimpleNamespace, **given: Any) -> Any:
    """The one name the register does not know gets its meaning."""
    mention = make_plan.mention(plan, "成果转化处")
    return owners.resolve_mention(plan, mention_id=mention.pk, **given, **doing(site))


def guessed(plan: WorkPlan, name: str) -> OwnerMention:
    """As if the name had been matched by likeness only."""
    OwnerMention.objects.filter(plan=plan, name=name).update(certainty=Certainty.GUESS)
    return make_plan.mention(plan, name)


def offices(mention: OwnerMention) -> list[str]:
    held = Responsibility.objects.filter(mention=mention, is_inherited=False).select_related("organisation")
    return sorted(str(row.organisation) for row in held)


# --- what must be confirmed before publication
@pytest.mark.parametrize(("name", "role"), [("高新处", "牵头"), ("规划处", "配合")])
def test_a_guessed_owner_is_confirmed_before_publication(
    site: SimpleNamespace, plan: WorkPlan, name: str, role: str
) -> None:
    answer(plan, site, is_outside=True)
    mention = guessed(plan, name)
    assert mention.get_role_display() == role
    with pytest.raises(NotReady, match=f"“{name}”是按相近名称推测的"):
        publish_plan(plan, accept_rest=True, by=site.people["planner"], at=AT)
    mention.refresh_from_db()
    assert mention.review == Review.PENDING
    review.accept_rows(plan, rows=[RowRef.of(mention)], **doing(site))
    assert publish_plan(plan, accept_rest=True, by=site.people["planner"], at=AT).state == "published"


def test_another_office_in_place_of_a_guess_will_do_as_well(site: SimpleNamespace, plan: WorkPlan) -> None:
    answer(plan, site, is_outside=True)
    mention = guessed(plan, "规划处")
    owners.resolve_mention(plan, mention_id=mention.pk, organisation_ids=[site.gaoxin.pk], **doing(site))
    published = publish_plan(plan, accept_rest=True, by=site.people["planner"], at=AT)
    assert published.state == "published"
    assert offices(mention) == ["高新处"]


def test_one_tick_does_not_pass_doubtful_figures(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    plan = make_plan.draft(points(doubtful=True), organisation=site.bureau, by=planner)
    answer(plan, site, is_outside=True)
    with pytest.raises(NotReady, match="1 行指标数据存疑"):
        publish_plan(plan, accept_rest=True, by=planner, at=AT)
    doubtful = make_plan.target(plan, "高新技术企业总数")
    review.accept_rows(plan, rows=[RowRef.of(doubtful)], **doing(site))
    assert publish_plan(plan, accept_rest=True, by=planner, at=AT).state == "published"


def test_what_is_left_names_the_rows_and_where_to_look(site: SimpleNamespace, plan: WorkPlan) -> None:
    guessed(plan, "规划处")
    told = {each.look: (str(each), each.is_liftable) for each in publishing_hindrances(plan)}
    assert set(told) == {"tab=tasks", "tab=tasks&show=doubtful", "show=pending"}
    assert "牵头单位“成果转化处”没有对应到单位" in told["tab=tasks"][0]
    assert "“规划处”是按相近名称推测的" in told["tab=tasks&show=doubtful"][0]
    # 7 figures, 5 headings and 5 names, two of which are in doubt.
    assert told["show=pending"] == ("还有 15 行没有核对。", True)


def test_a_supporting_name_that_means_nobody_is_passed_row_by_row(site: SimpleNamespace, plan: WorkPlan) -> None:
    answer(plan, site, is_outside=True)
    mention = make_plan.mention(plan, "云湖区")
    Responsibility.objects.filter(mention=mention).delete()
    OwnerMention.objects.filter(pk=mention.pk).update(certainty=Certainty.UNKNOWN)
    with pytest.raises(NotReady, match="责任单位“云湖区”没有对应到单位"):
        publish_plan(plan, accept_rest=True, by=site.people["planner"], at=AT)
    review.accept_rows(plan, rows=[RowRef.of(mention)], **doing(site))
    assert publish_plan(plan, accept_rest=True, by=site.people["planner"], at=AT).state == "published"


# --- names remembered and forgotten
def test_the_message_names_the_office(site: SimpleNamespace, plan: WorkPlan) -> None:
    assert answer(plan, site, organisation_ids=[site.unit.pk]).summary == f"“成果转化处”对应为{site.unit}"
    many = [make.office(name=f"综合{number}处").pk for number in range(9)]
    assert answer(plan, site, organisation_ids=many).summary.endswith("等 9 个单位")


def test_undo_forgets_the_name_that_the_step_remembered(site: SimpleNamespace, plan: WorkPlan) -> None:
    next_year = make_plan.draft(points(year=2027), organisation=site.bureau, by=site.people["planner"])
    answer(plan, site, organisation_ids=[site.unit.pk], remember=True)
    there = make_plan.mention(next_year, "成果转化处")
    assert offices(there) == [str(site.unit)]
    undo.undo_last_step(plan, by=site.people["planner"], at=LATER)
    assert not OwnerAlias.objects.exists()
    assert AuditEntry.objects.filter(action="delete", subject_type="bureau.owneralias").count() == 1
    # The other draft that had followed asks again, and a new document asks too.
    assert offices(there) == []
    assert [question.name for question in board_of(next_year).questions] == ["成果转化处"]
    assert [question.name for question in board_of(plan).questions] == ["成果转化处"]


def test_undo_brings_back_what_the_name_meant_before(site: SimpleNamespace, plan: WorkPlan) -> None:
    planner = site.people["planner"]
    remember_alias(text="成果转化处", organisation_id=site.gaoxin.pk, by=planner, at=AT)
    answer(plan, site, organisation_ids=[site.unit.pk], remember=True)
    assert OwnerAlias.objects.get().organisation == site.unit
    undo.undo_last_step(plan, by=planner, at=LATER)
    assert OwnerAlias.objects.get().organisation == site.gaoxin


def test_undo_leaves_an_alias_that_was_registered_anew_since(site: SimpleNamespace, plan: WorkPlan) -> None:
    answer(plan, site, organisation_ids=[site.unit.pk], remember=True)
    remember_alias(text="成果转化处", organisation_id=site.gaoxin.pk, by=site.people["leader"], at=LATER)
    undo.undo_last_step(plan, by=site.people["planner"], at=LATER)
    assert OwnerAlias.objects.get().organisation == site.gaoxin


# --- aliases registered elsewhere
def test_an_alias_registered_elsewhere_reaches_the_draft_when_its_page_is_opened(
    site: SimpleNamespace, plan: WorkPlan, client: Client
) -> None:
    client.force_login(site.people["planner"])
    grid = f"/plans/{plan.pk}/review/grid/?tab=tasks"
    assert "先确认这些单位" in client.get(grid).content.decode()
    remember_alias(text="成果转化处", organisation_id=site.unit.pk, by=site.people["leader"], at=AT)
    page = client.get(f"/plans/{plan.pk}/review/").content.decode()
    assert f"按登记的单位别名，“成果转化处”对应为{site.unit}" in page
    mention = make_plan.mention(plan, "成果转化处")
    assert (offices(mention), mention.certainty, mention.review) == ([str(site.unit)], "alias", Review.PENDING)
    assert "先确认这些单位" not in client.get(grid).content.decode()
    # Opened again, there is nothing more to tell.
    assert "按登记的单位别名" not in client.get(f"/plans/{plan.pk}/review/").content.decode()


def test_those_who_may_not_review_change_nothing_by_looking(
    site: SimpleNamespace, plan: WorkPlan, client: Client
) -> None:
    remember_alias(text="成果转化处", organisation_id=site.unit.pk, by=site.people["leader"], at=AT)
    client.force_login(site.people["auditor"])
    assert client.get(f"/plans/{plan.pk}/review/").status_code == 200
    assert offices(make_plan.mention(plan, "成果转化处")) == []


def test_undo_passes_over_what_an_alias_did(site: SimpleNamespace, plan: WorkPlan) -> None:
    planner = site.people["planner"]
    target = make_plan.target(plan, "对接会")
    review.accept_rows(plan, rows=[RowRef.of(target)], **doing(site))
    remember_alias(text="成果转化处", organisation_id=site.unit.pk, by=site.people["leader"], at=AT)
    assert owners.look_up_registered(plan, by=planner, at=AT) is not None
    undo.undo_last_step(plan, by=planner, at=LATER)
    target.refresh_from_db()
    assert target.review == Review.PENDING
    assert offices(make_plan.mention(plan, "成果转化处")) == [str(site.unit)]
