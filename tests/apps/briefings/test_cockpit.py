"""The cockpit: what it counts, whom it shows what, that each figure leads to its rows, what changed since last time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import large_plan, make_plan
from tests.apps.plans.year import report, round_of
from tests.factories import AT, make

from keshu.apps.briefings.models import CockpitVisit
from keshu.apps.briefings.services.visits import FIRST, begin_visit
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.plans.models import CheckIn, CheckInState, PlanNode, Standing, SupervisionNotice, Target
from keshu.apps.plans.queries import year_glance
from keshu.apps.plans.queries.standing_lines import standings_of
from keshu.apps.plans.queries.target_ledgers import target_rows, targets_ledger

pytestmark = pytest.mark.django_db
BRACKETS = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)")
ON = date(2026, 4, 8)


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    lights = {
        "高新技术企业总数": "at_risk",
        "技术合同成交额": "on_track",
        "科技型中小企业": "missed",
        "中试基地": "done",
    }
    for name, light in lights.items():
        stand(site, make_plan.target(site.plan, name), light)
    stand(site, make_plan.target(site.plan, "对接会"), "at_risk", probability=Decimal("0.1"))
    return site


def stand(site: SimpleNamespace, target: Target, light: str, **traits: Any) -> Standing:
    return Standing.objects.create(
        plan=site.plan, target=target, light=light, shown=light, reason="理由", judged_at=AT, **traits
    )


def page(user: Any, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("briefings:cockpit"), query)


def test_each_group_leads_to_the_rows_it_counts(city: SimpleNamespace) -> None:
    """One missed and one unlikely, one at risk, two safe; the sixth was never judged."""
    leader = city.people["leader"]
    found = year_glance.prospects(city.plan, standings_of(city.plan))
    counts = {"miss": found.miss, "at_risk": found.at_risk, "safe": found.safe, "unknown": found.unknown}
    assert counts == {"miss": 2, "at_risk": 1, "safe": 2, "unknown": 0}
    assert [line.indicator for line in found.missed] == ["科技型中小企业", "对接会"]
    ledger = targets_ledger(on=ON, offices=(), lights=True)
    rows = target_rows(leader, plan=city.plan)
    totals = {name: read_ledger(ledger, rows, {"prospect": name}, user=leader).total for name in counts}
    assert totals == {"miss": 2, "at_risk": 1, "safe": 2, "unknown": 1}


def test_it_says_who_must_act(city: SimpleNamespace) -> None:
    firms, turnover = make_plan.target(city.plan, "科技型中小企业"), make_plan.target(city.plan, "技术合同成交额")
    report(firms, "2026-03", city.gaoxin, state=CheckInState.OPEN)  # due on 3 April
    report(firms, "2026-04", city.gaoxin, state=CheckInState.OPEN)  # due on 3 May
    report(turnover, "2026-03", city.guihua, state=CheckInState.FILED)
    SupervisionNotice.objects.create(
        year=2026, number=1, title="督办", demand="办", plan=city.plan, issuer=city.bureau, addressee=city.gaoxin,
        written_by=city.people["planner"], written_at=AT, issued_at=AT, due_on=date(2026, 4, 1), state="issued",
    )  # fmt: skip
    found = year_glance.duties(city.plan, user=city.people["leader"], on=ON, since=AT - timedelta(days=1))
    told = {str(duty.office): (duty.to_file, duty.to_sign, duty.notices, duty.late) for duty in found}
    assert told == {"高新处": (1, 0, 1, 2), "规划处": (0, 1, 0, 0)}
    assert sum(duty.notices_since for duty in found) == 1
    own = year_glance.duties(city.plan, user=city.people["clerk"], on=ON, since=AT)
    assert [str(duty.office) for duty in own] == ["高新处"]


def test_a_county_sees_itself_only(city: SimpleNamespace) -> None:
    task = make_plan.node(city.plan, "培育科技企业")
    for county in (city.qingling, city.yunhu):
        report(task, "2026-02", county, percent=20, part="support")
        report(task, "2026-03", county, percent=40, part="support")
    response = page(city.people["county_clerk"])
    assert [str(line.duty.office) for line in response.context["cockpit"].counties] == ["青岭县"]
    [line] = response.context["cockpit"].counties
    assert (line.rounds, line.progress_pct, line.signed_pct) == (("2026-02", "2026-03"), (20, 40), (100, 100))
    assert "云湖区" not in response.content.decode()
    everything = page(city.people["leader"])
    assert [str(line.duty.office) for line in everything.context["cockpit"].counties] == ["青岭县", "云湖区"]


def test_changes_are_those_since_the_visit_before(city: SimpleNamespace) -> None:
    leader = city.people["leader"]
    assert begin_visit(leader, at=AT) == AT - FIRST
    assert begin_visit(leader, at=AT + timedelta(minutes=30)) == AT + timedelta(minutes=30) - FIRST
    later = AT + timedelta(days=3)
    assert begin_visit(leader, at=later) == AT + timedelta(minutes=30)
    assert begin_visit(leader, at=later + timedelta(minutes=20)) == AT + timedelta(minutes=30)
    assert CockpitVisit.objects.visible_to(leader).count() == 1
    assert not CockpitVisit.objects.visible_to(city.people["planner"]).exists()


def test_a_change_names_what_was_and_what_is(city: SimpleNamespace) -> None:
    now = timezone.now()
    Standing.objects.filter(target__indicator="对接会").update(shown_before="on_track", changed_at=now)
    Standing.objects.filter(target__indicator="中试基地").update(shown_before="on_track", changed_at=now)
    Standing.objects.filter(target__indicator="技术合同成交额").update(
        shown_before="late", changed_at=now - timedelta(days=30)
    )
    found = year_glance.light_changes(standings_of(city.plan), since=now - timedelta(days=7))
    assert [(each.name, str(each.before), str(each.after), each.is_worse) for each in found] == [
        ("对接会", "正常推进", "有风险", True), ("中试基地", "正常推进", "已完成", False),
    ]  # fmt: skip


def test_the_screen_asks_for_itself_every_minute_and_is_no_visit(city: SimpleNamespace) -> None:
    text = page(city.people["leader"], screen=1).content.decode()
    assert 'hx-trigger="every 60s"' in text
    assert "退出大屏" in text
    client = Client()
    client.force_login(city.people["leader"])
    piece = client.get(reverse("briefings:cockpit-refresh"), {"plan": city.plan.pk}).content.decode()
    assert piece.lstrip().startswith('<div class="cockpit"')
    assert not CockpitVisit.objects.exists()


def test_without_a_plan_it_says_what_to_do() -> None:
    assert "还没有已发布的工作要点" in page(make.person("leader")).content.decode()


@pytest.mark.parametrize("role", ["enterprise", "expert", "bank"])
def test_it_is_for_government(city: SimpleNamespace, role: str) -> None:
    assert page(city.people[role]).status_code == 403


def test_no_style_or_script_stands_in_the_page(city: SimpleNamespace) -> None:
    text = page(city.people["leader"]).content.decode()
    assert " style=" not in text
    assert "<script>" not in text


def test_a_missing_value_parts_the_line() -> None:
    assert year_glance.segments_of((0, 50, None, 100)) == ("2,22 32.6667,12", "94,2")


def test_a_large_year_takes_twelve_queries() -> None:
    """300 tasks with 60 offices each over 12 months is 216,000 forms; here a twentieth of the offices' forms, all rounds."""
    offices = [make.office(name=f"业务{number}处") for number in range(20)] + [
        make.county(name=f"县{number}") for number in range(5)
    ]
    plan = make_plan.published(large_plan(tasks=60, offices=offices[:20]), by=make.person("planner"))
    nodes = list(PlanNode.objects.filter(plan=plan, kind="action"))
    forms = []
    for month in range(1, 13):
        of = round_of(plan, f"2026-{month:02d}")
        forms += [
            CheckIn(round=of, node=node, organisation=office, part="lead", due_on=of.due_on, state="signed", percent=50)
            for node in nodes
            for office in offices
        ]
    CheckIn.objects.bulk_create(forms, batch_size=1000)
    leader = make.person("leader")
    client = Client()
    client.force_login(leader)
    client.get(reverse("briefings:cockpit"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("briefings:cockpit")).status_code == 200
    assert len([query for query in queries if not BRACKETS.match(query["sql"])]) <= 12


def test_every_count_of_who_must_act_leads_to_as_many_rows(
    city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forms of the week, to be signed, notices and issues of one office; what is asked and late of a county."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT.replace(year=2026, month=4, day=8))
    firms, turnover = make_plan.target(city.plan, "科技型中小企业"), make_plan.target(city.plan, "技术合同成交额")
    task = make_plan.node(city.plan, "培育科技企业")
    report(firms, "2026-03", city.gaoxin, state=CheckInState.OPEN)  # due on 3 April: late
    report(turnover, "2026-03", city.gaoxin, state=CheckInState.FILED)
    report(firms, "2026-04", city.gaoxin, state=CheckInState.OPEN)  # due on 3 May: not this week
    report(task, "2026-02", city.yunhu, part="support")
    report(task, "2026-03", city.yunhu, part="support", state=CheckInState.OPEN)
    for number, addressee, state in (
        (1, city.gaoxin, "issued"),
        (2, city.gaoxin, "closed"),
        (3, city.guihua, "issued"),
    ):
        SupervisionNotice.objects.create(
            year=2026, number=number, title="督办", demand="办", plan=city.plan, issuer=city.bureau, addressee=addressee,
            written_by=city.people["planner"], written_at=AT, issued_at=AT, due_on=date(2026, 4, 1), state=state,
        )  # fmt: skip
    leader = city.people["leader"]
    client = Client()
    client.force_login(leader)
    body = client.get(reverse("briefings:cockpit")).content.decode()
    links = re.findall(r'href="([^"]*(?:rounds/forms|supervision|issues)/\?[^"]*=\d+)">(\d+)</a>', body)
    assert len(links) >= 6
    counted = {unescape(href): int(count) for href, count in links}
    assert {href: client.get(href).context["ledger"].total for href in counted} == counted
