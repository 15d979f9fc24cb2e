"""A split: notices, issues and decisions go where the task they are about goes; for the others somebody chooses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import make_plan
from tests.apps.plans.supervision import brought_to, fresh
from tests.apps.plans.test_meetings import called
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import Organisation
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.reorganisation import Outcome, Shares, rehearse, reorganise
from keshu.apps.plans.models import Decision, Issue, PlanNode, Responsibility, SupervisionNotice
from keshu.apps.plans.queries.supervision.matters import Matter, matter_of_node, matter_of_target
from keshu.apps.plans.services import issues, meetings
from keshu.apps.plans.services.handover import open_work_of

pytestmark = pytest.mark.django_db
ALONE, SEVERAL = "没有所涉的任务，单独选择", "所涉的任务分给了几个单位，单独选择"


@pytest.fixture
def site() -> SimpleNamespace:
    """高新处 leads two tasks of this year's plan."""
    site = make.site()
    site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    site.firms, site.platforms = (make_plan.node(site.plan, name) for name in ("培育科技企业", "建设创新平台"))
    Responsibility.objects.create(
        node=site.platforms, mention=make_plan.mention(site.plan, "成果转化处"), organisation=site.gaoxin, role="lead"
    )
    return site


def raised(site: SimpleNamespace, title: str, *, node: PlanNode | None = None, **duty: Any) -> Issue:
    given = {"title": title, "raised_for": site.gaoxin, "node": node, "by": site.people["clerk"], "at": AT, **duty}
    return issues.raise_issue(**given)


def owned(site: SimpleNamespace, title: str, *, node: PlanNode | None = None) -> Issue:
    duty = {"owner": site.gaoxin, "measure": "逐家走访", "due_on": ON, "by": site.people["planner"]}
    return raised(site, title, node=node, raised_for=site.bureau, **duty)


def decided(site: SimpleNamespace, text: str, **item: Any) -> Decision:
    meeting = called(site)
    about = meeting.items.create(section="other", title="议题", position=90, **item) if item else None
    given = {"owner": site.gaoxin, "due_on": None, "item": about, "by": site.people["planner"], "at": AT}
    return meetings.record_decision(meeting, text=text, **given)


def split(site: SimpleNamespace, *, act: Any = reorganise, **work: int) -> Outcome:
    """Into 甲处 and 乙处: the tasks by heading, and what `work` gives as key_123=place."""
    places = {site.firms.heading: 0, site.platforms.heading: 1}
    kept = Responsibility.objects.in_bulk([each.key for each in open_work_of(site.gaoxin.pk, on=ON)])
    chosen = {pk: places[row.node.heading] for pk, row in kept.items()}
    chosen |= {int(name.removeprefix("key_")): place for name, place in work.items()}
    into = [OrganisationFields(name, name, "office", site.bureau.pk) for name in ("甲处", "乙处")]
    return act(
        predecessors=[site.gaoxin], successors=into, on=ON, reason="编办〔2026〕5号", by=site.people["planner"], at=AT,
        shares=Shares(work=chosen),
    )  # fmt: skip


def lines(outcome: Outcome, *nouns: str) -> list[tuple[str, str, str, str]]:
    return [(each.noun, each.name, each.group, each.to) for each in outcome.handed_over if each.noun in nouns]


def test_what_is_about_a_task_goes_where_the_task_goes(site: SimpleNamespace) -> None:
    notice = brought_to(site, "signed_for", matters=(matter_of_node(site.platforms),))
    about_target = brought_to(
        site, "issued", matters=(matter_of_target(make_plan.target(site.plan, "科技型中小企业")),)
    )
    one, two = raised(site, "用地没有落实", node=site.platforms), owned(site, "企业外迁", node=site.platforms)
    decision = decided(site, "加快平台建设", node=site.platforms)
    by_issue = decided(site, "帮助企业留下", issue=two)
    outcome = split(site)
    first, second = outcome.successors
    assert (fresh(notice).addressee, fresh(about_target).addressee) == (second, first)
    assert Issue.objects.get(pk=one.pk).raised_for == second
    assert Issue.objects.get(pk=two.pk).owner == second
    assert Decision.objects.get(pk=decision.pk).owner == Decision.objects.get(pk=by_issue.pk).owner == second
    assert lines(outcome, "提出的问题", "整改的问题") == [
        ("提出的问题", "用地没有落实", "随所涉的任务", "乙处"),
        ("整改的问题", "企业外迁", "随所涉的任务", "乙处"),
    ]
    assert [to for *_, to in lines(outcome, "督办单", "议定事项")] == ["乙处", "甲处", "乙处", "乙处"]
    assert not any(line.key for line in outcome.handed_over)


