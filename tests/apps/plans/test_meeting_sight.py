"""What of a held meeting is for whom: nobody reads on an agenda what is closed to them elsewhere."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from tests.apps.plans.test_checkin_pages import signed_in
from tests.apps.plans.test_meetings import DUE, called, check_in, light, site
from tests.factories import AT, ON

from keshu.apps.bureau.models import User
from keshu.apps.bureau.queries.history import history_of, row_named
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import AgendaItem, Decision, Issue, Meeting, SupervisionNotice
from keshu.apps.plans.queries.meetings.pages import meeting_rows
from keshu.apps.plans.services import issues, meetings
from keshu.apps.plans.services.meetings import MeetingMove

pytestmark = pytest.mark.django_db
__all__ = ["site"]

BEFORE = AT - timedelta(days=20)


def issue_of(site: SimpleNamespace, **traits: Any) -> Issue:
    given = {"raised_for": site.gaoxin, "owner": site.gaoxin, "measure": "甲子措施", "due_on": ON - timedelta(days=9)}
    return issues.raise_issue(title="甲子问题", **{**given, **traits}, by=site.people["clerk"], at=BEFORE)


def notice_to(site: SimpleNamespace, addressee: Any, title: str) -> SupervisionNotice:
    return SupervisionNotice.objects.create(
        plan=site.plan, year=2026, number=SupervisionNotice.objects.count() + 1, title=title, demand="报送名单",
        issuer=site.bureau, addressee=addressee, written_by=site.people["planner"], written_at=BEFORE,
        state="issued", issued_at=BEFORE, due_on=ON - timedelta(days=9),
    )  # fmt: skip


def held(site: SimpleNamespace, *written: tuple[str, Any]) -> Meeting:
    """Held, with lines written by hand besides those drawn: their words and who reports."""
    meeting, by = called(site), site.people["planner"]
    for title, who in written:
        meetings.add_item(meeting, section="other", title=title, text="", organisation=who, by=by, at=AT)
    return meetings.move_meeting(meeting, MeetingMove.HOLD, by=by, at=AT)


def decided(site: SimpleNamespace, meeting: Meeting, text: str, owner: Any, item: AgendaItem | None = None) -> Decision:
    by = site.people["planner"]
    return meetings.record_decision(meeting, text=text, owner=owner, due_on=DUE, item=item, by=by, at=AT)


def page_text(user: User, meeting: Meeting) -> str:
    return signed_in(user).get(reverse("plans:meeting-detail", args=[meeting.pk])).content.decode()


def paper_text(user: User, meeting: Meeting, name: str) -> str:
    response = signed_in(user).get(reverse(f"plans:meeting-{name}", args=[meeting.pk]))
    return "\n".join(each.text for each in Document(io.BytesIO(response.content)).paragraphs)


def shown(user: User, meeting: Meeting) -> str:
    return page_text(user, meeting) + paper_text(user, meeting, "pack") + paper_text(user, meeting, "minutes")


@pytest.fixture
def mixed(site: SimpleNamespace) -> Meeting:
    """Of the plan's own rows, of an issue and a notice of 高新处, of a notice to the county, and written by hand."""
    light(site, "建设创新平台", "at_risk", "乙丑用地没有落实")
    issue = issue_of(site)
    notice_to(site, site.gaoxin, "丙寅督办")
    notice_to(site, site.qingling, "丁卯督办")
    meeting = held(site, ("戊辰机关事务", None), ("己巳县区汇报", site.qingling), ("庚午处室汇报", site.guihua))
    decided(site, meeting, "辛未议定", site.gaoxin, meeting.items.get(issue=issue))
    decided(site, meeting, "壬申议定", site.qingling, meeting.items.get(issue=issue))
    decided(site, meeting, "癸酉议定", site.guihua)
    return meeting


ALL = "甲子 乙丑 丙寅 丁卯 戊辰 己巳 庚午 辛未 壬申 癸酉"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("planner", ALL),
        ("leader", ALL),
        ("auditor", ALL),
        ("county_clerk", "乙丑 丁卯 己巳 壬申"),
        ("clerk", "甲子 乙丑 丙寅 戊辰 己巳 庚午 辛未 壬申 癸酉"),
    ],
)
def test_page_and_papers_show_what_is_for_the_reader(
    site: SimpleNamespace, mixed: Meeting, role: str, words: str
) -> None:
    """高新处's clerk owns the issue; a decision that names its owner is his although its line is drawn from a closed row."""
    text = shown(site.people[role], mixed)
    assert {word for word in ALL.split() if word in text} == set(words.split())
    is_part = words != ALL
    assert ("这里只列出您有权查看的" in text, "不是全文" in text) == (is_part, is_part)


def test_the_list_counts_and_the_history_tells_no_more(site: SimpleNamespace, mixed: Meeting) -> None:
    county = site.people["county_clerk"]
    assert [(row.item_count, row.decision_count) for row in meeting_rows(county)] == [(3, 1)]
    hidden = mixed.items.get(title__contains="甲子")
    assert row_named("plans.agendaitem", hidden.pk, county) is None
    shown_line = mixed.items.get(title="己巳县区汇报")
    found = row_named("plans.agendaitem", shown_line.pk, county)
    assert found is not None
    Meeting.objects.filter(pk=mixed.pk).update(released_at=AT + timedelta(hours=1))
    assert not history_of(AgendaItem.objects.get(pk=shown_line.pk), county).lines
    assert history_of(shown_line, site.people["planner"]).lines


