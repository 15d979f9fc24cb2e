"""The guide on the site: every chapter as a page, links and pictures that lead somewhere, nothing but the guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make

from keshu.site import guide


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def test_a_chapter_is_a_page_with_its_links_and_pictures_led_on(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        README="# 说明\n[甲](first.md)\n",
        first="# 甲\n\n## 第一 节、细则\n\n见[乙](second.md#某节)和[目录](README.md)。\n\n![图](../images/a.png)\n",
    )
    page = guide.chapter("first", folder)
    assert page is not None
    assert (page.title, [(s.title, s.anchor) for s in page.sections]) == ("甲", [("第一 节、细则", "第一-节细则")])
    assert '<h2 id="第一-节细则">第一 节、细则</h2>' in page.html
    assert '<a href="/help/second/#%E6%9F%90%E8%8A%82">乙</a>' in page.html
    assert '<a href="/help/">目录</a>' in page.html
    assert 'src="/help/images/a.png"' in page.html
    assert "<h1" not in page.html


def test_html_in_the_guide_stays_text_and_tables_carry_no_style(tmp_path: Path) -> None:
    folder = written(tmp_path, first="# 甲\n\n<script>x</script>\n\n| 数 |\n| ---: |\n| 1 |\n")
    page = guide.chapter("first", folder)
    assert page is not None
    assert "&lt;script&gt;" in page.html
    assert "<script" not in page.html
    assert "style=" not in page.html
    assert '<td class="num">1</td>' in page.html


@pytest.mark.parametrize("name", ["second", "../secret", "sub/first"])
def test_only_chapters_of_the_guide_are_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "guide"
    (folder / "sub").mkdir(parents=True)
    written(tmp_path, secret="# 不外传")
    written(folder / "sub", first="# 深处")
    assert guide.chapter(name, folder) is None


def test_only_pictures_are_served(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    (tmp_path / "a.txt").write_text("text")
    assert guide.picture("a.png", tmp_path) == b"png"
    assert guide.picture("a.txt", tmp_path) is None
    assert guide.picture("../a.png", tmp_path / "sub") is None


def test_without_documents_there_is_no_guide(tmp_path: Path) -> None:
    assert not guide.is_there(tmp_path)
    assert guide.chapters(tmp_path) == ()
    assert guide.is_there()


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def reader(self, client: Client) -> Client:
        client.force_login(make.person("clerk"))
        return client

    def test_every_chapter_opens_and_every_link_in_it_too(self, reader: Client) -> None:
        pages = {"": "/help/"} | {chapter.name: chapter.href for chapter in guide.chapters()}
        assert {"import", "review", "ledgers"} <= set(pages)
        linked = set()
        for address in pages.values():
            response = reader.get(address)
            assert response.status_code == 200, address
            linked |= set(re.findall(r'(?:href|src)="(/help/[^"#]+)', response.content.decode()))
        assert {address for address in linked if reader.get(address).status_code != 200} == set()

    def test_pictures_have_their_type(self, reader: Client) -> None:
        response = reader.get(reverse("help-picture", args=["review.png"]))
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert response.content.startswith(b"\x89PNG")

    def test_what_is_no_chapter_is_not_found(self, reader: Client) -> None:
        assert reader.get("/help/nowhere/").status_code == 404
        assert reader.get("/help/images/nowhere.png").status_code == 404

    def test_help_is_in_the_menu_and_in_empty_pages(self, reader: Client) -> None:
        page = reader.get(reverse("plans:target-list")).content.decode()
        assert 'href="/help/"' in page
        assert 'href="/help/import/"' in page

    def test_links_are_left_out_without_documents(self, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guide, "is_there", lambda: False)
        assert "/help/" not in reader.get(reverse("plans:target-list")).content.decode()
