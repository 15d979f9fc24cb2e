"""A city with something of every kind in it, and how to fill the parameters of every address.

A new address with parameters must be entered in ``FILL``: which rows of the city to try it with. A new kind of row that some
people must not see should be entered in ``World.marked``, under a word that occurs nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from tests.apps.plans.factories import make_plan
from tests.factories import AT, ON, make
from tests.programs import token_for

from keshu.apps.briefings.models import (
    Appraisal,
    AppraisalMark,
    AppraisalObjection,
    Bulletin,
    FactCheck,
    FactCheckResult,
)
from keshu.apps.briefings.services import appraisals, bulletins
from keshu.apps.bureau.models import (
    Attachment,
    AuditEntry,
    CalendarDay,
    GroupRobot,
    ImportRow,
    ImportRun,
    Membership,
    Notice,
    Organisation,
    PaperCheck,
    RobotDelivery,
    SavedView,
    User,
)
from keshu.apps.bureau.queries.devices import Browser
from keshu.apps.bureau.services import anchors, audit, jobs, notices, robots, sign_in_sessions
from keshu.apps.bureau.services.exchange import declared_round_trips
from keshu.apps.plans.models import (
    AgendaItem,
    CheckIn,
    CheckInRound,
    Evidence,
    Issue,
    Meeting,
    OwnerMention,
    PastFigure,
    PlanNode,
    PlanProposal,
    Proof,
    Standing,
    SupervisionNotice,
    Target,
    WorkPlan,
)
from keshu.apps.plans.services import checkins, issues, meetings, proposals, supervision
from keshu.apps.plans.services.meetings import MeetingFields

# Who may open these without signing in: the sign-in page and its second step, the probe of the service manager, the old
# address of the icon.
PUBLIC = {"bureau:sign-in", "bureau:sign-in-code", "bureau:feed-read", "health", "favicon", "api-schema", "api-nothing"}


@dataclass(frozen=True)
class Sample:
    """One way to fill an address, and the row it is about: who may not see the row must not get an answer (None: for all)."""

    kwargs: dict[str, Any]
    row: Model | None


@dataclass
class World:
    site: SimpleNamespace
    people: dict[str, User]
    rows: dict[str, list[Model]] = field(default_factory=dict)
    # A word that stands for a row: where the word is shown to somebody who may not see the row, something leaks.
    marked: dict[str, Model] = field(default_factory=dict)


@jobs.register("house.nothing")
def _nothing(job: jobs.JobHandle) -> dict[str, Any]:
    return {}


def build() -> World:
    """The city. Its first county is where the county clerk of ``people`` sits; the second is foreign to all of them."""
    site = make.site()
    world = World(site, {**site.people, "nobody": make.person(None, name="无职人员甲乙")})
    clerk = make.person("county_clerk", site.yunhu, name="云湖经办丙丁")
    outsider = make.person("enterprise", site.other_enterprise, name="别企人员戊己")
    draft = _marked_plan(make_plan.draft(organisation=site.yunhu, by=clerk), "庚辛草稿")
    bureau_draft = _marked_plan(make_plan.draft(organisation=site.bureau, by=site.people["planner"]), "壬癸草稿")
    published = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    plans = [draft, bureau_draft, published]
    attachment = make.attachment(organisation=site.yunhu, by=clerk, name="子丑附件.txt")
    job = jobs.start_job(kind="house.nothing", title="寅卯任务", params={}, by=clerk, at=AT)
    view = SavedView.objects.create(owner=clerk, ledger="bureau.people", name="辰巳视图", query="q=1")
    browser = Browser(key="house", device="戌亥浏览器", address="10.0.0.8")
    session = sign_in_sessions.begin_session(clerk, browser=browser, at=AT)
    token, _ = token_for(clerk, name="未酉令牌")
    audit.Recorder(by=clerk, at=AT, why="午未原因").note(
        action=audit.AuditAction.UPDATE, subject=attachment, organisation=site.yunhu
    )
    entry = AuditEntry.objects.get(why="午未原因")
    keeper = make.person("planner", site.guihua, name="导表人员子戊")
    supervised = _supervised(site, clerk)
    run = ImportRun.objects.create(
        ledger="bureau.people",
        title="人员",
        file_name="丑未花名册.xlsx",
        state="checked",
        created_by=keeper,
        created_at=AT,
    )
    run_row = ImportRow.objects.create(run=run, number=4, state="new", label="寅申新人")
    paper = PaperCheck.objects.create(
        file_name="辰未讲话稿.docx", attachment=make.attachment(name="辰未讲话稿.docx", organisation=site.yunhu, by=clerk),
        state="checked", created_by=clerk, created_at=AT,
    )  # fmt: skip
    Attachment.objects.filter(pk=paper.attachment_id).update(is_private=True)
    draft_check = _fact_check(clerk, site.yunhu)
    notices.notify(
        kind="bureau.role_changed", recipients=[clerk.pk], title="戌亥消息", text="", link="/", key="house", at=AT
    )
    notice = Notice.objects.get(title="戌亥消息")
    seat = clerk.memberships.get()
    deputy = make.person("county_clerk", site.yunhu, name="云湖代理戌亥")
    delegation = Membership.objects.create(
        user=deputy, organisation=site.yunhu, role="county_clerk", from_on=ON, until_on=ON + timedelta(days=30),
        on_behalf_of=seat, reason="外出学习",
    )  # fmt: skip
    issue = issues.raise_issue(title="卯酉问题", raised_for=site.gaoxin, by=site.people["clerk"], at=AT)
    duty = {"owner": site.yunhu, "measure": "卯酉措施", "due_on": ON + timedelta(days=9)}
    issue = issues.assign_issue(issue, **duty, by=site.people["planner"], at=AT)
    issues.fulfil_issue(issue, text="卯酉落实", files=[ContentFile(b"x", name="卯酉佐证.txt")], by=clerk, at=AT)
    foreign = issues.raise_issue(title="辰戌问题", raised_for=site.yunhu, by=clerk, at=AT)
    keeper_of_plans = site.people["planner"]
    told = MeetingFields("丑午会议", ON, ON - timedelta(days=30))
    meeting = meetings.call_meeting(published, told, by=keeper_of_plans, at=AT)
    line: dict[str, Any] = {"section": "other", "title": "丑午议题", "text": "丑午情况", "organisation": None}
    item = meetings.add_item(meeting, **line, by=keeper_of_plans, at=AT)
    ordered = {"text": "丑午议定", "owner": site.gaoxin, "due_on": ON, "item": item}
    decision = meetings.record_decision(meeting, **ordered, by=keeper_of_plans, at=AT)
    told_held = MeetingFields("已开的会", ON, ON - timedelta(days=30))
    held_meeting = meetings.call_meeting(published, told_held, by=keeper_of_plans, at=AT)
    held_item = meetings.add_item(held_meeting, **{**line, "title": "议题", "text": "情况"}, by=keeper_of_plans, at=AT)
    drawn = _drawn_lines(held_meeting, issue=foreign, county=site.qingling)
    meetings.move_meeting(held_meeting, meetings.MeetingMove.HOLD, by=keeper_of_plans, at=AT)
    ordered |= {"text": "议定", "item": held_item}
    held_decision = meetings.record_decision(held_meeting, **ordered, by=keeper_of_plans, at=AT)
    ordered |= {"text": "子辰议定", "item": drawn[0]}
    drawn_decision = meetings.record_decision(held_meeting, **{**ordered, "owner": None}, by=keeper_of_plans, at=AT)
    robots.enter_robot(_robot_fields(site), by=keeper_of_plans, at=AT)
    robot = GroupRobot.objects.get()
    trial = robots.try_robot(robot, by=keeper_of_plans, at=AT)
    RobotDelivery.objects.filter(pk=trial.pk).update(title="巳亥群消息", state="given_up")
    standings = [
        Standing.objects.create(plan=plan, target=plan.targets.first(), reason=f"{plan.title}理由", judged_at=AT)
        for plan in plans
    ]
    past_figure = PastFigure.objects.create(target=draft.targets.first(), period="2025-03", value=7, source="午申年报")
    forms = _checkins(published, site, clerk)
    draft_bulletin = bulletins.begin_bulletin(published, kind="monthly", period="2026-02", by=keeper_of_plans, at=AT)
    Bulletin.objects.filter(pk=draft_bulletin.pk).update(title="辛丑通报草稿")
    released = bulletins.begin_bulletin(published, kind="monthly", period="2026-01", by=keeper_of_plans, at=AT)
    released = bulletins.submit_bulletin(released, version=released.version, by=keeper_of_plans, at=AT)
    released = bulletins.release_bulletin(released, version=released.version, by=site.people["leader"], at=AT)
    judged = _appraisals(site, clerk)
    proposal = proposals.begin_proposal(published, by=keeper_of_plans, at=AT)
    PlanProposal.objects.filter(pk=proposal.pk).update(title="戊辰来年草案")
    world.rows = {
        "proposal": [PlanProposal.objects.get(pk=proposal.pk)],
        "proposal_item": [proposal.items.filter(kind="target").first()],
        "appraisal": [*Appraisal.objects.order_by("pk")],
        "appraisal_sheet": [*Appraisal.objects.get(state="shown").sheets.order_by("organisation_id")],
        "appraisal_mark": [judged[0]],
        "objection": [judged[1]],
        "fact_check": [draft_check],
        "bulletin": [Bulletin.objects.get(pk=draft_bulletin.pk), released],
        "meeting": [meeting, held_meeting],
        "agenda": [item, held_item, *drawn],
        "decision": [decision, held_decision, drawn_decision],
        "issue": [issue, foreign],
        "checkin": forms,
        "evidence": [Evidence.objects.get()],
        "round": [CheckInRound.objects.get()],
        "plan": list(plans),
        "draft": [draft, bureau_draft],
        "target": [plan.targets.first() for plan in plans],
        "node": [plan.nodes.first() for plan in plans],
        "mention": [plan.mentions.first() for plan in plans],
        "organisation": [site.yunhu, site.gaoxin, site.enterprise, site.other_enterprise],
        "person": [clerk, outsider, site.people["enterprise"], site.people["leader"]],
        "membership": [Membership.objects.get(user=outsider), Membership.objects.get(user=site.people["leader"])],
        "delegation": [delegation],
        "alias": [make.alias("申酉别名", site.yunhu)],
        "attachment": [
            attachment,
            paper.attachment,
            draft_check.attachment,
            make.attachment(organisation=site.enterprise, by=site.people["enterprise"]),
        ],
        "job": [job],
        "view": [view],
        "session": [session],
        "token": [token],
        "audit": [entry],
        "import": [run],
        "import_row": [run_row],
        "paper_check": [paper],
        "anchor": [anchors.keep_anchor(by=site.people["operator"], at=AT, on=ON)],
        "notice": [notice],
        "standing": standings,
        "past_figure": [past_figure],
        "supervision": list(supervised),
        "reply_file": [supervised[1].replies.get()],
        "robot": [robot],
        "robot_delivery": [trial],
        "calendar_day": [CalendarDay.objects.create(day=ON, is_workday=False, name="庚子放假")],
    }
    world.marked = {
        "戊辰来年草案": world.rows["proposal"][0],
        "辛丑通报草稿": world.rows["bulletin"][0],
        "壬寅考核试算": Appraisal.objects.get(state="trial"),
        "癸卯加分": judged[0],
        "甲寅异议": judged[1],
        "丑午": meeting,
        "子辰议题": drawn[0],
        "子辰议定": drawn_decision,
        "卯酉": issue,
        "辰戌问题": foreign,
        clerk.name: clerk,
        outsider.name: outsider,
        deputy.name: deputy,
        "午申年报": past_figure,
        "庚辛草稿": draft,
        "壬癸草稿": bureau_draft,
        "子丑附件": attachment,
        "寅卯任务": job,
        "辰巳视图": view,
        "戌亥浏览器": session,
        "未酉令牌": token,
        "午未原因": entry,
        "丑未花名册": run,
        "辰未讲话稿": paper,
        "巳酉汇报稿": draft_check,
        "寅申新人": run_row,
        "戌亥消息": notice,
        "甲辰督办草稿": supervised[0],
        "乙巳督办事项": supervised[1],
        "丙午办理情况": supervised[1],
        "申酉别名": world.rows["alias"][0],
        "壬午进展": forms[0],
        "癸未佐证": forms[0],
        "甲申问题": forms[1],
        "巳亥工作群": robot,
        "巳亥群消息": trial,
        "庚子放假": world.rows["calendar_day"][0],
        site.other_enterprise.name: site.other_enterprise,
    }
    return world


def _fact_check(by: User, home: Organisation) -> FactCheck:
    """A draft with one finding, for its person's eyes only."""
    check = FactCheck.objects.create(
        title="巳酉汇报稿.txt", attachment=make.attachment(name="巳酉汇报稿.txt", organisation=home, by=by), year=2026,
        state="open", figure_count=1, problem_count=1, open_count=1, checked_at=AT, created_by=by, created_at=AT,
    )  # fmt: skip
    Attachment.objects.filter(pk=check.attachment_id).update(is_private=True)
    finding = {
        "number": 1, "start": 9, "end": 11, "line": 1, "quote": "7家", "name": "巳酉汇报稿指标", "kind": "differs",
        "is_sound": False, "sentence": "与台账不符。", "stated": "7家", "difference": "多1家", "fact": None,
        "expected": None, "candidates": [], "others": [],
    }  # fmt: skip
    FactCheckResult.objects.create(
        fact_check=check, number=1, ledger_at=AT, text="巳酉汇报稿新增企业7家。", findings=[finding]
    )
    return check


