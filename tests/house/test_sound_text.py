"""No address breaks by a null character or half a character, wherever it comes in: PostgreSQL holds neither as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from tests.house.test_every_page import FILLED, PLAIN, signed_in
from tests.house.world import FILL, World, build

import keshu
from keshu.apps.bureau.models import OwnerAlias
from keshu.kernel.text import is_sound
from keshu.site.sound_text import sound_query

pytestmark = pytest.mark.django_db

SOURCE = Path(keshu.__file__).parent
NAME = re.compile(r'\b(?:GET|POST)(?:\.get|\.getlist|\[)\(?"(\w+)"|name="(\w+)"|Filter\(\s*"(\w+)"')
BAD = "甲\0乙"


def _names() -> list[str]:
    """Every name under which a page or a form sends something."""
    files = [*SOURCE.glob("**/*.py"), *SOURCE.glob("**/*.html")]
    found = {name for file in files for match in NAME.findall(file.read_text("utf-8")) for name in match if name}
    return sorted(found - {"export", "csrfmiddlewaretoken"})


NAMES = _names()


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is handed to the database and could not be held by PostgreSQL; SQLite would hold it."""
    problems: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        rows = params if many else [params or ()]
        values = [value for row in rows for value in (row.values() if isinstance(row, dict) else row)]
        problems.extend(
            f"{value!r} in {sql[:80]}" for value in values if isinstance(value, str) and not is_sound(value)
        )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield problems


@pytest.fixture
def world() -> World:
    return build()


def test_there_are_names_to_try() -> None:
    assert len(NAMES) > 60
    assert {"q", "why", "plan", "name", "next", "file", "columns", "sort", "username", "password"} <= set(NAMES)


@pytest.mark.parametrize("role", ["planner", "operator"])
def test_a_null_character_breaks_no_address(world: World, role: str) -> None:
    client, problems = signed_in(world.people[role]), []
    samples = [(name, {}) for name in PLAIN]
    samples += [(name, sample.kwargs) for name in FILLED for sample in FILL[name](world)[:2]]
    sent = dict.fromkeys(NAMES, BAD)
    for name, kwargs in samples:
        address = reverse(name, kwargs=kwargs)
        file = SimpleUploadedFile(f"{BAD}.txt", "一、\0".encode())
        for method, data in (("GET", sent), ("POST", sent), ("POST", {**sent, "file": file})):
            with transaction.atomic(), watched() as unsound:
                response = client.get(address, data) if method == "GET" else client.post(address, data)
                if response.streaming:
                    list(response.streaming_content)  # type: ignore[call-overload]
                transaction.set_rollback(True)
            problems += [f"{method} {name}: {response.status_code}"] if response.status_code >= 500 else []
            problems += [f"{method} {name}: {each}" for each in unsound]
    assert problems == []
    assert len(samples) > 120


def test_nor_one_in_the_path_a_cookie_or_a_body_that_is_no_form(world: World) -> None:
    client = signed_in(world.people["planner"])
    assert client.get("/exchange/%00/import/").status_code == 400
    client.cookies["keshu_split"] = "7\0"
    assert client.get(reverse("home")).status_code == 200
    stranger = Client(raise_request_exception=False)
    stranger.cookies["sessionid"] = "abcdefgh\0ijkl"
    with watched() as unsound:
        assert stranger.get(reverse("home")).status_code == 302
    assert unsound == []
    odd = client.post(reverse("bureau:alias-create"), b'{"text": "\\u0000\\ud800"}', content_type="application/json")
    assert odd.status_code < 500


def test_strangers_cannot_break_the_sign_in(client: Client, db: None) -> None:
    with watched() as unsound:
        answer = client.post(reverse("bureau:sign-in"), {"username": BAD, "password": BAD, "next": BAD})
    assert (answer.status_code, unsound) == (200, [])


def test_half_a_character_becomes_a_question_mark_and_all_else_stays() -> None:
    """A charset in the content type can make surrogates of plain letters."""
    sent = RequestFactory().get("/", {"q": "a", "r": "二"}, CONTENT_TYPE="text/plain; charset=unicode_escape")
    assert sound_query(sent.GET)["q"] == "a"
    made = RequestFactory().get("/?q=%5Cud800x&q=b&n%00=1").GET.copy()
    made.setlist("q", ["\ud800x", "b"])
    clean = sound_query(made)
    assert (clean.getlist("q"), clean["n"]) == (["?x", "b"], "1")


def test_what_a_form_brings_is_kept_without_it(world: World) -> None:
    client = signed_in(world.people["planner"])
    data = {"text": "外专\0办", "organisation": world.site.gaoxin.pk}
    assert client.post(reverse("bureau:alias-create"), data).status_code == 302
    assert OwnerAlias.objects.filter(text="外专办").exists()
    boundary = "keshu-boundary"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in
             {**data, "text": r"科专\ud800办"}.items()]  # fmt: skip
    body = ("\r\n".join(parts) + f"\r\n--{boundary}--\r\n").encode("unicode_escape").replace(rb"\r\n", b"\r\n")
    kind = f"multipart/form-data; boundary={boundary}; charset=unicode_escape"
    with watched() as unsound:
        assert client.post(reverse("bureau:alias-create"), body, content_type=kind).status_code < 500
    assert unsound == []
