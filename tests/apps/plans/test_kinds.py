"""行动方案、规划 stand beside the plan of the year: recognised by title, several in force, revised one by one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import POINTS, make_plan, points
from tests.factories import AT, make

from keshu.apps.plans.forms.review import DetailsForm
from keshu.apps.plans.models import PlanKind, PlanState, WorkPlan
from keshu.apps.plans.queries.choosing import chosen_plan
from keshu.apps.plans.queries.library import revisions_of
from keshu.apps.plans.queries.plans import replaced_by
from keshu.apps.plans.services.details import correct_details
from keshu.apps.plans.services.intake import kind_of
from keshu.engines.plandoc.document import PlanDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def titled(title: str) -> PlanDocument:
    document = points(POINTS.replace("云澜市2026年科技创新工作要点", title, 1))
    object.__setattr__(document.meta, "title", title)
    return document


def published(site: SimpleNamespace, title: str, **given: Any) -> WorkPlan:
    return make_plan.published(titled(title), organisation=site.bureau, by=site.people["planner"], **given)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云澜市2026年科技创新工作要点", "plan"),
        ("规划处2026年工作要点", "plan"),
        ("云澜市科技局2026年工作要点任务分解方案", "plan"),
        ("云澜市科技成果转化三年行动方案（2026—2028年）", "action_plan"),
        ("云澜市高新技术企业倍增行动计划", "action_plan"),
        ("云澜市“十五五”科技创新规划", "action_plan"),
        ("关于印发《云澜市实验室建设实施方案》的通知", "action_plan"),
    ],
)  # fmt: skip
def test_the_title_tells_an_action_plan_from_the_plan_of_the_year(title: str, kind: str) -> None:
    assert kind_of("plan", title=title) == kind
    assert kind_of("summary", title=title) == "summary"


def test_an_action_plan_leaves_the_plan_of_the_year_and_other_action_plans_in_force(site: SimpleNamespace) -> None:
    year_plan = published(site, "云澜市2026年科技创新工作要点")
    first = published(site, "云澜市成果转化行动方案")
    second = published(site, "云澜市企业倍增行动计划")
    assert (first.kind, second.kind) == (PlanKind.ACTION_PLAN, PlanKind.ACTION_PLAN)
    assert set(WorkPlan.objects.published()) == {year_plan, first, second}


def test_an_action_plan_steps_back_for_its_own_revision_and_its_namesake(site: SimpleNamespace) -> None:
    first = published(site, "云澜市成果转化行动方案")
    other = published(site, "云澜市企业倍增行动计划")
    revised = published(site, "云澜市科技成果转化行动方案", revises=first)
    again = published(site, "云澜市企业倍增行动计划")
    for plan in (first, other):
        plan.refresh_from_db()
        assert plan.state == PlanState.SUPERSEDED
    assert (revised.revision, again.revision) == (2, 2)
    assert revisions_of(revised, user=site.people["planner"]) == (revised, first)
    assert revisions_of(other, user=site.people["planner"]) == (again, other)


def test_pages_open_on_the_plan_of_the_year(site: SimpleNamespace) -> None:
    year_plan = published(site, "云澜市2026年科技创新工作要点")
    published(site, "云澜市成果转化行动方案")
    for year in (None, 2026):
        chosen = chosen_plan(site.people["clerk"], asked="", year=year, on=year_plan.created_at.date())
        assert chosen.plan == year_plan


def test_the_person_puts_the_kind_right(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    year_plan = published(site, "云澜市2026年科技创新工作要点")
    draft = make_plan.draft(titled("云澜市企业倍增若干安排"), organisation=site.bureau, by=planner)
    assert list(replaced_by(draft)) == [year_plan]
    form = DetailsForm({"title": draft.title, "year": 2026, "kind": "action_plan"})
    assert form.is_valid(), form.errors
    draft = correct_details(draft, fields={"kind": form.cleaned_data["kind"]}, by=planner, at=AT)
    assert not replaced_by(draft).exists()
