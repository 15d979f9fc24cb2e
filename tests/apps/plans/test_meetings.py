"""The office meeting: what the ledger puts on its agenda, its papers, and what becomes of its decisions."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from tests.apps.plans.factories import make_plan
from tests.apps.plans.test_checkin_pages import signed_in
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import (
    AgendaItem,
    CheckIn,
    CheckInRound,
    Decision,
    Issue,
    Meeting,
    PlanNode,
    Standing,
    SupervisionNotice,
    WorkPlan,
)
from keshu.apps.plans.queries.checkins import asked_of
from keshu.apps.plans.queries.meetings.pages import meeting_by_id, meeting_page
from keshu.apps.plans.services import issues, meetings
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove
from keshu.apps.plans.services.publishing import publish_plan
from keshu.engines.gongwen import check_document

pytestmark = pytest.mark.django_db

FIELDS = MeetingFields("3月局办公会", ON, ON - timedelta(days=28), "三楼会议室", "周局长", "局领导、各处室负责人")
DUE = ON + timedelta(days=40)


@pytest.fixture
def site() -> SimpleNamespace:
    found = make.site()
    found.plan = make_plan.published(organisation=found.bureau, by=found.people["planner"])
    return found


def light(site: SimpleNamespace, heading: str, shown: str, reason: str = "理由", **traits: Any) -> Standing:
    given = {"light": shown, "shown": shown, "reason": reason, "judged_at": AT, "as_of": ON, **traits}
    return Standing.objects.create(plan=site.plan, node=make_plan.node(site.plan, heading), **given)


def called(site: SimpleNamespace, fields: MeetingFields = FIELDS) -> Meeting:
    return meetings.call_meeting(site.plan, fields, by=site.people["planner"], at=AT)


def held_meeting(site: SimpleNamespace) -> Meeting:
    light(site, "培育科技企业", "late", "1月完成 2 家，落后于时序进度")
    return meetings.move_meeting(called(site), MeetingMove.HOLD, by=site.people["planner"], at=AT)


def decided(site: SimpleNamespace, meeting: Meeting, **fields: Any) -> Decision:
    given = {"text": "高新处牵头开展复审企业集中辅导", "owner": site.gaoxin, "due_on": DUE, **fields}
    return meetings.record_decision(meeting, **given, by=site.people["planner"], at=AT)


def lines(meeting: Meeting) -> list[tuple[str, str]]:
    return list(meeting.items.filter(is_kept=True).order_by("position").values_list("section", "title"))


def page_of(site: SimpleNamespace, meeting: Meeting) -> Any:
    by = site.people["planner"]
    return meeting_page(meeting_by_id(by).get(pk=meeting.pk), user=by)


# --- the agenda


def check_in(site: SimpleNamespace, **traits: Any) -> CheckIn:
    around, _ = CheckInRound.objects.get_or_create(
        plan=site.plan, key="2026-02", defaults={"first_on": ON, "last_on": ON, "due_on": ON, "opened_at": AT}
    )
    given = {
        "round": around, "node": make_plan.node(site.plan, "培育科技企业"), "organisation": site.gaoxin, "part": "lead",
        "state": "signed", "due_on": ON, "signed_at": AT, **traits,
    }  # fmt: skip
    return CheckIn.objects.create(**given)


def test_the_agenda_is_what_is_late_at_risk_asked_for_and_newly_done(site: SimpleNamespace) -> None:
    light(site, "优化创新服务", "done")
    light(site, "建设创新平台", "at_risk", "用地没有落实")
    light(site, "培育科技企业", "late", "落后于时序进度")
    check_in(site, progress="已辅导 3 家", problems="专家不够", help_needed="请人才处推荐专家")
    issue = issues.raise_issue(
        title="选址未定", raised_for=site.gaoxin, owner=site.gaoxin, measure="选址", due_on=ON - timedelta(days=9),
        by=site.people["clerk"], at=AT - timedelta(days=20),
    )  # fmt: skip
    meeting = called(site)
    assert lines(meeting) == [
        ("late", "(一)培育科技企业"),
        ("at_risk", "(二)建设创新平台"),
        ("asked", "(一)培育科技企业：需协调事项"),
        ("asked", "问题清单 2026-001：选址未定"),
        ("done", "(三)优化创新服务"),
    ]
    first = meeting.items.order_by("position").first()
    assert first is not None
    assert first.text == "落后于时序进度。进展：已辅导 3 家。问题：专家不够。"
    assert first.organisation == site.gaoxin
    assert meeting.items.get(issue=issue).organisation == site.gaoxin


def test_lines_lead_to_what_they_come_from_as_far_as_the_reader_may_see_it(site: SimpleNamespace) -> None:
    """A county reads the meeting once it was held: the task is linked for it, the notice and the issue of others are not."""
    row = check_in(site, help_needed="请人才处推荐专家")
    notice = SupervisionNotice.objects.create(
        plan=site.plan, year=2026, number=1, title="加快入库", demand="报送名单", issuer=site.bureau,
        addressee=site.gaoxin, written_by=site.people["planner"], written_at=AT - timedelta(days=20),
        state="issued", issued_at=AT - timedelta(days=20), due_on=ON - timedelta(days=9),
    )  # fmt: skip
    meeting = called(site)
    page = page_of(site, meeting)
    assert {item.title: page.links[item.pk] for item in page.items} == {
        "(一)培育科技企业：需协调事项": reverse("plans:checkin-detail", args=[row.pk]),
        "督办单 2026-001：加快入库": reverse("plans:supervision-detail", args=[notice.pk]),
    }
    meetings.move_meeting(meeting, MeetingMove.HOLD, by=site.people["planner"], at=AT)
    county = site.people["county_clerk"]
    seen = meeting_page(meeting_by_id(county).get(pk=meeting.pk), user=county)
    assert reverse("plans:supervision-detail", args=[notice.pk]) not in seen.links.values()


def test_how_the_agenda_was_prepared_is_not_told_to_others(site: SimpleNamespace) -> None:
    """Drawn and reworded two days before, held today: a county's clerk reads of the holding only."""
    light(site, "培育科技企业", "late", "1月完成 2 家")
    by, before = site.people["planner"], AT - timedelta(days=2)
    meeting = meetings.call_meeting(site.plan, FIELDS, by=by, at=before)
    meetings.add_item(meeting, section="other", title="内部酝酿的议题", text="", organisation=None, by=by, at=before)
    held = meetings.move_meeting(meeting, MeetingMove.HOLD, by=by, at=AT)
    assert held.released_at == AT
    page = signed_in(site.people["county_clerk"]).get(reverse("plans:meeting-detail", args=[meeting.pk]))
    assert [line.at for line in page.context["history"].lines] == [AT]
    own = signed_in(site.people["planner"]).get(reverse("plans:meeting-detail", args=[meeting.pk]))
    assert len(own.context["history"].lines) > 1
    assert meetings.move_meeting(held, MeetingMove.REOPEN, why="有误", by=by, at=AT).released_at is None


