"""The guide for bureau staff (docs/guide), turned into pages: chapters, their sections, their pictures.

The guide lies beside the source. Where the house was installed without its documents there is none, and no page links to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "guide"
PICTURES = FOLDER.parent / "images"
CONTENTS = "README"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level, and the anchor it has on its page."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document as a page: `html` is what follows its title. The contents have the empty name."""

    name: str
    title: str
    html: str
    sections: tuple[Section, ...]

    @property
    def href(self) -> str:
        return address(self.name)


@cache
def is_there(folder: Path = FOLDER) -> bool:
    """Whether the guide came with this installation."""
    return (folder / f"{CONTENTS}.md").is_file()


def address(name: str) -> str:
    """The page of a chapter; the empty name is the contents."""
    return reverse("help-chapter", args=[name]) if name else reverse("help")


def chapters(folder: Path = FOLDER) -> tuple[Chapter, ...]:
    """All chapters in the order in which the contents name them; the contents are not among them."""
    path = folder / f"{CONTENTS}.md"
    names = dict.fromkeys(re.findall(r"\]\((\w+)\.md\)", path.read_text(encoding="utf-8"))) if path.is_file() else {}
    return tuple(found for name in names if (found := chapter(name, folder)) is not None)


def chapter(name: str, folder: Path = FOLDER) -> Chapter | None:
    """The chapter of that name, the contents for the empty name; None where there is none."""
    path = folder / f"{name or CONTENTS}.md"
    if path.parent != folder or not path.is_file():
        return None
    return _chapter(name, path, path.stat().st_mtime_ns)


def picture(name: str, folder: Path = PICTURES) -> bytes | None:
    """A picture of the guide (.png), or None where there is none of that name."""
    path = folder / name
    return path.read_bytes() if path.parent == folder and path.suffix == ".png" and path.is_file() else None


def anchor(heading: str) -> str:
    """The anchor of a heading, as the links of the guide write it: lower case, blanks to hyphens, marks dropped."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@lru_cache(maxsize=64)
def _chapter(name: str, path: Path, _changed: int) -> Chapter:
    """Read again only when the file has changed. HTML in the text stays text."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    title, sections, body = "使用说明", [], []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[number + 1])
            token.attrs["id"] = anchor(words)
            if token.tag == "h2":
                sections.append(Section(words, anchor(words)))
        for inner in token.children or ():
            _lead_on(inner)
        body.append(token)
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, body = _plain(tokens[1]), tokens[3:]
    return Chapter(name, title, markdown.renderer.render(_framed(body), markdown.options, {}), tuple(sections))


def _plain(token: Token) -> str:
    return "".join(inner.content for inner in token.children or () if inner.type in ("text", "code_inline"))


def _lead_on(token: Token) -> None:
    """Links between documents lead to their pages, pictures to where they are served."""
    if token.type == "image":
        token.attrs = {**token.attrs, "src": reverse("help-picture", args=[Path(str(token.attrs["src"])).name])}
    if token.type == "link_open":
        target, mark, heading = str(token.attrs["href"]).partition("#")
        if re.fullmatch(r"\w+\.md", target):
            name = target.removesuffix(".md")
            target = address("" if name == CONTENTS else name)
        token.attrs["href"] = f"{target}{mark}{heading}"


def _framed(tokens: Sequence[Token]) -> list[Token]:
    """Tables look and scroll like the tables of all pages; alignment goes by class, for the pages allow no inline style."""
    framed: list[Token] = []
    for token in tokens:
        style = str(token.attrs.pop("style", ""))
        if "right" in style:
            token.attrSet("class", "num")
        if token.type == "table_open":
            token.attrSet("class", "table")
            framed.append(Token("div_open", "div", 1, attrs={"class": "table-scroll"}, block=True))
        framed.append(token)
        if token.type == "table_close":
            framed.append(Token("div_close", "div", -1, block=True))
    return framed
