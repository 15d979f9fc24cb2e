"""The ledger pages and the home page of a plan of eighty tasks, which is made once: questions asked, order, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import large_plan, make_plan
from tests.apps.plans.test_ledger_pages import get, text_of
from tests.factories import make

from keshu.apps.plans.models import OwnerMention, PlanNode, Responsibility, Target

pytestmark = pytest.mark.django_db

# Statements that a page makes, apart from the brackets of a transaction.
BRACKETS = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)")
MOST_QUERIES = 12


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Twelve offices, eighty tasks, each led by one office and supported by all; made once, outside the tests' transactions."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _large()
        transaction.set_rollback(True)


def _large() -> SimpleNamespace:
    site = make.site()
    offices = [make.office(name=f"第{number}综合业务处", short_name=f"综{number}处") for number in range(1, 13)]
    site.plan = make_plan.published(large_plan(tasks=80, offices=offices), by=site.people["planner"])
    site.office = offices[0]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server would of itself within a minute of so many new rows
    return site


def test_no_page_asks_more_than_twelve_times(large: SimpleNamespace) -> None:
    client = Client()
    client.force_login(large.people["planner"])
    target, task = large.plan.targets.first(), large.plan.nodes.filter(kind="action").first()
    lists = ("plan-list", "target-list", "task-tree", "task-list", "matrix", "office-list")
    addresses = [
        reverse("home"), *(reverse(f"plans:{name}") for name in lists),
        *(f"{reverse(f'plans:{name}')}?q=推进&plan={large.plan.pk}" for name in lists),
        *(reverse(f"plans:{name}", args=[large.plan.pk]) for name in ("plan-detail", "plan-drawer", "document")),
        reverse("plans:plan-detail", args=[large.plan.pk]) + "?tab=history",
        *(reverse(f"plans:{name}", args=[target.pk]) for name in ("target-detail", "target-drawer")),
        *(reverse(f"plans:{name}", args=[task.pk]) for name in ("task-detail", "task-drawer")),
        reverse("plans:office-detail", args=[large.office.pk]), reverse("plans:source", args=[f"target-{target.pk}"]),
    ]  # fmt: skip
    asked: dict[str, int] = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked[address] = sum(1 for query in queries if not BRACKETS.match(query["sql"]))
    assert {address: count for address, count in asked.items() if count > MOST_QUERIES} == {}


def test_every_list_reads_all_pages_in_one_order(large: SimpleNamespace) -> None:
    """Eighty targets on four pages of twenty: each is shown once."""
    user = large.people["clerk"]
    seen = [
        row.pk
        for number in range(1, 5)
        for row in get(user, reverse("plans:target-list"), sort="lead_names", page=number).context["ledger"].rows
    ]
    assert len(seen) == len(set(seen)) == 80


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], int]:
    """What each role was shown at each address already; two pages often lead to one ledger."""
    return {}


def rows_behind(client: Client, href: str) -> int:
    """How many rows the page at the address lists."""
    response = client.get(href)
    assert response.status_code == 200, href
    context = response.context
    if "ledger" in context:
        return context["ledger"].total
    if "tree" in context:
        return context["tree"].found
    if "shares" in context:
        return len(context["shares"])
    card, _, part = context["card"], *href.partition("#")[1:]
    return {
        "supports": card.support_count, "leads": card.lead_count, "due": card.due_soon_count, "targets": card.target_count,
    }[part]  # fmt: skip


@pytest.mark.parametrize("role", ["leader", "clerk", "county_clerk", "planner"])
@pytest.mark.parametrize("page", ["home", "plan", "offices"])
def test_every_number_leads_to_as_many_rows(
    large: SimpleNamespace, known: dict[tuple[str, str], int], role: str, page: str
) -> None:
    """Of a plan with targets due, overdue, without owner and with a stretch, each figure and bar agrees with its ledger."""
    nodes = list(large.plan.nodes.filter(kind="action").order_by("position")[:40])
    today = timezone.localdate()
    for number, node in enumerate(nodes):
        due_on = today + timedelta(days=number - 10)
        PlanNode.objects.filter(pk=node.pk).update(due_on=due_on)
        Target.objects.filter(node=node).update(due_on=due_on)
    Responsibility.objects.filter(node__in=nodes[:3]).delete()
    OwnerMention.objects.filter(node__in=nodes[:3]).delete()
    floor, stretch = Target.objects.filter(plan=large.plan).order_by("position")[5:7]
    Target.objects.filter(pk=stretch.pk).update(floor=floor, tier="stretch")
    Responsibility.objects.filter(node=nodes[20], role="lead").update(organisation=large.gaoxin)
    client = Client()
    client.force_login(large.people[role])
    url = {
        "home": reverse("home"), "plan": reverse("plans:plan-detail", args=[large.plan.pk]),
        "offices": reverse("plans:office-list"),
    }[page]  # fmt: skip
    text = text_of(client.get(url))
    links = re.findall(r'<a class="figure[^"]*" href="([^"]+)">.*?<span class="figure__value">(\d+)<', text, re.DOTALL)
    links += re.findall(r'<a class="bars__bar" href="([^"]+)".*?<span class="number">(\d+)<', text, re.DOTALL)
    links += re.findall(r'<a href="([^"]+)">[^<]+</a><span class="number">(\d+) 项<', text)
    links += re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a>', text)
    counted = {unescape(href): int(number) for href, number in links if not href.endswith("#due")}
    assert len(counted) >= 7
    for href in counted:
        if (role, href) not in known:
            known[role, href] = rows_behind(client, href)
    assert {href: known[role, href] for href in counted} == counted
    assert any("due=soon" in href and count for href, count in counted.items()) or page == "offices"


def test_a_branch_is_fetched_when_opened(large: SimpleNamespace) -> None:
    """The rows beneath one chapter, without the page around them."""
    user = large.people["clerk"]
    top = large.plan.nodes.get(kind="section")
    rows = get(user, reverse("plans:task-tree"), branch=top.pk)
    assert text_of(rows).count("<tr ") == 80
    assert "<html" not in text_of(rows)


def test_the_rest_of_an_office_follows_what_was_shown(large: SimpleNamespace) -> None:
    user, url = large.people["clerk"], reverse("plans:office-detail", args=[large.office.pk])
    card = get(user, url).context["card"]
    assert (card.lead_count + card.support_count, len(card.supports)) == (80, 30)
    rest = get(user, url, part="supports").context["items"]
    shown = [item.task.id for item in (*card.supports, *rest)]
    assert len(shown) == len(set(shown)) == card.support_count
    assert not get(user, url, part="targets").context["items"]
