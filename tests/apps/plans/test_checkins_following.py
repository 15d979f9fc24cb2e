"""The year follows its plan into a new revision, and its offices into their successors; what is signed stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests.apps.plans.factories import make_plan
from tests.apps.plans.test_checkins import NOTHING, at, city, form, opened

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.reorganisation import reorganise
from keshu.apps.plans.models import (
    CheckIn,
    CheckInRound,
    Issue,
    OwnerMention,
    PastFigure,
    PlanNode,
    Responsibility,
    Rhythm,
    Standing,
    SupervisionItem,
    SupervisionNotice,
    Target,
    WorkPlan,
)
from keshu.apps.plans.queries.checkins import history_of
from keshu.apps.plans.services import checkins, standings
from keshu.apps.plans.services.checkins.matching import match_rows
from keshu.apps.plans.services.publishing import publish_plan

__all__ = ["city"]
SAID = {**NOTHING, "progress": "已入库 31 家", "value": Decimal(31)}


def revise(
    city: SimpleNamespace, change: Callable[[WorkPlan], Any] = lambda draft: None, on: str = "2026-03-30"
) -> WorkPlan:
    """Publish the document read again, after `change` has been made to the draft."""
    draft = make_plan.draft(organisation=city.bureau, by=city.planner, revises=city.plan)
    OwnerMention.objects.filter(plan=draft, certainty__in=["unknown", "guess"]).update(is_outside=True)
    change(draft)
    return publish_plan(draft, accept_rest=True, by=city.planner, at=at(on))


def rows(draft: WorkPlan, indicator: str = "科技型中小企业") -> Any:
    return Target.objects.filter(plan=draft, indicator=indicator)


def test_rhythm_rounds_and_forms_follow_the_rows(city: SimpleNamespace) -> None:
    march = opened(city)
    signed = checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-03-28"))
    before = {(str(r.target or r.node), r.organisation_id, r.state) for r in march.checkins.all()}
    again = revise(city)
    march.refresh_from_db()
    assert (march.plan, march.due_on) == (again, date(2026, 4, 3))
    assert Rhythm.objects.get().plan == again
    after = {(str(r.target or r.node), r.organisation_id, r.state) for r in march.checkins.all()}
    assert after == before
    assert {(r.target or r.node).plan_id for r in march.checkins.all()} == {again.pk}
    target = make_plan.target(again, "科技型中小企业")
    assert [row.pk for row in history_of(city.head, target_id=target.pk) if row.state == "signed"] == [signed.pk]
    assert checkins.open_due_rounds(at=at("2026-03-31")) == 0
    assert checkins.open_due_rounds(at=at("2026-04-28")) == 1
    assert set(CheckInRound.objects.values_list("plan", flat=True)) == {again.pk}


def test_a_figure_that_changed_is_the_same_target(city: SimpleNamespace) -> None:
    """The revision asks for 150 instead of 120, read from other words: what was reported stays with the target."""
    opened(city)
    row = form(city)
    again = revise(city, lambda draft: rows(draft).update(value=150, reading={"value": 150}))
    row.refresh_from_db()
    assert (row.target.plan, row.target.value, row.state) == (again, 150, "open")


def test_a_dropped_row_keeps_its_history_and_its_open_forms_are_excused(city: SimpleNamespace) -> None:
    opened(city)
    old = make_plan.target(city.plan, "科技型中小企业")
    signed = checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-03-28"))
    county = form(city, city.qingling)
    again = revise(city, lambda draft: rows(draft).update(review="rejected"))
    signed.refresh_from_db()
    county.refresh_from_db()
    assert (signed.target, signed.state, signed.value) == (old, "signed", 31)
    assert (county.state, county.remark) == ("excused", "新版中没有这一项，不再填报。")
    assert [row.pk for row in history_of(city.planner, target_id=old.pk) if row.state == "signed"] == [signed.pk]
    assert not CheckIn.objects.filter(target__plan=again, target__indicator="科技型中小企业").exists()


def test_who_joins_or_leaves_a_task_is_asked_or_excused(city: SimpleNamespace) -> None:
    """(二) passes from 云湖区 to 青岭县 in support."""
    march = opened(city)

    def pass_support(draft: WorkPlan) -> None:
        held = Responsibility.objects.filter(node__plan=draft, node__heading="建设创新平台", role="support")
        held.filter(organisation=city.yunhu).update(organisation=city.qingling)

    revise(city, pass_support)
    found = march.checkins.filter(node__heading="建设创新平台")
    assert {(row.organisation.short_name, row.state) for row in found} == {("云湖区", "excused"), ("青岭县", "open")}
    entry = AuditEntry.objects.get(subject_type="plans.workplan", why="随第 2 版")
    assert entry.after["调度填报"] == {"随行转入": 10, "新增": 2, "免报": 2}


def test_lights_figures_issues_and_notices_follow(city: SimpleNamespace) -> None:
    opened(city)
    old, node = make_plan.target(city.plan, "科技型中小企业"), make_plan.node(city.plan, "培育科技企业")
    Standing.objects.create(plan=city.plan, target=old, light="late", shown="late", judged_at=at("2026-03-28"))
    PastFigure.objects.create(target=old, period="2025-03", value=28, source="2025年月报")
    given = {"plan": city.plan, "year": 2026}
    raised = {"raised_by": city.clerk, "raised_for": city.gaoxin, "raised_at": at("2026-03-28")}
    Issue.objects.create(**given, **raised, number=1, title="申报材料不齐", target=old)
    Issue.objects.create(**given, **raised, number=2, title="统计口径不一")
    written = {"written_by": city.planner, "written_at": at("2026-03-28"), "due_on": date(2026, 4, 10)}
    notice = SupervisionNotice.objects.create(
        **given, **written, title="加快入库", demand="报送名单", issuer=city.bureau, addressee=city.gaoxin
    )
    SupervisionItem.objects.create(notice=notice, position=1, text="加快入库", node=node)
    again = revise(city)
    new = make_plan.target(again, "科技型中小企业")
    assert Standing.objects.get(target=new).plan == again
    assert not Standing.objects.filter(plan=city.plan).exists()
    assert PastFigure.objects.get().target == new
    assert list(Issue.objects.order_by("number").values_list("plan", "target")) == [
        (again.pk, new.pk),
        (again.pk, None),
    ]
    notice.refresh_from_db()
    assert (notice.plan, notice.items.get().node) == (again, make_plan.node(again, "培育科技企业"))


def test_a_chosen_light_follows_with_its_reason_and_the_revision_is_judged_at_once(city: SimpleNamespace) -> None:
    """The planner overruled the light of a target; the revision asks for less, so the rules find another light by themselves."""
    opened(city)
    checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-04-01"))
    row = Standing.objects.get(target=make_plan.target(city.plan, "科技型中小企业"))
    standings.choose_light(row, light="late", why="两家企业将要迁出", by=city.planner, at=at("2026-04-02"))
    again = revise(city, lambda draft: rows(draft).update(value=30, reading={"value": 30}), "2026-04-02")
    followed = Standing.objects.get(target=make_plan.target(again, "科技型中小企业"))
    assert (followed.pk, followed.plan, followed.light, followed.shown) == (row.pk, again, "done", "late")
    assert (followed.chosen, followed.chosen_reason, followed.chosen_by) == ("late", "两家企业将要迁出", city.planner)
    entry = AuditEntry.objects.about("plans.standing", row.pk).filter(by=city.planner).get()
    assert entry.why == "两家企业将要迁出"
    judged = set(Standing.objects.filter(plan=again).values_list("target", flat=True))
    assert make_plan.target(again, "中试基地").pk in judged


def test_a_chosen_light_of_a_task_follows(city: SimpleNamespace) -> None:
    standings.judge_plan(city.plan.pk, at=at("2026-04-01"))
    row = Standing.objects.get(node=make_plan.node(city.plan, "培育科技企业"))
    standings.choose_light(row, light="at_risk", why="人手不足", by=city.planner, at=at("2026-04-02"))
    again = revise(city, on="2026-04-02")
    row.refresh_from_db()
    assert (row.node, row.shown, row.chosen_reason) == (make_plan.node(again, "培育科技企业"), "at_risk", "人手不足")


def test_a_report_sent_back_for_correction_counts_no_more(city: SimpleNamespace) -> None:
    opened(city)
    signed = checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-04-01"))
    of_target = Standing.objects.filter(target=signed.target).values_list("shown", "value")
    assert of_target.get() == ("on_track", 31)
    checkins.reopen_check_in(signed, why="口径不对", by=city.planner, at=at("2026-04-02"))
    assert of_target.get() == ("unknown", None)


def test_rows_are_matched_once_each_in_reading_order(city: SimpleNamespace) -> None:
    again = make_plan.draft(organisation=city.bureau, by=city.planner, revises=city.plan)
    matches = match_rows(city.plan, again)
    names = {pk: str(row) for model in (Target, PlanNode) for pk, row in model.objects.in_bulk().items()}
    assert len(matches.targets) == Target.objects.filter(plan=city.plan).count()
    assert len(set(matches.targets.values())) == len(matches.targets)
    assert all(names[old] == names[new] for old, new in matches.nodes.items())


def test_open_forms_pass_to_the_successor_and_signed_ones_keep_the_old_name(city: SimpleNamespace) -> None:
    march = opened(city)
    signed = checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-03-28"))
    task = CheckIn.objects.get(node__heading="培育科技企业", organisation=city.gaoxin)
    checkins.save_check_in(task, version=0, **{**NOTHING, "progress": "起草中"}, by=city.clerk, at=at("2026-03-28"))
    outcome = reorganise(
        predecessors=[city.gaoxin], successors=[OrganisationFields("高新与产业处", "高产处", "office", city.bureau.pk)],
        on=date(2026, 3, 30), reason="云编〔2026〕8号", by=city.planner, at=at("2026-03-30"),
    )  # fmt: skip
    heir = type(city.gaoxin).objects.get(name="高新与产业处")
    task.refresh_from_db()
    signed.refresh_from_db()
    assert (task.organisation, task.progress, task.state) == (heir, "起草中", "open")
    assert (signed.organisation, signed.state) == (city.gaoxin, "signed")
    assert march.checkins.filter(organisation=heir).count() == 1
    line = next(line for line in outcome.handed_over if line.noun == "调度填报")
    assert (line.name, line.to) == ("高新处的2026年3月 1 项", "高产处")


def test_two_that_merge_keep_the_leads_words_once(city: SimpleNamespace) -> None:
    """高新处 leads and 规划处 supports the same task and target: the new office is asked once, as lead."""
    march = opened(city)
    lead = form(city)
    support = form(city, city.guihua)
    checkins.save_check_in(lead, version=0, **SAID, by=city.clerk, at=at("2026-03-28"))
    reorganise(
        predecessors=[city.gaoxin, city.guihua],
        successors=[OrganisationFields("高新与规划处", "高规处", "office", city.bureau.pk)],
        on=date(2026, 3, 30), reason="云编〔2026〕9号", by=city.planner, at=at("2026-03-30"),
    )  # fmt: skip
    lead.refresh_from_db()
    support.refresh_from_db()
    assert (str(lead.organisation), lead.part, lead.value) == ("高规处", "lead", 31)
    assert (support.organisation, support.state, support.remark) == (city.guihua, "excused", "已并入高规处，由其填报。")
    assert march.checkins.filter(organisation=lead.organisation).count() == 2
