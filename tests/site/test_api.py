"""The API: the same rows, filters and refusals as the pages, in JSON; nothing twice, nothing lost."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import make_plan
from tests.factories import AT, make
from tests.programs import Program, token_for

from keshu.apps.briefings.queries.bulletins import BULLETINS
from keshu.apps.briefings.queries.fact_checks import FACT_CHECKS
from keshu.apps.bureau.models import AuditEntry, KeptAnswer
from keshu.apps.plans.models import CheckIn, Issue, SupervisionNotice, Target
from keshu.apps.plans.queries.issues.lists import IssueList, issue_rows, issues_ledger
from keshu.apps.plans.queries.library import library_ledger
from keshu.apps.plans.queries.supervision.ledger import notices_ledger
from keshu.apps.plans.queries.target_ledgers import targets_ledger
from keshu.apps.plans.queries.task_pages import tasks_ledger
from keshu.apps.plans.services import checkins, supervision
from keshu.site.api_schema import document

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def site() -> SimpleNamespace:
    made = make.site()
    made.plan = make_plan.published(organisation=made.bureau, by=made.people["planner"])
    return made


def form_of(site: SimpleNamespace) -> CheckIn:
    """An unfiled check-in of the clerk's office on a target."""
    at = AT + timedelta(days=22)
    checkins.start_rhythm(
        site.plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period="2026-03",
        asks_supports=True, by=site.people["planner"], at=AT,
    )  # fmt: skip
    checkins.open_due_rounds(at=at)
    return CheckIn.objects.filter(organisation=site.gaoxin, target__isnull=False).order_by("pk")[0]


def notice_for(site: SimpleNamespace) -> SupervisionNotice:
    due_on = timezone.localdate() + timedelta(days=15)
    fields = supervision.NoticeFields("高企培育", "请报送名单", site.gaoxin.pk, due_on)
    made = supervision.write_notice(fields, by=site.people["planner"], at=timezone.now())
    return supervision.issue_notice(made, by=site.people["planner"], at=timezone.now())


def errors(response: Any) -> dict[str | None, str]:
    assert response["Content-Type"] == PROBLEM
    return {each["field"]: each["message"] for each in response.json()["errors"]}


def test_a_list_comes_in_portions_that_never_overlap(site: SimpleNamespace) -> None:
    program, found = Program(site.people["clerk"]), []
    page = program.get("/targets", {"limit": 2, "sort": "-indicator"}).json()
    total = page["total"]
    assert (page["limit"], page["offset"], total > 4) == (2, 0, True)
    while True:
        found += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        page = program.get(page["next"].removeprefix("/api/v1")).json()
    assert (len(found), len(set(found))) == (total, total)


def test_filters_are_those_of_the_page(site: SimpleNamespace) -> None:
    program = Program(site.people["clerk"])
    name = Target.objects.filter(plan=site.plan, tense="target").first().indicator  # type: ignore[union-attr]
    assert {row["indicator"] for row in program.get("/targets", {"q": name}).json()["rows"]} == {name}
    assert program.get("/targets", {"plan": site.plan.pk, "tier": "stretch"}).json()["total"] == 0
    assert program.get("/targets", {"lead": 10**15}).json()["total"] == 0, "an office without rows finds none"
    both = program.get("/plans", {"state": "published,withdrawn"}).json()["total"]
    assert both == program.get("/plans", {"state": ["published", "withdrawn"]}).json()["total"] == 1
    assert program.get("/plans", {"year": 1999}).json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 201}, "limit"), ({"limit": 0}, "limit"), ({"offset": -1}, "offset"), ({"limit": 10**30}, "limit"),
        ({"sort": "password"}, "sort"), ({"statee": "open"}, "statee"), ({"year": "今年"}, "year"),
        ({"kind": "nonsense"}, "kind"), ({"organisation": 2**63}, "organisation"), ({"state": "open"}, "state.0"),
    ],
)  # fmt: skip
def test_what_a_list_does_not_know_is_refused_and_not_overlooked(
    site: SimpleNamespace, query: dict[str, Any], field: str
) -> None:
    answer = Program(site.people["clerk"]).get("/plans", query)
    assert (answer.status_code, list(errors(answer))) == (422, [field])


def test_what_a_draft_has_not_cannot_be_filtered_by(site: SimpleNamespace) -> None:
    draft = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    answer = Program(site.people["planner"]).get("/targets", {"plan": draft.pk, "light": "late"})
    assert (answer.status_code, list(errors(answer))) == (422, ["light"])