def _drawn_lines(meeting: Meeting, *, issue: Issue, county: Organisation) -> list[AgendaItem]:
    """Lines of a held meeting: one drawn from an issue of the second county, one on which the first reports."""
    given: dict[str, Any] = {"meeting": meeting, "section": "asked", "text": "情况"}
    return [
        AgendaItem.objects.create(title="子辰议题：辰戌问题", issue=issue, position=7, **given),
        AgendaItem.objects.create(title="县区汇报", organisation=county, position=8, **given),
    ]


def _robot_fields(site: SimpleNamespace) -> robots.RobotFields:
    """A group of the second county."""
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=house"
    topics = ("plans.round_opened",)
    return robots.RobotFields("巳亥工作群", "wecom", site.yunhu.pk, site.yunhu.pk, topics, address=address)


def _checkins(plan: WorkPlan, site: SimpleNamespace, clerk: User) -> list[CheckIn]:
    """A round of the plan with a county's unfiled form and an office's that waits for its head, each with words of its own."""
    planner, at = site.people["planner"], AT + timedelta(days=22)
    checkins.start_rhythm(
        plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period="2026-03",
        asks_supports=True, by=planner, at=AT,
    )  # fmt: skip
    checkins.open_due_rounds(at=at)
    rows = CheckIn.objects.filter(round__plan=plan, target__isnull=False)
    county, office = rows.filter(organisation=site.yunhu).first(), rows.filter(organisation=site.gaoxin).first()
    said = {"percent": None, "value": None, "help_needed": ""}
    checkins.attach_evidence(county, file=ContentFile(b"proof"), name="癸未佐证.txt", by=clerk, at=at)
    checkins.save_check_in(county, version=None, progress="壬午进展", problems="", **said, by=clerk, at=at)
    filer = site.people["clerk"]
    checkins.file_check_in(office, version=None, progress="推进中", problems="甲申问题", **said, by=filer, at=at)
    return [county, office]


