"""Reviewing a draft: decisions, corrections, owners, undo, and two people at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from tests.apps.plans.factories import POINTS, Draftsman, make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, OwnerAlias
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import OwnerMention, PlanNode, Responsibility, Review, ReviewStep, Target, WorkPlan
from keshu.apps.plans.queries.progress import review_progress
from keshu.apps.plans.services import nodes, owners, review, targets, undo
from keshu.apps.plans.services.presence import touch_presence
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.services.steps import ChangedMeanwhile

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=5)


class Desk:
    """A draft of the bureau on one planner's desk."""

    def __init__(self, **traits: Any) -> None:
        self.site = make.site()
        self.planner = self.site.people["planner"]
        self.plan = make_plan.draft(points(**traits), organisation=self.site.bureau, by=self.planner)

    def now(self, **more: Any) -> dict[str, Any]:
        version = WorkPlan.objects.values_list("version", flat=True).get(pk=self.plan.pk)
        return {"by": self.planner, "at": AT, "version": version, **more}

    def target(self, indicator: str = "高新技术企业总数", **traits: Any) -> Target:
        return make_plan.target(self.plan, indicator, **traits)

    def mention(self, name: str) -> OwnerMention:
        return make_plan.mention(self.plan, name)

    def node(self, heading: str) -> PlanNode:
        return make_plan.node(self.plan, heading)


def ref(row: Any) -> RowRef:
    return RowRef.of(row)


def offices(row: Any) -> list[str]:
    return sorted(str(each.organisation) for each in row.responsibilities.select_related("organisation"))


# --- decisions


def test_accepting_rows_records_who_and_raises_the_version() -> None:
    desk = Desk()
    target = desk.target()
    result = review.accept_rows(desk.plan, rows=[ref(target)], **desk.now())
    target.refresh_from_db()
    assert (target.review, target.reviewed_by, target.version) == (Review.ACCEPTED, desk.planner, result.version)
    assert result.version == 1
    assert result.rows == (f"target-{target.pk}",)
    entry = AuditEntry.objects.about("plans.target", target.pk).get(action="update")
    assert (entry.before["review"], entry.after["review"]) == ("pending", "accepted")


def test_rejecting_needs_a_reason_and_restoring_brings_back() -> None:
    desk = Desk()
    target = desk.target()
    with pytest.raises(Unacceptable) as refusal:
        review.reject_rows(desk.plan, rows=[ref(target)], reason="  ", **desk.now())
    assert refusal.value.field == "reason"
    review.reject_rows(desk.plan, rows=[ref(target)], reason="不是指标", **desk.now())
    target.refresh_from_db()
    assert (target.review, target.remark) == (Review.REJECTED, "不是指标")
    review.restore_rows(desk.plan, rows=[ref(target)], **desk.now())
    target.refresh_from_db()
    assert (target.review, target.remark) == (Review.PENDING, "")


def test_accept_all_clear_leaves_what_raises_doubt() -> None:
    desk = Desk(doubtful=True)
    review.accept_all_clear(desk.plan, **desk.now())
    pending = set(Target.objects.pending().filter(plan=desk.plan).values_list("indicator", flat=True))
    assert pending == {"高新技术企业总数"}
    assert set(OwnerMention.objects.pending().filter(plan=desk.plan).values_list("name", flat=True)) == {"成果转化处"}
    assert not PlanNode.objects.pending().filter(plan=desk.plan).exists()
    progress = review_progress(desk.plan)
    assert (progress.pending, progress.doubtful, progress.unresolved) == (2, 2, 1)


@pytest.mark.parametrize("text", ["target", "target-", "target-x", "office-3", "target-²", "target-" + "9" * 30, ""])
def test_a_garbled_row_is_refused(text: str) -> None:
    with pytest.raises(Unacceptable, match="不认识的行"):
        RowRef.parse(text)


def test_a_row_that_cannot_exist_is_refused() -> None:
    desk = Desk()
    with pytest.raises(Unacceptable):
        review.accept_rows(desk.plan, rows=[RowRef("target", 10**30)], **desk.now())