@pytest.mark.parametrize(
    "traits", [{"shown": "on_track"}, {"shown": "unknown"}, {"shown": "done", "as_of": ON - timedelta(days=60)}]
)
def test_what_is_well_or_done_long_ago_is_not_on_it(site: SimpleNamespace, traits: dict[str, Any]) -> None:
    light(site, "培育科技企业", traits["shown"], **{k: v for k, v in traits.items() if k != "shown"})
    assert lines(called(site)) == []


def test_what_was_told_as_done_at_an_earlier_meeting_is_not_told_again(site: SimpleNamespace) -> None:
    light(site, "培育科技企业", "done")
    first = called(site)
    assert len(lines(first)) == 1
    meetings.move_meeting(first, MeetingMove.HOLD, by=site.people["planner"], at=AT)
    assert lines(called(site)) == []


def test_drawing_again_adds_only_what_is_new_and_leaves_dropped_lines(site: SimpleNamespace) -> None:
    light(site, "培育科技企业", "late")
    meeting, by = called(site), site.people["planner"]
    meetings.keep_item(meeting.items.get(), is_kept=False, by=by, at=AT)
    light(site, "建设创新平台", "at_risk")
    assert meetings.draw_agenda(meeting, by=by, at=AT) == 1
    assert meetings.draw_agenda(meeting, by=by, at=AT) == 0
    assert lines(meeting) == [("at_risk", "(二)建设创新平台")]