def _supervised(site: SimpleNamespace, clerk: User) -> tuple[SupervisionNotice, SupervisionNotice]:
    """A draft to the first county, and a notice that the second has answered with a file."""
    planner, made = site.people["planner"], []
    for title, addressee in (("甲辰督办草稿", site.qingling), ("乙巳督办事项", site.yunhu)):
        fields = supervision.NoticeFields(title, f"{title}要求", addressee.pk, ON + timedelta(days=15))
        made.append(supervision.write_notice(fields, by=planner, at=AT))
    supervision.issue_notice(made[1], by=planner, at=AT)
    supervision.sign_for(made[1], by=clerk, at=AT)
    file = ContentFile(b"supervision", name="丁未材料.txt")
    supervision.reply(made[1], text="丙午办理情况", files=[file], by=clerk, at=AT)
    return made[0], made[1]


def _appraisals(site: SimpleNamespace, clerk: User) -> tuple[AppraisalMark, AppraisalObjection]:
    """Offices under trial, counties shown with a mark and an objection of the second, last year's offices released."""
    by: dict[str, Any] = {"by": site.people["planner"], "at": AT}
    trial = appraisals.begin_appraisal(site.bureau, year=2026, kind="offices", **by)
    Appraisal.objects.filter(pk=trial.pk).update(title="壬寅考核试算")
    counties = appraisals.begin_appraisal(site.bureau, year=2026, kind="counties", **by)
    given = appraisals.MarkFields(site.yunhu.pk, "marks", Decimal(1), "癸卯加分")
    mark = appraisals.give_marks(counties, [given], **by)[0]
    Appraisal.objects.filter(pk=counties.pk).update(state="shown", shown_at=AT)
    sheet = counties.sheets.get(organisation=site.yunhu)
    objection = appraisals.write_objection(sheet, rule="marks", row="", text="甲寅异议", by=clerk, at=AT)
    past = appraisals.begin_appraisal(site.bureau, year=2025, kind="offices", **by)
    Appraisal.objects.filter(pk=past.pk).update(state="released", shown_at=AT, released_at=AT, digest="0" * 64)
    return mark, objection


