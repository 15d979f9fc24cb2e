"""工作日历: what is entered holds, who may enter it, what the page and Excel say."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, CalendarDay, CalendarYear
from keshu.apps.bureau.permissions import Refused
from keshu.apps.bureau.queries.calendar import work_calendar, year_sheet
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services import calendar as services
from keshu.apps.bureau.services.exchange import RowChange, Task
from keshu.apps.bureau.services.round_trips.calendar import sit

pytestmark = pytest.mark.django_db
SPRING = date(2030, 2, 4)  # a Monday of a year whose holidays nobody has published


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def test_an_entered_day_moves_what_falls_due(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    assert work_calendar().after(date(2030, 2, 1), 1) == SPRING
    services.enter_day(day=SPRING, is_workday=False, name="春节", by=planner, at=AT)
    assert work_calendar().after(date(2030, 2, 1), 1) == date(2030, 2, 5)
    services.enter_day(day=date(2030, 2, 2), is_workday=True, name="调休上班", by=planner, at=AT)
    assert work_calendar().after(date(2030, 2, 1), 1) == date(2030, 2, 2)
    services.remove_day(CalendarDay.objects.get(day=SPRING), by=planner, at=AT)
    assert work_calendar().is_workday(SPRING)


def test_the_second_entry_for_a_day_replaces_the_first(site: SimpleNamespace) -> None:
    for is_workday in (False, True):
        services.enter_day(day=SPRING, is_workday=is_workday, name="甲", by=site.people["operator"], at=AT)
    assert CalendarDay.objects.get().is_workday


def test_only_keepers_enter(site: SimpleNamespace) -> None:
    for role in ("leader", "clerk", "auditor", "county_clerk", "enterprise"):
        with pytest.raises(Refused):
            services.enter_day(day=SPRING, is_workday=False, name="春节", by=site.people[role], at=AT)
        with pytest.raises(Refused):
            services.mark_year(2030, by=site.people[role], at=AT)
    assert not CalendarDay.objects.exists()


def test_a_year_without_days_is_not_entered_in_full(site: SimpleNamespace) -> None:
    planner = site.people["planner"]
    with pytest.raises(Unacceptable):
        services.mark_year(2030, by=planner, at=AT)
    services.enter_day(day=SPRING, is_workday=False, name="春节", by=planner, at=AT)
    services.mark_year(2030, by=planner, at=AT)
    assert work_calendar().is_published(2030)
    services.unmark_year(2030, by=planner, at=AT)
    assert not work_calendar().is_published(2030)
    assert not CalendarYear.objects.exists()
    assert AuditEntry.objects.filter(subject_type="bureau.calendaryear").count() == 2


def test_the_year_at_a_glance_knows_the_published_table(site: SimpleNamespace) -> None:
    sheet = year_sheet(2026, on=date(2026, 3, 5))
    cells = {cell.day: cell for month in sheet.months for week in month.weeks for cell in week if cell}
    assert len(cells) == 365
    assert (cells[date(2026, 2, 14)].mark, cells[date(2026, 2, 14)].name) == ("班", "春节调休上班")
    assert (cells[date(2026, 10, 1)].mark, cells[date(2026, 10, 1)].name) == ("休", "国庆节")
    assert cells[date(2026, 3, 5)].is_today
    assert sheet.is_known


def test_the_page_says_that_a_year_is_a_guess_and_takes_a_day(site: SimpleNamespace, client: Client) -> None:
    client.force_login(site.people["planner"])
    address = reverse("bureau:calendar")
    assert "还没有 2030 年的放假安排" in client.get(address, {"year": 2030}).content.decode()
    answer = client.post(address, {"day": "2030-02-04", "is_workday": "off", "name": "春节"}, follow=True)
    assert "标记为已录全" in answer.content.decode()
    assert client.post(address, {"day": "二月", "is_workday": "off", "name": ""}).status_code == 422
    client.post(reverse("bureau:calendar-mark"), {"year": "2030"})
    assert "还没有 2030 年的放假安排" not in client.get(address, {"year": 2030}).content.decode()
    client.post(reverse("bureau:calendar-remove", args=[CalendarDay.objects.get().pk]))
    assert not CalendarDay.objects.exists()


def test_a_clerk_reads_and_an_enterprise_does_not(site: SimpleNamespace, client: Client) -> None:
    client.force_login(site.people["clerk"])
    page = client.get(reverse("bureau:calendar"))
    assert page.status_code == 200
    assert "录入</button>" not in page.content.decode()
    client.force_login(site.people["enterprise"])
    assert client.get(reverse("bureau:calendar")).status_code == 403


def test_a_notice_comes_in_from_excel(site: SimpleNamespace) -> None:
    seat = sit(site.people["planner"], {}, AT)
    rows = [
        {"day": SPRING, "state": "off", "name": "春节", "action": ""},
        {"day": date(2030, 2, 9), "state": "work", "name": "调休", "action": ""},
    ]
    changes = [RowChange(number, None, row, frozenset(row)) for number, row in enumerate(rows, 1)]
    with seat.working(Task(changes, AT, "", lambda done, total, message: None)) as do:
        for change in changes:
            do(change)
    assert dict(CalendarDay.objects.values_list("day", "is_workday")) == {SPRING: False, date(2030, 2, 9): True}
    assert [row.values["state"] for row in seat.current()] == ["off", "work"]