def test_rows_of_another_plan_are_refused() -> None:
    desk = Desk()
    other = make_plan.draft(points(), organisation=desk.site.qingling)
    with pytest.raises(Unacceptable, match="不在这份文件"):
        review.accept_rows(desk.plan, rows=[ref(make_plan.target(other, "对接会"))], **desk.now())


@pytest.mark.parametrize("role", ["clerk", "office_head", "county_clerk", "auditor", "operator", "enterprise"])
def test_only_keepers_review(role: str) -> None:
    desk = Desk()
    with pytest.raises(Refused):
        review.accept_rows(desk.plan, rows=[ref(desk.target())], **desk.now(by=desk.site.people[role]))
    assert ReviewStep.objects.count() == 0


def test_a_published_plan_is_not_changed_any_more() -> None:
    plan = make_plan.published()
    with pytest.raises(Refused, match="新版"):
        review.accept_rows(
            plan, rows=[ref(make_plan.target(plan, "对接会"))], by=make.person("planner"), at=AT, version=None
        )


# --- targets


def test_correcting_a_target_says_what_changed() -> None:
    desk = Desk()
    target = desk.target("技术合同成交额")
    result = targets.correct_target(
        desk.plan, target_id=target.pk, fields={"value": "1,245.5", "op": ">=", "period": "2026-H1"}, **desk.now()
    )
    target.refresh_from_db()
    assert (target.review, target.value, target.op) == (Review.CORRECTED, Decimal("1245.5"), ">=")
    assert (target.period, target.due_on) == ("2026-H1", date(2026, 6, 30))
    assert "数值 45 → 1245.5" in result.summary
    assert target.reading["value"] == 45


def test_correcting_to_the_same_is_accepting() -> None:
    desk = Desk()
    target = desk.target("技术合同成交额")
    targets.correct_target(desk.plan, target_id=target.pk, fields={"value": 45, "unit": "亿元"}, **desk.now())
    target.refresh_from_db()
    assert target.review == Review.ACCEPTED


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"indicator": " "}, "indicator", "指标名称"),
        ({"value": "二百万"}, "value", "填写的是“二百万”"),
        ({"value": None}, "value", "数字被隐去"),
        ({"op": "between", "value": 8, "value_high": None}, "value_high", "上限"),
        ({"op": "between", "value": 8, "value_high": 6}, "value_high", "上限 6 小于下限 8"),
        ({"period": "明年"}, "period", "看不懂时期“明年”"),
        ({"measure": "weight"}, "measure", "请选择"),
        ({"unit": "很长" * 20}, "unit", "最多 20 个字"),
        ({"value": "1e30"}, "value", "过大"),
        ({"value": "NaN"}, "value", "请填数字"),
        ({"node_id": 0}, "node_id", "不在这份文件"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(fields: dict[str, Any], field: str, words: str) -> None:
    desk = Desk()
    target = desk.target("技术合同成交额")
    with pytest.raises(Unacceptable, match=words) as refusal:
        targets.correct_target(desk.plan, target_id=target.pk, fields=fields, **desk.now())
    assert refusal.value.field == field
    target.refresh_from_db()
    assert (target.review, target.value) == (Review.PENDING, Decimal(45))
    assert ReviewStep.objects.count() == 0


def test_an_unknown_field_is_a_mistake_of_ours() -> None:
    desk = Desk()
    with pytest.raises(ValueError, match="known: "):
        targets.correct_target(desk.plan, target_id=desk.target().pk, fields={"colour": "red"}, **desk.now())


def test_a_masked_target_may_stay_without_a_number() -> None:
    desk = Desk()
    target = desk.target("技术合同成交额")
    targets.correct_target(desk.plan, target_id=target.pk, fields={"value": "", "masked": True}, **desk.now())
    target.refresh_from_db()
    assert (target.value, target.masked) == (None, True)


def test_adding_a_target_from_selected_words() -> None:
    desk = Desk()
    start = POINTS.index("优化创新服务")
    result = targets.add_target(
        desk.plan, start=start, end=start + 6, fields={"indicator": "服务场次", "value": 3, "unit": "场"}, **desk.now()
    )
    target = Target.objects.get(plan=desk.plan, indicator="服务场次")
    assert (target.review, target.reviewed_by) == (Review.ADDED, desk.planner)
    assert target.node == desk.node("优化创新服务")
    assert POINTS[target.start : target.end] == "优化创新服务"
    assert result.rows == (f"target-{target.pk}",)
    assert list(Target.objects.filter(plan=desk.plan))[-2:] == [target, desk.target("对接会")]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 4), (0, 10**6)])
