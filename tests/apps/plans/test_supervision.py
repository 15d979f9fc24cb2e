"""Supervision notices: each move by each person in each state, numbers, files, escalation, reorganisation, revision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from tests.apps.plans.factories import make_plan
from tests.apps.plans.supervision import AT, DUE, brought_to, days, fresh, write
from tests.factories import ON, make

from keshu.apps.bureau.models import Attachment, AuditEntry, CalendarDay, Notice, Organisation
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.reorganisation import reorganise
from keshu.apps.bureau.signals import time_passed
from keshu.apps.plans.models import Reply, SupervisionItem, SupervisionNotice, SupervisionState, SupervisionStep
from keshu.apps.plans.queries.supervision.escalation import Step, step_reached, steps_due
from keshu.apps.plans.queries.supervision.matters import by_lead, matter_of_node, matter_of_target
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.lifecycle import TRANSITIONS, Move, buttons
from keshu.kernel.workdays import WorkCalendar

pytestmark = pytest.mark.django_db
STATES = [*SupervisionState.values, "discarded"]


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def make_move(move: Move, notice: SupervisionNotice, *, by: Any, site: SimpleNamespace) -> Any:
    given: dict[str, Any] = {"by": by, "at": AT}
    fields = supervision.NoticeFields("改题", "要求", site.gaoxin.pk, DUE)
    acts: dict[Move, Callable[[], Any]] = {
        Move.CHANGE: lambda: supervision.change_notice(notice, fields, **given),
        Move.ISSUE: lambda: supervision.issue_notice(notice, **given),
        Move.DISCARD: lambda: supervision.discard_notice(notice, **given),
        Move.SIGN_FOR: lambda: supervision.sign_for(notice, **given),
        Move.REPLY: lambda: supervision.reply(notice, text="已办", **given),
        Move.ACCEPT: lambda: supervision.accept_reply(notice, **given),
        Move.RETURN: lambda: supervision.return_reply(notice, why="重报", **given),
        Move.CLOSE: lambda: supervision.close_notice(notice, **given),
        Move.EXTEND: lambda: supervision.extend_notice(notice, due_on=date(2026, 4, 10), why="请示后延期", **given),
        Move.CANCEL: lambda: supervision.cancel_notice(notice, why="不再需要", **given),
    }
    return acts[move]()


# From hand: which moves are open in which state, and to whom.
OPEN = {
    "draft": {"change", "issue", "discard"},
    "issued": {"sign_for", "extend", "cancel"},
    "signed_for": {"reply", "extend", "cancel"},
    "replied": {"accept", "return", "cancel"},
    "returned": {"reply", "extend", "cancel"},
    "accepted": {"close", "cancel"},
    "closed": set(),
    "cancelled": set(),
    "discarded": set(),
}
ADDRESSED = {"sign_for", "reply"}


@pytest.mark.parametrize("state", STATES)
def test_every_move_in_every_state_is_made_or_refused_in_chinese(site: SimpleNamespace, state: str) -> None:
    notice = None
    for move in Move:
        notice = notice or brought_to(site, state)  # what was refused has changed nothing
        by = site.people["clerk" if move in ADDRESSED else "planner"]
        if move in OPEN[state]:
            make_move(move, notice, by=by, site=site)
            notice = None
            continue
        before = AuditEntry.objects.count()
        with pytest.raises(Unacceptable, match=r"不能|请刷新"):
            make_move(move, notice, by=by, site=site)
        assert AuditEntry.objects.count() == before
        assert fresh(notice).state == notice.state


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("leader", set(Move) - ADDRESSED), ("planner", set(Move) - ADDRESSED), ("clerk", ADDRESSED),
        ("office_head", ADDRESSED), ("county_clerk", set()), ("auditor", set()), ("operator", set()), ("enterprise", set()),
    ],
)  # fmt: skip
def test_who_may_make_which_move(site: SimpleNamespace, role: str, may: set[str]) -> None:
    for state, open_moves in OPEN.items():
        notice = None
        for move in map(Move, sorted(open_moves)):
            notice = notice or brought_to(site, state)
            if move in may:
                made, notice = notice, None
                make_move(move, made, by=site.people[role], site=site)
                assert move in {each.move for each in buttons(made, user=site.people[role])}
            else:
                with pytest.raises(Refused, match="不能"):
                    make_move(move, notice, by=site.people[role], site=site)
                assert move not in {each.move for each in buttons(notice, user=site.people[role])}


def test_an_auditor_who_is_a_planner_too_changes_nothing(site: SimpleNamespace) -> None:
    both = make.person("planner", site.guihua)
    both.memberships.create(organisation=site.bureau, role="auditor", from_on=date(2020, 1, 1))
    with pytest.raises(Refused):
        supervision.issue_notice(write(site), by=both, at=AT)


def test_nobody_judges_their_own_reply(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued", addressee=site.guihua)
    planner, leader = site.people["planner"], site.people["leader"]
    supervision.sign_for(notice, by=planner, at=AT)
    supervision.reply(notice, text="规划处自己办的", by=planner, at=AT)
    with pytest.raises(Refused, match="另一人审核"):
        supervision.accept_reply(notice, by=planner, at=AT)
    assert supervision.accept_reply(notice, by=leader, at=AT).state == "accepted"


def test_moves_that_need_a_reason_ask_for_it(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    with pytest.raises(Unacceptable, match="理由"):
        supervision.return_reply(brought_to(site, "replied"), why="  ", by=planner, at=AT)
    with pytest.raises(Unacceptable, match="理由"):
        supervision.cancel_notice(brought_to(site, "issued"), why="", by=planner, at=AT)
    with pytest.raises(Unacceptable, match="理由"):
        supervision.extend_notice(brought_to(site, "issued"), due_on=date(2026, 4, 1), why="", by=planner, at=AT)
    assert {each.move for each in TRANSITIONS if each.needs_reason} == {Move.RETURN, Move.CANCEL, Move.EXTEND}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"title": " "}, "督办事项"), ({"title": "长" * 201}, "201 字"), ({"demand": ""}, "办理要求"),
        ({"due_on": date(2026, 3, 4)}, "已经过去"),
    ],
)  # fmt: skip
def test_a_draft_says_what_is_wrong(site: SimpleNamespace, fault: dict[str, Any], words: str) -> None:
    with pytest.raises(Unacceptable, match=words):
        write(site, **fault)
    assert not SupervisionNotice.objects.exists()


def test_only_government_bodies_that_are_still_there_are_addressed(site: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="不是政府部门"):
        write(site, addressee=site.enterprise)
    with pytest.raises(Unacceptable, match="已撤并"):
        write(site, addressee=make.office(name="老处室", closed_on=date(2026, 1, 1)))


def test_numbers_follow_each_other_within_a_year(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    first, second, third = write(site), write(site), write(site)
    assert supervision.issue_notice(second, by=planner, at=AT).number_text == "〔2026〕1号"
    supervision.discard_notice(first, by=planner, at=AT)
    supervision.cancel_notice(second, why="重复", by=planner, at=AT)
    assert supervision.issue_notice(third, by=planner, at=AT).number_text == "〔2026〕2号"
    later = write(site, due_on=date(2027, 2, 1), at=AT)
    next_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # already 1 January in the bureau
    assert supervision.issue_notice(later, by=planner, at=next_year).number_text == "〔2027〕1号"


def test_several_are_issued_together_or_not_at_all(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    drafts = [write(site), write(site)]
    with pytest.raises(Unacceptable):
        supervision.issue_notices([*drafts, brought_to(site, "cancelled")], by=planner, at=AT)
    assert SupervisionNotice.objects.filter(state="issued").count() == 0
    issued = supervision.issue_notices(reversed(drafts), by=planner, at=AT)
    assert [each.number for each in issued] == [2, 3]
    assert [each.pk for each in issued] == [each.pk for each in drafts]


def test_what_was_undone_was_never_told_and_takes_no_number(site: SimpleNamespace) -> None:
    notice = write(site)
    with patch.object(telling, "tell", side_effect=RuntimeError("killed")), pytest.raises(RuntimeError):
        supervision.issue_notice(notice, by=site.people["planner"], at=AT)
    assert fresh(notice).state == "draft"
    assert not Notice.objects.exists()
    assert not SupervisionStep.objects.exists()
    assert supervision.issue_notice(notice, by=site.people["planner"], at=AT).number == 1


def test_the_addressee_is_told_and_nobody_else(site: SimpleNamespace) -> None:
    brought_to(site, "issued")
    told = Notice.objects.filter(kind="plans.supervision_issued")
    assert {each.recipient for each in told} == {site.people["clerk"], site.people["office_head"]}
    assert "2026-03-20" in told[0].text
    assert told[0].link.endswith("/reply/")


def test_the_writer_and_the_issuer_hear_of_a_reply(site: SimpleNamespace) -> None:
    brought_to(site, "replied")
    told = Notice.objects.filter(kind="plans.supervision_answered")
    assert {each.recipient for each in told} == {site.people["planner"], site.people["leader"]}


def test_a_reply_keeps_its_files_and_takes_them_back_when_it_fails(site: SimpleNamespace) -> None:
    notice, clerk = brought_to(site, "signed_for"), site.people["clerk"]
    files = [ContentFile(b"one", name="一.txt"), ContentFile(b"two", name="二.txt")]
    with patch.object(telling, "tell", side_effect=RuntimeError("killed")), pytest.raises(RuntimeError):
        supervision.reply(notice, text="办了", files=files, by=clerk, at=AT)
    assert not Reply.objects.exists()
    assert not Attachment.objects.exists()
    for file in files:
        file.seek(0)
    made = supervision.reply(notice, text="办了", files=files, by=clerk, at=AT)
    assert [each.name for each in made.attachments.order_by("pk")] == ["一.txt", "二.txt"]
    with pytest.raises(Unacceptable, match="办理情况"):
        supervision.reply(brought_to(site, "signed_for"), text=" ", by=clerk, at=AT)
    empty = [ContentFile(b"", name="空.txt")]
    with pytest.raises(Unacceptable, match="空文件"):
        supervision.reply(brought_to(site, "signed_for"), text="办了", files=empty, by=clerk, at=AT)


def test_a_reply_returned_late_needs_a_new_deadline(site: SimpleNamespace) -> None:
    notice, planner = brought_to(site, "replied"), site.people["planner"]
    with pytest.raises(Unacceptable, match="重新确定"):
        supervision.return_reply(notice, why="不全", by=planner, at=days(30))
    moved = supervision.return_reply(notice, why="不全", due_on=date(2026, 4, 15), by=planner, at=days(30))
    assert (moved.state, moved.due_on) == ("returned", date(2026, 4, 15))
    judged = notice.replies.get()
    assert (judged.verdict, judged.verdict_text, judged.verdict_by) == ("returned", "不全", planner)


def test_a_deadline_moves_only_forward(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    with pytest.raises(Unacceptable, match="以后的日期"):
        supervision.extend_notice(notice, due_on=DUE, why="请示", by=site.people["planner"], at=AT)
    moved = supervision.extend_notice(notice, due_on=date(2026, 4, 1), why="请示", by=site.people["planner"], at=AT)
    step = moved.steps.latest("pk")
    assert (step.due_from, step.due_to, step.text) == (DUE, date(2026, 4, 1), "请示")


def test_a_plan_under_review_cannot_be_supervised(site: SimpleNamespace) -> None:
    draft = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    with pytest.raises(Unacceptable, match="不能据此督办"):
        write(site, matters=(matter_of_target(draft.targets.first()),))


def test_the_matters_are_grouped_by_who_leads_them(site: SimpleNamespace) -> None:
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    matters = [matter_of_target(make_plan.target(plan, name)) for name in ("科技型中小企业", "对接会")]
    matters.append(matter_of_node(make_plan.node(plan, "培育科技企业")))
    shares, alone = by_lead(matters)
    assert [(share.office.id, len(share.matters)) for share in shares] == [(site.gaoxin.pk, 2)]
    assert [each.name for each in alone] == ["对接会"]
    made = supervision.write_notices(shares, demand="抓紧", due_on=DUE, by=site.people["planner"], at=AT)
    assert [each.title for each in made] == ["关于“科技型中小企业”等2项工作的督办"]
    assert next(iter(made[0].items.values_list("text", flat=True))).startswith("科技型中小企业：")
    assert made[0].plan == plan
    with pytest.raises(Unacceptable, match="没有牵头单位"):
        supervision.write_notices((), demand="抓紧", due_on=DUE, by=site.people["planner"], at=AT)


# --- who sees it


def test_scope(site: SimpleNamespace) -> None:
    """Drafts, also deleted ones: the writer's side; from the issue on the addressee; other offices never."""
    seen = {
        state: {role for role, person in site.people.items() if SupervisionNotice.objects.visible_to(person)}
        for state in ("draft", "discarded", "issued", "closed")
        if SupervisionNotice.objects.all().delete() and brought_to(site, state)
    }
    whole_site = {"leader", "planner", "auditor", "operator"}
    assert seen["draft"] == seen["discarded"] == whole_site
    assert seen["issued"] == seen["closed"] == whole_site | {"office_head", "clerk"}
    notice = brought_to(site, "replied")
    for model in (SupervisionItem, SupervisionStep, Reply):
        assert not model.objects.visible_to(site.people["county_clerk"]).exists()
        assert model.objects.visible_to(site.people["clerk"]).filter(notice=notice).exists()