def test_lines_are_moved_reworded_and_added(site: SimpleNamespace) -> None:
    meeting, by = called(site), site.people["planner"]
    for title in ("甲", "乙", "丙"):
        meetings.add_item(meeting, section="other", title=title, text="", organisation=None, by=by, at=AT)
    last = meeting.items.get(title="丙")
    meetings.shift_item(last, up=True, by=by, at=AT)
    meetings.shift_item(meeting.items.get(title="甲"), up=True, by=by, at=AT)
    assert [title for _, title in lines(meeting)] == ["甲", "丙", "乙"]
    meetings.change_item(last, section="asked", title="丁", text="请协调", organisation=site.guihua, by=by, at=AT)
    last.refresh_from_db()
    assert (last.section, last.title, last.text, last.organisation) == ("asked", "丁", "请协调", site.guihua)


# --- who may, and when


@pytest.mark.parametrize("role", ["clerk", "office_head", "county_clerk", "auditor", "operator", "enterprise"])
def test_others_prepare_nothing(site: SimpleNamespace, role: str) -> None:
    person = site.people[role]
    with pytest.raises(Refused):
        meetings.call_meeting(site.plan, FIELDS, by=person, at=AT)
    meeting = held_meeting(site)
    for act in (
        lambda: meetings.draw_agenda(meeting, by=person, at=AT),
        lambda: meetings.record_decision(meeting, text="办", owner=None, due_on=None, by=person, at=AT),
        lambda: meetings.move_meeting(meeting, MeetingMove.REOPEN, why="改", by=person, at=AT),
        lambda: meetings.make_task(decided(site, meeting), by=person, at=AT),
    ):
        with pytest.raises(Refused):
            act()


def test_only_those_who_prepare_see_it_before_it_is_held(site: SimpleNamespace) -> None:
    meeting = called(site)
    seen = {role for role, person in site.people.items() if Meeting.objects.visible_to(person).exists()}
    assert seen == {"leader", "planner", "auditor", "operator"}
    light(site, "培育科技企业", "late")
    meetings.draw_agenda(meeting, by=site.people["planner"], at=AT)
    meetings.move_meeting(meeting, MeetingMove.HOLD, by=site.people["planner"], at=AT)
    seen = {role for role, person in site.people.items() if Meeting.objects.visible_to(person).exists()}
    assert seen == {"leader", "planner", "auditor", "operator", "clerk", "office_head", "county_clerk"}


def test_an_empty_agenda_or_a_day_to_come_is_not_held(site: SimpleNamespace) -> None:
    by = site.people["planner"]
    with pytest.raises(Unacceptable, match="还没有议题"):
        meetings.move_meeting(called(site), MeetingMove.HOLD, by=by, at=AT)
    light(site, "培育科技企业", "late")
    later = MeetingFields("4月局办公会", ON + timedelta(days=30), ON)
    with pytest.raises(Unacceptable, match="还没有到"):
        meetings.move_meeting(called(site, later), MeetingMove.HOLD, by=by, at=AT)


def test_the_agenda_of_a_meeting_held_is_fixed(site: SimpleNamespace) -> None:
    meeting, by = held_meeting(site), site.people["planner"]
    with pytest.raises(Unacceptable, match="议程不能再改"):
        meetings.keep_item(meeting.items.get(), is_kept=False, by=by, at=AT)
    with pytest.raises(Unacceptable, match="议程不能再改"):
        meetings.change_meeting(meeting, FIELDS, by=by, at=AT)


# --- decisions


def test_a_decision_becomes_a_task_that_the_next_round_asks_for(site: SimpleNamespace) -> None:
    meeting = held_meeting(site)
    task = meetings.make_task(decided(site, meeting), by=site.people["planner"], at=AT)
    second = meetings.make_task(
        decided(site, meeting, text="规划处修订办法", owner=site.guihua), by=site.people["leader"], at=AT
    )
    assert task.parent is not None
    assert (task.parent.heading, second.parent) == ("会议议定事项", task.parent)
    assert (task.due_on, task.review, task.remark) == (DUE, "added", "3月局办公会（2026-03-05）议定")
    plan = WorkPlan.objects.select_related("organisation", "source").get(pk=site.plan.pk)
    asked = {(each.node_id, each.organisation_id) for each in asked_of(plan, asks_supports=True, on=ON)}
    assert {(task.pk, site.gaoxin.pk), (second.pk, site.guihua.pk)} <= asked
    assert Decision.objects.filter(task=task).exists()