def test_a_selection_outside_the_text_is_refused(start: int, end: int) -> None:
    desk = Desk()
    with pytest.raises(Unacceptable, match="选中"):
        targets.add_target(desk.plan, start=start, end=end, fields={"indicator": "甲", "value": 1}, **desk.now())


def test_adding_a_stretch_pairs_it_with_its_floor() -> None:
    desk = Desk()
    start = POINTS.index("技术合同成交额突破45亿元")
    fields = {"indicator": "技术合同成交额", "value": 50, "unit": "亿元", "tier": "stretch", "period": "2026"}
    targets.add_target(desk.plan, start=start, end=start + 12, fields=fields, **desk.now())
    stretch = desk.target("技术合同成交额", tier="stretch")
    assert stretch.floor == desk.target("技术合同成交额")


def test_changing_a_stretch_to_a_floor_unlinks_it() -> None:
    desk = Desk()
    stretch = desk.target(tier="stretch")
    assert stretch.floor is not None
    targets.correct_target(desk.plan, target_id=stretch.pk, fields={"tier": "base"}, **desk.now())
    stretch.refresh_from_db()
    assert stretch.floor is None


def test_merging_keeps_one_and_links_the_others() -> None:
    desk = Desk()
    keep, other = desk.target("对接会"), desk.target("中试基地")
    targets.merge_targets(desk.plan, keep_id=keep.pk, other_ids=[other.pk, keep.pk], **desk.now())
    keep.refresh_from_db()
    other.refresh_from_db()
    assert keep.review == Review.ACCEPTED
    assert (other.review, other.merged_into) == (Review.REJECTED, keep)


def test_merging_the_floor_away_moves_its_stretch() -> None:
    desk = Desk()
    floor, stretch, keep = desk.target(), desk.target(tier="stretch"), desk.target("对接会")
    targets.merge_targets(desk.plan, keep_id=keep.pk, other_ids=[floor.pk], **desk.now())
    stretch.refresh_from_db()
    assert stretch.floor == keep


def test_splitting_replaces_one_by_two_over_the_same_words() -> None:
    desk = Desk()
    target = desk.target("中试基地")
    parts = [{"indicator": "市级中试基地", "value": 1}, {"indicator": "县级中试基地", "value": 1}]
    targets.split_target(desk.plan, target_id=target.pk, parts=parts, **desk.now())
    target.refresh_from_db()
    assert target.review == Review.REJECTED
    first, second = Target.objects.filter(plan=desk.plan, review=Review.ADDED).order_by("pk")
    assert (first.indicator, second.indicator) == ("市级中试基地", "县级中试基地")
    assert (first.start, first.end, first.unit, first.period) == (target.start, target.end, "个", "2026-06")
    with pytest.raises(Unacceptable):
        targets.split_target(desk.plan, target_id=second.pk, parts=parts[:1], **desk.now())


# --- the tree


def test_correcting_a_node_and_its_deadline() -> None:
    desk = Desk()
    node = desk.node("优化创新服务")
    fields = {"heading": "优化科技服务", "kind": "measure", "due": "2026-Q3"}
    nodes.correct_node(desk.plan, node_id=node.pk, fields=fields, **desk.now())
    node.refresh_from_db()
    assert (node.heading, node.kind, node.due_on, node.review) == (
        "优化科技服务",
        "measure",
        date(2026, 9, 30),
        "corrected",
    )
    nodes.correct_node(desk.plan, node_id=node.pk, fields={"due": "2026-10-15"}, **desk.now())
    node.refresh_from_db()
    assert (node.due_on, node.due_period) == (date(2026, 10, 15), "")