# --- deadlines


def told_to(site: SimpleNamespace) -> dict[str, list[str]]:
    """Who was told of a deadline, by role, in order."""
    names = {person.pk: role for role, person in site.people.items()}
    found: dict[str, list[str]] = {}
    for each in Notice.objects.filter(kind="plans.supervision_late").order_by("at", "pk"):
        found.setdefault(names.get(each.recipient_id, "?"), []).append(f"{each.at:%m-%d}")
    return found


def test_a_notice_nobody_answers_goes_up_step_by_step(site: SimpleNamespace) -> None:
    """Due on Friday 20 March 2026: reminded on Tuesday 17 and on the day, then 1, 3 and 5 working days later."""
    brought_to(site, "issued")
    for count in range(40):
        for _ in range(3):
            supervision.escalate_notices(at=days(count))
    assert told_to(site) == {
        "clerk": ["03-17", "03-20"],
        "office_head": ["03-17", "03-20", "03-23"],
        "planner": ["03-25"],
        "leader": ["03-27"],
    }
    labels = SupervisionStep.objects.exclude(label="签发").values_list("label", flat=True)
    assert list(labels) == ["临期提醒", "到期提醒", "逾期 1 个工作日", "逾期 3 个工作日", "逾期 5 个工作日"]


def test_days_off_do_not_count_and_nobody_is_told_on_them(site: SimpleNamespace) -> None:
    """Due on 30 September, the eve of National Day; 25 September is Mid-Autumn; the bureau works on Saturday 10 October."""
    CalendarDay.objects.create(day=date(2026, 10, 10), is_workday=True, name="调休")
    brought_to(site, "issued", due_on=date(2026, 9, 30))
    for count in range(200, 232):
        supervision.escalate_notices(at=days(count))
    assert told_to(site)["office_head"] == ["09-24", "09-30", "10-08"]
    assert told_to(site)["planner"] == ["10-10"]
    assert told_to(site)["leader"] == ["10-13"]