def _marked_plan(plan: WorkPlan, word: str) -> WorkPlan:
    """The plan and its rows under a word of their own."""
    WorkPlan.objects.filter(pk=plan.pk).update(title=word)
    Target.objects.filter(plan=plan).update(indicator=f"{word}指标")
    PlanNode.objects.filter(plan=plan).update(heading=f"{word}任务")
    OwnerMention.objects.filter(plan=plan).update(name=f"{word}单位")
    plan.refresh_from_db()
    return plan


def _pk_of(kind: str) -> Callable[[World], list[Sample]]:
    return lambda world: [Sample({"pk": row.pk}, row) for row in world.rows[kind]]


def _of_plan(kind: str, name: str) -> Callable[[World], list[Sample]]:
    """Addresses beneath a plan that name one of its rows."""
    return lambda world: [Sample({"pk": row.plan_id, name: row.pk}, row) for row in world.rows[kind]]


def _plan_with(**more: Any) -> Callable[[World], list[Sample]]:
    return lambda world: [Sample({"pk": row.pk, **more}, row) for row in world.rows["plan"]]


def _histories(world: World) -> list[Sample]:
    rows = [row for kind in ("organisation", "person", "alias", "plan") for row in world.rows[kind]]
    return [Sample({"subject": row._meta.label_lower, "pk": row.pk}, row) for row in rows]