def test_moving_a_node_moves_what_is_below_it() -> None:
    desk = Desk()
    chapter, task = desk.node("重点任务"), desk.node("培育科技企业")
    nodes.correct_node(desk.plan, node_id=chapter.pk, fields={"parent_id": desk.node("主要目标").pk}, **desk.now())
    task.refresh_from_db()
    assert task.level == 3
    with pytest.raises(Unacceptable, match="自己的下级"):
        nodes.correct_node(desk.plan, node_id=chapter.pk, fields={"parent_id": task.pk}, **desk.now())


def test_a_rejected_heading_leaves_its_contents_to_the_one_above() -> None:
    desk = Desk()
    task, chapter = desk.node("培育科技企业"), desk.node("重点任务")
    review.reject_rows(desk.plan, rows=[ref(task)], reason="不是任务", **desk.now())
    assert desk.target("科技型中小企业").node == chapter
    assert desk.mention("高新处").node == chapter
    assert "高新处" in offices(chapter)
    assert "高新处" in offices(desk.node("优化创新服务"))
    undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    assert desk.target("科技型中小企业").node == task
    assert offices(desk.node("优化创新服务")) == []
    assert "高新处" in offices(task)


def test_adding_a_heading_the_engine_missed() -> None:
    desk = Desk()
    start = POINTS.index("举办对接会12场")
    nodes.add_node(desk.plan, start=start, end=start + 8, fields={"kind": "measure"}, **desk.now())
    added = desk.node("举办对接会12场")
    assert (added.parent, added.level, added.review) == (desk.node("优化创新服务"), 3, Review.ADDED)
    order = list(PlanNode.objects.filter(plan=desk.plan).values_list("heading", flat=True))
    assert order == ["主要目标", "重点任务", "培育科技企业", "建设创新平台", "优化创新服务", "举办对接会12场"]


# --- owners


def test_an_unknown_owner_is_resolved_once_for_the_whole_plan() -> None:
    desk = Desk()
    office = make.office(name="科技成果转化与区域创新处", short_name="成果处")
    mention = desk.mention("成果转化处")
    owners.resolve_mention(desk.plan, mention_id=mention.pk, organisation_ids=[office.pk], **desk.now())
    mention.refresh_from_db()
    assert (mention.certainty, mention.review) == ("chosen", Review.ACCEPTED)
    assert "成果处" in offices(desk.node("建设创新平台"))
    assert not OwnerAlias.objects.exists()


def test_a_remembered_name_is_applied_in_other_drafts_the_person_keeps() -> None:
    desk = Desk()
    next_year = make_plan.draft(points(year=2027), organisation=desk.site.bureau, by=desk.planner)
    county = make_plan.draft(points(), organisation=desk.site.qingling)
    office = make.office(name="科技成果转化与区域创新处", short_name="成果处")
    mention = desk.mention("成果转化处")
    owners.resolve_mention(desk.plan, mention_id=mention.pk, organisation_ids=[office.pk], remember=True, **desk.now())
    assert OwnerAlias.objects.get(text="成果转化处").organisation == office
    there = make_plan.mention(next_year, "成果转化处")
    assert (offices(there), there.certainty, there.review) == (["成果处"], "alias", Review.PENDING)
    assert "成果处" not in offices(make_plan.mention(county, "成果转化处"))
    later = make_plan.draft(points(), organisation=desk.site.bureau, by=desk.planner)
    assert offices(make_plan.mention(later, "成果转化处")) == ["成果处"]


def test_a_group_means_all_its_members() -> None:
    desk = Desk()
    mention = desk.mention("成果转化处")
    owners.resolve_mention(desk.plan, mention_id=mention.pk, group=["county", "park"], **desk.now())
    assert offices(mention) == ["云湖区", "云澜高新区", "青岭县"]


