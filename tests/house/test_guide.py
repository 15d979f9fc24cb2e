"""The user guide says what the pages say: every place has its section, every link leads somewhere, every button exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import keshu
from keshu.site.navigation import AREAS

pytestmark = pytest.mark.once

SOURCE = Path(keshu.__file__).parent
ROOT = SOURCE.parents[1]
GUIDE = ROOT / "docs" / "guide"
CHAPTERS = sorted(GUIDE.glob("*.md"))
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
PLACES = [place.label for area in AREAS for place in area.places]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
BUTTON = re.compile(r"【([^】]+)】")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
QUOTED = re.compile(r'"([^"]+)"')
TAG = re.compile(r"\{[%#].*?[%#]\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)


def prose(path: Path) -> str:
    """A document without its code."""
    return CODE.sub("", FENCE.sub("", path.read_text()))


def headings(path: Path) -> list[str]:
    return HEADING.findall(FENCE.sub("", path.read_text()))


def anchor(heading: str) -> str:
    """The anchor that a heading gets on the page: lower case, blanks to hyphens, punctuation dropped."""
    kept = re.sub(r"[^\w\- ]", "", CODE.sub(lambda code: code.group().strip("`"), heading).lower())
    return kept.replace(" ", "-")


def problem_of(target: str, *, document: Path) -> str:
    """What is wrong with a link of a document, or nothing."""
    if "://" in target or target.startswith("mailto:"):
        return ""
    name, _, wanted = target.partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.exists():
        return f"no file {name}"
    if wanted and wanted not in {anchor(heading) for heading in headings(path)}:
        return f"no heading #{wanted} in {path.name}"
    return ""


@cache
def words_on_screen() -> frozenset[str]:
    """Every run of words in a template, and every string of the code behind the pages."""
    found: set[str] = set()
    for path in SOURCE.rglob("templates/**/*.html"):
        page = path.read_text()
        found |= {chunk.strip() for chunk in TAG.sub("\0", page).split("\0")}
        found |= {words for tag in TAG.findall(page) for words in QUOTED.findall(tag)}
    rooms = ("apps/**/*.py", "site/**/*.py", "engines/plandoc/reading/*.py")
    for path in [path for room in rooms for path in SOURCE.glob(room)]:
        found |= set(strings_of(ast.parse(path.read_text())))
    return frozenset(found)


def strings_of(tree: ast.AST) -> list[str]:
    """String literals; of an f-string the fixed parts in one."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
    return found


def skeleton(sentence: str) -> str:
    """A sentence without what varies in it: quoted names, numbers and blanks."""
    return re.sub(r"“[^”]*”|[\d\s]", "", sentence)


@cache
def skeletons() -> str:
    scripts = "\0".join(path.read_text() for path in SOURCE.rglob("static/**/*.js"))
    return "\0".join(skeleton(words) for words in words_on_screen()) + "\0" + skeleton(scripts)


def messages_explained() -> list[str]:
    """The first column of the tables of words a page says (页面提示) in the chapter of common questions."""
    tables = re.findall(
        r"^\| 页面提示 .*\n\|[ |-]+\n((?:\|.*\n?)+)", (GUIDE / "questions.md").read_text(), re.MULTILINE
    )
    return [row.split("|")[1].strip() for table in tables for row in table.splitlines()]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_its_section(place: str) -> None:
    titles = [heading for chapter in CHAPTERS for heading in headings(chapter)]
    assert any(place in title for title in titles), f"no heading of docs/guide speaks of {place}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    problems = {link: problem_of(link, document=document) for link in LINK.findall(prose(document))}
    assert not {link: problem for link, problem in problems.items() if problem}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_button_is_on_a_page(chapter: Path) -> None:
    unknown = set(BUTTON.findall(prose(chapter))) - words_on_screen()
    assert not unknown, f"no template has these: {'、'.join(sorted(unknown))}"


@pytest.mark.parametrize("message", messages_explained())
def test_every_message_explained_is_said_somewhere(message: str) -> None:
    assert skeleton(message) in skeletons()


def test_contents_lists_every_chapter() -> None:
    listed = {link.partition("#")[0] for link in LINK.findall((GUIDE / "README.md").read_text())}
    assert {path.name for path in CHAPTERS} - {"README.md"} <= listed


def test_pictures_are_used_and_small() -> None:
    used = {
        Path(link).name
        for document in DOCUMENTS
        for link in LINK.findall(document.read_text())
        if link.endswith(".png")
    }
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").glob("*.png")}
    assert set(pictures) == used
    assert not {name for name, size in pictures.items() if size > 250_000}