def test_what_became_of_a_decision_is_linked_for_those_who_may_see_it(site: SimpleNamespace) -> None:
    meeting = held(site, ("己巳县区汇报", site.qingling))
    notice = meetings.make_notice(decided(site, meeting, "壬申议定", site.qingling), by=site.people["planner"], at=AT)
    link = reverse("plans:supervision-detail", args=[notice.pk])
    assert link in page_text(site.people["planner"], meeting)
    text = page_text(site.people["county_clerk"], meeting)
    assert "已转为督办单" in text
    assert link not in text


def test_a_county_does_not_see_a_meeting_that_does_not_concern_it(site: SimpleNamespace) -> None:
    issue_of(site)
    meeting = held(site, ("戊辰机关事务", None))
    county = site.people["county_clerk"]
    assert not Meeting.objects.visible_to(county).exists()
    assert signed_in(county).get(reverse("plans:meeting-detail", args=[meeting.pk])).status_code == 404
    assert Meeting.objects.visible_to(site.people["clerk"]).exists()
    decided(site, meeting, "壬申议定", site.qingling)
    assert Meeting.objects.visible_to(county).exists()


def test_a_dropped_line_is_for_its_own_people_only(site: SimpleNamespace) -> None:
    light(site, "建设创新平台", "at_risk")
    meeting, by = called(site), site.people["planner"]
    line = meetings.add_item(
        meeting, section="other", title="删去", text="", organisation=site.qingling, by=by, at=AT
    )  # fmt: skip
    meetings.keep_item(line, is_kept=False, by=by, at=AT)
    meetings.move_meeting(meeting, MeetingMove.HOLD, by=by, at=AT)
    assert row_named("plans.agendaitem", line.pk, site.people["clerk"]) is None
    assert row_named("plans.agendaitem", line.pk, by) == line


def test_a_check_in_that_is_taken_back_takes_its_line_along(site: SimpleNamespace) -> None:
    row = check_in(site, help_needed="请人才处推荐专家")
    meeting = held(site, ("己巳县区汇报", site.qingling))
    county = site.people["county_clerk"]
    assert "请人才处推荐专家" in page_text(county, meeting)
    type(row).objects.filter(pk=row.pk).update(state="returned")
    assert "请人才处推荐专家" not in page_text(county, meeting)


def test_no_service_changes_the_agenda_of_a_held_meeting(site: SimpleNamespace) -> None:
    light(site, "培育科技企业", "late")
    meeting, by = held(site, ("甲", None), ("乙", None)), site.people["planner"]
    before = list(meeting.items.order_by("pk").values())
    light(site, "建设创新平台", "at_risk")
    item = meeting.items.get(title="乙")
    line: dict[str, Any] = {"section": "other", "title": "丙", "text": "", "organisation": None, "by": by, "at": AT}
    for act in (
        lambda: meetings.draw_agenda(meeting, by=by, at=AT),
        lambda: meetings.add_item(meeting, **line),
        lambda: meetings.change_item(item, **line),
        lambda: meetings.keep_item(item, is_kept=False, by=by, at=AT),
        lambda: meetings.shift_item(item, up=True, by=by, at=AT),
    ):
        with pytest.raises(Unacceptable, match="议程不能再改"):
            act()
    assert list(meeting.items.order_by("pk").values()) == before


def test_the_page_asks_back_and_offers_no_way_back_once_something_follows(site: SimpleNamespace) -> None:
    meeting, by = held(site, ("己巳", None)), site.people["planner"]
    decision = decided(site, meeting, "壬申议定", site.qingling)
    text = page_text(by, meeting)
    assert "退回准备" in text
    for button in ("转为任务", "转为督办单", "转为问题"):
        assert f'data-confirm-yes="{button}">{button}</button>' in text
    meetings.make_task(decision, by=by, at=AT)
    text = page_text(by, meeting)
    assert reverse("plans:meeting-move", args=[meeting.pk, "reopen"]) not in text
    assert "退回准备" not in text.split("办理记录")[0]
    with pytest.raises(Unacceptable, match="不能退回准备"):
        meetings.move_meeting(meeting, MeetingMove.REOPEN, why="有误", by=by, at=AT)


def test_the_bell_tells_of_no_meeting_that_the_person_may_not_open(site: SimpleNamespace) -> None:
    """Whoever is told of a decision finds it, and nobody a meeting that is closed to them."""
    meeting = held(site, ("甲子议题", site.gaoxin))
    decided(site, meeting, "甲子事项", site.gaoxin)
    called(site)  # one in preparation
    for role, person in site.people.items():
        fresh = User.objects.get(pk=person.pk)
        told = set(Meeting.objects.deciding_for(fresh).values_list("pk", flat=True))
        assert told <= set(Meeting.objects.visible_to(fresh).values_list("pk", flat=True)), role
    assert meeting in Meeting.objects.deciding_for(User.objects.get(pk=site.people["clerk"].pk))
    assert not Meeting.objects.deciding_for(User.objects.get(pk=site.people["county_clerk"].pk)).exists()
