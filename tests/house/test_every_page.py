"""Every address of the site, tried by everybody: nothing without sign-in, nothing breaks, nobody sees what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.house.world import FILL, PUBLIC, Sample, World, build

from keshu.apps.bureau.models import Role

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
# Parts of an address that say what is asked, and not of which row.
WAYS = ("name", "kind", "subject", "key", "index", "version")
# They see nothing of the ledgers: one row for each way of asking says as much as all of them, on one database.
OUTSIDERS = ("enterprise", "institute", "expert", "bank", "nobody")
EVERYBODY = [
    pytest.param(role, marks=[pytest.mark.once] if role in OUTSIDERS else [], id=role)
    for role in (*Role.values, "nobody")
]


@dataclass(frozen=True)
class Address:
    name: str
    has_parameters: bool


def _walk(patterns: list[Any], namespace: str = "", has_parameters: bool = False) -> Iterator[Address]:
    for pattern in patterns:
        has = has_parameters or bool(pattern.pattern.converters)
        if getattr(pattern, "namespace", None) == "api":
            continue  # programs' addresses open by a token alone: tests/house/test_api.py
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace, has
            )
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name}", has)


ADDRESSES = list(_walk(get_resolver().url_patterns))
PLAIN = [address.name for address in ADDRESSES if not address.has_parameters]
FILLED = [address.name for address in ADDRESSES if address.has_parameters]


@pytest.fixture
def world() -> World:
    return build()


def ask(client: Client, address: str, *, method: str = "GET", query: str = "") -> tuple[HttpResponseBase, str]:
    """The answer and its text; what a POST changed is taken back."""
    with transaction.atomic():
        response = client.post(address) if method == "POST" else client.get(address + query)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return response, body.decode("utf-8", "replace")


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.get(reverse("bureau:password"))  # the session is begun, so that no page pays for that
    session = client.session
    session["renewed"] += 24 * 3600  # nor, on a slow machine, for renewing it after some minutes
    session.save()
    return client


def may_see(user: Any, row: Model) -> bool:
    return type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists()  # type: ignore[attr-defined]


def leaks(text: str, user: Any, world: World) -> list[str]:
    """The words on the page that stand for rows this person may not see."""
    return [word for word, row in world.marked.items() if word in text and not may_see(user, row)]


def test_every_address_has_a_name() -> None:
    assert not [address for address in ADDRESSES if address.name.endswith("None")]


def test_every_address_with_parameters_says_how_to_fill_them() -> None:
    assert sorted(set(FILLED) - set(FILL)) == [], "enter these in tests/house/world.py, FILL"


def test_no_address_is_filled_that_is_not_there() -> None:
    assert sorted(set(FILL) - set(FILLED)) == []


def test_nothing_opens_without_signing_in(world: World, client: Client) -> None:
    open_to_all = []
    for name in PLAIN:
        if name not in PUBLIC:
            open_to_all += [name for method in ("GET", "POST") if not _is_sent_away(client, reverse(name), method)]
    for name in (set(FILLED) & set(FILL)) - PUBLIC:
        for sample in FILL[name](world):
            address = reverse(name, kwargs=sample.kwargs)
            open_to_all += [name for method in ("GET", "POST") if not _is_sent_away(client, address, method)]
    assert open_to_all == []


def _is_sent_away(client: Client, address: str, method: str) -> bool:
    response, _ = ask(client, address, method=method)
    return response.status_code == 302 and response["Location"].startswith(reverse("bureau:sign-in") + "?next=")


@pytest.mark.parametrize("role", EVERYBODY)
def test_pages_without_parameters_show_only_what_one_may_see(world: World, role: str) -> None:
    user, problems = world.people[role], []
    client = signed_in(user)
    for name in PLAIN:
        address = reverse(name)
        for query in ("", "?size=100", "?export=csv", "?export=print"):
            with CaptureQueriesContext(connection) as queries:
                response, text = ask(client, address, query=query)
            problems += _wrong(name, response, queries, is_page="export" not in query)
            problems += [f"{name}{query} shows {word}" for word in leaks(text, user, world)]
        response, text = ask(client, address, method="POST")
        problems += [f"POST {name}: {response.status_code}"] if response.status_code >= 500 else []
        problems += [f"POST {name} shows {word}" for word in leaks(text, user, world)]
    assert problems == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_rows_one_may_not_see_are_not_found(world: World, role: str) -> None:
    user, problems, tried = world.people[role], [], 0
    client = signed_in(user)
    for name in sorted(set(FILLED) & set(FILL)):
        for sample in _worth_trying(FILL[name](world), user, every_unseen=role not in OUTSIDERS):
            problems += _try(client, name, sample, user, world)
            tried += 1
    assert problems == []
    assert tried > 100


def _worth_trying(samples: list[Sample], user: Any, *, every_unseen: bool) -> list[Sample]:
    """Every row that is not for this person's eyes; of those that are, one for each way of asking."""
    found, seen = [], set()
    for sample in samples:
        if sample.row is not None and ((visible := may_see(user, sample.row)) or not every_unseen):
            ways = (value for key, value in sorted(sample.kwargs.items()) if key in WAYS)
            way = (visible, type(sample.row), *ways)
            if way in seen:
                continue
            seen.add(way)
        found.append(sample)
    return found


