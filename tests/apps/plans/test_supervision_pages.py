"""The pages of supervision notices: who opens what, what they say, how many queries they cost, the papers."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from tests.apps.plans.factories import make_plan
from tests.apps.plans.supervision import AT, brought_to, fresh, write
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.plans.models import SupervisionNotice
from keshu.apps.plans.queries.supervision.matters import Matter
from keshu.apps.plans.queries.supervision.summary import quarter_summary
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision.papers import summary_file
from keshu.engines.gongwen import check_document

pytestmark = pytest.mark.django_db
FAR = date(2099, 1, 5)
LIST = reverse("plans:supervision-list")


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def signed_in(site: SimpleNamespace, role: str) -> Client:
    client = Client()
    client.force_login(site.people[role])
    return client


def page(name: str, notice: SupervisionNotice, *more: Any) -> str:
    return reverse(f"plans:supervision-{name}", args=[notice.pk, *more])


def words(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_ledger_counts_and_filters(site: SimpleNamespace) -> None:
    for state in ("draft", "issued", "signed_for", "returned", "replied", "accepted", "closed", "cancelled"):
        brought_to(site, state, title=f"{state}事项")
    SupervisionNotice.objects.filter(state="issued").update(due_on="2026-03-01")
    client = signed_in(site, "planner")
    text = client.get(LIST).content.decode()
    for label, count in (("草稿", 1), ("待签收", 1), ("办理中", 2), ("待审核", 1), ("待办结", 1), ("已办结", 1)):
        assert f'{label}</span><span class="figure__value">{count}<' in text, label
    assert "逾期·待签收" in text
    late = client.get(LIST, {"late": "1"}).content.decode()
    assert "issued事项" in late
    assert "replied事项" not in late  # whoever has answered is not late
    assert "signed_for事项" in client.get(LIST, {"q": "〔2026〕2号"}).content.decode()
    assert "未编号" not in signed_in(site, "clerk").get(LIST).content.decode()


def test_the_ledger_goes_out_as_excel_and_csv(site: SimpleNamespace) -> None:
    brought_to(site, "issued", title="甲事项")
    client = signed_in(site, "clerk")
    assert "甲事项" in client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    assert client.get(LIST, {"export": "xlsx"}).content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="export", by=site.people["clerk"]).count() == 2


@pytest.mark.parametrize("name", ["detail", "drawer", "paper", "reply"])
def test_other_offices_find_nothing(site: SimpleNamespace, name: str) -> None:
    notice = brought_to(site, "issued")
    assert signed_in(site, "county_clerk").get(page(name, notice)).status_code == 404
    assert signed_in(site, "enterprise").get(page(name, notice)).status_code in (403, 404)
    assert signed_in(site, "clerk").get(page(name, notice)).status_code == 200
    assert signed_in(site, "clerk").get(page(name, write(site))).status_code == 404


def test_the_files_of_a_reply_go_to_those_who_see_the_notice(site: SimpleNamespace) -> None:
    notice = brought_to(site, "signed_for")
    file = ContentFile("材料".encode(), name="材料.txt")
    made = supervision.reply(notice, text="办了", files=[file], by=site.people["clerk"], at=AT)
    address = page("file", notice, made.attachments.get().pk)
    answers = {role: signed_in(site, role).get(address).status_code for role in site.people}
    seeing = {role for role, person in site.people.items() if SupervisionNotice.objects.visible_to(person).exists()}
    assert {role for role, status in answers.items() if status == 200} == seeing
    assert seeing == {"leader", "planner", "auditor", "operator", "clerk", "office_head"}
    other = make.attachment(organisation=site.gaoxin, by=site.people["clerk"])
    assert signed_in(site, "planner").get(page("file", notice, other.pk)).status_code == 404
    response = signed_in(site, "planner").get(address)
    assert b"".join(response.streaming_content) == "材料".encode()
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_planner_writes_from_a_target_and_the_lead_is_proposed(site: SimpleNamespace) -> None:
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    target = make_plan.target(plan, "科技型中小企业")
    client = signed_in(site, "planner")
    for name in ("target-detail", "target-drawer"):
        link = f"{reverse('plans:supervision-create')}?target={target.pk}"
        assert link in client.get(reverse(f"plans:{name}", args=[target.pk])).content.decode()
        assert link not in signed_in(site, "clerk").get(reverse(f"plans:{name}", args=[target.pk])).content.decode()
    node = make_plan.node(plan, "培育科技企业")
    for name in ("task-detail", "task-drawer"):
        link = f"{reverse('plans:supervision-create')}?task={node.pk}"
        assert link in client.get(reverse(f"plans:{name}", args=[node.pk])).content.decode()
    form = client.get(reverse("plans:supervision-create"), {"target": target.pk})
    assert form.context["form"]["addressee_id"].value() == site.gaoxin.pk
    text = form.content.decode()
    assert "关于“科技型中小企业”的督办" in text
    posted = {
        "title": "关于中小企业的督办", "addressee_id": site.gaoxin.pk, "demand": "抓紧", "due_on": "2099-01-05",
        "matters": f"target-{target.pk}", "lines": "另报一份分析",
    }  # fmt: skip
    response = client.post(reverse("plans:supervision-create"), posted)
    notice = SupervisionNotice.objects.get()
    assert response["Location"] == page("detail", notice)
    assert [item.target for item in notice.items.all()] == [target, None]
    assert notice.issuer == site.bureau
    # It is changed: the second matter goes, the first stays ticked.
    posted |= {"lines": "", "title": "改了题目"}
    assert client.post(page("edit", notice), posted).status_code == 302
    assert [item.target for item in notice.items.all()] == [target]
    assert fresh(notice).title == "改了题目"
    supervision.issue_notice(fresh(notice), by=site.people["leader"], at=AT)
    assert (
        "〔2026〕1号改了题目" in client.get(reverse("plans:issue-about", args=[f"target-{target.pk}"])).content.decode()
    )
    assert "改了题目" not in signed_in(site, "county_clerk").get(
        reverse("plans:issue-about", args=[f"target-{target.pk}"])
    ).content.decode()  # fmt: skip


def test_a_form_with_faults_keeps_what_was_typed(site: SimpleNamespace) -> None:
    client = signed_in(site, "planner")
    posted = {
        "title": "题目",
        "addressee_id": site.gaoxin.pk,
        "demand": "抓紧",
        "due_on": "2020-01-05",
        "lines": "一条",
    }
    response = client.post(reverse("plans:supervision-create"), posted)
    assert response.status_code == 422
    text = response.content.decode()
    assert "已经过去" in text
    assert "一条" in text
    assert not SupervisionNotice.objects.exists()
    assert signed_in(site, "clerk").get(reverse("plans:supervision-create")).status_code == 403


def test_ticked_rows_become_a_draft_for_each_lead_office(site: SimpleNamespace) -> None:
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    client = signed_in(site, "planner")
    bulk = reverse("plans:supervision-bulk")
    text = client.get(reverse("plans:target-list"), {"plan": plan.pk}).content.decode()
    assert f"{bulk}?of=target" in text
    ticked = {"everything": "1", "query": f"plan={plan.pk}", "ids": []}
    shown = client.post(f"{bulk}?of=target", ticked)
    assert [str(share.office) for share in shown.context["shares"]] == ["高新处"]
    assert len(shown.context["alone"]) == 5
    keys = [each.key for each in shown.context["matters"]]
    posted = {"matters": keys, "offices": [site.gaoxin.pk], "demand": "抓紧", "due_on": "2099-01-05"}
    response = client.post(bulk, posted)
    assert response["Location"] == f"{LIST}?state=draft"
    notice = SupervisionNotice.objects.get()
    assert (notice.addressee, notice.items.count()) == (site.gaoxin, 1)
    tasks = client.post(f"{bulk}?of=task", ticked)
    assert [str(share.office) for share in tasks.context["shares"]] == ["高新处"]
    assert [each.name for each in tasks.context["alone"]] == ["建设创新平台", "优化创新服务"]
    assert signed_in(site, "clerk").post(f"{bulk}?of=task", ticked).status_code == 403


def test_the_exchange_on_the_pages(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    SupervisionNotice.objects.update(due_on="2099-01-05")
    clerk, planner = signed_in(site, "clerk"), signed_in(site, "planner")
    text = clerk.get(page("reply", notice)).content.decode()
    assert "签收" in text
    assert 'name="text"' not in text
    response = clerk.post(page("move", notice, "sign_for"), {"next": "reply"})
    assert response["Location"] == page("reply", notice)
    file = SimpleUploadedFile("附件.txt", "内容".encode())
    wrong = clerk.post(page("reply", notice), {"text": "", "files": [file]})
    assert wrong.status_code == 422
    assert "附件请重新选择" in wrong.content.decode()
    file.seek(0)
    assert clerk.post(page("reply", notice), {"text": "第一次", "files": [file]}).status_code == 302
    drawer = planner.get(page("move", notice, "return"), headers={"HX-Request": "true"})
    assert "退回重办" in drawer.content.decode()
    assert planner.post(page("move", notice, "return"), {"why": ""}).status_code == 422
    given = {"why": "数字不符", "due_on": "2099-01-05"}
    answer = planner.post(page("move", notice, "return"), given, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == page("detail", notice)
    assert "数字不符" in clerk.get(page("reply", notice)).content.decode()
    clerk.post(page("reply", notice), {"text": "第二次"})
    planner.post(page("move", notice, "accept"), {"why": "可以"})
    planner.post(page("move", notice, "close"))
    assert fresh(notice).state == "closed"
    shown = planner.get(page("detail", notice)).content.decode()
    for word in ("第一次", "第二次", "附件.txt", "数字不符", "可以", "办结", "拟稿"):
        assert word in shown
    assert planner.get(page("reply", notice))["Location"] == page("detail", notice)
    assert planner.post(page("move", notice, "cancel"), {"why": "晚了"}).status_code == 422


def test_the_address_of_no_move(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    client = signed_in(site, "planner")
    assert client.get(page("move", notice, "nonsense")).status_code == 404
    assert client.get(page("move", notice, "issue")).status_code == 404
    assert client.get(page("move", notice, "cancel")).status_code == 200


# --- papers


def test_the_paper_keeps_the_standard(site: SimpleNamespace) -> None:
    matters = (Matter("新增科技型中小企业120家(全年)"), Matter("举办对接会12场"))
    for state in ("issued", "replied", "returned", "closed"):
        notice = brought_to(site, state, matters=matters)
        data = signed_in(site, "clerk").get(page("paper", notice)).content
        assert check_document(data) == [], state
        text = words(data)
        assert f"督办{notice.number_text}" in text
        for word in (
            "督办通知单",
            "高新技术处：",
            "新增科技型中小企业120家（全年）",
            "2026年3月20日",
            "签收人",
            "办理情况",
        ):
            assert word in text
        assert ("已办理。" in text) is (state != "issued")
    assert signed_in(site, "planner").get(page("paper", write(site))).status_code == 422


def test_a_paper_keeps_the_deadline_it_was_issued_with(site: SimpleNamespace) -> None:
    notice = brought_to(site, "issued")
    planner = site.people["planner"]
    supervision.extend_notice(notice, due_on=date(2026, 4, 10), why="请示", by=planner, at=AT)
    supervision.extend_notice(notice, due_on=date(2026, 4, 20), why="再请示", by=planner, at=AT)
    data = signed_in(site, "clerk").get(page("paper", notice)).content
    assert "请于2026年3月20日前办结" in words(data)
    assert "2026年3月20日。后延长至2026年4月20日。" in words(data)
    assert check_document(data) == []


def test_several_papers_in_one_archive(site: SimpleNamespace) -> None:
    notices = [brought_to(site, "issued"), brought_to(site, "closed")]
    client, address = signed_in(site, "planner"), reverse("plans:supervision-papers")
    data = client.post(address, {"ids": [each.pk for each in notices]}).content
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["督办〔2026〕1号-高新处.docx", "督办〔2026〕2号-高新处.docx"]
    assert client.post(address, {"ids": [write(site).pk]}).status_code == 422
    assert client.post(address, {"ids": []}).status_code == 422
    assert signed_in(site, "county_clerk").post(address, {"ids": [notices[0].pk]}).status_code == 422


def test_the_chosen_drafts_are_issued(site: SimpleNamespace) -> None:
    drafts = [write(site, due_on=FAR), write(site, due_on=FAR)]
    address = reverse("plans:supervision-issue-chosen")
    assert signed_in(site, "clerk").post(address, {"ids": [each.pk for each in drafts]}).status_code == 422
    signed_in(site, "leader").post(address, {"ids": [each.pk for each in drafts]})
    assert [fresh(each).number for each in drafts] == [1, 2]


def test_the_quarter_by_office(site: SimpleNamespace) -> None:
    """By hand: 高新处 has one closed in time after 10 days, one open and late, one cancelled; 青岭县 one answered."""
    closed = brought_to(site, "accepted")
    supervision.close_notice(closed, by=site.people["planner"], at=AT + timedelta(days=10))
    brought_to(site, "signed_for", title="拖着的事项")
    brought_to(site, "cancelled")
    brought_to(site, "replied", addressee=site.qingling)
    found = quarter_summary(site.people["leader"], year=2026, quarter=1, on=date(2026, 3, 31))
    told = {
        row.name: (row.carried, row.issued, row.closed, row.in_hand, row.late, row.on_time, row.days)
        for row in found.offices
    }
    assert told == {"高新处": (0, 2, 1, 1, 1, 1, 10), "青岭县": (0, 1, 0, 1, 0, 0, 0)}
    assert [(line.title, line.days) for line in found.late] == [("拖着的事项", 7)]
    next_quarter = quarter_summary(site.people["leader"], year=2026, quarter=2, on=date(2026, 4, 30))
    assert [(row.name, row.carried, row.issued) for row in next_quarter.offices] == [("高新处", 1, 0), ("青岭县", 1, 0)]
    own = quarter_summary(site.people["county_clerk"], year=2026, quarter=1, on=date(2026, 3, 31))
    assert [row.name for row in own.offices] == ["青岭县"]
    made = summary_file(year=2026, quarter=1, issuer=site.bureau, by=site.people["leader"], at=AT + timedelta(days=26))
    assert check_document(made.content) == []
    assert "新发3件，涉及2个单位；截至3月31日办结1件，未办结2件，其中逾期1件" in words(made.content)
    empty = summary_file(year=2025, quarter=1, issuer=site.bureau, by=site.people["leader"], at=AT)
    assert check_document(empty.content) == []


# --- weight


def test_pages_cost_few_queries_however_many_notices(site: SimpleNamespace) -> None:
    for number in range(12):
        offices = make.office(name=f"第{number}处室甲")
        SupervisionNotice.objects.filter(pk=brought_to(site, "replied").pk).update(addressee=offices)
    notice = brought_to(site, "returned")
    client = signed_in(site, "planner")
    client.get(LIST)
    for address in (
        LIST,
        page("detail", notice),
        page("drawer", notice),
        reverse("plans:supervision-summary"),
        page("edit", write(site)),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 12, (address, len(queries))
