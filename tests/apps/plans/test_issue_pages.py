"""The pages of the three lists, what they hand out, what Excel brings in, and who may take a proof's file."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests.apps.plans.factories import make_plan
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.services.exchange import filling, running
from keshu.apps.plans.models import CheckIn, CheckInRound, CheckInState, Issue, IssueState, Part
from keshu.apps.plans.services import issues
from keshu.engines.gongwen import check_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def soon() -> Any:
    return timezone.localdate() + timedelta(days=20)


def raised(site: SimpleNamespace, **fields: Any) -> Issue:
    given = {"title": "中试基地选址没有落实", "raised_for": site.gaoxin, **fields}
    return issues.raise_issue(**given, by=site.people["clerk"], at=timezone.now())


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"plans:{name}", args=args), data)


def move(client: Client, row: Issue, name: str, **data: Any) -> Any:
    return post(client, "issue-move", row.pk, name, **data)


def state(row: Issue) -> str:
    return Issue.objects.get(pk=row.pk).state


def test_the_whole_way_by_the_pages(site: SimpleNamespace) -> None:
    clerk, planner = client_of(site.people["clerk"]), client_of(site.people["planner"])
    county = client_of(site.people["county_clerk"])
    answer = post(
        clerk, "issue-create", title="选址没有落实", origin="visit", origin_text="走访", raised_for=site.gaoxin.pk
    )
    row = Issue.objects.get()
    assert answer["Location"] == reverse("plans:issue-detail", args=[row.pk])
    move(planner, row, "assign", owner=site.qingling.pk, measure="落实用地", due_on=soon())
    assert state(row) == IssueState.ASSIGNED
    files = [SimpleUploadedFile("批复.txt", b"yes"), SimpleUploadedFile("照片.txt", b"no")]
    move(county, row, "fulfil", text="已落实", files=files)
    assert state(row) == IssueState.FULFILLED
    move(clerk, row, "refuse", why="没有红线图")
    assert state(row) == IssueState.ASSIGNED
    move(county, row, "fulfil", text="补红线图")
    move(clerk, row, "confirm", text="属实")
    page = clerk.get(reverse("plans:issue-detail", args=[row.pk])).content.decode()
    assert all(words in page for words in ("已销号", "退回 1 次", "批复.txt"))


def test_a_move_that_is_refused_says_why_at_its_field(site: SimpleNamespace) -> None:
    row, planner = raised(site), client_of(site.people["planner"])
    answer = move(planner, row, "assign", owner=site.qingling.pk, measure="改", due_on="2020-01-01")
    assert answer.status_code == 422
    assert "2020-01-01 已过" in answer.content.decode()
    assert move(client_of(site.people["county_clerk"]), row, "assign").status_code == 404
    assert move(planner, row, "fulfil", text="x").status_code == 403
    assert move(planner, row, "nothing").status_code == 404


def test_who_sees_the_issue_takes_its_files_and_nobody_else(site: SimpleNamespace) -> None:
    row = raised(site)
    row = issues.assign_issue(
        row, owner=site.qingling, measure="改", due_on=soon(), by=site.people["planner"], at=timezone.now()
    )
    file = SimpleUploadedFile("批复.txt", b"approved")
    issues.fulfil_issue(row, text="已办", files=[file], by=site.people["county_clerk"], at=timezone.now())
    proof = row.proofs.get()
    address = reverse("plans:issue-proof", args=[proof.pk, proof.attachments.get().pk])
    for role, person in {**site.people, "other": make.person("county_clerk", site.yunhu)}.items():
        answer = client_of(person).get(address)
        if Issue.objects.visible_to(person).exists():
            assert b"".join(answer.streaming_content) == b"approved", role
        else:
            assert answer.status_code in (403, 404), role
    other = make.attachment(organisation=site.qingling, by=site.people["county_clerk"])
    assert client_of(site.people["clerk"]).get(
        reverse("plans:issue-proof", args=[proof.pk, other.pk])
    ).status_code == 404  # fmt: skip


def fulfilled_and_open(site: SimpleNamespace) -> tuple[Issue, Issue]:
    done = issues.assign_issue(
        raised(site),
        owner=site.qingling,
        measure="落实用地",
        due_on=soon(),
        by=site.people["planner"],
        at=timezone.now(),
    )
    done = issues.fulfil_issue(done, text="已落实 20 亩", by=site.people["county_clerk"], at=timezone.now())
    done = issues.confirm_issue(done, text="属实", by=site.people["clerk"], at=timezone.now())
    return done, raised(site, title="专家不足", origin="visit", origin_text="走访云澜大学")


def test_three_sheets_in_one_workbook(site: SimpleNamespace) -> None:
    done, _ = fulfilled_and_open(site)
    answer = client_of(site.people["planner"]).get(reverse("plans:issue-tables"), {"form": "xlsx"})
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["问题清单", "责任清单", "落实清单"]
    tables = {sheet.title: [[cell for cell in row if cell is not None] for row in sheet.values] for sheet in book}
    heads = {name: next(row for row in rows if row and row[0] == "序号") for name, rows in tables.items()}
    assert heads["问题清单"] == ["序号", "问题", "来源", "提出单位", "提出时间"]
    assert heads["责任清单"][5:] == ["责任单位", "整改措施", "整改时限"]
    assert heads["落实清单"][8:] == ["落实情况", "佐证材料", "确认", "销号时间"]
    year = timezone.localdate().year
    numbers = {
        name: [row[0] for row in rows if row and str(row[0]).startswith(f"{year}-")] for name, rows in tables.items()
    }
    assert numbers == {
        "问题清单": [f"{year}-001", f"{year}-002"],
        "责任清单": [f"{year}-001"],
        "落实清单": [f"{year}-001"],
    }
    assert done.number == 1
    assert AuditEntry.objects.filter(action="export", subject_name__startswith="三张清单").exists()


@pytest.mark.parametrize("shown", ["problems", "duties", "fulfilment"])
def test_each_list_is_an_official_table(site: SimpleNamespace, shown: str) -> None:
    fulfilled_and_open(site)
    address = reverse("plans:issue-tables")
    content = client_of(site.people["planner"]).get(address, {"form": "docx", "list": shown}).content
    assert check_document(content) == []
    rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(content)).tables[0].rows]
    assert len(rows) == (3 if shown == "problems" else 2)
    assert rows[1][1] == "中试基地选址没有落实"


def test_tables_hold_what_the_address_finds(site: SimpleNamespace) -> None:
    fulfilled_and_open(site)
    query = {"form": "docx", "list": "problems", "state": "raised"}
    content = client_of(site.people["planner"]).get(reverse("plans:issue-tables"), query).content
    rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(content)).tables[0].rows]
    assert [row[1] for row in rows[1:]] == ["专家不足"]


def test_an_empty_list_is_still_a_table(site: SimpleNamespace) -> None:
    content = client_of(site.people["planner"]).get(reverse("plans:issue-tables"), {"form": "docx"}).content
    assert "没有符合条件的问题" in Document(io.BytesIO(content)).tables[0].rows[1].cells[1].text


@pytest.mark.parametrize(
    ("query", "found"),
    [({}, 2), ({"state": "confirmed"}, 1), ({"overdue": "1"}, 0), ({"mine": "raised"}, 2), ({"mine": "owned"}, 0),
     ({"returned": "1"}, 0), ({"q": "专家"}, 1), ({"origin": "visit"}, 1)],
)  # fmt: skip
def test_figures_and_filters_agree(site: SimpleNamespace, query: dict[str, str], found: int) -> None:
    fulfilled_and_open(site)
    client = client_of(site.people["clerk"])
    for shown in ("problems", "duties", "fulfilment"):
        page = client.get(reverse("plans:issue-list"), {"list": shown, **query})
        assert page.context["ledger"].total == found
        for figure in page.context["ledger"].figures:
            there = client.get(reverse("plans:issue-list") + figure.href)
            assert there.context["ledger"].total == figure.count, figure.label


# --- from a check-in


def checked_in(site: SimpleNamespace, **fields: Any) -> CheckIn:
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    today = timezone.localdate()
    around = CheckInRound.objects.create(
        plan=plan, key="2026-03", first_on=today, last_on=today, due_on=today, opened_at=AT
    )
    given = {
        "round": around, "node": make_plan.node(plan, "培育科技企业"), "organisation": site.gaoxin, "part": Part.LEAD,
        "state": CheckInState.SIGNED, "due_on": today, "problems": "复审企业研发人员占比偏低。有 5 家接近下限。",
        "signed_at": timezone.now(), **fields,
    }  # fmt: skip
    return CheckIn.objects.create(**given)


def test_a_problem_of_a_check_in_is_offered_until_it_is_an_issue(site: SimpleNamespace) -> None:
    check_in, clerk = checked_in(site), client_of(site.people["clerk"])
    offers = reverse("plans:issue-offers")
    assert "有 5 家接近下限" in clerk.get(offers).content.decode()
    form = clerk.get(reverse("plans:issue-create") + f"?check_in={check_in.pk}").context["form"]
    assert form.initial["title"] == "复审企业研发人员占比偏低"
    assert not Issue.objects.exists()  # offered, never made of itself
    data = {"title": "占比偏低", "origin": "check_in", "raised_for": site.gaoxin.pk}
    clerk.post(reverse("plans:issue-create") + f"?check_in={check_in.pk}", data)
    row = Issue.objects.get()
    assert (row.check_in, row.node, row.plan) == (check_in, check_in.node, check_in.round.plan)
    assert "有 5 家接近下限" not in clerk.get(offers).content.decode()


@pytest.mark.parametrize("hidden", [{"state": CheckInState.FILED}, {"problems": ""}])
def test_what_is_not_signed_or_tells_nothing_is_not_offered(site: SimpleNamespace, hidden: dict[str, Any]) -> None:
    checked_in(site, **hidden)
    page = client_of(site.people["clerk"]).get(reverse("plans:issue-offers")).content.decode()
    assert "没有待登记的问题" in page


def test_others_problems_are_not_offered_to_a_county(site: SimpleNamespace) -> None:
    checked_in(site)
    assert (
        "没有待登记的问题" in client_of(site.people["county_clerk"]).get(reverse("plans:issue-offers")).content.decode()
    )


# --- Excel


def sheet_rows(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def test_new_issues_and_owners_come_from_excel(site: SimpleNamespace) -> None:
    row, planner = raised(site), site.people["planner"]
    now = timezone.now()
    _, content = filling.workbook_to_fill("plans.issues", {}, is_template=False, by=planner, at=now)
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = next(
        cells
        for cells in sheet.iter_rows()
        if any(str(c.value).startswith("问题") for c in cells) and cells[0].value == "编号"
    )
    place = {str(cell.value).rstrip("*"): cell.column for cell in head if cell.value}
    first = head[0].row + 1
    for label, value in {"责任单位": "青岭县", "整改措施": "落实用地", "整改时限": f"{soon():%Y-%m-%d}"}.items():
        sheet.cell(first, place[label], value)
    for label, value in {"问题": "新问题", "来源": "会议", "来源说明": "办公会"}.items():
        sheet.cell(first + 1, place[label], value)
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("问题清单.xlsx", out.getvalue())
    run = running.receive_workbook(upload, key="plans.issues", params={}, by=planner, at=now)
    jobs.run_pending()
    run.refresh_from_db()
    assert run.figures == {"changed": 1, "new": 1}, list(run.rows.values_list("faults", flat=True))
    running.confirm_run(run, why="", by=planner, at=now)
    jobs.run_pending()
    assert (state(row), Issue.objects.get(pk=row.pk).owner) == (IssueState.ASSIGNED, site.qingling)
    new = Issue.objects.get(title="新问题")
    assert (new.number, new.origin, new.origin_text, new.raised_for) == (2, "meeting", "办公会", site.guihua)