def test_its_pages_show_the_task_with_where_it_comes_from(site: SimpleNamespace) -> None:
    task = meetings.make_task(decided(site, held_meeting(site)), by=site.people["planner"], at=AT)
    client = Client()
    client.force_login(site.people["clerk"])
    page = client.get(reverse("plans:task-detail", args=[task.pk])).content.decode()
    assert "3月局办公会（2026-03-05）议定" in page
    for name, args in (("task-drawer", [task.pk]), ("document", [site.plan.pk])):
        assert client.get(reverse(f"plans:{name}", args=args)).status_code == 200, name
    for name in ("task-tree", "task-list", "matrix", "target-list"):
        assert client.get(reverse(f"plans:{name}")).status_code == 200, name
    assert "高新处牵头开展复审企业集中辅导" in client.get(reverse("plans:task-tree")).content.decode()
    assert client.get(reverse("plans:export", args=[site.plan.pk])).status_code == 200
    assert client.get(reverse("plans:plan-paper", args=[site.plan.pk, "decomposition"])).status_code == 200


def test_a_new_revision_of_the_plan_keeps_what_meetings_decided(site: SimpleNamespace) -> None:
    by = site.people["planner"]
    decision = decided(site, held_meeting(site))
    task = meetings.make_task(decision, by=by, at=AT)
    check_in(site, node=task, state="open")
    revised = make_plan.draft(organisation=site.bureau, by=by, revises=site.plan)
    publish_plan(revised, accept_rest=True, by=by, at=AT)
    kept = PlanNode.objects.get(plan=revised, heading=task.heading)
    assert (kept.due_on, kept.remark, kept.review) == (task.due_on, task.remark, "added")
    assert [each.organisation for each in kept.responsibilities.all()] == [site.gaoxin]
    decision.refresh_from_db()
    assert decision.task == kept
    assert CheckIn.objects.get(part="lead", state="open").node == kept


def test_a_decision_becomes_an_issue_or_a_notice_but_only_once(site: SimpleNamespace) -> None:
    meeting, by = held_meeting(site), site.people["planner"]
    issue = meetings.make_issue(decided(site, meeting), by=by, at=AT)
    assert (issue.state, issue.owner, issue.origin) == ("assigned", site.gaoxin, "meeting")
    assert issue.origin_text == "3月局办公会（2026-03-05）议定"
    decision = decided(site, meeting)
    notice = meetings.make_notice(decision, by=by, at=AT)
    assert (notice.state, notice.addressee, notice.due_on) == ("draft", site.gaoxin, DUE)
    with pytest.raises(Unacceptable, match="已经转为"):
        meetings.make_task(decision, by=by, at=AT)
    with pytest.raises(Unacceptable, match="已经转为"):
        meetings.remove_decision(decision, by=by, at=AT)
    assert (Issue.objects.count(), SupervisionNotice.objects.count()) == (1, 1)
    assert not PlanNode.objects.filter(heading="会议议定事项").exists()


@pytest.mark.parametrize("missing", [{"owner": None}, {"due_on": None}])
def test_without_owner_or_deadline_nothing_becomes_of_it(site: SimpleNamespace, missing: dict[str, None]) -> None:
    decision = decided(site, held_meeting(site), **missing)
    with pytest.raises(Unacceptable, match="责任单位和完成时限"):
        meetings.make_task(decision, by=site.people["planner"], at=AT)


def test_before_the_meeting_was_held_nothing_becomes_of_it(site: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="召开之后"):
        meetings.make_issue(decided(site, called(site)), by=site.people["planner"], at=AT)


def test_a_meeting_whose_decisions_are_carried_out_stays_held(site: SimpleNamespace) -> None:
    meeting, by = held_meeting(site), site.people["planner"]
    meetings.make_issue(decided(site, meeting), by=by, at=AT)
    with pytest.raises(Unacceptable, match="不能退回准备"):
        meetings.move_meeting(meeting, MeetingMove.REOPEN, why="有误", by=by, at=AT)


