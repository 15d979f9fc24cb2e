"""Next year's plan drafted from this year's: what is carried, decided, written and read back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable, jobs
from keshu.apps.plans.models import (
    Choice,
    Issue,
    PastFigure,
    PlanProposal,
    ProposalItem,
    ProposalState,
    WorkPlan,
)
from keshu.apps.plans.queries.library import plan_by_id
from keshu.apps.plans.queries.proposals.progress import progress_of
from keshu.apps.plans.services import issues, proposals
from keshu.apps.plans.services.proposals import Amount, NewTarget, ProposalMove
from keshu.apps.plans.services.proposals.composing import paragraphs_of
from keshu.apps.plans.services.proposals.figuring import Known, propose
from keshu.apps.plans.services.proposals.papers import items_of, proposal_annex, proposal_document, written
from keshu.engines import gongwen
from keshu.engines.plandoc import read_text

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TEXT = """云澜市2026年科技创新工作要点
2026年全市科技工作对照《2026年重点工作方案》，比2025年更进一步，到2030年建成创新型城市。
一、主要目标
1.高新技术企业总数确保达到320家、力争达到340家；科技型中小企业评价入库500家。
2.技术合同成交额达到45亿元，同比增长10%左右。
表1 2026年主要指标
| 指标 | 单位 | 2025年完成 | 2026年目标 |
| 高新技术企业总数 | 家 | 300 | 320 |
二、重点任务
(一)培育科技企业。一是摸清底数，新增后备企业120家。二是做实辅导，开展辅导18场次。(高新处牵头，规划处、各县区配合)
(二)建设创新平台。6月底前建成中试基地2个。(成果转化处、云湖区)
(三)修订管理办法。修订项目管理办法。(规划处)
"""


@pytest.fixture
def site(db: None) -> SimpleNamespace:
    found = make.site()
    found.by = {"by": found.people["planner"], "at": NOW}
    found.plan = make_plan.published(read_text(TEXT), organisation=found.bureau, by=found.people["planner"])
    return found


def begun(site: SimpleNamespace) -> PlanProposal:
    return proposals.begin_proposal(site.plan, **site.by)


def words(proposal: PlanProposal) -> str:
    return "\n".join(each.words for each in paragraphs_of(items_of(proposal)))


def piece(proposal: PlanProposal, text: str) -> ProposalItem:
    return ProposalItem.objects.filter(proposal=proposal, text__contains=text).order_by("position")[0]


def saw(proposal: PlanProposal, site: SimpleNamespace, **more: Any) -> dict[str, Any]:
    return {"version": PlanProposal.objects.get(pk=proposal.pk).version, **site.by, **more}


def decided(proposal: PlanProposal, site: SimpleNamespace) -> None:
    left = ProposalItem.objects.filter(proposal=proposal, is_decidable=True, choice="").exclude(kind="issue")
    proposals.accept_suggestions(proposal, [item.pk for item in left], **saw(proposal, site))


def test_the_draft_has_the_structure_of_this_years_document_with_the_year_moved(site: SimpleNamespace) -> None:
    proposal = begun(site)
    assert (proposal.title, proposal.year) == ("云澜市2027年科技创新工作要点", 2027)
    told = words(proposal)
    assert "2027年全市科技工作对照《2026年重点工作方案》，比2026年更进一步，到2030年建成创新型城市。" in told
    assert "一是摸清底数，新增后备企业120家。二是做实辅导，开展辅导18场次。（高新处牵头，规划处、各县区配合）" in told
    assert [item.text for item in items_of(proposal) if item.depth == 1] == ["主要目标", "重点任务"]
    assert "| 指标 | 单位 | 2026年完成 | 2027年目标 |" in told


def test_it_reads_back_without_loss(site: SimpleNamespace) -> None:
    found = proposals.read_back(begun(site), on=NOW.date())
    assert found.differences == ()
    # 320 with 340, 500, 45, 10%, the table's 320, 120, 18 and 2; three tasks with two steps of the first.
    assert (found.targets, found.tasks) == (8, 5)


@pytest.mark.parametrize(
    ("known", "value", "told"),
    [
        (Known(">=", Decimal(320), "家", "cumulative", Decimal(300), Decimal(330), accrues=False), 350, "增长6.7%"),
        (
            Known(">=", Decimal("2.65"), "%", "share", Decimal("2.5"), Decimal("2.7"), accrues=False),
            "2.85",
            "0.15个百分点",
        ),
        (Known(">=", Decimal(98), "%", "share", Decimal(90), Decimal(99), accrues=False), 100, "提高幅度"),
        (Known(">=", Decimal(120), "家", "increase", None, Decimal(134)), 134, "按本年完成数"),
        (Known(">=", Decimal(120), "家", "increase", None, Decimal(90)), 120, "未达到目标，沿用本年目标"),
        (Known("<=", Decimal(5), "个工作日", "level", None, Decimal(4)), 5, "上限要求沿用"),
        (Known(">=", Decimal(600), "家", "level", None, Decimal(700), runs_beyond=True), 600, "目标不变"),
        (Known(">=", Decimal(45), "亿元", "level", None, Decimal(50), growth=Decimal(10)), 55, "同句的增速10%"),
    ],
)
def test_the_rules_for_the_proposed_number(known: Known, value: Any, told: str) -> None:
    proposed = propose(known)
    assert proposed.value == Decimal(value)
    assert told in proposed.rule


def test_what_the_year_came_to_moves_the_target_its_stretch_and_the_row_of_the_table(site: SimpleNamespace) -> None:
    target = make_plan.target(site.plan, "高新技术企业总数")
    for period, value in (("2025-12", 300), ("2026-12", 330)):
        PastFigure.objects.create(target=target, period=period, value=value, source="年报")
    proposal = proposals.begin_proposal(site.plan, by=site.people["planner"], at=datetime(2027, 1, 5, tzinfo=UTC))
    told = words(proposal)
    assert "高新技术企业总数确保达到350家、力争达到370家" in told
    assert "| 高新技术企业总数 | 家 | 330 | 350 |" in told
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless


def test_last_year_is_what_the_documents_say_until_figures_are_entered_and_a_difference_is_told(
    site: SimpleNamespace,
) -> None:
    target = make_plan.target(site.plan, "高新技术企业总数")
    figure = begun(site).figures.filter(target=target).get()
    assert (figure.last_year, figure.rule) == (300, "本年还没有完成数，沿用本年目标")
    PlanProposal.objects.update(state=ProposalState.DISCARDED)
    for period, value in (("2025-12", 310), ("2026-12", 330)):
        PastFigure.objects.create(target=target, period=period, value=value, source="年报")
    proposal = proposals.begin_proposal(site.plan, by=site.people["planner"], at=datetime(2027, 1, 5, tzinfo=UTC))
    figure = proposal.figures.filter(target=target).get()
    assert (figure.last_year, figure.reached) == (310, 330)
    assert figure.rule == (
        "本年为330家，按本年目标的增速（上年310家，增长3.2%）；上年实绩按台账310家，文件中写的是300家"
    )


def test_a_number_changed_by_hand_is_put_into_the_sentence_and_the_table(site: SimpleNamespace) -> None:
    proposal = begun(site)
    item = piece(proposal, "确保达到320家")
    base = item.figures.get(tier="base")
    proposals.edit_item(
        proposal, item.pk, text=item.text, amounts={base.pk: Amount(Decimal(360))}, **saw(proposal, site)
    )
    item.refresh_from_db()
    assert (item.text, item.choice) == ("高新技术企业总数确保达到360家、力争达到340家", Choice.CHANGE)
    assert "| 高新技术企业总数 | 家 | — | 360 |" in words(proposal)
    proposals.undo(proposal, **site.by)
    assert "确保达到320家" in words(proposal)
    assert "— | 320 |" in words(proposal)


def test_dropping_needs_a_reason_and_takes_the_clause_out(site: SimpleNamespace) -> None:
    proposal = begun(site)
    item = piece(proposal, "科技型中小企业")
    with pytest.raises(Unacceptable, match="理由"):
        proposals.choose(proposal, [item.pk], choice="drop", **saw(proposal, site))
    proposals.choose(proposal, [item.pk], choice="drop", reason="并入其他指标", **saw(proposal, site))
    assert "力争达到340家。" in words(proposal)
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless


def test_a_closed_task_goes_with_all_under_it_and_the_rest_is_counted_anew(site: SimpleNamespace) -> None:
    proposal = begun(site)
    first = piece(proposal, "摸清底数")
    proposals.choose(proposal, [first.pk], choice="close", **saw(proposal, site))
    assert "培育科技企业。一是做实辅导，开展辅导18场次。（" in words(proposal)
    before = progress_of(proposal)
    task = piece(proposal, "培育科技企业")
    proposals.choose(proposal, [task.pk], choice="close", **saw(proposal, site))
    assert "高新处牵头" not in words(proposal)
    after = progress_of(proposal)
    assert (after.decided, after.total) == (1, before.total - 3)
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless


def test_targets_and_tasks_are_added_moved_and_taken_back(site: SimpleNamespace) -> None:
    proposal = begun(site)
    task = piece(proposal, "建设创新平台")
    made = proposals.add_task(
        proposal, behind_id=task.pk, title="开展科技服务进园区", body="走访园区企业", **saw(proposal, site),
        owners={"lead": "高新处", "support": "规划处，云湖区"},
    )  # fmt: skip
    target = NewTarget("新增科技服务机构", ">=", Decimal(12), "家")
    proposals.add_target(proposal, behind_id=piece(proposal, "走访园区企业").pk, target=target, **saw(proposal, site))
    assert (
        "开展科技服务进园区。走访园区企业。新增科技服务机构达到12家以上。（高新处牵头，规划处、云湖区配合）"
        in words(proposal)
    )
    found = proposals.read_back(proposal, on=NOW.date())
    assert found.differences == ()
    proposals.shift_item(proposal, made.pk, up=True, **saw(proposal, site))
    assert words(proposal).index("开展科技服务进园区") < words(proposal).index("建设创新平台")
    for _ in range(3):
        proposals.undo(proposal, **site.by)
    assert "科技服务" not in words(proposal)


def test_two_people_do_not_overwrite_each_other(site: SimpleNamespace) -> None:
    proposal = begun(site)
    item, version = piece(proposal, "中试基地"), proposal.version
    proposals.choose(proposal, [item.pk], choice="carry", version=version, by=site.people["leader"], at=NOW)
    with pytest.raises(Unacceptable, match=r"已被.*修改"):
        proposals.choose(proposal, [item.pk], choice="drop", reason="改了", version=version, **site.by)
    proposals.choose(proposal, [piece(proposal, "修订管理").pk], choice="carry", version=version, **site.by)


def test_what_does_not_come_back_is_named_with_how_to_mend_it(site: SimpleNamespace) -> None:
    proposal = begun(site)
    item = piece(proposal, "中试基地")
    proposals.edit_item(proposal, item.pk, text="6月底前建成一批中试基地", **saw(proposal, site))
    found = proposals.read_back(proposal, on=NOW.date())
    assert [(each.item_id, each.what) for each in found.differences] == [(item.pk, "目标没有读出")]
    assert "写明指标名称、数值和单位" in found.differences[0].hint


@pytest.mark.parametrize(("move", "state", "role"), [("submit", "draft", "planner"), ("finish", "submitted", "leader")])
def test_before_it_goes_on_it_is_told_what_would_not_come_back(
    site: SimpleNamespace, client: Client, move: str, state: str, role: str
) -> None:
    proposal = begun(site)
    decided(proposal, site)
    PlanProposal.objects.filter(pk=proposal.pk).update(state=state)
    client.force_login(site.people[role])
    page = reverse("plans:proposal-move", args=[proposal.pk, move])
    assert "回读核对还有" not in client.get(page).content.decode()
    ProposalItem.objects.filter(pk=piece(proposal, "中试基地").pk).update(text="6月底前建成一批中试基地")
    assert "回读核对还有 1 处不一致" in client.get(page).content.decode()


def test_a_piece_is_counted_among_those_that_the_head_of_the_page_counts(site: SimpleNamespace, client: Client) -> None:
    """Issues that may be taken up are no pieces to be decided: they are counted by themselves."""
    for title in ("用地没有落实", "资金没有落实"):
        issues.raise_issue(
            title=title, node=site.plan.nodes.get(heading="建设创新平台"), raised_for=site.bureau, owner=site.gaoxin,
            measure="协调", due_on=datetime(2026, 12, 20).date(), **site.by,
        )  # fmt: skip
    proposal = begun(site)
    total = progress_of(proposal).total
    client.force_login(site.people["planner"])
    page = reverse("plans:proposal-detail", args=[proposal.pk])
    told = client.get(page).content.decode()
    assert f"已定 0 / {total}</strong>" in told
    assert f"第 1 / {total} 条" in told
    candidate = ProposalItem.objects.filter(proposal=proposal, kind="issue").order_by("position").last()
    assert candidate is not None
    assert "问题候选第 2 / 2 条" in client.get(f"{page}?item={candidate.pk}").content.decode()


def test_the_way_to_next_years_plan(site: SimpleNamespace) -> None:
    proposal = begun(site)
    with pytest.raises(Unacceptable, match="没有决定"):
        proposals.move_proposal(proposal, ProposalMove.SUBMIT, **site.by)
    decided(proposal, site)
    proposal = proposals.move_proposal(proposal, ProposalMove.SUBMIT, **site.by)
    with pytest.raises(Unacceptable):
        proposals.choose(proposal, [piece(proposal, "中试基地").pk], choice="carry", **saw(proposal, site))
    with pytest.raises(Refused):
        proposals.move_proposal(proposal, ProposalMove.FINISH, **site.by)
    proposal = proposals.move_proposal(proposal, ProposalMove.FINISH, by=site.people["leader"], at=NOW)
    told = proposals.read_back(proposal, on=NOW.date())
    proposals.take_in(proposal, **site.by)
    jobs.run_pending()
    plan = WorkPlan.objects.get(year=2027)
    counted = plan_by_id(site.people["planner"]).get(pk=plan.pk)
    assert (told.targets, told.tasks) == (counted.target_count, counted.node_count)
    assert (plan.title, plan.state, plan.organisation) == ("云澜市2027年科技创新工作要点", "reviewing", site.bureau)
    targets = {(each.indicator, each.value) for each in plan.targets.filter(tense="target")}
    assert ("后备企业", Decimal(120)) in {(name.removeprefix("新增"), value) for name, value in targets}
    assert PlanProposal.objects.get().state == ProposalState.TAKEN_IN


def test_an_open_issue_is_a_candidate_until_it_is_taken_up(site: SimpleNamespace) -> None:
    node = site.plan.nodes.get(heading="建设创新平台")
    issues.raise_issue(
        title="中试基地用地没有落实", node=node, raised_for=site.bureau, owner=site.gaoxin, measure="协调用地指标",
        due_on=datetime(2026, 12, 20).date(), **site.by,
    )  # fmt: skip
    assert Issue.objects.count() == 1
    proposal = begun(site)
    assert "用地" not in words(proposal)
    item = piece(proposal, "用地没有落实")
    proposals.choose(proposal, [item.pk], choice="carry", **saw(proposal, site))
    assert "解决“中试基地用地没有落实”问题。协调用地指标。（高新处）" in words(proposal)
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless


def test_the_documents_pass_the_checker_and_repeat(site: SimpleNamespace) -> None:
    proposal = begun(site)
    made = proposal_document(proposal, **site.by)
    assert gongwen.check_document(made.content) == []
    assert gongwen.check_document(proposal_annex(proposal, **site.by).content) == []
    assert written(proposal, on=NOW.date()) == written(proposal, on=NOW.date())
    assert AuditEntry.objects.filter(action="export").count() == 2


def test_only_the_keepers_of_the_plan_may_draft_and_others_do_not_see_it(site: SimpleNamespace) -> None:
    for role in ("clerk", "auditor", "county_clerk"):
        with pytest.raises(Refused):
            proposals.begin_proposal(site.plan, by=site.people[role], at=NOW)
    proposal = begun(site)
    with pytest.raises(Unacceptable, match="已经有"):
        begun(site)
    seen = {role: PlanProposal.objects.visible_to(user).exists() for role, user in site.people.items()}
    assert seen["leader"]
    assert seen["auditor"]
    assert not seen["county_clerk"]
    assert not seen["enterprise"]
    assert not seen["clerk"]
    proposals.move_proposal(proposal, ProposalMove.DISCARD, **site.by)
    begun(site)


def test_pages_decide_edit_and_check(site: SimpleNamespace, client: Client, django_assert_max_num_queries: Any) -> None:
    proposal = begun(site)
    client.force_login(site.people["planner"])
    page = reverse("plans:proposal-detail", args=[proposal.pk])
    client.get(page)
    with django_assert_max_num_queries(12):
        answer = client.get(page)
    assert "已定 0 / " in answer.content.decode()
    item = piece(proposal, "中试基地")
    sent = {"version": 0, "choice": "carry", "show": "undecided"}
    answer = client.post(reverse("plans:proposal-choose", args=[proposal.pk, item.pk]), sent)
    assert answer.status_code == 302
    assert "show=undecided" in answer["Location"]
    figure = item.figures.get()
    edit = {"version": 1, "text": item.text, f"value-{figure.pk}": "三"}
    refused = client.post(
        reverse("plans:proposal-edit", args=[proposal.pk, item.pk]), edit, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 422
    client.post(reverse("plans:proposal-edit", args=[proposal.pk, item.pk]), {**edit, f"value-{figure.pk}": "3"})
    assert "建成中试基地3个" in client.get(page).content.decode()
    bulk = reverse("plans:proposal-bulk", args=[proposal.pk])
    client.post(bulk, {"version": 2, "how": "suggested"})
    assert progress_of(proposal).left == 0
    assert "完全一致" in client.get(reverse("plans:proposal-check", args=[proposal.pk])).content.decode()
    for name in ("document", "annex", "workbook"):
        assert client.get(reverse("plans:proposal-paper", args=[proposal.pk, name])).status_code == 200


@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_whatever_is_decided_reads_back_as_it_is_meant(site: SimpleNamespace, data: st.DataObject) -> None:
    """Any mix of decisions and numbers: what stands in the document comes back the same."""
    PlanProposal.objects.all().update(state=ProposalState.DISCARDED)
    proposal = begun(site)
    for item in items_of(proposal):
        if not item.is_decidable:
            continue
        how = data.draw(st.sampled_from(["carry", "carry", "drop", "value"]))
        if how == "value":
            wanted = data.draw(st.integers(2, 99_999))
            amounts = {each.pk: Amount(Decimal(wanted)) for each in item.figures.all() if each.measure != "growth_rate"}
            proposals.edit_item(proposal, item.pk, text=item.text, amounts=amounts, **saw(proposal, site))
        else:
            proposals.choose(proposal, [item.pk], choice=how, reason="调整", **saw(proposal, site))
    found = proposals.read_back(proposal, on=NOW.date())
    assert found.differences == ()


def test_a_deadline_given_to_a_task_stands_where_it_reads_back(site: SimpleNamespace) -> None:
    proposal = begun(site)
    task = ProposalItem.objects.filter(proposal=proposal, kind="task", due_text="", children__kind="target").first()
    assert task is not None
    first = task.children.filter(kind="target").order_by("position")[0]
    proposals.edit_item(proposal, task.pk, text=task.text, due_text="11月底前", **saw(proposal, site))
    assert f"11月底前{first.text}" in words(proposal)
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless
    proposals.edit_item(proposal, task.pk, text=task.text, due_text="", **saw(proposal, site))
    assert "11月底前" not in words(proposal)
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless


def test_an_owner_nobody_knows_is_told_when_it_is_written(site: SimpleNamespace, client: Client) -> None:
    proposal = begun(site)
    task = ProposalItem.objects.filter(proposal=proposal, kind="task", children__kind="owners")[0]
    client.force_login(site.people["planner"])
    sent = {"version": 0, "text": task.text, "owners-lead": "高新处、不存在处"}
    answer = client.post(reverse("plans:proposal-edit", args=[proposal.pk, task.pk]), sent, follow=True)
    assert "单位名册里没有“不存在处”，已照写。" in answer.content.decode()


def test_another_deadline_moves_the_period_of_its_target(site: SimpleNamespace) -> None:
    proposal = begun(site)
    task = piece(proposal, "建设创新平台")
    proposals.edit_item(proposal, task.pk, text=task.text, due_text="9月底前", **saw(proposal, site))
    assert "9月底前建成中试基地2个。" in words(proposal)
    assert piece(proposal, "中试基地").figures.get().period == "2027-09"
    assert proposals.read_back(proposal, on=NOW.date()).is_lossless
    proposals.undo(proposal, **site.by)
    assert "6月底前建成中试基地2个。" in words(proposal)
    assert piece(proposal, "中试基地").figures.get().period == "2027-06"


def test_what_would_not_be_read_back_is_told_before_it_is_sent(site: SimpleNamespace, client: Client) -> None:
    proposal = begun(site)
    client.force_login(site.people["planner"])
    page = reverse("plans:proposal-move", args=[proposal.pk, "submit"])
    decided(proposal, site)
    assert "处不一致" not in client.get(page).content.decode()
    item = piece(proposal, "技术合同成交额达到")
    proposals.edit_item(proposal, item.pk, text="技术合同成交额再上台阶", **saw(proposal, site))
    assert "处不一致，改好之前不能转入台账。" in client.get(page).content.decode()
