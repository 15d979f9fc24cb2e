"""A document read anew takes over what people decided, where words and reading are the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.apps.plans.factories import POINTS, make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import Job
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import PlanNode, Review, Target
from keshu.apps.plans.services import nodes, owners, review, targets
from keshu.apps.plans.services.details import correct_details
from keshu.apps.plans.services.publishing import delete_draft
from keshu.apps.plans.services.revisions import import_revision
from keshu.apps.plans.services.rows import RowRef
from keshu.engines.plandoc.document import PlanDocument
from keshu.kernel.span import Span

pytestmark = pytest.mark.django_db


def test_decisions_and_corrections_are_carried_over() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    on = {"by": planner, "at": AT, "version": None}
    corrected = make_plan.target(plan, "技术合同成交额")
    targets.correct_target(plan, target_id=corrected.pk, fields={"value": 46, "indicator": "技术合同登记成交额"}, **on)
    rejected = make_plan.target(plan, "对接会")
    review.reject_rows(plan, rows=[RowRef.of(rejected)], reason="不是目标", **on)
    nodes.correct_node(plan, node_id=make_plan.node(plan, "优化创新服务").pk, fields={"due": "2026-Q3"}, **on)
    mention = make_plan.mention(plan, "成果转化处")
    owners.resolve_mention(plan, mention_id=mention.pk, organisation_ids=[site.guihua.pk], **on)

    again = make_plan.draft(organisation=site.bureau, by=make.person("planner"), revises=plan)

    assert (again.revision, again.supersedes) == (2, plan)
    carried = make_plan.target(again, "技术合同登记成交额")
    assert (carried.review, carried.value, carried.reviewed_by) == (Review.CORRECTED, Decimal(46), planner)
    assert make_plan.target(again, "对接会").remark == "不是目标"
    assert make_plan.target(again, "对接会").review == Review.REJECTED
    assert make_plan.node(again, "优化创新服务").due_period == "2026-Q3"
    resolved = make_plan.mention(again, "成果转化处")
    assert (resolved.review, resolved.certainty) == (Review.ACCEPTED, "chosen")
    assert [each.organisation for each in resolved.responsibilities.all()] == [site.guihua]
    assert make_plan.target(again, "中试基地").review == Review.PENDING


def test_what_the_new_text_says_differently_is_to_be_reviewed_anew() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    review.accept_all_clear(plan, by=planner, at=AT, version=None)
    changed = POINTS.replace("突破45亿元", "突破48亿元").replace("云澜市2026年", "云澜市科学技术局2026年")
    assert make_plan.target(plan, "技术合同成交额").review == Review.ACCEPTED
    again = make_plan.draft(_reworded(changed), organisation=site.bureau, by=planner, revises=plan)
    assert make_plan.target(again, "技术合同成交额").review == Review.PENDING
    assert make_plan.target(again, "对接会").review == Review.ACCEPTED
    assert make_plan.node(again, "培育科技企业").review == Review.ACCEPTED


def _reworded(text: str) -> PlanDocument:
    """The plan over a text that asks for 48 instead of 45 (the builder quotes, so its quotes must change with the text)."""
    before = points(POINTS)
    claims = []
    shift = len(text) - len(POINTS)
    for claim in before.claims:
        span = Span(claim.span.start + shift, claim.span.end + shift)
        value_span = Span(claim.value_span.start + shift, claim.value_span.end + shift)
        value = 48.0 if claim.indicator == "技术合同成交额" else claim.value
        claims.append(replace(claim, span=span, value_span=value_span, value=value))
    moved = [
        replace(
            node,
            span=Span(node.span.start + shift, node.span.end + shift),
            body=Span(node.body.start + shift, node.body.end + shift),
            owners=tuple(
                replace(owner, span=Span(owner.span.start + shift, owner.span.end + shift)) for owner in node.owners
            ),
        )
        for node in before.nodes
    ]
    return replace(before, text=text, claims=tuple(claims), nodes=tuple(moved))


def test_a_target_added_by_hand_is_added_again_where_its_words_still_stand() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    start = POINTS.index("优化创新服务")
    on = {"by": planner, "at": AT, "version": None}
    targets.add_target(plan, start=start, end=start + 6, fields={"indicator": "满意率", "value": 90, "unit": "%"}, **on)
    again = make_plan.draft(organisation=site.bureau, by=planner, revises=plan)
    added = make_plan.target(again, "满意率")
    assert (added.review, added.value, again.source.text[added.start : added.end]) == ("added", 90, "优化创新服务")
    delete_draft(again, by=planner, at=AT)
    gone = make_plan.draft(
        _reworded(POINTS.replace("优化创新服务", "做优科技服务")), organisation=site.bureau, by=planner, revises=plan
    )
    assert not Target.objects.filter(plan=gone, indicator="满意率").exists()
    assert any("补录的 1 条目标" in warning for warning in gone.warnings)


def test_a_rejected_heading_stays_rejected_and_its_contents_stay_lifted() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    task = make_plan.node(plan, "培育科技企业")
    review.reject_rows(plan, rows=[RowRef.of(task)], reason="只是标题", by=planner, at=AT, version=None)
    again = make_plan.draft(organisation=site.bureau, by=planner, revises=plan)
    assert make_plan.node(again, "培育科技企业").review == Review.REJECTED
    assert make_plan.target(again, "科技型中小企业").node == make_plan.node(again, "重点任务")
    assert PlanNode.objects.kept().filter(plan=again).count() == 4


def test_importing_a_revision_is_for_keepers_and_one_at_a_time() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.published(organisation=site.bureau, by=planner)
    with pytest.raises(Refused):
        import_revision(plan, by=site.people["clerk"], at=AT)
    job = Job.objects.get(pk=import_revision(plan, by=planner, at=AT))
    assert job.params["attachment_id"] == plan.source.attachment_id
    draft = make_plan.draft(organisation=site.bureau, by=planner, revises=plan)
    with pytest.raises(Unacceptable, match="第 2 版正在核对"):
        import_revision(plan, by=planner, at=AT)
    delete_draft(draft, by=planner, at=AT)
    assert import_revision(plan, by=planner, at=AT)


def test_corrected_details_are_kept_where_the_document_reads_the_same() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(year=None), organisation=site.bureau, by=planner)
    correct_details(plan, fields={"year": 2026, "title": "科技工作要点"}, by=planner, at=AT)
    again = make_plan.draft(points(year=None), organisation=site.bureau, by=planner, revises=plan)
    assert (again.year, again.title) == (2026, "科技工作要点")
    delete_draft(again, by=planner, at=AT)
    newer = make_plan.draft(points(year=2027), organisation=site.bureau, by=planner, revises=plan)
    assert (newer.year, newer.title) == (2027, "科技工作要点")


def test_two_revision_jobs_at_once_make_one_revision() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.published(organisation=site.bureau, by=planner)
    make_plan.draft(organisation=site.bureau, by=planner, revises=plan)
    with pytest.raises(Unacceptable, match="第 2 版正在核对"):
        make_plan.draft(organisation=site.bureau, by=planner, revises=plan)
