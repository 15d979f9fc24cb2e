"""A long agenda as it is read: office by office, requests under the matter they are about; every line a row of its own."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from tests.apps.plans.test_checkin_pages import signed_in
from tests.apps.plans.test_meetings import called, check_in, light, page_of, site
from tests.factories import AT, ON

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.plans.models import Meeting
from keshu.apps.plans.queries.meetings.agenda import UNFOLDED
from keshu.apps.plans.services import issues, meetings
from keshu.engines.gongwen import check_document

pytestmark = pytest.mark.django_db
__all__ = ["site"]


def with_lines(site: SimpleNamespace, *written: tuple[str, Any], section: str = "other") -> Meeting:
    meeting = called(site)
    for title, office in written:
        meetings.add_item(
            meeting, section=section, title=title, text="", organisation=office, by=site.people["planner"], at=AT
        )
    return meeting


def read(site: SimpleNamespace, meeting: Meeting, key: str = "other") -> list[tuple[str, list[str]]]:
    """The offices of a section with their lines, requests indented below."""
    section = next(each for each in page_of(site, meeting).sections if each.key == key)
    found = []
    for report in section.reports:
        rows = []
        for line in report.lines:
            rows += [line.words, *(f" {each.text}" for each in line.requests)]
        found.append((str(report.organisation), rows))
    return found


@pytest.fixture
def asked(site: SimpleNamespace) -> Meeting:
    """One late task, and about it a request and an overdue issue; a request about a task that is well."""
    late = light(site, "培育科技企业", "late", "落后于时序进度")
    check_in(site, help_needed="请人才处推荐专家")
    check_in(site, node=light(site, "优化创新服务", "on_track").node, help_needed="请增配人手")
    issues.raise_issue(
        title="选址未定", raised_for=site.bureau, owner=site.qingling, measure="选址", due_on=ON - timedelta(days=9),
        node=late.node, by=site.people["planner"], at=AT - timedelta(days=20),
    )  # fmt: skip
    return called(site)


def test_offices_stand_in_the_order_of_their_first_lines(site: SimpleNamespace) -> None:
    meeting = with_lines(site, ("甲", site.gaoxin), ("乙", site.guihua), ("丙", site.gaoxin), ("丁", None))
    assert read(site, meeting) == [("高新处", ["甲", "丙"]), ("规划处", ["乙"]), ("None", ["丁"])]
    assert page_of(site, meeting).office_count == 2


def test_requests_are_heard_with_the_late_matter_they_are_about(site: SimpleNamespace, asked: Meeting) -> None:
    (late,) = read(site, asked, "late")
    assert late[0] == "高新处"
    assert late[1][:2] == ["培育科技企业", " 请人才处推荐专家。"]
    assert late[1][2].startswith(" 整改时限 2026-02-24，已逾期")
    (rest,) = read(site, asked, "asked")
    assert rest[1] == ["优化创新服务"]
    section = next(each for each in page_of(site, asked).sections if each.key == "asked")
    assert (len(section.kept), section.elsewhere) == (3, "另有2项是上列滞后、有风险事项请求协调的，随该事项一并汇报。")


def test_each_request_leads_to_its_row_and_can_be_dropped(site: SimpleNamespace, asked: Meeting) -> None:
    client = signed_in(site.people["planner"])
    request = asked.items.get(text="请人才处推荐专家。")
    host = asked.items.get(section="late")
    page = client.get(reverse("plans:meeting-detail", args=[asked.pk])).content.decode()
    assert reverse("plans:checkin-detail", args=[request.check_in_id]) in page
    gone = client.post(reverse("plans:meeting-item-act", args=[request.pk, "drop"]))
    assert gone.headers["Location"].endswith(f"#item-{host.pk}")
    assert read(site, asked, "late")[0][1][1].startswith(" 整改时限")
    client.post(reverse("plans:meeting-item-act", args=[host.pk, "drop"]))
    # With the late line gone the issue about it is heard by itself.
    assert "问题清单 2026-001：选址未定" in [line for _, lines in read(site, asked, "asked") for line in lines]


def test_a_dropped_line_leaves_the_reader_at_its_neighbour(site: SimpleNamespace) -> None:
    meeting = with_lines(site, ("甲", site.gaoxin), ("乙", site.guihua), ("丙", site.gaoxin))
    items = {item.title: item for item in meeting.items.all()}
    client = signed_in(site.people["planner"])
    for title, place in (("甲", f"item-{items['丙'].pk}"), ("丙", "agenda")):
        answer = client.post(reverse("plans:meeting-item-act", args=[items[title].pk, "drop"]))
        assert answer.headers["Location"].endswith(f"#{place}")


def test_lines_move_within_their_office_and_offices_among_each_other(site: SimpleNamespace) -> None:
    meeting = with_lines(site, ("甲", site.gaoxin), ("乙", site.guihua), ("丙", site.gaoxin))
    client = signed_in(site.people["planner"])

    def act(title: str, name: str) -> None:
        client.post(reverse("plans:meeting-item-act", args=[meeting.items.get(title=title).pk, name]))

    act("丙", "up")
    assert read(site, meeting) == [("高新处", ["丙", "甲"]), ("规划处", ["乙"])]
    act("甲", "report-down")
    assert read(site, meeting) == [("规划处", ["乙"]), ("高新处", ["丙", "甲"])]
    before = AuditEntry.objects.count()
    for title, name in (("乙", "report-up"), ("乙", "up"), ("甲", "down")):  # nowhere to go
        act(title, name)
    assert read(site, meeting) == [("规划处", ["乙"]), ("高新处", ["丙", "甲"])]
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(("count", "is_folded"), [(UNFOLDED, False), (UNFOLDED + 1, True)])
def test_a_long_agenda_is_opened_folded(site: SimpleNamespace, count: int, is_folded: bool) -> None:
    meeting = with_lines(site, *((f"议题{number}", site.gaoxin) for number in range(count)))
    page = signed_in(site.people["planner"]).get(reverse("plans:meeting-detail", args=[meeting.pk])).content.decode()
    assert ("data-unfold" in page, "<details open><summary><strong>高新处" in page) == (is_folded, not is_folded)


def test_the_papers_are_by_office(site: SimpleNamespace, asked: Meeting) -> None:
    by = site.people["planner"]
    page = page_of(site, asked)
    made = meetings.meeting_pack(page, by=by, at=AT)
    assert check_document(made.content) == []
    text = "\n".join(each.text for each in Document(io.BytesIO(made.content)).paragraphs)
    assert "高新处（1项）。培育科技企业。" in text
    assert "需协调（高新处）：请人才处推荐专家。" in text
    assert "需协调（青岭县）：问题清单 2026-001：选址未定；" in text
    assert "另有2项是上列滞后、有风险事项请求协调的" in text
    held = meetings.move_meeting(asked, meetings.MeetingMove.HOLD, by=by, at=AT)
    minutes = meetings.meeting_minutes(page_of(site, held), by=by, at=AT)
    assert check_document(minutes.content) == []
    words = "\n".join(each.text for each in Document(io.BytesIO(minutes.content)).paragraphs)
    assert "1.高新处：滞后事项1项（培育科技企业），需协调事项1项（优化创新服务）。" in words
