"""The glossary fixes one English word per official term; every word in its last column is a name in the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import keshu

pytestmark = pytest.mark.once

SOURCE = Path(keshu.__file__).parent
GLOSSARY = SOURCE.parents[1] / "docs" / "glossary.md"


def rows() -> list[tuple[str, str]]:
    """(official term, name in the code); a row may give several names."""
    found = []
    for line in GLOSSARY.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in ("中文", "---"):
            found += [(cells[0], name) for name in re.findall(r"`([^`]+)`", cells[2])]
    return found


CODE = "\n".join(path.read_text() for path in sorted(SOURCE.rglob("*.py")))


def test_the_glossary_is_read() -> None:
    assert ("工作要点", "WorkPlan") in rows()


@pytest.mark.parametrize(("term", "name"), rows(), ids=[name for _, name in rows()])
def test_every_word_is_used_in_the_code(term: str, name: str) -> None:
    owner, _, member = name.partition(".")
    assert re.search(rf"\b(?:class {owner}\b|{owner}\b\s*[:=])", CODE), f"{term}: nothing in the code is called {owner}"
    if member:
        body = re.search(rf"class {owner}\b.*?(?=\nclass |\Z)", CODE, re.S)
        assert body is not None
        assert re.search(rf"^\s+{member}\b\s*=", body[0], re.M), f"{term}: {owner} has no {member}"


def test_no_term_is_given_twice() -> None:
    names = [name for _, name in rows()]
    assert sorted({name for name in names if names.count(name) > 1}) == []
