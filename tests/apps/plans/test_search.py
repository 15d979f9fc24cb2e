"""The search box of the site over targets and tasks: by a number, and by a body outside the register."""

from __future__ import annotations

import pytest
from tests.apps.plans.factories import make_plan, said_twice
from tests.factories import ON, make

from keshu.apps.bureau.queries.search import found as found_names
from keshu.apps.plans.queries.search import found

pytestmark = pytest.mark.django_db


def titles(text: str, label: str) -> list[str]:
    site = make.site()
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    make_plan.draft(said_twice(), organisation=site.bureau, by=site.people["planner"])
    groups = found(text, user=site.people["planner"])
    return [hit.title for group in groups if group.label == label for hit in group.hits]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12场", {"对接会"}),
        ("320", {"高新技术企业总数"}),
        ("340家", {"高新技术企业总数"}),
        ("2.1%", {"全社会研发投入占GDP比重"}),
        ("320亿元", set()),
        ("321", set()),
    ],
)
def test_a_number_finds_the_targets_that_ask_for_it(text: str, wanted: set[str]) -> None:
    assert set(titles(text, "目标")) == wanted


@pytest.mark.parametrize(("text", "is_found"), [("合作银行", True), ("某某银行", False)])
def test_a_body_outside_the_register_is_found_by_its_tasks(text: str, is_found: bool) -> None:
    assert ("(一)建设技术市场" in titles(text, "任务")) is is_found


def test_a_closed_organisation_is_marked_and_comes_last() -> None:
    site = make.site()
    make.office(name="成果转化处", closed_on=ON)
    make.office(name="成果市场处")
    hits = next(group.hits for group in found_names("成果", user=site.people["planner"]) if group.label == "单位")
    assert [(hit.title, "已撤并" in hit.note) for hit in hits] == [("成果市场处", False), ("成果转化处", True)]