def _row_refs(world: World, **more: Any) -> list[Sample]:
    return [Sample({"ref": f"{kind}-{row.pk}", **more}, row) for kind in ("target", "node") for row in world.rows[kind]]


def _sources(world: World) -> list[Sample]:
    refs = {"target": "target", "task": "node", "node": "node", "owner": "mention", "mention": "mention"}
    return [Sample({"ref": f"{word}-{row.pk}"}, row) for word, kind in refs.items() for row in world.rows[kind]]


def _evidence(world: World) -> list[Sample]:
    return [
        Sample({"pk": row.check_in_id, "evidence_id": row.pk}, row)
        for row in world.rows["evidence"]
        if isinstance(row, Evidence)
    ]


def _exchanges(world: World) -> list[Sample]:
    return [Sample({"key": each.key}, None) for each in (*declared_round_trips(), SimpleNamespace(key="nothing"))]


def _piece(**more: str) -> Callable[[World], list[Sample]]:
    """A piece of the draft of next year's plan, which is seen with the draft."""

    def fill(world: World) -> list[Sample]:
        row, item = world.rows["proposal"][0], world.rows["proposal_item"][0]
        return [Sample({"pk": row.pk, "item": item.pk, **more}, row)]

    return fill


def _acts(kind: str, names: Iterable[str]) -> Callable[[World], list[Sample]]:
    """Addresses beneath a row that name what is to be done with it."""
    return lambda world: [Sample({"pk": row.pk, "name": name}, row) for row in world.rows[kind] for name in names]


def _proofs(world: World) -> list[Sample]:
    proof = Proof.objects.get()
    return [Sample({"pk": proof.pk, "attachment": proof.attachments.get().pk}, world.rows["issue"][0])]


def _sheets(world: World) -> list[Sample]:
    return [
        Sample({"pk": row.appraisal_id, "organisation_id": row.organisation_id}, row)
        for row in world.rows["appraisal_sheet"]
    ]


def _reply_files(world: World) -> list[Sample]:
    return [
        Sample({"pk": row.notice_id, "attachment_id": row.attachments.get().pk}, row)
        for row in world.rows["reply_file"]
    ]


def _moves(world: World) -> list[Sample]:
    names = ("issue", "discard", "sign_for", "accept", "return", "close", "extend", "cancel")
    return [Sample({"pk": row.pk, "name": name}, row) for row in world.rows["supervision"] for name in names]