def test_what_is_written_is_in_the_trail(site: SimpleNamespace) -> None:
    meeting = held_meeting(site)
    decision = decided(site, meeting)
    meetings.change_decision(decision, text="改", owner=site.guihua, due_on=DUE, by=site.people["planner"], at=AT)
    meetings.remove_decision(decision, by=site.people["planner"], at=AT)
    found = list(
        AuditEntry.objects.filter(subject_type="plans.decision").order_by("number").values_list("action", flat=True)
    )
    assert found == ["create", "update", "delete"]
    assert AuditEntry.objects.filter(subject_type="plans.meeting", action="transition").count() == 1


# --- papers


def words(content: bytes) -> str:
    return "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)


def test_the_pack_is_an_official_document_with_the_situation_by_office(site: SimpleNamespace) -> None:
    meeting = held_meeting(site)
    meetings.move_meeting(meeting, MeetingMove.REOPEN, why="补充", by=site.people["planner"], at=AT)
    meetings.add_item(
        meeting,
        section="other",
        title="审议经费安排",
        text="年度预算\n分两批",
        organisation=None,
        by=site.people["planner"],
        at=AT,
    )
    made = meetings.meeting_pack(page_of(site, meeting), by=site.people["planner"], at=AT)
    assert check_document(made.content) == []
    text = words(made.content)
    assert "高新处（1项）。培育科技企业。" in text  # without the number it has in the plan
    assert "地点：三楼会议室。" in text
    assert "其他议题\n审议经费安排。年度预算；分两批。" in text
    assert "情况材料" in text


def test_the_minutes_name_who_does_what_until_when(site: SimpleNamespace) -> None:
    meeting = held_meeting(site)
    decided(site, meeting)
    made = meetings.meeting_minutes(page_of(site, meeting), by=site.people["planner"], at=AT)
    assert check_document(made.content) == []
    assert "1.高新处牵头开展复审企业集中辅导（责任单位：高新处，完成时限：2026年4月14日）。" in words(made.content)


def test_no_minutes_before_the_meeting(site: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="召开之后"):
        meetings.meeting_minutes(page_of(site, called(site)), by=site.people["planner"], at=AT)


# --- pages


def test_the_whole_way_by_the_pages(site: SimpleNamespace) -> None:
    light(site, "培育科技企业", "late")
    client = Client()
    client.force_login(site.people["planner"])

    def post(name: str, *args: Any, **data: Any) -> Any:
        return client.post(reverse(f"plans:{name}", args=args), data)

    post("meeting-create", plan=site.plan.pk, title="局办公会", held_on=ON, since=ON - timedelta(days=30))
    meeting = Meeting.objects.get()
    post("meeting-item-create", meeting.pk, section="other", title="经费", text="", organisation="")
    item = AgendaItem.objects.get(title="经费")
    post("meeting-item-edit", item.pk, section="other", title="经费安排", text="两批", organisation=site.guihua.pk)
    post("meeting-item-act", item.pk, "drop")
    post("meeting-item-act", item.pk, "keep")
    post("meeting-move", meeting.pk, "hold")
    late = AgendaItem.objects.get(section="late")
    client.post(
        reverse("plans:meeting-decision-create", args=[meeting.pk]) + f"?item={late.pk}",
        {"text": "集中辅导", "owner": site.gaoxin.pk, "due_on": DUE},
    )
    decision = Decision.objects.get()
    post("meeting-decision-edit", decision.pk, text="开展集中辅导", owner=site.gaoxin.pk, due_on=DUE)
    post("meeting-decision-act", decision.pk, "task")
    task = PlanNode.objects.get(heading="开展集中辅导")
    page = client.get(reverse("plans:meeting-detail", args=[meeting.pk])).content.decode()
    assert reverse("plans:task-detail", args=[task.pk]) in page
    for name in ("meeting-pack", "meeting-minutes"):
        assert client.get(reverse(f"plans:{name}", args=[meeting.pk])).status_code == 200
    assert "已召开" in client.get(reverse("plans:meeting-list")).content.decode()
