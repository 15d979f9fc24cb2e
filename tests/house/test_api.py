"""Every operation of the API, tried by everybody: nothing without a token, nothing breaks, nobody reads what is not theirs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.house.test_every_page import leaks, may_see
from tests.house.world import World, build
from tests.programs import Program

import keshu
from keshu.apps.bureau.models import Role
from keshu.site.api_schema import document

pytestmark = pytest.mark.django_db

DOCS = Path(keshu.__file__).parents[2] / "docs" / "api.md"
MOST_QUERIES = 18
# A list asks for as many as its page, and for who asks, how often, and in which offices.
MOST_LIST_QUERIES = 12

OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (method.upper(), path): operation
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
}
# Which rows of the world to try an address with.
ROWS = {
    "organisations": "organisation", "plans": "plan", "targets": "target", "tasks": "node", "checkins": "checkin",
    "supervision": "supervision", "issues": "issue", "bulletins": "bulletin", "fact-checks": "fact_check",
    "files": "attachment",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "checkin-save": {"version": 0, "progress": "试试"},
    "checkin-file": {"version": 0, "progress": "试试"},
    "checkin-return": {"why": "试试"},
    "supervision-reply": {"text": "试试"},
    "issue-raise": {"title": "试试", "raised_for": 1},
    "issue-fulfil": {"text": "试试"},
    "issue-confirm": {"text": ""},
    "issue-refuse": {"why": "试试"},
    "bulletin-submit": {"version": 0},
    "bulletin-return": {"why": "试试"},
    "bulletin-release": {"version": 0},
    "bulletin-withdraw": {"why": "试试"},
    "fact-check-create": {"text": "试试", "year": 1999},
}
# Outside government all are treated alike.
WALKERS = [role for role in (*Role.values, "nobody") if role not in ("institute", "expert", "bank")]
READS = [path for method, path in OPERATIONS if method == "GET"]
LISTS = [path for path in READS if "{" not in path]


@pytest.fixture
def world() -> World:
    return build()


def rows_of(world: World, path: str) -> list[Model]:
    return world.rows[ROWS[path.split("/")[3]]]


def filled(path: str, pk: int | str) -> str:
    return path.removeprefix("/api/v1").replace("{pk}", str(pk))


def ask(program: Program, method: str, path: str, body: Any = None) -> Any:
    with transaction.atomic():
        response = program.get(path) if method == "GET" else program.post(path, body)
        transaction.set_rollback(True)
    return response


def test_every_operation_has_a_heading() -> None:
    headings = set(re.findall(r"^### `(\w+) ([^`]+)`", DOCS.read_text(), re.M))
    assert headings == set(OPERATIONS), "each operation has its heading in docs/api.md, and no heading is left over"


def test_every_operation_is_described_in_both_languages() -> None:
    for (method, path), operation in OPERATIONS.items():
        chinese, english, scope = operation["description"].split("\n\n")
        assert re.search("[\u4e00-\u9fff]", operation["summary"] + chinese), path
        assert re.fullmatch(r"[ -~]+", english), path
        assert operation["x-token-scope"] in scope
        assert set(operation["responses"]) >= {"401", "403", "404", "422", "429"}, (method, path)


def test_every_body_is_known_here() -> None:
    with_body = {each["operationId"] for each in OPERATIONS.values() if "requestBody" in each}
    assert with_body == set(BODIES)


def test_nothing_is_read_without_a_token(world: World) -> None:
    """Neither by nobody nor by a browser that has signed in."""
    browser = Client(raise_request_exception=False)
    browser.force_login(world.people["leader"])
    for client in (Client(raise_request_exception=False), browser):
        for method, path in OPERATIONS:
            response = client.generic(method, f"/api/v1{filled(path, 1)}")
            assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json"), path
            assert "令牌" in response.json()["detail"]


def test_a_token_opens_only_what_it_was_given(world: World) -> None:
    for (method, path), operation in OPERATIONS.items():
        area, _, verb = operation["x-token-scope"].partition(":")
        others = [each for each in settings_scopes() if each.partition(":")[0] != area]
        lesser = [f"{area}:read"] if verb == "write" else []
        response = ask(Program(world.people["leader"], *others, *lesser), method, filled(path, 1))
        assert (response.status_code, operation["x-token-scope"] in response.json()["detail"]) == (403, True), path


def settings_scopes() -> list[str]:
    return sorted({each["x-token-scope"] for each in OPERATIONS.values()})


def test_each_reads_and_changes_what_is_theirs_alone(world: World) -> None:
    """One world for all: every answer is taken back."""
    for role in WALKERS:
        problems, seen = walked(world, role)
        assert problems == [], role
        assert seen or role in ("enterprise", "nobody")


def walked(world: World, role: str) -> tuple[list[str], int]:
    """Every operation with every row: what is wrong, and how many said yes."""
    user, problems, seen = world.people[role], list[str](), 0
    program = Program(user)
    for (method, path), operation in OPERATIONS.items():
        for row in rows_of(world, path) if "{pk}" in path else [None]:
            with CaptureQueriesContext(connection) as queries:
                response = ask(
                    program, method, filled(path, getattr(row, "pk", "")), BODIES.get(operation["operationId"])
                )
            what = f"{method} {path} of {row}"
            text = response.content.decode(errors="replace")  # some are files
            problems += [f"{what} shows {word}" for word in leaks(text, user, world)]
            problems += (
                [f"{what}: {response.status_code}"] if str(response.status_code) not in operation["responses"] else []
            )
            if row is not None and not may_see(user, row) and response.status_code not in (403, 404):
                problems.append(f"{what} unseen: {response.status_code}")
            if row is not None and method == "GET" and may_see(user, row) and response.status_code not in (200, 403):
                problems.append(f"{what} seen: {response.status_code}")
            most = MOST_LIST_QUERIES if path in LISTS else MOST_QUERIES
            asked = [each for each in queries.captured_queries if "SAVEPOINT" not in each["sql"]]
            if method == "GET" and response.status_code == 200 and len(asked) > most:
                problems.append(f"{what}: {len(asked)} queries")
            seen += response.status_code in (200, 201)
    return problems, seen


def test_lists_hold_what_one_may_see_and_nothing_else(world: World) -> None:
    for role in ("leader", "county_clerk", "clerk", "auditor"):
        program, user = Program(world.people[role]), world.people[role]
        for path, kind in (
            ("/plans", "plan"),
            ("/supervision", "supervision"),
            ("/issues", "issue"),
            ("/checkins", "checkin"),
            ("/bulletins", "bulletin"),
            ("/fact-checks", "fact_check"),
        ):
            listed = {row["id"] for row in program.get(path, {"limit": 200}).json()["rows"]}
            for row in world.rows[kind]:
                assert (row.pk in listed) == may_see(user, row), (role, path, row)


def test_an_auditor_only_reads(world: World) -> None:
    auditor = world.people["auditor"]
    program = Program(auditor)
    for (method, path), operation in OPERATIONS.items():
        if method == "POST":
            for row in rows_of(world, path):
                response = ask(program, method, filled(path, row.pk), BODIES.get(operation["operationId"]))
                refusals = (403, 422) if may_see(auditor, row) else (403, 404, 422)
                assert response.status_code in refusals, (path, response.content)


def test_the_rate_is_a_setting() -> None:
    assert settings.API_RATE == 120