def test_a_body_outside_needs_no_organisation() -> None:
    desk = Desk()
    mention = desk.mention("成果转化处")
    owners.resolve_mention(desk.plan, mention_id=mention.pk, is_outside=True, **desk.now())
    assert review_progress(desk.plan).unresolved == 0


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"organisation_ids": [1], "is_outside": True},
        {"organisation_ids": [1, 2], "remember": True},
        {"group": ["bank"]},
        {"organisation_ids": [987_654]},
        {"organisation_ids": [10**20]},
    ],
)
def test_an_unclear_answer_is_refused(answer: dict[str, Any]) -> None:
    desk = Desk()
    with pytest.raises(Unacceptable):
        owners.resolve_mention(desk.plan, mention_id=desk.mention("成果转化处").pk, **answer, **desk.now())


def test_a_corrected_name_is_looked_up_anew() -> None:
    desk = Desk()
    mention = desk.mention("成果转化处")
    owners.correct_mention(desk.plan, mention_id=mention.pk, name="规划处", role="support", **desk.now())
    mention.refresh_from_db()
    assert (mention.name, mention.role, mention.review) == ("规划处", "support", Review.CORRECTED)
    held = Responsibility.objects.get(mention=mention)
    assert (held.organisation, held.role) == (desk.site.guihua, "support")


def test_adding_an_owner_by_name() -> None:
    desk = Desk()
    node = desk.node("优化创新服务")
    owners.add_owner(desk.plan, node_id=node.pk, name="高新处", role="lead", **desk.now())
    assert offices(node) == ["高新处"]


def test_a_person_is_no_organisation() -> None:
    desk = Desk()
    node = desk.node("优化创新服务")
    owners.add_owner(desk.plan, node_id=node.pk, name="高新处", role="person", **desk.now())
    assert offices(node) == []
    assert review_progress(desk.plan).unresolved == 1


# --- two people


def test_the_second_reviewer_of_a_row_is_told_and_nothing_is_saved() -> None:
    desk = Desk()
    colleague = make.person("planner", desk.site.bureau, name="周敏")
    target, other = desk.target("技术合同成交额"), desk.target("对接会")
    seen = desk.now()
    targets.correct_target(desk.plan, target_id=target.pk, fields={"value": 46}, **desk.now(by=colleague, at=AT))
    with pytest.raises(ChangedMeanwhile) as refusal:
        review.accept_rows(desk.plan, rows=[ref(other), ref(target)], **seen)
    told = str(refusal.value)
    assert "周敏" in told
    assert "03月05日 09:30" in told
    assert "数值 45 → 46" in told
    assert refusal.value.rows == (f"target-{target.pk}",)
    other.refresh_from_db()
    assert other.review == Review.PENDING
    assert ReviewStep.objects.count() == 1


def test_rows_a_colleague_did_not_touch_go_through_and_the_answer_names_those_changed() -> None:
    desk = Desk()
    colleague = make.person("planner", desk.site.bureau)
    seen = desk.now()
    review.accept_rows(desk.plan, rows=[ref(desk.target("对接会"))], **desk.now(by=colleague))
    result = review.accept_rows(desk.plan, rows=[ref(desk.target("中试基地"))], **seen)
    assert result.others == (f"target-{desk.target('对接会').pk}",)
    assert result.version == 2


def test_ones_own_earlier_change_is_no_conflict() -> None:
    desk = Desk()
    seen = desk.now()
    review.accept_rows(desk.plan, rows=[ref(desk.target("对接会"))], **seen)
    targets.correct_target(desk.plan, target_id=desk.target("对接会").pk, fields={"value": 13}, **seen)
    assert desk.target("对接会").value == 13


def test_presence_names_the_others_of_the_last_minute() -> None:
    desk = Desk()
    colleague = make.person("planner", desk.site.bureau, name="周敏")
    assert touch_presence(desk.plan, by=colleague, at=AT) == ()
    assert [each.name for each in touch_presence(desk.plan, by=desk.planner, at=AT + timedelta(seconds=59))] == ["周敏"]
    assert touch_presence(desk.plan, by=desk.planner, at=AT + timedelta(seconds=61)) == ()
    with pytest.raises(Refused):
        touch_presence(desk.plan, by=desk.site.people["clerk"], at=AT)