def test_the_description_names_the_columns_one_may_sort_by(site: SimpleNamespace) -> None:
    on, user, paths = timezone.localdate(), site.people["clerk"], document()["paths"]
    ledgers = {
        "plans": library_ledger(user, organisations=(), years=()),
        "targets": targets_ledger(on=on, offices=(), plans=(("1", ""),), lights=True),
        "tasks": tasks_ledger(on=on, offices=(), lights=True),
        "supervision": notices_ledger(on=on, sees_drafts=True),
        "issues": issues_ledger(IssueList.FULFILMENT, on=on, user=user, rows=issue_rows(user)),
        "bulletins": BULLETINS,
        "fact-checks": FACT_CHECKS,
    }
    for name, ledger in ledgers.items():
        said = paths[f"/api/v1/{name}"]["get"]["description"]
        declared = {column.key for column in ledger.columns if column.is_sortable}
        assert {key for key in declared if key not in said} == set(), name
        for key in declared:
            assert Program(user).get(f"/{name}", {"sort": key}).status_code == 200, (name, key)
        filters = {each.key for each in ledger.filters} - {"of"}
        offered = {each["name"].removesuffix("_from") for each in paths[f"/api/v1/{name}"]["get"]["parameters"]}
        assert filters - offered == set(), name


def test_a_single_row_tells_where_it_comes_from(site: SimpleNamespace) -> None:
    program = Program(site.people["county_clerk"])
    row = Target.objects.filter(plan=site.plan, tense="target", value__isnull=False).order_by("pk")[0]
    told = program.get(f"/targets/{row.pk}").json()
    assert told["source"]["quote"] in told["source"]["sentence"]
    assert told["source"]["plan"] == {"id": site.plan.pk, "name": site.plan.title}
    assert Decimal(told["value"]) == row.value
    assert "." not in told["value"] or not told["value"].endswith("0")
    assert told["reviewed_by"] in (None, str(row.reviewed_by))


def test_unchanged_is_said_in_a_header(site: SimpleNamespace) -> None:
    program = Program(site.people["clerk"])
    first = program.get("/plans")
    again = program.get("/plans", If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    type(site.plan).objects.filter(pk=site.plan.pk).update(title="改了题目")
    assert program.get("/plans", If_None_Match=first["ETag"]).status_code == 200
    assert first["Cache-Control"] == "private, no-cache"


def test_a_check_in_is_saved_filed_signed(site: SimpleNamespace) -> None:
    form, clerk, head = form_of(site), Program(site.people["clerk"]), Program(site.people["office_head"])
    path = f"/checkins/{form.pk}"
    read = clerk.get(path).json()
    kept = clerk.post(f"{path}/save", {"version": read["version"], "progress": "一批\0申报", "value": "12.50"}).json()
    assert (kept["state"], kept["progress"], kept["value"]) == ("open", "一批申报", "12.5")
    stale = clerk.post(f"{path}/file", {"version": read["version"], "progress": "覆盖"})
    assert (stale.status_code, stale["Content-Type"]) == (409, PROBLEM)
    assert "已被修改" in stale.json()["detail"]
    filed = clerk.post(f"{path}/file", {"version": kept["version"], "progress": "两批申报", "value": 13})
    assert (filed.status_code, filed.json()["state"], filed.json()["filed_by"]) == (200, "filed", str(clerk.user))
    assert clerk.post(f"{path}/sign").status_code == 403
    back = head.post(f"{path}/return", {"why": "请核实完成数"}).json()
    assert (back["state"], back["remark"]) == ("returned", "请核实完成数")
    again = clerk.post(f"{path}/file", {"version": back["version"], "progress": "核实", "value": 14}).json()
    assert clerk.post(f"{path}/recall").json()["state"] == "open"
    version = clerk.get(path).json()["version"]
    assert clerk.post(f"{path}/file", {"version": version, "progress": "核实", "value": 14}).status_code == 200
    assert head.post(f"{path}/sign").json()["signed_by"] == str(head.user)
    assert again["version"] < version
    assert AuditEntry.objects.about("plans.checkin", form.pk).filter(by=clerk.user).count() >= 4
    other = Program(site.people["county_clerk"])
    assert other.get(path).json()["progress"] == "核实"


def test_wrong_contents_are_told_field_by_field(site: SimpleNamespace) -> None:
    form, clerk = form_of(site), Program(site.people["clerk"])
    path = f"/checkins/{form.pk}"
    wrong = clerk.post(f"{path}/save", {"version": "x", "percent": 101, "value": 1e30, "progres": ""})
    assert set(errors(wrong)) == {"version", "percent", "value", "progres"}
    assert errors(wrong)["percent"] == "不能大于 100。"
    assert "完成数" in errors(clerk.post(f"{path}/save", {"version": 0, "percent": 5}))["percent"]
    assert list(errors(clerk.post(f"{path}/file", {"version": 0}))) == ["value"]
    assert errors(clerk.post(f"{path}/return", {}))["why"] == "缺少这一项，请补上。"
    for value in ("NaN", "Infinity", "1e400", "-1e999999"):
        assert clerk.post(f"{path}/save", {"version": 0, "value": value}).status_code == 422


def test_a_body_that_is_no_json_is_told_so(site: SimpleNamespace) -> None:
    program = Program(site.people["clerk"])
    sent: list[tuple[bytes, str, int]] = [
        (b"{", "application/json", 400), (b"[" * 100_000, "application/json", 400), (b"\xff\xfe", "application/json", 400),
        (b'{"title": ' + b"9" * 5000 + b"}", "application/json", 400), (b"title=a", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422), (b"", "application/json", 422), (b'"\\ud800"', "application/json", 422),
        (json.dumps({"title": "a" * 1_100_000}).encode(), "application/json", 413),
    ]  # fmt: skip
    for body, kind, status in sent:
        answer = program.client.post(
            "/api/v1/issues", body, content_type=kind, headers={"Authorization": f"Bearer {program.secret}"}
        )
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), (body[:20], answer.content[:200])