def test_for_what_is_about_no_task_or_about_divided_ones_somebody_chooses(site: SimpleNamespace) -> None:
    both = brought_to(site, "issued", matters=(matter_of_node(site.firms), matter_of_node(site.platforms)))
    bare, issue = brought_to(site, "issued", matters=(Matter("技术合同登记"),)), raised(site, "人手不够")
    decision = decided(site, "写出报告")
    asked = {line.key: line for line in split(site, act=rehearse).handed_over if line.key}
    assert [(line.noun, line.group, line.to, line.was) for line in asked.values()] == [
        ("提出的问题", ALONE, "甲处", "高新处"),
        ("督办单", SEVERAL, "甲处", "高新处"),
        ("督办单", ALONE, "甲处", "高新处"),
        ("议定事项", ALONE, "甲处", "高新处"),
    ]
    outcome = split(site, **{f"key_{key}": 1 for key in asked})
    second = outcome.successors[1]
    assert {fresh(each).addressee for each in (both, bare)} == {second}
    assert Issue.objects.get(pk=issue.pk).raised_for == Decision.objects.get(pk=decision.pk).owner == second


def test_notices_that_the_split_office_sent_are_chosen_for_too(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued", addressee=site.qingling)
    SupervisionNotice.objects.filter(pk=notice.pk).update(issuer=site.gaoxin)
    (line,) = [each for each in split(site, act=rehearse).handed_over if each.key]
    assert (line.noun, line.to) == ("发出的督办单", "甲处")
    assert fresh(notice).issuer == site.gaoxin
    second = split(site, **{f"key_{line.key}": 1}).successors[1]
    assert fresh(notice).issuer == second


def test_a_decision_of_which_something_was_made_keeps_its_words(site: SimpleNamespace) -> None:
    decision = decided(site, "加快平台建设")
    Decision.objects.filter(pk=decision.pk).update(task=site.platforms)
    split(site)
    assert Decision.objects.get(pk=decision.pk).owner == site.gaoxin


def test_a_renaming_asks_for_nothing(site: SimpleNamespace) -> None:
    brought_to(site, "issued", matters=(Matter("技术合同登记"),))
    into = OrganisationFields("高新产业处", "高产处", "office", site.bureau.pk)
    outcome = reorganise(
        predecessors=[site.gaoxin], successors=[into], on=ON, reason="改革", by=site.people["planner"], at=AT
    )
    ((_, _, why, to),) = lines(outcome, "督办单")
    assert (why, to) == ("原单位的全部工作一并转入", "高产处")


def test_the_page_asks_and_shows_where_each_goes(site: SimpleNamespace) -> None:
    """Divided tasks make the notice about both of them a question of its own, before anything can be confirmed."""
    brought_to(site, "issued", matters=(matter_of_node(site.firms), matter_of_node(site.platforms)), title="督办两项")
    raised(site, "人手不够")
    client = Client()
    client.force_login(site.people["planner"])
    address = reverse("bureau:organisation-reorganise", args=[site.gaoxin.pk]) + "?kind=split"
    given: dict[str, Any] = {"on": ON.isoformat(), "reason": "改革", "name": "甲处", "name_2": "乙处"}
    page = client.post(address, given).content.decode()
    assert "人手不够" in page
    assert ALONE in page
    assert "督办两项" not in page
    given["shared"] = "1"
    given |= {f"people-{row.pk}": "0" for row in site.gaoxin.memberships.all()}
    given |= {
        f"work-{each.key}": "1" if site.platforms.heading in each.name else "0"
        for each in open_work_of(site.gaoxin.pk, on=ON)
    }
    issue_field = f"work-{31_000_000_000 + Issue.objects.get().pk}"
    notice_field = f"work-{32_000_000_000 + SupervisionNotice.objects.get().pk}"
    half = client.post(address, {**given, issue_field: "0", "confirmed": "1"})
    assert half.status_code == 422
    assert SEVERAL in half.content.decode()
    assert f'name="{notice_field}"' in half.content.decode()
    assert not Organisation.objects.filter(name="甲处").exists()
    whole = {**given, issue_field: "0", notice_field: "1"}
    page = client.post(address, whole).content.decode()
    assert "确认办理" in page
    assert "去向的依据" in page
    assert SEVERAL in page
    client.post(address, {**whole, "confirmed": "1"})
    assert SupervisionNotice.objects.get().addressee.name == "乙处"
    assert Issue.objects.get().raised_for.name == "甲处"