_PLAN_PAGES = (
    "import-revision", "import-discard", "review", "review-grid", "review-contents", "review-find", "review-presence",
    "review-accept", "review-accept-clear", "review-reject", "review-restore", "review-merge", "review-undo",
    "review-target-add", "review-node-add", "review-owner-add", "review-details", "plan-detail", "plan-drawer",
    "plan-revise", "document", "export", "plan-file",
)  # fmt: skip

# By url name: the rows to try an address with.
FILL: dict[str, Callable[[World], list[Sample]]] = {
    "help-chapter": lambda _: [Sample({"chapter": "import"}, None)],
    "help-picture": lambda _: [Sample({"name": "review.png"}, None)],
    **{f"bureau:job-{verb}": _pk_of("job") for verb in ("detail", "panel", "cancel")},
    "bureau:attachment-download": _pk_of("attachment"),
    **{f"bureau:organisation-{verb}": _pk_of("organisation") for verb in ("detail", "edit", "close", "reorganise")},
    "bureau:delegation-withdraw": _pk_of("delegation"),
    **{f"bureau:person-{verb}": _pk_of("person") for verb in ("detail", "edit", "password", "switch")},
    **{f"bureau:person-{what}": _pk_of("person") for what in ("second-factor", "sessions")},
    "bureau:session-end": _pk_of("session"),
    "bureau:role-create": _pk_of("person"),
    "bureau:role-end": _pk_of("membership"),
    **{f"bureau:alias-{verb}": _pk_of("alias") for verb in ("detail", "edit", "delete")},
    "bureau:audit-detail": _pk_of("audit"),
    **{f"bureau:exchange-{verb}": _exchanges for verb in ("template", "workbook", "import")},
    **{
        f"bureau:import-{verb}": _pk_of("import")
        for verb in ("detail", "progress", "confirm", "check", "discard", "passwords")
    },
    "bureau:import-row": _pk_of("import_row"),
    **{f"bureau:paper-check-{verb}": _pk_of("paper_check") for verb in ("detail", "progress", "findings", "remove")},
    "bureau:anchor-detail": _pk_of("anchor"),
    "bureau:entry-restore": lambda world: [Sample({"pk": world.rows["audit"][0].pk}, world.rows["audit"][0])],
    "bureau:history": _histories,
    "bureau:token-revoke": _pk_of("token"),
    "api-nothing": lambda _: [Sample({"rest": "nothing"}, None)],
    "bureau:feed-read": lambda _: [Sample({"token": "nobodys"}, None)],
    **{f"bureau:robot-{verb}": _pk_of("robot") for verb in ("detail", "edit", "switch", "try")},
    "bureau:robot-resend": _pk_of("robot_delivery"),
    "bureau:calendar-remove": _pk_of("calendar_day"),
    "bureau:notice-open": _pk_of("notice"),
    **{f"bureau:saved-view-{verb}": _pk_of("view") for verb in ("edit", "delete")},
    **{f"plans:{name}": _pk_of("plan") for name in _PLAN_PAGES},
    **{f"plans:issue-{verb}": _pk_of("issue") for verb in ("detail", "drawer", "edit")},
    "plans:issue-move": _acts("issue", issues.IssueMove),
    **{
        f"plans:meeting-{verb}": _pk_of("meeting")
        for verb in ("detail", "edit", "draw", "pack", "minutes", "item-create", "decision-create")
    },
    **{f"plans:proposal-{verb}": _pk_of("proposal") for verb in ("detail", "check", "undo", "bulk")},
    "plans:proposal-move": _acts("proposal", ("submit", "return", "finish", "reopen", "discard")),
    "plans:proposal-paper": _acts("proposal", ("document", "annex", "workbook")),
    **{f"plans:proposal-{verb}": _piece() for verb in ("choose", "edit")},
    "plans:proposal-add": _piece(name="target"),
    "plans:proposal-shift": _piece(name="up"),
    **{
        f"briefings:bulletin-{verb}": _pk_of("bulletin")
        for verb in ("detail", "paper", "poster", "anew", "correct", "title", "section-add", "template")
    },
    **{
        f"briefings:appraisal-{verb}": _pk_of("appraisal")
        for verb in ("detail", "reckon", "paper", "workbook", "scheme", "marks", "objections")
    },
    "briefings:appraisal-move": _acts("appraisal", ("show", "return", "release", "withdraw")),
    **{f"briefings:appraisal-{verb}": _sheets for verb in ("sheet", "sheet-paper", "objection-create")},
    "briefings:appraisal-mark-withdraw": lambda world: [
        Sample({"pk": row.appraisal_id, "mark_pk": row.pk}, row) for row in world.rows["appraisal_mark"]
    ],
    "briefings:appraisal-objection-answer": lambda world: [
        Sample({"pk": row.appraisal_id, "objection_pk": row.pk}, row) for row in world.rows["objection"]
    ],
    "briefings:bulletin-poster-file": lambda world: [
        Sample({"pk": row.pk, "form": form}, row) for row in world.rows["bulletin"] for form in ("pdf", "png")
    ],
    "briefings:bulletin-move": _acts("bulletin", ("submit", "return", "release", "withdraw", "discard")),
    "briefings:bulletin-paragraph": lambda world: [
        Sample({"pk": row.pk, "place": "overview.0"}, row) for row in world.rows["bulletin"]
    ],
    "briefings:bulletin-section": lambda world: [
        Sample({"pk": row.pk, "section_id": "overview"}, row) for row in world.rows["bulletin"]
    ],
    "briefings:bulletin-section-act": lambda world: [
        Sample({"pk": row.pk, "section_id": "overview", "name": name}, row)
        for row in world.rows["bulletin"]
        for name in ("up", "down", "remove")
    ],
    **{
        f"briefings:fact-check-{verb}": _pk_of("fact_check")
        for verb in ("detail", "progress", "again", "remove", "paper", "workbook")
    },
    "briefings:fact-check-judge": lambda world: [
        Sample({"pk": row.pk, "number": 1}, row) for row in world.rows["fact_check"]
    ],
    "plans:meeting-move": _acts("meeting", meetings.MeetingMove),
    "plans:meeting-item-edit": _pk_of("agenda"),
    "plans:meeting-item-act": _acts("agenda", ("drop", "keep", "up", "down")),
    "plans:meeting-decision-edit": _pk_of("decision"),
    "plans:meeting-decision-act": _acts("decision", ("task", "notice", "issue", "remove")),
    "plans:issue-about": _row_refs,
    "plans:issue-proof": _proofs,
    **{f"plans:checkin-{verb}": _pk_of("checkin") for verb in ("detail", "drawer", "row", "save", "evidence-add")},
    "plans:checkin-move": lambda world: [
        Sample({"pk": row.pk, "name": name}, row)
        for row in world.rows["checkin"]
        for name in ("return", "sign", "extend")
    ],
    "plans:checkin-evidence": _evidence,
    "plans:checkin-evidence-remove": _evidence,
    **{f"plans:round-{verb}": _pk_of("round") for verb in ("detail", "remind", "paper", "excuse")},
    "plans:round-move": lambda world: [
        Sample({"pk": row.pk, "name": name}, row) for row in world.rows["round"] for name in ("close", "extend")
    ],
    "plans:round-current": _pk_of("plan"),
    "plans:rhythm": _pk_of("plan"),
    "plans:rhythm-switch": _pk_of("plan"),
    "plans:plan-paper": _plan_with(kind="decomposition"),
    "plans:review-text": _plan_with(index=0),
    "plans:review-move": _plan_with(name="publish"),
    "plans:review-target-edit": _of_plan("target", "target_id"),
    "plans:review-target-split": _of_plan("target", "target_id"),
    "plans:review-node-edit": _of_plan("node", "node_id"),
    "plans:review-owner-resolve": _of_plan("mention", "mention_id"),
    "plans:review-owner-edit": _of_plan("mention", "mention_id"),
    "plans:target-detail": _pk_of("target"),
    "plans:target-drawer": _pk_of("target"),
    "plans:task-detail": _pk_of("node"),
    "plans:task-drawer": _pk_of("node"),
    "plans:target-outlook": _pk_of("target"),
    "plans:past-figure-add": _pk_of("target"),
    "plans:past-figure-remove": _pk_of("past_figure"),
    "plans:standing-choose": _pk_of("standing"),
    "plans:standing-drop": _pk_of("standing"),
    "plans:office-detail": _pk_of("organisation"),
    **{f"plans:supervision-{verb}": _pk_of("supervision") for verb in ("detail", "drawer", "edit", "reply", "paper")},
    "plans:supervision-file": _reply_files,
    "plans:supervision-move": _moves,
    "plans:source": _sources,
    "plans:row-history": _row_refs,
    "plans:row-restore": lambda world: _row_refs(world, version=1),
}
