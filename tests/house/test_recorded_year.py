"""The services of the plans' year (rounds, issues, meetings) leave their entry in the trail; a new one must be tried here."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import POINTS, make_plan
from tests.apps.plans.test_checkins import MONTHLY, NOTHING, at
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.plans import services
from keshu.apps.plans.models import CheckInRound, Decision, Issue, Meeting, PlanProposal
from keshu.apps.plans.queries.issues.lists import IssueList
from keshu.apps.plans.queries.meetings.pages import meeting_by_id, meeting_page
from keshu.apps.plans.services import checkins, issues, meetings, proposals
from keshu.apps.plans.services.checkin_pages.reminding import remind_of_round
from keshu.apps.plans.services.checkin_pages.round_papers import round_paper
from keshu.apps.plans.services.issues.tables import tables_document, tables_workbook
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove
from keshu.apps.plans.services.meetings.papers import meeting_minutes, meeting_pack
from keshu.apps.plans.services.proposals import ProposalMove
from keshu.apps.plans.services.proposals import papers as proposal_papers
from keshu.engines.plandoc import read_text

NOW, SAID = at("2026-03-30"), {**NOTHING, "progress": "已完成一半", "percent": 50}
# Public functions that leave no entry by the person themselves, and where the trail has what they did. Those of the
# supervision notices are tried in test_recorded.
UNRECORDED = {
    "checkins.checkin_notices": "it tells of what is recorded",
    "checkins.escalation.escalate": "it acts for nobody; tried in tests/apps/plans/test_checkins_late.py",
    "checkins.opening.open_due_rounds": "it acts for nobody; tried in tests/apps/plans/test_checkins.py",
    "checkins.following.follow_revision": "a part of publishing, tried in tests/apps/plans/test_checkins_following.py",
    "checkins.following.end_rounds": "a part of withdrawing, tried there too",
    "checkins.handover.hand_over_check_ins": "a part of a reorganisation, tried there too",
    "checkins.filing.mark_signed": "the part of filing and signing that they share",
    "checkins.filing.signs_by_filing": "it asks, and changes nothing",
    "checkins.states.pass_to": "the unit in which the others save and record",
    "checkins.past_reports.enter_past_reports": "it files and signs form by form; tests/apps/plans/test_past_reports.py",
    "issues.handover.hand_over_issues": "a part of a reorganisation, tried in tests/apps/plans/test_issues.py",
    "issues.telling": "it tells of what is recorded",
    "issues.raising.checked_duty": "it asks, and changes nothing",
    "issues.raising.checked_due": "likewise",
    "meetings.handover.pass_meetings": "a part of a reorganisation, tried in tests/apps/plans/test_handover.py",
    "meetings.handover.pass_decisions": "a part of a reorganisation, tried in tests/apps/plans/test_handover.py",
    "meetings.telling": "it tells of what is recorded",
    "meetings.adding.keep_decided_tasks": "a part of publishing, tried in tests/apps/plans/test_meetings.py",
    "proposals.papers.day_of": "it asks, and changes nothing",
    "proposals.stepping.begin": "the unit in which the others lock and record",
    "round_trips": "rows of a workbook, kept by the services above; tried in tests/apps/plans/test_round_trips.py",
    "supervision": "tried in tests/house/test_recorded.py",
}


@pytest.fixture
def site(db: None) -> SimpleNamespace:
    found = make.site()
    found.plan = make_plan.published(organisation=found.bureau, by=found.people["planner"])
    return found


def act_on_rounds(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """A round of March from its rhythm to its paper, one form through every step."""
    planner, head, clerk = (site.people[role] for role in ("planner", "office_head", "clerk"))
    kept = SimpleNamespace()

    def start() -> None:
        kept.rhythm = checkins.start_rhythm(site.plan, **MONTHLY, by=planner, at=NOW)
        checkins.open_due_rounds(at=NOW)
        kept.round = CheckInRound.objects.get()
        found = {each.organisation: each for each in kept.round.checkins.filter(node__heading="培育科技企业")}
        kept.row, kept.other = found[site.gaoxin], found[site.guihua]

    def act(name: str, **fields: Any) -> Callable[[], Any]:
        def run() -> None:
            kept.row = getattr(checkins, name)(kept.row, **fields, at=NOW)

        return run

    def add() -> None:
        kept.file = checkins.attach_evidence(kept.row, file=io.BytesIO(b"a"), name="名单.txt", by=clerk, at=NOW)

    def filed() -> None:
        kept.row = checkins.file_check_in(kept.row, version=kept.row.version, **SAID, by=clerk, at=NOW)

    def signed() -> None:
        filed()
        kept.row = checkins.sign_check_in(kept.row, by=head, at=NOW)

    def returned() -> None:
        filed()
        kept.row = checkins.return_check_in(kept.row, why="请附名单", by=head, at=NOW)

    by: dict[str, Any] = {"by": planner, "at": NOW}
    return {
        "start_rhythm": start,
        "change_rhythm": lambda: checkins.change_rhythm(kept.rhythm, **{**MONTHLY, "number": 5}, **by),
        "pause_rhythm": lambda: checkins.pause_rhythm(kept.rhythm, **by),
        "resume_rhythm": lambda: checkins.resume_rhythm(kept.rhythm, **by),
        "remind_of_round": lambda: remind_of_round(kept.round, **by),
        "save_check_in": act("save_check_in", version=0, **SAID, by=clerk),
        "attach_evidence": add,
        "remove_evidence": lambda: checkins.remove_evidence(kept.file, by=clerk, at=NOW),
        "file_check_in": filed,
        "recall_check_in": act("recall_check_in", by=clerk),
        "return_check_in": returned,
        "sign_check_in": signed,
        "reopen_check_in": act("reopen_check_in", why="口径不对", by=planner),
        "extend_check_in": act("extend_check_in", due_on=date(2026, 4, 20), why="请示", by=planner),
        "excuse_check_in": lambda: checkins.excuse_check_in(kept.other, why="未安排", **by),
        "extend_round": lambda: checkins.extend_round(kept.round, due_on=date(2026, 4, 21), why="请示", **by),
        "close_round": lambda: checkins.close_round(kept.round, **by),
        "reopen_round": lambda: checkins.reopen_round(kept.round, why="补报", **by),
        "round_paper": lambda: round_paper(kept.round, **by),
    }


def act_on_issues(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    planner, clerk, office = site.people["planner"], site.people["clerk"], site.gaoxin
    due_on, kept = NOW.date() + timedelta(days=20), SimpleNamespace()
    duty: dict[str, Any] = {"owner": office, "measure": "请专家", "due_on": due_on}

    def raised() -> None:
        kept.row = issues.raise_issue(title="专家不够", raised_for=site.bureau, by=planner, at=NOW)

    def act(name: str, **fields: Any) -> Callable[[], Any]:
        def run() -> None:
            kept.row = getattr(issues, name)(kept.row, **{"by": planner, **fields}, at=NOW)

        return run

    def fulfilled() -> None:
        act("reassign_issue", **duty, why="分工")()
        act("fulfil_issue", text="已请", by=clerk)()

    def confirmed() -> None:
        act("fulfil_issue", text="又请", by=clerk)()
        act("confirm_issue")()

    by: dict[str, Any] = {"by": planner, "at": NOW}
    return {
        "raise_issue": raised,
        "correct_issue": act("correct_issue", title="辅导专家不够", detail=""),
        "assign_issue": act("assign_issue", **duty),
        "reassign_issue": act("reassign_issue", **{**duty, "owner": site.guihua}, why="分工"),
        "extend_issue": act("extend_issue", due_on=due_on + timedelta(days=9), why="请示"),
        "fulfil_issue": fulfilled,
        "refuse_issue": act("refuse_issue", why="不够"),
        "confirm_issue": confirmed,
        "cancel_issue": lambda: [raised(), act("cancel_issue", why="重复")()],
        "tables_workbook": lambda: tables_workbook(Issue.objects.all(), **by),
        "tables_document": lambda: tables_document(IssueList.PROBLEMS, Issue.objects.all(), **by),
    }


def act_on_meetings(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    by: dict[str, Any] = {"by": site.people["planner"], "at": NOW}
    fields = MeetingFields("3月局办公会", NOW.date(), NOW.date() - timedelta(days=28), "会议室", "局长", "局领导")
    words: dict[str, Any] = {"section": "other", "text": "", "organisation": None}

    def row() -> Meeting:
        return Meeting.objects.get()

    def decision(place: int = -1) -> Decision:
        return list(Decision.objects.order_by("pk"))[place]

    def decide() -> None:
        due_on = NOW.date() + timedelta(days=30)
        meetings.record_decision(row(), text="开展集中辅导", owner=site.gaoxin, due_on=due_on, **by)

    def page() -> Any:
        return meeting_page(meeting_by_id(by["by"]).get(), user=by["by"])

    def draw() -> None:
        issues.raise_issue(
            title="选址未定", raised_for=site.gaoxin, owner=site.gaoxin, measure="选址", due_on=date(2026, 3, 20),
            by=site.people["clerk"], at=at("2026-03-10"),
        )  # fmt: skip
        assert meetings.draw_agenda(row(), **by) == 1

    return {
        "call_meeting": lambda: meetings.call_meeting(site.plan, fields, **by),
        "change_meeting": lambda: meetings.change_meeting(row(), MeetingFields("局办公会", *_rest(fields)), **by),
        "draw_agenda": draw,
        "add_item": lambda: meetings.add_item(row(), title="其他", **words, **by),
        "change_item": lambda: meetings.change_item(row().items.last(), title="再议", **words, **by),
        "shift_item": lambda: meetings.shift_item(meetings.add_item(row(), title="末项", **words, **by), up=True, **by),
        "shift_report": lambda: meetings.shift_report(
            meetings.add_item(row(), title="另一单位", **{**words, "organisation": site.guihua}, **by), up=False, **by
        ),
        "keep_item": lambda: meetings.keep_item(row().items.first(), is_kept=False, **by),
        "record_decision": decide,
        "change_decision": lambda: meetings.change_decision(
            decision(), text="开展辅导", owner=site.gaoxin, due_on=NOW.date() + timedelta(days=30), **by
        ),
        "remove_decision": lambda: meetings.remove_decision(decision(), **by),
        "meeting_pack": lambda: meeting_pack(page(), **by),
        "move_meeting": lambda: meetings.move_meeting(row(), MeetingMove.HOLD, **by),
        "make_task": lambda: [decide(), meetings.make_task(decision(), **by)],
        "make_issue": lambda: [decide(), meetings.make_issue(decision(), **by)],
        "make_notice": lambda: [decide(), meetings.make_notice(decision(), **by)],
        "meeting_minutes": lambda: meeting_minutes(page(), **by),
    }


def _rest(fields: MeetingFields) -> tuple[Any, ...]:
    return fields.held_on, fields.since, fields.place, fields.host, fields.attendees


def act_on_proposals(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    by: dict[str, Any] = {"by": site.people["planner"], "at": NOW}
    leader: dict[str, Any] = {"by": site.people["leader"], "at": NOW}
    plan = make_plan.published(read_text(POINTS), organisation=site.gaoxin, by=site.people["planner"])

    def row() -> PlanProposal:
        return PlanProposal.objects.select_related("organisation", "plan__source").get()

    def pieces(kind: str) -> list[int]:
        return [item.pk for item in row().items.filter(kind=kind)]

    def saw() -> dict[str, Any]:
        return {"version": row().version, **by}

    def finish() -> None:
        left = [item.pk for item in row().items.filter(is_decidable=True, choice="", is_removed=False)]
        proposals.accept_suggestions(row(), left, **saw())
        proposals.move_proposal(row(), ProposalMove.SUBMIT, **by)
        proposals.move_proposal(row(), ProposalMove.FINISH, **leader)

    target = proposals.NewTarget("新增科技服务机构", ">=", Decimal(5), "家")
    return {
        "begin_proposal": lambda: proposals.begin_proposal(plan, **by),
        "choose": lambda: proposals.choose(row(), pieces("target")[:1], choice="carry", **saw()),
        "edit_item": lambda: proposals.edit_item(row(), pieces("task")[0], text="壮大科技企业", **saw()),
        "add_target": lambda: proposals.add_target(row(), behind_id=pieces("target")[0], target=target, **saw()),
        "undo": lambda: proposals.undo(row(), **by),
        "add_task": lambda: proposals.add_task(
            row(), behind_id=pieces("task")[0], title="开展服务进园区", body="", owners={"lead": "高新处"}, **saw()
        ),
        "shift_item": lambda: proposals.shift_item(row(), pieces("task")[0], up=False, **saw()),
        "proposal_document": lambda: proposal_papers.proposal_document(row(), **by),
        "proposal_annex": lambda: proposal_papers.proposal_annex(row(), **by),
        "proposal_workbook": lambda: proposal_papers.proposal_workbook(row(), **by),
        "accept_suggestions": finish,
        "move_proposal": lambda: proposals.move_proposal(row(), ProposalMove.REOPEN, why="补充", **leader),
        "take_in": lambda: [
            proposals.move_proposal(row(), ProposalMove.SUBMIT, **by),
            proposals.move_proposal(row(), ProposalMove.FINISH, **leader),
            proposals.take_in(row(), **by),
        ],
    }


ACTS = (act_on_rounds, act_on_issues, act_on_meetings, act_on_proposals)


@pytest.mark.parametrize("acts", ACTS)
def test_each_service_of_the_year_leaves_an_entry_of_its_moment(site: SimpleNamespace, acts: Any) -> None:
    for name, act in acts(site).items():
        last = AuditEntry.objects.order_by("-number").first()
        act()
        new = AuditEntry.objects.filter(number__gt=last.number if last is not None else 0, by__isnull=False, at=NOW)
        assert new, f"{name} left nothing in the trail"


def test_every_public_service_of_the_year_is_tried(site: SimpleNamespace) -> None:
    """Subpackages of the plans' services, however deep; the modules at the top are those of test_recorded."""
    tried = {name for acts in ACTS for name in acts(site)}
    found, excused = set(), set()
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        short = module.name.removeprefix(f"{services.__name__}.")
        if "." not in short:
            continue
        for name, each in vars(importlib.import_module(module.name)).items():
            is_own = inspect.isfunction(each) and each.__module__ == module.name and not name.startswith("_")
            if is_own and "at" in inspect.signature(each).parameters:
                why = [key for key in (short.split(".")[0], short, f"{short}.{name}") if key in UNRECORDED]
                excused.update(why)
                found |= set() if why else {name}
    assert found == tried
    assert excused == set(UNRECORDED)
