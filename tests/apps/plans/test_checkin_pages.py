"""Pages of check-ins: the grid saved row by row, sign-off, a round's progress, the rhythm's settings; scoped and quick."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import large_plan, make_plan
from tests.apps.plans.test_checkins import MONTHLY, NOTHING, at
from tests.apps.plans.year import report
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, Notice
from keshu.apps.plans.models import CheckIn, CheckInRound, Rhythm
from keshu.apps.plans.queries.checkin_pages import history
from keshu.apps.plans.services import checkins, issues
from keshu.apps.plans.services.round_trips import checkins as round_trip
from keshu.engines import gongwen

MOST_QUERIES = 12


@pytest.fixture
def city(db: None) -> SimpleNamespace:
    """The small city in the round of March, due in five days whatever the day of the test."""
    site = make.site()
    site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    site.round = opened(site)
    return site


def opened(site: SimpleNamespace, *, keys: int = 1) -> CheckInRound:
    """`keys` monthly rounds of the plan, the last due in five days."""
    days = ("2026-03-27", "2026-04-29", "2026-05-28")
    checkins.start_rhythm(site.plan, **MONTHLY, by=site.people["planner"], at=at("2026-03-05"))
    for day in days[:keys]:
        checkins.open_due_rounds(at=at(day))
    last = CheckInRound.objects.filter(plan=site.plan).latest("first_on")
    due_on = timezone.localdate() + timedelta(days=5)
    CheckInRound.objects.filter(pk=last.pk).update(due_on=due_on)
    CheckIn.objects.filter(round=last).update(due_on=due_on)
    Rhythm.objects.update(is_running=False)
    return last


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.get(reverse("bureau:password"))
    return client


def form_of(site: SimpleNamespace, indicator: str = "科技型中小企业", organisation: Any = None) -> CheckIn:
    target = make_plan.target(site.plan, indicator)
    return CheckIn.objects.get(target=target, organisation=organisation or site.gaoxin, round=site.round)


def task_of(site: SimpleNamespace) -> CheckIn:
    return CheckIn.objects.get(node__heading="培育科技企业", organisation=site.gaoxin, round=site.round)


def saved(client: Client, row: CheckIn, **fields: Any) -> Any:
    body = {"version": row.version, "number": "", "progress": "", "problems": "", "help_needed": "", **fields}
    return client.post(reverse("plans:checkin-save", args=[row.pk]), body, headers={"HX-Request": "true"})


def filed(site: SimpleNamespace, row: CheckIn, progress: str = "已入库 31 家", **said: Any) -> CheckIn:
    row.refresh_from_db()
    contents = {**NOTHING, "progress": progress, **said}
    return checkins.file_check_in(row, version=row.version, **contents, by=site.people["clerk"], at=timezone.now())


def test_a_row_is_saved_with_its_new_version(city: SimpleNamespace) -> None:
    row = form_of(city)
    answer = saved(signed_in(city.people["clerk"]), row, number="1,031家", progress="已入库")
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    row.refresh_from_db()
    assert (row.value, row.progress, row.state) == (Decimal(1031), "已入库", "open")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("二百", "填写的是“二百”，请填数字，单位家，例如 200。"),
        ("12万", "填写的是“12万”，请填数字，单位家，例如 200。"),
        ("1,03", "填写的是“1,03”，请填数字，单位家，例如 200。"),
    ],
)
def test_a_figure_that_is_none_is_refused_at_its_cell(city: SimpleNamespace, given: str, said: str) -> None:
    row = form_of(city)
    answer = saved(signed_in(city.people["clerk"]), row, number=given, progress="已入库")
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"number": said}}
    row.refresh_from_db()
    assert (row.version, row.progress) == (0, "")


@pytest.mark.parametrize(("given", "kept"), [("65", 65), ("６５％", 65), ("0", 0), ("100", 100), ("", None)])
def test_a_task_takes_whole_per_cent(city: SimpleNamespace, given: str, kept: int | None) -> None:
    row = task_of(city)
    assert saved(signed_in(city.people["clerk"]), row, number=given, progress="推进中").status_code == 200
    row.refresh_from_db()
    assert row.percent == kept


@pytest.mark.parametrize("given", ["101", "-1", "6.5"])
def test_a_task_takes_nothing_else(city: SimpleNamespace, given: str) -> None:
    answer = saved(signed_in(city.people["clerk"]), task_of(city), number=given)
    assert answer.json()["errors"]["number"] == f"填写的是“{given}”，完成进度应为 0 到 100 的整数，例如 65。"


def test_two_people_on_one_row(city: SimpleNamespace) -> None:
    """The second is told what stands there and loses nothing; with the version they were told they may go over it."""
    row = form_of(city)
    client = signed_in(city.people["clerk"])
    assert saved(client, row, progress="甲写的").status_code == 200
    answer = saved(signed_in(city.people["office_head"]), row, progress="乙写的")
    assert answer.status_code == 409
    assert answer.json()["values"]["progress"] == "甲写的"
    row.version = answer.json()["version"]
    assert saved(signed_in(city.people["office_head"]), row, progress="乙写的").status_code == 200
    row.refresh_from_db()
    assert row.progress == "乙写的"


def test_filing_a_row_gives_it_back_as_it_then_stands(city: SimpleNamespace) -> None:
    answer = saved(signed_in(city.people["clerk"]), form_of(city), number="31", progress="已入库 31 家", file="1")
    assert "待审签" in answer.json()["row"]
    assert 'data-cell="progress"' not in answer.json()["row"]
    assert form_of(city).state == "filed"


def test_many_rows_are_filed_at_once_and_the_empty_one_says_why(city: SimpleNamespace) -> None:
    client, target, task = signed_in(city.people["clerk"]), form_of(city), task_of(city)
    saved(client, target, number="31", progress="已入库")
    answer = client.post(
        reverse("plans:checkin-file-many"), {"ids": [target.pk, task.pk]}, headers={"HX-Request": "true"}
    )
    assert list(answer.json()["rows"]) == [str(target.pk)]
    assert answer.json()["refused"] == {str(task.pk): "请填写进展情况。"}


def test_the_grid_takes_words_of_last_time(city: SimpleNamespace) -> None:
    filed(city, form_of(city), progress="一季度入库 31 家", value=Decimal(31))
    checkins.sign_check_in(form_of(city), by=city.people["office_head"], at=timezone.now())
    Rhythm.objects.update(is_running=True)
    checkins.open_due_rounds(at=at("2026-04-29"))
    text = signed_in(city.people["clerk"]).get(reverse("plans:checkin-own")).content.decode()
    assert 'data-before="一季度入库 31 家"' in text
    assert 'data-before="31"' in text


def test_others_forms_are_not_found(city: SimpleNamespace) -> None:
    row = form_of(city)
    client = signed_in(city.people["county_clerk"])
    for name in ("detail", "drawer", "row"):
        assert client.get(reverse(f"plans:checkin-{name}", args=[row.pk])).status_code == 404
    assert saved(client, row, progress="别人").status_code == 404
    assert form_of(city).progress == ""


def test_a_file_is_attached_read_by_those_who_may_and_taken_off(city: SimpleNamespace) -> None:
    row, clerk = form_of(city), signed_in(city.people["clerk"])
    photo = SimpleUploadedFile("现场.txt", "现场照片说明".encode(), content_type="text/plain")
    assert clerk.post(reverse("plans:checkin-evidence-add", args=[row.pk]), {"file": photo}).status_code == 302
    evidence = row.evidence.get()
    address = reverse("plans:checkin-evidence", args=[row.pk, evidence.pk])
    assert b"".join(clerk.get(address).streaming_content) == "现场照片说明".encode()
    assert signed_in(city.people["county_clerk"]).get(address).status_code == 404
    clerk.post(reverse("plans:checkin-evidence-remove", args=[row.pk, evidence.pk]))
    assert not row.evidence.exists()


def test_a_head_signs_many_and_returns_one(city: SimpleNamespace) -> None:
    target, task = filed(city, form_of(city)), filed(city, task_of(city))
    head = signed_in(city.people["office_head"])
    page = head.get(reverse("plans:checkin-sign-list")).content.decode()
    assert page.count("data-sign-item=") == 2
    move = reverse("plans:checkin-move", args=[task.pk, "return"])
    assert head.post(move, {"why": ""}).status_code == 422
    assert head.post(move, {"why": "请写明企业名单"}).status_code == 302
    answer = head.post(
        reverse("plans:checkin-sign-list"), {"ids": [target.pk, task.pk]}, headers={"HX-Request": "true"}
    ).json()
    assert answer["signed"] == [target.pk]
    assert list(answer["refused"]) == [str(task.pk)]
    assert (form_of(city).state, task_of(city).state, task_of(city).remark) == ("signed", "returned", "请写明企业名单")


def test_the_planner_reminds_who_has_not_filed_once_an_hour(city: SimpleNamespace) -> None:
    planner = signed_in(city.people["planner"])
    address = reverse("plans:round-remind", args=[city.round.pk])
    planner.post(address, {"office": [city.gaoxin.pk]})
    planner.post(address, {"office": [city.gaoxin.pk]})
    told = Notice.objects.filter(kind="plans.checkin_reminded")
    assert {notice.recipient for notice in told} == {city.people["clerk"], city.people["office_head"]}
    assert told.count() == 2
    assert told.first().text.startswith("高新处还有 2 项未报")
    assert signed_in(city.people["clerk"]).post(address).status_code == 403


def test_a_round_is_closed_opened_again_and_extended(city: SimpleNamespace) -> None:
    planner = signed_in(city.people["planner"])
    planner.post(reverse("plans:round-move", args=[city.round.pk, "close"]))
    city.round.refresh_from_db()
    assert city.round.closed_at is not None
    planner.post(reverse("plans:round-move", args=[city.round.pk, "reopen"]), {"why": "补报"})
    wrong = planner.post(reverse("plans:round-move", args=[city.round.pk, "extend"]), {"why": "补报", "due_on": "明天"})
    assert "请填延期到哪一天" in wrong.content.decode()
    city.round.refresh_from_db()
    assert city.round.closed_at is None


def test_a_problem_becomes_an_issue_from_the_form_and_the_sign_off_page(city: SimpleNamespace) -> None:
    said = {**NOTHING, "progress": "起草中", "problems": "专家不够"}
    row = checkins.file_check_in(task_of(city), version=0, **said, by=city.people["clerk"], at=at("2026-03-30"))
    address = f"{reverse('plans:issue-create')}?check_in={row.pk}"
    head, page = signed_in(city.people["office_head"]), reverse("plans:checkin-detail", args=[row.pk])
    for where in (page, reverse("plans:checkin-drawer", args=[row.pk]), reverse("plans:checkin-sign-list")):
        assert address in head.get(where).content.decode()
    assert head.get(address).context["form"].initial["title"] == "专家不够"
    made = issues.raise_issue(
        title="专家不够", check_in=row, raised_for=city.gaoxin, by=city.people["office_head"], at=timezone.now()
    )
    after = head.get(page).content.decode()
    assert address not in after
    assert reverse("plans:issue-detail", args=[made.pk]) in after
    plain = form_of(city)
    assert "转为问题" not in head.get(reverse("plans:checkin-detail", args=[plain.pk])).content.decode()


def test_an_open_issue_leads_to_a_notice_for_those_who_may_write_one(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    row = issues.raise_issue(title="专家不够", raised_for=city.gaoxin, by=clerk, at=timezone.now())
    page, address = (
        reverse("plans:issue-detail", args=[row.pk]),
        f"{reverse('plans:supervision-create')}?issue={row.pk}",
    )
    assert address in signed_in(city.people["planner"]).get(page).content.decode()
    assert address not in signed_in(clerk).get(page).content.decode()
    issues.cancel_issue(row, why="重复", by=clerk, at=timezone.now())
    assert address not in signed_in(city.people["planner"]).get(page).content.decode()


def test_several_forms_are_excused_with_one_reason_and_refusals_are_told_row_by_row(city: SimpleNamespace) -> None:
    """The form that was signed meanwhile is refused as a single one would be; the other two are excused."""
    planner, address = signed_in(city.people["planner"]), reverse("plans:round-excuse", args=[city.round.pk])
    ledger = planner.get(reverse("plans:round-detail", args=[city.round.pk]), {"tab": "forms"}).context["ledger"]
    assert [action.url for action in ledger.bulk] == [address]
    county, park, signed = (
        form_of(city, organisation=city.qingling),
        form_of(city, organisation=city.yunhu),
        task_of(city),
    )
    ids = {"ids": [county.pk, park.pk, signed.pk]}
    asked = planner.post(address, ids)
    assert [subject for _, subject, _ in asked.context["lines"]].count("科技型中小企业") == 2
    assert planner.post(address, {**ids, "why": " "}).status_code == 422
    checkins.file_check_in(
        signed, version=0, **{**NOTHING, "progress": "已完成"}, by=city.people["office_head"], at=at("2026-03-30")
    )
    told = planner.post(address, {**ids, "why": "本期未安排任务"})
    assert (told.status_code, [(row.pk, bool(said)) for row, _, said in told.context["lines"]]) == (
        422,
        [(signed.pk, True)],
    )
    for row in (county, park):
        row.refresh_from_db()
        assert (row.state, row.remark) == ("excused", "本期未安排任务")
        assert AuditEntry.objects.about("plans.checkin", row.pk).first().why == "本期未安排任务"
    signed.refresh_from_db()
    assert signed.state == "signed"


@pytest.mark.parametrize("role", ["clerk", "office_head", "auditor", "county_clerk"])
def test_nobody_else_excuses_several(city: SimpleNamespace, role: str) -> None:
    row, client = form_of(city), signed_in(city.people[role])
    refused = client.post(reverse("plans:round-excuse", args=[city.round.pk]), {"ids": [row.pk], "why": "好"})
    assert refused.status_code in (403, 404)
    row.refresh_from_db()
    assert row.state == "open"


def test_everything_that_the_ledger_found_is_excused(city: SimpleNamespace) -> None:
    address = reverse("plans:round-excuse", args=[city.round.pk])
    given = {"everything": "1", "query": f"tab=forms&office={city.qingling.pk}"}
    asked = signed_in(city.people["planner"]).post(address, given)
    assert {row.organisation for row, _, _ in asked.context["lines"]} == {city.qingling}


def test_office_people_see_their_own_line_of_a_round_only(city: SimpleNamespace) -> None:
    page = reverse("plans:round-detail", args=[city.round.pk])
    planner, clerk = signed_in(city.people["planner"]), signed_in(city.people["clerk"])
    assert {line.progress.office.short_name for line in planner.get(page).context["page"].offices} == {
        "高新处", "规划处", "青岭县", "云湖区"
    }  # fmt: skip
    assert {line.progress.office.short_name for line in clerk.get(page).context["page"].offices} == {"高新处"}


def test_the_paper_of_a_round_is_a_clean_official_document(city: SimpleNamespace) -> None:
    row = filed(city, form_of(city), value=Decimal(31), problems="企业名单未定", help_needed="请规划处协调")
    checkins.sign_check_in(row, by=city.people["office_head"], at=timezone.now())
    answer = signed_in(city.people["planner"]).get(reverse("plans:round-paper", args=[city.round.pk]))
    content = answer.content
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    for part in ("31家", "已入库 31 家", "企业名单未定", "请规划处协调", "尚未报齐的单位", "2026年3月调度情况表"):
        assert part in words, part
    assert gongwen.check_document(content) == []
    taken = AuditEntry.objects.filter(action="export").latest("pk")
    assert taken.after["文件"] == "云澜市2026年科技创新工作要点-2026年3月调度情况表.docx"


def test_the_workbook_goes_out_and_comes_back(city: SimpleNamespace) -> None:
    answer = signed_in(city.people["clerk"]).get(reverse("bureau:exchange-workbook", args=["plans.checkins"]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    words = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    assert {"进展情况", "科技型中小企业", "高新处", "2026年3月"} <= words
    row = form_of(city)
    values = {**round_trip._values(row), "value": Decimal(31), "progress": "已入库", "action": "file"}
    assert round_trip.keep(row, values, by=city.people["clerk"], at=timezone.now()).state == "filed"


def test_the_rhythm_is_shown_before_it_is_saved(db: None) -> None:
    city = make.site()
    plan = make_plan.published(organisation=city.bureau, by=city.people["planner"])
    address, planner = reverse("plans:rhythm", args=[plan.pk]), signed_in(city.people["planner"])
    terms = {
        "cadence": "monthly", "rule": "day_of_last_month", "number": 25, "open_workdays": 5, "from_period": "2026-09",
        "asks_supports": "on",
    }  # fmt: skip
    page = planner.post(address, {**terms, "go": "preview"})
    preview = page.context["preview"]
    assert [(line.key, line.due_on) for line in preview.lines][:2] == [
        ("2026-09", date(2026, 9, 24)),  # the 25th is the Mid-Autumn holiday
        ("2026-10", date(2026, 10, 23)),  # the 25th is a Sunday
    ]
    assert not Rhythm.objects.filter(plan=plan).exists()
    wrong = planner.post(address, {**terms, "rule": "workday_after"})
    assert wrong.status_code == 422
    planner.post(address, {**terms, "from_period": "2026-12"})
    assert Rhythm.objects.get(plan=plan).from_period == "2026-12"
    assert signed_in(city.people["clerk"]).post(address, terms).status_code == 403


def test_targets_and_tasks_show_what_was_reported(city: SimpleNamespace) -> None:
    row = filed(city, form_of(city), value=Decimal(31))
    checkins.sign_check_in(row, by=city.people["office_head"], at=timezone.now())
    county = signed_in(city.people["county_clerk"])
    page = county.get(reverse("plans:target-detail", args=[row.target_id]) + "?tab=checkins").content.decode()
    assert "已入库 31 家" in page
    task = signed_in(city.people["clerk"]).get(
        reverse("plans:task-detail", args=[task_of(city).node_id]) + "?tab=checkins"
    )
    assert "待填报" in task.content.decode()


def test_of_many_reports_the_leads_and_one_round_in_full(
    city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rounds; the task is led by one office and supported by two counties, all of whom were asked in both."""
    monkeypatch.setattr(history, "TOGETHER", 2)
    Rhythm.objects.update(is_running=True)
    checkins.open_due_rounds(at=at("2026-04-29"))
    task, planner = task_of(city).node, city.people["planner"]
    april, march = history.reports_on(task, user=planner)
    assert (april.count, march.count) == (
        len(april.reports),
        CheckIn.objects.filter(node=task, round=city.round).count(),
    )
    assert april.is_full
    assert len(march.reports) < march.count
    assert [each.row.part for each in march.reports] == ["lead"] * len(march.reports)
    april, march = history.reports_on(task, user=planner, round_id=city.round.pk)
    assert march.is_full
    assert not april.is_full
    page = signed_in(planner).get(reverse("plans:task-detail", args=[task.pk]) + "?tab=checkins").content.decode()
    assert f"?tab=checkins&amp;round={city.round.pk}" in page


