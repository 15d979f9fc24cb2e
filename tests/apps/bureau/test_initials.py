"""Names found by the first letters of their pinyin."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.factories import make

from keshu.apps.bureau.queries.initials import initials_pattern


@pytest.mark.parametrize(
    ("word", "name"),
    [("gxc", "高新处"), ("GXC", "市科技局高新处"), ("kjj", "云澜市科技局"), ("cq", "重庆"), ("zy", "重要"), ("yh", "银行"),
     ("xz", "行政")],
)  # fmt: skip
def test_letters_find_characters_of_every_reading(word: str, name: str) -> None:
    assert re.search(initials_pattern(word), name)


@pytest.mark.parametrize("word", ["g", "高新", "g1", "abcdefghijklm", "", "iu"])
def test_other_words_are_left_alone(word: str) -> None:
    assert initials_pattern(word) == ""


def test_a_name_of_other_readings_is_not_found() -> None:
    assert not re.search(initials_pattern("gxc"), "成果处")


@pytest.mark.django_db
def test_the_search_box_finds_offices_and_people_by_letters(client: Client) -> None:
    site = make.site()
    client.force_login(site.people["planner"])
    found = client.get("/search/live/", {"q": "gxc"}).content.decode()
    assert "高新技术处" in found
    make.person("clerk", site.gaoxin, name="欧阳海棠")
    assert "欧阳海棠" in client.get("/search/live/", {"q": "oyht"}).content.decode()
    assert "欧阳海棠" not in client.get("/search/live/", {"q": "oyhz"}).content.decode()
