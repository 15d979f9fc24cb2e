"""日历订阅: who reads what by a secret address, and when the address holds no longer."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import make_plan
from tests.factories import AT, make

from keshu.apps.bureau.models import CalendarFeed, User
from keshu.apps.bureau.queries.deadlines import deadlines_of
from keshu.apps.bureau.services.feeds import make_feed, revoke_feed
from keshu.apps.bureau.views.feeds import MOST_READ, MOST_WRONG
from keshu.apps.plans.models import CheckIn, CheckInRound, PlanNode, SupervisionNotice, WorkPlan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


def address(token: str) -> str:
    return reverse("bureau:feed-read", args=[token])


def office_of(person: User) -> int:
    return person.memberships.get().organisation_id


def a_round(plan: WorkPlan, *, organisation_id: int, due_on: date) -> CheckInRound:
    first_on = date(due_on.year, 1, 1)
    made = CheckInRound.objects.create(
        plan=plan, key="2026-01", first_on=first_on, last_on=first_on, due_on=due_on, opened_at=AT
    )
    for node in PlanNode.objects.filter(plan=plan)[:2]:
        CheckIn.objects.create(round=made, node=node, organisation_id=organisation_id, part="lead", due_on=due_on)
    return made


def notice(site: SimpleNamespace, *, addressee_id: int, state: str, title: str, due_on: date) -> SupervisionNotice:
    return SupervisionNotice.objects.create(
        year=2026, title=title, demand="办理", issuer=site.guihua, addressee_id=addressee_id,
        written_by=site.people["planner"], written_at=AT, due_on=due_on, state=state,
    )  # fmt: skip


def test_the_file_is_read_by_its_token_only(site: SimpleNamespace, client: Client) -> None:
    clerk, due = site.people["clerk"], timezone.localdate() + timedelta(days=3)
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    a_round(plan, organisation_id=office_of(clerk), due_on=due)
    notice(site, addressee_id=office_of(clerk), state="issued", title="高企申报", due_on=due)
    token = make_feed(by=clerk, at=AT)
    answer = client.get(address(token))
    assert answer["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    found = {str(event["summary"]): event.decoded("dtstart") for event in events}
    assert found["2026-01 期调度填报截止：2 项待填"] == due
    assert found["督办单办理时限：高企申报"] == due
    assert len({str(event["uid"]) for event in events}) == len(events)
    assert all(str(event["url"]).startswith("http://testserver/") for event in events)
    again = client.get(address(token), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_drafts_and_other_offices_are_left_out(site: SimpleNamespace) -> None:
    clerk, due = site.people["clerk"], timezone.localdate() + timedelta(days=3)
    draft = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    a_round(draft, organisation_id=office_of(clerk), due_on=due)
    PlanNode.objects.filter(plan=draft).update(due_on=due)
    notice(site, addressee_id=office_of(clerk), state="draft", title="草稿", due_on=due)
    notice(site, addressee_id=site.yunhu.pk, state="issued", title="别的单位", due_on=due)
    for person in (clerk, site.people["leader"], site.people["enterprise"]):
        assert deadlines_of(person, on=timezone.localdate()) == []


def test_a_task_of_ones_office_falls_due(site: SimpleNamespace) -> None:
    plan, today = make_plan.published(organisation=site.bureau, by=site.people["planner"]), timezone.localdate()
    node = PlanNode.objects.filter(plan=plan, responsibilities__isnull=False).order_by("pk").first()
    assert node is not None
    PlanNode.objects.filter(pk=node.pk).update(due_on=today)
    office = node.responsibilities.order_by("pk").first().organisation
    uid = f"task-{node.pk}@keshu"
    assert uid in {each.uid for each in deadlines_of(make.person("clerk", office), on=today)}
    assert uid not in {each.uid for each in deadlines_of(make.person("clerk", office), on=today + timedelta(days=61))}
    assert uid not in {each.uid for each in deadlines_of(make.person("clerk", make.office(name="旁观处")), on=today)}


def test_an_address_renewed_revoked_or_of_an_account_switched_off_holds_no_longer(
    site: SimpleNamespace, client: Client
) -> None:
    clerk = site.people["clerk"]
    first = make_feed(by=clerk, at=AT)
    second = make_feed(by=clerk, at=AT)
    assert client.get(address(first)).status_code == 404
    assert client.get(address(second)).status_code == 200
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get(address(second)).status_code == 404
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    assert revoke_feed(by=clerk, at=AT)
    assert client.get(address(second)).status_code == 404
    assert not revoke_feed(by=clerk, at=AT)


def test_guessing_and_hammering_are_stopped(site: SimpleNamespace, client: Client) -> None:
    token = make_feed(by=site.people["clerk"], at=AT)
    assert {client.get(address(token)).status_code for _ in range(MOST_READ)} == {200}
    assert client.get(address(token)).status_code == 429
    assert {client.get(address("wrong")).status_code for _ in range(MOST_WRONG)} == {404}
    assert client.get(address("wrong")).status_code == 429


def test_the_address_is_shown_once_and_kept_nowhere(site: SimpleNamespace, client: Client) -> None:
    client.force_login(site.people["clerk"])
    page = client.post(reverse("bureau:feed-make")).content.decode()
    token = page.partition("/feeds/")[2].partition("/deadlines.ics")[0]
    assert len(token) == 43
    assert client.get(address(token)).status_code == 200
    assert token not in client.get(reverse("bureau:feed")).content.decode()
    assert CalendarFeed.objects.get().token_hash != token
    client.post(reverse("bureau:feed-revoke"))
    assert client.get(address(token)).status_code == 404