# --- undo


def test_undo_restores_each_field_and_can_go_on() -> None:
    desk = Desk()
    target = desk.target("技术合同成交额")
    review.accept_rows(desk.plan, rows=[ref(target)], **desk.now())
    targets.correct_target(desk.plan, target_id=target.pk, fields={"value": 50, "period": "2026-Q1"}, **desk.now())
    result = undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    target.refresh_from_db()
    assert (target.value, target.period, target.due_on) == (Decimal(45), "2026", date(2026, 12, 31))
    assert target.review == Review.ACCEPTED
    assert result.summary.startswith("撤销：修改目标")
    undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    target.refresh_from_db()
    assert (target.review, target.reviewed_by, target.reviewed_at) == (Review.PENDING, None, None)
    with pytest.raises(Unacceptable, match="没有可以撤销"):
        undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)


def test_undo_of_a_resolution_takes_the_organisations_back() -> None:
    desk = Desk()
    mention = desk.mention("高新处")
    owners.resolve_mention(desk.plan, mention_id=mention.pk, organisation_ids=[desk.site.guihua.pk], **desk.now())
    assert offices(mention) == ["规划处"]
    undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    assert offices(mention) == ["高新处"]


def test_undo_of_an_addition_rejects_the_row() -> None:
    desk = Desk()
    targets.add_target(desk.plan, start=0, end=5, fields={"indicator": "甲", "value": 1}, **desk.now())
    undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    assert Target.objects.get(plan=desk.plan, indicator="甲").review == Review.REJECTED


def test_undo_of_a_bulk_step() -> None:
    desk = Desk()
    before = review_progress(desk.plan).pending
    review.accept_all_clear(desk.plan, **desk.now())
    assert review_progress(desk.plan).pending < before
    undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    assert review_progress(desk.plan).pending == before


def test_undo_never_overwrites_a_colleagues_later_change() -> None:
    desk = Desk()
    colleague = make.person("planner", desk.site.bureau, name="周敏")
    target = desk.target("对接会")
    review.accept_rows(desk.plan, rows=[ref(target)], **desk.now())
    targets.correct_target(desk.plan, target_id=target.pk, fields={"value": 15}, **desk.now(by=colleague))
    with pytest.raises(ChangedMeanwhile, match="周敏"):
        undo.undo_last_step(desk.plan, by=desk.planner, at=LATER)
    target.refresh_from_db()
    assert target.value == 15


def test_a_large_step_is_one_entry_of_the_history() -> None:
    site = make.site()
    planner = site.people["planner"]
    text = "一、目标\n" + "".join(f"完成事项{n}号{n}项。\n" for n in range(1, 41))
    pen = Draftsman(text)
    node = pen.node("一、", "目标")
    for number in range(1, 41):
        pen.claim(f"完成事项{number}号{number}项", f"号{number}项", f"事项{number}号", number, "项", node=node)
    plan = make_plan.draft(pen.document(), organisation=site.bureau, by=planner)
    before = AuditEntry.objects.count()
    review.accept_all_clear(plan, by=planner, at=AT, version=None)
    assert Target.objects.filter(plan=plan, review=Review.ACCEPTED, version=1, reviewed_by=planner).count() == 40
    assert AuditEntry.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.postgres
def test_of_two_reviewers_in_the_same_moment_one_is_told() -> None:
    desk = Desk()
    colleague = make.person("planner", desk.site.bureau, name="周敏")
    target = desk.target("对接会")
    start, outcomes = Barrier(2), []

    def correct(by: Any, value: int) -> None:
        try:
            start.wait(timeout=60)
            targets.correct_target(desk.plan, target_id=target.pk, fields={"value": value}, by=by, at=AT, version=0)
            outcomes.append(value)
        except ChangedMeanwhile:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [Thread(target=correct, args=each) for each in ((desk.planner, 20), (colleague, 30))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert outcomes.count(None) == 1
    target.refresh_from_db()
    assert target.value in outcomes
    assert ReviewStep.objects.count() == 1