def test_after_a_pause_of_the_worker_nobody_is_reminded_of_what_is_past(site: SimpleNamespace) -> None:
    brought_to(site, "issued")
    assert supervision.escalate_notices(at=days(62)) == 3  # Wednesday 6 May
    assert told_to(site) == {"office_head": ["05-06"], "planner": ["05-06"], "leader": ["05-06"]}
    assert supervision.escalate_notices(at=days(63)) == 0


def test_an_extension_begins_anew_and_a_reply_ends_it(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    supervision.escalate_notices(at=days(18))  # 23 March: one working day late
    supervision.extend_notice(notice, due_on=date(2026, 4, 10), why="请示", by=site.people["planner"], at=days(18))
    assert fresh(notice).told == Step.NOBODY
    supervision.escalate_notices(at=days(33))  # 7 April, three working days ahead
    assert fresh(notice).told == Step.SOON
    supervision.sign_for(notice, by=site.people["clerk"], at=days(33))
    supervision.reply(notice, text="办了", by=site.people["clerk"], at=days(33))
    assert supervision.escalate_notices(at=days(60)) == 0


def test_an_escalation_killed_in_the_middle_tells_nobody_and_is_made_up(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    real, calls = telling.tell, []

    def dies_at_the_second(messages: Any, *, at: datetime) -> int:
        calls.append(messages)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return real(messages, at=at)

    with patch.object(telling, "tell", side_effect=dies_at_the_second), pytest.raises(RuntimeError):
        supervision.escalate_notices(at=days(20))  # Wednesday 25 March: head and planner are due
    assert (fresh(notice).told, told_to(site)) == (Step.NOBODY, {})
    supervision.escalate_notices(at=days(20))
    assert told_to(site) == {"office_head": ["03-25"], "planner": ["03-25"]}


def test_the_clock_drives_it(site: SimpleNamespace) -> None:
    brought_to(site, "issued")
    time_passed.send(sender=None, at=days(12))
    assert set(told_to(site)) == {"clerk", "office_head"}


@pytest.mark.parametrize("due", [date(2026, 2, 14) + timedelta(days=n) for n in range(0, 300, 7)])
def test_each_step_is_due_once_whatever_the_days(due: date) -> None:
    """Day by day over the published calendar: the steps come in order, each once, on working days."""
    calendar, told, taken = WorkCalendar(), 0, []
    for n in range(-20, 31):
        on = due + timedelta(days=n)
        for step in steps_due(due, told, on=on, calendar=calendar):
            taken.append((step, on))
            told = step
    assert [step for step, _ in taken] == [Step.SOON, Step.TODAY, Step.HEAD, Step.PLANNER, Step.LEADER]
    assert all(calendar.is_workday(on) for _, on in taken)
    late = {step: calendar.between(due, on) for step, on in taken if step >= Step.HEAD}
    assert late == {Step.HEAD: 1, Step.PLANNER: 3, Step.LEADER: 5}
    assert taken[1][1] == calendar.on_or_before(due)
    assert step_reached(due, on=due + timedelta(days=40), calendar=calendar) == Step.LEADER


# --- what happens elsewhere


def test_open_notices_pass_to_the_successor_and_closed_ones_keep_the_old_name(site: SimpleNamespace) -> None:
    closed, open_one, draft = brought_to(site, "closed"), brought_to(site, "signed_for"), write(site)
    _turn_into(site, "高新产业处")
    heir = Organisation.objects.get(name="高新产业处")
    assert fresh(closed).addressee == site.gaoxin
    assert fresh(open_one).addressee == fresh(draft).addressee == heir
    assert open_one.steps.latest("pk").label == "机构调整"
    clerk = make.person("clerk", heir)
    assert set(SupervisionNotice.objects.visible_to(clerk)) == {closed, open_one}
    supervision.reply(open_one, text="接着办完了", by=clerk, at=AT)
    assert fresh(open_one).state == "replied"


def _turn_into(site: SimpleNamespace, name: str) -> None:
    successor = OrganisationFields(name=name, short_name=name, kind="office", parent_id=site.bureau.pk)
    reorganise(
        predecessors=[site.gaoxin], successors=[successor], on=ON, reason="机构改革", by=site.people["operator"], at=AT
    )


def test_a_revision_takes_open_notices_along(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    plan = make_plan.published(organisation=site.bureau, by=planner)
    matters = (
        matter_of_target(make_plan.target(plan, "科技型中小企业")),
        matter_of_node(make_plan.node(plan, "培育科技企业")),
    )
    open_one, closed = brought_to(site, "signed_for", matters=matters), brought_to(site, "closed", matters=matters)
    words = list(open_one.items.values_list("text", flat=True))
    revised = make_plan.published(organisation=site.bureau, by=planner, revises=plan, name="新.docx")
    item = open_one.items.order_by("position").first()
    assert (item.target, fresh(open_one).plan) == (make_plan.target(revised, "科技型中小企业"), revised)
    assert open_one.items.order_by("position").last().node == make_plan.node(revised, "培育科技企业")
    assert list(open_one.items.values_list("text", flat=True)) == words
    assert (closed.items.order_by("position").first().target.plan, fresh(closed).plan) == (plan, plan)