def test_other_refusals_are_problems_too(site: SimpleNamespace) -> None:
    program = Program(site.people["clerk"])
    for path, status in (("/nothing", 404), ("/", 404), ("/plans/999999", 404), ("/plans/abc", 422), ("/plans/0", 422)):
        answer = program.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), path
    answer = program.client.delete("/api/v1/plans", headers={"Authorization": f"Bearer {program.secret}"})
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "GET", PROBLEM)
    assert program.client.get("/api/v1/%00").json()["status"] == 400
    outside = Program(site.people["enterprise"]).get("/plans")
    assert (outside.status_code, "您的账号不能查看" in outside.json()["detail"]) == (403, True)


def test_an_issue_goes_from_raised_to_closed(site: SimpleNamespace) -> None:
    clerk, planner, county = (Program(site.people[role]) for role in ("clerk", "planner", "county_clerk"))
    target = Target.objects.filter(plan=site.plan).order_by("pk")[0]
    given = {"title": "用地没有落实", "raised_for": site.gaoxin.pk, "target": target.pk, "origin": "visit"}
    made = clerk.post("/issues", given)
    assert (made.status_code, made.json()["state"], made.json()["target"]["id"]) == (201, "raised", target.pk)
    assert county.get(f"/issues/{made.json()['id']}").status_code == 404
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    duty = {"owner": site.qingling.pk, "measure": "协调征收", "due_on": day}
    assert clerk.post("/issues", {**given, **duty}).status_code == 403, "outside its own office it may not assign"
    own = planner.post("/issues", {**given, **duty, "raised_for": planner.user.memberships.get().organisation_id})
    pk = own.json()["id"]
    assert own.json()["state"] == "assigned"
    owner = Program(make.person("county_clerk", site.qingling))
    assert owner.post(f"/issues/{pk}/fulfil", {"text": "已完成"}).status_code == 201
    assert owner.post(f"/issues/{pk}/confirm", {}).status_code == 403
    assert planner.post(f"/issues/{pk}/refuse", {"why": "材料不全"}).json()["refusals"] == 1
    assert owner.post(f"/issues/{pk}/fulfil", {"text": "补齐"}).json()["proofs"][0]["text"] == "补齐"
    closed = planner.post(f"/issues/{pk}/confirm", {"text": "属实"}).json()
    assert (closed["state"], closed["proofs"][0]["verdict_text"]) == ("confirmed", "属实")


