"""What a service saves is in the trail: no service of the house writes a row around the recorder."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.core.files.base import ContentFile
from tests.apps.bureau.papers import paper
from tests.apps.plans.factories import POINTS, make_plan
from tests.apps.plans.factories import points as plan_points
from tests.apps.plans.supervision import brought_to
from tests.factories import AT, ON, PASSWORD, make

import keshu
from keshu.apps.bureau.models import AuditEntry, CalendarDay, NoticeMail
from keshu.apps.bureau.queries.devices import Browser
from keshu.apps.bureau.queries.ledger import LedgerExport
from keshu.apps.bureau.services import (
    anchors,
    attachments,
    calendar,
    delegations,
    exporting,
    feeds,
    notices,
    organisations,
    owners,
    paper_checks,
    people,
    reorganisation,
    saved_views,
    second_factor,
    sign_in_sessions,
    token_ends,
    tokens,
)
from keshu.apps.plans import services as plan_services
from keshu.apps.plans.models import Standing
from keshu.apps.plans.queries.supervision.matters import by_lead, matter_of_node
from keshu.apps.plans.queries.target_ledgers import target_rows, targets_ledger
from keshu.apps.plans.services import (
    details,
    export,
    intake,
    ledger_files,
    nodes,
    papers,
    past_figures,
    publishing,
    restoring,
    review,
    revisions,
    standings,
    supervision,
    targets,
    undo,
)
from keshu.apps.plans.services import owners as plan_owners
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.services.supervision import papers as supervision_papers

SOURCE = Path(keshu.__file__).parent
SERVICES = sorted(SOURCE.glob("apps/*/services/**/*.py")) + sorted(SOURCE.glob("apps/*/services.py"))
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
# Modules that may write rows themselves, and why that leaves no gap in the trail.
WRITERS = {
    "apps/bureau/services/audit.py": "it is the recorder",
    "apps/bureau/services/trail.py": "the chain that the recorder extends",
    "apps/bureau/services/anchors.py": "signatures of head and anchors; that they were made anew is recorded",
    "apps/bureau/services/jobs/running.py": "a job's own progress; what its runner changes is recorded by the services it calls",
    "apps/bureau/services/jobs/worker.py": "likewise",
    "apps/bureau/services/exchange/writing.py": "it saves a workbook, not a row",
    "apps/bureau/services/exchange/marking.py": "likewise",
    "apps/bureau/services/exchange/running.py": "a dry run's findings and progress; uploads and decisions are recorded",
    "apps/bureau/services/attachments.py": "the stored bytes; the attachment that names them is recorded",
    "apps/bureau/services/organisation_batches.py": "the paths that follow a recorded creation; names let go for a moment",
    "apps/bureau/services/unique_values.py": "a value let go within the transaction that records the change of it",
    "apps/bureau/services/second_factor.py": "secrets, counters and hashes stay out of the trail; what matters of them is noted",
    "apps/bureau/services/sign_in_sessions.py": "signs of life; the sign-in, the sign-out and whoever ends a session are noted",
    "apps/bureau/services/notices/telling.py": "a notice tells of a change that is recorded itself",
    "apps/bureau/services/notices/reading.py": "what one has read is one's own; how one wants to be told is recorded",
    "apps/bureau/services/notices/mailing.py": "a mail's own state; its repetition by an operator is recorded",
    "apps/bureau/services/token_use.py": "how often and when a token was used; making and revoking one is recorded",
    "apps/bureau/services/rest/repeating.py": "what a repeated request is answered; what the request did is recorded",
    "apps/bureau/services/robots/announcing.py": "a message tells of a change that is recorded itself",
    "apps/bureau/services/robots/sending.py": "a message's own state, and the robot's last one",
    "apps/bureau/services/robots/keeping.py": "messages that are not sent any more; the change that stops them is recorded",
    "apps/bureau/services/organisations.py": "the paths that follow a recorded move or creation",
}


def _silent(done: int, total: int, message: str = "", *, at_once: bool = False) -> None:
    """Progress that nobody follows."""


def act_on(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """Each public service of the house, called once so that it changes something."""
    by, at = site.people["operator"], AT
    clerk, office = site.people["clerk"], make.office(name="外国专家处")
    alias = make.alias("外专办", office)
    given = people.PersonFields("新人", "xinren")
    fields = organisations.OrganisationFields("成果转化处", "成果处", "office", site.bureau.pk)
    membership = site.people["expert"].memberships.get()
    second_factor.begin(by, at=at)
    by.set_password(PASSWORD)
    by.save()
    first_code = pyotp.TOTP(second_factor.provisioning(by)[0]).at(at)
    second_factor.begin(clerk, at=at)
    second_factor.confirm(clerk, code=pyotp.TOTP(second_factor.provisioning(clerk)[0]).at(at), at=at)
    for key in "ab":
        sign_in_sessions.begin_session(by, browser=Browser(key, "浏览器", ""), at=at)
    begun = sign_in_sessions.begin_session(by, browser=Browser("c", "浏览器", ""), at=at)
    codes: list[str] = []
    view = saved_views.save_view(ledger="x", name="甲", query="q=1", by=by, at=at)
    NoticeMail.objects.create(recipient=clerk, state="failed", created_at=at, next_at=at)
    quiet = [notices.Wanted("bureau.job_ended", notices.Ways(in_site=False))]
    successor = organisations.OrganisationFields("云澜市创新服务中心", "", "unit", site.bureau.pk)
    made: list[Any] = []
    checks = list[Any]()
    seat, lent = site.people["planner"].memberships.get(), list[Any]()
    return {
        "choose_ways": lambda: notices.choose_ways(quiet, by=by, at=at),
        "retry_failed": lambda: notices.retry_failed(by=by, at=at),
        "create_organisation": lambda: organisations.create_organisation(fields, by=by, at=at),
        "rename_organisation": lambda: organisations.rename_organisation(
            office, name="外专处", short_name="", by=by, at=at
        ),
        "move_organisation": lambda: organisations.move_organisation(office, parent_id=site.qingling.pk, by=by, at=at),
        "close_organisation": lambda: organisations.close_organisation(office, on=ON, by=by, at=at, why="改革"),
        "reopen_organisation": lambda: organisations.reopen_organisation(office, by=by, at=at, why="有误"),
        "reorganise": lambda: reorganisation.reorganise(
            predecessors=[site.unit], successors=[successor], on=ON, reason="改革", by=by, at=at
        ),
        "delegate_role": lambda: lent.append(
            delegations.delegate_role(
                seat,
                deputy=site.people["office_head"],
                from_on=ON,
                until_on=ON + timedelta(days=5),
                reason="学习",
                by=by,
                at=at,
            )
        ),
        "withdraw_delegation": lambda: delegations.withdraw_delegation(lent[0], by=by, at=at),
        "create_person": lambda: people.create_person(given, password=PASSWORD, by=by, at=at),
        "change_person": lambda: people.change_person(clerk, people.PersonFields("吴芸", "wuyun"), by=by, at=at),
        "change_contact": lambda: people.change_contact(by, phone="88880000", email="", at=at),
        "confirm": lambda: codes.extend(second_factor.confirm(by, code=first_code, at=at)),
        "verify": lambda: second_factor.verify(by, code=codes[0], at=at),
        "renew_recovery_codes": lambda: codes.extend(second_factor.renew_recovery_codes(by, code=codes[1], at=at)),
        "reset": lambda: second_factor.reset(clerk, by=by, at=at, why="手机遗失"),
        "end_session": lambda: sign_in_sessions.end_session(begun, by=by, at=at),
        "end_sessions": lambda: sign_in_sessions.end_sessions(by, by=by, at=at),
        "set_password": lambda: people.set_password(clerk, password="qingling-2026!", by=by, at=at),
        "give_first_passwords": lambda: people.give_first_passwords(
            [people.create_person(people.PersonFields("沈岚", "shenlan"), password=None, by=by, at=at)], by=by, at=at
        ),
        "switch_account": lambda: people.switch_account(clerk, is_active=False, by=by, at=at, why="调离"),
        "grant_role": lambda: people.grant_role(
            clerk, organisation=site.gaoxin, role="office_head", from_on=ON, by=by, at=at
        ),
        "end_role": lambda: people.end_role(membership, until_on=ON + timedelta(days=1), by=by, at=at),
        "enter_day": lambda: calendar.enter_day(day=ON, is_workday=False, name="停电", by=by, at=at),
        "mark_year": lambda: calendar.mark_year(ON.year, by=by, at=at),
        "unmark_year": lambda: calendar.unmark_year(ON.year, by=by, at=at),
        "remove_day": lambda: calendar.remove_day(CalendarDay.objects.get(day=ON), by=by, at=at),
        "make_feed": lambda: feeds.make_feed(by=by, at=at),
        "revoke_feed": lambda: feeds.revoke_feed(by=by, at=at),
        "make_token": lambda: made.append(
            tokens.make_token(
                name="同步", scopes=["plans:read"], days=7, password=PASSWORD, code=codes[10], by=by, at=at
            )[0]
        ),
        "revoke_token": lambda: token_ends.revoke_token(made[0], by=by, at=at),
        "remember_alias": lambda: owners.remember_alias(text="三区两县", group=("county",), by=by, at=at),
        "change_alias": lambda: owners.change_alias(alias, text="外专中心", organisation_id=office.pk, by=by, at=at),
        "forget_alias": lambda: owners.forget_alias(alias, by=by, at=at),
        "store_upload": lambda: attachments.store_upload(
            file=io.BytesIO(b"abc"), name="甲.txt", organisation=site.bureau, by=by, at=at
        ),
        "discard_upload": lambda: attachments.discard_upload(
            make.attachment(content=b"x", organisation=site.bureau), why="没有识别成功", by=by, at=at
        ),
        "store_private_upload": lambda: attachments.store_private_upload(
            file=io.BytesIO(b"abc"), name="乙.txt", by=by, at=at
        ),
        "receive_paper": lambda: checks.append(paper_checks.receive_paper(paper(), by=by, at=at)),
        "check_paper": lambda: paper_checks.check_paper(checks[0].pk, progress=_silent, by=by, at=at),
        "findings_workbook": lambda: paper_checks.findings_workbook(checks[0], by=by, at=at),
        "remove_check": lambda: paper_checks.remove_check(checks[0], by=by, at=at),
        "record_export": lambda: exporting.record_export(title="单位", ledger="x", query="", by=by, at=at),
        "record_download": lambda: exporting.record_download(make.attachment(organisation=site.bureau), by=by, at=at),
        "change_view": lambda: saved_views.change_view(view.pk, name="乙", by=by, at=at),
        "keep_anchor": lambda: anchors.keep_anchor(by=by, at=at, on=ON),
        "delete_view": lambda: saved_views.delete_view(view.pk, by=by, at=at),
    }


@pytest.mark.django_db
def test_each_service_leaves_an_entry_by_its_person() -> None:
    site = make.site()
    for name, act in act_on(site).items():
        before = AuditEntry.objects.count()
        act()
        new = list(AuditEntry.objects.all()[: AuditEntry.objects.count() - before])
        assert new, f"{name} left nothing in the trail"
        assert all(entry.by == site.people["operator"] and entry.at == AT for entry in new), name


# Public functions of plans' services that leave no entry themselves, and where the trail has what they did.
PLANS_UNRECORDED = {
    "period_facts": "it asks, and changes nothing",
    "start_reading": "it queues a job, which is its own record; the job's draft is recorded",
    "tell_published": "it tells of a publication, which is recorded",
    "tell_withdrawn": "likewise of a withdrawal",
    "touch_presence": "a sign of life, worth a minute",
    "hand_over": "a part of a reorganisation, tried with it in tests/apps/plans/test_handover.py",
    "review_step": "the unit in which the actions of a review are saved and recorded",
}


def act_on_standings(site: SimpleNamespace, *, by: Any, at: Any) -> dict[str, Callable[[], Any]]:
    """Lights overruled and past figures entered, in a plan in force."""
    plan = make_plan.published(plan_points(year=2028), organisation=site.bureau, by=by)
    firms = make_plan.target(plan, "科技型中小企业")
    standing = Standing.objects.create(plan=plan, target=firms, judged_at=at)
    figure = {"value": Decimal(12), "source": "年报", "by": by, "at": at}
    return {
        "choose_light": lambda: standings.choose_light(standing, light="at_risk", why="两家要迁出", by=by, at=at),
        "drop_choice": lambda: standings.drop_choice(standing, by=by, at=at),
        "enter_past_figure": lambda: past_figures.enter_past_figure(firms, period="2025-03", **figure),
        "put_past_figure": lambda: past_figures.put_past_figure(firms, period="2025-04", **figure),
        "enter_history": lambda: past_figures.enter_history(
            firms, figures={"2025-05": Decimal(15)}, source="年报", by=by, at=at
        ),
        "remove_past_figure": lambda: past_figures.remove_past_figure(
            firms.past_figures.select_related("target__plan__organisation").first(), by=by, at=at
        ),
    }


def act_on_plans(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """Each public service of the work plans, called once so that it changes something or hands something out."""
    by, at = site.people["planner"], AT
    now: dict[str, Any] = {"by": by, "at": at}
    plan = make_plan.draft(plan_points(doubtful=True), organisation=site.bureau, by=by)
    other = make_plan.draft(plan_points(year=2027), organisation=site.bureau, by=by)
    step: dict[str, Any] = {**now, "version": None}
    floor, meetings = make_plan.target(plan, "高新技术企业总数"), make_plan.target(plan, "对接会")
    share, amount = make_plan.target(plan, "全社会研发投入占GDP比重"), make_plan.target(plan, "技术合同成交额")
    base, firms = make_plan.target(plan, "中试基地"), make_plan.target(plan, "科技型中小企业")
    task = make_plan.node(plan, "优化创新服务")
    outside, office = make_plan.mention(plan, "成果转化处"), make_plan.mention(plan, "规划处")
    place = {"start": floor.start, "end": floor.end}
    read = {"name": "要点.txt", "revises_id": None}
    stored = make.attachment(content=b"a", name="a.txt", organisation=site.bureau, by=by)
    written = make.attachment(content=POINTS.encode(), name="要点.txt", organisation=site.bureau, by=by)
    ledger = targets_ledger(on=ON, offices=())
    table = {"form": "csv", "title": "目标", "plan": plan}
    halves = [{"indicator": "市级中试基地", "value": 1}, {"indicator": "县级中试基地", "value": 1}]

    def fresh(row: Any) -> Any:
        return type(row).objects.select_related("plan").get(pk=row.pk)

    def upload(content: bytes) -> ContentFile[bytes]:
        return ContentFile(content, name="乙.txt")

    return {
        "receive_documents": lambda: intake.receive_documents([upload(b"b")], organisation=site.bureau, **now),
        "keep_upload": lambda: intake.keep_upload(upload(b"d"), name="丁.txt", organisation=site.bureau, **now),
        "save_document": lambda: intake.save_document(
            plan_points(year=2025), owners={}, attachment_id=stored.pk, organisation=site.bureau, **read, **now
        ),
        "read_document": lambda: intake.read_document(
            attachment_id=written.pk, progress=lambda done, total, message: None, **read, **now
        ),
        "import_revision": lambda: revisions.import_revision(plan, file=upload(b"c"), **now),
        "correct_details": lambda: details.correct_details(plan, fields={"issuer": "云澜市科技局"}, **now),
        "correct_target": lambda: targets.correct_target(plan, target_id=meetings.pk, fields={"value": 13}, **step),
        "restore_row": lambda: restoring.restore_row(
            fresh(meetings), version=fresh(meetings).version, why="改错了", **now
        ),
        "undo_last_step": lambda: undo.undo_last_step(plan, **now),
        "add_target": lambda: targets.add_target(plan, fields={"indicator": "孵化器", "value": 3}, **place, **step),
        "merge_targets": lambda: targets.merge_targets(plan, keep_id=share.pk, other_ids=[amount.pk], **step),
        "split_target": lambda: targets.split_target(plan, target_id=base.pk, parts=halves, **step),
        "reject_rows": lambda: review.reject_rows(plan, rows=[RowRef.of(firms)], reason="重复", **step),
        "restore_rows": lambda: review.restore_rows(plan, rows=[RowRef.of(firms)], **step),
        "accept_rows": lambda: review.accept_rows(plan, rows=[RowRef.of(floor)], **step),
        "correct_node": lambda: nodes.correct_node(plan, node_id=task.pk, fields={"heading": "优化服务"}, **step),
        "add_node": lambda: nodes.add_node(plan, fields={"heading": "目标"}, **place, **step),
        "resolve_mention": lambda: plan_owners.resolve_mention(plan, mention_id=outside.pk, is_outside=True, **step),
        "correct_mention": lambda: plan_owners.correct_mention(
            plan, mention_id=office.pk, name="规划处", role="lead", **step
        ),
        "add_owner": lambda: plan_owners.add_owner(
            plan, node_id=task.pk, name="高新处", role="lead", organisation_ids=[site.gaoxin.pk], **step
        ),
        "look_up_registered": lambda: (
            owners.remember_alias(text=outside.name, organisation_id=site.unit.pk, **now),
            plan_owners.look_up_registered(other, **now),
        ),
        "accept_all_clear": lambda: review.accept_all_clear(plan, **step),
        "publish_plan": lambda: publishing.publish_plan(plan, accept_rest=True, **now),
        "plan_workbook": lambda: export.plan_workbook(plan, **now),
        "paper_file": lambda: papers.paper_file(papers.Paper.DECOMPOSITION, plan, **now),
        "ledger_file": lambda: ledger_files.ledger_file(ledger, target_rows(by, plan=plan), {}, **table, **now),
        "ledger_print": lambda: ledger_files.ledger_print(
            ledger, target_rows(by, plan=plan), {}, title="目标", plan=plan, **now
        ),
        "sheet_file": lambda: ledger_files.sheet_file([("任务", "text", 90)], [("甲",)], name="任务", **table, **now),
        "table_file": lambda: ledger_files.table_file(LedgerExport((), ()), name="空", **table, **now),
        **act_on_standings(site, **now),
        "withdraw_plan": lambda: publishing.withdraw_plan(plan, why="有误", **now),
        "delete_draft": lambda: publishing.delete_draft(other, **now),
        "restore_draft": lambda: publishing.restore_draft(other, **now),
    }


@pytest.mark.django_db
def test_each_service_of_the_plans_leaves_an_entry_by_its_person() -> None:
    site = make.site()
    for name, act in act_on_plans(site).items():
        before = AuditEntry.objects.count()
        act()
        new = list(AuditEntry.objects.all()[: AuditEntry.objects.count() - before])
        assert new, f"{name} left nothing in the trail"
        assert all(entry.by == site.people["planner"] and entry.at == AT for entry in new), name


@pytest.mark.django_db
def test_every_public_service_of_the_plans_is_called_above() -> None:
    """What takes a person and a moment writes; a new one must be called above, or be listed with its reason."""
    found = set()
    for module in pkgutil.iter_modules(plan_services.__path__, f"{plan_services.__name__}."):
        for name, each in vars(importlib.import_module(module.name)).items():
            is_own = inspect.isfunction(each) and each.__module__ == module.name and not name.startswith("_")
            if is_own and {"by", "at"} <= set(inspect.signature(each).parameters):
                found.add(name)
    assert found == set(act_on_plans(make.site())) | set(PLANS_UNRECORDED)


# Public functions of supervision's services that are parts of others or leave entries of nobody's.
SUPERVISION_UNRECORDED = {
    "escalate_notices": "it acts for nobody; tried in tests/apps/plans/test_supervision.py",
    "pass_notices": "a part of a reorganisation, tried there too",
    "follow_rows": "a part of publishing a revision, tried there too",
    "move": "the unit in which the others save and record",
    "tell_others": "it tells of what is recorded",
}


def act_on_supervision(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """Each public service of the supervision notices, called once by somebody who may."""
    at, planner, clerk = AT, site.people["planner"], site.people["clerk"]
    made = {state: brought_to(site, state) for state in ("draft", "issued", "signed_for", "replied", "accepted")}
    other, third, late = brought_to(site, "replied"), brought_to(site, "issued"), brought_to(site, "issued")
    fields = supervision.NoticeFields("题目", "要求", site.gaoxin.pk, ON + timedelta(days=9))
    now: dict[str, Any] = {"by": planner, "at": at}
    shares, _ = by_lead([matter_of_node(make_plan.node(make_plan.published(by=planner), "培育科技企业"))])
    return {
        "write_notice": lambda: supervision.write_notice(fields, **now),
        "write_notices": lambda: supervision.write_notices(shares, demand="要求", due_on=ON, **now),
        "change_notice": lambda: supervision.change_notice(made["draft"], fields, **now),
        "discard_notice": lambda: supervision.discard_notice(brought_to(site, "draft"), **now),
        "issue_notices": lambda: supervision.issue_notices([brought_to(site, "draft")], **now),
        "issue_notice": lambda: supervision.issue_notice(made["draft"], **now),
        "sign_for": lambda: supervision.sign_for(made["issued"], by=clerk, at=at),
        "reply": lambda: supervision.reply(made["signed_for"], text="办了", by=clerk, at=at),
        "accept_reply": lambda: supervision.accept_reply(made["replied"], **now),
        "return_reply": lambda: supervision.return_reply(other, why="不全", **now),
        "close_notice": lambda: supervision.close_notice(made["accepted"], **now),
        "extend_notice": lambda: supervision.extend_notice(third, due_on=ON + timedelta(days=60), why="请示", **now),
        "cancel_notice": lambda: supervision.cancel_notice(late, why="重复", **now),
        "notice_file": lambda: supervision_papers.notice_file(late, **now),
        "notices_file": lambda: supervision_papers.notices_file([late, third], **now),
        "summary_file": lambda: supervision_papers.summary_file(year=2026, quarter=1, issuer=site.bureau, **now),
    }


@pytest.mark.django_db
def test_each_service_of_supervision_leaves_an_entry_by_its_person() -> None:
    site = make.site()
    for name, act in act_on_supervision(site).items():
        last = AuditEntry.objects.order_by("-number").first()
        act()
        new = AuditEntry.objects.filter(number__gt=last.number if last is not None else 0)
        assert new, f"{name} left nothing in the trail"
        assert all(entry.by is not None and entry.at == AT for entry in new), name


@pytest.mark.django_db
def test_every_public_service_of_supervision_is_called_above() -> None:
    found = set()
    for module in pkgutil.iter_modules(supervision.__path__, f"{supervision.__name__}."):
        for name, each in vars(importlib.import_module(module.name)).items():
            is_own = inspect.isfunction(each) and each.__module__ == module.name and not name.startswith("_")
            if is_own and "at" in inspect.signature(each).parameters:
                found.add(name)
    assert found == set(act_on_supervision(make.site())) | set(SUPERVISION_UNRECORDED)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_bureau_services_write_through_the_recorder(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    if name in WRITERS or not name.startswith("apps/bureau/"):
        return
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        is_write = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if is_write and not _is_recorder(node.func.value):
            wrong.append(f"line {node.lineno}: .{node.func.attr}(…)")
    assert wrong == []


def _is_recorder(node: ast.expr) -> bool:
    """`log.update(…)` or `audit.Recorder(…).update(…)`."""
    if isinstance(node, ast.Name):
        return node.id == "log"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Recorder"