def test_home_says_what_to_fill_and_what_to_sign(city: SimpleNamespace) -> None:
    filed(city, task_of(city))
    address = reverse("plans:checkin-waiting")
    told = {
        role: signed_in(city.people[role]).get(address).content.decode() for role in ("clerk", "office_head", "leader")
    }
    assert "要填报" in told["clerk"]
    assert "要审签" not in told["clerk"]
    assert "要审签" in told["office_head"]
    assert told["leader"].strip() == ""
    assert f'hx-get="{address}"' in signed_in(city.people["clerk"]).get("/").content.decode()


def test_pages_ask_few_questions_of_a_large_year(db: None) -> None:
    """60 offices, 100 tasks, three rounds (the year of 300 tasks is measured by hand): the counts do not grow with rows."""
    site = make.site()
    offices = [make.office(name=f"第{n}综合业务处", short_name=f"综{n}处") for n in range(1, 59)]
    site.plan = make_plan.published(large_plan(tasks=40, offices=offices), by=site.people["planner"])
    last = opened(site, keys=3)
    clerk = make.person("clerk", offices[1])
    head = make.person("office_head", offices[1])
    row = CheckIn.objects.filter(round=last, organisation=offices[1], part="lead", target__isnull=False).first()
    checkins.file_check_in(row, version=0, **{**NOTHING, "progress": "推进中"}, by=clerk, at=timezone.now())
    pages = {
        clerk: [reverse("plans:checkin-own"), reverse("plans:checkin-detail", args=[row.pk]), "/"],
        head: [reverse("plans:checkin-sign-list"), reverse("plans:checkin-own"), "/"],
        site.people["planner"]: [
            reverse("plans:round-list"),
            reverse("plans:round-detail", args=[last.pk]),
            reverse("plans:round-detail", args=[last.pk]) + "?tab=forms",
            reverse("plans:rhythm", args=[site.plan.pk]),
            reverse("plans:round-current", args=[site.plan.pk]),
            reverse("plans:checkin-waiting"),
            reverse("plans:plan-detail", args=[site.plan.pk]),
            reverse("plans:target-detail", args=[row.target_id]) + "?tab=checkins",
            reverse("plans:task-detail", args=[row.target.node_id]) + "?tab=checkins",
            "/",
        ],
    }
    found = {}
    for user, addresses in pages.items():
        client = signed_in(user)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
    assert {address: count for address, count in found.items() if count > MOST_QUERIES} == {}


def test_autosave_answers_are_small(city: SimpleNamespace) -> None:
    answer = saved(signed_in(city.people["clerk"]), form_of(city), progress="推进中")
    assert set(json.loads(answer.content)) == {"version", "saved"}


@pytest.mark.django_db
def test_the_paper_has_one_line_for_what_several_counties_report() -> None:
    """Two counties agree in words and differ in figures: one row, the words once, the figures by name."""
    from keshu.apps.plans.services.checkin_pages.round_papers import _by_subject

    site = make.site()
    plan = make_plan.published(by=site.people["planner"])
    target = make_plan.target(plan, "科技型中小企业")
    rows = [
        report(target, "2026-03", site.qingling, value=12, progress="按计划推进。"),
        report(target, "2026-03", site.yunhu, value=30, progress="按计划推进。"),
    ]
    told = list(_by_subject(rows, lambda row: f"{row.value:g}家"))
    assert [line[1:] for line in told] == [("青岭县、云湖区", "青岭县：12家\n云湖区：30家", "按计划推进。")]