def test_an_issue_is_about_what_one_may_see(site: SimpleNamespace) -> None:
    clerk = Program(site.people["clerk"])
    draft = make_plan.draft(organisation=site.yunhu, by=site.people["county_clerk"])
    hidden = Target.objects.filter(plan=draft).order_by("pk")[0]
    given = {"title": "问题", "raised_for": site.gaoxin.pk}
    assert list(errors(clerk.post("/issues", {**given, "target": hidden.pk}))) == ["target"]
    assert list(errors(clerk.post("/issues", {**given, "raised_for": 10**12}))) == ["raised_for"]
    assert list(errors(clerk.post("/issues", {**given, "target": 1, "task": 1}))) == ["task"]
    assert Issue.objects.count() == 0


def test_a_notice_is_signed_for_and_answered(site: SimpleNamespace) -> None:
    row, clerk = notice_for(site), Program(site.people["clerk"])
    assert clerk.post(f"/supervision/{row.pk}/reply", {"text": "名单"}).status_code == 422
    assert clerk.post(f"/supervision/{row.pk}/sign-for").json()["signed_for_by"] == str(clerk.user)
    answered = clerk.post(f"/supervision/{row.pk}/reply", {"text": "名单在此"})
    assert (answered.status_code, answered.json()["replies"][0]["text"]) == (201, "名单在此")
    assert Program(site.people["county_clerk"]).get(f"/supervision/{row.pk}").status_code == 404


def test_a_repeated_request_is_carried_out_once(site: SimpleNamespace) -> None:
    clerk = Program(site.people["clerk"])
    given = {"title": "用地", "raised_for": site.gaoxin.pk}
    first = clerk.post("/issues", given, Idempotency_Key="a-1")
    again = clerk.post("/issues", given, Idempotency_Key="a-1")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Issue.objects.count() == 1
    other = clerk.post("/issues", {**given, "title": "另一个"}, Idempotency_Key="a-1")
    assert list(errors(other)) == ["Idempotency-Key"]
    assert list(errors(clerk.post("/issues", given, Idempotency_Key="长"))) == ["Idempotency-Key"]
    _, secret = token_for(clerk.user)
    Program(clerk.user, secret=secret).post("/issues", given, Idempotency_Key="a-1")
    assert Issue.objects.count() == 2, "a key is a token's own"
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    clerk.post("/issues", given, Idempotency_Key="a-1")
    assert (Issue.objects.count(), KeptAnswer.objects.count()) == (3, 1), "a day later it is a new request"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_same_sent_twice_at_once_is_carried_out_once() -> None:
    site, start, answers = make.site(), Barrier(2), list[Any]()
    given = {"title": "用地", "raised_for": site.gaoxin.pk}
    secret = token_for(site.people["clerk"])[1]

    def work() -> None:
        program = Program(site.people["clerk"], secret=secret)
        start.wait(timeout=60)
        answers.append(program.post("/issues", given, Idempotency_Key="at-once"))
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Issue.objects.count() == 1


def test_what_was_refused_may_be_mended_under_the_same_key(site: SimpleNamespace) -> None:
    clerk, form = Program(site.people["clerk"]), form_of(site)
    refused = clerk.post(f"/checkins/{form.pk}/file", {"version": 0}, Idempotency_Key="f")
    assert (refused.status_code, KeptAnswer.objects.count()) == (422, 0)
    assert clerk.post(f"/checkins/{form.pk}/file", {"version": 0, "value": 3}, Idempotency_Key="f").status_code == 200


def test_nothing_of_people_but_their_names_leaves(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    type(planner).objects.filter(pk=planner.pk).update(phone="13900001111", email="p@example.cn")
    program, row = Program(site.people["leader"]), notice_for(site)
    text = "".join(
        program.get(path).content.decode()
        for path in ("/plans", f"/plans/{site.plan.pk}", f"/supervision/{row.pk}", "/issues")
    )
    assert str(planner) in text
    for secret in ("13900001111", "p@example.cn", planner.username, planner.password):
        assert secret not in text
    fields = {name for shape in document()["components"]["schemas"].values() for name in shape.get("properties", {})}
    assert fields & {"phone", "email", "username", "password", "hashed_secret", "secret", "told", "reading"} == set()


def test_the_reference_lists_every_operation(site: SimpleNamespace, client: Any) -> None:
    client.force_login(site.people["clerk"])
    page = client.get(reverse("api-reference")).content.decode()
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
            assert operation["summary"] in page
    assert "style=" not in page
    described = client.get(reverse("api-schema"))
    assert described.json()["info"]["version"] == "1"
