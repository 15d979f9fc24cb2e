"""A problem's whole way by the pages: told in a check-in, made an issue, sent back once, closed; then it comes to the meeting."""

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
from tests.factories import make

from keshu.apps.plans.models import AgendaItem, CheckIn, CheckInRound, Decision, Issue, Meeting, PlanNode, Standing

pytestmark = pytest.mark.django_db


class Reader:
    """Somebody at their desk."""

    def __init__(self, person: Any) -> None:
        self.client = Client()
        self.client.force_login(person)

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(f"plans:{name}", args=args), query)

    def post(self, name: str, *args: Any, query: str = "", **data: Any) -> Any:
        answer = self.client.post(reverse(f"plans:{name}", args=args) + query, data)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return answer


def told_in_a_check_in(site: SimpleNamespace, plan: Any) -> CheckIn:
    today, now = timezone.localdate(), timezone.now()
    around = CheckInRound.objects.create(
        plan=plan, key="2026-10", first_on=today, last_on=today, due_on=today, opened_at=now
    )
    return CheckIn.objects.create(
        round=around, node=make_plan.node(plan, "培育科技企业"), organisation=site.gaoxin, part="lead", state="signed",
        due_on=today, signed_at=now, problems="申报辅导专家不足。", help_needed="请规划处协调专家。",
    )  # fmt: skip


def test_from_a_check_in_to_a_task_of_the_plan() -> None:
    site = make.site()
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    check_in = told_in_a_check_in(site, plan)
    clerk, planner = Reader(site.people["clerk"]), Reader(site.people["planner"])
    owner, soon = Reader(site.people["county_clerk"]), timezone.localdate() + timedelta(days=30)

    # The clerk makes an issue of what the check-in told; the planning office says who answers for it.
    assert "申报辅导专家不足" in clerk.get("issue-offers").content.decode()
    clerk.post(
        "issue-create", query=f"?check_in={check_in.pk}", title="申报辅导专家不足", origin="check_in",
        raised_for=site.gaoxin.pk,
    )  # fmt: skip
    issue = Issue.objects.get()
    planner.post("issue-move", issue.pk, "assign", owner=site.qingling.pk, measure="推荐 6 名专家", due_on=soon)

    # The owner files a proof, the raiser sends it back; the second one is confirmed.
    owner.post("issue-move", issue.pk, "fulfil", text="已推荐 3 名", files=SimpleUploadedFile("名单.txt", b"3"))
    clerk.post("issue-move", issue.pk, "refuse", why="还差 3 名")
    owner.post("issue-move", issue.pk, "fulfil", text="已推荐 6 名", files=SimpleUploadedFile("名单二.txt", b"6"))
    clerk.post("issue-move", issue.pk, "confirm", text="属实")
    issue.refresh_from_db()
    assert (issue.state, issue.refusals) == ("confirmed", 1)

    # The three tables, as one workbook and on paper.
    book = load_workbook(io.BytesIO(planner.get("issue-tables", form="xlsx").content))
    values = [cell for row in book["落实清单"].values for cell in row]
    assert "已推荐 6 名" in values
    assert "名单二.txt" in values
    paper = Document(io.BytesIO(planner.get("issue-tables", form="docx", list="fulfilment").content))
    assert paper.tables[0].rows[1].cells[3].text == "已推荐 6 名"

    # The meeting hears what is late and what was asked for; what it decides is asked for from the next round on.
    Standing.objects.create(
        plan=plan, node=make_plan.node(plan, "建设创新平台"), light="late", shown="late", reason="6月底前未建成",
        judged_at=timezone.now(),
    )  # fmt: skip
    today = timezone.localdate()
    planner.post("meeting-create", plan=plan.pk, title="局办公会", held_on=today, since=today - timedelta(days=30))
    meeting = Meeting.objects.get()
    titles = set(AgendaItem.objects.values_list("title", flat=True))
    assert titles == {"(二)建设创新平台", "(一)培育科技企业：需协调事项"}
    planner.post("meeting-move", meeting.pk, "hold")
    planner.post("meeting-decision-create", meeting.pk, text="规划处建立专家库", owner=site.guihua.pk, due_on=soon)
    planner.post("meeting-decision-act", Decision.objects.get().pk, "task")
    task = PlanNode.objects.get(heading="规划处建立专家库")
    page = clerk.get("task-detail", task.pk).content.decode()
    assert f"局办公会（{today:%Y-%m-%d}）议定" in page
    minutes = Document(io.BytesIO(clerk.get("meeting-minutes", meeting.pk).content))
    assert any("规划处建立专家库" in each.text for each in minutes.paragraphs)
