"""The three lists: who may move an issue from where to where, what is counted, who is told when, what a reorganisation does."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import make_plan
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import Attachment, AuditEntry, Membership, Notice, Organisation, User
from keshu.apps.bureau.services import Refused, Unacceptable, reorganisation
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.plans.models import Issue, IssueState, Proof
from keshu.apps.plans.services import issues

pytestmark = pytest.mark.django_db

DUE = ON + timedelta(days=30)


def upload(name: str = "整改说明.txt", content: bytes = b"done") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def raised(site: SimpleNamespace, *, by: str = "clerk", at: datetime = AT, **fields: Any) -> Issue:
    given = {"title": "中试基地选址没有落实", "raised_for": site.gaoxin, **fields}
    return issues.raise_issue(**given, by=site.people[by], at=at)


def assigned(site: SimpleNamespace, *, at: datetime = AT, due_on: date = DUE, **fields: Any) -> Issue:
    duty = {"owner": site.qingling, "measure": "月底前落实用地", "due_on": due_on}
    return issues.assign_issue(raised(site, at=at, **fields), **duty, by=site.people["planner"], at=at)


def fulfilled(site: SimpleNamespace, *, at: datetime = AT, **fields: Any) -> Issue:
    row = assigned(site, at=at, **fields)
    return issues.fulfil_issue(row, text="已落实 20 亩", files=[upload()], by=site.people["county_clerk"], at=at)


def fresh(issue: Issue) -> Issue:
    return Issue.objects.select_related("owner", "raised_for", "raised_by").get(pk=issue.pk)


# --- the loop


def test_from_the_problem_to_the_confirmed_proof(site: SimpleNamespace) -> None:
    row = fulfilled(site)
    refused = issues.refuse_issue(row, why="没有用地批复", by=site.people["clerk"], at=AT)
    assert (refused.state, refused.refusals) == (IssueState.ASSIGNED, 1)
    again = issues.fulfil_issue(
        refused, text="附批复", files=[upload("批复.txt")], by=site.people["county_clerk"], at=AT
    )
    closed = issues.confirm_issue(again, text="属实", by=site.people["clerk"], at=AT)
    assert (closed.state, closed.closed_at, closed.refusals) == (IssueState.CONFIRMED, AT, 1)
    verdicts = list(Proof.objects.filter(issue=row).order_by("pk").values_list("verdict", "verdict_text"))
    assert verdicts == [("returned", "没有用地批复"), ("accepted", "属实")]
    assert [each.name for each in Attachment.objects.filter(organisation=site.qingling).order_by("pk")] == [
        "整改说明.txt", "批复.txt",
    ]  # fmt: skip


def test_within_its_own_organisation_the_raiser_assigns_at_once(site: SimpleNamespace) -> None:
    row = raised(site, owner=site.gaoxin, measure="补报材料", due_on=DUE)
    assert (row.state, row.owner) == (IssueState.ASSIGNED, site.gaoxin)
    with pytest.raises(Refused, match="不属于“高新处”"):
        raised(site, owner=site.qingling, measure="补报材料", due_on=DUE)
    assert Issue.objects.count() == 1


def test_numbers_count_within_the_year_without_gaps(site: SimpleNamespace) -> None:
    first, second = raised(site), raised(site)
    with pytest.raises(Unacceptable):
        raised(site, title=" ")
    issues.cancel_issue(second, why="重复", by=site.people["clerk"], at=AT)
    third, other_year = raised(site), raised(site, at=datetime(2027, 1, 4, 1, tzinfo=UTC))
    rows = [(row.year, row.number) for row in (first, second, third, other_year)]
    assert rows == [(2026, 1), (2026, 2), (2026, 3), (2027, 1)]


def test_the_year_is_that_of_the_bureaus_own_day(site: SimpleNamespace) -> None:
    assert raised(site, at=datetime(2026, 12, 31, 17, tzinfo=UTC)).year == 2027  # one in the morning of New Year's Day


def test_what_it_is_about_gives_its_plan(site: SimpleNamespace) -> None:
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    target, node = make_plan.target(plan, "中试基地"), make_plan.node(plan, "建设创新平台")
    assert raised(site, target=target).plan == plan
    assert raised(site, node=node).plan == plan


# --- forbidden moves

MOVES: dict[str, Any] = {
    "assign": lambda row, site, by: issues.assign_issue(
        row, owner=site.qingling, measure="改", due_on=DUE, by=by, at=AT
    ),
    "reassign": lambda row, site, by: issues.reassign_issue(
        row, owner=site.yunhu, measure="改", due_on=DUE, why="换单位", by=by, at=AT
    ),
    "extend": lambda row, site, by: issues.extend_issue(row, due_on=DUE + timedelta(9), why="审批慢", by=by, at=AT),
    "fulfil": lambda row, site, by: issues.fulfil_issue(row, text="已办", by=by, at=AT),
    "confirm": lambda row, site, by: issues.confirm_issue(row, by=by, at=AT),
    "refuse": lambda row, site, by: issues.refuse_issue(row, why="不实", by=by, at=AT),
    "cancel": lambda row, site, by: issues.cancel_issue(row, why="重复", by=by, at=AT),
}
# By move: the states it starts from, and who may (clerk raised it for 高新处; 青岭县 answers for it).
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "assign": ({"raised"}, {"planner", "leader"}),
    "reassign": ({"assigned"}, {"planner", "leader"}),
    "extend": ({"assigned"}, {"planner", "leader", "clerk", "office_head"}),
    "fulfil": ({"assigned"}, {"county_clerk"}),
    "confirm": ({"fulfilled"}, {"clerk"}),
    "refuse": ({"fulfilled"}, {"clerk"}),
    "cancel": ({"raised", "assigned", "fulfilled"}, {"planner", "leader", "clerk", "office_head"}),
}


def in_state(site: SimpleNamespace, state: str) -> Issue:
    if state == "raised":
        return raised(site)
    if state == "assigned":
        return assigned(site)
    row = fulfilled(site)
    if state == "confirmed":
        return issues.confirm_issue(row, by=site.people["clerk"], at=AT)
    return issues.cancel_issue(row, why="重复", by=site.people["clerk"], at=AT) if state == "cancelled" else row


@pytest.mark.parametrize("state", IssueState.values)
@pytest.mark.parametrize("move", sorted(MOVES))
def test_every_move_from_every_state_by_everybody(site: SimpleNamespace, move: str, state: str) -> None:
    sources, people = ALLOWED[move]
    row = None
    for role, person in site.people.items():
        row = fresh(row or in_state(site, state))  # what was refused has changed nothing
        if state in sources and role in people:
            MOVES[move](row, site, person)
            assert fresh(row).state == {
                "assign": "assigned", "reassign": "assigned", "extend": "assigned", "fulfil": "fulfilled",
                "confirm": "confirmed", "refuse": "assigned", "cancel": "cancelled",
            }[move]  # fmt: skip
            row = None
        else:
            with pytest.raises((Refused, Unacceptable)):
                MOVES[move](row, site, person)
            assert fresh(row).state == state, role


@pytest.mark.parametrize("move", ["reassign", "extend", "refuse", "cancel"])
def test_without_a_reason_nothing_moves(site: SimpleNamespace, move: str) -> None:
    row = fulfilled(site) if move == "refuse" else assigned(site)
    given: dict[str, Any] = {"why": "  ", "at": AT, "by": site.people["clerk" if move == "refuse" else "planner"]}
    if move in ("reassign", "extend"):
        given["due_on"] = DUE + timedelta(days=5)
    if move == "reassign":
        given |= {"owner": site.yunhu, "measure": "改"}
    with pytest.raises(Unacceptable, match="理由"):
        getattr(issues, f"{move}_issue")(row, **given)


def test_the_owner_does_not_extend_for_itself(site: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="延期由"):
        issues.extend_issue(
            assigned(site), due_on=DUE + timedelta(1), why="来不及", by=site.people["county_clerk"], at=AT
        )


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("owner", None, "请选择责任单位"),
        ("measure", "  ", "请填写整改措施"),
        ("due_on", None, "请填写整改时限"),
        ("due_on", ON - timedelta(days=1), "已过"),
    ],
)
def test_owner_measure_and_deadline_belong_together(site: SimpleNamespace, field: str, value: Any, told: str) -> None:
    duty = {"owner": site.qingling, "measure": "落实用地", "due_on": DUE, field: value}
    with pytest.raises(Unacceptable, match=told):
        issues.assign_issue(raised(site), **duty, by=site.people["planner"], at=AT)


def test_an_enterprise_cannot_answer_for_an_issue(site: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="不是政府部门"):
        issues.assign_issue(
            raised(site), owner=site.enterprise, measure="改", due_on=DUE, by=site.people["planner"], at=AT
        )


# --- who confirms where the raiser cannot


def test_nobody_confirms_their_own_proof(site: SimpleNamespace) -> None:
    row = raised(site, owner=site.gaoxin, measure="补报", due_on=DUE)
    row = issues.fulfil_issue(row, text="已补报", by=site.people["clerk"], at=AT)
    with pytest.raises(Refused, match="由您报送"):
        issues.confirm_issue(row, by=site.people["clerk"], at=AT)
    assert issues.confirm_issue(row, by=site.people["office_head"], at=AT).state == IssueState.CONFIRMED


def test_after_the_raiser_has_left_the_head_confirms(site: SimpleNamespace) -> None:
    row = fulfilled(site)
    with pytest.raises(Refused):
        issues.confirm_issue(row, by=site.people["office_head"], at=AT)
    Membership.objects.filter(user=site.people["clerk"]).update(until_on=date(2026, 3, 1))
    head = User.objects.get(pk=site.people["office_head"].pk)
    assert issues.confirm_issue(fresh(row), by=head, at=AT).state == IssueState.CONFIRMED


def test_the_deputy_of_an_absent_raiser_confirms(site: SimpleNamespace) -> None:
    row = fulfilled(site)
    deputy = make.person("clerk", site.guihua)
    seat = site.people["clerk"].memberships.get()
    Membership.objects.create(
        user=deputy, organisation=site.gaoxin, role="clerk", from_on=ON, until_on=date(2099, 1, 1), on_behalf_of=seat,
        reason="学习",
    )  # fmt: skip
    assert issues.confirm_issue(row, by=User.objects.get(pk=deputy.pk), at=AT).state == IssueState.CONFIRMED


# --- faults


def test_uploads_go_when_the_proof_does_not_come_about(site: SimpleNamespace) -> None:
    row = assigned(site)
    with pytest.raises(Unacceptable, match="空文件"):
        issues.fulfil_issue(
            row, text="已办", files=[upload(), upload("空.txt", b"")], by=site.people["county_clerk"], at=AT
        )
    assert not Attachment.objects.filter(organisation=site.qingling).exists()
    assert not Proof.objects.exists()
    assert fresh(row).state == IssueState.ASSIGNED


def test_two_at_once_the_second_is_told(site: SimpleNamespace) -> None:
    first, second = raised(site), None
    second = fresh(first)
    issues.assign_issue(first, owner=site.qingling, measure="改", due_on=DUE, by=site.people["planner"], at=AT)
    with pytest.raises(Unacceptable, match="整改中，不能明确责任"):
        issues.assign_issue(second, owner=site.yunhu, measure="改", due_on=DUE, by=site.people["leader"], at=AT)


# --- scope


def test_an_office_sees_what_it_raised_or_owns(site: SimpleNamespace) -> None:
    row = assigned(site)
    seen = {role for role, person in site.people.items() if Issue.objects.visible_to(person).filter(pk=row.pk).exists()}
    assert seen == {"leader", "planner", "auditor", "operator", "clerk", "office_head", "county_clerk"}
    assert not Issue.objects.visible_to(make.person("county_clerk", site.yunhu)).exists()


# --- told, step by step


def told(person: User, kind: str) -> list[str]:
    return [n.text for n in Notice.objects.filter(recipient=person, kind=f"plans.{kind}").order_by("pk")]


def test_each_step_is_told_once_to_the_right_people(site: SimpleNamespace) -> None:
    """Due on Friday 10 April 2026; Tomb-Sweeping Day is over, 1 to 5 May is not worked."""
    assigned(site, due_on=date(2026, 4, 10))
    Notice.objects.all().delete()

    def run(month: int, day: int) -> int:
        at = datetime(2026, month, day, 1, tzinfo=UTC)
        return issues.remind_of_issues(at=at) + 10 * issues.remind_of_issues(at=at)

    people = site.people
    assert run(4, 7) == 0
    assert run(4, 8) == 1  # two working days before
    assert told(people["county_clerk"], "issue_late") == ["整改时限临近，请报送落实情况。"]
    assert run(4, 10) == 0
    assert run(4, 12) == 0  # Sunday
    assert run(4, 13) == 1
    assert told(people["county_clerk"], "issue_late")[1:] == ["已逾期，还没有报送落实情况。"]
    assert run(4, 15) == 1
    assert told(people["planner"], "issue_late") == ["已逾期 3 个工作日，还没有报送落实情况。"]
    assert told(people["leader"], "issue_late") == []
    assert run(4, 17) == 1
    assert told(people["leader"], "issue_late") == ["已逾期 5 个工作日，还没有报送落实情况。"]
    assert run(6, 1) == 0
    assert told(people["enterprise"], "issue_late") == []


def test_a_refusal_begins_the_steps_anew(site: SimpleNamespace) -> None:
    row = fulfilled(site, due_on=date(2026, 4, 10))
    issues.refuse_issue(row, why="不实", by=site.people["clerk"], at=datetime(2026, 4, 9, 1, tzinfo=UTC))
    assert issues.remind_of_issues(at=datetime(2026, 4, 9, 2, tzinfo=UTC)) == 1
    assert told(site.people["county_clerk"], "issue_late") == ["整改时限临近，请报送落实情况。"]


def test_what_waits_for_an_owner_or_a_verdict_is_told_too(site: SimpleNamespace) -> None:
    raised(site)  # on Thursday
    fulfilled(site)
    Notice.objects.all().delete()
    assert issues.remind_of_issues(at=datetime(2026, 3, 9, 1, tzinfo=UTC)) == 0
    assert issues.remind_of_issues(at=datetime(2026, 3, 10, 1, tzinfo=UTC)) == 2
    assert told(site.people["planner"], "issue_late") == ["登记已 3 个工作日，还没有明确责任单位。"]
    assert told(site.people["clerk"], "issue_late") == ["落实情况报送已 3 个工作日，请确认或退回。"]


def test_who_is_told_of_each_move(site: SimpleNamespace) -> None:
    row = fulfilled(site)
    issues.refuse_issue(row, why="不实", by=site.people["clerk"], at=AT + timedelta(minutes=1))
    assert told(site.people["planner"], "issue_raised") == [
        "高新处 " + site.people["clerk"].name + "登记，来源：直接登记。"
    ]
    assert len(told(site.people["county_clerk"], "issue_assigned")) == 2
    assert told(site.people["clerk"], "issue_fulfilled") == ["青岭县已报送落实情况，请确认或退回。"]
    assert not Notice.objects.filter(recipient=site.people["enterprise"]).exists()


# --- the trail, reorganisations


def test_every_move_is_in_the_trail_by_its_person(site: SimpleNamespace) -> None:
    row = in_state(site, "confirmed")
    entries = AuditEntry.objects.filter(subject_type="plans.issue", subject_id=str(row.pk)).order_by("number")
    assert [(e.action, e.after.get("办理"), e.after.get("state")) for e in entries] == [
        ("create", None, "raised"), ("transition", "明确责任", "assigned"), ("transition", "报送落实情况", "fulfilled"),
        ("transition", "确认销号", "confirmed"),
    ]  # fmt: skip
    assert [e.by for e in entries] == [
        site.people["clerk"], site.people["planner"], site.people["county_clerk"], site.people["clerk"],
    ]  # fmt: skip


def test_open_issues_pass_to_the_successor_closed_ones_keep_the_old_name(site: SimpleNamespace) -> None:
    held = assigned(site)
    closed = in_state(site, "confirmed")
    successor = OrganisationFields("青岭县科技和工业信息化局", "青岭县科工局", "county", site.city.pk)
    reorganisation.reorganise(
        predecessors=[site.qingling],
        successors=[successor],
        on=ON,
        reason="机构改革",
        by=site.people["operator"],
        at=AT,
    )
    new = Organisation.objects.get(short_name="青岭县科工局")
    assert fresh(held).owner == new
    assert fresh(closed).owner == site.qingling