def _try(client: Client, name: str, sample: Sample, user: Any, world: World) -> list[str]:
    problems = []
    address = reverse(name, kwargs=sample.kwargs)
    visible = sample.row is None or may_see(user, sample.row)
    for method in ("GET", "POST"):
        with CaptureQueriesContext(connection) as queries:
            response, text = ask(client, address, method=method)
        what = f"{method} {address} ({name}, row {'seen' if visible else 'unseen'})"
        is_page = method == "GET" and not response.has_header("Content-Disposition")  # a workbook to take home is none
        problems += _wrong(what, response, queries, is_page=is_page)
        problems += [f"{what} shows {word}" for word in leaks(text, user, world)]
        if not visible and response.status_code not in (403, 404, 405):
            problems.append(f"{what} answered {response.status_code}")
    return problems


def _wrong(what: str, response: HttpResponseBase, queries: CaptureQueriesContext, *, is_page: bool) -> list[str]:
    problems = [f"{what}: {response.status_code}"] if response.status_code >= 500 else []
    asked = [
        q["sql"]
        for q in queries.captured_queries
        if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN"))
        and "bureau_trailhead" not in q["sql"]  # whoever takes something out holds and moves the head of the trail
    ]
    if is_page and response.status_code == 200 and len(asked) > MOST_QUERIES:
        problems.append(f"{what}: {len(asked)} queries")
    return problems


# What an auditor may post: for themselves alone, to read, or to have something read through.
AUDITOR_POSTS = {
    "bureau:sign-in": "signing in", "bureau:sign-out": "signing out", "year-choose": "the year they look at",
    "bureau:saved-view-create": "a view of their own", "plans:review-presence": "that they have the draft open",
    "bureau:trail-verify": "a job that only reads the trail", "bureau:notice-read": "their own inbox",
    "bureau:notice-read-all": "likewise", "bureau:notice-put-away": "likewise",
    "bureau:notice-settings": "how they want to be told", "bureau:second-factor": "their own sign-in",
    "bureau:second-factor-begin": "likewise", "bureau:token-list": "their own tokens", "bureau:token-revoke": "likewise",
    "bureau:feed-make": "their own calendar", "bureau:feed-revoke": "likewise",
    "plans:supervision-papers": "the ticked notices as Word",
    "plans:target-list": "the ticked rows as Excel", "plans:task-list": "likewise", "plans:plan-list": "likewise",
}  # fmt: skip


def test_an_auditor_changes_nothing(world: World) -> None:
    """Every address is posted to; none but those above says yes, and no row of the house but the trail is another."""
    client = signed_in(world.people["auditor"])
    samples = [(name, {}) for name in PLAIN]
    samples += [(name, sample.kwargs) for name in FILLED for sample in FILL[name](world)]
    before, problems = _all_rows(), []
    for name, kwargs in samples:
        if name in AUDITOR_POSTS:
            continue
        address = reverse(name, kwargs=kwargs)
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                response = client.post(address, _plausible())
            after = _all_rows() if _has_written(queries) else before
            transaction.set_rollback(True)
        if response.status_code < 300 or after != before:
            changed = [label for label in after if after[label] != before[label]]
            problems.append(f"POST {address} ({name}): {response.status_code}, {changed}")
    assert problems == []
    assert len(samples) > 150


# The last word of addresses that only bring a form for changing something.
FORMS = {
    "create", "edit", "close", "password", "switch", "end", "restore", "reorganise", "factor", "template", "workbook", "import",
    "move", "title", "section", "paragraph",
}  # fmt: skip


def test_an_auditor_reads_every_page(world: World) -> None:
    client, refused = signed_in(world.people["auditor"]), set()
    for name in PLAIN + FILLED:
        samples = FILL[name](world) if name in FILL else [Sample({}, None)]
        answers = {ask(client, reverse(name, kwargs=sample.kwargs))[0].status_code for sample in samples}
        if 403 in answers and name.rpartition("-")[2] not in FORMS:
            refused.add(name)
    assert refused == set()


def _plausible() -> dict[str, str]:
    """Fields that many forms have, filled as a person would."""
    return {
        "name": "改名", "short_name": "改名", "why": "试试", "text": "新写法", "reason": "试试", "version": "0",
        "username": "gaiming", "on": "2026-03-05", "until_on": "2027-03-05", "role": "clerk", "from_on": "2026-03-05",
        "rows": "target-1", "indicator": "指标", "heading": "标题", "op": ">=", "value": "1", "ledger": "bureau.people",
    }  # fmt: skip


def _has_written(queries: CaptureQueriesContext) -> bool:
    """Whether any row but the trail's may be another now; to read them all after every request takes long."""
    reading = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")
    trail = ("bureau_auditentry", "bureau_trailhead")
    written = [query["sql"] for query in queries.captured_queries if not query["sql"].startswith(reading)]
    return any(not any(table in sql for table in trail) for sql in written)


def _all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the house, but for the trail itself, which grows whoever reads or is refused."""
    apart = {"bureau.auditentry", "bureau.trailhead"}
    models = [model for model in apps.get_models() if model.__module__.startswith("keshu.")]
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values_list())
        for model in models
        if model._meta.label_lower not in apart
    }


def test_the_walk_would_notice_a_leak(world: World) -> None:
    """The county clerk may not see the other county's draft; the leader may."""
    assert leaks("…庚辛草稿…", world.people["county_clerk"], world) == ["庚辛草稿"]
    assert leaks("…庚辛草稿…", world.people["leader"], world) == []
    assert not may_see(world.people["enterprise"], world.site.other_enterprise)
